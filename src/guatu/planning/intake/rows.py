"""From a recognised table to ledger rows: plain values with their places, and what is wrong.

Pure. Amounts are whole yuan, dates carry their precision, texts are as written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from guatu.core.errors import Fault
from guatu.engines.sheets import (
    DateValue,
    FlagKind,
    Row,
    RowKind,
    RowPlace,
    Table,
    Value,
    shown,
)
from guatu.ledger.types import Nature, ProjectKind
from guatu.planning.types import DateKind, Milestone

DATE_FIELDS: dict[str, tuple[str, str]] = {
    "计划开工时间": (Milestone.START.value, DateKind.PLANNED.value),
    "实际开工时间": (Milestone.START.value, DateKind.ACTUAL.value),
    "计划竣工时间": (Milestone.COMPLETION.value, DateKind.PLANNED.value),
    "实际竣工时间": (Milestone.COMPLETION.value, DateKind.ACTUAL.value),
}
FIGURE_FIELDS = frozenset(
    {
        "本月完成投资",
        "本年累计完成投资",
        "上年同期累计完成投资",
        "自开工累计完成投资",
        "年度计划完成率",
        "形象进度",
        "存在问题",
    }
)
SLICE_FIELD = "累计计划投资"
TAKEN_FIELDS = frozenset(
    {
        "项目名称", "项目代码", "所属地区", "责任单位", "业主单位", "行业领域", "建设性质",
        "项目类型", "是否打包", "所属打包项目", "子项目数", "总投资", "年度计划投资",
        SLICE_FIELD, "建设内容", "建设地点", "项目层级", "项目阶段", "包联领导", "联络员",
        *DATE_FIELDS,
    }
)  # fmt: skip
"""What a list brings. The other columns are left aside, and whatever is odd in them."""
MOST_PARTS = 10_000
_SPLIT = re.compile(r"[、，,；;\n]+")
_NATURES = {"新建": Nature.NEW, "续建": Nature.CONTINUING}


@dataclass(frozen=True, slots=True)
class GivenDate:
    """A date as a workbook gave it."""

    on: date
    precision: str
    raw: str


@dataclass(slots=True)
class LedgerRow:
    """One project of a list as its workbook states it; None or empty where it says nothing."""

    place: RowPlace
    name: str
    code: str | None = None
    region: str = ""
    unit: str = ""
    owner: str = ""
    sector: str = ""
    nature: str = ""
    kind: str = ""
    is_package: bool | None = None
    parent: str = ""
    parts: int | None = None
    total_yuan: int | None = None
    plan_yuan: int | None = None
    content: str = ""
    site: str = ""
    tier: str = ""
    stage: str = ""
    leader: str = ""
    liaison: str = ""
    dates: dict[tuple[str, str], GivenDate] = field(default_factory=dict)
    slices: dict[int, int] = field(default_factory=dict)
    """Planned cumulative yuan from January to the end of a month, by month."""
    slice_cells: dict[int, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def values(self) -> tuple[object, ...]:
        """Everything but the place, to tell a repeated row from a contradicting one."""
        return (
            self.name, self.code, self.region, self.unit, self.owner, self.sector, self.nature,
            self.kind, self.is_package, self.parent, self.parts, self.total_yuan, self.plan_yuan,
            self.content, self.site, self.tier, self.stage, self.leader, self.liaison,
            tuple(sorted(self.dates.items())), tuple(sorted(self.slices.items())),
        )  # fmt: skip


def names_in(text: str) -> list[str]:
    """The names that one cell or setting holds: 王一、李二."""
    return [name for part in _SPLIT.split(text) if (name := part.strip())]


def ledger_rows(table: Table) -> Iterator[LedgerRow]:
    """The data rows and package parts of a table; totals, sections and notes are not projects."""
    names: dict[int, str] = {}
    for row in table.data_rows:
        one = _row(row, table)
        names[row.number] = one.name
        if row.kind is RowKind.SUB_ITEM:
            # Money of a part stands on the package already; a sum of both would double it.
            package = names.get(row.parent, "") if row.parent is not None else ""
            one = replace(one, parent=one.parent or package, plan_yuan=None, slices={})
        yield one


def _row(row: Row, table: Table) -> LedgerRow:
    one = LedgerRow(
        place=table.place_of(row),
        name=row.text("项目名称"),
        code=unicodedata.normalize("NFKC", row.text("项目代码")) or None,
        region=row.text("所属地区"),
        unit=row.text("责任单位"),
        owner=row.text("业主单位"),
        sector=row.text("行业领域"),
        nature=_NATURES.get(row.text("建设性质"), Nature.UNKNOWN).value,
        kind=ProjectKind.PROGRAMME.value if row.text("项目类型") == "非建设" else "",
        parent=row.text("所属打包项目"),
        parts=row.whole("子项目数"),
        total_yuan=row.whole("总投资"),
        plan_yuan=row.whole("年度计划投资"),
        content=row.text("建设内容"),
        site=row.text("建设地点"),
        tier=row.text("项目层级"),
        stage=row.text("项目阶段"),
        leader=row.text("包联领导"),
        liaison=row.text("联络员"),
    )
    packaged = row.parsed("是否打包")
    if packaged is not None:
        one.is_package = packaged in (True, "是")
    for name, key in DATE_FIELDS.items():
        value = row.values.get(name)
        if value is not None and isinstance(value.parsed, DateValue):
            one.dates[key] = GivenDate(
                value.parsed.on, value.parsed.precision.value, str(value.raw)
            )
    for column in table.columns:
        yuan = row.whole(column.slot)
        if column.field == SLICE_FIELD and column.until is not None and yuan is not None:
            one.slices[column.until] = yuan
            one.slice_cells[column.until] = row.values[column.slot].cell
    one.faults += _faults(one, row.values)
    return one


def _faults(row: LedgerRow, values: dict[str, Value]) -> Iterator[Fault]:
    if not row.name:
        yield row.place.fault("no-name", "没有项目名称", "请补上项目名称")
    yield from _too_long(row, values)
    if row.parts is not None and not 0 <= row.parts <= MOST_PARTS:
        yield row.place.fault(
            "bad-parts", f"子项目数不能是{row.parts}", "请填写实际个数", values["子项目数"].cell
        )
    for name, value in values.items():
        if name not in TAKEN_FIELDS and not name.startswith(SLICE_FIELD):
            continue
        for flag in value.flags:
            if flag.kind is not FlagKind.NOTE:
                what = f"{name}“{shown(value.raw)}”{flag.what}"
                yield row.place.fault(flag.code, what, flag.remedy, value.cell)
    for label, amount in (("总投资", row.total_yuan), ("年度计划投资", row.plan_yuan)):
        if amount is not None and amount < 0:
            yield _negative(row, label, values[label].cell)
    for month, amount in row.slices.items():
        if amount < 0:
            yield _negative(row, f"截至{month}月底计划", row.slice_cells[month])


def _negative(row: LedgerRow, label: str, cell: str) -> Fault:
    return row.place.fault(
        "negative-amount", f"{label}是负数", "计划和总投资不能为负，请核对", cell
    )


def _too_long(row: LedgerRow, values: dict[str, Value]) -> Iterator[Fault]:
    """Texts that their place in the ledger cannot hold: asked, never cut off."""
    for label, text, limit in (
        ("项目名称", row.name, 300),
        ("所属打包项目", row.parent, 300),
        ("项目代码", row.code or "", 40),
        ("所属地区", row.region, 100),
        ("责任单位", row.unit, 200),
        ("业主单位", row.owner, 200),
        ("行业领域", row.sector, 100),
        ("建设地点", row.site, 300),
        ("项目层级", row.tier, 40),
        ("项目阶段", row.stage, 40),
        ("包联领导", row.leader, 100),
        ("联络员", row.liaison, 100),
        *((name, row.dates[key].raw, 100) for name, key in DATE_FIELDS.items() if key in row.dates),
    ):
        if len(text) > limit:
            yield row.place.fault(
                "text-too-long", f"{label}超过{limit}字", "请改用简短的写法", values[label].cell
            )
