"""The contexts of the page that takes a list in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from guatu.core.errors import Fault
from guatu.ledger.models import ProjectList
from guatu.planning.services import ListTaken
from guatu.planning.types import Difference, NewProject
from guatu.ui.tables import Column, Grid
from guatu.ui.templatetags.guatu import money

MOST_SHOWN = 500
MOST_OPEN = 20
"""Rows of a table that is shown at once; a longer one is folded under its heading."""


@dataclass(frozen=True, slots=True)
class Section:
    """One table of the preview under its heading, at most `MOST_SHOWN` rows of it."""

    title: str
    grid: Grid[Any]
    count: int

    @property
    def is_open(self) -> bool:
        """Whether it is short enough to be read at once."""
        return self.count <= MOST_OPEN

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than are shown."""
        return self.count > MOST_SHOWN


def lists_there() -> list[str]:
    """The names of the lists there are, for choosing one."""
    rows = ProjectList.objects.order_by("-year", "pk").values_list("name", flat=True)
    return list(dict.fromkeys(rows))


def preview_page(taken: ListTaken, options: dict[str, Any]) -> dict[str, Any]:
    """What an import would do: counts, then what waits, what is new, what changes, notices."""
    return {
        "taken": taken,
        "options": options,
        "counts": counts_of(taken),
        "can_apply": taken.new + taken.changed > 0,
        "waiting": _section("待核对，不导入（{}处）", _FAULTS, taken.faults),
        "added": _section("新增的项目（{}个）", _ADDED, taken.added),
        "changed": _section(
            f"更新的项目（{taken.changed}个，{{}}处）", _DIFFERENCES, taken.differences
        ),
        "notices": _section("提示，不影响导入（{}条）", _FAULTS, taken.notices),
        "names": [
            (label, names)
            for label, names in (
                ("地区", taken.new_regions),
                ("单位", taken.new_organisations),
                ("行业领域", taken.new_sectors),
            )
            if names
        ],
    }


def counts_of(taken: ListTaken) -> str:
    """The counts in one word: the confirmation must find the same ones."""
    return f"{taken.new}/{taken.changed}/{taken.same}/{taken.doubtful}"


_FAULTS: list[Column[Fault]] = [
    Column("file", "文件", lambda f: f.file),
    Column("sheet", "工作表", lambda f: f.sheet, "tight"),
    Column("cell", "单元格", lambda f: f.cell, "tight"),
    Column("what", "为什么", lambda f: f.what, "wide"),
    Column("remedy", "处理", lambda f: f.remedy, "wide"),
]
_ADDED: list[Column[NewProject]] = [
    Column("name", "项目名称", lambda r: r.name, "wide"),
    Column("region", "所属地区", lambda r: r.region, "tight"),
    Column("unit", "责任单位", lambda r: r.unit),
    Column("plan", "年度计划投资（万元）", lambda r: money(r.plan_yuan, "万元"), "num"),
]
_DIFFERENCES: list[Column[Difference]] = [
    Column("project", "项目名称", lambda r: r.project, "wide"),
    Column("field", "改动", lambda r: r.field, "tight"),
    Column("old", "现在", lambda r: r.old),
    Column("new", "改为", lambda r: r.new),
]


def _section[Row](
    title: str, columns: Sequence[Column[Row]], rows: Sequence[Row]
) -> Section | None:
    if not rows:
        return None
    return Section(title.format(len(rows)), Grid(columns, rows[:MOST_SHOWN]), len(rows))
