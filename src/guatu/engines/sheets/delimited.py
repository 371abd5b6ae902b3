"""Text tables: comma, tab or semicolon between values, in the encodings that offices send."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from guatu.engines.sheets.errors import refuse
from guatu.engines.sheets.grid import DEFAULT, Cell, Limits, Sheet, Workbook
from guatu.engines.sheets.scan import too_far

SAMPLE_LINES = 30
DELIMITERS = (",", "\t", ";", "，", "|")


def decode(data: bytes, *, name: str) -> str:
    """Text of a file in UTF-8 (with or without mark), UTF-16 with mark, or GB 18030."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise refuse(
        "unreadable-encoding",
        "文件不是文本表格，或文字编码无法识别",
        "请用Excel或WPS打开，另存为xlsx后再导入",
        file=name,
    )


def delimiter_of(text: str) -> str:
    """The separator that cuts the first lines into the most fields; a comma when none does."""
    lines = text.splitlines()[:SAMPLE_LINES]

    def fields(delimiter: str) -> int:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
        return sum(len(row) - 1 for row in rows)

    try:
        return max(DELIMITERS, key=fields)
    except csv.Error:
        return ","


def read_delimited(data: bytes, *, name: str, limits: Limits = DEFAULT) -> Workbook:
    """A text table as a workbook of one sheet; every cell is text.

    Raises SheetsError: `unreadable-encoding`, `too-many-rows`, `too-many-columns`, and
    `broken-content` for a quote that never ends.
    """
    text = decode(data, name=name)
    rows: list[list[Cell]] = []
    source = csv.reader(_lines(text), delimiter=delimiter_of(text))
    try:
        for row in source:
            if len(rows) >= limits.rows:
                raise too_far("too-many-rows", name, limits)
            if len(row) > limits.columns:
                raise too_far("too-many-columns", name, limits)
            rows.append([*row])
    except csv.Error as error:
        raise refuse(
            "broken-content",
            f"第{source.line_num}行的引号没有配对，或单元格过长",
            "请用Excel或WPS打开，另存为xlsx后再导入",
            file=name,
        ) from error
    while rows and not any(isinstance(cell, str) and cell.strip() for cell in rows[-1]):
        rows.pop()
    return Workbook(name, "csv", (Sheet("", rows),))


def _lines(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end
