"""Reads of the desk: the open rounds with what they still lack, switches that end soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from guatu.assessment.books.queries import OPEN_STATES
from guatu.assessment.models import RoundRequest, RoundRequestEnd, RuleBookDraft
from guatu.assessment.queries import END_TOLD, REQUEST_HOLDS, end_of, is_told
from guatu.assessment.types import DraftState, RequestEnd
from guatu.core import clock
from guatu.journal.models import Entry
from guatu.ledger.models import Project
from guatu.organisation import locks
from guatu.organisation.models import Assignment, Switch, User
from guatu.organisation.types import UserKind
from guatu.reporting.correcting.queries import waiting_columns
from guatu.reporting.models import Report, Round
from guatu.reporting.queries import Standing, expected_entries, standings
from guatu.reporting.types import ReportState, RoundState
from guatu.wall.standing.counts import listed, listed_columns

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class OpenRound:
    """A round that takes reports, and how it stands."""

    round: Round
    standing: Standing

    @property
    def days_left(self) -> int:
        """Days until reports are due; negative when that is over."""
        return (self.round.due_on - clock.today()).days


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A round, locked or not, in which the office reported for units that have not confirmed."""

    round: Round
    count: int

    @property
    def is_open(self) -> bool:
        """Whether the round still takes reports."""
        return self.round.state == RoundState.OPEN


@dataclass(frozen=True, slots=True)
class AtWork:
    """The open rounds of a list, and those with reports that wait for their unit's word, oldest
    first; how many projects stand on the list, with how many sub-projects among them; and how
    many complaints and requests for corrections wait for the office."""

    rounds: list[OpenRound]
    unconfirmed: list[Unconfirmed]
    listed: tuple[int, int]
    asked: tuple[int, int] | None
    """None where no round's row has carried the numbers."""


def rounds_at_work(list_id: int, seen: QuerySet[Project] | None) -> AtWork:
    """What is at work on a list, over the projects that a user sees; two queries."""
    reports = Report.objects.filter(
        period=OuterRef("period"),
        state=ReportState.PROXY_UNCONFIRMED,
        project__in=expected_entries([list_id]).values("project_id"),
    )
    if seen is not None:
        reports = reports.filter(project__in=seen)
    counted = reports.order_by().values("period").annotate(n=Count("pk")).values("n")
    rows = (
        Round.objects.filter(list_id=list_id)
        .annotate(
            unconfirmed=Coalesce(Subquery(counted), 0),
            **listed_columns(list_id, seen),
            **waiting_columns(),
        )
        .filter(Q(state=RoundState.OPEN) | Q(unconfirmed__gt=0))
        .select_related("period", "list")
        .order_by("period__last_on", "pk")
    )
    every = list(rows)
    waiting = [Unconfirmed(one, count) for one in every if (count := one.__dict__["unconfirmed"])]
    rounds = [one for one in every if one.state == RoundState.OPEN]
    # Without a row that carries the numbers there is no open round to ask about either.
    carried = every[0].__dict__ if every else {}
    on_list = (carried["every"], carried["parts"]) if carried else None
    found = standings(rounds, seen) if rounds else {}
    return AtWork(
        [OpenRound(one, found[one.pk]) for one in rounds],
        waiting,
        on_list or listed(list_id, seen),
        (carried["complaints"], carried["corrections"]) if carried else None,
    )


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


@dataclass(frozen=True, slots=True)
class Requests:
    """What was asked of a second person: `returned` to the user, and `waiting` for another."""

    returned: list[tuple[RoundRequest, RoundRequestEnd]]
    waiting: list[RoundRequest]


def requests(list_id: int, user: User) -> Requests:
    """The newest request of each kind for each round of a list as it stands: those of the user
    that were sent back, and those that somebody else has made and that still hold; one query.

    A request of another account of the same person is his own.
    """
    rows = (
        RoundRequest.objects.filter(
            round__list_id=list_id,
            base_revision=F("round__revision"),
            at__gt=clock.now() - END_TOLD - REQUEST_HOLDS,
        )
        .select_related("round__period", "end")
        .annotate(
            person_id=Subquery(User.objects.filter(pk=OuterRef("by_user_id")).values("person_id"))
        )
    )
    newest = {(row.round_id, row.kind): row for row in rows.order_by("pk")}
    found = Requests([], [])
    for row in filter(is_told, newest.values()):
        end = end_of(row)
        person = row.__dict__["person_id"]
        is_own = row.by_user_id == user.pk or (person is not None and person == user.person_id)
        if end is not None and end.how == RequestEnd.RETURNED and is_own:
            found.returned.append((row, end))
        elif end is None and not is_own:
            found.waiting.append(row)
    return found


def drafts_sent_in(user: User) -> list[tuple[RuleBookDraft, bool]]:
    """The versions of rule books that wait to be published, and those of the user's that were
    sent back, each with whether it was he who sent it in; one query."""
    asker = User.objects.filter(pk=OuterRef("asked_by_user_id")).values("person_id")
    rows = (
        RuleBookDraft.objects.filter(state__in=OPEN_STATES, asked_by_user_id__isnull=False)
        .annotate(person_id=Subquery(asker))
        .defer("text", "examples")
        .order_by("book")
    )
    found: list[tuple[RuleBookDraft, bool]] = []
    for row in rows:
        person = row.__dict__["person_id"]
        is_own = row.asked_by_user_id == user.pk or (
            person is not None and person == user.person_id
        )
        if row.state == DraftState.SUBMITTED or (is_own and row.return_reason):
            found.append((row, is_own))
    return found


def last_entries(count: int = 10) -> list[Entry]:
    """The newest entries of the journal."""
    return list(Entry.objects.order_by("-seq").defer("body")[:count])


def entries_since(day: date) -> int:
    """How many acts were recorded since a day."""
    return Entry.objects.filter(at__gte=clock.start_of(day)).count()
