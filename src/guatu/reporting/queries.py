"""Reads of the reporting room: periods, rounds and the figures in force."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from guatu.core.errors import Fault, NotFound
from guatu.core.periods import Grain, PeriodKey
from guatu.ledger.models import ListEntry, Project, ProjectList
from guatu.planning.models import DateFact
from guatu.planning.types import DateKind
from guatu.reporting.due.scope import scopes_of_rounds, within
from guatu.reporting.models import Figure, Indicator, IntakeQuestion, Period, Report, Round
from guatu.reporting.types import INVESTMENT, FigureSource, QuestionState, ReportState

type Seen = Collection[int] | QuerySet[Project] | None
"""The projects that a reader sees; None: all of them."""


def find_round(listing: ProjectList, period: PeriodKey) -> Round:
    """The round of a list for a period, or NotFound."""
    found = (
        Round.objects.select_related("list", "period")
        .filter(list=listing, period__key=period.key)
        .first()
    )
    if found is None:
        raise NotFound(
            Fault(
                code="unknown-round",
                what=f"{listing}没有{period.label}这一期",
                remedy="请先导入该期月报",
            )
        )
    return found


def rounds(*, closed_only: bool = False) -> list[Round]:
    """All rounds in order of time, then list."""
    rows = Round.objects.select_related("list", "period").order_by("period__last_on", "list_id")
    return [row for row in rows if not closed_only or row.revision > 0]


def indicators() -> dict[str, Indicator]:
    """Indicators by code."""
    return {row.code: row for row in Indicator.objects.all()}


def figures_at(
    project_ids: Iterable[int], as_of: date, source: FigureSource = FigureSource.UNIT
) -> dict[tuple[int, int], Figure]:
    """Current figures at a day by project and indicator."""
    wanted = set(project_ids)
    rows = Figure.objects.filter(as_of=as_of, source=source, is_current=True)
    return {(f.project_id, f.indicator_id): f for f in rows if f.project_id in wanted}


def that_count() -> Q:
    """Of figures: those that count. What a reviewer returned does not until it is sent again."""
    return Q(report__isnull=True) | ~Q(report__state=ReportState.RETURNED)


def investments_on(project_ids: Collection[int], day: date) -> dict[int, int | None]:
    """The year's figure of some projects in force on a day, in yuan."""
    rows = Figure.objects.filter(
        project__in=project_ids,
        indicator__code=INVESTMENT,
        as_of=day,
        source=FigureSource.UNIT,
        is_current=True,
    )
    return dict(rows.values_list("project_id", "value"))


def latest_before(period: PeriodKey, indicator: Indicator) -> dict[int, tuple[date, int]]:
    """Each project's last known value of the period's own year before its last day: day and value.

    After a week that ends in the January after its year, figures of the new year's first days
    are not of that year; and what was reported for such a week is not of the new one.
    """
    rows = Figure.objects.filter(
        indicator=indicator,
        is_current=True,
        source=FigureSource.UNIT,
        value__isnull=False,
        as_of__lt=min(period.as_of, date(period.year + 1, 1, 1)),
        as_of__gte=date(period.year, 1, 1),
    )
    weeks = [pk for pk, year in weeks_across_new_year().items() if year == period.year - 1]
    if weeks:
        rows = rows.exclude(report__period_id__in=weeks)
    found = rows.order_by("as_of").values_list("project_id", "as_of", "value")
    return {project: (day, value) for project, day, value in found if value is not None}


def weeks_across_new_year() -> dict[int, int]:
    """Weeks that end in the January after their year, by id of the period: that year.

    The only figures whose year is not that of their day are those reported for such weeks.
    """
    rows = Period.objects.filter(grain=Grain.WEEK, last_on__month=1, last_on__day__lte=3)
    return {row.pk: row.parsed.year for row in rows}


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """One thing to be answered: one row's, or one column's of a file for all the rows it keeps
    waiting. 待答复 where rows are out (`is_waiting`), else 待核实."""

    round_id: int
    is_waiting: bool
    blob_id: int
    projects: frozenset[int]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a round stands, the same on every page: projects expected, with a report (已收), with a
    row that waits and no report; questions that keep rows out (待答复) and others (待核实)."""

    expected: int
    received: int
    waiting: int
    to_answer: int
    to_verify: int

    @property
    def not_received(self) -> int:
        """Projects without a report (未收到)."""
        return self.expected - self.received

    @property
    def missing(self) -> int:
        """Projects of which nothing came at all (未报)."""
        return self.not_received - self.waiting

    @property
    def is_complete(self) -> bool:
        """Whether everything came and nothing keeps a row out."""
        return self.expected > 0 and not self.not_received and not self.to_answer


def open_questions(rounds: Iterable[Round], seen: Seen = None) -> list[OpenQuestion]:
    """What waits for an answer in some rounds, in one query."""
    targets = {f"{one.list_id}:{one.period.key}": one.pk for one in rounds}
    return _together(
        (question_key(pk, imported_id, code, facts), targets[target], blob_id, project_id, waits)
        for _, pk, imported_id, blob_id, project_id, waits, target, code, facts in _asked(
            targets, seen
        )
    )


def _asked(targets: Iterable[str], seen: Seen) -> QuerySet[IntakeQuestion, _Row]:
    rows = IntakeQuestion.objects.filter(
        imported__target__in=list(targets), state=QuestionState.OPEN
    )
    if seen is not None:
        rows = rows.filter(project__in=seen)
    return rows.order_by().values_list(
        Value("question"),
        "pk",
        "imported_id",
        "imported__blob_id",
        "project_id",
        Case(When(is_waiting=True, then=Value(1)), default=Value(0)),
        "imported__target",
        "code",
        "facts",
    )


type _Row = tuple[str, int, int, int, int | None, int, str, str, str]
"""What it is, its ids, a mark and texts: one shape for entries, reports and questions."""


def open_now(the_round: Round, questions: Iterable[IntakeQuestion]) -> list[OpenQuestion]:
    """The same of a round's open questions that are at hand."""
    return _together(
        (
            question_key(one.pk, one.imported_id, one.code, one.facts),
            the_round.pk,
            one.imported.blob_id,
            one.project_id,
            one.is_waiting,
        )
        for one in questions
    )


def _together(
    rows: Iterable[tuple[tuple[int, str], int, int, int | None, int]],
) -> list[OpenQuestion]:
    found: dict[tuple[int, str], OpenQuestion] = {}
    for key, round_id, blob_id, project_id, is_waiting in rows:
        before = found[key].projects if key in found else frozenset()
        projects = before | ({project_id} if project_id else frozenset())
        found[key] = OpenQuestion(round_id, bool(is_waiting), blob_id, projects)
    return list(found.values())


def question_key(pk: int, imported_id: int, code: str, facts: str) -> tuple[int, str]:
    """What makes open questions one thing to be answered: a column without a unit is asked about
    once for all its rows."""
    if code != "unit-missing":
        return pk, ""
    return imported_id, f"{code} {json.loads(facts).get('label', '') if facts else ''}"


def expected_entries(list_ids: Iterable[int] | QuerySet[Any, Any]) -> QuerySet[ListEntry]:
    """The entries of lists that a round expects a report of: a part of a listed package is
    reported with the package."""
    packages = ListEntry.objects.filter(
        list_id=OuterRef("list_id"),
        project_id=OuterRef("project__package_id"),
        left_on__isnull=True,
    )
    wanted = list_ids if isinstance(list_ids, QuerySet) else set(list_ids)
    return ListEntry.objects.filter(
        list_id__in=wanted, left_on__isnull=True, project__removed_on__isnull=True
    ).exclude(Exists(packages))


def expected_of(the_round: Round) -> QuerySet[ListEntry]:
    """The entries that one round expects a report of: of a limited round those named in its
    scope alone (M-C1)."""
    return within(expected_entries([the_round.list_id]), the_round)


def standings(rounds: Sequence[Round], seen: Seen = None) -> dict[int, Standing]:
    """How each of some rounds stands, in one query; one more where a round is limited."""
    entries = expected_entries(one.list_id for one in rounds)
    reports = Report.objects.filter(period__in={one.period_id for one in rounds})
    if seen is not None:
        entries, reports = entries.filter(project__in=seen), reports.filter(project__in=seen)
    none, empty = Value(0), Value("")
    targets = {f"{one.list_id}:{one.period.key}": one.pk for one in rounds}
    rows = _asked(targets, seen).union(
        entries.order_by().values_list(
            Value("entry"), "list_id", none, none, "project_id", none, empty, empty, empty
        ),
        reports.order_by().values_list(
            Value("report"), "period_id", none, none, "project_id", none, empty, empty, empty
        ),
        all=True,
    )
    held: dict[tuple[str, int], set[int]] = defaultdict(set)
    asked = []
    for what, pk, imported_id, blob_id, project_id, waits, target, code, facts in rows:
        if what == "question":
            key = question_key(pk, imported_id, code, facts)
            asked.append((key, targets[target], blob_id, project_id, waits))
        elif project_id is not None:
            held[what, pk].add(project_id)
    together, scopes = _together(asked), scopes_of_rounds(rounds)
    return {
        one.pk: standing_of(
            held["entry", one.list_id] & scopes.get(one.pk, held["entry", one.list_id]),
            held["report", one.period_id],
            [question for question in together if question.round_id == one.pk],
        )
        for one in rounds
    }


def standing_of(
    expected: Collection[int], reported: Collection[int], asked: Sequence[OpenQuestion]
) -> Standing:
    """How a round stands, from the projects expected and reported and what waits. Pure."""
    received = set(expected) & set(reported)
    came = {pk for one in asked if one.is_waiting for pk in one.projects} & set(expected)
    to_answer = sum(one.is_waiting for one in asked)
    return Standing(
        len(expected), len(received), len(came - received), to_answer, len(asked) - to_answer
    )


def unconfirmed(the_round: Round, seen: Seen = None) -> QuerySet[Report]:
    """Reports of a round that were entered for their unit and that it has not confirmed."""
    rows = Report.objects.filter(
        period=the_round.period_id,
        state=ReportState.PROXY_UNCONFIRMED,
        project__in=expected_of(the_round).values("project_id"),
    )
    return rows if seen is None else rows.filter(project__in=seen)


def reports_of(period: Period) -> dict[int, Report]:
    """Reports of a period by project."""
    return {row.project_id: row for row in Report.objects.filter(period=period)}


def entry_versions(the_round: Round, project_ids: Collection[int]) -> dict[int, str]:
    """The state of each project's report in a round, to tell whether somebody changed it
    meanwhile (see `version_text`)."""
    reports = dict(
        Report.objects.filter(project__in=project_ids, period=the_round.period).values_list(
            "project_id", "version"
        )
    )
    figures: dict[int, list[int]] = defaultdict(list)
    current = Figure.objects.filter(
        project__in=project_ids,
        as_of=the_round.period.last_on,
        source=FigureSource.UNIT,
        is_current=True,
    )
    for project_id, pk in current.values_list("project_id", "pk"):
        figures[project_id].append(pk)
    facts = DateFact.objects.filter(project__in=project_ids, kind=DateKind.ACTUAL)
    dates = Counter(facts.values_list("project_id", flat=True))
    return {
        pk: version_text(reports.get(pk, 0), figures.get(pk, ()), dates[pk]) for pk in project_ids
    }


def version_text(report_version: int, figure_ids: Iterable[int], dates: int) -> str:
    """A state as forms carry it: the report's version, its figures in force, how many dates were
    told."""
    ids = "-".join(str(pk) for pk in sorted(figure_ids))
    return f"{report_version}.{ids or 0}.{dates}"
