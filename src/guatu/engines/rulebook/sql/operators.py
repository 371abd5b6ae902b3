"""How a measure follows from others, in SQL: one entry an operator, twin of `derive.DERIVED`.

What reads records, members of another kind or a calendar of working days is not emitted: those
measures come as columns of the wide row (`given`), or the book is judged by the scalar evaluator.
"""

from __future__ import annotations

from guatu.engines.rulebook.facts import AS_OF
from guatu.engines.rulebook.sql.dialects import not_in_sql
from guatu.engines.rulebook.sql.frame import Derive, Expression, Frame, Plain, single
from guatu.engines.rulebook.sql.integers import Arithmetic, Int, Pair
from guatu.engines.rulebook.sql.spreads import peers, rank
from guatu.engines.rulebook.types import Choose, Conditions, Kind, Measure, Share

_YEARS = 200_000
"""Magnitude of months and of days between two days of a calendar, and more."""


def subtract(arithmetic: Arithmetic, left: Expression, right: Expression) -> Expression:
    """left − right; of pairs over the product of their denominators, as the scalar one does."""
    if isinstance(left, Int) and isinstance(right, Int):
        return arithmetic.minus(left, right)
    a, b = _pair(left), _pair(right)
    top = arithmetic.minus(arithmetic.times(a.top, b.bottom), arithmetic.times(b.top, a.bottom))
    return Pair(top, arithmetic.times(a.bottom, b.bottom))


def _parts(frame: Frame, measure: Measure) -> tuple[str, Int, Int]:
    """When the second is positive, and the two parts of the first ÷ the second."""
    left, right = (frame.exact(name) for name in measure.of)
    if isinstance(left, Int) and isinstance(right, Int):
        return f"{right.sql} > 0 AND {left.sql} IS NOT NULL", left, right
    a, b = _pair(left), _pair(right)
    arithmetic = frame.arithmetic
    top, bottom = arithmetic.times(a.top, b.bottom), arithmetic.times(a.bottom, b.top)
    return f"{b.top.sql} > 0", top, bottom


def _ratio(frame: Frame, measure: Measure) -> Expression:
    positive, top, bottom = _parts(frame, measure)
    return Pair(_when(positive, top), _when(positive, bottom))


def _shortfall(frame: Frame, measure: Measure) -> Expression:
    positive, top, bottom = _parts(frame, measure)
    less = frame.arithmetic.minus(bottom, top)
    return Pair(_when(positive, less), _when(positive, bottom))


def _growth(frame: Frame, measure: Measure) -> Expression:
    positive, top, bottom = _parts(frame, measure)
    more = frame.arithmetic.minus(top, bottom)
    return Pair(_when(positive, more), _when(positive, bottom))


def _difference(frame: Frame, measure: Measure) -> Expression:
    left, right = (frame.exact(name) for name in measure.of)
    return subtract(frame.arithmetic, left, right)


def _sum(frame: Frame, measure: Measure) -> Expression:
    """Of pairs over the product of their denominators: as a value the same as the scalar one."""
    first, *rest = (frame.exact(name) for name in measure.of)
    arithmetic = frame.arithmetic
    for one in rest:
        if isinstance(first, Int) and isinstance(one, Int):
            first = arithmetic.plus(first, one)
            continue
        a, b = _pair(first), _pair(one)
        left, right = arithmetic.times(a.top, b.bottom), arithmetic.times(b.top, a.bottom)
        first = Pair(arithmetic.plus(left, right), arithmetic.times(a.bottom, b.bottom))
    return first


def _furthest(frame: Frame, measure: Measure, sign: str) -> Expression:
    """The highest (>) or lowest (<); the first of equals; missing where one of them is."""
    found, *rest = (frame.exact(name) for name in measure.of)
    for number, one in enumerate(rest):
        if isinstance(found, Pair) and isinstance(one, Pair):
            left = frame.arithmetic.times(one.top, found.bottom).sql
            right = frame.arithmetic.times(found.top, one.bottom).sql
        else:
            left, right = single(one), single(found)
        beats = f"{left} {sign} {right}"
        found = _chosen(frame, [(f"({beats})", one), (f"(NOT ({beats}))", found)])
        found = frame.place(found, f"{frame.alias(measure.name)}_h{number}")
    return found


def _opposite(frame: Frame, measure: Measure) -> Expression:
    value = frame.exact(measure.of[0])
    if not isinstance(value, Plain):
        raise not_in_sql(f"“{measure.of[0]}”不是“是/否”的量")
    return Plain(f"(NOT {value.sql})")


def _between(frame: Frame, measure: Measure, start: str, end: str) -> Int:
    """Months or days from one day to another; negative where it is earlier."""
    if frame.days == "number":
        raise not_in_sql(f"日期写成数字时，不能由数据库算“{measure.name}”")
    if measure.kind is Kind.MONTHS:
        across = _months(start, end)
        if measure.operator == "months_across":
            return Int(across, _YEARS)
        later = _full_months(frame, start, end)
        earlier = _full_months(frame, end, start)
        return Int(f"CASE WHEN {end} < {start} THEN -{earlier} ELSE {later} END", _YEARS)
    if measure.unit == "工作日":
        raise not_in_sql(f"“{measure.name}”按工作日数，不能由数据库计算")
    return Int(f"CAST({frame.dialect.days_between.format(start=start, end=end)} AS BIGINT)", 10**8)


def _months(start: str, end: str) -> str:
    def count(day: str) -> str:
        return f"EXTRACT(YEAR FROM {day}) * 12 + EXTRACT(MONTH FROM {day})"

    return f"CAST(({count(end)}) - ({count(start)}) AS BIGINT)"


def _full_months(frame: Frame, start: str, end: str) -> str:
    """A month is full on the same day, or on the last of a month that has no such day."""
    next_day = frame.dialect.next_day.format(day=end)
    short = (
        f"EXTRACT(DAY FROM {end}) < EXTRACT(DAY FROM {start}) AND EXTRACT(DAY FROM {next_day}) <> 1"
    )
    return f"({_months(start, end)} - CASE WHEN {short} THEN 1 ELSE 0 END)"


def _since(frame: Frame, measure: Measure, *, ahead: bool) -> Expression:
    """To the end of the period, or from it; never below 0."""
    days = [single(frame.exact(measure.of[0])), single(frame.exact(AS_OF))]
    start, end = reversed(days) if ahead else days
    count = _between(frame, measure, start, end)
    return Int(f"CASE WHEN {end} < {start} THEN 0 ELSE {count.sql} END", count.bound)


def _spanned(frame: Frame, measure: Measure) -> Expression:
    start, end = (single(frame.exact(name)) for name in measure.of)
    return _between(frame, measure, start, end)


def _of_day(pattern: str) -> Derive:
    def derive(frame: Frame, measure: Measure) -> Expression:
        if frame.days == "number":
            raise not_in_sql(f"日期写成数字时，不能由数据库算“{measure.name}”")
        day = single(frame.exact(measure.of[0]))
        return Int(f"CAST({pattern.format(day=day)} AS BIGINT)", 10_000)

    return derive


def _half(frame: Frame, measure: Measure) -> Expression:
    month = _of_day("EXTRACT(MONTH FROM {day})")(frame, measure)
    first, second = frame.dialect.quoted("上半年"), frame.dialect.quoted("下半年")
    return Plain(
        f"CASE WHEN {single(month)} <= 6 THEN {first} WHEN {single(month)} > 6 THEN {second} END"
    )


def _holds(frame: Frame, measure: Measure) -> Expression:
    assert isinstance(measure.detail, Conditions)
    return Plain(frame.test(measure.detail.stated[0].when))


def _how_many(frame: Frame, measure: Measure) -> Expression:
    """NULL where one of the conditions is unknown: a CASE without ELSE, added up."""
    assert isinstance(measure.detail, Conditions)
    tests = [frame.test(one.when) for one in measure.detail.stated]
    ones = [f"CASE WHEN {test} THEN 1 WHEN NOT {test} THEN 0 END" for test in tests]
    return Int(f"CAST({' + '.join(ones)} AS BIGINT)", len(tests))


def _choose(frame: Frame, measure: Measure) -> Expression:
    """The first line that holds; an unknown one before it leaves the measure missing."""
    assert isinstance(measure.detail, Choose)
    lines: list[tuple[str, Expression]] = []
    for number, one in enumerate(measure.detail.choices):
        test = "TRUE"
        if one.stated is not None:
            alias = f"{frame.alias(measure.name)}_t{number}"
            test = single(frame.place(Plain(frame.test(one.stated.when)), alias))
        if one.name:
            lines.append((test, frame.exact(one.name)))
        elif one.value is not None:
            lines.append((test, frame.literal(one.value)))
    return _chosen(frame, lines, ends_unknown=True)


def _share_of(frame: Frame, measure: Measure) -> Expression:
    """Half up on the magnitude: ⌊(2·v·t + b) ÷ 2b⌋, below zero the opposite's opposite."""
    assert isinstance(measure.detail, Share)
    value = frame.exact(measure.of[0])
    if not isinstance(value, Int):
        raise not_in_sql(f"“{measure.of[0]}”不是整数的量")
    arithmetic, (top, bottom) = frame.arithmetic, measure.detail.share
    doubled = arithmetic.times(value, arithmetic.literal(2 * top))
    half, whole = arithmetic.literal(bottom), arithmetic.literal(2 * bottom)
    above = arithmetic.floor(arithmetic.plus(doubled, half), whole)
    below = arithmetic.floor(arithmetic.minus(half, doubled), whole)
    sql = f"CASE WHEN {value.sql} < 0 THEN -({below.sql}) ELSE {above.sql} END"
    return Int(sql, max(above.bound, below.bound), above.wide or below.wide)


OPERATORS: dict[str, Derive] = {
    "ratio": _ratio,
    "quotient": _ratio,
    "shortfall": _shortfall,
    "growth": _growth,
    "difference": _difference,
    "sum": _sum,
    "highest": lambda frame, measure: _furthest(frame, measure, ">"),
    "lowest": lambda frame, measure: _furthest(frame, measure, "<"),
    "earliest": lambda frame, measure: _furthest(frame, measure, "<"),
    "latest": lambda frame, measure: _furthest(frame, measure, ">"),
    "opposite": _opposite,
    "months_since": lambda frame, measure: _since(frame, measure, ahead=False),
    "months_across": lambda frame, measure: _since(frame, measure, ahead=False),
    "days_since": lambda frame, measure: _since(frame, measure, ahead=False),
    "months_until": lambda frame, measure: _since(frame, measure, ahead=True),
    "days_until": lambda frame, measure: _since(frame, measure, ahead=True),
    "months_between": _spanned,
    "days_between": _spanned,
    "month_of": _of_day("EXTRACT(MONTH FROM {day})"),
    "year_of": _of_day("EXTRACT(YEAR FROM {day})"),
    "quarter_of": _of_day("EXTRACT(QUARTER FROM {day})"),
    "half_of": _half,
    "holds": _holds,
    "how_many": _how_many,
    "choose": _choose,
    "share_of": _share_of,
    "rank": rank,
    "peers": peers,
}
"""The operators that SQL can say."""


def _chosen(
    frame: Frame, lines: list[tuple[str, Expression]], *, ends_unknown: bool = False
) -> Expression:
    """A CASE over expressions of one kind; of pairs, one for each part."""
    if not lines:
        raise not_in_sql("没有可取的值")

    def case(values: list[str]) -> str:
        whens = []
        for (test, _), value in zip(lines, values, strict=True):
            if ends_unknown and test != "TRUE":
                whens.append(f"WHEN {test} IS NULL THEN NULL")
            whens.append(f"WHEN {test} THEN {value}")
        return f"CASE {' '.join(whens)} END"

    def whole(values: list[Int]) -> Int:
        wide = any(one.wide for one in values)
        if wide:
            values = [frame.arithmetic.widened(one) for one in values]
        return Int(case([one.sql for one in values]), max(one.bound for one in values), wide)

    found = [value for _, value in lines]
    if all(isinstance(one, Pair) for one in found):
        pairs = [_pair(one) for one in found]
        return Pair(whole([one.top for one in pairs]), whole([one.bottom for one in pairs]))
    if all(isinstance(one, Int) for one in found):
        return whole([one for one in found if isinstance(one, Int)])
    return Plain(case([single(one) for one in found]))


def _when(condition: str, value: Int) -> Int:
    return Int(f"CASE WHEN {condition} THEN {value.sql} END", value.bound, value.wide)


def _pair(value: Expression) -> Pair:
    if not isinstance(value, Pair):
        raise not_in_sql("这里要比率的量")
    return value
