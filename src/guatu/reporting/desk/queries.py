"""Reads of the intake desk: a constant number of queries for a whole list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from guatu.core import clock
from guatu.core.yuan import wan_words
from guatu.ledger.access import sees_everything, visible_projects
from guatu.ledger.models import Responsibility
from guatu.ledger.queries import in_force
from guatu.ledger.request import Viewer
from guatu.ledger.types import ResponsibilityRole
from guatu.organisation import queries as organisation
from guatu.reporting.access import projects_of
from guatu.reporting.desk.asked import Ground, Offer
from guatu.reporting.intake.facts import Facts
from guatu.reporting.models import (
    CallNote,
    DeliveredFile,
    Figure,
    IntakeAnswer,
    IntakeQuestion,
    Report,
    Round,
)
from guatu.reporting.queries import OpenQuestion, expected_of
from guatu.reporting.review.models import ReviewNote
from guatu.reporting.types import INVESTMENT, FigureSource, QuestionState, ReportState, Verdict

NO_UNIT = "未定责任单位"
FILES_SHOWN = 300
DESK_ORDER = ("-is_waiting", "imported__name", "sheet", "row_no", "pk")
_SAID_BY = (ResponsibilityRole.LIAISON, ResponsibilityRole.REPORTER, ResponsibilityRole.LEAD)


@dataclass(slots=True)
class Awaited:
    """One project that a round expects a report of."""

    project_id: int
    name: str
    serial_no: int
    state: str = ""
    is_waiting: bool = False
    """Its row came and waits for an answer."""
    came_on: date | None = None
    """The day on which its first figure or report came."""
    returned_for: str = ""
    """Why it was returned, where it was."""

    @property
    def is_returned(self) -> bool:
        """Whether the reviewer gave it back."""
        return self.state == ReportState.RETURNED

    @property
    def is_missing(self) -> bool:
        """Whether nothing of it came."""
        return not self.state and not self.is_waiting


@dataclass(slots=True)
class Unit:
    """One lead unit with what it owes; `contacts` are its people with a telephone, else people
    named for its projects."""

    organisation_id: int | None
    name: str
    projects: list[Awaited] = field(default_factory=list)
    contacts: list[str] = field(default_factory=list)
    notes: list[CallNote] = field(default_factory=list)

    @property
    def missing(self) -> list[Awaited]:
        """Projects of which nothing came."""
        return [one for one in self.projects if one.is_missing]

    @property
    def received(self) -> int:
        """Projects with a report."""
        return sum(bool(one.state) for one in self.projects)

    @property
    def key(self) -> int:
        """What addresses call it; zero is what has no lead unit."""
        return self.organisation_id or 0

    @property
    def waiting(self) -> int:
        """Projects whose row waits for an answer and that have no report otherwise."""
        return sum(one.is_waiting and not one.state for one in self.projects)


@dataclass(slots=True)
class Expected:
    """What a round expects, by unit."""

    units: list[Unit]
    names: dict[int, str]

    @property
    def projects(self) -> list[Awaited]:
        """Every project expected."""
        return [one for unit in self.units for one in unit.projects]

    @property
    def ids(self) -> set[int]:
        """The projects expected, by id."""
        return {one.project_id for one in self.projects}

    @property
    def reported(self) -> set[int]:
        """Those with a report."""
        return {one.project_id for one in self.projects if one.state}

    @property
    def missing(self) -> int:
        """Projects of which nothing came."""
        return sum(one.is_missing for one in self.projects)

    @property
    def unconfirmed(self) -> int:
        """Projects entered for their unit that it has not confirmed."""
        return sum(one.state == ReportState.PROXY_UNCONFIRMED for one in self.projects)

    @property
    def units_done(self) -> int:
        """Units of which every project has a report."""
        return sum(unit.received == len(unit.projects) for unit in self.units)


def expected(
    viewer: Viewer,
    the_round: Round,
    questions: Iterable[OpenQuestion],
    names: Mapping[int, str],
    *,
    with_contacts: bool = True,
) -> Expected:
    """Every project that the round expects a report of, under its lead unit, in ledger order;
    `names` are the units' names; whom to call is one query more.

    Parts of a listed package are not expected: their money stands on the package.
    """
    entries = expected_of(the_round)
    if not sees_everything(viewer.user, viewer.assignments):
        entries = entries.filter(project__in=visible_projects(viewer.user, viewer.assignments))
    report = Report.objects.filter(project_id=OuterRef("project_id"), period=the_round.period_id)
    first = Figure.objects.filter(report=OuterRef("pk")).order_by("at").values("at")[:1]
    came = report.annotate(came=Coalesce(Subquery(first), "submitted_at", "at")).values("came")
    notes = ReviewNote.objects.filter(
        report__project_id=OuterRef("project_id"),
        report__period=the_round.period_id,
        verdict=Verdict.RETURNED,
    ).order_by("-pk")
    rows = list(
        entries.annotate(
            state=Subquery(report.values("state")[:1]),
            came=Subquery(came[:1]),
            returned_for=Subquery(notes.values("reason")[:1]),
        )
        .order_by("serial_no", "pk")
        .values_list("project_id", "project__name", "serial_no", "state", "came", "returned_for")
    )
    waiting = {pk for one in questions if one.is_waiting for pk in one.projects}
    leads, people = _answerable(the_round)
    units: dict[int | None, Unit] = {}
    contacts = organisation.contacts_of(pk for pk in leads.values() if pk) if with_contacts else {}
    for project_id, name, serial_no, state, came_at, why in rows:
        lead = leads.get(project_id)
        unit = units.get(lead)
        if unit is None:
            called = names.get(lead, NO_UNIT) if lead else NO_UNIT
            unit = units[lead] = Unit(lead, called, contacts=contacts.get(lead or 0, []))
        came_on = came_at.astimezone(clock.CHINA).date() if came_at else None
        unit.projects.append(
            Awaited(
                project_id,
                name,
                serial_no,
                state or "",
                project_id in waiting,
                came_on,
                why or "",
            )
        )
        if lead not in contacts:
            unit.contacts += [one for one in people.get(project_id, ()) if one not in unit.contacts]
    return Expected(list(units.values()), {pk: name for pk, name, *_ in rows})


def _answerable(the_round: Round) -> tuple[dict[int, int | None], dict[int, list[str]]]:
    """Lead unit and people to call of each project."""
    rows = (
        Responsibility.objects.filter(
            in_force(clock.today()),
            role__in=_SAID_BY,
            project__entries__list_id=the_round.list_id,
            project__entries__left_on__isnull=True,
        )
        .order_by("valid_from", "pk")
        .values_list("project_id", "role", "organisation_id", "person__name")
    )
    leads: dict[int, int | None] = {}
    people: dict[int, list[str]] = defaultdict(list)
    for project_id, role, organisation_id, person in rows:
        if role == ResponsibilityRole.LEAD and organisation_id is not None:
            leads[project_id] = organisation_id
        if person and person not in people[project_id]:
            people[project_id].append(person)
    return leads, people


def open_questions(the_round: Round) -> QuerySet[IntakeQuestion]:
    """Questions of a round that nobody has answered, file by file in the order of the sheet, each
    with the last figure of its project's year before this period (`before_yuan`, `before_on`)."""
    earlier = Figure.objects.filter(
        project_id=OuterRef("project_id"),
        indicator__code=INVESTMENT,
        as_of__gte=date(the_round.period.parsed.year, 1, 1),
        as_of__lt=the_round.period.last_on,
        source=FigureSource.UNIT,
        is_current=True,
        value__isnull=False,
    ).order_by("-as_of")
    return (
        IntakeQuestion.objects.filter(
            period_id=the_round.period_id,
            imported__target=f"{the_round.list_id}:{the_round.period.key}",
            state=QuestionState.OPEN,
        )
        .annotate(
            before_yuan=Subquery(earlier.values("value")[:1]),
            before_on=Subquery(earlier.values("as_of")[:1]),
        )
        .select_related("imported", "project")
        .order_by(*DESK_ORDER)
    )


def delivered(the_round: Round) -> list[DeliveredFile]:
    """The newest files dropped in a round with their drops, newest drop first; `entered` are the
    rows of each that entered since by answers that hold."""
    answers = IntakeAnswer.objects.filter(
        round=the_round,
        withdrawal__isnull=True,
        question__imported__blob_id=OuterRef("blob_id"),
    )
    by_blob = answers.order_by().values("question__imported__blob_id")
    entered = by_blob.annotate(entered=Sum("outcome__entered")).values("entered")
    rows = DeliveredFile.objects.filter(delivery__round=the_round).annotate(
        entered=Subquery(entered)
    )
    return list(rows.select_related("delivery__lease").order_by("-delivery_id", "pk")[:FILES_SHOWN])


def ground_of(viewer: Viewer, the_round: Round, question: IntakeQuestion) -> Ground:
    """What is known around one question."""
    near = Facts.from_json(question.facts).near
    seen = projects_of(viewer, the_round).filter(pk__in=near)
    leads = Responsibility.objects.filter(
        in_force(clock.today()),
        role=ResponsibilityRole.LEAD,
        project__in=[*near, question.project_id or 0],
        organisation__isnull=False,
    )
    files = DeliveredFile.objects.filter(
        delivery__round=the_round, blob_id=question.imported.blob_id
    ).exclude(sender="")
    return Ground(
        dict(seen.values_list("pk", "name")),
        {pk: unit for pk, unit in leads.values_list("project_id", "organisation_id") if unit},
        organisation.organisation_names().official,
        dict(files.order_by("pk").values_list("blob_id", "sender")),
    )


def offers_of(the_round: Round, names: Mapping[int, str]) -> list[Offer]:
    """Projects that may be meant, each with its unit and last figure, those without a figure in
    this round first."""
    leads = Responsibility.objects.filter(
        in_force(clock.today()), role=ResponsibilityRole.LEAD, project__in=names
    )
    unit_of = dict(leads.order_by("valid_from", "pk").values_list("project_id", "organisation_id"))
    units = organisation.organisation_names().official if names else {}
    before, now = figures_before(the_round, list(names))
    found = []
    for pk in sorted(names, key=lambda pk: pk in now):
        known = [units.get(unit_of.get(pk) or 0, "")]
        if pk in before:
            day, yuan = before[pk]
            known.append(f"{day.month}月底累计{wan_words(yuan)}")
        known.append("" if pk in now else "本期未报")
        more = "，".join(filter(None, known))
        found.append(Offer(f"project:{pk}", f"是{names[pk]}{f'（{more}）' if more else ''}"))
    return found


def questions_of(question_ids: Iterable[int]) -> list[IntakeQuestion]:
    """Some questions in the order in which the desk shows them, whatever became of them."""
    rows = IntakeQuestion.objects.filter(pk__in=question_ids).select_related("imported")
    return list(rows.order_by(*DESK_ORDER))


def notes_of(the_round: Round) -> dict[int, list[CallNote]]:
    """Notes of calls by organisation, newest first."""
    notes: dict[int, list[CallNote]] = defaultdict(list)
    for note in the_round.call_notes.order_by("-pk"):
        notes[note.organisation_id].append(note)
    return notes


def figures_before(
    the_round: Round, project_ids: list[int]
) -> tuple[dict[int, tuple[date, int]], dict[int, int | None]]:
    """The year's last figure before the round's day, with its day, and the one of that day."""
    day = the_round.period.last_on
    rows = Figure.objects.filter(
        project_id__in=project_ids,
        indicator__code=INVESTMENT,
        as_of__range=(date(the_round.period.parsed.year, 1, 1), day),
        source=FigureSource.UNIT,
        is_current=True,
    ).order_by("as_of")
    before: dict[int, tuple[date, int]] = {}
    now: dict[int, int | None] = {}
    for project_id, as_of, value in rows.values_list("project_id", "as_of", "value"):
        if as_of == day:
            now[project_id] = value
        elif value is not None:
            before[project_id] = (as_of, value)
    return before, now
