"""From a recognised table to report rows: plain values with their places. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from guatu.core.ratio import Ratio
from guatu.engines.sheets import (
    DateValue,
    Flag,
    FlagKind,
    Row,
    RowKind,
    RowPlace,
    Table,
    cell_name,
)

ANSWERS = ("本年累计完成投资", "上年同期累计完成投资", "自开工累计完成投资", "本月完成投资")
LONGEST_REASON = 300
LONGEST_TEXT = 5_000
"""Of a progress or a problem that somebody types."""
_REDUCED = re.compile("核减|调减")
_SENTENCE = re.compile(r"[。；;\n]+")
WORDS = ("形象进度", "存在问题", "下步措施", "备注", "核减原因", "未完成原因")
DATES = {"实际开工时间": "start", "实际竣工时间": "completion"}


@dataclass(frozen=True, slots=True)
class Amount:
    """A money cell: whole yuan or None, the text as written, what was noted while reading it."""

    yuan: int | None
    raw: str
    cell: str
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class ActualDate:
    """An actual start or completion as the unit states it."""

    on: date
    precision: str
    raw: str
    cell: str
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class CellText:
    """What stood in a cell that may be asked about: its field, its words, the head above it."""

    field: str
    raw: str
    label: str


@dataclass(slots=True)
class ReportRow:
    """What a unit says of one project for one period."""

    place: RowPlace
    name: str
    code: str | None
    region: str
    region_cell: str = ""
    amounts: dict[str, Amount] = field(default_factory=dict)
    dates: dict[str, ActualDate] = field(default_factory=dict)
    progress: str = ""
    problem: str = ""
    reason: str = ""
    flags: list[tuple[str, Flag]] = field(default_factory=list)
    printed_rate: tuple[Ratio, str] | None = None
    printed_plan: int | None = None
    columns: frozenset[str] = frozenset()
    """The fields its table has: an empty cell of a column says something, a missing one nothing."""
    is_part: bool = False
    cells: dict[str, CellText] = field(default_factory=dict)
    subjects: list[str] = field(default_factory=list)
    """Sender and words that name its project, for answers that are remembered: the first is kept,
    the others were in use before anybody said who the sender is."""
    words: tuple[tuple[str, str], ...] = ()
    """What it says besides money and dates: the head of each column and its text."""
    empty_cell: str = ""
    """Where its year's cumulative investment would stand."""
    doubts: list[tuple[str, str, str]] = field(default_factory=list)
    """Code, question and remedy of what should be confirmed although the row may enter."""
    said: dict[str, Any] = field(default_factory=dict)
    """Columns of the report besides these, as a signed workbook tells them (`workbook`)."""

    @property
    def subject(self) -> str:
        """What an answer about the whole row is kept under."""
        return self.subjects[0] if self.subjects else ""

    @property
    def investment(self) -> Amount | None:
        """This year's cumulative investment, where the column holds something."""
        return self.amounts.get("本年累计完成投资")

    @property
    def has_own_words(self) -> bool:
        """Whether it says anything besides money."""
        return bool(self.dates or self.progress or self.problem)

    def leave_money_aside(self) -> None:
        """Keep the dates and words of a part; its money stands on the package."""
        self.amounts = {}
        self.printed_rate = self.printed_plan = None

    def values(self) -> tuple[object, ...]:
        """What is said, to tell a repeated row from a contradicting one."""
        return (
            tuple(sorted((k, a.yuan) for k, a in self.amounts.items())),
            tuple(sorted((k, d.on) for k, d in self.dates.items())),
        )


def report_rows(table: Table) -> Iterator[ReportRow]:
    """The data rows of a table; totals, sections and notes carry no report."""
    for row in table.data_rows:
        yield _row(row, table)


def keeps_out(flag: Flag) -> bool:
    """Whether somebody must answer before the row may enter; a note alone does not."""
    return flag.kind is not FlagKind.NOTE


def _reason(row: Row) -> tuple[str, str]:
    """Why a figure went down, and the cell that says so.

    A remark that says 核减 is a reason, in whichever column it stands; of a long text the
    sentences that say it.
    """
    if text := row.text("核减原因"):
        return text, row.values["核减原因"].cell
    for name in ("备注", "未完成原因", "存在问题", "形象进度"):
        text = row.text(name)
        if _REDUCED.search(text):
            if len(text) > LONGEST_REASON:
                text = "；".join(part for part in _SENTENCE.split(text) if _REDUCED.search(part))
            return text, row.values[name].cell
    return "", ""


def _ratio(row: Row, name: str) -> tuple[Ratio, str] | None:
    value = row.values.get(name)
    if value is None or not isinstance(value.parsed, Ratio):
        return None
    return value.parsed, value.cell


def _row(row: Row, table: Table) -> ReportRow:
    reason, reason_cell = _reason(row)
    figure = table.fields.get(ANSWERS[0])
    region = row.values.get("所属地区")
    one = ReportRow(
        place=table.place_of(row),
        name=row.text("项目名称"),
        code=row.text("项目代码") or None,
        region=row.text("所属地区"),
        region_cell=region.cell if region is not None else "",
        progress=row.text("形象进度"),
        problem=row.text("存在问题"),
        reason=reason,
        printed_rate=_ratio(row, "年度计划完成率"),
        printed_plan=row.whole("年度计划投资"),
        columns=frozenset(table.fields),
        is_part=row.kind is RowKind.SUB_ITEM,
        words=tuple((name, text) for name in WORDS if (text := row.text(name))),
        empty_cell=cell_name(row.number, figure.index) if figure is not None else "",
    )
    for name in ANSWERS:
        value = row.values.get(name)
        if value is not None and (value.parsed is not None or value.flags):
            yuan = value.parsed if isinstance(value.parsed, int) else None
            one.amounts[name] = Amount(yuan, str(value.raw), value.cell, value.flags)
    for name, milestone in DATES.items():
        value = row.values.get(name)
        if value is not None and isinstance(value.parsed, DateValue):
            one.dates[milestone] = ActualDate(
                value.parsed.on,
                value.parsed.precision.value,
                str(value.raw),
                value.cell,
                value.flags,
            )
        elif value is not None:
            one.flags += [(value.cell, flag) for flag in value.flags]
    for name in ("项目名称", "项目代码"):
        value = row.values.get(name)
        if value is not None:
            one.flags += [(value.cell, flag) for flag in value.flags]
    for name in (*ANSWERS, *DATES, "项目名称", "项目代码", "所属地区"):
        value = row.values.get(name)
        if value is not None:
            label = table.fields[name].label if name in table.fields else name
            one.cells[value.cell] = CellText(name, str(value.raw), label)
    one.flags += _too_long(one, reason_cell)
    return one


def _too_long(row: ReportRow, reason_cell: str) -> Iterator[tuple[str, Flag]]:
    """Texts that would have to be cut off to be kept: asked instead."""
    texts = [("核减原因", row.reason, reason_cell, LONGEST_REASON)]
    texts += [(name, amount.raw, amount.cell, 200) for name, amount in row.amounts.items()]
    texts += [("日期", given.raw, given.cell, 100) for given in row.dates.values()]
    for label, text, cell, limit in texts:
        if len(text) > limit:
            what = f"{label}超过{limit}字"
            yield cell, Flag("text-too-long", FlagKind.UNREADABLE, what, "请改用简短的写法")


def typed_row(
    name: str,
    code: str | None,
    words: tuple[str, str],
    amounts: Mapping[str, int | None],
    dates: Mapping[str, date | None],
) -> ReportRow:
    """A row that a person typed into a page: progress and problem, yuan by field, days by
    milestone. What is None was not said."""
    progress, problem = words
    return ReportRow(
        place=RowPlace("", "", 0),
        name=name,
        code=code,
        region="",
        amounts={
            field: Amount(yuan, "", "") for field, yuan in amounts.items() if yuan is not None
        },
        dates={
            milestone: ActualDate(on, "day", on.isoformat(), "")
            for milestone, on in dates.items()
            if on is not None
        },
        progress=progress,
        problem=problem,
        columns=frozenset({"形象进度", "存在问题"}),
    )
