"""What a layout says: its columns and heads, where the unit stands, how values are spelled."""

from __future__ import annotations

from dataclasses import dataclass

MONEY_FIELDS = frozenset(
    {"total", "since_start", "plan", "month", "cumulative", "jan_feb", "last_year"}
)


@dataclass(frozen=True, slots=True)
class Column:
    """A field and its head, from the uppermost word to the lowest."""

    field: str
    head: tuple[str, ...]
    width: float = 12


@dataclass(frozen=True, slots=True)
class Layout:
    """One way to make the table. See `render` for what each setting does.

    unit_place: title, line, header, cell or none. sections: region, sector or "".
    subtotals: none, heading (in the section's own row) or row (小计). total: top, bottom or none.
    numbering: through, restart, dotted (sub-projects 1.1) or none. `extras` are further sheets:
    cover, dictionary (hidden), contacts, last-month.
    """

    id: str
    columns: tuple[Column, ...]
    title: str = "江源市（虚构）2026年重点项目建设进展情况表（截至10月底）"
    unit: str = "万元"
    unit_place: str = "line"
    top: int = 0
    left: int = 0
    merged: bool = True
    sections: str = ""
    section_mark: str = "一、"
    subtotals: str = "none"
    total: str = "none"
    of_which: bool = False
    numbering: str = "through"
    money: str = "number"
    percent: str = "fraction"
    days: tuple[str, ...] = ("dots", "long")
    names: tuple[str, ...] = ("plain",)
    blank: str | None = None
    spread_problems: bool = False
    formulas: bool = False
    notes: tuple[str, ...] = ("注：数据截至10月31日，" + "城市、单位、项目和数字均为虚构。",)
    extras: tuple[str, ...] = ()
    sheet: str = "Sheet1"
    suffix: str = ".xlsx"


def columns(text: str) -> tuple[Column, ...]:
    """`field 上层/下层 宽` lines to columns; `_` in a head is a space in the word."""
    found = []
    for line in text.strip().splitlines():
        field, head, *width = line.split()
        words = tuple(head.replace("_", " ").split("/"))
        found.append(Column(field, words, float(width[0]) if width else 12))
    return tuple(found)
