"""The contexts of units' applications and departments' opinions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.core import clock
from guatu.core.yuan import UNITS, wan_words
from guatu.ledger.making import queries, rules
from guatu.ledger.making.access import Maker, asked_of
from guatu.ledger.making.models import Application, ListCall, Opinion
from guatu.ledger.making.types import ApplicationState, CallState, Decision, Readiness, Stance
from guatu.ledger.presenters.project import fields_of
from guatu.organisation import queries as organisation
from guatu.ui.rosters import Choice, Roster
from guatu.ui.tables import Column
from guatu.ui.templatetags.guatu import money

UNIT = "万元"


@dataclass(slots=True)
class OwnRow:
    """An application as its unit, or a department, sees it in a list."""

    one: Application
    unit: str
    stance: str = ""


def own_roster(who: Maker, query: QueryDict) -> Roster[OwnRow]:
    """The applications of the units that somebody applies for, newest first."""
    rows = Application.objects.filter(organisation_id__in=who.applying).select_related("call")
    units = organisation.names_of_organisations(who.applying)
    found = [OwnRow(one, units.get(one.organisation_id, "")) for one in rows.order_by("-pk")]
    return Roster(
        "申报",
        own_columns(),
        found,
        lambda r: f"{r.one.name}\n{r.one.national_code}",
        [
            Choice("call", "清单", _calls(found), lambda r: str(r.one.call_id)),
            Choice("state", "状态", ApplicationState.choices, lambda r: r.one.state),
        ],
        search_label="名称或代码",
        empty="还没有申报",
        empty_next="申报通知发出后，从上面选清单申报项目",
        query=query,
    )


def _calls(rows: Sequence[OwnRow]) -> list[tuple[str, str]]:
    return list({str(row.one.call_id): str(row.one.call) for row in rows}.items())


def own_columns() -> list[Column[OwnRow]]:
    """What a unit's list and its export show."""
    return [
        Column("name", "项目名称", _link, "wide", is_sortable=True, value=lambda r: r.one.name),
        Column("call", "清单", lambda r: str(r.one.call), "tight"),
        Column("unit", "申报单位", lambda r: r.unit, "tight"),
        money_column("total", "总投资", lambda r: r.one.total_yuan, is_sortable=True),
        money_column("plan", "年度计划", lambda r: r.one.plan_yuan, is_sortable=True),
        Column("missing", "还缺", lambda r: "、".join(rules.missing(queries.words_of(r.one)))),
        Column("state", "状态", lambda r: r.one.get_state_display(), "tight", is_sortable=True),
        Column("why", "退回或撤回原因", lambda r: r.one.state_reason),
    ]


def money_column(
    key: str, label: str, of: Callable[[Any], int | None], *, is_sortable: bool = False
) -> Column[Any]:
    """An amount in 万元, in the export as a number."""

    def exported(row: Any) -> float | None:
        yuan = of(row)
        return None if yuan is None else yuan / UNITS[UNIT]

    return Column(
        key, f"{label}（{UNIT}）", lambda row: money(of(row), UNIT), "num",
        is_sortable=is_sortable, value=exported,
    )  # fmt: skip


def _link(row: OwnRow) -> SafeString:
    return format_html(
        '<a href="{}">{}</a>', reverse("application", args=[row.one.pk]), row.one.name
    )


def applications_page(who: Maker, query: QueryDict) -> dict[str, Any]:
    """A unit's applications, and the calls that it may apply to now."""
    today = clock.today()
    calls = ListCall.objects.filter(
        state=CallState.OPEN, opens_on__lte=today, closes_on__gte=today
    ).order_by("closes_on", "pk")
    roster = own_roster(who, query)
    return roster.page() | {
        "calls": list(calls) if who.applying else [],
        "returned": [
            row for row in roster.rows if row.one.state == ApplicationState.RETURNED
        ],
    }  # fmt: skip


def application_page(
    one: Application, who: Maker, form: forms.Form | None, withdraw: forms.Form
) -> dict[str, Any]:
    """One application: its form for the unit while it may be changed, else its words; what the
    office and the departments know of it, each as far as he may."""
    heard = queries.heard_of([one.pk]).get(one.pk, queries.Heard())
    names = organisation.organisation_names().official
    own = [
        opinion
        for opinion in heard.history
        if who.is_office or opinion.organisation_id in who.speaking
    ]
    waits = [pk for pk in heard.asked if pk not in heard.said]
    return {
        "one": one,
        "form": form,
        "fields": fields_of(form) if form else [],
        "withdraw": withdraw,
        "facts": [] if form else facts_of(one, names),
        "missing": rules.missing(queries.words_of(one)),
        "state": ApplicationState(one.state).label,
        "decision": Decision(one.decision).label if one.decision else "",
        "shows_decision": who.is_office or one.call.state == CallState.ISSUED,
        "is_office": who.is_office,
        "is_own": who.may_apply(one.organisation_id),
        "may_identify": who.is_office and one.call.state != CallState.ISSUED,
        "alike": _alike(one) if who.is_office else [],
        "opinions": [(names.get(said.organisation_id, ""), said) for said in own],
        "waiting": [names.get(pk, "") for pk in waits] if who.is_office else [],
        "speaks": any(pk in who.speaking for pk in heard.asked),
    }


def _alike(one: Application) -> list[rules.Likeness]:
    every = queries.applications_of(one.call_id)
    return queries.likenesses_of(every).get(one.pk, [])


def facts_of(one: Application, names: dict[int, str]) -> list[tuple[str, str]]:
    """An application's words by label, for who only reads."""
    region = organisation.region_names().official.get(one.region_id, "")
    told = [
        ("申报单位", names.get(one.organisation_id, "")),
        ("项目代码", one.national_code),
        ("台账中的项目", one.project.name if one.project else ""),
        ("所属地区", region),
        ("行业领域", one.sector.name if one.sector else ""),
        ("建设性质", one.get_nature_display()),
        ("业主", one.owner),
        ("建设地点", one.site),
        ("总投资", "" if one.total_yuan is None else wan_words(one.total_yuan)),
        ("年度计划投资", "" if one.plan_yuan is None else wan_words(one.plan_yuan)),
        ("开工月份", f"{one.starts_by:%Y-%m}" if one.starts_by else ""),
        ("竣工月份", f"{one.completes_by:%Y-%m}" if one.completes_by else ""),
    ]
    for name, label in rules.CONDITIONS.items():
        note = getattr(one, f"{name}_note")
        answer = Readiness(getattr(one, name)).label
        told.append((label, f"{answer}：{note}" if note else answer))
    return [*told, ("建设内容", one.content)]


@dataclass(slots=True)
class AskedRow:
    """An application that a department was asked about, with its newest word."""

    one: Application
    unit: str
    organisation_id: int
    department: str
    said: Opinion | None

    @property
    def state(self) -> str:
        """待提意见, or what was said."""
        return Stance(self.said.stance).label if self.said else "待提意见"


def opinions_roster(who: Maker, query: QueryDict) -> Roster[AskedRow]:
    """What somebody's departments were asked about, what waits first."""
    rows = list(asked_of(who).select_related("call").order_by("pk"))
    heard = queries.heard_of(one.pk for one in rows)
    names = organisation.organisation_names().official
    found = [
        AskedRow(
            one, names.get(one.organisation_id, ""), pk, names.get(pk, ""),
            heard[one.pk].said.get(pk),
        )
        for one in rows
        for pk in heard[one.pk].asked
        if pk in who.speaking
    ]  # fmt: skip
    found.sort(key=lambda row: row.said is not None)
    states = ["待提意见", *Stance.labels]
    return Roster(
        "联审意见",
        [
            Column("name", "项目名称", _opinion_link, "wide", is_sortable=True,
                   value=lambda r: r.one.name),
            Column("call", "清单", lambda r: str(r.one.call), "tight"),
            Column("unit", "申报单位", lambda r: r.unit, "tight", is_sortable=True),
            Column("site", "建设地点", lambda r: r.one.site),
            money_column("total", "总投资", lambda r: r.one.total_yuan, is_sortable=True),
            Column("department", "意见单位", lambda r: r.department, "tight"),
            Column("stance", "意见", lambda r: r.state, "tight", is_sortable=True),
            Column("text", "条件或理由", lambda r: r.said.text if r.said else ""),
        ],
        found,
        lambda r: f"{r.one.name}\n{r.one.national_code}\n{r.unit}",
        [Choice("state", "意见", [(one, one) for one in states], lambda r: r.state)],
        search_label="名称、代码或单位",
        empty="没有要提意见的项目",
        empty_next="项目办征求意见后会出现在这里",
        query=query,
    )  # fmt: skip


def _opinion_link(row: AskedRow) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("opinion", args=[row.one.pk]), row.one.name)


def opinion_page(one: Application, who: Maker, form: forms.Form) -> dict[str, Any]:
    """What a department needs to give its opinion, and what it said before."""
    names = organisation.organisation_names().official
    heard = queries.heard_of([one.pk])[one.pk]
    return {
        "one": one,
        "facts": facts_of(one, names),
        "missing": rules.missing(queries.words_of(one)),
        "form": form,
        "fields": fields_of(form),
        "opinions": [
            (names.get(said.organisation_id, ""), said)
            for said in heard.history
            if said.organisation_id in who.speaking
        ],
    }
