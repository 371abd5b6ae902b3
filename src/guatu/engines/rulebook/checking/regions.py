"""The regions a measure's limits cut its values into, and their words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from guatu.engines.rulebook.types import PAIRED, Kind, Measure, Value
from guatu.engines.rulebook.wording import limit_text

OTHER = "（其他）"
_SIGNED = ("difference", "growth", "shortfall", "days_between", "months_between")


@dataclass(frozen=True, slots=True)
class Region:
    """Values between which no condition changes: a sample, and its bounds (None: no bound).

    `order` is its place among its neighbours; a point has equal bounds. `is_doubtful`: values
    that the measure may never have (below nothing); they are a gap only where some line speaks
    of them.
    """

    sample: Any
    low: Value | None
    high: Value | None
    order: int
    is_point: bool
    is_doubtful: bool = False


def regions_of(measure: Measure, values: Iterable[Value]) -> tuple[Region, ...]:
    """The regions of a measure; of yes/no and texts, one for each value."""
    if measure.kind is Kind.BOOL:
        return tuple(
            Region(value, None, None, place, True) for place, value in enumerate((True, False))
        )
    if measure.kind is Kind.TEXT:
        known = dict.fromkeys((*measure.values, *(str(value) for value in values)))
        texts = [*known] if measure.values else [*known, OTHER]
        return tuple(Region(text, None, None, place, True) for place, text in enumerate(texts))
    return _numbers(measure, sorted({_key(value): value for value in values}.items()))


def _key(value: Value) -> Fraction:
    if isinstance(value, date):
        return Fraction(value.toordinal())
    return Fraction(*value) if isinstance(value, tuple) else Fraction(value)


def _numbers(measure: Measure, marks: list[tuple[Fraction, Value]]) -> tuple[Region, ...]:
    if not marks:
        return (Region(_value(measure, Fraction(1)), None, None, 0, False),)
    found: list[Region] = []

    def add(sample: Fraction | None, low: Value | None, high: Value | None, *, point: bool) -> None:
        order = len(found) if not found else found[-1].order + 1
        if sample is not None:
            found.append(Region(_value(measure, sample), low, high, order, point))

    first = marks[0][0]
    if _may_be_below(measure, first):
        add(_below(measure, first), None, marks[0][1], point=False)
    elif measure.kind in PAIRED and first == 0:
        sample = _value(measure, _below(measure, first))
        found.append(Region(sample, None, marks[0][1], 0, False, is_doubtful=True))
    for place, (key, value) in enumerate(marks):
        add(key, value, value, point=True)
        following = marks[place + 1] if place + 1 < len(marks) else None
        if following is not None:
            add(_between(measure, key, following[0]), value, following[1], point=False)
    add(marks[-1][0] + _unit(measure), marks[-1][1], None, point=False)
    return tuple(found)


def _unit(measure: Measure) -> Fraction:
    return Fraction(1, 100) if measure.kind is Kind.RATIO else Fraction(1)


def _may_be_below(measure: Measure, first: Fraction) -> bool:
    """Counts, money and shares do not fall below nothing; differences do."""
    if measure.operator == "rank" or measure.unit == "名":
        return first > 1  # nobody stands before the first
    if first > 0 or measure.kind is Kind.DAY:
        return True
    signed = measure.operator in _SIGNED or measure.unit == "百分点"
    return (
        signed
        or measure.operator in ("output", "choose", "sum")
        or (measure.kind is Kind.RATIO and measure.operator == "previous")
    )


def _below(measure: Measure, first: Fraction) -> Fraction:
    """A value below the first limit: nothing where that is below, else half of it."""
    if measure.kind in PAIRED:
        return first / 2 if first > 0 else first - _unit(measure)
    return first - 1


def _between(measure: Measure, low: Fraction, high: Fraction) -> Fraction | None:
    if measure.kind in PAIRED:
        return (low + high) / 2
    return low + 1 if high - low > 1 else None


def _value(measure: Measure, number: Fraction) -> Any:
    if measure.kind in PAIRED:
        return number.as_integer_ratio()
    if measure.kind is Kind.DAY:
        last = date.max.toordinal()
        return date.fromordinal(min(max(int(number), 1), last))
    return int(number)


def region_words(regions: Sequence[Region], measure: Measure) -> str:
    """Regions in words, neighbours joined: `落后时间进度在0至10个百分点之间（不含两端）`."""
    if measure.kind is Kind.BOOL:
        return "、".join(f"{measure.name}为{'是' if one.sample else '否'}" for one in regions)
    if measure.kind is Kind.TEXT:
        texts = "、".join(f"“{one.sample}”" for one in regions)
        return f"{measure.name}为{texts}"
    runs: list[list[Region]] = []
    for one in regions:
        if runs and one.order == runs[-1][-1].order + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    return "，".join(_run_words(run, measure) for run in runs)


def _run_words(run: list[Region], measure: Measure) -> str:
    low, high = run[0].low, run[-1].high
    with_low, with_high = run[0].is_point, run[-1].is_point
    if low is None and high is None:
        return f"{measure.name}为任何数"
    if low == high and low is not None:
        return f"{measure.name}等于{limit_text(low, measure)}"
    if low is None and high is not None:
        return f"{measure.name}{'在' if with_high else '不到'}{limit_text(high, measure)}" + (
            "及以下" if with_high else ""
        )
    if high is None and low is not None:
        return f"{measure.name}{'在' if with_low else '超过'}{limit_text(low, measure)}" + (
            "及以上" if with_low else ""
        )
    assert low is not None
    assert high is not None
    ends = {
        (True, True): "含两端",
        (False, False): "不含两端",
        (True, False): f"含{limit_text(low, measure)}",
        (False, True): f"含{limit_text(high, measure)}",
    }[with_low, with_high]
    return f"{measure.name}在{limit_text(low, measure)}与{limit_text(high, measure)}之间（{ends}）"
