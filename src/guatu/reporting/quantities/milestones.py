"""Named milestones of programmes: what was first promised, what holds now, when it was reached.

They are date facts (`planning.DateFact`) under the name that the office gave (M-A9, M-B1): the
first promise stays, every move is one more fact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from guatu.planning.models import DateFact
from guatu.planning.types import DateKind, Milestone

PREFIX = "reached"
"""How the form's fields of milestones are called: `reached` and the id of the first promise."""
MOST = 20
"""Milestones of a programme."""
FIELDS_OF_REPORT = 12
"""How many fields a report has at most; milestones that do not fit come once others are reached."""


@dataclass(frozen=True, slots=True)
class Promised:
    """A milestone: its first promise, the promise that holds, and what was reported of it."""

    first: DateFact
    planned: DateFact
    actual: DateFact | None

    @property
    def name(self) -> str:
        """As the office named it."""
        return self.first.milestone

    @property
    def key(self) -> int:
        """What pages and forms know it by."""
        return self.first.pk

    @property
    def field(self) -> str:
        """Of the report's form."""
        return f"{PREFIX}{self.key}"

    @property
    def due_on(self) -> date | None:
        """The day that is promised now."""
        return self.planned.on

    @property
    def reached_on(self) -> date | None:
        """The day on which it was reached; None: not yet."""
        return self.actual.on if self.actual else None

    @property
    def slip_days(self) -> int:
        """Days between the first promise and the one that holds."""
        if self.first.on is None or self.due_on is None:
            return 0
        return (self.due_on - self.first.on).days

    def late_days(self, today: date) -> int:
        """Days after the promise that holds, reached or not; 0 where it is in time."""
        if self.due_on is None:
            return 0
        return max(0, ((self.reached_on or today) - self.due_on).days)

    def words(self, today: date) -> str:
        """`6月30日完成，晚5天`, `逾期12天`, `还有30天`."""
        late = self.late_days(today)
        if self.reached_on is not None:
            told = f"{self.reached_on}完成"
            return f"{told}，晚{late}天" if late else f"{told}，按期"
        if late:
            return f"逾期{late}天未完成"
        return "未到期" if self.due_on is None or self.due_on > today else "今天到期"


def is_named(milestone: str) -> bool:
    """Whether it is one of a programme's own: not start, not completion."""
    return milestone not in Milestone.values


def promised_of(facts: Iterable[DateFact]) -> list[Promised]:
    """The milestones of one project that stand, by day, out of its date facts by `seq`."""
    planned: dict[str, list[DateFact]] = defaultdict(list)
    actual: dict[str, DateFact] = {}
    for fact in facts:
        if not is_named(fact.milestone):
            continue
        if fact.kind == DateKind.PLANNED:
            planned[fact.milestone].append(fact)
        else:
            actual[fact.milestone] = fact
    found = [
        Promised(told[0], told[-1], actual.get(name))
        for name, told in planned.items()
        if told[-1].on is not None
    ]
    return sorted(found, key=lambda one: (one.due_on or date.max, one.key))


def promised_in(project_ids: Collection[int]) -> dict[int, list[Promised]]:
    """The milestones of some projects. One statement."""
    facts: dict[int, list[DateFact]] = defaultdict(list)
    rows = DateFact.objects.filter(project__in=project_ids).exclude(milestone__in=Milestone.values)
    for fact in rows.order_by("seq"):
        facts[fact.project_id].append(fact)
    return {pk: promised_of(told) for pk, told in facts.items()}


def asked_for(
    standing: Sequence[Promised], sent_at: datetime | None, others: int
) -> list[Promised]:
    """Those that a report asks for: not reached, or told in this very report, which was first
    sent in at `sent_at`; the next ones first, so many as fit beside `others` fields."""
    left = [
        one
        for one in standing
        if one.reached_on is None or (sent_at and one.actual and one.actual.at >= sent_at)
    ]
    return left[: max(1, FIELDS_OF_REPORT - others)]
