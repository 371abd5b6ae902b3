"""What is printed from plans, investment and starts comes out of import, close and assess too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction

from conftest import Say, Today
from tests.published.platform import ClosedList, install
from tests.published.table import Bulletin, Figure, bulletins, figures

THROUGH = [figure for figure in figures() if figure.path == "assess"]
AGREEING = [figure for figure in THROUGH if figure.agrees]
BY_SETTING = [figure for figure in THROUGH if not figure.agrees]
LIBRARY_ONLY = [figure for figure in figures() if figure.path == "library" and figure.agrees]


@pytest.fixture
def installed(db: None, today: Today) -> None:
    today(date(2026, 10, 31))
    install()


def closed_lists(bulletin: Bulletin, folder: Path) -> list[ClosedList]:
    """Every list of a bulletin, closed."""
    lists = [ClosedList(bulletin, spec, folder) for spec in bulletin.lists]
    for one in lists:
        one.close()
    return lists


def bulletin(name: str) -> Bulletin:
    return next(one for one in bulletins() if one.id == name)


def through_platform(one: Bulletin, folder: Path) -> list[str]:
    """What does not come out as printed, from an installation that holds this bulletin alone."""
    wrong = []
    with transaction.atomic():
        for closed in closed_lists(one, folder):
            wrong += closed.misses(one.figures) + closed.wrong_sums()
        transaction.set_rollback(True)
    return wrong


def count_right(expected: list[Figure], wrong: list[str]) -> int:
    return sum(not any(line.startswith(f"{figure.name}:") for line in wrong) for figure in expected)


@pytest.mark.usefixtures("installed")
def test_import_and_assess_give_every_figure_of_plans_investment_and_starts(
    tmp_path: Path, say: Say
) -> None:
    wrong = [line for one in bulletins() for line in through_platform(one, tmp_path)]
    say(
        f"published: platform: {count_right(AGREEING, wrong)} of {len(AGREEING)}"
        f" through import, close and assess,"
        f" {count_right(BY_SETTING, wrong)} of {len(BY_SETTING)} more by a setting"
    )
    assert wrong == []


@pytest.mark.usefixtures("installed")
def test_a_wrong_digit_in_the_table_is_reported(tmp_path: Path) -> None:
    one = bulletin("FZG-2012-09")
    first, *others = one.figures
    with_slip = replace(one, figures=(replace(first, published="115.6"), *others))
    assert through_platform(with_slip, tmp_path) == [f"{first.name}: printed 115.6, made 115.5"]


@pytest.mark.usefixtures("installed")
def test_cutting_off_instead_of_rounding_is_reported(tmp_path: Path) -> None:
    one = bulletin("FZG-2012-09")
    cut = tuple(replace(figure, flags={"rounding": "truncate"}) for figure in one.figures)
    lines = through_platform(replace(one, figures=cut), tmp_path)
    assert lines == [
        f"{figure.name}: printed {figure.published}, made {made}"
        for figure, made in zip((cut[2], cut[3]), ("81.3", "92.3"), strict=True)
    ]


@pytest.mark.usefixtures("installed")
def test_a_wrong_place_in_a_printed_ranking_is_reported(tmp_path: Path) -> None:
    one = bulletin("HN-2019-08")
    rate, ranking = one.figures
    swapped = replace(ranking, ranks=(2, 1, 3))
    [line] = through_platform(replace(one, figures=(rate, swapped)), tmp_path)
    assert line.startswith(f"{ranking.name}: ranks")


@pytest.mark.usefixtures("installed")
def test_a_split_that_loses_one_yuan_is_reported(tmp_path: Path) -> None:
    one = bulletin("LF-Q3")
    [closed] = closed_lists(one, tmp_path)
    closed.bulletin = replace(one, inputs={**one.inputs, "done": one.inputs["done"] + 1})
    [line] = closed.wrong_sums()
    assert "completed_yuan is 15188000000, printed 15188000001" in line


def test_what_stays_with_the_library_says_why(say: Say) -> None:
    say(f"published: rest: {len(LIBRARY_ONLY)} by the library alone")
    for because in dict.fromkeys(figure.because for figure in LIBRARY_ONLY):
        named = "、".join(figure.name for figure in LIBRARY_ONLY if figure.because == because)
        say(f"published: rest: {because}：{named}")
