"""A list with reports, closed and assessed: what the tests of this room play with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from guatu.assessment import queries
from guatu.assessment.models import Snapshot
from guatu.assessment.services.close import close_round
from guatu.assessment.services.correct import Corrected, correct_round
from guatu.assessment.types import Content, Subject
from guatu.core.periods import parse_period
from guatu.engines.sheets import Cell
from guatu.journal.types import Actor
from guatu.ledger.models import ProjectList
from guatu.ledger.queries import find_list
from guatu.reporting.models import Round
from tests.factories import OTHER_UNIT, Cast
from tests.tables import project_row, put_list, put_report, report_line, take_list, take_reports

WAN = 10_000
PARK, ROAD, PLANT = "江北新材料产业园", "滨江路改造", "临江污水厂"
LIST = (
    project_row(PARK, "P-1", 计划开工时间="2026年3月"),
    project_row(ROAD, "P-2", 建设性质="续建", 计划开工时间=""),
    project_row(PLANT, "P-3", 所属地区="临江区", 责任单位=OTHER_UNIT, 计划开工时间="2026年11月"),
)


@dataclass(frozen=True)
class Office:
    """The office at work on one list. `console` acts alone."""

    people: Cast
    folder: Path

    @property
    def console(self) -> Actor:
        return self.people.console

    @property
    def listing(self) -> ProjectList:
        return find_list(2026, "重点项目")

    def list_in(self, *lines: dict[str, Cell], **options: Any) -> None:
        take_list(self.console, put_list(self.folder / "清单.csv", *lines), **options)

    def report(self, *lines: dict[str, Cell], period: str = "2026-09", **options: Any) -> None:
        path = put_report(self.folder / f"{period}.csv", *lines)
        take_reports(self.console, path, period=period, **options)

    def close(self, period: str = "2026-09") -> Snapshot:
        return close_round(self.console, self.listing, parse_period(period))

    def correct(
        self,
        *lines: dict[str, Cell],
        period: str = "2026-09",
        reason: str = "复核后更正",
        name: str = "更正.csv",
    ) -> Corrected:
        path = put_report(self.folder / name, *lines)
        return correct_round(
            self.console, self.listing, parse_period(period), [path], reason=reason
        )

    def round(self, period: str = "2026-09") -> Round:
        return Round.objects.get(list=self.listing, period__key=period)

    def closed_september(self) -> Snapshot:
        """Three projects, two reports, August before it, closed."""
        self.list_in(*LIST)
        self.report(report_line(PARK, 6_000), period="2026-08")
        self.close("2026-08")
        self.report(
            report_line(PARK, 7_000, 实际开工时间="2026年3月18日", 形象进度="主体"),
            report_line(ROAD, 9_000),
        )
        return self.close()


def september(people: Cast, folder: Path) -> Snapshot:
    """September closed once for a module, before the first of its tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GUATU_TODAY", "2026-10-10")
        return Office(people, folder).closed_september()


def content(snapshot: Snapshot) -> Content:
    """The frozen content."""
    return queries.snapshot_content(snapshot)


def subject(snapshot: Snapshot, name: str) -> Subject:
    """One project of a snapshot."""
    return next(one for one in content(snapshot).subjects if one.name == name)
