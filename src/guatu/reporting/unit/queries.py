"""Reads of a unit's own pages: a constant number of statements for all that it reports."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from guatu.core import clock
from guatu.ledger.models import ListEntry
from guatu.ledger.request import Viewer
from guatu.organisation.types import Right
from guatu.planning.models import DateFact
from guatu.planning.types import DateKind
from guatu.reporting import queries
from guatu.reporting.access import own_entries, scopes_of
from guatu.reporting.asking.queries import open_to
from guatu.reporting.due.scope import is_expected, scopes_of_rounds
from guatu.reporting.intake.one import OneProject
from guatu.reporting.models import Figure, Report, ReportDraft, Round
from guatu.reporting.papers.queries import paper_count
from guatu.reporting.quantities.queries import with_targets
from guatu.reporting.review.models import ReviewNote
from guatu.reporting.rules import TO_DO, Standing, may_send, state_words
from guatu.reporting.types import (
    BUILT_IN,
    INVESTMENT,
    FigureSource,
    ReportState,
    RoundState,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class Task:
    """One project of one open round that a unit reports."""

    known: OneProject
    has_draft: bool
    returned: ReviewNote | None
    """Why a reviewer gave it back, where it is given back now."""
    asked: int = 0
    """Questions to its figures that the unit has still to answer."""

    @property
    def round(self) -> Round:
        """The round it is due in."""
        return self.known.the_round

    @property
    def due_on(self) -> date:
        """The last day that is on time."""
        return self.round.due_on

    @property
    def days_left(self) -> int:
        """Days until then; negative when it is over."""
        return (self.due_on - clock.today()).days

    @property
    def words(self) -> str:
        """How it stands, in the words of tables.md."""
        report = self.known.report
        sent = report.submitted_at if report else None
        standing = Standing(
            state=report.state if report else "",
            source=report.source if report else "",
            is_unchanged=bool(report and report.is_unchanged),
            sent_on=sent.astimezone(clock.CHINA).date() if sent else None,
            has_draft=self.has_draft,
        )
        return state_words(
            standing, cut_off_on=self.round.cut_off_on, due_on=self.due_on, today=clock.today()
        )

    @property
    def is_to_do(self) -> bool:
        """Whether the unit has still to send it in."""
        return self.words in TO_DO

    @property
    def may_send(self) -> bool:
        """Whether it may be sent in (again)."""
        report = self.known.report
        return report is None or may_send(report.state, report.source)

    @property
    def now_yuan(self) -> int | None:
        """The year's figure as it stands for this round, in yuan."""
        return self.known.yuan_of(INVESTMENT)


def tasks(viewer: Viewer) -> list[Task]:
    """Everything that the user's units report in open rounds: what was returned first, then what
    is overdue, then by due date and number. Eight statements."""
    scopes = scopes_of(viewer.assignments, Right.REPORT)
    rounds = list(
        Round.objects.filter(state=RoundState.OPEN)
        .select_related("list", "period")
        .order_by("due_at", "pk")
    )
    lists = {one.list_id for one in rounds}
    entries = list(own_entries(lists, scopes).order_by("serial_no", "pk"))
    if not entries:
        return []
    found = known_of(rounds, entries)
    kept = _drafts(rounds, entries)
    returned = _returned(found)
    asked = open_to(rounds, {one.project_id for one in entries}, ()).of_projects
    made = [
        Task(
            one,
            (one.entry.project_id, one.the_round.period_id) in kept,
            returned.get(one.report.pk) if one.report else None,
            asked.get((one.entry.project_id, one.the_round.period_id), 0),
        )
        for one in found
    ]
    return sorted(made, key=_urgency)


def _urgency(task: Task) -> tuple[int, date]:
    is_returned = task.words == ReportState.RETURNED.label
    return (0 if is_returned else 1 if task.is_to_do else 2, task.due_on)


def known_of(
    rounds: Sequence[Round], entries: Sequence[ListEntry], *, to_fill_in: bool = True
) -> list[OneProject]:
    """What is known of some entries in the rounds of their lists. Four statements; without what a
    form must carry (`to_fill_in`) two, and of money the year's figures alone; quantities come with
    their targets. One more where a round is limited: it has none but the projects of its scope."""
    ids = {one.project_id for one in entries}
    periods = {one.period_id for one in rounds}
    years = [one.period.parsed.year for one in rounds]
    figures: dict[int, list[Figure]] = defaultdict(list)
    rows = Figure.objects.filter(
        project__in=ids,
        is_current=True,
        source=FigureSource.UNIT,
        as_of__gte=date(min(years) - 1, 12, 1),
    )
    indicators = queries.indicators() if to_fill_in else {}
    if not to_fill_in:
        rows = rows.exclude(indicator__code__in=BUILT_IN[1:]).select_related("indicator")
        rows = with_targets(rows)
    for figure in rows.select_related("report__period").order_by("as_of"):
        figures[figure.project_id].append(figure)
        if not to_fill_in:
            indicators[figure.indicator.code] = figure.indicator
    reports = {
        (one.project_id, one.period_id): one
        for one in Report.objects.filter(project__in=ids, period__in=periods)
        .select_related("project", "reason", "problem")
        .annotate(papers=paper_count())
    }
    limits = scopes_of_rounds(rounds)
    facts = DateFact.objects.filter(project__in=ids, kind=DateKind.ACTUAL)
    told = Counter(facts.values_list("project_id", flat=True)) if to_fill_in else Counter()
    return [
        OneProject(
            the_round,
            entry,
            [the_round],
            indicators,
            figures=[
                one for one in figures[entry.project_id] if one.as_of <= the_round.period.last_on
            ],
            report=reports.get((entry.project_id, the_round.period_id)),
            dates_told=told[entry.project_id],
        )
        for the_round in rounds
        for entry in entries
        if entry.list_id == the_round.list_id
        and is_expected(limits, the_round.pk, entry.project_id)
    ]


def _drafts(rounds: Sequence[Round], entries: Sequence[ListEntry]) -> set[tuple[int, int]]:
    rows = ReportDraft.objects.filter(
        project__in={one.project_id for one in entries},
        period__in={one.period_id for one in rounds},
    )
    return set(rows.values_list("project_id", "period_id"))


def _returned(found: list[OneProject]) -> dict[int, ReviewNote]:
    ids = [
        one.report.pk for one in found if one.report and one.report.state == ReportState.RETURNED
    ]
    notes = ReviewNote.objects.filter(verdict=Verdict.RETURNED, report__in=ids).order_by("pk")
    return {one.report_id: one for one in notes}
