"""`[[money]]`: awards, payments, deductions, caps: when, how much, at most how much."""

from __future__ import annotations

from dataclasses import dataclass

from guatu.engines.rulebook.facts import fact_of, fraction_of
from guatu.engines.rulebook.reading.context import Reading
from guatu.engines.rulebook.reading.outputs import rule_head
from guatu.engines.rulebook.sections import Section
from guatu.engines.rulebook.types import (
    Kind,
    Late,
    Line,
    Measure,
    Money,
    Pair,
    Stated,
    Value,
)

WAYS = (
    "奖励",
    "拨付",
    "预付",
    "补助",
    "扣减",
    "暂缓拨付",
    "不予拨付",
    "下年扣减",
    "支付上限",
    "收费",
)
YUAN = Measure("金额", Kind.YUAN, "元", "金额", "", True, ("*",))


def read_money(reading: Reading) -> tuple[Money, ...]:
    """`[[money]]`: awards, payments, deductions, caps."""
    return tuple(
        _money(reading, Section(table, f"第{number}个money", reading.faults))
        for number, table in enumerate(reading.root.tables("money"), 1)
    )


def _money(reading: Reading, section: Section) -> Money:
    name, clause, subject, rule_id = rule_head(reading, section, "资金")
    when, text = reading.condition(section, subject)
    how = _sum_of(reading, section, subject)
    most, most_named = _most(reading, section, subject)
    rule = Money(
        id=rule_id,
        name=name,
        subject=subject,
        clause=clause,
        way=section.choice("way", WAYS),
        stated=Stated(when, text),
        amount=how.amount,
        share=how.share,
        of=how.of,
        rows=how.rows,
        line=how.line,
        late=_late(reading, section, subject) if "late" in section else None,
        most=most,
        most_named=most_named,
        interpretation=section.interpretation(),
        per=_per(reading, section, subject),
    )
    section.finish()
    return rule


@dataclass(frozen=True, slots=True)
class _Sum:
    """How much: one of a fixed amount, a share of a measure, a table by a measure, a line."""

    amount: int | None = None
    share: Pair | None = None
    of: str = ""
    rows: tuple[tuple[Value, int], ...] = ()
    line: Line | None = None


def _sum_of(reading: Reading, section: Section, subject: str) -> _Sum:
    given = [key for key in ("amount", "share", "rows", "line") if key in section]
    match given:
        case ["amount"]:
            return _Sum(amount=_yuan(section, "amount"))
        case ["share"]:
            share = reading.share(section, "share")
            found = reading.measure(section, "of", subject, (Kind.YUAN,))
            return _Sum(share=share, of=found.name if found else "")
        case ["rows"]:
            of, rows = _money_rows(reading, section, subject)
            return _Sum(of=of, rows=rows)
        case ["line"]:
            return _Sum(line=_line(reading, section, subject))
    section.fault(
        "钱数要写一种算法",
        'amount = "30万元"；share = "20%"并写of；rows = {1 = "30万元"}并写of；line = {…}',
    )
    return _Sum()


def _late(reading: Reading, section: Section, subject: str) -> Late:
    inner = Section(section.peek("late"), section.place, reading.faults)
    counted = reading.measure(inner, "of", subject, (Kind.MONTHS, Kind.COUNT, Kind.DAYS))
    late = Late(counted.name if counted else "", reading.share(inner, "less"))
    inner.finish()
    return late


def _per(reading: Reading, section: Section, subject: str) -> str:
    if "per" not in section:
        return ""
    found = reading.measure(section, "per", subject, (Kind.COUNT, Kind.DAYS, Kind.MONTHS))
    return found.name if found else ""


def _yuan(section: Section, key: str, raw: object = None) -> int:
    value = section.peek(key) if raw is None else raw
    try:
        found = fact_of(value, YUAN)
    except ValueError:
        found = None
    if not isinstance(found, int):
        section.fault(f"“{key}”应是金额", f'写成{key} = "30万元"')
        return 0
    return found


def _money_rows(
    reading: Reading, section: Section, subject: str
) -> tuple[str, tuple[tuple[Value, int], ...]]:
    of = reading.measure(section, "of", subject, (Kind.COUNT, Kind.TEXT))
    raw = section.peek("rows")
    rows: list[tuple[Value, int]] = []
    for key, value in raw.items() if isinstance(raw, dict) else ():
        row: Value = key
        if of is not None and of.kind is Kind.COUNT:
            if not key.isdigit():
                section.fault(f"“{key}”应是名次或个数")
            row = int(key) if key.isdigit() else 0
        rows.append((row, _yuan(section, "rows", value)))
    if not rows:
        section.fault("“rows”应是一张表", 'rows = {1 = "30万元", 2 = "20万元"}')
    return (of.name if of else ""), tuple(rows)


def _line(reading: Reading, section: Section, subject: str) -> Line | None:
    table = Section(section.peek("line"), section.place, reading.faults)
    kinds = (Kind.YUAN, Kind.RATIO, Kind.COUNT, Kind.POINTS, Kind.MONTHS, Kind.DAYS)
    of = reading.measure(table, "of", subject, kinds)
    low, high = reading.literal(table, "low", of), reading.literal(table, "high", of)
    line = Line(
        of=of.name if of else "",
        low=low,
        low_yuan=_yuan(table, "low_amount"),
        high=high,
        high_yuan=_yuan(table, "high_amount"),
    )
    if fraction_of(line.low) >= fraction_of(line.high):
        table.fault("“low”应小于“high”")
    table.finish()
    return line if of else None


def _most(reading: Reading, section: Section, subject: str) -> tuple[int | None, str]:
    raw = section.peek("most")
    if raw is None:
        return None, ""
    named = reading.names(subject).find(raw) if isinstance(raw, str) else None
    if named is not None:
        if named.kind is not Kind.YUAN:
            section.fault(f"“{named.name}”不是金额")
        return None, named.name
    return _yuan(section, "most"), ""
