"""The office's own summary table of last month, in the layout the mayor has known for years.

It is the template for `guatu table 2026-10 --template`: three-row head, a row for the city, a row
for each region with sums over its projects, a formula for every rate, print titles and notes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guatu.demo.layouts.writers import new_workbook
from guatu.demo.names import MARK, NOTE, PLACES
from guatu.demo.types import City, Entry

PERIOD = "2026-09"
_HEAD_ROW = 2
_FIRST_ROW = 5
# Column letters: E total, F plan, G month, H cumulative, I rate, J gap.
_WIDTHS = (6, 38, 9, 11, 12, 12, 11, 13, 9, 10, 34, 36, 26)
_LEADER = 13
_FONT: dict[str, Any] = {"font_name": "仿宋_GB2312", "font_size": 11, "valign": "vcenter"}
_GRID: dict[str, Any] = _FONT | {"border": 1, "text_wrap": True}
_BOLD: dict[str, Any] = {"bold": True, "bg_color": "#F2F2F2"}


@dataclass(frozen=True, slots=True)
class Sums:
    """Whole yuan of a project, a region or the city; None where no figure was reported."""

    total: int
    plan: int
    month: int | None
    done: int | None


class SummaryTable:
    """Writes the table once; made by `last_month_table`."""

    def __init__(self, city: City, workbook: Any) -> None:
        self.city = city
        self.page = workbook.add_worksheet("汇总表")
        self.formats = {
            name: workbook.add_format(style)
            for name, style in {
                "title": _FONT
                | {"font_name": "方正小标宋简体", "font_size": 20, "align": "center"},
                "line": _FONT,
                "right": _FONT | {"align": "right"},
                "head": _GRID | {"font_name": "黑体", "align": "center"},
                "text": _GRID,
                "centre": _GRID | {"align": "center"},
                "money": _GRID | {"num_format": "#,##0", "align": "right"},
                "percent": _GRID | {"num_format": "0.0%", "align": "right"},
                "points": _GRID | {"num_format": "0.0", "align": "right"},
                "sum-text": _GRID | _BOLD,
                "sum-money": _GRID | _BOLD | {"num_format": "#,##0", "align": "right"},
                "sum-percent": _GRID | _BOLD | {"num_format": "0.0%", "align": "right"},
                "sum-points": _GRID | _BOLD | {"num_format": "0.0", "align": "right"},
                "red": {"font_color": "#C00000", "bold": True},
            }.items()
        }

    def draw(self) -> None:
        """Title, head, the city, its regions in code order with their projects, notes."""
        self._head()
        row = _FIRST_ROW + 1
        region_rows: list[int] = []
        everything: list[Sums] = []
        for number, region in enumerate(PLACES):
            entries = [
                entry
                for entry in self.city.listed(2026)
                if self.city.project[entry.project].region == region.code
            ]
            sums = [self._sums(entry) for entry in entries]
            last = row + len(entries)
            self._text(row, f"{_ordinal(number)}、", f"{region.name}（{len(entries)}个）")
            self._money(row, _add(sums), f"{{0}}{row + 2}:{{0}}{last + 1}")
            region_rows.append(row)
            for serial, (entry, values) in enumerate(zip(entries, sums, strict=True), 1):
                self._project(row + serial, serial, entry, values)
            everything += sums
            row = last + 1
        self._text(_FIRST_ROW, "", f"全市合计（{len(everything)}个）")
        cells = ",".join(f"{{0}}{n + 1}" for n in region_rows)
        self._money(_FIRST_ROW, _add(everything), cells)
        self._finish(row)

    def _head(self) -> None:
        page, formats = self.page, self.formats
        title = f"{self.city.name}{MARK}2026年市级重点项目建设进展情况汇总表"
        page.merge_range(0, 0, 0, _LEADER, title, formats["title"])
        page.merge_range(1, 0, 1, 4, "截至2026年9月30日", formats["line"])
        page.merge_range(1, 5, 1, _LEADER, "单位：万元", formats["right"])
        top = _HEAD_ROW
        for column, word in ((0, "序号"), (1, "项目名称"), (2, "建设性质"), (3, "行业领域"),
                             (4, "总投资"), (10, "形象进度"), (11, "存在问题"), (12, "责任单位"),
                             (13, "包联领导")):  # fmt: skip
            page.merge_range(top, column, top + 2, column, word, formats["head"])
        page.merge_range(top, 5, top, 9, "2026年投资完成情况", formats["head"])
        page.merge_range(top + 1, 5, top + 2, 5, "年度计划投资", formats["head"])
        page.merge_range(top + 1, 6, top + 1, 7, "完成投资", formats["head"])
        page.write_string(top + 2, 6, "9月完成", formats["head"])
        page.write_string(top + 2, 7, "1—9月累计完成", formats["head"])
        page.merge_range(top + 1, 8, top + 2, 8, "完成率", formats["head"])
        page.merge_range(top + 1, 9, top + 2, 9, "与时间进度差（百分点）", formats["head"])
        page.set_row(0, 36)
        for column, width in enumerate((*_WIDTHS, 26)):
            page.set_column(column, column, width)

    def _sums(self, entry: Entry) -> Sums:
        project = self.city.project[entry.project]
        report = self.city.report.get((PERIOD, entry.project))
        before = self.city.report.get(("2026-08", entry.project))
        done = report.completed_yuan if report else None
        earlier = before.completed_yuan if before else None
        month = done - earlier if done is not None and earlier is not None else None
        return Sums(project.total_yuan, entry.plan_yuan, month, done)

    def _text(self, row: int, number: str, label: str) -> None:
        for column in range(_LEADER + 1):
            self.page.write_blank(row, column, None, self.formats["sum-text"])
        self.page.write_string(row, 0, number, self.formats["sum-text"])
        self.page.write_string(row, 1, label, self.formats["sum-text"])

    def _money(self, row: int, sums: Sums, cells: str) -> None:
        style = self.formats["sum-money"]
        for column, yuan in enumerate((sums.total, sums.plan, sums.month, sums.done), 4):
            text = f"=SUM({cells.format('EFGH'[column - 4])})"
            self.page.write_formula(row, column, text, style, _wan(yuan or 0))
        self._rates(row, sums, "sum-")

    def _rates(self, row: int, sums: Sums, prefix: str) -> None:
        n = row + 1
        has_rate = bool(sums.plan) and sums.done is not None
        rate = (sums.done or 0) / sums.plan if has_rate else ""
        gap = (sums.done or 0) / sums.plan * 100 - 9 / 12 * 100 if has_rate else ""
        self.page.write_formula(
            row, 8, f'=IF(OR(F{n}=0,H{n}="—"),"",H{n}/F{n})', self.formats[f"{prefix}percent"], rate
        )
        self.page.write_formula(
            row, 9, f'=IF(I{n}="","",(I{n}-9/12)*100)', self.formats[f"{prefix}points"], gap
        )

    def _project(self, row: int, serial: int, entry: Entry, sums: Sums) -> None:
        project = self.city.project[entry.project]
        report = self.city.report.get((PERIOD, entry.project))
        page, formats = self.page, self.formats
        page.write_number(row, 0, serial, formats["centre"])
        page.write_string(row, 1, project.name, formats["text"])
        page.write_string(row, 2, entry.nature.value, formats["centre"])
        page.write_string(row, 3, self.city.sector[project.sector].name, formats["centre"])
        for column, yuan in enumerate((sums.total, sums.plan, sums.month, sums.done), 4):
            if yuan is None:
                page.write_string(row, column, "—", formats["money"])
            else:
                page.write_number(row, column, _wan(yuan), formats["money"])
        self._rates(row, sums, "")
        problems = "；".join(problem.text for problem in report.problems) if report else ""
        unit = self.city.organisation[project.lead].name
        # Two lines where a text is wider than its column: a Chinese character is two units wide.
        tall = max(len(project.name) - 19, len(problems) - 17, len(unit) - 12, 0)
        page.set_row(row, 32 if tall else 18)
        page.write_string(row, 10, report.progress if report else "本月未报", formats["text"])
        page.write_string(row, 11, problems, formats["text"])
        page.write_string(row, 12, unit, formats["text"])
        page.write_string(row, 13, project.leader, formats["text"])

    def _finish(self, row: int) -> None:
        page = self.page
        note = f"注：1.数据来源于各责任单位月报，“—”为本月未报；2.时间进度按月计算；3.{NOTE}。"
        page.merge_range(row, 0, row, _LEADER, note, self.formats["line"])
        cells = (_FIRST_ROW, 9, row - 1, 9)
        rule = {"type": "formula", "criteria": f'=AND(J{_FIRST_ROW + 1}<>"",J{_FIRST_ROW + 1}<-10)',
                "format": self.formats["red"]}  # fmt: skip
        page.conditional_format(*cells, rule)
        page.freeze_panes(_FIRST_ROW, 2)
        page.repeat_rows(_HEAD_ROW, _FIRST_ROW - 1)
        page.print_area(0, 0, row, _LEADER)
        page.set_landscape()
        page.set_paper(8)
        page.fit_to_pages(1, 0)
        page.set_footer("&C— &P —")


_DIGITS = "一二三四五六七八九十"


def _ordinal(number: int) -> str:
    return _DIGITS[number] if number < 10 else f"十{_DIGITS[number - 10]}"


def _wan(yuan: int) -> int | float:
    return yuan // 10_000 if yuan % 10_000 == 0 else yuan / 10_000


def _add(sums: list[Sums]) -> Sums:
    return Sums(
        sum(each.total for each in sums),
        sum(each.plan for each in sums),
        sum(each.month or 0 for each in sums),
        sum(each.done or 0 for each in sums),
    )


def last_month_table(city: City, path: Path) -> None:
    """Write the summary table of 2026-09. Formulas carry the values a spreadsheet would store."""
    with new_workbook(path) as workbook:
        SummaryTable(city, workbook).draw()
