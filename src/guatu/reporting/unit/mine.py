"""What a unit has to report: one line a project and open round, each with its way to be done."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.core.yuan import wan_text
from guatu.ledger.request import Viewer
from guatu.reporting.types import FigureQuestionState, RoundState
from guatu.reporting.unit.queries import Task, tasks
from guatu.ui.rosters import Choice, Roster
from guatu.ui.tables import Column
from guatu.ui.templatetags.guatu import money

TITLE = "填报"


def roster(viewer: Viewer, query: QueryDict) -> Roster[Task]:
    """The list of a user's tasks, with search, filters and export."""
    rows = tasks(viewer)
    rounds = {one.round.pk: str(one.round) for one in rows}
    words = dict.fromkeys(one.words for one in rows)
    return Roster(
        TITLE,
        _columns(),
        rows,
        lambda one: f"{one.known.entry.project.name} {one.known.entry.project.national_code or ''}",
        [
            Choice(
                "state",
                "状态",
                [("to-do", "还要报的"), *((word, word) for word in words)],
                lambda one: (
                    "to-do" if query.get("state") == "to-do" and one.is_to_do else one.words
                ),
            ),
            Choice(
                "round",
                "期别",
                [(str(pk), name) for pk, name in rounds.items()],
                lambda one: str(one.round.pk),
            ),
        ],
        search_label="项目名称或代码",
        row_class=lambda one: "refused" if one.returned else "",
        query=query,
    )


def _columns() -> list[Column[Task]]:
    return [
        Column("name", "项目名称", _name, "wide", is_sortable=True, value=_plain_name),
        Column("state", "状态", _state, "tight", is_sortable=True, value=lambda one: one.words),
        Column("acts", "办理", _acts, "tight no-print"),
        Column(
            "last",
            "上期累计（万元）",
            lambda one: money(one.known.last.year_yuan, "万元"),
            "num",
            is_sortable=True,
            value=lambda one: _wan(one.known.last.year_yuan),
        ),
        Column(
            "now",
            "本期累计（万元）",
            lambda one: money(one.now_yuan, "万元"),
            "num",
            is_sortable=True,
            value=lambda one: _wan(one.now_yuan),
        ),
        Column(
            "plan",
            "年度计划（万元）",
            lambda one: money(one.known.plan_yuan, "万元"),
            "num minor",
            is_sortable=True,
            value=lambda one: _wan(one.known.plan_yuan),
        ),
        Column("period", "期别", lambda one: one.round.period.label, "tight minor"),
        Column("due", "截止", _due, "tight", is_sortable=True, value=lambda one: one.due_on),
    ]


def _wan(yuan: int | None) -> float | None:
    return None if yuan is None else float(wan_text(yuan))


def _plain_name(one: Task) -> str:
    return one.known.entry.project.name


def _form(one: Task) -> str:
    return reverse("report-form", args=[one.round.pk, one.known.entry.project_id])


def _name(one: Task) -> SafeString:
    return format_html('<a href="{}">{}</a>', _form(one), _plain_name(one))


def _state(one: Task) -> SafeString:
    told = format_html('<span class="badge-plain">{}</span>', one.words)
    if one.returned is not None:
        told = format_html('{}<div class="why">{}</div>', told, one.returned.reason)
    if one.asked:
        page = reverse("figure-questions", args=[one.round.pk])
        query = urlencode({"state": FigureQuestionState.OPEN, "q": _plain_name(one)})
        told = format_html(
            '{}<div><a href="{}?{}">{}条疑问待答复</a></div>', told, page, query, one.asked
        )
    return told


def _acts(one: Task) -> SafeString:
    """本期无变化 in one press, where there is a last figure to keep."""
    form = format_html('<a href="{}">{}</a>', _form(one), "填报" if one.may_send else "查看")
    is_open = one.round.state == RoundState.OPEN
    if not (is_open and one.is_to_do and one.known.has_last):
        return form
    return format_html(
        '<button class="btn btn-outline-primary btn-sm" name="row" value="{}:{}:{}"'
        ' aria-label="{}本期无变化">本期无变化</button> {}',
        one.round.pk,
        one.known.entry.project_id,
        one.known.seen,
        _plain_name(one),
        form,
    )


def _due(one: Task) -> SafeString:
    days = one.days_left
    when = "今天截止" if days == 0 else f"还有{days}天" if days > 0 else f"已过{-days}天"
    told = f"{one.due_on:%m-%d}"
    kind = "late" if days < 0 and one.is_to_do else "faint"
    return format_html('{} <span class="{}">{}</span>', told, kind, when if one.is_to_do else "")
