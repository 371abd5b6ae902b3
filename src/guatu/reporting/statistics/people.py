"""The list of statisticians, and the forms that name and end them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.core import clock
from guatu.organisation import listed
from guatu.organisation import queries as organisation
from guatu.reporting.statistics.forms import EndForm, StatisticianForm
from guatu.reporting.statistics.models import Statistician
from guatu.ui.rosters import Choice, Roster
from guatu.ui.tables import Column

_STATES = [("now", "在任"), ("later", "待任"), ("over", "已卸任")]


@dataclass(frozen=True, slots=True)
class Row:
    """A statistician with the unit's name of today."""

    person: Statistician
    unit: str

    @property
    def state(self) -> str:
        """Whether the term runs today."""
        return state_on(self.person, clock.today())


def state_on(person: Statistician, day: date) -> str:
    """`now`, `later` or `over`."""
    if person.valid_from > day:
        return "later"
    return "over" if person.valid_to is not None and person.valid_to < day else "now"


def roster(query: QueryDict) -> Roster[Row]:
    """Everybody who was or is a statistician, with filters and export."""
    rows = list(Statistician.objects.order_by("organisation_id", "-valid_from", "-pk"))
    names = organisation.names_of_organisations(one.organisation_id for one in rows)
    return Roster(
        "统计员",
        [
            Column("unit", "单位", lambda r: r.unit, "wide", True),
            Column("name", "姓名", lambda r: r.person.name, "tight", True),
            Column("phone", "办公电话", lambda r: r.person.phone, "tight"),
            Column("from", "起始", lambda r: r.person.valid_from, "date", True),
            Column("to", "止于", lambda r: r.person.valid_to, "date", True),
            Column("state", "情况", lambda r: dict(_STATES)[r.state], "tight", True),
            Column("acts", "办理", _acts, "tight no-print"),
        ],
        [Row(one, names.get(one.organisation_id, "")) for one in rows],
        lambda r: f"{r.unit}\n{r.person.name}",
        [Choice("state", "情况", _STATES, lambda r: r.state)],
        search_label="单位或姓名",
        empty="还没有统计员",
        empty_next="点“登记统计员”，每个填报单位一名",
        query=query,
    )


def _acts(row: Row) -> SafeString | str:
    if row.state == "over":
        return ""
    address = reverse("statistician-end", args=[row.person.pk])
    return format_html('<a href="{}">卸任</a>', address)


def statistician_form(data: Any = None) -> StatisticianForm:
    """The form that names a statistician; units come from the tree."""
    return StatisticianForm(
        data, initial={"valid_from": clock.today()}, options={"organisation": listed.unit_choices()}
    )


def end_form(person: Statistician, data: Any = None) -> EndForm:
    """The form that ends a term."""
    return EndForm(data, initial={"until": clock.today(), "version": person.version})
