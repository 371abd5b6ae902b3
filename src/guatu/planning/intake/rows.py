"""From a recognised table to ledger rows: plain values with their places, and what is wrong.

Pure. Amounts are whole yuan, dates carry their precision, texts are as written.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from guatu.core.errors import Fault
from guatu.engines.sheets import DateValue, FlagKind, Row, RowKind, Table, Value
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
MOST_PARTS = 10_000
_NATURES = {"新建": Nature.NEW, "续建": Nature.CONTINUING}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands, for messages."""

    file: str
    sheet: str
    row: int
    name_cell: str = ""

    def fault(self, code: str, what: str, remedy: str = "", cell: str = "") -> Fault:
        """A fault at a cell of this row; without one, at the cell of the project's name."""
        return Fault(code, what, remedy, self.file, self.sheet, cell or self.name_cell)


@dataclass(frozen=True, slots=True)
class GivenDate:
    """A date as a workbook gave it."""

    on: date
    precision: str
    raw: str


@dataclass(slots=True)
class LedgerRow:
    """One project of a list as its workbook states it; None or empty where it says nothing."""

    place: Place
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
    faults: list[Fault] = field(default_factory=list)

    def values(self) -> tuple[object, ...]:
        """Everything but the place, to tell a repeated row from a contradicting one."""
        return (
            self.name, self.code, self.region, self.unit, self.owner, self.sector, self.nature,
            self.kind, self.is_package, self.parent, self.parts, self.total_yuan, self.plan_yuan,
            self.content, self.site, self.tier, self.stage, self.leader, self.liaison,
            tuple(sorted(self.dates.items())),
        )  # fmt: skip


def _text(values: dict[str, Value], name: str) -> str:
    value = values.get(name)
    return str(value.parsed).strip() if value is not None and value.parsed is not None else ""


def _int(values: dict[str, Value], name: str) -> int | None:
    value = values.get(name)
    return value.parsed if value is not None and isinstance(value.parsed, int) else None


def ledger_rows(table: Table, file: str) -> Iterator[LedgerRow]:
    """The data rows and package parts of a table; totals, sections and notes are not projects."""
    names: dict[int, str] = {}
    for row in table.data_rows:
        one = _row(row, table, file)
        names[row.number] = one.name
        if row.kind is RowKind.SUB_ITEM:
            # Money of a part stands on the package already; a sum of both would double it.
            package = names.get(row.parent, "") if row.parent is not None else ""
            one = replace(one, parent=one.parent or package, plan_yuan=None)
        yield one


def _row(row: Row, table: Table, file: str) -> LedgerRow:
    values = dict(row.values)
    named = values.get("项目名称") or values.get("项目代码")
    place = Place(file, table.sheet, row.line, named.cell if named else f"A{row.line}")
    one = LedgerRow(
        place=place,
        name=_text(values, "项目名称"),
        code=unicodedata.normalize("NFKC", _text(values, "项目代码")) or None,
        region=_text(values, "所属地区"),
        unit=_text(values, "责任单位"),
        owner=_text(values, "业主单位"),
        sector=_text(values, "行业领域"),
        nature=_NATURES.get(_text(values, "建设性质"), Nature.UNKNOWN).value,
        kind=ProjectKind.PROGRAMME.value if _text(values, "项目类型") == "非建设" else "",
        parent=_text(values, "所属打包项目"),
        parts=_int(values, "子项目数"),
        total_yuan=_int(values, "总投资"),
        plan_yuan=_int(values, "年度计划投资"),
        content=_text(values, "建设内容"),
        site=_text(values, "建设地点"),
        tier=_text(values, "项目层级"),
        stage=_text(values, "项目阶段"),
        leader=_text(values, "包联领导"),
        liaison=_text(values, "联络员"),
    )
    packaged = values.get("是否打包")
    if packaged is not None and packaged.parsed is not None:
        one.is_package = packaged.parsed in (True, "是")
    for name, key in DATE_FIELDS.items():
        value = values.get(name)
        if value is not None and isinstance(value.parsed, DateValue):
            one.dates[key] = GivenDate(
                value.parsed.on, value.parsed.precision.value, str(value.raw)
            )
    one.faults += _faults(one, values)
    return one


def _faults(row: LedgerRow, values: dict[str, Value]) -> Iterator[Fault]:
    if not row.name:
        yield row.place.fault("no-name", "没有项目名称", "请补上项目名称")
    for label, text, limit in (
        ("项目名称", row.name, 300),
        ("所属打包项目", row.parent, 300),
        ("项目代码", row.code or "", 40),
        ("所属地区", row.region, 100),
        ("责任单位", row.unit, 200),
        ("业主单位", row.owner, 200),
        ("行业领域", row.sector, 100),
        ("包联领导", row.leader, 100),
        ("联络员", row.liaison, 100),
    ):
        if len(text) > limit:
            yield row.place.fault(
                "text-too-long", f"{label}超过{limit}字", "请改用简短的写法", values[label].cell
            )
    if row.parts is not None and not 0 <= row.parts <= MOST_PARTS:
        yield row.place.fault(
            "bad-parts", f"子项目数不能是{row.parts}", "请填写实际个数", values["子项目数"].cell
        )
    for name, value in values.items():
        if name in FIGURE_FIELDS:
            continue
        for flag in value.flags:
            if flag.kind is not FlagKind.NOTE:
                what = f"{name}“{str(value.raw)[:30]}”{flag.what}"
                yield row.place.fault(flag.code, what, flag.remedy, value.cell)
    for label, amount in (("总投资", row.total_yuan), ("年度计划投资", row.plan_yuan)):
        if amount is not None and amount < 0:
            yield row.place.fault(
                "negative-amount",
                f"{label}是负数",
                "计划和总投资不能为负，请核对",
                values[label].cell,
            )
