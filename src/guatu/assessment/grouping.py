"""Groups of a round's projects: by region, unit or sector, ranked only when asked for. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from guatu.assessment.as_issued import Issued
from guatu.assessment.bodies import Said
from guatu.assessment.conventions import Conventions
from guatu.assessment.measures import Measured, Totals, total_of
from guatu.assessment.types import Content, Subject
from guatu.engines.rulebook import Verdict
from guatu.organisation.types import RegionKind

NO_NAME = "（未注明）"


@dataclass(slots=True)
class Group:
    """One region, unit or sector with its totals, in ledger order; rank only when asked for.

    `said` is what the book says of a region or unit; None where it does not speak of them.
    `issued` are the figures as issued; None where there are no others (M-A10).
    """

    by: str
    key: str
    code: str | None
    totals: Totals
    members: list[Measured]
    rank: int | None = None
    ranked_by: str | None = None
    said: Said | None = None
    issued: Totals | None = None

    @property
    def verdict(self) -> Verdict | None:
        """Its light, where the book gives one."""
        return self.said.verdict if self.said else None


_NAME_OF: dict[str, Callable[[Subject], str]] = {
    "region": lambda s: s.region or NO_NAME,
    "unit": lambda s: s.unit or NO_NAME,
    "sector": lambda s: s.sector or NO_NAME,
}


def add_issued(groups: Iterable[Group], by: str, issued: Issued | None) -> None:
    """Give each group its figures as issued; one that the issued version does not name has
    nothing of it."""
    if issued is None:
        return
    found = issued.by(_NAME_OF[by])
    for group in groups:
        group.issued = found.get(group.key) or Totals(issued.period)


def grouped(
    measured: Iterable[Measured], by: str, content: Content, conventions: Conventions
) -> list[Group]:
    """Groups in ledger order; regions by their codes where every one has a code (office.md 3).

    A region without projects of the class is left out.
    """
    key = _NAME_OF[by]
    members: dict[str, list[Measured]] = defaultdict(list)
    for one in measured:
        members[key(one.subject)].append(one)
    codes = {r.name: r.code or None for r in content.regions} if by == "region" else {}
    names, period = list(members), content.period_key
    if by == "region" and all(codes.get(name) for name in names):
        names.sort(key=lambda name: codes[name] or "")
    return [
        Group(
            by,
            name,
            codes.get(name),
            total_of(members[name], period, conventions),
            members[name],
        )
        for name in names
    ]


def rank(groups: Sequence[Group], content: Content, conventions: Conventions) -> None:
    """Rank by exact completion rate, descending; ties share a rank and the next is skipped.

    Where no group has a completion rate (a table of starts alone), the start rate ranks.
    Counties and functional zones are ranked apart; a group without the rate has no rank, nor
    has what is no peer of the others: projects of no named group, and the territory itself
    (figures.md 11).
    """
    kinds = {region.name: region.kind for region in content.regions}
    peers = [
        (kinds.get(group.key, "") if group.by == "region" else "", group)
        for group in groups
        if group.key != NO_NAME
    ]
    peers = [(kind, group) for kind, group in peers if kind != RegionKind.ROOT]
    measure = "completion_rate"
    rates = [group.totals.completion_rate for _, group in peers]
    if not any(rates):
        measure = "start_rate"
        rates = [group.totals.start_rate(conventions) for _, group in peers]
    classes: dict[str, list[tuple[Fraction, Group]]] = defaultdict(list)
    for (kind, group), rate in zip(peers, rates, strict=True):
        if rate is not None:
            classes[kind].append((rate.as_fraction(), group))
    for ranked in classes.values():
        for value, group in ranked:
            group.rank = 1 + sum(other > value for other, _ in ranked)
            group.ranked_by = measure
