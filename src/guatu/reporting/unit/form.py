"""The form of one project's report: what is known, what stands in the fields, what is asked."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from guatu.core.yuan import wan_text
from guatu.ledger.models import ListEntry, Term
from guatu.ledger.queries import ladder_of, reporting_unit_of, words_of
from guatu.ledger.types import Vocabulary
from guatu.planning.types import DateKind, Milestone
from guatu.reporting import queries
from guatu.reporting.asking.models import FigureQuestion
from guatu.reporting.forms import WanField
from guatu.reporting.intake.judge import Question
from guatu.reporting.intake.one import OneProject
from guatu.reporting.intake.rows import LONGEST_REASON, LONGEST_TEXT
from guatu.reporting.models import ReportDraft, Round
from guatu.reporting.quantities import milestones, stating
from guatu.reporting.quantities.milestones import Promised, asked_for
from guatu.reporting.quantities.rules import typing_words, value_of
from guatu.reporting.review.models import ReviewNote
from guatu.reporting.rules import Amounts
from guatu.reporting.services.submit import SubmitReport
from guatu.reporting.types import (
    INVESTMENT,
    INVESTMENT_MONTH,
    INVESTMENT_TOTAL,
    FigureQuestionKind,
    FigureQuestionState,
    RoundState,
    Verdict,
)
from guatu.reporting.unit.queries import Task
from guatu.ui.forms import SiteForm, choice, day, paragraph, text

FIELDS = (
    "year", "month", "life", "node", "progress", "started_on", "completed_on", "reason",
    "problem_kind", "problem", "next_plan", "explanation",
)  # fmt: skip
"""The fields of a full report, twelve at most."""
MONEY_FIELDS = ("year", "month", "life", "node", "next_plan")
"""What a programme without money is not asked."""
PROGRAMME_LABELS = {
    "progress": "进展",
    "started_on": "实际启动时间",
    "completed_on": "实际完成时间",
    "reason": "未达到的原因",
}
_FIGURES = {"year": INVESTMENT, "month": INVESTMENT_MONTH, "life": INVESTMENT_TOTAL}


class QuantityField(forms.CharField):
    """A quantity in the indicator's unit, kept as whole smallest steps."""

    def __init__(self, one: stating.Field) -> None:
        told = {"max_length": "不能超过40个字符"}
        super().__init__(
            label=one.label,
            help_text=one.hint,
            required=False,
            max_length=40,
            error_messages=told,
            widget=forms.TextInput({"class": "form-control", "inputmode": "decimal"}),
        )
        self._decimals = one.indicator.decimals

    def clean(self, value: Any) -> Any:
        """The value in smallest steps, None where nothing is typed."""
        text = super().clean(value)
        if not text:
            return None
        found = value_of(text, self._decimals)
        if found is None:
            raise forms.ValidationError(typing_words(self._decimals))
        return found


class ReportForm(SiteForm):
    """A unit's report of one project."""

    places = {
        "no-figure": "year",
        "nothing-said": "progress",
        "no-such-milestone": "progress",
        "reached-later": "progress",
        "too-large": "year",
        "nothing-before": "year",
        "locked-elsewhere": "year",
        "no-such-node": "node",
        "no-such-reason": "reason",
        "no-such-problem": "problem_kind",
        "bad-next-plan": "next_plan",
        "explanation-too-long": "explanation",
        "date-in-the-future": "started_on",
        "ends-before-start": "completed_on",
    }

    year = WanField(label="本年累计完成（万元）", required=False)
    month = WanField(label="本期完成（万元）", required=False)
    life = WanField(label="自开工累计（万元）", required=False)
    node = choice("形象节点", required=False)
    progress = paragraph("形象进度", LONGEST_TEXT, rows=2, required=False)
    started_on = day("实际开工时间", required=False)
    completed_on = day("实际竣工时间", required=False)
    reason = choice("滞后原因", required=False)
    problem_kind = choice("问题类别", required=False)
    problem = paragraph("存在问题", LONGEST_TEXT, rows=2, required=False)
    next_plan = WanField(label="下期计划完成（万元）", required=False)
    explanation = text("情况说明", LONGEST_REASON, required=False)
    seen = forms.CharField(
        widget=forms.HiddenInput,
        max_length=200,
        error_messages=dict.fromkeys(("required", "max_length"), "表单不完整，请刷新后再填"),
    )

    def __init__(
        self,
        *args: Any,
        asked: Sequence[stating.Field] = (),
        promised: Sequence[Promised] = (),
        takes_money: bool = True,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.asked, self.promised = asked, promised
        for one in asked:
            self.fields[one.name] = QuantityField(one)
        for each in promised:
            told = f"计划{each.due_on}" + (f"，首次计划{each.first.on}" if each.slip_days else "")
            self.fields[each.field] = day(f"{each.name}，完成日期", required=False, help_text=told)
            self.fields[each.field].widget.attrs["class"] = "form-control"
        self.order_fields([*(one.name for one in asked), *(one.field for one in promised)])
        if not takes_money:
            for name in MONEY_FIELDS:
                del self.fields[name]
            for name, label in PROGRAMME_LABELS.items():
                self.fields[name].label = label

    def command(self, round_id: int, project_id: int) -> SubmitReport:
        """What the form says, as one command."""
        held = self.cleaned_data
        return SubmitReport(
            round_id=round_id,
            project_id=project_id,
            seen=held["seen"],
            amounts=Amounts(
                year_yuan=held.get("year"),
                month_yuan=held.get("month"),
                life_yuan=held.get("life"),
            ),
            node=held.get("node", ""),
            progress=held["progress"],
            problem=held["problem"],
            reason_id=int(held["reason"]) if held["reason"] else None,
            problem_id=int(held["problem_kind"]) if held["problem_kind"] else None,
            started_on=held["started_on"],
            completed_on=held["completed_on"],
            next_plan_yuan=held.get("next_plan"),
            explanation=held["explanation"],
            quantities={
                one.indicator.pk: held[one.name] for one in self.asked if held[one.name] is not None
            },
            reached={one.key: held[one.field] for one in self.promised},
        )


@dataclass(slots=True)
class Filling:
    """One project's report being filled in."""

    task: Task
    form: ReportForm
    draft_version: int
    history: list[ReviewNote]
    doubts: Sequence[FigureQuestion] = ()
    """What reviewers asked about this report in their own words."""
    questions: Sequence[Question] = ()
    faults: Sequence[Any] = field(default=())

    @property
    def is_open(self) -> bool:
        """Whether it may be sent in."""
        return self.task.round.state == RoundState.OPEN and self.task.may_send

    def context(self) -> dict[str, Any]:
        """What the page shows."""
        known = self.task.known
        report, before, last = known.report, known.before, known.last
        return {
            "task": self.task,
            "round": self.task.round,
            "project": known.entry.project,
            "form": self.form,
            "is_open": self.is_open,
            "draft_version": self.draft_version,
            "history": self.history,
            "doubts": self.doubts,
            "questions": self.questions,
            "faults": self.faults,
            "asked": report.asked.splitlines() if report else [],
            "report": report,
            "before": before,
            "last": last,
            "plan_yuan": known.plan_yuan,
            "last_wan": _wan(last.year_yuan),
            "last_life_wan": _wan(last.life_yuan),
            "is_next": last.is_next,
            "begins_year": known.the_round.period.first_on.month == 1,
            "takes_money": known.takes_money,
            "promised": known.promised,
            "may_keep": self.task.is_to_do and known.has_last,
        }


def filling(the_round: Round, entry: ListEntry, posted: QueryDict | None = None) -> Filling:
    """The page of one project: what was typed, else what was kept (暂存), else what was sent in,
    else the last report's words and figure. Six statements."""
    known = OneProject.load(the_round, entry, [the_round], {})
    # What a project without money reports came with its indicators.
    own = {} if known.takes_money else {one.indicator.code: one.indicator for one in known.tracked}
    known.indicators = own or queries.indicators()
    asked = stating.fields_of(known)
    words = words_of(Vocabulary.NODE, Vocabulary.REASON, Vocabulary.PROBLEM)
    draft = ReportDraft.objects.filter(
        project_id=entry.project_id,
        period_id=the_round.period_id,
        organisation_id=reporting_unit_of(entry) or 0,
    ).first()
    history = list(ReviewNote.objects.filter(report=known.report or 0).order_by("-pk"))
    task = Task(known, draft is not None, history[0] if history else None)
    kept = json.loads(draft.content) if draft else {}
    form = ReportForm(
        posted,
        initial={**initial(known), **kept, "seen": known.seen},
        options=_options(known, words),
        asked=asked,
        promised=_promised(known, len(asked)),
        takes_money=known.takes_money,
    )
    is_asked = any(one.verdict == Verdict.QUESTIONED for one in history)
    doubts = list(_asked_by_reviewers(known)) if is_asked else []
    return Filling(task, form, draft.version if draft else 0, history, doubts=doubts)


def _promised(known: OneProject, quantities: int) -> list[Promised]:
    """The named milestones that the form has room for."""
    fields = len(FIELDS) - (0 if known.takes_money else len(MONEY_FIELDS))
    sent_at = known.report.submitted_at if known.report else None
    return asked_for(known.promised, sent_at, fields + quantities)


def typed_alone(posted: QueryDict) -> ReportForm | None:
    """The form with what was posted and nothing read: what may be chosen is the service's to
    check. None for a programme, whose fields hang on what it reports."""
    own = (stating.PREFIX, milestones.PREFIX)
    if "year" not in posted or any(name.startswith(own) for name in posted):
        return None
    given = {name: posted.get(name, "") for name in ("node", "reason", "problem_kind")}
    if not all(given[name].isdecimal() or not given[name] for name in ("reason", "problem_kind")):
        return None
    return ReportForm(posted, options={name: [(value, value)] for name, value in given.items()})


def _asked_by_reviewers(known: OneProject) -> QuerySet[FigureQuestion]:
    rows = FigureQuestion.objects.filter(
        project_id=known.entry.project_id,
        period_id=known.the_round.period_id,
        kind=FigureQuestionKind.REVIEWER,
    )
    return rows.exclude(state=FigureQuestionState.WITHDRAWN).order_by("-pk")


def _options(known: OneProject, words: Sequence[Term]) -> Mapping[str, Sequence[tuple[Any, str]]]:
    nodes = [one.name for one in ladder_of(words, known.entry.project.sector_id)]
    for told in (known.before, known.report):
        if told and told.physical_node and told.physical_node not in nodes:
            nodes.append(told.physical_node)

    def of(vocabulary: Vocabulary) -> list[tuple[Any, str]]:
        return [
            ("", "（无）"),
            *((str(one.pk), one.name) for one in words if one.vocabulary == vocabulary),
        ]

    return {
        "node": [("", "（未填）"), *((name, name) for name in nodes)],
        "reason": of(Vocabulary.REASON),
        "problem_kind": of(Vocabulary.PROBLEM),
    }


def initial(known: OneProject) -> dict[str, Any]:
    """What the fields begin with: what was sent in for this round, else the last report's words
    and cumulative figures; nobody types again what stands there."""
    told = known.report or known.before
    values: dict[str, Any] = {}
    for name, code in _FIGURES.items():
        yuan = known.yuan_of(code)
        if yuan is not None:
            values[name] = wan_text(yuan)
    if not known.now:
        values["year"] = _wan(known.last.year_yuan)
        values["life"] = _wan(known.last.life_yuan)
    if told is not None:
        values |= {
            "node": told.physical_node,
            "progress": told.progress_text,
            "problem": told.problem_text,
            "reason": str(told.reason_id or ""),
            "problem_kind": str(told.problem_id or ""),
        }
    if known.report is not None:
        values["next_plan"] = _wan(known.report.next_plan_yuan)
        values["explanation"] = known.report.explanation
    for one in stating.fields_of(known):
        values[one.name] = one.initial
    for each in known.promised:
        values[each.field] = each.reached_on.isoformat() if each.reached_on else ""
    for name, milestone in (
        ("started_on", Milestone.START),
        ("completed_on", Milestone.COMPLETION),
    ):
        fact = known.date_of(milestone, DateKind.ACTUAL)
        if fact is not None and fact.on is not None:
            values[name] = fact.on.isoformat()
    return values


def _wan(yuan: int | None) -> str:
    return "" if yuan is None else wan_text(yuan)
