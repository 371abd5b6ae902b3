"""How a measure follows from others of the same subject: one loader per operator, exact."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from guatu.core.ratio import round_scaled
from guatu.engines.rulebook.conditions import Frame, compile_condition
from guatu.engines.rulebook.facts import AS_OF, HISTORY
from guatu.engines.rulebook.spans import full_months, period_number, within, workdays_between
from guatu.engines.rulebook.types import (
    PAIRED,
    Choose,
    Conditions,
    Kind,
    Measure,
    Panel,
    Record,
    Share,
    Window,
)

if TYPE_CHECKING:
    from guatu.engines.rulebook.frame import FrameBuilder

type Facts = Mapping[str, object]
type Load = Callable[[Facts, Frame], Any]
type Derive = Callable[[Measure, FrameBuilder], Load]


def given(measure: Measure) -> Load:
    """The value as the facts have it; a ratio without a positive denominator is missing."""
    name = measure.name
    if measure.kind in PAIRED:

        def pair(facts: Facts, _: Frame) -> Any:
            value: Any = facts.get(name)
            return value if value is not None and value[1] > 0 else None

        return pair
    return lambda facts, _: facts.get(name)


def fraction(value: Any) -> Fraction:
    """A value of any number kind as an exact fraction."""
    return Fraction(*value) if isinstance(value, tuple) else Fraction(value)


def pair_of(value: Fraction) -> tuple[int, int]:
    """A fraction as the pair a frame holds."""
    return value.as_integer_ratio()


def _known(function: Callable[..., Any]) -> Derive:
    """An operator over the values of its measures: missing where one of them is."""

    def derive(measure: Measure, builder: FrameBuilder) -> Load:
        slots = tuple(builder.exact(name) for name in measure.of)
        if len(slots) == 2:
            left, right = slots

            def of_two(_: Facts, frame: Frame) -> Any:
                a, b = frame[left], frame[right]
                return None if a is None or b is None else function(a, b)

            return of_two

        def of_all(_: Facts, frame: Frame) -> Any:
            values = [frame[slot] for slot in slots]
            return None if None in values else function(*values)

        return of_all

    return derive


def _ratio(top: Any, bottom: Any) -> Any:
    if isinstance(top, tuple):
        return _quotient(top, bottom)
    return (top, bottom) if bottom > 0 else None


def _quotient(a: Any, b: Any) -> Any:
    return (a[0] * b[1], a[1] * b[0]) if b[0] > 0 else None


def _shortfall(a: Any, b: Any) -> Any:
    value = _quotient(a, b)
    return None if value is None else (value[1] - value[0], value[1])


def _growth(now: Any, before: Any) -> Any:
    value = _ratio(now, before)
    return None if value is None else (value[0] - value[1], value[1])


def _difference(a: Any, b: Any) -> Any:
    return (a[0] * b[1] - b[0] * a[1], a[1] * b[1]) if isinstance(a, tuple) else a - b


def _sum(*values: Any) -> Any:
    if isinstance(values[0], tuple):
        return pair_of(sum((Fraction(*one) for one in values), Fraction(0)))
    return sum(values)


def _highest(*values: Any) -> Any:
    return max(values, key=fraction)


def _lowest(*values: Any) -> Any:
    return min(values, key=fraction)


def _since(measure: Measure, builder: FrameBuilder, *, ahead: bool) -> Load:
    """Months or days from a day to the end of the period, or the other way round; never < 0."""
    slot, count = builder.exact(measure.of[0]), _counter(measure, builder)

    def load(facts: Facts, frame: Frame) -> Any:
        day, as_of = frame[slot], facts.get(AS_OF)
        if day is None or not isinstance(as_of, date):
            return None
        found = count(as_of, day) if ahead else count(day, as_of)
        return None if found is None else max(0, found)

    return load


def _counter(measure: Measure, builder: FrameBuilder) -> Callable[[date, date], int | None]:
    if measure.kind is Kind.MONTHS:
        if measure.operator == "months_across":
            return lambda a, b: (b.year - a.year) * 12 + b.month - a.month
        return full_months
    if measure.unit == "工作日":
        calendar = builder.settings.calendar
        return lambda a, b: workdays_between(a, b, calendar)
    return lambda a, b: (b - a).days


def _between(measure: Measure, builder: FrameBuilder) -> Load:
    """Months or days from the first day to the second; negative where it is earlier."""
    count = _counter(measure, builder)
    return _known(count)(measure, builder)


def _of_day(function: Callable[[date], Any]) -> Derive:
    return _known(function)


def _opposite(value: Any) -> Any:
    return not value


def _holds(measure: Measure, builder: FrameBuilder) -> Load:
    assert isinstance(measure.detail, Conditions)
    test = builder.test(measure.detail.stated[0].when)
    return lambda _, frame: test(frame)


def _how_many(measure: Measure, builder: FrameBuilder) -> Load:
    """How many conditions hold; missing where one of them is unknown."""
    assert isinstance(measure.detail, Conditions)
    tests = [builder.test(one.when) for one in measure.detail.stated]

    def load(_: Facts, frame: Frame) -> Any:
        answers = [test(frame) for test in tests]
        return None if None in answers else sum(map(bool, answers))

    return load


def _choose(measure: Measure, builder: FrameBuilder) -> Load:
    """The first line that holds; an unknown one before it leaves the measure missing."""
    assert isinstance(measure.detail, Choose)
    lines = [
        (
            None if one.stated is None else builder.test(one.stated.when),
            one.value,
            builder.exact(one.name) if one.name else None,
        )
        for one in measure.detail.choices
    ]

    def load(_: Facts, frame: Frame) -> Any:
        for test, value, slot in lines:
            holds = True if test is None else test(frame)
            if holds is None:
                return None
            if holds:
                return value if slot is None else frame[slot]
        return None

    return load


def _share_of(measure: Measure, builder: FrameBuilder) -> Load:
    assert isinstance(measure.detail, Share)
    slot, (top, bottom) = builder.exact(measure.of[0]), measure.detail.share

    def load(_: Facts, frame: Frame) -> Any:
        value = frame[slot]
        return None if value is None else round_scaled(value * top, bottom, scale=1)

    return load


type Select = Callable[[Facts, Frame], tuple[list[Record], date] | None]


def _records(measure: Measure, builder: FrameBuilder) -> Select:
    """The records of a measure within the window, whose value meets the condition."""
    assert isinstance(measure.detail, Window)
    window, source = measure.detail, builder.catalogue[measure.of[0]]
    slot = builder.exact(source.name)
    name = None if source.kind is Kind.RECORDS else source.name + HISTORY

    def select(facts: Facts, frame: Frame) -> tuple[list[Record], date] | None:
        found: Any = frame[slot] if name is None else facts.get(name)
        as_of = facts.get(AS_OF)
        if found is None or not isinstance(as_of, date):
            return None
        return within(found, window, as_of), as_of

    return select


def _met(window: Window) -> Callable[[Record], bool | None]:
    if window.stated is None:
        return lambda _: True
    test = compile_condition(window.stated.when, {"值": 0})
    return lambda record: test([record.value])


def _over_records(function: Callable[[list[Any]], Any], *, counts: bool = False) -> Derive:
    """Of the records in the window that meet the condition; a value that is missing among them
    leaves the measure missing."""

    def derive(measure: Measure, builder: FrameBuilder) -> Load:
        assert isinstance(measure.detail, Window)
        select, met = _records(measure, builder), _met(measure.detail)

        def load(facts: Facts, frame: Frame) -> Any:
            found = select(facts, frame)
            if found is None:
                return None
            answers = [met(one) for one in found[0]]
            if None in answers:
                return None
            chosen = [one for one, holds in zip(found[0], answers, strict=True) if holds]
            values = [one.value for one in chosen]
            if counts:
                return len(chosen)
            return None if None in values else function(values)

        return load

    return derive


def _mean(values: Sequence[Any]) -> Any:
    if not values:
        return None
    return pair_of(sum(map(fraction, values), Fraction(0)) / len(values))


def _total_of(kind: Kind) -> Callable[[Sequence[Any]], Any]:
    """The sum of values of a kind; of none it is that kind's nothing."""
    if kind in PAIRED:
        return lambda values: _sum((0, 1), *values)
    return sum


def _consecutive(measure: Measure, builder: FrameBuilder) -> Load:
    """How many of the newest records in a row meet the condition; one without a value ends it,
    a period without a record too, and without a value of the newest nothing can be said. A run
    that ended before the period before this one is no run of now."""
    assert isinstance(measure.detail, Window)
    select, met, every = _records(measure, builder), _met(measure.detail), measure.detail.every

    def load(facts: Facts, frame: Frame) -> Any:
        found = select(facts, frame)
        if found is None:
            return None
        records, as_of = found
        after = period_number(as_of, every) + 1 if every else 0
        count = 0
        for number, record in enumerate(reversed(records)):
            gap = after - period_number(record.on, every) if every else 1
            if gap > (2 if number == 0 else 1):
                break
            after -= gap
            holds = met(record)
            if holds is None and number == 0:
                return None
            if not holds:
                break
            # A second record of the same period is no second period.
            count += gap > 0
        return count

    return load


def _previous(measure: Measure, builder: FrameBuilder) -> Load:
    assert isinstance(measure.detail, Window)
    select, back = _records(measure, builder), measure.detail.back

    def load(facts: Facts, frame: Frame) -> Any:
        found = select(facts, frame)
        if found is None:
            return None
        earlier = [one for one in found[0] if one.on < found[1]]
        return earlier[-back].value if len(earlier) >= back else None

    return load


def _panel(measure: Measure, builder: FrameBuilder) -> Load:
    """The mean of each group's points (extremes dropped), weighted; a group without points
    leaves the whole missing."""
    assert isinstance(measure.detail, Panel)
    detail, slot = measure.detail, builder.exact(measure.of[0])

    def load(facts: Facts, frame: Frame) -> Any:
        found, as_of = frame[slot], facts.get(AS_OF)
        if found is None or not isinstance(as_of, date):
            return None
        records = within(found, detail.window, as_of)
        if not detail.weights:
            return _trimmed([one.value for one in records], detail.drop)
        total = Fraction(0)
        for who, weight in detail.weights:
            mean = _trimmed([one.value for one in records if one.who == who], detail.drop)
            if mean is None:
                return None
            total += Fraction(*weight) * Fraction(*mean)
        return pair_of(total)

    return load


def _trimmed(values: list[Any], drop: int) -> Any:
    if None in values or len(values) <= 2 * drop:
        return None
    return _mean(sorted(values, key=fraction)[drop : len(values) - drop])


DERIVED: Mapping[str, Derive] = {
    "ratio": _known(_ratio),
    "quotient": _known(_quotient),
    "shortfall": _known(_shortfall),
    "growth": _known(_growth),
    "difference": _known(_difference),
    "sum": _known(_sum),
    "highest": _known(_highest),
    "lowest": _known(_lowest),
    "earliest": _known(min),
    "latest": _known(max),
    "opposite": _known(_opposite),
    "months_since": lambda m, b: _since(m, b, ahead=False),
    "months_across": lambda m, b: _since(m, b, ahead=False),
    "days_since": lambda m, b: _since(m, b, ahead=False),
    "months_until": lambda m, b: _since(m, b, ahead=True),
    "days_until": lambda m, b: _since(m, b, ahead=True),
    "months_between": _between,
    "days_between": _between,
    "month_of": _of_day(lambda day: day.month),
    "year_of": _of_day(lambda day: day.year),
    "quarter_of": _of_day(lambda day: (day.month + 2) // 3),
    "half_of": _of_day(lambda day: "上半年" if day.month <= 6 else "下半年"),
    "holds": _holds,
    "how_many": _how_many,
    "choose": _choose,
    "share_of": _share_of,
    "count_in": _over_records(len, counts=True),
    "sum_in": lambda measure, builder: _over_records(_total_of(measure.kind))(measure, builder),
    "mean_in": _over_records(_mean),
    "highest_in": _over_records(lambda values: max(values, key=fraction) if values else None),
    "lowest_in": _over_records(lambda values: min(values, key=fraction) if values else None),
    "newest_in": _over_records(lambda values: values[-1] if values else None),
    "consecutive": _consecutive,
    "previous": _previous,
    "panel": _panel,
}
"""The operators a measure may follow by, of one subject alone."""
