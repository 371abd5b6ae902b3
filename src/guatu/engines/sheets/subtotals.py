"""Printed sums are never imported; they are compared with the rows they claim to add up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from guatu.core.errors import Fault
from guatu.core.yuan import UNITS, WAN, in_unit
from guatu.engines.sheets.rows import count_in
from guatu.engines.sheets.types import Kind, Row, RowKind, Table, Value

GRAND = ("总计", "合计", "共计", "总合计", "总和")


@dataclass(frozen=True, slots=True)
class _Scope:
    """Rows that a sum may be about; money stands on projects, never on their sub-items."""

    rows: tuple[Row, ...]

    @property
    def projects(self) -> int:
        return len(self.rows)

    @property
    def unpacked(self) -> int:
        return sum(
            max(1, n) if isinstance(n := row.parsed("子项目数"), int) else 1 for row in self.rows
        )


def check_subtotals(table: Table) -> tuple[Fault, ...]:
    """Compare every sum (总计, 合计, 小计, class heads) with the rows it covers.

    A sum of money agrees when it differs by at most half a unit of the last printed digit for
    each row added (each row may have been rounded); a count when it equals the projects as
    listed or unpacked. Where it is open which rows are meant (合计 above or below its rows),
    any reading that agrees is accepted. Returns `subtotal-mismatch` warnings that name the
    cell; rows with a value that could not be read are not compared.
    """
    faults: list[Fault] = []
    for index, row in enumerate(table.rows):
        if row.kind is not RowKind.SUBTOTAL or _is_breakdown(row):
            continue
        scopes = [scope for scope in _scopes(table, index) if scope.rows]
        if scopes:
            faults += _money_faults(table, row, scopes)
            faults += _count_faults(table, row, scopes)
    return tuple(faults)


def _is_breakdown(row: Row) -> bool:
    return "".join(row.label.split()).startswith("其中")


def _is_partial_sum(row: Row) -> bool:
    label = "".join(row.label.split())
    return row.kind is RowKind.SUBTOTAL and not label.startswith((*GRAND, "其中"))


def _data(rows: list[Row]) -> _Scope:
    return _Scope(tuple(row for row in rows if row.kind is RowKind.DATA))


def _scopes(table: Table, index: int) -> Iterator[_Scope]:
    """The rows a sum can mean, the likeliest first."""
    rows, row = table.rows, table.rows[index]
    after = _data(list(_until_next_head(rows[index + 1 :], row)))
    before = _data(list(_since_last_head(rows[:index])))
    everything = _data(rows)
    label = "".join(row.label.split())
    if label.startswith(GRAND):
        yield from (everything, before, after)
        yield _Scope(tuple(other for other in rows if _is_partial_sum(other)))
    elif "计" in label[-8:]:
        yield from (before, after, everything)
        yield _data([other for other in rows if other.section_path == row.section_path])
    else:
        depth = len(row.section_path)
        yield _data([o for o in rows[index:] if o.section_path[:depth] == row.section_path])
        yield after


def _until_next_head(rows: list[Row], head: Row) -> Iterator[Row]:
    for row in rows:
        if row.kind is RowKind.SECTION and len(row.section_path) <= len(head.section_path):
            return
        if row.kind is RowKind.SUBTOTAL and not _is_breakdown(row):
            return
        yield row


def _since_last_head(rows: list[Row]) -> Iterator[Row]:
    for row in reversed(rows):
        if row.kind is RowKind.SUBTOTAL and not _is_breakdown(row):
            return
        if row.kind is RowKind.SECTION:
            return
        yield row


def _money_faults(table: Table, row: Row, scopes: list[_Scope]) -> Iterator[Fault]:
    for name, value in row.values.items():
        column = table.fields.get(name)
        if column is None or column.kind is not Kind.MONEY or not isinstance(value.parsed, int):
            continue
        checked = [scope for scope in scopes if _is_readable(scope, name)]
        if not checked or any(_agrees(value, scope, name) for scope in checked):
            continue
        total = _total(checked[0], name)
        unit = value.unit or column.unit or "元"
        tolerance = _tolerance(value, checked[0], name)
        what = (
            f"“{row.label}”的{name}写的是{_amount(value.parsed, unit)}，"
            f"{checked[0].projects}行相加是{_amount(total, unit)}"
        )
        remedy = f"请核对（已允许四舍五入误差{_amount(tolerance, unit)}），汇总行不导入"
        yield Fault("subtotal-mismatch", what, remedy, table.file, table.sheet, value.cell)


def _is_readable(scope: _Scope, name: str) -> bool:
    return all(
        row.values[name].parsed is not None or not row.values[name].flags
        for row in scope.rows
        if name in row.values
    )


def _total(scope: _Scope, name: str) -> int:
    return sum(n for row in scope.rows if isinstance(n := row.parsed(name), int))


def _agrees(value: Value, scope: _Scope, name: str) -> bool:
    assert isinstance(value.parsed, int)
    return abs(value.parsed - _total(scope, name)) <= _tolerance(value, scope, name)


def _tolerance(value: Value, scope: _Scope, name: str) -> int:
    """Half a unit of the finest digit printed in the column, for each row, in yuan."""
    printed = [value, *(row.values[name] for row in scope.rows if name in row.values)]
    digits = max(_digits(one) for one in printed)
    factor = UNITS.get(value.unit or "", 1)
    return int(Decimal(factor) / 10**digits / 2 * len(scope.rows))


def _digits(value: Value) -> int:
    text = repr(value.raw) if isinstance(value.raw, float) else str(value.raw)
    mantissa = text.split("e")[0].rstrip("亿万元")
    digits = len(mantissa.split(".")[1]) if "." in mantissa else 0
    if isinstance(value.raw, float):
        digits = 0 if value.raw.is_integer() else min(digits, 6)
    return digits


def _amount(yuan: int, unit: str) -> str:
    scale = UNITS.get(unit, 1)
    digits = max(0, len(str(scale)) - 1)
    text = in_unit(yuan, unit if unit in UNITS else "元", digits)
    return (text.rstrip("0").rstrip(".") if "." in text else text) + unit


def _count_faults(table: Table, row: Row, scopes: list[_Scope]) -> Iterator[Fault]:
    printed = row.count
    value = row.values.get("子项目数")
    if printed is None and value is not None and isinstance(value.parsed, int):
        printed = value.parsed
    if printed is None or any(printed in (s.projects, s.unpacked) for s in scopes):
        return
    cell = value.cell if value is not None else f"A{row.line}"
    what = f"“{row.label}”写的是{printed}个项目，实有{scopes[0].projects}个"
    yield Fault("count-mismatch", what, "请核对项目个数", table.file, table.sheet, cell)


def find_unnamed_sums(table: Table) -> None:
    """Turn heads with sums that carry no numbering (江北区 | | 12345) into subtotals.

    A data row without serial number and description is one when it prints a count, or when
    one of its amounts equals the sum of the rows down to the next such row.
    """
    described = {
        name
        for name, column in table.fields.items()
        if column.kind in (Kind.CODE, Kind.CHOICE, Kind.BOOL, Kind.DATE, Kind.TEXT)
        and name not in ("项目名称", "备注", "形象进度")
    }
    rows = table.rows
    projects = [row for row in rows if row.kind is RowKind.DATA]
    bare = [row for row in projects if not described.intersection(_filled(row))]
    if not bare or len(bare) * 2 > len(projects):
        return
    heads = {row.number for row in bare}
    positions = [index for index, row in enumerate(rows) if row.number in heads]
    for order, index in enumerate(positions):
        stop = positions[order + 1] if order + 1 < len(positions) else len(rows)
        below = [row for row in rows[index + 1 : stop] if row.kind is RowKind.DATA]
        head = rows[index]
        count = count_in(head.label)
        if below and (count == len(below) or _is_sum_of(table, head, below)):
            _make_head(table, index, stop, count)


def _filled(row: Row) -> set[str]:
    return {name for name, value in row.values.items() if value.parsed is not None}


def _is_sum_of(table: Table, head: Row, below: list[Row]) -> bool:
    scope = _Scope(tuple(below))
    for name, value in head.values.items():
        column = table.fields.get(name)
        if column is None or column.kind is not Kind.MONEY or not isinstance(value.parsed, int):
            continue
        if value.parsed >= WAN and abs(value.parsed - _total(scope, name)) <= 1:
            return True
    return False


def _make_head(table: Table, index: int, stop: int, count: int | None) -> None:
    head = table.rows[index]
    head.kind, head.count = RowKind.SUBTOTAL, count
    head.section_path = (*head.section_path, head.label)
    for row in table.rows[index + 1 : stop]:
        if row.kind in (RowKind.DATA, RowKind.SUB_ITEM):
            row.section_path = (*row.section_path, head.label)
