"""The method was chosen by its error: measured again here (docs/adr/0014-forecast.md)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from guatu.assessment.forecast.tests.methods import (
    CHOSEN,
    CITIES,
    FAR_TOO,
    MONTHS,
    REFUSED,
    demo_year,
    invented,
    measured,
)

Found = dict[str, tuple[int, float, float, float]]
ALL, SOME = MONTHS[1:-1], (4, 7, 10)
SHORT_AND_LONG = pytest.mark.parametrize(
    "months", [pytest.param(SOME, id="some"), pytest.param(ALL, id="all", marks=pytest.mark.long)]
)


def table(found: Found) -> str:
    """The rows of the decision's table: forecasts, median and mean error in points, coverage."""
    rows = (
        f"{method:26} {count:5} {middle:6.1f} {mean:6.1f} {covered:6.1f}"
        for method, (count, middle, mean, covered) in found.items()
    )
    return "\n".join(["", *rows])


def least(found: Found, figure: int) -> float:
    """The least of the methods' medians (1) or means (2), on the projects that all of them told."""
    return min(one[figure] for method, one in found.items() if method != REFUSED)


@SHORT_AND_LONG
def test_in_the_demo_city_the_chosen_method_errs_least(months: Sequence[int]) -> None:
    year = demo_year()
    found = measured(year, year, months=months, alone=True)
    assert found[CHOSEN][1] <= 0.1 + least(found, 1), table(found)
    assert found[CHOSEN][1] < found["plain pace"][1] / 2, table(found)
    assert 77 <= found[CHOSEN][3] <= 87, table(found)


@SHORT_AND_LONG
@pytest.mark.parametrize("name", list(CITIES))
def test_in_no_invented_city_another_method_is_much_better(
    name: str, months: Sequence[int]
) -> None:
    years = invented(CITIES[name], seed=name)
    found = measured([*years[2023], *years[2024]], years[2025], months=months)
    assert found[CHOSEN][2] <= 1.1 * least(found, 2), table(found)
    assert found[CHOSEN][2] < found["plain pace"][2], table(found)


@SHORT_AND_LONG
def test_where_projects_keep_their_shape_their_own_curve_is_no_better(
    months: Sequence[int],
) -> None:
    years = invented(CITIES["driven by pace"], seed="shape", keeps_shape=True)
    found = measured([*years[2023], *years[2024]], years[2025], months=months)
    assert found[CHOSEN][2] < found["own last year's curve"][2], table(found)


@SHORT_AND_LONG
def test_what_has_no_near_class_was_forecast_badly(months: Sequence[int]) -> None:
    year = demo_year()
    found = measured(year, year, months=months, alone=True)
    assert found[REFUSED][1] > 2 * found[FAR_TOO][1], table(found)
    assert found[REFUSED][3] > 90, table(found)
