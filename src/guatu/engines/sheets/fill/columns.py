"""Which columns of a summary table change from month to month, and what belongs into them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from guatu.core.errors import Fault
from guatu.core.periods import PeriodKey
from guatu.engines.sheets.columns import SLICE
from guatu.engines.sheets.fill.types import GAP, GROWTH, LIGHT, PROGRESS, RANK
from guatu.engines.sheets.grid import cell_name
from guatu.engines.sheets.types import Column, Kind, Table
from guatu.engines.sheets.vocabulary import Vocabulary
from guatu.engines.sheets.wording import normal_form

THIS_YEAR = "本年累计完成投资"
LAST_YEAR = "上年同期累计完成投资"
MONTH = "本月完成投资"
PLAN = "年度计划投资"
TOTAL = "总投资"
SINCE_START = "自开工累计完成投资"
RATE = "年度计划完成率"
MONEY = (TOTAL, PLAN, MONTH, THIS_YEAR, LAST_YEAR, SINCE_START)
SHARES = (RATE, GAP, GROWTH, PROGRESS)
DATES = ("实际开工时间", "实际竣工时间")
TEXTS = ("形象进度", "存在问题", LIGHT)
UNSOURCED_TEXTS = ("下步措施", "未完成原因", "核减原因", "项目阶段", "入库状态", "备注")

_EXTRA = (
    (GAP, re.compile(r"(?:时间|序时|时序|均衡|平均)进度.{0,5}(?:差|比|±|百分点)|进度差|差距")),
    (PROGRESS, re.compile(r"^(?:时间|序时|时序|均衡|平均)进度(?:要求)?$")),
    (GROWTH, re.compile(r"同比|增速|增长率|增幅")),
    (LIGHT, re.compile(r"预警|亮灯|红绿灯|红黄|黄牌|^灯")),
    (RANK, re.compile(r"排名|位次|名次")),
)


class Role(Enum):
    """What is done with a column."""

    MONEY = "money"
    SHARE = "share"
    DATE = "date"
    TEXT = "text"
    COUNT = "count"
    SERIAL = "serial"
    IDENTITY = "identity"
    STALE = "stale"
    """Figures of a month that the run does not have: cleared and named."""
    KEPT = "kept"
    """Not understood, or history: left alone."""


@dataclass(frozen=True, slots=True)
class FillColumn:
    """A column and what is done with it. `why` explains a stale one."""

    index: int
    label: str
    field: str
    role: Role
    unit: str | None = None
    source: Column | None = None
    why: str = ""
    is_dated: bool = True

    @property
    def is_figure(self) -> bool:
        """Whether last month's content must go when there is no new one."""
        return self.role in (Role.MONEY, Role.SHARE, Role.STALE)


def fill_columns(
    table: Table, vocabulary: Vocabulary, period: PeriodKey, *, same_year: bool
) -> list[FillColumn]:
    """What each column of the template is. `same_year`: the template is about the period's year."""
    grid = _month_grid(table, vocabulary)
    return [
        _grid_column(column, table, period)
        if column.index in grid
        else _column(column, table, vocabulary, same_year=same_year)
        for column in table.columns
    ]


def _month_grid(table: Table, vocabulary: Vocabulary) -> set[int]:
    """Columns of single months side by side (1月 2月 … 12月), which keep their heads."""
    found = {
        column.index: column.months
        for column in table.columns
        if column.months is not None
        and column.months[0] == column.months[1]
        and _meaning(column, vocabulary) == MONTH
    }
    return set(found) if len(set(found.values())) > 1 else set()


def _meaning(column: Column, vocabulary: Vocabulary) -> str | None:
    match = vocabulary.match(tuple(column.label.split("/")))
    return column.field or (match.field if match is not None else None)


def _grid_column(column: Column, table: Table, period: PeriodKey) -> FillColumn:
    unit = column.unit or table.unit
    is_own = column.months == (period.first_on.month, period.last_on.month)
    role = Role.MONEY if is_own and unit is not None else Role.KEPT
    return FillColumn(
        column.index, _leaf(column), MONTH if role is Role.MONEY else "", role,
        unit, column, is_dated=False,
    )  # fmt: skip


def _leaf(column: Column) -> str:
    return column.label.split("/")[-1].replace("\n", "")


def _column(column: Column, table: Table, vocabulary: Vocabulary, *, same_year: bool) -> FillColumn:
    name = column.field or _extra(column)
    role, why = _role(column, name, table, vocabulary, same_year=same_year)
    return FillColumn(column.index, _leaf(column), name or "", role, column.unit, column, why)


def _extra(column: Column) -> str | None:
    leaf = normal_form(_leaf(column))
    return next((name for name, pattern in _EXTRA if pattern.search(leaf)), None)


def _role(
    column: Column, name: str | None, table: Table, vocabulary: Vocabulary, *, same_year: bool
) -> tuple[Role, str]:
    if name in MONEY:
        return _money_role(column, name, same_year=same_year)
    if name in SHARES:
        return Role.SHARE, ""
    for names, role in ((DATES, Role.DATE), (TEXTS, Role.TEXT)):
        if name in names:
            return role, ""
    if name == RANK:
        return Role.STALE, "单个项目不排名"
    if name == "序号":
        return Role.SERIAL, ""
    if name == "子项目数":
        return Role.COUNT, ""
    if column.field not in (None, SLICE):
        is_figure = column.kind is Kind.PERCENT
        return (Role.STALE, "定版数据里没有这一项") if is_figure else (Role.IDENTITY, "")
    return _unread_role(column, table, vocabulary)


def _money_role(column: Column, name: str, *, same_year: bool) -> tuple[Role, str]:
    if column.unit is None:
        return Role.STALE, "表头没有写金额单位"
    if name == SINCE_START and "{上年}" in column.key:
        # 至上年底累计: the same all year, and no month's figure.
        return (Role.KEPT, "") if same_year else (Role.STALE, "定版数据里没有上年底的累计数")
    return Role.MONEY, ""


def _unread_role(column: Column, table: Table, vocabulary: Vocabulary) -> tuple[Role, str]:
    meaning = _meaning(column, vocabulary)
    if meaning in (*MONEY, *SHARES):
        if column.year is not None and table.year is not None and column.year < table.year:
            return Role.KEPT, ""
        return Role.STALE, f"和另一列都像“{meaning}”，不知道该填哪个数"
    leaf = column.key.split("/")[-1]
    if column.months is not None or "{月}" in leaf or "{期}" in leaf:
        return Role.STALE, "不认识这一列"
    return Role.KEPT, ""


def column_faults(
    columns: list[FillColumn], table: Table, sheet: str, *, has_content: dict[int, bool]
) -> tuple[list[Fault], list[Fault]]:
    """What to say about whole columns: those cleared (a person must fill them), those only told."""
    row = table.header[1]
    unfilled, told = [], []
    for column in columns:
        where = ("", sheet, cell_name(row, column.index))
        if column.role is Role.STALE and has_content.get(column.index):
            what = f"“{column.label}”列没有填，上期的数已清空（{column.why}）"
            unfilled.append(Fault("column-unfilled", what, "请补填这一列", *where))
        elif column.role is Role.KEPT and column.is_dated and has_content.get(column.index):
            what = f"“{column.label}”列不认识，原样保留，里面还是表样的内容"
            told.append(Fault("column-kept", what, "请核对是否需要更新", *where))
        elif column.field in UNSOURCED_TEXTS and column.role is Role.IDENTITY:
            what = f"“{column.label}”列不随月报更新，原样保留"
            told.append(Fault("column-kept", what, "请核对是否需要更新", *where))
    return unfilled, told
