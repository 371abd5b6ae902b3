"""Requests for corrections as a list, and what their form offers."""

from __future__ import annotations

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.core import clock
from guatu.ledger.request import Viewer
from guatu.organisation.queries import names_of_organisations
from guatu.reporting.correcting.access import entries_to_ask_about, requests_seen
from guatu.reporting.correcting.models import CorrectionRequest
from guatu.reporting.correcting.types import RequestState
from guatu.reporting.models import Round
from guatu.reporting.types import RoundState
from guatu.ui.forms import Options
from guatu.ui.rosters import Choice, Roster
from guatu.ui.tables import Column

TITLE = "更正申请"
MOST_ROUNDS = 36
"""So many locked rounds are offered, newest first."""
type Row = tuple[CorrectionRequest, str]


def words(one: CorrectionRequest) -> str:
    """What became of a request."""
    if one.state == RequestState.TAKEN and one.round.revision > one.revision:
        return f"已受理，本期已更正（第{one.round.revision}版）"
    if one.state == RequestState.TAKEN:
        return "已受理，待办理更正"
    return RequestState(one.state).label


def roster(viewer: Viewer, query: QueryDict) -> Roster[Row]:
    """The requests that the viewer sees, those that wait first. Two statements."""
    found = sorted(
        requests_seen(viewer).order_by("-pk"), key=lambda one: one.state != RequestState.OPEN
    )
    names = names_of_organisations({one.organisation_id for one in found if one.organisation_id})
    rows = [(one, names.get(one.organisation_id or 0, "")) for one in found]
    rounds = {one.round_id: str(one.round) for one in found}
    return Roster(
        TITLE,
        _columns(),
        rows,
        lambda row: f"{row[0].project.name}\n{row[1]}\n{row[0].text}\n{row[0].right_figures}",
        [
            Choice("state", "状态", RequestState.choices, lambda row: row[0].state),
            Choice(
                "round",
                "期别",
                [(str(pk), name) for pk, name in rounds.items()],
                lambda row: str(row[0].round_id),
            ),
        ],
        search_label="项目、单位或内容",
        empty="还没有更正申请",
        empty_next="已锁定的一期数字有错的，报送或审核的单位在这里申请，项目办答复后办理更正",
        query=query,
    )


def _columns() -> list[Column[Row]]:
    return [
        Column("project", "项目", _link, "wide", is_sortable=True,
               value=lambda row: row[0].project.name),
        Column("round", "期别", lambda row: row[0].round.period.label, "tight", is_sortable=True,
               value=lambda row: row[0].round.period.label),
        Column("unit", "申请单位", lambda row: row[1], is_sortable=True),
        Column("state", "办理情况", lambda row: words(row[0]), is_sortable=True),
        Column("text", "错在哪里", lambda row: row[0].text, "minor"),
        Column("right", "正确的数", lambda row: row[0].right_figures, "minor"),
        Column("at", "申请时间", lambda row: clock.minute(row[0].at), "tight", is_sortable=True),
        Column("answer", "答复", lambda row: row[0].answer, "minor"),
        Column("by", "答复人", lambda row: row[0].answered_by, "tight minor"),
    ]  # fmt: skip


def _link(row: Row) -> SafeString:
    page = reverse("correction-request", args=[row[0].pk])
    return format_html('<a href="{}">{}</a>', page, row[0].project.name)


def options(viewer: Viewer) -> Options:
    """What may be asked about: locked rounds, and the projects that one reports or reviews.

    Five statements at most.
    """
    rounds = list(
        Round.objects.filter(state=RoundState.CLOSED)
        .select_related("list", "period")
        .order_by("-period__last_on", "pk")[:MOST_ROUNDS]
    )
    entries = entries_to_ask_about(viewer.assignments, rounds)
    lists = {one.list_id for one in entries}
    names = {str(one.project_id): one.project.name for one in entries}
    return {
        "round": [("", "请选"), *((str(r.pk), str(r)) for r in rounds if r.list_id in lists)],
        "project": [("", "请选"), *sorted(names.items(), key=lambda item: item[1])],
    }
