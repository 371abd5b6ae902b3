"""The year added up by hand: integers and fractions over `town`, nothing of the platform."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from tests.year.town import CORRECTIONS, YEAR, Works

type Chosen = Callable[[Works], bool]


def everywhere(_: Works) -> bool:
    """All projects."""
    return True


def within(region: str) -> Chosen:
    """Those of a region."""
    return lambda one: one.region == region


def told(one: Works, month: int, *, is_corrected: bool = True) -> int | None:
    """What a project had done this year by the end of a month, as last said."""
    right = CORRECTIONS.get((month, one.name)) if is_corrected else None
    return one.done[month - 1] if right is None else right


def newest(one: Works, month: int) -> int:
    """The newest figure that was told until a month; what left the list keeps its last."""
    known = [done for at in range(1, month + 1) if (done := told(one, at)) is not None]
    return known[-1] if known else 0


def on_list(month: int, chosen: Chosen = everywhere) -> list[Works]:
    """What stands on the list with a plan at the end of a month."""
    return [one for one in YEAR if chosen(one) and one.is_on(month) and one.plan(month)]


def planned(month: int, chosen: Chosen = everywhere) -> int:
    """Σ plans of the list as it stands at the end of a month."""
    return sum(one.plan(month) or 0 for one in on_list(month, chosen))


def completed(month: int, chosen: Chosen = everywhere, *, is_corrected: bool = True) -> int:
    """Σ done by what stands on the list."""
    rows = on_list(month, chosen)
    return sum(told(one, month, is_corrected=is_corrected) or 0 for one in rows)


def as_adjusted(month: int, chosen: Chosen = everywhere) -> Fraction:
    """The rate of the list as it stands."""
    return Fraction(completed(month, chosen), planned(month, chosen))


def issued(chosen: Chosen = everywhere) -> list[Works]:
    """What the list named when it was issued."""
    return [one for one in YEAR if chosen(one) and one.issued is not None]


def as_issued(month: int, chosen: Chosen = everywhere) -> Fraction:
    """The rate of the list as it was issued: its projects, its plans, whatever became of them."""
    rows = issued(chosen)
    done = sum(newest(one, month) for one in rows)
    return Fraction(done, sum(one.issued or 0 for one in rows))


def light(one: Works, month: int) -> str:
    """Four steps by how far the rate lies behind the months gone by: 0, 10, 30 points."""
    behind = Fraction(month, 12) - Fraction(told(one, month) or 0, one.plan(month) or 1)
    if behind <= 0:
        return "绿"
    if behind < Fraction(10, 100):
        return "蓝"
    return "黄" if behind <= Fraction(30, 100) else "红"


def ranked(month: int, regions: Iterable[str]) -> dict[str, int]:
    """The place of each region by its rate; equal ones share a place."""
    rates = {region: as_adjusted(month, within(region)) for region in regions}
    return {
        region: 1 + sum(other > rate for other in rates.values()) for region, rate in rates.items()
    }


def since_start(one: Works, month: int) -> int:
    """What a project has done since it began."""
    return one.before + newest(one, month)
