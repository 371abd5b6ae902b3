"""Calling `guatu` in this process, and what every call must keep to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from guatu.cli.main import main
from guatu.engines.sheets import Cell
from tests.factories import OTHER_UNIT, Cast
from tests.tables import project_row, put_list, put_report, report_line, row_counts

PARK, ROAD, PLANT = "江北新材料产业园", "滨江路改造", "临江污水厂"
LIST = (
    project_row(PARK, "P-1"),
    project_row(ROAD, "P-2"),
    project_row(PLANT, "P-3", 所属地区="临江区", 责任单位=OTHER_UNIT),
)


@dataclass(frozen=True)
class Ran:
    """What a call returned and printed."""

    code: int
    out: str
    err: str

    @property
    def faults(self) -> list[str]:
        """The lines on stderr."""
        return self.err.splitlines()

    @property
    def json(self) -> Any:
        """What was printed, as JSON."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Guatu:
    """`guatu` at work for the cast, with a folder for files."""

    people: Cast
    folder: Path
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *words: object) -> Ran:
        self.capsys.readouterr()
        code = main([str(word) for word in words])
        out, err = self.capsys.readouterr()
        assert "Traceback" not in out + err
        return Ran(code, out, err)

    def refused(self, *words: object) -> list[str]:
        """The lines of a refused call, which may change nothing and says what to do."""
        before = row_counts()
        ran = self(*words)
        assert (ran.code, ran.out) == (2, ""), ran
        assert row_counts() == before
        assert ran.faults
        assert all(line.endswith("。") and line.strip() for line in ran.faults), ran.err
        return ran.faults

    def list_file(self, *lines: dict[str, Cell], name: str = "清单.csv") -> Path:
        """A list of three projects, or of other lines."""
        return put_list(self.folder / name, *(lines or LIST))

    def report_file(self, *lines: dict[str, Cell], name: str = "月报.csv") -> Path:
        """A report of the park, or of other lines."""
        return put_report(self.folder / name, *(lines or [report_line(PARK, 7_000)]))

    def list_in(self) -> None:
        """The list is there."""
        ran = self("import", "ledger", self.list_file(), "--year", 2026, "--create-missing")
        assert ran.code == 0, ran

    def reported(self, period: str = "2026-09") -> None:
        """The list is there, and a report of the period."""
        self.list_in()
        assert self("import", "reports", self.report_file(), "--period", period).code == 0

    def closed(self, period: str = "2026-09") -> None:
        """The period is reported and closed."""
        self.reported(period)
        assert self("close", period).code == 0
