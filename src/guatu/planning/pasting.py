"""Text pasted from a sheet: rows and cells, amounts with their unit. Pure, no file is read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from guatu.core.errors import BadInput, Fault
from guatu.core.ratio import Ratio
from guatu.engines.sheets import flags
from guatu.engines.sheets.dates import read_date
from guatu.engines.sheets.money import is_empty, plain_text, read_money
from guatu.engines.sheets.types import FlagKind, Precision

MOST_CHARACTERS = 400_000
MOST_ROWS = 3_000
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class PastedRow:
    """One line of the paste: its number from one and its cells, trimmed."""

    number: int
    cells: tuple[str, ...]


def rows_of(text: str) -> list[PastedRow]:
    """The lines that hold something, cells parted by tabs. BadInput where there is too much."""
    if len(text) > MOST_CHARACTERS:
        raise BadInput(
            Fault("paste-too-long", "粘贴的内容太多", f"请分几次，每次不超过{MOST_ROWS}行")
        )
    rows = [
        PastedRow(number, tuple(cell.strip() for cell in line.split("\t")))
        for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1)
        if line.strip()
    ]
    if len(rows) > MOST_ROWS:
        raise BadInput(
            Fault("paste-too-long", f"粘贴了{len(rows)}行", f"请分几次，每次不超过{MOST_ROWS}行")
        )
    return rows


def yuan_of(text: str, unit: str) -> int | None:
    """An amount in a unit (元, 万元, 亿元) as whole yuan; None where it is none.

    Full-width digits and thousands separators are read, a unit in the cell wins; an empty cell
    and a dash are nothing, which is 0. What is no whole number of yuan is none.
    """
    if is_empty(text.strip()):
        return 0
    told = read_money(text, unit)
    return told.yuan if set(told.flags) <= {flags.UNIT_IN_CELL, flags.NEGATIVE} else None


def share_of(text: str) -> Ratio | None:
    """`32.5%`, `32.5` or full-width: a percentage as a pair; None where it is none or beyond the
    whole."""
    told = plain_text(text).removesuffix("%")
    match = re.fullmatch(r"\d{1,3}(?:\.\d{1,4})?", told)
    if match is None:
        return None
    value = Fraction(told) / 100
    return Ratio(value.numerator, value.denominator) if value <= 1 else None


def count_of(text: str) -> int | None:
    """A number of projects; None where it is none."""
    told = plain_text(text).removesuffix("个")
    return int(told) if re.fullmatch(r"\d{1,6}", told) else None


def day_of(text: str, year: int) -> date | None:
    """`6月30日`, `2026-06-30`, `6.30`, `6月底`: a day of a year; None where it is doubtful."""
    read = read_date(text, year)
    if read.on is None:
        read = read_date(f"{year}-{text}")
        return read.on if read.precision is Precision.DAY else None
    is_sure = all(flag.kind is FlagKind.NOTE for flag in read.flags)
    return read.on if is_sure and read.precision is not Precision.YEAR else None


def curve_of(text: str, year: int) -> dict[date, Ratio]:
    """A decreed curve as it is typed or pasted: a day and a percentage on each line.

    BadInput with every line that cannot be read, and for a day told twice.
    """
    found: dict[date, Ratio] = {}
    faults = []
    for row in rows_of(text):
        cells = [one for cell in row.cells for one in cell.split() if one]
        day = day_of(cells[0], year) if cells else None
        share = share_of(cells[1]) if len(cells) == 2 else None
        if day is None or share is None:
            what = f"第{row.number}行“{' '.join(cells)[:_SHOWN]}”读不出日期和百分数"
            faults.append(Fault("bad-point", what, "请写成6月30日 50%"))
        elif day in found:
            faults.append(Fault("bad-point", f"第{row.number}行的日期写了两次", "请删去一行"))
        else:
            found[day] = share
    if faults:
        raise BadInput(*faults[:_SHOWN])
    return found


def line_of_amounts(cells: Sequence[str], unit: str, number: int) -> tuple[list[int], list[Fault]]:
    """The amounts of one row, and a fault for each cell that is none."""
    amounts, faults = [], []
    for at, cell in enumerate(cells, 1):
        yuan = yuan_of(cell, unit)
        if yuan is None:
            what = f"第{number}行第{at}个数“{cell[:_SHOWN]}”不是{unit}数"
            faults.append(Fault("bad-amount", what, "请写数字，可以有千分号；换算成元后须是整数"))
        amounts.append(yuan or 0)
    return amounts, faults
