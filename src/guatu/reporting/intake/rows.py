"""From a recognised table to report rows: plain values with their places. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from guatu.core.errors import Fault
from guatu.core.ratio import Ratio
from guatu.engines.sheets import DateValue, Flag, FlagKind, Row, RowKind, Table, Value

ANSWERS = ("本年累计完成投资", "上年同期累计完成投资", "自开工累计完成投资", "本月完成投资")
DATES = {"实际开工时间": "start", "实际竣工时间": "completion"}


@dataclass(frozen=True, slots=True)
class RowPlace:
    """Where a report row stands."""

    file: str
    sheet: str
    row: int
    name_cell: str = ""

    def fault(self, code: str, what: str, remedy: str = "", cell: str = "") -> Fault:
        """A fault at a cell of this row; without one, at the cell of the project's name."""
        return Fault(code, what, remedy, self.file, self.sheet, cell or self.name_cell)


@dataclass(frozen=True, slots=True)
class Amount:
    """A money cell: whole yuan or None, the text as written, what was noted while reading it."""

    yuan: int | None
    raw: str
    cell: str
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class ActualDate:
    """An actual start or completion as the unit states it."""

    on: date
    precision: str
    raw: str
    cell: str
    flags: tuple[Flag, ...] = ()


@dataclass(slots=True)
class ReportRow:
    """What a unit says of one project for one period."""

    place: RowPlace
    name: str
    code: str | None
    region: str
    amounts: dict[str, Amount] = field(default_factory=dict)
    dates: dict[str, ActualDate] = field(default_factory=dict)
    progress: str = ""
    problem: str = ""
    reason: str = ""
    flags: list[tuple[str, Flag]] = field(default_factory=list)
    printed_rate: tuple[Ratio, str] | None = None
    printed_plan: int | None = None
    columns: frozenset[str] = frozenset()
    """The fields its table has: an empty cell of a column says something, a missing one nothing."""
    is_part: bool = False
    doubts: list[tuple[str, str, str]] = field(default_factory=list)
    """Code, question and remedy of what should be confirmed although the row may enter."""

    @property
    def investment(self) -> Amount | None:
        """This year's cumulative investment, where the column holds something."""
        return self.amounts.get("本年累计完成投资")

    def values(self) -> tuple[object, ...]:
        """What is said, to tell a repeated row from a contradicting one."""
        return (
            tuple(sorted((k, a.yuan) for k, a in self.amounts.items())),
            tuple(sorted((k, d.on) for k, d in self.dates.items())),
        )


def report_rows(table: Table, file: str) -> Iterator[ReportRow]:
    """The data rows of a table; totals, sections and notes carry no report."""
    for row in table.data_rows:
        yield _row(row, table, file)


def keeps_out(flag: Flag) -> bool:
    """Whether somebody must answer before the row may enter; a note alone does not."""
    return flag.kind is not FlagKind.NOTE


def _text(values: dict[str, Value], name: str) -> str:
    value = values.get(name)
    return str(value.parsed).strip() if value is not None and value.parsed is not None else ""


def _reduction_in(values: dict[str, Value]) -> str:
    """A remark that says 核减 is the reason of a reduction, in whichever column it stands."""
    for name in ("备注", "未完成原因", "存在问题", "形象进度"):
        text = _text(values, name)
        if "核减" in text or "调减" in text:
            return text
    return ""


def _ratio(values: dict[str, Value], name: str) -> tuple[Ratio, str] | None:
    value = values.get(name)
    if value is None or not isinstance(value.parsed, Ratio):
        return None
    return value.parsed, value.cell


def _yuan(values: dict[str, Value], name: str) -> int | None:
    value = values.get(name)
    return value.parsed if value is not None and isinstance(value.parsed, int) else None


def _row(row: Row, table: Table, file: str) -> ReportRow:
    values = dict(row.values)
    named = values.get("项目名称") or values.get("项目代码")
    one = ReportRow(
        place=RowPlace(file, table.sheet, row.line, named.cell if named else f"A{row.line}"),
        name=_text(values, "项目名称"),
        code=_text(values, "项目代码") or None,
        region=_text(values, "所属地区"),
        progress=_text(values, "形象进度"),
        problem=_text(values, "存在问题"),
        reason=_text(values, "核减原因") or _reduction_in(values),
        printed_rate=_ratio(values, "年度计划完成率"),
        printed_plan=_yuan(values, "年度计划投资"),
        columns=frozenset(table.fields),
        is_part=row.kind is RowKind.SUB_ITEM,
    )
    for name in ANSWERS:
        value = values.get(name)
        if value is not None and (value.parsed is not None or value.flags):
            yuan = value.parsed if isinstance(value.parsed, int) else None
            one.amounts[name] = Amount(yuan, str(value.raw), value.cell, value.flags)
    for name, milestone in DATES.items():
        value = values.get(name)
        if value is not None and isinstance(value.parsed, DateValue):
            one.dates[milestone] = ActualDate(
                value.parsed.on,
                value.parsed.precision.value,
                str(value.raw),
                value.cell,
                value.flags,
            )
        elif value is not None:
            one.flags += [(value.cell, flag) for flag in value.flags]
    for name in ("项目名称", "项目代码"):
        value = values.get(name)
        if value is not None:
            one.flags += [(value.cell, flag) for flag in value.flags]
    return one
