"""What came back: the token, broken locks, and the rows that somebody touched. Pure but for the
signature."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from guatu.core.errors import BadInput, Fault
from guatu.engines.sheets import (
    Cell,
    Row,
    RowKind,
    RowReader,
    Sheet,
    Table,
    Value,
    Vocabulary,
    Workbook,
    cell_name,
)
from guatu.engines.sheets import Column as SheetColumn
from guatu.engines.sheets import Kind as SheetKind
from guatu.reporting.intake.rows import ReportRow, report_rows
from guatu.reporting.workbook.layout import (
    AT,
    COLUMNS,
    FIRST_LINE,
    HEAD_LINE,
    LOCKED,
    OPEN,
    SHEET,
    said,
    same,
)
from guatu.reporting.workbook.token import Issued, IssuedRow, NotOurs, unsigned

_NAMED = 4
"""So many broken locks are named; of more only their number."""
AGAIN = "请用平台发出的原表，只填浅黄表头下面的格，重新发来"


@dataclass(frozen=True, slots=True)
class Filled:
    """One project's row that somebody touched: as it went out, and as it came back."""

    issued: IssuedRow
    row: ReportRow
    cells: dict[str, Cell]
    next_plan: Value | None

    def said(self, key: str) -> str:
        """What an open cell says now."""
        return said(self.cells[key])

    def sent_out(self, key: str) -> str:
        """What it said when it went out."""
        return self.issued.opened[OPEN.index(key)]

    def is_touched(self, key: str) -> bool:
        """Whether it says something else than when it went out."""
        return not same(self.sent_out(key), self.cells[key])


def issued_of(book: Workbook, file: str) -> Issued:
    """What the workbook carries about itself; BadInput where the signature does not hold."""
    lines = book.aside.rows if book.aside else []
    try:
        return unsigned([line[0] for line in lines if line and line[0] not in (None, "")])
    except NotOurs as error:
        what = "填报表的签名不对：校验内容被改过、不完整，或不是本平台发出的"
        raise BadInput(Fault("bad-signature", what, AGAIN, file)) from error


def sheet_of(book: Workbook, issued: Issued, file: str) -> Sheet:
    """The sheet that was filled in; BadInput naming the locked cells that were changed."""
    sheet = next((one for one in book.sheets if one.name == SHEET), None)
    if sheet is None:
        what = f"找不到工作表“{SHEET}”，可能被删去、隐藏或改了名"
        raise BadInput(Fault("no-sheet", what, AGAIN, file))
    broken = list(_broken(sheet, issued))
    if broken:
        more = f"等{len(broken)}处" if len(broken) > _NAMED else ""
        what = f"锁定的格被改过：{'、'.join(broken[:_NAMED])}{more}"
        raise BadInput(Fault("broken-lock", what, AGAIN, file, SHEET))
    return sheet


def _broken(sheet: Sheet, issued: Issued) -> Iterator[str]:
    heads = [(line, 0, text) for line, text in enumerate(issued.heads)]
    heads += [(HEAD_LINE, at, one.label) for at, one in enumerate(COLUMNS)]
    cells = [
        (FIRST_LINE + line, AT[key], text)
        for line, row in enumerate(issued.rows)
        for key, text in zip(LOCKED, row.locked, strict=True)
    ]
    for line, at, text in (*heads, *cells):
        now = sheet.cell(line, at)
        if not same(text, now):
            yield f"{cell_name(line, at)}由“{_short(text)}”改成“{_short(said(now))}”"
    for line in range(FIRST_LINE + len(issued.rows), len(sheet.rows)):
        if any(said(cell) for cell in sheet.rows[line]):
            yield f"第{line + 1}行是后加的"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 20 else f"{text[:19]}…"


def filled_rows(
    sheet: Sheet, issued: Issued, vocabulary: Vocabulary, *, file: str, year: int
) -> list[Filled]:
    """The touched rows, their cells read as those of any workbook are."""
    columns = tuple(
        SheetColumn(at, one.label, one.label, one.field, one.kind, _unit(one.kind))
        for at, one in enumerate(COLUMNS)
        if one.field
    )
    open_columns = [one for one in columns if COLUMNS[one.index].is_open]
    reader = RowReader(sheet, open_columns, vocabulary, year=year)
    table = Table(file, SHEET, (HEAD_LINE, HEAD_LINE), columns, year=year, unit="万元")
    found = []
    for at, one in enumerate(issued.rows):
        line = FIRST_LINE + at
        cells = {key: sheet.cell(line, AT[key]) for key in OPEN}
        values = reader.values(line, sheet.rows[line] if line < len(sheet.rows) else [])
        lost = any(value.column in _lost(sheet, line) for value in values.values())
        is_touched = any(
            not same(text, cells[key]) for key, text in zip(OPEN, one.opened, strict=True)
        )
        if not (is_touched or lost):
            continue
        next_plan = values.pop("累计计划投资", None)
        for key in ("started_on", "completed_on"):
            if same(one.opened[OPEN.index(key)], cells[key]):
                values.pop(COLUMNS[AT[key]].field, None)  # nothing is said about this day
        for key in ("name", "code"):
            text = one.locked[LOCKED.index(key)]
            if text:
                field = COLUMNS[AT[key]].field
                values[field] = Value(field, text, text, (), line, AT[key], None)
        table.rows = [Row(RowKind.DATA, line, values=values)]
        [row] = report_rows(table)
        found.append(Filled(one, row, cells, next_plan))
    return found


def _unit(kind: SheetKind) -> str | None:
    return "万元" if kind is SheetKind.MONEY else None


def _lost(sheet: Sheet, line: int) -> set[int]:
    """The columns of a line whose cell holds a formula without a value, or an error."""
    return {column for row, column in sheet.uncached | sheet.broken if row == line}
