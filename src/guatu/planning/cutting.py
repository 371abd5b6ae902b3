"""How somebody wants plans to be cut: split by a rule, or pasted from a sheet. Pure (M-B1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from guatu.core.errors import BadInput, Fault
from guatu.core.names import match_form
from guatu.core.ratio import Ratio
from guatu.planning.pasting import PastedRow, line_of_amounts, rows_of, yuan_of
from guatu.planning.slices import Cut, by_curve, cumulative, ends, even

PASTED, EVEN, NONE = "pasted", "even", "none"
_MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class CutOrder:
    """Into what periods, and how: pasted amounts of each period or up to it in a unit, evenly, by
    a decreed curve, or not at all."""

    cut: Cut
    how: str
    unit: str = "万元"
    is_cumulative: bool = False
    text: str = ""
    curve: Mapping[date, Ratio] | None = None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One project's pasted line: whose plan, and what is to be done by each day."""

    entry_id: int
    slices: dict[date, int]


def slices_of_order(order: CutOrder, amount: int, year: int) -> dict[date, int]:
    """One plan cut as ordered, cumulative yuan by day. BadInput for a paste that does not fit."""
    days = ends(year, order.cut)
    if order.how == NONE:
        return {}
    if order.curve is not None:
        return by_curve(amount, order.curve, days)
    if order.how == EVEN:
        return cumulative(days, even(amount, len(days)))
    cells = [cell for row in rows_of(order.text) for cell in row.cells]
    told, faults = _told(cells, order, days, number=1)
    if faults:
        raise BadInput(*faults[:_MOST_TOLD])
    return told


def plan_rows(order: CutOrder, year: int, index: Mapping[str, int | None]) -> list[PlanRow]:
    """Many plans pasted at once: a line per project, its code or name before its amounts.

    `index` gives the entry that a code or a name means (see `match_form`), None where it means
    several. What else stands before the amounts (number, unit, the year's plan) is passed over,
    and a head above them too. BadInput with every line that cannot be read.
    """
    days = ends(year, order.cut)
    found, faults = [], []
    for row in rows_of(order.text):
        lead, cells = row.cells[: -len(days)], row.cells[-len(days) :]
        meant = [index[form] for form in map(match_form, lead) if form in index]
        if not meant and row.number == 1 and _is_head(row, order.unit):
            continue
        if fault := _line_fault(row, meant, len(days)):
            faults.append(fault)
            continue
        told, wrong = _told(cells, order, days, number=row.number)
        faults += wrong
        if meant[0] is not None and not wrong:
            found.append(PlanRow(meant[0], told))
    if not found and not faults:
        faults.append(Fault("no-rows", "没有可用的行", "每行写项目代码或名称，后面是各期的数"))
    if faults:
        raise BadInput(*faults[:_MOST_TOLD])
    return found


def _line_fault(row: PastedRow, meant: Sequence[int | None], count: int) -> Fault | None:
    shown = " ".join(row.cells)[:20]
    if len(row.cells) <= count:
        what = f"第{row.number}行只有{len(row.cells)}格，要有项目和{count}期的数"
        return Fault("too-few-cells", what, "请核对分期方式，空的期也要留一格")
    if not meant:
        what = f"第{row.number}行“{shown}”不是清单上的项目"
        return Fault("unknown-project", what, "请写项目代码，或清单上的全名")
    if None in meant or len(set(meant)) > 1:
        what = f"第{row.number}行“{shown}”分不清是哪个项目"
        return Fault("ambiguous-project", what, "请只写项目代码")
    return None


def _is_head(row: PastedRow, unit: str) -> bool:
    return all(yuan_of(cell, unit) is None for cell in row.cells if cell)


def _told(
    cells: Sequence[str], order: CutOrder, days: Sequence[date], *, number: int
) -> tuple[dict[date, int], list[Fault]]:
    if len(cells) != len(days):
        what = f"要有{len(days)}期的数，粘贴了{len(cells)}个"
        return {}, [Fault("wrong-count", what, "请核对分期方式，空的期也要留一格")]
    amounts, faults = line_of_amounts(cells, order.unit, number)
    if order.is_cumulative:
        return dict(zip(days, amounts, strict=True)), faults
    return cumulative(days, amounts), faults
