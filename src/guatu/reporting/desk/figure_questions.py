"""The questions to figures of a round, for units and the office: list, one question, export."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.engines.rulebook import parts_of_limits
from guatu.ledger.models import Project
from guatu.ledger.request import Viewer
from guatu.organisation import queries as organisation
from guatu.organisation.access import rights_of
from guatu.organisation.types import Right
from guatu.reporting.asking.access import can_answer, seen_questions
from guatu.reporting.asking.models import FigureQuestion
from guatu.reporting.desk.answered import moment
from guatu.reporting.models import Round
from guatu.reporting.types import FigureQuestionKind, FigureQuestionState, RoundState
from guatu.ui.export import download, workbook
from guatu.ui.tables import Column, Grid, Page, listing, without

MOST_TEXT = 100
ORDER = {
    "kind": "kind",
    "project": "project__name",
    "state": "state",
    "raised": "raised_at",
    "answered": "answered_at",
}


def columns_of(the_round: Round, units: dict[int, str]) -> list[Column[FigureQuestion]]:
    """The columns of the list."""

    def unit(row: FigureQuestion) -> str:
        return units.get(row.organisation_id or 0, "")

    return [
        Column(
            "project",
            "项目",
            lambda r: _link(r, the_round),
            "wide",
            is_sortable=True,
            value=lambda r: r.project.name if r.project else "（全部填报数）",
        ),
        Column("unit", "报送单位", unit, "minor"),
        Column(
            "kind",
            "疑问",
            lambda r: FigureQuestionKind(r.kind).label,
            "tight minor",
            is_sortable=True,
        ),
        Column("text", "内容", lambda r: r.text, "wide"),
        Column(
            "state", "状态", lambda r: FigureQuestionState(r.state).label, "tight", is_sortable=True
        ),
        Column("answer", "答复", lambda r: r.answer, "wide"),
        Column(
            "answered",
            "答复人和时间",
            lambda r: f"{r.answered_by} {moment(r.answered_at)}" if r.answered_at else "",
            "minor",
            is_sortable=True,
        ),
        Column(
            "raised",
            "提出时间",
            lambda r: moment(r.raised_at),
            "tight minor",
            is_sortable=True,
            value=lambda r: r.raised_at,
        ),
    ]


def _link(row: FigureQuestion, the_round: Round) -> SafeString:
    name = row.project.name if row.project else "（全部填报数）"
    url = reverse("figure-question", args=[the_round.pk, row.pk])
    return format_html('<a href="{}">{}</a>', url, name)


def _found(viewer: Viewer, the_round: Round, query: QueryDict) -> QuerySet[FigureQuestion]:
    rows = seen_questions(viewer, the_round)
    text = query.get("q", "").strip()[:MOST_TEXT]
    if text:
        rows = rows.filter(
            Q(project__name__icontains=text) | Q(text__icontains=text) | Q(answer__icontains=text)
        )
    if query.get("kind", "") in FigureQuestionKind.values:
        rows = rows.filter(kind=query["kind"])
    if query.get("state", "") in FigureQuestionState.values:
        rows = rows.filter(state=query["state"])
    order = listing(query, columns_of(the_round, {}), default_sort="state")
    column = ORDER.get(order.sort, "state")
    # Open ones first: the word sorts behind "answered".
    is_down = order.is_descending != (column == "state")
    return rows.order_by(f"-{column}" if is_down else column, "-pk")


def page(viewer: Viewer, the_round: Round, query: QueryDict) -> dict[str, Any]:
    """The context of the list."""
    found = _found(viewer, the_round, query)
    place = Page.of(query, found.count())
    rows = list(found[place.start : place.start + place.size])
    order = listing(query, columns_of(the_round, {}), default_sort="state")
    columns = columns_of(the_round, _units({row.organisation_id for row in rows}))
    rights = rights_of(viewer.user, viewer.assignments)
    is_open = the_round.state == RoundState.OPEN
    return {
        "round": the_round,
        "is_open": is_open,
        "can_ask": is_open and Right.IMPORT_REPORTS in rights,
        "is_office": Right.IMPORT_REPORTS in rights,
        "grid": Grid(columns, rows, sort=order.sort_text, query=without(query, "sort", "page")),
        "page": place,
        "kinds": FigureQuestionKind.choices,
        "states": FigureQuestionState.choices,
        "text": query.get("q", "").strip()[:MOST_TEXT],
        "kind": query.get("kind", ""),
        "state": query.get("state", ""),
        "export": f"{reverse('figure-questions-export', args=[the_round.pk])}?"
        f"{without(query, 'page')}",
    }


def exported(viewer: Viewer, the_round: Round, query: QueryDict) -> HttpResponse:
    """The same rows as a workbook."""
    rows = list(_found(viewer, the_round, query))
    title = f"{the_round}核对疑问"
    columns = columns_of(the_round, _units({row.organisation_id for row in rows}))
    return download(workbook(title, columns, rows), f"{title}.xlsx")


def _units(ids: Collection[int | None]) -> dict[int, str]:
    wanted = [pk for pk in ids if pk]
    return organisation.names_of_organisations(wanted) if wanted else {}


def _other(viewer: Viewer, question: FigureQuestion) -> Project | None:
    """The project that the question is held beside, where the viewer sees it."""
    if question.other_id is None:
        return None
    return viewer.projects.filter(pk=question.other_id).first()


def question_page(viewer: Viewer, the_round: Round, question: FigureQuestion) -> dict[str, Any]:
    """The context of one question."""
    units = _units({question.organisation_id})
    is_open = question.state == FigureQuestionState.OPEN and the_round.state == RoundState.OPEN
    return {
        "round": the_round,
        "question": question,
        "kind": FigureQuestionKind(question.kind).label,
        "state_label": FigureQuestionState(question.state).label,
        "unit": units.get(question.organisation_id or 0, ""),
        "facts": json.loads(question.facts).items(),
        "other": _other(viewer, question),
        "limits": "，".join(f"{name}{value}" for name, value in parts_of_limits(question.limits)),
        "raised": moment(question.raised_at),
        "answered": moment(question.answered_at) if question.answered_at else "",
        "can_answer": is_open and can_answer(viewer, question),
        "is_office": Right.IMPORT_REPORTS in rights_of(viewer.user, viewer.assignments),
    }
