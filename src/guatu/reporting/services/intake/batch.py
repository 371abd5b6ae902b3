"""A call in progress: its files, senders and rows, and what is told to the user."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from guatu.core.errors import Fault
from guatu.core.periods import PeriodKey
from guatu.engines.sheets import ColumnMapping, RowPlace
from guatu.files.intake import ReadFile
from guatu.files.senders import Sender
from guatu.reporting.intake.answers import Answers
from guatu.reporting.intake.judge import Question
from guatu.reporting.intake.rows import ReportRow
from guatu.reporting.intake.write import Stored


@dataclass(frozen=True, slots=True)
class TakeInReports:
    """Which period the workbooks report, on which list, and how to read them."""

    period: PeriodKey
    list_name: str = ""
    dry_run: bool = False
    mapping: ColumnMapping | None = None
    save_mapping_for: str = ""


class Waiting(NamedTuple):
    """A row that stays out, why, and the project it means where that much is known."""

    row: ReportRow
    question: Question
    project_id: int | None = None


class Whole(NamedTuple):
    """A table that waits as a whole: its rows, why, and the last day that it speaks of."""

    rows: list[ReportRow]
    question: Question
    day: date | None = None

    @property
    def row(self) -> ReportRow:
        """The row that stands for it."""
        return self.rows[0]


@dataclass(frozen=True, slots=True)
class Places:
    """Rows of one file by sheet and number, and sheets of which every row is meant."""

    rows: frozenset[tuple[str, int]] = frozenset()
    sheets: frozenset[str] = frozenset()

    def hold(self, place: RowPlace) -> bool:
        """Whether a row is among them."""
        return place.sheet in self.sheets or (place.sheet, place.row) in self.rows


@dataclass(slots=True)
class FileTaken:
    """What one file brought."""

    name: str
    sender: str = ""
    rows: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    waiting: int = 0
    is_refused: bool = False
    replaces: str = ""
    replaced_by: str = ""


@dataclass(slots=True)
class ReportsTaken:
    """What a call did: counts by file, refused files, waiting and questioned rows, notices, and
    what was written."""

    files: list[FileTaken] = field(default_factory=list)
    refused: list[Fault] = field(default_factory=list)
    waiting: list[Fault] = field(default_factory=list)
    questioned: list[Fault] = field(default_factory=list)
    notices: list[Fault] = field(default_factory=list)
    written: Stored = field(default_factory=Stored)

    @property
    def stored(self) -> int:
        """Rows that are in: new, changed or already there."""
        return sum(f.new + f.changed + f.same for f in self.files)


@dataclass(slots=True)
class Batch:
    """The rows of a call with their files and senders, matched or waiting."""

    read: list[ReadFile]
    senders: dict[str, Sender] = field(default_factory=dict)
    matched: list[tuple[ReportRow, int]] = field(default_factory=list)
    parts: list[tuple[ReportRow, int]] = field(default_factory=list)
    """Parts of listed packages: only dates and words, for the money stands on the package."""
    waiting: list[Waiting] = field(default_factory=list)
    whole: list[Whole] = field(default_factory=list)
    taken: ReportsTaken = field(default_factory=ReportsTaken)
    answers: Answers = field(default_factory=Answers)
    expected: Collection[int] | None = None
    """The projects that a limited round expects; None: its whole list."""
