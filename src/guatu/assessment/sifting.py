"""The projects behind a printed number, filtered and put in order as an address asks. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.http import QueryDict

from guatu.assessment.conventions import Conventions
from guatu.assessment.counted import WHAT, is_counted
from guatu.assessment.measures import Measured
from guatu.core.periods import PeriodKey
from guatu.core.ratio import Ratio
from guatu.engines.rulebook import Severity

WORST_FIRST = (
    Severity.SERIOUS,
    Severity.WARNING,
    Severity.NOTICE,
    Severity.OK,
    Severity.NO_DATA,
    Severity.UNDECIDED,
    Severity.NOT_DUE,
    Severity.NOT_IN_SCOPE,
)
"""How lights stand on every page: the judged ones, then those that rest on nothing."""
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Sieve:
    """The filters of an address; empty means all."""

    light: str = ""
    what: str = ""
    search: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        """Read them; what is not a known value filters nothing away."""
        light, what = query.get("light", ""), query.get("what", "")
        return cls(
            light=light if light in Severity else "",
            what=what if what in WHAT else "",
            search=query.get("q", "").strip()[:LONGEST],
        )

    def words(self, labels: Mapping[str, str]) -> str:
        """What is shown, in words: 红 · 逾期未开工."""
        parts = [
            labels.get(self.light, ""),
            WHAT[self.what][0] if self.what else "",
            f"名称含“{self.search}”" if self.search else "",
        ]
        return " · ".join(part for part in parts if part)

    def lets(self, one: Measured, period: PeriodKey, conventions: Conventions) -> bool:
        """Whether a project passes."""
        if self.light and one.verdict.overall.value != self.light:
            return False
        if self.search not in f"{one.subject.name} {one.subject.code or ''}":
            return False
        return is_counted(one, self.what, period, conventions)


def rate_of(completed_yuan: int | None, plan_yuan: int | None) -> Ratio | None:
    """The share of a plan that is done; None without a plan or without a figure."""
    if completed_yuan is None or not plan_yuan or plan_yuan < 0:
        return None
    return Ratio(completed_yuan, plan_yuan)


def _rate(one: Measured) -> Any:
    rate = rate_of(one.completed_yuan, one.subject.plan_yuan)
    return None if rate is None else rate.as_fraction()


_ORDER: dict[str, Callable[[Measured], Any]] = {
    "name": lambda m: m.subject.name,
    "plan": lambda m: m.subject.plan_yuan,
    "done": lambda m: m.completed_yuan,
    "rate": _rate,
    "ago": lambda m: m.last_year_yuan,
    "light": lambda m: WORST_FIRST.index(Severity(m.verdict.overall)),
}


def ordered(rows: Iterable[Measured], sort: str, *, is_descending: bool) -> list[Measured]:
    """In the order asked for, empty values last; the ledger's order where none is."""
    key = _ORDER.get(sort)
    if key is None:
        return list(reversed(list(rows))) if is_descending else list(rows)
    pairs = [(key(one), one) for one in rows]
    filled = [pair for pair in pairs if pair[0] is not None]
    filled.sort(key=lambda pair: pair[0], reverse=is_descending)
    return [one for _, one in filled] + [one for value, one in pairs if value is None]
