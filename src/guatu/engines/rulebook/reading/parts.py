"""The operators of a score card's parts: each reads its own table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from guatu.engines.rulebook.facts import points_of
from guatu.engines.rulebook.reading.context import Reading
from guatu.engines.rulebook.reading.labels import first_wins
from guatu.engines.rulebook.sections import Section
from guatu.engines.rulebook.types import (
    Awarded,
    Beyond,
    Blend,
    Efficacy,
    Kind,
    Marginal,
    Measure,
    Operator,
    Pair,
    Partial,
    PointsCase,
    PointsCases,
    PointsTable,
    Proportional,
    RankPoints,
    Series,
    Slice,
    Steps,
    Value,
)

NUMBERS = (Kind.YUAN, Kind.RATIO, Kind.COUNT, Kind.MONTHS, Kind.DAYS, Kind.POINTS, Kind.QUANTITY)
PARTIALS = {"whole": Partial.WHOLE, "started": Partial.STARTED, "proportion": Partial.PROPORTION}
PARTIAL_WORDS = {"只计整步": "whole", "不足一步按一步": "started", "按比例": "proportion"}


def _table(reading: Reading, section: Section, key: str) -> Section:
    return Section(section.peek(key), section.place, reading.faults)


def _partial(table: Section) -> Partial:
    """What an incomplete step is worth: the book has to say (texts rarely do)."""
    if "partial" not in table:
        remedy = "partial写：" + "、".join(PARTIAL_WORDS)
        table.fault("没有写明不足一步的怎么算", remedy, code="missing-interpretation")
        return Partial.WHOLE
    word = table.choice("partial", [*PARTIAL_WORDS, *PARTIALS])
    return PARTIALS[PARTIAL_WORDS.get(word, word)]


def _positive(table: Section, key: str, value: Value) -> Value:
    number = value[0] if isinstance(value, tuple) else value
    if not isinstance(number, int) or number <= 0:
        table.fault(f"“{key}”应大于零")
        return (1, 1) if isinstance(value, tuple) else 1
    return value


def _step(reading: Reading, table: Section, key: str, measure: Measure | None) -> Value:
    value = reading.literal(table, key, measure)
    return value if measure is None else _positive(table, key, value)


def _clamp(table: Section, key: str) -> tuple[Pair | None, Pair | None]:
    raw = table.peek(key)
    if raw is None:
        return None, None
    if isinstance(raw, list) and len(raw) == 2:
        low, high = points_of(raw[0]), points_of(raw[1])
        if low is not None and high is not None and Fraction(*low) <= Fraction(*high):
            return low, high
    table.fault(f"“{key}”应是由小到大的两个分数", f"写成{key} = [-15, 15]")
    return None, None


def _steps(reading: Reading, section: Section, subject: str) -> Operator | None:
    table = _table(reading, section, "steps")
    of = reading.measure(table, "of", subject, NUMBERS)
    target = reading.literal(table, "target", of)
    if "step" in table:
        up_step = down_step = _step(reading, table, "step", of)
    else:
        up_step = _step(reading, table, "step_up", of)
        down_step = _step(reading, table, "step_down", of)
    low, high = _clamp(table, "clamp")
    operator = Steps(
        of=of.name if of else "",
        target=target,
        step_up=up_step,
        step_down=down_step,
        up=reading.points(table, "up"),
        down=reading.points(table, "down"),
        partial=_partial(table),
        lowest=low,
        highest=high,
        less_is_better=table.choice("better", ("多", "少"), default="多") == "少",
    )
    if min(operator.up[0], operator.down[0]) < 0:
        table.fault("“up”和“down”都写正数：up是每步加几分，down是每步减几分")
    table.finish()
    return operator if of else None


def _proportional(reading: Reading, section: Section, subject: str) -> Operator | None:
    table = _table(reading, section, "proportional")
    of = reading.measure(table, "of", subject, NUMBERS)
    target = _step(reading, table, "target", of)
    raw = table.peek("most")
    if raw is None:
        table.fault(
            "没有写明最多得几分", 'most = "满分"、most = "不封顶"或most = 50', code="no-most"
        )
    full = points_of(section.peek("full")) or (0, 1)
    most = full if raw in (None, "满分") else None if raw == "不封顶" else points_of(raw)
    if most is None and raw != "不封顶":
        table.fault("“most”应是满分、不封顶或分数")
    table.finish()
    return Proportional(of.name, target, most) if of else None


def _cases(reading: Reading, section: Section, subject: str) -> Operator | None:
    clause = str(section.peek("clause") or "")
    cases = tuple(
        _case(reading, entry, section, subject, clause, number)
        for number, entry in enumerate(section.tables("cases"), 1)
    )
    wins = first_wins(section)
    return PointsCases(cases, reading.points_or_none(section, "otherwise"), wins)


def _case(
    reading: Reading, entry: object, part: Section, subject: str, clause: str, number: int
) -> PointsCase:
    section = Section(entry, f"{part.place}第{number}档", reading.faults)
    own = section.text("clause", required=False, default=clause)
    when, text = reading.condition(section, subject)
    named, points = "", (0, 1)
    if "named" in section:
        found = reading.measure(section, "named", subject, (Kind.POINTS,))
        named = found.name if found else ""
    else:
        points = reading.points(section, "points")
    part_name = str(part.peek("name") or "")
    case = PointsCase(
        id=reading.new_id(section, f"{part_name}.{number}"),
        clause=own,
        when=when,
        text=text,
        points=points,
        named=named,
        beyond=_beyond(reading, section, subject) if "beyond" in section else None,
        interpretation=section.interpretation(),
    )
    section.finish()
    return case


def _beyond(reading: Reading, section: Section, subject: str) -> Beyond:
    table = _table(reading, section, "beyond")
    of = reading.measure(table, "of", subject, NUMBERS)
    beyond = Beyond(
        of=of.name if of else "",
        above=reading.literal(table, "above", of),
        step=_step(reading, table, "step", of),
        points=reading.points(table, "points"),
        partial=_partial(table),
    )
    table.finish()
    return beyond


def _points_table(reading: Reading, section: Section, subject: str) -> Operator | None:
    table = _table(reading, section, "table")
    of = reading.measure(table, "of", subject, (Kind.TEXT, Kind.COUNT, Kind.BOOL))
    rows: list[tuple[Value, Pair]] = []
    raw = table.peek("rows")
    if not isinstance(raw, dict) or not raw:
        table.fault(
            "“rows”应是一张表", 'rows = {"省重点" = 5, "市重点" = 3}或rows = {1 = 10, 2 = 8}'
        )
        raw = {}
    inner = Section(raw, f"{section.place}的rows", reading.faults)
    for key in raw:
        points = reading.points(inner, key)
        row_key: Value = key
        if of is not None and of.kind is Kind.COUNT:
            if not key.isdigit():
                inner.fault(f"“{key}”应是个数或名次")
            row_key = int(key) if key.isdigit() else 0
        elif of is not None and of.values and key not in of.values:
            inner.fault(f"“{of.name}”没有“{key}”这一项", f"可写：{'、'.join(of.values)}")
        rows.append((row_key, points))
    operator = PointsTable(
        of.name if of else "", tuple(rows), reading.points_or_none(table, "otherwise")
    )
    if of is not None and operator.otherwise is None and set(of.values) - {row for row, _ in rows}:
        rest = "、".join(sorted(set(of.values) - {str(row) for row, _ in rows}))
        table.fault(f"表里没有：{rest}", "补上，或写otherwise = 0")
    table.finish()
    return operator if of else None


def _marginal(reading: Reading, section: Section, subject: str) -> Operator | None:
    table = _table(reading, section, "marginal")
    of = reading.measure(table, "of", subject, NUMBERS)
    above = reading.literal(table, "above", of)
    step = _step(reading, table, "step", of) if "step" in table else None
    partial = _partial(table)
    slices: list[Slice] = []
    edge = above
    for number, entry in enumerate(table.tables("slices"), 1):
        inner = Section(entry, f"{section.place}第{number}段", reading.faults)
        to = reading.literal(inner, "to", of) if "to" in inner else None
        points = reading.points(inner, "points")
        if slices and slices[-1].to is None:
            inner.fault("没有上限的一段只能写在最后")
        if to is not None and not _is_above(to, edge):
            inner.fault("各段的上限要由小到大")
        edge = to if to is not None else edge
        own = _step(reading, inner, "step", of) if "step" in inner else step
        if own is None:
            inner.fault("没有写多少一步", 'step = "5%"；各段相同的写在slices外面')
        slices.append(Slice(to, points, own or 1))
        inner.finish()
    if not slices:
        table.fault("“slices”是空的", 'slices = [{to = "130%", points = 1}, {points = 0.5}]')
    table.finish()
    return Marginal(of.name, above, partial, tuple(slices)) if of else None


def _is_above(left: Value, right: Value) -> bool:
    a = Fraction(*left) if isinstance(left, tuple) else left
    b = Fraction(*right) if isinstance(right, tuple) else right
    return isinstance(a, int | Fraction) and isinstance(b, int | Fraction) and a > b


def _series(reading: Reading, section: Section, subject: str) -> Operator | None:
    table = _table(reading, section, "series")
    of = reading.measure(table, "of", subject, NUMBERS)
    above, step = reading.literal(table, "above", of), _step(reading, table, "step", of)
    less = reading.points_or_none(table, "less")
    times = reading.share(table, "times") if "times" in table else None
    if (less is None) == (times is None):
        table.fault("“less”和“times”写一个", 'less = 0.1是每步少0.1分；times = "50%"是每步减半')
    operator = Series(
        of=of.name if of else "",
        above=above,
        step=step,
        first=reading.points(table, "first"),
        less=less,
        times=times,
        least=reading.points(table, "least", default=(0, 1)),
        partial=_partial(table),
    )
    table.finish()
    return operator if of else None


def _rank_points(reading: Reading, section: Section, subject: str) -> Operator | None:
    table = _table(reading, section, "rank_points")
    rank = reading.measure(table, "rank", subject, (Kind.COUNT,))
    size = reading.measure(table, "size", subject, (Kind.COUNT,))
    first, last = reading.points(table, "first"), reading.points(table, "last")
    table.finish()
    return RankPoints(rank.name, size.name, first, last) if rank and size else None


def _efficacy(reading: Reading, section: Section, subject: str) -> Operator | None:
    table = _table(reading, section, "efficacy")
    of = reading.measure(table, "of", subject, NUMBERS)
    marks: list[tuple[Value | None, str]] = []
    for key in ("best", "worst"):
        raw = table.peek(key)
        named = reading.names(subject).find(raw) if isinstance(raw, str) else None
        if named is not None and of is not None:
            if named.kind is not of.kind:
                table.fault(f"“{named.name}”与“{of.name}”不是同一种量")
            marks.append((None, named.name))
        else:
            marks.append((reading.literal(table, key, of), ""))
    base = reading.share(table, "base")
    table.finish()
    (best, best_named), (worst, worst_named) = marks
    return Efficacy(of.name, best, best_named, worst, worst_named, base) if of else None


def _blend(reading: Reading, section: Section, subject: str) -> Operator | None:
    table = _table(reading, section, "blend")
    raw = table.peek("weights")
    if not isinstance(raw, dict) or not raw:
        table.fault("“weights”应是一张表", 'weights = {"指标得分" = "80%", "观摩得分" = "20%"}')
        raw = {}
    inner = Section(raw, f"{section.place}的weights", reading.faults)
    names, weights = [], []
    for word in raw:
        found = reading.measure_of(word, inner, subject, (Kind.POINTS,))
        names.append(found.name if found else word)
        weights.append(reading.share(inner, word))
    total = sum(Fraction(*one) for one in weights)
    if raw and total != 1:
        inner.fault(f"各项权重之和是{float(total * 100):g}%，不是100%", code="weights")
    absent = table.choice("absent", ("不算", "其余按比例"), default="不算")
    table.finish()
    return Blend(tuple(names), tuple(weights), absent == "其余按比例")


def _awarded(reading: Reading, section: Section, subject: str) -> Operator | None:
    table = _table(reading, section, "awarded")
    found = reading.measure(table, "named", subject, (Kind.POINTS,))
    raw = table.peek("between")
    low: Pair | None = None
    high: Pair | None = None
    if isinstance(raw, list) and len(raw) == 2:
        low = points_of(raw[0])
        high = None if raw[1] == "不封顶" else points_of(raw[1])
        if high is None and raw[1] != "不封顶":
            low = None
    if low is None:
        table.fault(
            "“between”应是两个分数", 'between = [5, 20]；没有上限写between = [10, "不封顶"]'
        )
    table.finish()
    return Awarded(found.name, low or (0, 1), high) if found else None


type _ReadPart = Callable[[Reading, Section, str], Operator | None]
PART_OPERATORS: Mapping[str, _ReadPart] = {
    "steps": _steps,
    "proportional": _proportional,
    "cases": _cases,
    "table": _points_table,
    "marginal": _marginal,
    "series": _series,
    "rank_points": _rank_points,
    "efficacy": _efficacy,
    "blend": _blend,
    "awarded": _awarded,
}
"""The operators a part may use; at most one each."""
