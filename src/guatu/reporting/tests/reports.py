"""A list with a package, what units send, and what came of it, for the tests of taking in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from guatu.assessment.services.close import close_round
from guatu.core.periods import parse_period
from guatu.engines.sheets import Cell
from guatu.journal.types import Actor
from guatu.ledger.queries import find_list
from guatu.reporting.models import Figure, IntakeQuestion
from guatu.reporting.services.intake import ReportsTaken
from guatu.reporting.types import INVESTMENT, QuestionState
from tests.factories import OTHER_UNIT, Cast
from tests.tables import (
    project_row,
    put_list,
    put_report,
    take_list,
    take_reports,
)

WAN = 10_000
AS_OF = date(2026, 9, 30)


@dataclass(frozen=True)
class Desk:
    """A list of four projects and a package, and a folder for what units send."""

    people: Cast
    folder: Path

    @property
    def office(self) -> Actor:
        return self.people.act_as("office")

    def file(self, name: str, *lines: dict[str, Cell]) -> Path:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        return put_report(path, *lines)

    def take(
        self,
        *lines: dict[str, Cell],
        name: str = "月报.csv",
        period: str = "2026-09",
        **options: Any,
    ) -> ReportsTaken:
        return take_reports(self.office, self.file(name, *lines), period=period, **options)

    def list_of(self, year: int) -> None:
        """The park on the list of another year."""
        path = put_list(self.folder / f"{year}.csv", project_row(PARK, "P-1"))
        take_list(self.people.console, path, year=year)

    def close(self, period: str) -> None:
        key = parse_period(period)
        close_round(self.people.console, find_list(key.year, None), key)


PARK, ROAD = "江北新材料产业园", "滨江路改造"


def figure(name: str, as_of: date = AS_OF, indicator: str = INVESTMENT) -> int | None:
    """The figure in force, in 万元."""
    found = Figure.objects.filter(
        project__name=name, as_of=as_of, indicator__code=indicator, is_current=True
    ).first()
    return None if found is None or found.value is None else found.value // WAN


def counts(taken: ReportsTaken) -> tuple[int, int, int, int]:
    """New, changed, same, waiting rows of the whole call."""
    files = taken.files
    return (
        sum(f.new for f in files),
        sum(f.changed for f in files),
        sum(f.same for f in files),
        sum(f.waiting for f in files),
    )


def open_questions() -> list[str]:
    rows = IntakeQuestion.objects.filter(state=QuestionState.OPEN).order_by("pk")
    return list(rows.values_list("code", flat=True))


def make_desk(people: Cast, folder: Path) -> Desk:
    """The desk with its list."""
    lines = (
        project_row("江北新材料产业园", "P-1"),
        project_row("滨江路改造", "P-2"),
        project_row("污水厂", 所属地区="江北区"),
        project_row("污水厂", 所属地区="临江区", 责任单位=OTHER_UNIT),
        project_row("管网打包", "P-5", 是否打包="是"),
        project_row("一标段", 所属打包项目="管网打包", **{"年度计划投资（万元）": ""}),
    )
    take_list(people.console, put_list(folder / "清单.csv", *lines))
    return Desk(people, folder)
