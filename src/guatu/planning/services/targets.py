"""Targets of bodies: set, changed and taken back, each with its paper (M-B9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from guatu.core.errors import BadInput, Fault
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger import access as ledger
from guatu.organisation.access import require
from guatu.organisation.models import Organisation, Region
from guatu.organisation.queries import lock_root
from guatu.organisation.types import Right
from guatu.planning.models import Target
from guatu.planning.types import PlanKind, TargetIndicator, TargetSubject

WHOLE = 10_000
"""A rate is kept in ten-thousandths: 75 % is 7,500."""


@dataclass(frozen=True, slots=True)
class SetTarget:
    """What a body is to reach by a day; `amount` in the indicator's unit, None takes it back."""

    subject: TargetSubject
    body_id: int | None
    indicator: TargetIndicator
    kind: PlanKind
    due_on: date
    amount: int | None
    basis: str


def set_target(actor: Actor, list_id: int, command: SetTarget) -> Target:
    """Set a target, or another version of it; BadInput with everything that is wrong."""
    listing = ledger.get_list(actor, list_id)
    require(actor, Right.EDIT_PROJECTS)
    faults = _faults(command, listing.year)
    if faults:
        raise BadInput(*faults)
    subject = command.subject
    target = Target(
        list=listing,
        subject=subject,
        region_id=command.body_id if subject is TargetSubject.REGION else None,
        organisation_id=command.body_id if subject is TargetSubject.ORGANISATION else None,
        indicator=command.indicator,
        kind=command.kind,
        due_on=command.due_on,
        amount=command.amount,
        basis=command.basis.strip(),
    )
    with transaction.atomic():
        lock_root()
        rows = Target.objects.filter(
            list=listing,
            subject=subject,
            indicator=command.indicator,
            kind=command.kind,
            due_on=command.due_on,
        ).order_by("-target_version")
        held = next((row for row in rows if row.body_id == target.body_id), None)
        if (held.amount if held else None) == command.amount:
            raise BadInput(Fault("nothing-to-change", "现在就是这样", "不必再改"))
        target.target_version = held.target_version + 1 if held else 1
        with journal.act(actor, "target.set") as act:
            target.by, target.at = act.actor.text, act.at
            act.write(target)
    return target


def _faults(command: SetTarget, year: int) -> list[Fault]:
    faults = []
    if not command.basis.strip():
        faults.append(Fault("no-basis", "没有写依据", "请写文件名称和文号，或写明哪次会议"))
    if command.due_on.year != year:
        faults.append(Fault("other-year", f"期限不在{year}年", "请核对日期"))
    if command.subject is not TargetSubject.TOTAL and command.body_id is None:
        faults.append(Fault("no-body", "没有选地区或单位", "请选一个"))
    elif command.amount is not None and _has_ended(command):
        faults.append(Fault("body-ended", "所选的地区或单位已撤并", "请选承接的地区或单位"))
    if command.amount is not None and command.amount <= 0:
        faults.append(Fault("target-below-zero", "目标须大于0", "撤回目标请留空"))
    return faults


def _has_ended(command: SetTarget) -> bool:
    """Whether the body is there no more: it is given no target; an old one is taken back."""
    if command.subject is TargetSubject.TOTAL or command.body_id is None:
        return False
    bodies = Region if command.subject is TargetSubject.REGION else Organisation
    return not bodies.objects.filter(pk=command.body_id, ended_on__isnull=True).exists()
