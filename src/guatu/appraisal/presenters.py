"""What the pages of the appraisal show: schemes, the matrix, one criterion with its folder."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.appraisal import access, queries
from guatu.appraisal.forms import EvidenceForm, RemoveForm, ValueForm
from guatu.appraisal.models import Criterion, Scheme
from guatu.appraisal.queries import Row
from guatu.appraisal.rules import Totals, gap, milli_text
from guatu.appraisal.types import MILLI, CriterionState
from guatu.core import clock
from guatu.ledger.request import Viewer
from guatu.organisation import queries as organisation
from guatu.organisation.types import Right
from guatu.ui.rosters import Choice, Roster
from guatu.ui.tables import Column
from guatu.ui.templatetags.guatu import light

LIGHTS = {
    CriterionState.MET: "ok",
    CriterionState.MISSED: "serious",
    CriterionState.NO_DATA: "no_data",
    CriterionState.NOT_APPLICABLE: "not_in_scope",
}


def schemes_roster(viewer: Viewer, query: QueryDict) -> Roster[tuple[Scheme, int]]:
    """The schemes that somebody sees."""

    def link(row: tuple[Scheme, int]) -> SafeString:
        page = reverse("scheme", args=[row[0].pk])
        return format_html('<a href="{}">{}</a>', page, row[0].name)

    is_office = Right.EDIT_PROJECTS in viewer.rights
    return Roster(
        "上级考核",
        [
            Column("name", "方案", link, "wide", is_sortable=True, value=lambda r: r[0].name),
            Column("year", "年度", lambda r: r[0].year, "tight", is_sortable=True),
            Column("issuer", "考核单位", lambda r: r[0].issuer, "tight", is_sortable=True),
            Column("number", "文号", lambda r: r[0].outside_number, "minor"),
            Column("stake", "与什么挂钩", lambda r: r[0].stake_text, "minor"),
            Column("criteria", "指标数", lambda r: r[1], "num", is_sortable=True),
            Column("until", "考核期截止", lambda r: r[0].until_on, "date minor", is_sortable=True),
        ],
        queries.schemes(viewer),
        lambda r: f"{r[0].name}\n{r[0].issuer}\n{r[0].outside_number}",
        search_label="方案、考核单位或文号",
        empty="还没有登记上级考核方案" if is_office else "没有由您单位负责的上级考核指标",
        empty_next="登记方案后粘贴指标，各责任单位就能填现值、交佐证"
        if is_office
        else "项目办把指标分给您单位后列在这里",
        query=query,
    )


def _milli(key: str, label: str, of: Callable[[Row], int | None], kind: str = "") -> Column[Row]:
    def value(row: Row) -> float | None:
        milli = of(row)
        return None if milli is None else milli / MILLI

    return Column(
        key, label, lambda row: milli_text(of(row)), f"num {kind}".strip(),
        is_sortable=True, value=value,
    )  # fmt: skip


def _link(row: Row) -> SafeString:
    page = reverse("criterion", args=[row.one.pk])
    return format_html('<a href="{}">{}</a>', page, row.one.name)


def _state(row: Row) -> SafeString:
    return light(LIGHTS[row.state], row.state.label)


def _signed(milli: int | None) -> str:
    told = milli_text(milli)
    return f"+{told}" if milli is not None and milli > 0 else told


def _gap(row: Row) -> str:
    return _signed(row.gap)


def matrix(viewer: Viewer, scheme: Scheme, query: QueryDict) -> Roster[Row]:
    """Criterion × owner × value × target × gap × points × state × evidence."""
    rows = queries.rows_of(viewer, scheme)
    owners = sorted({row.owner or "未定" for row in rows})
    groups = sorted({row.one.group for row in rows} - {""})
    is_office = Right.EDIT_PROJECTS in viewer.rights
    return Roster(
        str(scheme),
        [
            Column("number", "序号", lambda r: r.one.number, "tight"),
            Column("name", "指标", _link, "wide", is_sortable=True, value=lambda r: r.one.name),
            Column("group", "分组", lambda r: r.one.group, "tight minor", is_sortable=True),
            Column("owner", "责任单位", lambda r: r.owner or "未定", "tight", is_sortable=True),
            Column("person", "责任领导", lambda r: r.one.person.name if r.one.person else "",
                   "tight minor"),
            Column("state", "状态", _state, "tight", is_sortable=True,
                   value=lambda r: r.state.label),
            _milli("value", "现值", lambda r: r.now.value_milli if r.now else None),
            _milli("target", "目标值", lambda r: r.one.target_milli),
            Column("gap", "与目标差", _gap, "num", is_sortable=True,
                   value=lambda r: None if r.gap is None else r.gap / MILLI),
            Column("unit", "单位", lambda r: r.one.unit, "tight minor"),
            _milli("full", "满分", lambda r: r.one.full_points_milli),
            _milli("points", "预计得分", lambda r: r.points),
            Column("evidence", "佐证", lambda r: f"{r.evidence}份" if r.evidence else "没有",
                   "num", is_sortable=True, value=lambda r: r.evidence),
            Column("as_of", "截至", lambda r: r.now.as_of if r.now else None, "date minor",
                   is_sortable=True),
            Column("target_text", "目标要求", lambda r: r.one.target_text, "minor"),
            Column("note", "说明", lambda r: r.now.note if r.now else "", "minor"),
        ],
        rows,
        lambda r: f"{r.one.number}\n{r.one.name}\n{r.owner}\n{r.one.target_text}",
        [
            Choice("owner", "责任单位", [(one, one) for one in owners],
                   lambda r: r.owner or "未定"),
            Choice("state", "状态", CriterionState.choices, lambda r: r.state.value),
            Choice("group", "分组", [(one, one) for one in groups], lambda r: r.one.group),
            Choice("evidence", "佐证", [("no", "没有"), ("yes", "有")],
                   lambda r: "yes" if r.evidence else "no"),
        ],
        search_label="指标、单位或目标",
        row_class=lambda r: "refused" if r.state is CriterionState.MISSED else "",
        empty="这个方案还没有指标",
        empty_next="从方案的表格里复制，粘贴进来即可" if is_office else "",
        query=query,
    )  # fmt: skip


def totals_line(totals: Totals) -> list[tuple[str, str]]:
    """The sums of points as the page and the export tell them."""
    return [
        ("满分", milli_text(totals.full)),
        ("预计得分", milli_text(totals.expected)),
        ("预计失分", milli_text(totals.lost)),
        ("还不清楚的", milli_text(totals.unknown)),
    ]


def scheme_page(viewer: Viewer, scheme: Scheme, query: QueryDict) -> dict[str, Any]:
    """The matrix with its totals, those of the rows that the filters leave."""
    roster = matrix(viewer, scheme, query)
    totals = queries.totals_of(roster.found())
    context = roster.page()
    context["grid"].total = {
        "number": "合计",
        "full": milli_text(totals.full),
        "points": milli_text(totals.expected),
    }
    return {
        **context,
        "scheme": scheme,
        "totals": totals_line(totals),
        "states": [(LIGHTS[state], state.label, totals.states[state]) for state in CriterionState],
        "is_office": Right.EDIT_PROJECTS in viewer.rights,
    }


def criterion_page(
    viewer: Viewer,
    criterion: Criterion,
    *,
    value: ValueForm | None = None,
    evidence: EvidenceForm | None = None,
    remove: RemoveForm | None = None,
) -> dict[str, Any]:
    """One criterion: how it stands and stood, and its folder."""
    values = list(queries.history(criterion))
    papers = list(queries.folder(criterion))
    now = values[0] if values else None
    names = organisation.names_of_organisations([criterion.organisation_id or 0])
    state = CriterionState(now.state) if now else CriterionState.NO_DATA
    lower = criterion.is_lower_better
    found = gap(now.value_milli if now else None, criterion.target_milli, is_lower_better=lower)
    return {
        "criterion": criterion,
        "scheme": criterion.scheme,
        "owner": names.get(criterion.organisation_id or 0, ""),
        "state": (LIGHTS[state], state.label),
        "full": milli_text(criterion.full_points_milli),
        "target": milli_text(criterion.target_milli),
        "value": milli_text(now.value_milli if now else None),
        "gap": _signed(found),
        "is_behind": found is not None and found < 0,
        "values": [
            (
                one,
                CriterionState(one.state),
                milli_text(one.value_milli),
                milli_text(one.points_milli),
            )
            for one in values
        ],
        "papers": [one for one in papers if not one.removed_reason],
        "removed": [one for one in papers if one.removed_reason],
        "can_fill": access.may_fill(viewer, criterion),
        "is_office": Right.EDIT_PROJECTS in viewer.rights,
        "value_form": value or ValueForm(initial={"as_of": clock.today()}),
        "evidence_form": evidence or EvidenceForm(),
        "remove_form": remove,
    }
