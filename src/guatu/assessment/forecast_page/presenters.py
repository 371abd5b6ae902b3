"""The context of the page of forecasts and of its export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from guatu.assessment import queries
from guatu.assessment.access import RoundViewer
from guatu.assessment.forecast.backtest import EVERY_YEAR
from guatu.assessment.forecast.types import Group
from guatu.assessment.forecast_page import words
from guatu.assessment.forecast_page.columns import columns
from guatu.assessment.forecast_page.rows import (
    EVERY,
    OPPOSED,
    SAID,
    Row,
    Sieve,
    choices,
    ordered,
    rows_of,
)
from guatu.assessment.forecasting import month_of
from guatu.assessment.models import ForecastBasis, ForecastTest
from guatu.assessment.round_page.presenters import head
from guatu.assessment.services.forecast import METHOD
from guatu.assessment.sifting import WORST_FIRST
from guatu.ui.tables import Column, Grid, Page, listing, without

CLAIM = (
    "月报里没有“预计年底完成多少”一栏，单位的说法取自存在问题一栏：没有报问题的，当作单位认为"
    "能完成年度计划，报了问题的当作说不准；台账里有“评估有望完成”“评估难以完成”判断的，以判断为准"
)
"""What stands for the unit's own word, and what is missing for it."""


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One line of the month's test: those that stood alike to the calendar."""

    group: str
    tested: int
    untold: int
    error: str
    naive_error: str
    covered: str
    is_doubtful: bool


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One line of the test: a month, its years together or one of them."""

    when: str
    tested: int
    error: str
    naive_error: str
    covered: str
    is_doubtful: bool
    is_now: bool


def page(viewer: RoundViewer, query: QueryDict) -> dict[str, Any]:
    """The list of forecasts with their test; or why there is none, and what to do."""
    context: dict[str, Any] = head(viewer)
    basis = _basis(viewer)
    if basis is None:
        return context
    tests = list(basis.tests.order_by("month", "year"))
    month = month_of(viewer.round.period.parsed)
    every = rows_of(basis, viewer.project_ids, by_group(tests, month))
    wanted = Sieve.of(query).known(every)
    asked = wanted.or_opposed(every)
    shown = columns()
    told = listing(query, shown, default_sort="-apart")
    found = _found(every, asked, told.sort, is_descending=told.is_descending)
    place = Page.of(query, len(found))
    labels = labels_of(every)
    grid = Grid(
        shown,
        found[place.start : place.start + place.size],
        caption=f"{viewer.round.period.label}定版数据",
        sort=told.sort_text,
        query=without(query, "sort", "page"),
    )
    export = reverse("round-forecast-export", args=[viewer.round.pk])
    return {
        **context,
        **_tests(tests, month),
        "is_older": basis.method != METHOD,
        "basis": basis,
        "basis_text": words.basis_text(basis),
        "reason": words.reason_text(basis.reason) if basis.reason else "",
        "claim": CLAIM,
        "asked": wanted,
        "words": wanted.words(labels),
        "opposed": sum(1 for row in every if Sieve(said=OPPOSED).lets(row)),
        "is_opening": asked is not wanted,
        "others": len(every) - len(found),
        "counts": counts(every),
        "grid": grid,
        "page": place,
        "choices": choices(every),
        "lights": list(labels.items()),
        "said": [*SAID.items(), (EVERY, "全部项目")],
        "export": f"{export}?{without(query, 'page')}",
    }


def exported(
    viewer: RoundViewer, query: QueryDict
) -> tuple[str, list[str], list[Column[Row]], list[Row]]:
    """Title, notes, columns and all rows under the same filters and order."""
    title = f"{viewer.round.list}{viewer.round.period.label}年底预测"
    basis, shown = _basis(viewer), columns()
    if basis is None:
        return title, ["本期还没有预测"], shown, []
    of_basis = list(basis.tests.order_by("month", "year"))
    month = month_of(viewer.round.period.parsed)
    every = rows_of(basis, viewer.project_ids, by_group(of_basis, month))
    asked = Sieve.of(query).known(every)
    told = listing(query, shown, default_sort="-apart")
    found = _found(every, asked, told.sort, is_descending=told.is_descending)
    tests = _tests(of_basis, month)
    notes = [words.basis_text(basis) if basis.pool else words.reason_text(basis.reason)]
    notes += [tests["tested_sentence"], tests["way"]] if tests["now"] else []
    notes += [_group_note(one) for one in tests["groups"]]
    notes.append(CLAIM)
    if text := asked.words(labels_of(every)):
        notes.append(f"筛选：{text}，共{len(found)}个项目")
    if not viewer.sees_everything:
        notes.append("只含本账号可见的项目")
    return title, notes, shown, found


def _basis(viewer: RoundViewer) -> ForecastBasis | None:
    return queries.forecast_basis(viewer.round)


def _found(every: Sequence[Row], asked: Sieve, sort: str, *, is_descending: bool) -> list[Row]:
    return ordered([row for row in every if asked.lets(row)], sort, is_descending=is_descending)


def labels_of(every: Sequence[Row]) -> dict[str, str]:
    """What the book calls the lights that there are, the gravest first."""
    found = {row.verdict: row.label for row in every if row.label}
    return {one.value: found[one.value] for one in WORST_FIRST if one.value in found}


def counts(every: Sequence[Row]) -> list[tuple[str, str, int]]:
    """How many projects each filter of what is said would show, but for the one that leads."""
    return [
        (key, told, sum(1 for row in every if Sieve(said=key).lets(row)))
        for key, told in SAID.items()
        if key != OPPOSED
    ]


def by_group(tests: Sequence[ForecastTest], month: int | None) -> dict[str, ForecastTest]:
    """The tests of a month's groups, all years together."""
    return {
        one.group: one
        for one in tests
        if one.group and one.month == month and one.year == EVERY_YEAR
    }


def _tests(tests: Sequence[ForecastTest], month: int | None) -> dict[str, Any]:
    """The test of this month in a sentence and by group, and every month in lines."""
    groups, every = by_group(tests, month), [one for one in tests if not one.group]
    together = [one for one in every if one.year == EVERY_YEAR]
    now = next((one for one in together if one.month == month), None)
    years = {one.year for one in every} - {EVERY_YEAR}
    return {
        "now": now,
        "tested_sentence": words.tested_sentence(now),
        "is_doubtful": now is not None and words.is_doubtful(now),
        "way": words.way_text(now.way) if now else "",
        "groups": [_group_line(groups.get(one.value), one) for one in Group] if groups else [],
        # One year is all years: its line would stand twice.
        "tests": [_line(one, month) for one in every if one.year or len(years) > 1],
    }


def _group_line(one: ForecastTest | None, group: Group) -> GroupLine:
    if one is None or words.is_few(one):
        tested, untold = (one.tested, one.untold) if one else (0, 0)
        return GroupLine(group.text, tested, untold, "太少", "太少", "太少", is_doubtful=False)
    return GroupLine(
        group.text,
        one.tested,
        one.untold,
        words.points_text(one.error),
        words.points_text(one.naive_error),
        words.covered_text(one),
        words.is_doubtful(one),
    )


def _group_note(one: GroupLine) -> str:
    return (
        f"{one.group}：检验{one.tested}个，没有接近的同类{one.untold}个，"
        f"误差中位数（百分点）{one.error}，达到“八成把握”的（%）{one.covered}"
    )


def _line(one: ForecastTest, month: int | None) -> MonthLine:
    year = "各年合计" if one.year == EVERY_YEAR else f"{one.year}年"
    return MonthLine(
        f"{one.month}月末预测（{year}）",
        one.tested,
        words.points_text(one.error),
        words.points_text(one.naive_error),
        words.covered_text(one),
        words.is_doubtful(one),
        one.month == month,
    )
