"""Courses for the tests of questions; money in 万元."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from guatu.core.periods import month_end
from guatu.reporting.asking.judging import ask_reports
from guatu.reporting.asking.types import Course, Identity, Told

WAN = 10_000
ME = Identity(project_id=1, name="江北新材料产业园", region="甲", started_on=date(2025, 3, 1))


def told(month: int, wan: int | None, **more: Any) -> Told:
    """What was said for a month of 2026."""
    yuan = None if wan is None else wan * WAN
    return Told(as_of=month_end(2026, month), year_yuan=yuan, **more)


def course(*reports: Told, **more: Any) -> Course:
    """A project that started last year with 1000万元 done and 1亿元 in all."""
    stated: dict[str, Any] = {
        "identity": ME,
        "unit_id": 7,
        "group": "新建:1",
        "told": reports,
        "plan_yuan": 2_400 * WAN,
        "total_yuan": 10_000 * WAN,
        "before_years_yuan": 1_000 * WAN,
        "started_on": date(2025, 3, 1),
    }
    return Course(**{**stated, **more})


def kinds(one: Course, *rivals: Course) -> list[str]:
    """The kinds of questions that a report raises."""
    return sorted(hit.kind.value for hit in ask_reports([one], [one, *rivals]))


def rival(number: int, wan: int, month: int = 6) -> Course:
    """Another project of the class with 1亿元 to do and so much done."""
    mine = replace(ME, project_id=100 + number, name=f"第{number}号厂房")
    return course(told(month, wan), identity=mine, plan_yuan=10_000 * WAN)
