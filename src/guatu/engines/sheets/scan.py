"""Looking through the XML of sheets in chunks: how far the cells reach, and what is missing.

Cells without a value are harmless (the reader skips them), so a border drawn down to the last
row of the sheet does not count; a value there does.
"""

from __future__ import annotations

import re

from guatu.engines.sheets.errors import SheetsError, refuse
from guatu.engines.sheets.grid import Limits, Merge, SheetFacts, column_letters, place_of

REMEMBERED = 1_000
TAIL = 1 << 18

_FORMULA = re.compile(
    rb"<c r=\"([A-Z]{1,3}\d{1,7})\"[^>]*>\s*<f(?:[^>]*/>|(?:\s[^>]*)?>[^<]*</f>)"
    rb"\s*(<v>[^<]*</v>|<v\s*/>|)"
)
_ERROR_CELL = re.compile(rb"<c r=\"([A-Z]{1,3}\d{1,7})\"[^>]* t=\"e\"")
_ANY_CELL = re.compile(rb"<(?:[\w.\-]+:)?(row|c)(?=[\s/>])([^>]*)>")
_REFERENCE = re.compile(rb"(?:^|\s)r\s*=\s*[\"']\s*([A-Za-z]{0,9})(\d{0,9})\s*[\"']")
# Capitals become A and digits 9, so that two plain searches rule out far cells in most sheets.
_SHAPE = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", b"A" * 26 + b"9" * 10)


def too_far(code: str, name: str, limits: Limits, sheet: str = "") -> SheetsError:
    """The refusal of a sheet that reaches beyond the limits."""
    if code == "too-many-rows":
        what = f"表格超过{limits.rows}行"
        remedy = "请删去下方无用的行，或分成几个文件导入"
    else:
        what = f"表格超过{limits.columns}列"
        remedy = "请删去右侧无用的列后再导入"
    return refuse(code, what, remedy, file=name, sheet=sheet)


def _beyond(limit: int, first: str, rest: str) -> str:
    """A pattern for numerals that may be above a limit: longer, or as long and not smaller."""
    text = str(limit) if first == "1-9" else column_letters(limit - 1)
    last = first[-1]
    return f"(?:[{text[0]}-{last}][{rest}]{{{len(text) - 1}}}|[{first}][{rest}]{{{len(text)},}})"


def _is_usual(data: bytes) -> bool:
    """Whether every cell is written `<c r="…`, as all known programs do."""
    others = data.count(b"<co") + data.count(b"<cf")
    cells = data.count(b"<c") - others
    return cells == data.count(b'<c r="') and b":c" not in data and b":row" not in data


class XlsxScan:
    """Feed it a sheet part in chunks; it raises as soon as a cell lies too far out."""

    def __init__(self, name: str, limits: Limits) -> None:
        self._name = name
        self._limits = limits
        self._tail = b""
        self._facts = SheetFacts()
        self._row = 0
        self._column = 0
        columns = _beyond(limits.columns, "A-Z", "A-Z")
        rows = _beyond(limits.rows, "1-9", "0-9")
        self._far = re.compile(
            rf'<c r="(?:({columns})(\d{{1,7}})|([A-Z]{{1,3}})({rows}))"([^>]*)>'.encode()
        )

    def feed(self, chunk: bytes) -> None:
        """Look through one more chunk. Raises `too-many-rows` or `too-many-columns`."""
        data = self._tail + chunk
        cut = max(data.rfind(b"<c "), data.rfind(b"<row"))
        if cut <= 0 or len(data) - cut > TAIL:
            cut = data.rfind(b"<")
        if cut <= 0 or len(data) - cut > TAIL:
            cut = len(data)
        self._tail = data[cut:]
        self._look(data[:cut])

    def finish(self) -> SheetFacts:
        """Look through what is left and give what was seen."""
        self._look(self._tail)
        self._tail = b""
        return self._facts

    def _look(self, data: bytes) -> None:
        if not _is_usual(data):
            self._count_every_cell(data)
        elif self._may_be_far(data):
            for far in self._far.finditer(data):
                self._judge_far(far)
        if b"<f" in data:
            self._note_formulas(data)
        if b't="e"' in data:
            for cell in _ERROR_CELL.finditer(data):
                if len(self._facts.broken) < REMEMBERED:
                    self._facts.broken.append(place_of(cell[1].decode()))

    def _may_be_far(self, data: bytes) -> bool:
        if self._limits.columns < 26 or self._limits.rows < 10_000:
            return True
        shape = data.translate(_SHAPE)
        return b'="AA' in shape or b'99999"' in shape

    def _judge_far(self, far: re.Match[bytes]) -> None:
        if far[5].endswith(b"/"):
            return
        row, column = place_of(((far[1] or far[3]) + (far[2] or far[4])).decode())
        self._judge(row, column)

    def _judge(self, row: int, column: int) -> None:
        if column >= self._limits.columns:
            raise too_far("too-many-columns", self._name, self._limits)
        if row >= self._limits.rows:
            raise too_far("too-many-rows", self._name, self._limits)

    def _count_every_cell(self, data: bytes) -> None:
        """The slow way, for cells without references, with prefixes or in odd spelling."""
        for tag in _ANY_CELL.finditer(data):
            reference = _REFERENCE.search(tag[2])
            letters = reference[1].decode().upper() if reference else ""
            number = int(reference[2]) if reference and reference[2] else 0
            if tag[1] == b"row":
                self._row = number or self._row + 1
                self._column = 0
                continue
            if letters and number:
                row, self._column = place_of(f"{letters}{number}")
            else:
                row = max(self._row - 1, 0)
            if not tag[2].endswith(b"/"):
                self._judge(row, self._column)
            self._column += 1

    def _note_formulas(self, data: bytes) -> None:
        for cell in _FORMULA.finditer(data):
            if cell[2] in (b"", b"<v></v>") or cell[2].endswith(b"/>"):
                noted = self._facts.uncached
            elif cell[2] == b"<v>0</v>":
                noted = self._facts.zeroed
            else:
                continue
            if len(noted) < REMEMBERED:
                noted.append(place_of(cell[1].decode()))


_ODS_TAG = re.compile(
    rb"<table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])([^>]*)>|(</table:table-row>)"
)
_ODS_NUMBER = re.compile(
    rb"table:number-(columns|rows)-(repeated|spanned)\s*=\s*[\"'](\d{1,12})[\"']"
)
_ODS_NAME = re.compile(rb"table:name\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


class OdsScan:
    """The same for `content.xml`: repeated rows and columns are multiplied out by counting."""

    def __init__(self, name: str, limits: Limits) -> None:
        self._name = name
        self._limits = limits
        self._tail = b""
        self._tables: list[SheetFacts] = []
        self._row = 0
        self._column = 0
        self._repeat = 1
        self._has_value = False

    def feed(self, chunk: bytes) -> None:
        """Look through one more chunk. Raises `too-many-rows` or `too-many-columns`."""
        data = self._tail + chunk
        cut = data.rfind(b"<")
        if cut <= 0 or len(data) - cut > TAIL:
            cut = len(data)
        self._tail = data[cut:]
        self._look(data[:cut])

    def finish(self) -> list[SheetFacts]:
        """What was seen, one entry a table in the order of the file."""
        self._look(self._tail)
        self._tail = b""
        return self._tables

    def _look(self, data: bytes) -> None:
        for tag in _ODS_TAG.finditer(data):
            if tag[3]:
                self._end_row()
            elif tag[1] == b"table":
                self._start_table(tag[2])
            elif tag[1] == b"table-row":
                self._start_row(tag[2])
            else:
                self._cell(tag[2])

    def _start_table(self, attributes: bytes) -> None:
        found = _ODS_NAME.search(attributes)
        name = (found[1] or found[2] or b"").decode("utf-8", "replace") if found else ""
        for code, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'")):
            name = name.replace(code, char)
        self._tables.append(SheetFacts(name=name.replace("&amp;", "&")))
        self._row = 0

    def _start_row(self, attributes: bytes) -> None:
        self._repeat = self._numbers(attributes).get(b"rows-repeated", 1)
        self._column = 0
        self._has_value = False
        if attributes.endswith(b"/"):
            self._end_row()

    def _end_row(self) -> None:
        self._row += self._repeat
        if self._has_value and self._row > self._limits.rows:
            raise too_far("too-many-rows", self._name, self._limits)
        self._repeat = 0

    def _cell(self, attributes: bytes) -> None:
        numbers = self._numbers(attributes)
        start = self._column
        self._column += numbers.get(b"columns-repeated", 1)
        facts = self._tables[-1] if self._tables else SheetFacts()
        rows, columns = numbers.get(b"rows-spanned", 1), numbers.get(b"columns-spanned", 1)
        if (rows > 1 or columns > 1) and len(facts.merges) < 100_000:
            last = (self._row + rows - 1, start + columns - 1)
            facts.merges.append(Merge(self._row, start, *last))
        typed = b"office:value-type" in attributes
        if not attributes.endswith(b"/") or typed:
            self._has_value = True
            if self._column > self._limits.columns:
                raise too_far("too-many-columns", self._name, self._limits)
        if b"table:formula" in attributes and not typed and len(facts.uncached) < REMEMBERED:
            facts.uncached.append((self._row, start))

    @staticmethod
    def _numbers(attributes: bytes) -> dict[bytes, int]:
        return {
            axis + b"-" + kind: int(number)
            for axis, kind, number in _ODS_NUMBER.findall(attributes)
        }
