"""Reads of bodies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from guatu.core import clock
from guatu.core.errors import Fault, NotFound
from guatu.core.ids import is_id
from guatu.ledger.bodies.models import Body, BodyMember
from guatu.ledger.bodies.types import BodyKind, BodyState
from guatu.organisation.queries import organisation_names


@dataclass(slots=True)
class BodyRow:
    """A body with its unit's name and how many members it has."""

    body: Body
    unit: str
    members: int
    day: date

    @property
    def kind(self) -> str:
        """Its kind in Chinese."""
        return BodyKind(self.body.kind).label

    @property
    def state(self) -> str:
        """How it stands today."""
        return self.body.state_on(self.day).label


def body_rows() -> list[BodyRow]:
    """All bodies, the living first, by day of founding."""
    names, today = organisation_names().official, clock.today()
    count = Count("members", filter=Q(members__ended_on__isnull=True))
    rows = Body.objects.annotate(held=count).order_by("ended_on", "from_on", "pk")
    found = [BodyRow(one, names.get(one.organisation_id or 0, ""), one.held, today) for one in rows]
    return sorted(found, key=lambda row: row.body.ended_on is not None)


def living(rows: list[BodyRow]) -> tuple[int, int]:
    """How many bodies live, and how many of them are past their term (M-A12)."""
    states = [row.body.state_on(row.day) for row in rows]
    overdue = states.count(BodyState.OVERDUE)
    return states.count(BodyState.LIVING) + overdue, overdue


def get_body(pk: int) -> Body:
    """One body, or NotFound."""
    rows = Body.objects.select_related("organisation")
    found = rows.filter(pk=pk).first() if is_id(pk) else None
    if found is None:
        raise NotFound(Fault("unknown-body", "没有这个机构", "请从列表进入"))
    return found


def get_member(body: Body, pk: int) -> BodyMember:
    """One member of a body, or NotFound."""
    found = body.members.select_related("person").filter(pk=pk).first() if is_id(pk) else None
    if found is None:
        raise NotFound(Fault("unknown-member", "没有这个成员", "请刷新页面"))
    return found
