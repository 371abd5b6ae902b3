"""Reads of the desk: the open rounds with what they still lack, switches that end soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from guatu.assessment.models import RoundRequest
from guatu.assessment.queries import REQUEST_HOLDS
from guatu.core import clock
from guatu.journal.models import Entry
from guatu.ledger.models import ListEntry, Project
from guatu.organisation import locks
from guatu.organisation.models import Switch, User
from guatu.reporting.models import IntakeQuestion, Report, Round
from guatu.reporting.types import QuestionState, RoundState

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class OpenRound:
    """A round that takes reports: how many projects are expected, have a report, or have a row
    that waits for an answer; and how many questions wait."""

    round: Round
    expected: int
    received: int
    waiting: int
    questions: int

    @property
    def missing(self) -> int:
        """Projects of which nothing came."""
        return self.expected - self.received - self.waiting

    @property
    def due_on(self) -> date:
        """The day on which reports are due."""
        return self.round.due_at.astimezone(clock.CHINA).date()

    @property
    def days_left(self) -> int:
        """Days until reports are due; negative when that is over."""
        return (self.due_on - clock.today()).days


def open_rounds(list_id: int, seen: QuerySet[Project] | None) -> list[OpenRound]:
    """The open rounds of a list, oldest first, counted over the projects a user sees; one query.

    A sub-project whose package stands on the same list is reported with the package.
    """
    packages = ListEntry.objects.filter(
        list_id=OuterRef("list_id"), project_id=OuterRef("project__package_id")
    )
    entries = ListEntry.objects.filter(
        list_id=OuterRef("list_id"), left_on__isnull=True, project__removed_on__isnull=True
    ).exclude(Exists(packages))
    if seen is not None:
        entries = entries.filter(project__in=seen)
    reports = Report.objects.filter(
        project_id=OuterRef("project_id"), period_id=OuterRef(OuterRef("period_id"))
    )
    waiting = IntakeQuestion.objects.filter(
        project_id=OuterRef("project_id"),
        period_id=OuterRef(OuterRef("period_id")),
        state=QuestionState.OPEN,
        is_waiting=True,
    )
    questions = IntakeQuestion.objects.filter(
        period_id=OuterRef("period_id"),
        state=QuestionState.OPEN,
        is_waiting=True,
        imported__target__startswith=f"{list_id}:",
    )
    if seen is not None:
        questions = questions.filter(project__in=seen)
    rows = (
        Round.objects.filter(list_id=list_id, state=RoundState.OPEN)
        .select_related("period", "list")
        .annotate(
            expected=_count(entries, "list_id"),
            received=_count(entries.filter(Exists(reports)), "list_id"),
            waiting=_count(entries.filter(Exists(waiting), ~Exists(reports)), "list_id"),
            questions=_count(questions, "period_id"),
        )
        .order_by("period__last_on", "pk")
    )
    return [
        OpenRound(
            row,
            getattr(row, "expected"),  # noqa: B009 (annotations)
            getattr(row, "received"),  # noqa: B009
            getattr(row, "waiting"),  # noqa: B009
            getattr(row, "questions"),  # noqa: B009
        )
        for row in rows
    ]


def _count(rows: QuerySet[ListEntry] | QuerySet[IntakeQuestion], by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def ending_switches() -> list[Switch]:
    """Switches that are on and end within a month; one query."""
    today = clock.today()
    newer = Switch.objects.filter(name=OuterRef("name"), pk__gt=OuterRef("pk"))
    return list(
        Switch.objects.filter(
            ~Exists(newer), is_on=True, until__range=(today, today + SOON)
        ).order_by("until")
    )


def accounts() -> dict[str, int]:
    """How many accounts there are, in use and disabled."""
    return User.objects.aggregate(
        active=Count("pk", filter=Q(is_active=True)),
        disabled=Count("pk", filter=Q(is_active=False)),
        waiting=Count("pk", filter=Q(is_active=True, must_change_password=True)),
    )


def locked_accounts() -> list[str]:
    """Logins that are kept out from somewhere at this moment."""
    return sorted({one.login for one in locks.locks() if one.is_shut})


def requests(list_id: int, user_id: int) -> list[RoundRequest]:
    """What waits for a second person: the newest request of each kind for each round of a list
    that still holds and that somebody else has made; one query."""
    rows = RoundRequest.objects.filter(
        round__list_id=list_id,
        base_revision=F("round__revision"),
        at__gt=clock.now() - REQUEST_HOLDS,
    ).select_related("round__period")
    newest = {(row.round_id, row.kind): row for row in rows.order_by("pk")}
    return [row for row in newest.values() if row.by_user_id != user_id]


def last_entries(count: int = 10) -> list[Entry]:
    """The newest entries of the journal."""
    return list(Entry.objects.order_by("-seq").defer("body")[:count])


def entries_since(day: date) -> int:
    """How many acts were recorded since a day."""
    return Entry.objects.filter(at__gte=clock.start_of(day)).count()
