"""A table of the statistics system as it is pasted: project, figure, counted since. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from guatu.core.errors import BadInput, Fault
from guatu.core.names import match_form
from guatu.engines.sheets.money import is_empty
from guatu.ledger.models import Project
from guatu.planning.pasting import PastedRow, day_of, rows_of, yuan_of
from guatu.reporting.statistics.services import Told

_SHOWN = 20
_MOST_FAULTS = 20
_NOT_COUNTED = frozenset({"未纳统", "未入库", "否", "未"})
_DAY = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Index:
    """Which project a code or a name means; None where it means several."""

    by_form: Mapping[str, int | None]

    @classmethod
    def of(cls, projects: Iterable[Project]) -> Index:
        """From the projects of a list."""
        found: dict[str, int | None] = {}
        for one in projects:
            for text in {match_form(one.national_code or ""), match_form(one.name)} - {""}:
                found[text] = None if found.get(text, one.pk) != one.pk else one.pk
        return cls(found)


def told_of(text: str, index: Index, year: int, unit: str) -> list[Told]:
    """The rows of a paste: code or name, cumulative figure of the year, counted since.

    A row without a digit is a head and is passed over when it comes first. An empty figure says
    nothing of it; `未纳统` in the third column says that the project is not counted. Raises
    BadInput with every row that cannot be read, is not on the list, or comes twice.
    """
    rows = rows_of(text)
    if rows and not _is_known(rows[0], index) and not any(map(_DAY.search, rows[0].cells[1:])):
        rows = rows[1:]
    told: dict[int, Told] = {}
    faults: list[Fault] = []
    for row in rows:
        try:
            one = _told(row, index, year, unit)
        except BadInput as error:
            faults += error.faults
            continue
        if one.project_id in told:
            faults.append(_fault("row-twice", row, "与前面一行是同一个项目", "请删去一行"))
        told[one.project_id] = one
    if faults:
        raise BadInput(*faults[:_MOST_FAULTS])
    if not told:
        raise BadInput(Fault("no-rows", "没有粘贴任何行", "请从表格复制项目、统计数、纳统日期三列"))
    return list(told.values())


def _is_known(row: PastedRow, index: Index) -> bool:
    return match_form(row.cells[0]) in index.by_form


def _told(row: PastedRow, index: Index, year: int, unit: str) -> Told:
    form = match_form(row.cells[0])
    project_id = index.by_form.get(form)
    if project_id is None:
        if form in index.by_form:
            raise BadInput(_fault("ambiguous-project", row, "对得上几个项目", "请改用项目代码"))
        raise BadInput(
            _fault("unknown-project", row, "不在这份清单里", "请核对代码或名称，或删去这一行")
        )
    cells = (*row.cells[1:], "", "")
    value = None if is_empty(cells[0]) else yuan_of(cells[0], unit)
    if value is None and not is_empty(cells[0]):
        raise BadInput(_fault("bad-amount", row, f"“{cells[0][:_SHOWN]}”不是{unit}数", "请写数字"))
    if is_empty(cells[1]):
        return Told(project_id, value, raw_text=cells[0])
    if match_form(cells[1]) in _NOT_COUNTED:
        return Told(project_id, value, is_counted=False, raw_text=cells[0])
    since = day_of(cells[1], year)
    if since is None:
        what = f"“{cells[1][:_SHOWN]}”读不出日期"
        raise BadInput(_fault("bad-day", row, what, "请写成2026-05-01，没有纳统写未纳统"))
    return Told(project_id, value, True, since, raw_text=cells[0])


def _fault(code: str, row: PastedRow, what: str, remedy: str) -> Fault:
    return Fault(code, f"第{row.number}行“{row.cells[0][:_SHOWN]}”{what}", remedy)
