"""What is to be written into a template, and what became of it. Plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from guatu.core.errors import Fault
from guatu.core.periods import PeriodKey
from guatu.core.ratio import Ratio
from guatu.engines.sheets.money import is_empty

GAP = "与时间进度差"
GROWTH = "同比增长"
LIGHT = "预警"
RANK = "排名"
PROGRESS = "时间进度"
COUNT = "项目数"
COUNT_UNPACKED = "项目数（拆包）"
"""Fields of this engine beside the canonical ones of `synonyms.toml`."""


AWAITED = "待核实"
"""What stands in a cell whose figure has come in but waits for an answer."""


class Missing(NamedTuple):
    """There is no value, and why: 本月未报, 待处理. A missing value is never 0. `is_awaited`: it
    came in and waits for an answer, so that the cell must not say that nobody reported."""

    why: str
    is_awaited: bool = False


def says_nothing(text: str) -> bool:
    """Whether a cell's text stands for no value: empty, a sign such as —, or 待核实."""
    return text.strip() == AWAITED or is_empty(text.strip())


class Share(NamedTuple):
    """A rate, a growth or a gap: its exact value, and its percentage (points) as printed."""

    exact: Ratio
    printed: str


class RoughDay(NamedTuple):
    """A date that is known to its month or year alone: the last day that it can mean, and how it
    is said where a column asks for a day."""

    on: date
    text: str
    has_month: bool = True


FieldValue = int | str | date | RoughDay | Share | Missing | None
"""Money is whole yuan, counts are integers. None: nothing to say, an empty cell and no fault."""


@dataclass(frozen=True, slots=True)
class FillProject:
    """One project of the run. `values` change from month to month; `identity` describes it and
    is written only where its row is new. `traits` are what tables are divided by: region, unit,
    sector, nature, as printed."""

    key: int
    name: str
    code: str | None = None
    other_names: tuple[str, ...] = ()
    traits: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, FieldValue] = field(default_factory=dict)
    identity: Mapping[str, FieldValue] = field(default_factory=dict)
    parts: int = 1


@dataclass(frozen=True, slots=True)
class SummaryFigures:
    """Everything a summary table of one period says.

    `total_of` gives the figures of any set of projects by key, as the assessment adds them up.
    `time_progress` None: it is not one share for all. `other_names` are further names of traits:
    `{"region": {"江源经济技术开发区": ("经开区",)}}`. Projects in the order of the ledger. `remark`
    are sentences that begin as `remark` says, for the template's note line.
    """

    period: PeriodKey
    cut_off_on: date
    projects: tuple[FillProject, ...]
    total_of: Callable[[Sequence[int]], Mapping[str, FieldValue]]
    time_progress: Ratio | None = None
    other_names: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    remark: str = ""


class TemplateColumn(NamedTuple):
    """A column of a template: where, its head, what it is read as (empty: not recognised) and
    what is done with it (`Role`), its unit, and why it is not filled where that needs telling."""

    letters: str
    label: str
    field: str
    role: str
    unit: str = ""
    why: str = ""


class TemplateColumns(NamedTuple):
    """A sheet of a template with its columns and how many projects it lists."""

    sheet: str
    projects: int
    columns: tuple[TemplateColumn, ...]


class WrittenCell(NamedTuple):
    """A cell that was written: where, which field, what stands there now."""

    sheet: str
    cell: str
    field: str
    value: str | int | float | None
    is_changed: bool

    @property
    def is_filled(self) -> bool:
        """Whether it says something: a sign for nothing (—, 待核实) is no value."""
        return self.value is not None and not says_nothing(str(self.value))


class AddedRow(NamedTuple):
    """A project that the template did not have, and the row (from 1) it stands in now."""

    sheet: str
    row: int
    name: str


@dataclass(frozen=True, slots=True)
class Filled:
    """The filled workbook. `unfilled` are cells that want a person's eye, each with its reason;
    `notices` only tell. `departed` are rows of projects that are no longer in the run. Written
    cells name their sheet as the template does; `retitled` says what it is called now."""

    content: bytes
    written: tuple[WrittenCell, ...] = ()
    added: tuple[AddedRow, ...] = ()
    departed: tuple[AddedRow, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    unfilled: tuple[Fault, ...] = ()
    notices: tuple[Fault, ...] = ()
    retitled: Mapping[str, str] = field(default_factory=dict)
