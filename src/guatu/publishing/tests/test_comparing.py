"""Two rounds side by side: what is an improvement, and why a sum fell."""

from __future__ import annotations

from datetime import date

from guatu.assessment.types import FrozenFigure, Subject
from guatu.core.periods import parse_period
from guatu.publishing.circular.types import PreviousLights, Shortfall
from guatu.publishing.comparing import Before, overdue_names, previous_lights, shortfall
from guatu.publishing.tests.samples import assessed, subject

SEPTEMBER = parse_period("2026-09")


def two(number: int, before: int | None, now: int | None, **more: object) -> Subject:
    """Of 1 000 yuan planned, so much by September and by October."""
    figures = [(date(2026, 9, 30), before), (date(2026, 10, 31), now)]
    known = [FrozenFigure(day, value, "") for day, value in figures if value is not None]
    return subject(number, investment=known, **more)


def september(*subjects: Subject) -> Before:
    return Before("1—9月", assessed(*subjects, period=SEPTEMBER))


def test_lights_of_the_same_projects_are_compared_as_they_are() -> None:
    both = (two(1, 100, 200), two(2, 700, 800))
    found = previous_lights(assessed(*both), september(*both))
    assert found.compared is None
    assert (found.serious, found.warning) == (1, 0)


def test_only_projects_with_data_in_both_rounds_are_compared() -> None:
    subjects = (two(1, 100, None), two(2, 100, 800), two(3, None, 100), two(4, 100, 150))
    found = previous_lights(assessed(*subjects), september(*subjects))
    assert found == PreviousLights("1—9月", 2, 0, compared=2, serious_now=1, warning_now=0)


def test_projects_that_came_or_left_are_not_compared() -> None:
    stays = two(1, 100, 200)
    found = previous_lights(assessed(stays, two(2, 1, 2)), september(stays, two(3, 1, 2)))
    assert (found.compared, found.serious, found.serious_now) == (1, 1, 1)


def test_why_a_sum_fell() -> None:
    now = assessed(two(1, 500, None), two(2, 500, 490), two(3, 10, 20))
    before = september(two(1, 500, None), two(2, 500, 490), two(3, 10, 20), two(4, 70, None))
    assert shortfall(now, before) == Shortfall("1—9月", 1080, silent=1, left=1, reduced=1)


def test_a_sum_that_grew_needs_no_reason() -> None:
    both = (two(1, 500, 900), two(2, 10, None))
    assert shortfall(assessed(*both), september(*both)) is None
    silent = two(1, None, None)
    assert shortfall(assessed(silent), september(silent)) is None


def test_overdue_projects_by_name() -> None:
    late, started = (
        subject(at, nature="new", planned_start=date(2026, 3, 1), actual_start=day)
        for at, day in ((1, None), (2, date(2026, 4, 1)))
    )
    assert overdue_names(assessed(late, started, subject(3))) == ("项目1",)


def test_an_overdue_project_that_said_nothing_is_marked() -> None:
    late: dict[str, object] = {"planned_start": date(2026, 3, 31), "nature": "new"}
    silent = two(1, 100, None, **late, report_state="")
    told = two(2, 100, 200, **late)
    blank = two(3, 100, None, **late, report_state="submitted")
    names = overdue_names(assessed(silent, told, blank))
    assert names == (f"{silent.name}（本期未报）", told.name, f"{blank.name}（本期无数据）")
