"""Storing judged rows: figures by supersession, reports, dates, questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date
from typing import Any

from guatu.files.models import Import
from guatu.journal.services import Act
from guatu.planning.models import DateFact
from guatu.planning.types import DateKind
from guatu.reporting.intake.facts import facts_of
from guatu.reporting.intake.held import Held, SentIn
from guatu.reporting.intake.judge import Judged, Question
from guatu.reporting.intake.rows import Amount, ReportRow
from guatu.reporting.models import Figure, Indicator, IntakeQuestion, Period, Report
from guatu.reporting.types import (
    INVESTMENT,
    INVESTMENT_MONTH,
    INVESTMENT_TOTAL,
    QuestionState,
    ReportSource,
    ReportState,
)

_INDICATOR_OF = {
    "本年累计完成投资": INVESTMENT,
    "本月完成投资": INVESTMENT_MONTH,
    "自开工累计完成投资": INVESTMENT_TOTAL,
}


@dataclass(slots=True)
class Stored:
    """How many rows were new, changed, the same; and what was written for them."""

    new: int = 0
    changed: int = 0
    same: int = 0
    figures: list[Figure] = field(default_factory=list)
    dates: list[DateFact] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    before: dict[int, dict[str, Any]] = field(default_factory=dict)
    """By project what a changed report was; of a new one there is nothing."""
    asked: list[IntakeQuestion] = field(default_factory=list)
    superseded: list[IntakeQuestion] = field(default_factory=list)


NO_QUANTITIES: Mapping[str, Amount] = {}
REPORT_COLUMNS = (
    "source",
    "state",
    "progress_text",
    "problem_text",
    "by",
    "physical_node",
    "is_unchanged",
    "next_plan_yuan",
    "reason_id",
    "problem_id",
)


def report_columns(report: Report) -> dict[str, Any]:
    """What a withdrawal puts back of a report."""
    return {name: getattr(report, name) for name in REPORT_COLUMNS} | {
        "at": report.at.astimezone(UTC).isoformat()
    }


@dataclass(frozen=True, slots=True)
class Why:
    """Why figures change: empty for a report, reason and approver for a correction."""

    reason: str = ""
    approved_by: str = ""


class ReportWriter:
    """Stores the judged rows of one call for one period within one act."""

    def __init__(
        self,
        act: Act,
        period: Period,
        indicators: dict[str, Indicator],
        project_ids: Sequence[int],
        why: Why = Why(),
        held: Held | None = None,
    ) -> None:
        self.act = act
        self.period = period
        self.why = why
        self.stored = Stored()
        self._indicators = indicators
        self._as_of = period.last_on
        self._year_ago = period.parsed.year_before.as_of
        held = held or Held.of(period, project_ids)
        self._figures, self._figures_ago = held.figures, held.figures_ago
        self._reports, self._dates = held.reports, held.dates
        self._leads: dict[int, int | None] = {}
        self._open = {_key(q.project_id, q.code, q.question, q.imported): q for q in held.questions}
        self._asked: set[_Key] = set()
        self._answered: set[int] = set()
        self._stood: set[int] = set()
        self._retired: list[Figure] = []
        self._new_figures: list[Figure] = []
        self._new_dates: list[DateFact] = []
        self._new_reports: list[Report] = []
        self._questions: list[IntakeQuestion] = []

    def set_leads(self, leads: dict[int, int | None]) -> None:
        """Which organisation answers for each project, recorded on its report."""
        self._leads = leads

    def standing_from(self, source: Import, judged: Sequence[Judged]) -> set[int]:
        """Projects whose figure in force came from this very file with this very value."""
        investment = self._indicators[INVESTMENT].pk
        standing = set()
        for one in judged:
            held = self._figures.get((one.project_id, investment))
            amount = one.row.investment
            if held is None or amount is None or held.imported_id != source.pk:
                continue
            if held.value == amount.yuan:
                standing.add(one.project_id)
        return standing

    def take(self, judged: Sequence[tuple[Judged, Import]]) -> None:
        """Take the rows of one file: store what enters, keep the questions of all."""
        for one, source in judged:
            if not one.is_waiting:
                self._row(one, source)
                self._stood.add(one.project_id)
            for question in one.questions:
                self.ask(question, one.row, source, project_id=one.project_id)
            self._answered.add(one.project_id)

    def finish(self) -> None:
        """Write what was gathered, and settle questions that were not asked again."""
        self._flush(self._answered)

    def ask(
        self, question: Question, row: ReportRow, source: Import, *, project_id: int | None
    ) -> None:
        """Keep a question with its place, unless the same one is open already.

        Where a newer file of the sender asks it again, it moves there: the answer is to take the
        newer row in.
        """
        text = question.text
        if project_id is not None:
            self._answered.add(project_id)
        key = _key(project_id, question.code, text, source)
        known = self._open.get(key)
        if known is not None and _is_newer(source, known.imported):
            self._supersede(self._open.pop(key))
            known = None
        is_known = known is not None or key in self._asked
        self._asked.add(key)
        if is_known:
            return
        self._questions.append(
            IntakeQuestion(
                imported=source,
                period=self.period,
                project_id=project_id,
                sheet=row.place.sheet,
                cell=question.cell,
                row_no=row.place.row,
                code=question.code,
                question=text,
                facts=facts_of(question, row).to_json(),
                is_waiting=question.is_waiting,
            )
        )

    def enter(
        self,
        one: Judged,
        via: ReportSource,
        sent: SentIn | None = None,
        quantities: Mapping[str, Amount] = NO_QUANTITIES,
    ) -> Report:
        """Store what came without a file: by phone, in the chat or on paper (代报), to be
        confirmed; or what a unit sent in on its own page, to be reviewed. `quantities` by
        indicator go beside the money or in its place."""
        report = self._row(one, None, via, sent)
        for code, amount in quantities.items():
            old = self._figures.get((one.project_id, self._indicators[code].pk))
            self._figure(one.project_id, code, self._as_of, amount, old, (report, None, one.row))
        self._stood.add(one.project_id)
        self._answered.add(one.project_id)
        return report

    def _row(
        self,
        one: Judged,
        source: Import | None,
        via: ReportSource = ReportSource.WORKBOOK,
        sent: SentIn | None = None,
    ) -> Report:
        before = len(self._new_figures) + len(self._new_dates)
        project_id, row = one.project_id, one.row
        has_figure = (project_id, self._indicators[INVESTMENT].pk) in self._figures
        known = has_figure or project_id in self._reports
        state = ReportState.QUESTIONED if one.is_questioned else ReportState.ACCEPTED
        if has_figure and not row.amounts and project_id in self._reports:
            # Words alone leave the figure in force as sure or unsure as it was.
            state = ReportState(self._reports[project_id].state)
        if sent is not None:
            state = sent.state
        elif source is None:
            state = ReportState.PROXY_UNCONFIRMED
        more = sent.columns if sent else row.said
        report, report_changed = self._report(project_id, row, state, via, more)
        amounts = row.amounts | self._in_step(project_id, row)
        for name, code in _INDICATOR_OF.items():
            amount = amounts.get(name)
            if amount is not None and amount.yuan is not None:
                old = self._figures.get((project_id, self._indicators[code].pk))
                self._figure(project_id, code, self._as_of, amount, old, (report, source, row))
        if one.takes_last_year:
            amount = row.amounts["上年同期累计完成投资"]
            old = self._figures_ago.get((project_id, self._indicators[INVESTMENT].pk))
            self._figure(project_id, INVESTMENT, self._year_ago, amount, old, (None, source, row))
        for milestone in one.takes_dates:
            self._date(project_id, milestone, row)
        has_more = len(self._new_figures) + len(self._new_dates) > before
        if report.review_level and (report_changed or has_more):
            report.review_level = 0  # what is said anew is reviewed anew
            self.act.write(report)
        if report_changed:
            self.stored.reports.append(report)
        if not known:
            self.stored.new += 1
        elif report_changed or has_more:
            self.stored.changed += 1
        else:
            self.stored.same += 1
        return report

    def _in_step(self, project_id: int, row: ReportRow) -> dict[str, Amount]:
        """Where the year's figure of the day changes and the row says nothing of this month's and
        that since the start, both move with it (M-C2)."""
        year, told = self._held(project_id, INVESTMENT), row.investment
        if year is None or told is None or told.yuan is None:
            return {}
        more = told.yuan - year
        return {
            name: Amount(held + more, "", "")
            for name, code in _INDICATOR_OF.items()
            if (stated := row.amounts.get(name)) is None or stated.yuan is None
            if (held := self._held(project_id, code)) is not None
        }

    def _held(self, project_id: int, code: str) -> int | None:
        """The figure of the day that is in force."""
        held = self._figures.get((project_id, self._indicators[code].pk))
        return None if held is None else held.value

    def _report(
        self,
        project_id: int,
        row: ReportRow,
        state: ReportState,
        via: ReportSource,
        more: Mapping[str, Any],
    ) -> tuple[Report, bool]:
        old = self._reports.get(project_id)
        if old is None:
            report = Report(
                project_id=project_id,
                period=self.period,
                source=via,
                state=state,
                progress_text=row.progress,
                problem_text=row.problem,
                by=self.act.actor.text,
                at=self.act.at,
                **{"organisation_id": self._leads.get(project_id), **more},
            )
            self._new_reports.append(report)
            self._reports[project_id] = report
            return report, True
        stated = {
            "source": via.value,
            "state": state.value,
            "progress_text": row.progress if "形象进度" in row.columns else old.progress_text,
            "problem_text": row.problem if "存在问题" in row.columns else old.problem_text,
            **more,
        }
        changed = any(getattr(old, name) != value for name, value in stated.items())
        if changed:
            self.stored.before.setdefault(project_id, report_columns(old))
            for name, value in stated.items():
                setattr(old, name, value)
            old.by, old.at = self.act.actor.text, self.act.at
            self.act.write(old)
        return old, changed

    def _figure(
        self,
        project_id: int,
        code: str,
        as_of: date,
        amount: Amount,
        old: Figure | None,
        origin: tuple[Report | None, Import | None, ReportRow],
    ) -> None:
        if old is not None and old.value == amount.yuan:
            return
        report, source, row = origin
        if old is not None:
            old.is_current = False
            self._retired.append(old)
        new = Figure(
            project_id=project_id,
            indicator=self._indicators[code],
            as_of=as_of,
            value=amount.yuan,
            raw_text=amount.raw,
            cell=f"{row.place.sheet}!{amount.cell}" if source and amount.cell else "",
            report=report,
            imported=source,
            supersedes=old,
            reason=self.why.reason or row.reason,
            approved_by=self.why.approved_by,
            by=self.act.actor.text,
            at=self.act.at,
        )
        self._new_figures.append(new)

    def _date(self, project_id: int, milestone: str, row: ReportRow) -> None:
        given = row.dates[milestone]
        old = self._dates.get((project_id, milestone, DateKind.ACTUAL.value))
        self._new_dates.append(
            DateFact(
                project_id=project_id,
                milestone=milestone,
                kind=DateKind.ACTUAL,
                on=given.on,
                precision=given.precision,
                raw_text=given.raw,
                seq=old.seq + 1 if old else 1,
                reason=self.why.reason,
                by=self.act.actor.text,
                at=self.act.at,
            )
        )

    def _flush(self, answered: set[int]) -> None:
        self.act.add_all(self._new_reports)
        for figure in self._new_figures:
            figure.report_id = figure.report.pk if figure.report else None
        self.act.change_all(self._retired, ["is_current"])
        self.act.add_all([*self._new_figures, *self._new_dates, *self._questions])
        self.stored.figures += self._new_figures
        self.stored.dates += self._new_dates
        self.stored.asked += self._questions
        for key, question in self._open.items():
            # A row that waits itself does not settle what was asked about the figure in force.
            settles = answered if question.is_waiting else self._stood
            if question.project_id in settles and key not in self._asked:
                self._supersede(question)

    def _supersede(self, question: IntakeQuestion) -> None:
        question.state = QuestionState.SUPERSEDED
        self.act.write(question)
        self.stored.superseded.append(question)


def _is_newer(source: Import, other: Import) -> bool:
    """Whether a file is a later one of the same sender."""
    return source.pk > other.pk and source.sender == other.sender


type _Key = tuple[int | None, str, str, str]


def _key(project_id: int | None, code: str, text: str, source: Import) -> _Key:
    """What makes a question the same one; of a row without a project also who sent it."""
    return (project_id, code, text, source.sender if project_id is None else "")
