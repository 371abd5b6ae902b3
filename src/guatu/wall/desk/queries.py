"""Reads of the desk: the open rounds with what they still lack, switches that end soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from guatu.assessment.models import RoundRequest
from guatu.assessment.queries import REQUEST_HOLDS, end_of
from guatu.core import clock
from guatu.journal.models import Entry
from guatu.ledger.models import Project
from guatu.organisation import locks
from guatu.organisation.models import Assignment, Switch, User
from guatu.organisation.types import UserKind
from guatu.reporting.models import Round
from guatu.reporting.queries import Standing, standings
from guatu.reporting.types import RoundState

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class OpenRound:
    """A round that takes reports, and how it stands."""

    round: Round
    standing: Standing

    @property
    def due_on(self) -> date:
        """The day on which reports are due."""
        return self.round.due_at.astimezone(clock.CHINA).date()

    @property
    def days_left(self) -> int:
        """Days until reports are due; negative when that is over."""
        return (self.due_on - clock.today()).days


def open_rounds(list_id: int, seen: QuerySet[Project] | None) -> list[OpenRound]:
    """The open rounds of a list, oldest first, over the projects a user sees."""
    rows = Round.objects.filter(list_id=list_id, state=RoundState.OPEN)
    rounds = list(rows.select_related("period", "list").order_by("period__last_on", "pk"))
    if not rounds:
        return []
    found = standings(rounds, seen)
    return [OpenRound(one, found[one.pk]) for one in rounds]


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


def accounts_without_role() -> list[str]:
    """Logins of business accounts in use that hold no role today; one query."""
    today = clock.today()
    held = Assignment.objects.filter(user=OuterRef("pk"), valid_from__lte=today).exclude(
        end__on__lte=today
    )
    bare = User.objects.filter(~Exists(held), kind=UserKind.BUSINESS, is_active=True)
    return list(bare.order_by("login").values_list("login", flat=True))


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
    ).select_related("round__period", "end")
    newest = {(row.round_id, row.kind): row for row in rows.order_by("pk")}
    waiting = (row for row in newest.values() if end_of(row) is None)
    return [row for row in waiting if row.by_user_id != user_id]


def last_entries(count: int = 10) -> list[Entry]:
    """The newest entries of the journal."""
    return list(Entry.objects.order_by("-seq").defer("body")[:count])


def entries_since(day: date) -> int:
    """How many acts were recorded since a day."""
    return Entry.objects.filter(at__gte=clock.start_of(day)).count()
