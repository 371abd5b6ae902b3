"""The columns of the workbook of applications: what each is called and how it is typed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SHEET, CHOICES = "申报", "选项"
HEAD_LINE, FIRST_LINE, MOST_ROWS = 2, 3, 500
"""Lines from 0: a title, a note, the head, then one line for each application."""


class Shape(StrEnum):
    """How a cell is typed."""

    TEXT = "text"
    MONEY = "money"
    MONTH = "month"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the field of the form that it stands for."""

    field: str
    label: str
    width: int
    shape: Shape = Shape.TEXT
    is_needed: bool = False

    @property
    def head(self) -> str:
        """What stands over it."""
        return f"{self.label}*" if self.is_needed else self.label


COLUMNS = (
    Column("organisation", "申报单位", 22, Shape.CHOICE, is_needed=True),
    Column("name", "项目名称", 34, is_needed=True),
    Column("national_code", "项目代码", 26),
    Column("project", "台账中的项目", 26),
    Column("region", "所属地区", 12, Shape.CHOICE, is_needed=True),
    Column("sector", "行业领域", 14, Shape.CHOICE),
    Column("nature", "建设性质", 10, Shape.CHOICE, is_needed=True),
    Column("owner", "业主", 24),
    Column("site", "建设地点", 24),
    Column("total", "总投资（万元）", 14, Shape.MONEY, is_needed=True),
    Column("plan", "年度计划投资（万元）", 14, Shape.MONEY, is_needed=True),
    Column("starts_by", "开工月份", 11, Shape.MONTH),
    Column("completes_by", "竣工月份", 11, Shape.MONTH),
    Column("land", "土地", 10, Shape.CHOICE, is_needed=True),
    Column("land_note", "土地说明", 20),
    Column("money", "资金", 10, Shape.CHOICE, is_needed=True),
    Column("money_note", "资金说明", 20),
    Column("approvals", "审批", 10, Shape.CHOICE, is_needed=True),
    Column("approvals_note", "审批说明", 20),
    Column("content", "建设内容", 40),
)
BY_LABEL = {one.label: one for one in COLUMNS}


def title_of(call: object) -> str:
    """The first line of the workbook: it says which call it answers."""
    return f"{call}申报表"
