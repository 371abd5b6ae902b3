"""Subjects of an invented round, and their assessment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from guatu.assessment.conventions import Conventions
from guatu.assessment.judging import GROUPINGS, Assessed, assess
from guatu.assessment.types import Content, FrozenFigure, RegionRow, Subject
from guatu.core.periods import PeriodKey, parse_period
from guatu.engines.rulebook import find_book

OCTOBER = parse_period("2026-10")


def subject(number: int, **changes: Any) -> Subject:
    """A project of 江北区 with 1 000 yuan planned and 800 done by October, 500 by September."""
    made = Subject(
        id=number, serial=number, code=None, name=f"项目{number}", region_id=1, region="江北区",
        unit_id=1, unit="市交通局", sector="交通", nature="continuing", is_appraised=True, parts=1,
        total_yuan=5_000, plan_yuan=1_000, slice_yuan=None, planned_start=None, actual_start=None,
        planned_completion=None, actual_completion=None, is_registered=None, judgements={},
        report_state="accepted", progress="主体施工", problem="",
        investment=[
            FrozenFigure(date(2025, 10, 31), 400, ""),
            FrozenFigure(date(2026, 9, 30), 500, ""),
            FrozenFigure(date(2026, 10, 31), 800, ""),
        ],
    )  # fmt: skip
    return replace(made, **changes)


def assessed(
    *subjects: Subject,
    conventions: Conventions | None = None,
    period: PeriodKey = OCTOBER,
    is_ranked: bool = False,
) -> Assessed:
    regions = [RegionRow(1, "江北区", "01", "district")]
    content = Content(
        "重点项目", 2026, period.key, period.as_of, period.as_of, 1, regions, list(subjects)
    )
    return assess(
        content, find_book("default"), conventions or Conventions(), by=GROUPINGS,
        is_ranked=is_ranked,
    )  # fmt: skip
