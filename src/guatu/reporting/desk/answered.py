"""The answers of a round: what was asked, what was said, by whom, what it changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from guatu.core import clock
from guatu.core.yuan import wan_words
from guatu.ledger.models import Project
from guatu.organisation import queries as organisation
from guatu.planning.models import DateFact
from guatu.planning.types import milestone_words
from guatu.reporting.desk.asked import name_of, place_of
from guatu.reporting.intake.answers import FOR_GOOD, NOT_TAKEN, TAKEN
from guatu.reporting.intake.asking import title_of
from guatu.reporting.intake.facts import Facts
from guatu.reporting.intake.outcome import Effects
from guatu.reporting.intake.rows import ANSWERS, DATES
from guatu.reporting.models import Figure, IntakeAnswer, IntakeQuestion, Round
from guatu.reporting.types import AnswerKind, RoundState
from guatu.ui.export import download, workbook
from guatu.ui.tables import Column, Grid, Page, listing, without

CHANGES_SHOWN = 4
ORDER = {"at": "pk", "by": "by", "file": "question__imported__name"}
STATES = (("held", "有效"), ("withdrawn", "已撤回"))


@dataclass(slots=True)
class Answered:
    """One answer, ready to be read."""

    answer: IntakeAnswer
    question: IntakeQuestion
    facts: Facts
    effects: Effects
    said: str = ""
    changes: list[str] = field(default_factory=list)

    @property
    def withdrawal(self) -> str:
        """Who took it back and when; empty where it holds."""
        taken = getattr(self.answer, "withdrawal", None)
        return f"{taken.by} {moment(taken.at)}" if taken else ""

    @property
    def can_go(self) -> bool:
        """Whether it may be taken back as far as it is concerned."""
        return not self.withdrawal and hasattr(self.answer, "outcome")

    @property
    def about(self) -> str:
        """The project, else the whole table."""
        return self.question.sheet if self.facts.is_whole else name_of(self.question, self.facts)

    @property
    def title(self) -> str:
        """The question in a few words."""
        return title_of(self.question.code, self.facts)


def moment(at: datetime) -> str:
    """An instant of the year as people say it: 10月31日 09:05."""
    local = at.astimezone(clock.CHINA)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def columns_of(the_round: Round) -> list[Column[Answered]]:
    """The columns of the list; the last one takes an answer back."""
    is_open = the_round.state == RoundState.OPEN
    found: list[Column[Answered]] = [
        Column(
            "at",
            "答复时间",
            lambda r: moment(r.answer.at),
            "tight minor",
            is_sortable=True,
            value=lambda r: r.answer.at,
        ),
        Column("by", "答复人", lambda r: r.answer.by, "tight minor", is_sortable=True),
        Column("about", "项目", lambda r: r.about, "wide"),
        Column("question", "疑问", lambda r: r.title, "minor"),
        Column("said", "答复", lambda r: r.said, "wide"),
        Column("changes", "改了什么", _changes, "wide", value=lambda r: "；".join(r.changes)),
        Column(
            "file",
            "文件",
            lambda r: _source(r, the_round),
            "minor",
            is_sortable=True,
            value=lambda r: f"{r.question.imported.name} {place_of(r.question, r.facts)}",
        ),
        Column("state", "状态", lambda r: f"已撤回（{r.withdrawal}）" if r.withdrawal else "有效"),
    ]
    if is_open:
        found.append(Column("acts", "办理", lambda r: _act(r, the_round), "tight no-print"))
    return found


def _changes(row: Answered) -> SafeString | str:
    if not row.changes:
        return "没有改数"
    lines = row.changes[:CHANGES_SHOWN]
    if len(row.changes) > CHANGES_SHOWN:
        lines = [*lines, f"等{len(row.changes)}处，见导出"]
    return format_html_join("", "<div>{}</div>", ((line,) for line in lines))


def _source(row: Answered, the_round: Round) -> SafeString:
    source = row.question.imported
    return format_html(
        '<a download href="{}" aria-label="下载原件{}">{}</a> {}',
        reverse("intake-original", args=[the_round.pk, source.blob_id]),
        source.name,
        source.name,
        place_of(row.question, row.facts),
    )


def _act(row: Answered, the_round: Round) -> SafeString | str:
    if not row.can_go:
        return ""
    asked = f"撤回对“{row.about}”的答复（{row.said}）？它带来的数一并取回，疑问重新待答复。"
    return format_html(
        '<button class="btn btn-outline-secondary" formaction="{}" data-confirm="{}"'
        ' aria-label="撤回对{}的答复">撤回</button>',
        reverse("intake-withdraw", args=[the_round.pk, row.answer.pk]),
        asked,
        row.about,
    )


def _found(the_round: Round, query: QueryDict) -> QuerySet[IntakeAnswer]:
    rows = IntakeAnswer.objects.filter(round=the_round, question__isnull=False).select_related(
        "question__imported", "question__project", "outcome", "withdrawal"
    )
    text, file = query.get("q", "").strip()[:100], query.get("file", "")[:255]
    state = query.get("state", "")
    if text:
        rows = rows.filter(
            Q(question__question__icontains=text)
            | Q(question__project__name__icontains=text)
            | Q(question__imported__name__icontains=text)
            | Q(by__icontains=text)
        )
    if file:
        rows = rows.filter(question__imported__name=file)
    if state in dict(STATES):
        rows = rows.filter(withdrawal__isnull=state == "held")
    return rows


def _asked(the_round: Round, query: QueryDict) -> tuple[QuerySet[IntakeAnswer], str]:
    order = listing(query, columns_of(the_round), default_sort="-at")
    column = ORDER.get(order.sort, "pk")
    by = f"-{column}" if order.is_descending else column
    return _found(the_round, query).order_by(by, "-pk"), order.sort_text


def page(the_round: Round, query: QueryDict) -> dict[str, Any]:
    """The context of the page."""
    found, sort = _asked(the_round, query)
    place = Page.of(query, found.count())
    rows = told(found[place.start : place.start + place.size])
    columns = columns_of(the_round)
    every = IntakeAnswer.objects.filter(round=the_round, question__isnull=False)
    files = every.order_by("question__imported__name").values_list(
        "question__imported__name", flat=True
    )
    return {
        "round": the_round,
        "is_open": the_round.state == RoundState.OPEN,
        "grid": Grid(columns, rows, sort=sort, query=without(query, "sort", "page")),
        "page": place,
        "files": list(files.distinct()),
        "states": STATES,
        "text": query.get("q", "").strip()[:100],
        "file": query.get("file", "")[:255],
        "state": query.get("state", ""),
        "export": f"{reverse('intake-answered-export', args=[the_round.pk])}?"
        f"{without(query, 'page')}",
    }


def exported(the_round: Round, query: QueryDict) -> HttpResponse:
    """The same rows as a workbook."""
    found, _ = _asked(the_round, query)
    title = f"{the_round}已答复的疑问"
    return download(workbook(title, columns_of(the_round), told(found)), f"{title}.xlsx")


def told(answers: Iterable[IntakeAnswer]) -> list[Answered]:
    """Answers with what they said and changed, in a constant number of queries."""
    rows = []
    for one in answers:
        if one.question is None:
            continue
        outcome = getattr(one, "outcome", None)
        effects = Effects.from_json(outcome.effects) if outcome else Effects()
        rows.append(Answered(one, one.question, Facts.from_json(one.question.facts), effects))
    figures = _figures(rows)
    dates = _dates(rows)
    projects = _projects(rows)
    regions = (
        organisation.region_names().official
        if any(row.answer.kind == AnswerKind.REGION for row in rows)
        else {}
    )
    for row in rows:
        row.said = _said(row, projects, regions)
        row.changes = [
            *(figures[pk] for pk in row.effects.figures if pk in figures),
            *(dates[pk] for pk in row.effects.dates if pk in dates),
            *_learned(row),
        ]
    return rows


def _figures(rows: Sequence[Answered]) -> dict[int, str]:
    ids = [pk for row in rows for pk in row.effects.figures]
    found = Figure.objects.filter(pk__in=ids).select_related("project", "indicator", "supersedes")
    return {
        one.pk: f"{one.project}：{one.indicator.name}（{one.as_of.year}年{one.as_of.month}月）"
        f"{_wan(one.supersedes)}→{_wan(one)}"
        for one in found
    }


def _wan(figure: Figure | None) -> str:
    return "无" if figure is None or figure.value is None else wan_words(figure.value)


def _dates(rows: Sequence[Answered]) -> dict[int, str]:
    ids = [pk for row in rows for pk in row.effects.dates]
    found = DateFact.objects.filter(pk__in=ids).select_related("project")
    return {
        one.pk: f"{one.project}：实际{milestone_words(one.milestone)}"
        f"{_day(one.on, one.precision) if one.on else '取消'}"
        for one in found
    }


def _day(on: date, precision: str) -> str:
    month = f"{on.year}年{on.month}月"
    return month if precision == "month" else f"{month}{on.day}日"


def _projects(rows: Sequence[Answered]) -> dict[int, str]:
    ids = [int(row.answer.value) for row in rows if row.answer.kind == AnswerKind.PROJECT]
    return dict(Project.objects.filter(pk__in=ids).values_list("pk", "name"))


def _said(row: Answered, projects: Mapping[int, str], regions: Mapping[int, str]) -> str:
    value, why = row.answer.value, row.answer.reason
    match row.answer.kind:
        case AnswerKind.PROJECT:
            return f"是{projects.get(int(value), '已删除的项目')}"
        case AnswerKind.REGION:
            return f"是{regions.get(int(value), '已删除的地区')}"
        case AnswerKind.UNIT:
            return f"单位是{value}"
        case AnswerKind.ACCEPT:
            return f"核实无误：{why}"
        case AnswerKind.DISMISS:
            return f"不采用：{why}"
        case AnswerKind.TABLE:
            return "按本期采用" if value == TAKEN else "发错了，不采用"
        case AnswerKind.ROW | AnswerKind.SENDER:
            return f"以{dict(row.facts.choices).get(value, '所选的一个')}为准"
    said = _cell_said(row.facts, value)
    return f"{said}（{why}）" if why else said


def _cell_said(facts: Facts, value: str) -> str:
    if value == NOT_TAKEN:
        return "不看代码，按名称认" if facts.field == "项目代码" else "这一格不采用"
    if facts.field in ANSWERS:
        return wan_words(int(value))
    if facts.field in DATES:
        on, precision = value.split("/")
        return _day(date.fromisoformat(on), precision)
    return value


def _learned(row: Answered) -> list[str]:
    found = []
    if row.effects.alias:
        found.append(f"记住别名“{row.facts.name}”")
    if row.effects.region_alias:
        found.append(f"记住地区写法“{row.facts.region}”")
    if row.effects.mapping is not None:
        sender = row.effects.mapping.sender
        found.append(f"记住{sender}的“{row.facts.label}”一列按{row.answer.value}")
    if row.answer.value == FOR_GOOD:
        found.append("以后各期也不再问")
    return found
