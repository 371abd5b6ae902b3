"""Writing the forty workbooks of October 2026 and the record of what is planted in them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from guatu.demo.city import OPEN_PERIOD
from guatu.demo.faults import OUTCOMES, Outcome, Planted, PlantedFault, PlantedFile, PlantedRow
from guatu.demo.layouts import spelling
from guatu.demo.layouts.render import Placed, render
from guatu.demo.layouts.sheet import Book, Sheet
from guatu.demo.layouts.spec import Layout
from guatu.demo.layouts.writers import write
from guatu.demo.lines import Row, rows_of
from guatu.demo.names import NOTE, PROBLEMS
from guatu.demo.planting import Draft, plant
from guatu.demo.senders import MISSING, SENDINGS, Sending
from guatu.demo.types import City, Entry, Organisation

LAST_PERIOD = "2026-09"
_TOTAL_SHIFT = 10_000_000


def write_forty(city: City, folder: Path) -> Planted:
    """Write exactly forty files into `folder` (made when missing) and say what is in them."""
    folder.mkdir(parents=True, exist_ok=True)
    return Planted(
        OPEN_PERIOD,
        tuple(_write_one(city, sending, folder) for sending in SENDINGS),
        MISSING,
        tuple(city.organisation[key].name for key in MISSING),
    )


def _write_one(city: City, sending: Sending, folder: Path) -> PlantedFile:
    unit = city.organisation[sending.unit]
    if sending.kind == "empty":
        book, rows, faults = _empty(sending)
    elif sending.kind == "contacts":
        book, rows, faults = _contacts_only(city, sending, unit)
    else:
        book, rows, faults = _table(city, sending, unit)
    write(book, folder / sending.file)
    layout = sending.layout.id if sending.kind in {"table", "last-month"} else sending.kind
    return PlantedFile(
        sending.file, unit.key, unit.name, layout, rows, faults, sending.superseded_by
    )


_Made = tuple[Book, tuple[PlantedRow, ...], tuple[PlantedFault, ...]]


def _words(unit: Organisation) -> dict[str, str]:
    return {"organisation": unit.name, "contact": unit.contact, "phone": unit.phone}


def _entries(city: City, sending: Sending) -> tuple[Entry, ...]:
    chosen = tuple(
        entry
        for entry in city.listed(2026)
        if city.project[entry.project].lead == sending.unit
        and (not sending.sectors or city.project[entry.project].sector in sending.sectors)
    )
    return chosen[sending.first : sending.last]


def _of_september(layout: Layout) -> Layout:
    """The same table as it looked a month ago: the words for the month are others."""
    columns = tuple(
        replace(column, head=tuple(word.replace("10月", "9月") for word in column.head))
        for column in layout.columns
    )
    title = layout.title.replace("10月底", "9月底")
    notes = tuple(note.replace("10月31日", "9月30日") for note in layout.notes)
    return replace(
        layout, columns=columns, title=title, notes=notes, sheet=layout.sheet.replace("10", "9")
    )


def _table(city: City, sending: Sending, unit: Organisation) -> _Made:
    layout, period = sending.layout, OPEN_PERIOD
    if sending.kind == "last-month":
        layout, period = _of_september(layout), LAST_PERIOD
    entries = _entries(city, sending)
    draft = Draft(city, layout, list(rows_of(city, unit, layout, period, entries)))
    for order in sending.faults:
        plant(draft, order)
    sheet, placed = render(layout, [row.line for row in draft.rows], _words(unit))
    sheets = [sheet]
    faults = _sheet_faults(draft, sending, sheet, placed)
    for extra in layout.extras:
        sheets.append(_extra(extra, city, sending, unit, entries))
    if "cover" in layout.extras:
        sheets.insert(0, sheets.pop(1))
    for index, row in enumerate(draft.rows):
        faults += _row_faults(sending, sheet, placed, index, row)
    rows = tuple(
        _planted_row(sheet, placed, index, row)
        for index, row in enumerate(draft.rows)
        if row.project is not None
    )
    return Book(sheets), rows, tuple(faults)


def _planted_row(sheet: Sheet, placed: Placed, index: int, row: Row) -> PlantedRow:
    assert row.project is not None
    return PlantedRow(
        row.project.key, row.project.name, str(row.line.values["name"]), row.project.code,
        sheet.name, placed.cells[index, "cumulative"], row.yuan, row.start, row.completion,
        is_part=row.line.depth > 0, outcome=row.outcome,
    )  # fmt: skip


def _row_faults(
    sending: Sending, sheet: Sheet, placed: Placed, index: int, row: Row
) -> list[PlantedFault]:
    return [
        PlantedFault(
            touch.code, sending.file, sheet.name, placed.cells[index, touch.field],
            OUTCOMES[touch.code], row.line.key, str(row.line.values["name"]), touch.note,
        )
        for touch in row.touches
    ]  # fmt: skip


def _sheet_faults(
    draft: Draft, sending: Sending, sheet: Sheet, placed: Placed
) -> list[PlantedFault]:
    faults = []
    for touch in draft.sheet_faults:
        name, cell = sheet.name, placed.first
        if touch.code == "wrong-total":
            cell = placed.totals["cumulative"]
            _shift_total(draft, sheet, cell)
        elif touch.code == "last-month-sheet":
            name, cell = _of_september(draft.layout).sheet, "A1"
        faults.append(
            PlantedFault(touch.code, sending.file, name, cell, OUTCOMES[touch.code], "", "",
                         touch.note)
        )  # fmt: skip
    return faults


def _shift_total(draft: Draft, sheet: Sheet, cell: str) -> None:
    wrong = sum(row.line.amounts.get("cumulative", 0) for row in draft.rows) + _TOTAL_SHIFT
    letters = cell.rstrip("0123456789")
    row, column = int(cell[len(letters) :]) - 1, 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    value = spelling.money(wrong, draft.layout.unit, draft.layout.money)
    sheet.put(row, column - 1, value, "sum")


def _extra(
    kind: str, city: City, sending: Sending, unit: Organisation, entries: tuple[Entry, ...]
) -> Sheet:
    match kind:
        case "cover":
            sheet = Sheet("填报说明")
            for n, text in enumerate(("填 报 说 明", "1.每月28日前报送。", "2.金额单位：万元。",
                                      f"3.{NOTE}。")):  # fmt: skip
                sheet.put(n, 0, text, "line")
            sheet.widths[0] = 60
            return sheet
        case "dictionary":
            sheet = Sheet("字典", hidden=True)
            for n, text in enumerate(("建设性质", "新建", "续建", "问题类别", *PROBLEMS)):
                sheet.put(n, 0, text)
            return sheet
        case "last-month":
            layout = _of_september(sending.layout)
            known = tuple(e for e in entries if (LAST_PERIOD, e.project) in city.report)
            rows = rows_of(city, unit, layout, LAST_PERIOD, known)
            return render(layout, [row.line for row in rows], _words(unit))[0]
    return _contact_sheet(unit)


def _contact_sheet(unit: Organisation) -> Sheet:
    sheet = Sheet("联系人")
    for column, words in enumerate((("单位", unit.name), ("职务", "科员"), ("姓名", unit.contact),
                                    ("联系电话", unit.phone))):  # fmt: skip
        for row, word in enumerate(words):
            sheet.put(row, column, word, "text" if row else "head")
        sheet.widths[column] = 18
    return sheet


def _empty(sending: Sending) -> _Made:
    fault = PlantedFault("empty-workbook", sending.file, "Sheet1", "", OUTCOMES["empty-workbook"],
                         "", "", "空白工作簿")  # fmt: skip
    return Book([Sheet("Sheet1")]), (), (fault,)


def _contacts_only(city: City, sending: Sending, unit: Organisation) -> _Made:
    sheet = _contact_sheet(unit)
    sheet.put(2, 0, "注：城市、单位和联系人均为虚构。", "line")
    fault = PlantedFault("no-table", sending.file, sheet.name, "", Outcome.REFUSED, "", "",
                         "只有联系人，没有项目表")  # fmt: skip
    return Book([sheet]), (), (fault,)
