"""Settling the columns of a header: units, and two columns that claim the same field."""

from __future__ import annotations

from guatu.core.errors import Fault
from guatu.engines.sheets.grid import cell_name
from guatu.engines.sheets.header import Header
from guatu.engines.sheets.mapping import ColumnMapping
from guatu.engines.sheets.titles import Titles, period_of
from guatu.engines.sheets.types import Column, Kind

THIS_YEAR = "本年累计完成投资"
LAST_YEAR = "上年同期累计完成投资"
PLAN = "年度计划投资"
MONTH = "本月完成投资"
SERIAL = "序号"
PROGRESS = "形象进度"
SINCE_START = "自开工累计完成投资"
SLICE = "累计计划投资"
BY_YEAR = (THIS_YEAR, PLAN, MONTH, SLICE)


class Settler:
    """Works on the columns of one header in place and gathers what must be asked or told."""

    def __init__(self, header: Header, titles: Titles, *, file: str, sheet: str) -> None:
        self._columns = header.columns
        self._titles = titles
        self._place = (file, sheet)
        self._row = header.bottom
        self.questions: list[Fault] = []
        self.notices: list[Fault] = []

    def settle(self, mapping: ColumnMapping | None, default_unit: str | None) -> None:
        """Resolve years, duplicates and units. A mapped column is never taken away."""
        mapped = {
            c.index for c in self._columns if mapping is not None and self._is_mapped(mapping, c)
        }
        self._settle_years(mapped)
        self._settle_slices()
        self._settle_until(mapped)
        self._settle_months(mapped)
        self._settle_duplicates(mapped)
        self._settle_units(mapping, default_unit)
        if mapping is not None:
            self._tell_missing(mapping)

    @staticmethod
    def _is_mapped(mapping: ColumnMapping, column: Column) -> bool:
        return mapping.find(tuple(column.label.split("/"))) is not None

    def _fault(self, code: str, what: str, remedy: str, column: Column) -> Fault:
        return Fault(code, what, remedy, *self._place, cell_name(self._row, column.index))

    @property
    def year(self) -> int | None:
        """The year the table is about: the title's, else the latest in the header's figures."""
        if self._titles.year is not None:
            return self._titles.year
        years = [c.year for c in self._columns if c.field in BY_YEAR and c.year is not None]
        return max(years, default=None)

    @property
    def period(self) -> str | None:
        """A period from the header where the title has none: 2023年1-9月完成投资."""
        told = [c for c in self._columns if c.field in (THIS_YEAR, MONTH) and c.months]
        for column in sorted(told, key=lambda c: c.months[1] if c.months else 0, reverse=True):
            if column.months:
                year = column.year or self.year
                return period_of(year, *column.months) if year is not None else None
        return None

    def _settle_years(self, mapped: set[int]) -> None:
        """2022年1-9月完成投资 beside or within a table of 2023 is last year's figure."""
        for column in self._columns:
            if column.field not in BY_YEAR or column.index in mapped:
                continue
            if column.year is None or self.year is None or column.year == self.year:
                continue
            if column.field == THIS_YEAR and column.year == self.year - 1:
                whole_year = column.months in (None, (1, 12)) and not self._only_whole_years()
                column.field = None if whole_year else LAST_YEAR
            else:
                column.field = None
            if column.field is None:
                column.kind = None
                what = f"“{column.label}”是{column.year}年的数，这一列没有采用，其余各列照常入库"
                self.notices.append(self._fault("other-year", what, "", column))

    def _only_whole_years(self) -> bool:
        """Whether this year's column is itself about the whole year."""
        own = [c for c in self._columns if c.field == THIS_YEAR and c.year in (None, self.year)]
        return all(c.months in (None, (1, 12)) for c in own)

    def _settle_until(self, mapped: set[int]) -> None:
        """累计完成投资 alone beside a year's plan or a progress text is the year's, and said so."""
        fields = {column.field for column in self._columns}
        if THIS_YEAR in fields or not fields & {PLAN, PROGRESS}:
            return
        open_ones = [
            column
            for column in self._columns
            if column.field == SINCE_START and column.index not in mapped
        ]
        if len(open_ones) == 1 and "开工" not in open_ones[0].label:
            column = open_ones[0]
            column.field = THIS_YEAR
            what = f"“{column.label}”按本年累计理解"
            remedy = "如是自开工累计，请在表头写明"
            self.notices.append(self._fault("taken-as-this-year", what, remedy, column))

    def _settle_months(self, mapped: set[int]) -> None:
        """1—2月完成 left beside 1—10月完成: the longest cumulative column is this round's."""
        for field in (THIS_YEAR, LAST_YEAR):
            dated = [
                (column.months[1], column)
                for column in self._columns
                if column.field == field and column.months and column.index not in mapped
            ]
            latest = max((end for end, _ in dated), default=0)
            if sum(end == latest for end, _ in dated) != 1:
                continue
            for end, column in dated:
                if end < latest:
                    what = f"“{column.label}”只到{end}月，这一列没有采用，采用的是到{latest}月的"
                    self.notices.append(self._fault("earlier-months", what, "", column))
                    column.field, column.kind = None, None

    def _settle_slices(self) -> None:
        """截至9月计划, 上半年计划: each cumulative plan is told apart by its last month."""
        for column in self._columns:
            if column.field != SLICE:
                continue
            first, last = column.months or (0, 0)
            if first in (1, last) and 1 <= last <= 12:
                column.until = last
                continue
            column.claims, column.field, column.kind = SLICE, None, None
            if column.months is None:
                what = f"“{column.label}”没有写明是截至几月的累计计划，未采用"
            else:
                what = f"“{column.label}”不是从1月起的累计计划，未采用"
            remedy = "请把表头写成“截至9月底计划”这样的累计计划"
            self.notices.append(self._fault("slice-unclear", what, remedy, column))

    def _settle_duplicates(self, mapped: set[int]) -> None:
        chosen: dict[str, Column] = {}
        order = sorted(self._columns, key=lambda c: (c.index not in mapped, c.is_guess, c.index))
        for column in order:
            if column.field is None:
                continue
            first = chosen.setdefault(column.slot, column)
            if first is column:
                continue
            if column.field == SERIAL:
                # 存在问题/序号 numbers the problems of one project; nothing is lost with it.
                column.field, column.kind = None, None
                continue
            what = f"“{first.label}”和“{column.label}”都像“{column.slot}”，只采用前者"
            remedy = "请删去其中一列，或把表头改成不同的名称"
            fault = self._fault("duplicate-field", what, remedy, column)
            money = column.kind is Kind.MONEY
            (self.questions if money else self.notices).append(fault)
            column.claims, column.field, column.kind = column.field, None, None

    def _settle_units(self, mapping: ColumnMapping | None, default_unit: str | None) -> None:
        for column in self._columns:
            if column.kind is not Kind.MONEY:
                continue
            if column.unit is None:
                sources = (
                    (mapping.unit if mapping else None, "mapping"),
                    (self._titles.unit, "title"),
                    (default_unit, "default"),
                )
                column.unit, column.unit_from = next((s for s in sources if s[0]), (None, ""))
            if column.unit is None and column.unit_column is None:
                what = f"“{column.label}”金额没有写单位"
                remedy = "请在表头写明“万元”或“亿元”"
                self.questions.append(self._fault("unit-missing", what, remedy, column))

    def _tell_missing(self, mapping: ColumnMapping) -> None:
        labels = [tuple(column.label.split("/")) for column in self._columns]
        found = {id(mapping.find(label)) for label in labels}
        for label, entry in mapping.columns.items():
            if entry.field and id(entry) not in found:
                what = f"表头里没有列“{label}”"
                remedy = "请核对列对应文件"
                self.notices.append(Fault("mapping-header-missing", what, remedy, *self._place))
