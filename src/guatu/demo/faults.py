"""What is planted in the forty files: codes, what should become of each row, and the record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from guatu.demo.types import Day


class Outcome(StrEnum):
    """What an import should do with a row, a sheet or a sum.

    questioned rows are in the figures with a mark; waiting and refused ones are no data; noticed
    things (a wrong total, a second sheet) concern no row.
    """

    IMPORTED = "imported"
    QUESTIONED = "questioned"
    WAITING = "waiting"
    REFUSED = "refused"
    NOTICED = "noticed"


OUTCOMES: dict[str, Outcome] = {
    "code-ruined": Outcome.WAITING,
    "unreadable-money": Outcome.WAITING,
    "unknown-project": Outcome.WAITING,
    "ambiguous-project": Outcome.WAITING,
    "renamed-project": Outcome.WAITING,
    "duplicate-row": Outcome.WAITING,
    "month-ambiguous": Outcome.WAITING,
    "fraction-of-yuan": Outcome.WAITING,
    "above-total-investment": Outcome.WAITING,
    "formula-without-value": Outcome.WAITING,
    "phone-no-figure": Outcome.WAITING,
    "missing-unit": Outcome.WAITING,
    "below-last-month": Outcome.QUESTIONED,
    "repeated-start": Outcome.QUESTIONED,
    "last-year-differs": Outcome.QUESTIONED,
    "rate-contradicts": Outcome.QUESTIONED,
    "renamed-with-code": Outcome.QUESTIONED,
    "early-start": Outcome.IMPORTED,
    "early-next-year": Outcome.IMPORTED,
    "late-completion": Outcome.IMPORTED,
    "negative-month": Outcome.IMPORTED,
    "equals-plan": Outcome.IMPORTED,
    "superseded-figure": Outcome.IMPORTED,
    "wrong-total": Outcome.NOTICED,
    "last-month-sheet": Outcome.NOTICED,
    "wrong-period": Outcome.REFUSED,
    "no-table": Outcome.REFUSED,
    "empty-workbook": Outcome.REFUSED,
}
"""The one place that says what each planted thing should lead to; the arithmetic follows it."""
COUNTED = frozenset({Outcome.IMPORTED, Outcome.QUESTIONED})


@dataclass(frozen=True, slots=True)
class PlantedFault:
    """One planted thing and where it stands. `cell` is empty for a whole file.

    `project` is the key, empty where the row is not a ledger project; `note` says it in Chinese.
    """

    code: str
    file: str
    sheet: str
    cell: str
    outcome: Outcome
    project: str
    name: str
    note: str


@dataclass(frozen=True, slots=True)
class PlantedRow:
    """A project's row in a file and what it should bring in.

    `yuan` is the cumulative figure the row really says (None: none, as for sub-projects);
    `start` and `completion` the dates it reports that the closed rounds do not hold yet.
    """

    project: str
    name: str
    printed_name: str
    code: str | None
    sheet: str
    cell: str
    yuan: int | None
    start: Day | None
    completion: Day | None
    is_part: bool
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class PlantedFile:
    """One of the forty, in order of arrival. `superseded_by` is the sender's later version."""

    file: str
    organisation: str
    organisation_name: str
    layout: str
    rows: tuple[PlantedRow, ...]
    faults: tuple[PlantedFault, ...]
    superseded_by: str = ""

    @property
    def good(self) -> tuple[PlantedRow, ...]:
        """Rows that should get in, questioned ones included."""
        return tuple(row for row in self.rows if row.outcome in COUNTED)


@dataclass(frozen=True, slots=True)
class Planted:
    """Everything planted for one period. `missing` are keys of units that sent nothing."""

    period: str
    files: tuple[PlantedFile, ...]
    missing: tuple[str, ...]
    missing_names: tuple[str, ...]

    @property
    def faults(self) -> Iterator[PlantedFault]:
        """All planted faults, file by file."""
        for file in self.files:
            yield from file.faults

    def accepted(self) -> dict[str, PlantedRow]:
        """By project key, the row that should stand after all files were imported in order."""
        return {row.project: row for file in self.files for row in file.good}


def write_json(planted: Planted, path: Path) -> None:
    """Write `planted.json`: the dataclasses as they are, dates in ISO form."""
    text = json.dumps(asdict(planted), ensure_ascii=False, indent=1, default=_plain)
    path.write_text(text + "\n", encoding="utf-8")


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON form for {value!r}")
