from __future__ import annotations

from fractions import Fraction

import pytest

from guatu.assessment.conventions import Conventions
from guatu.core.periods import parse_period
from guatu.core.ratio import Ratio, Rounding
from guatu.organisation.types import MEASURES, SETTINGS

DEFAULTS = {key: spec.default for key, spec in SETTINGS.items()}
DONE, PLAN = Ratio(6290, 6474), Ratio(10, 12)


def test_without_flags_the_city_s_settings_hold() -> None:
    assert Conventions.of(DEFAULTS, {}) == Conventions()
    city = {**DEFAULTS, "digits": "2", "gap": "rounded", "package-count": "unpacked"}
    made = Conventions.of(city, {"digits": None, "rounding": None})
    assert made == Conventions(digits="2", gap="rounded", package_count="unpacked")


def test_a_flag_wins_over_the_city_s_setting() -> None:
    city = {**DEFAULTS, "digits": "2", "start-rate": "all"}
    made = Conventions.of(city, {"digits": "0", "start-rate": "due", "gap": None})
    assert made == Conventions(digits="0", start_rate="due")


@pytest.mark.parametrize(
    ("digits", "rates"),
    [
        ("0", ["97", "97"]),
        ("1", ["97.2", "97.2"]),
        ("2", ["97.16", "97.16"]),
        ("completion_rate=2", ["97.16", "97.2"]),
        ("start_rate=0,completion_rate=2", ["97.16", "97"]),
    ],
)
def test_digits_hold_for_all_measures_or_for_the_one_named(digits: str, rates: list[str]) -> None:
    made = Conventions(digits=digits)
    assert [made.percent(name, DONE) for name in ("completion_rate", "start_rate")] == rates


@pytest.mark.parametrize(
    ("rounding", "rate", "start"),
    [
        ("half-up", "47.8", "47.8"),
        ("truncate", "47.7", "47.7"),
        ("start_rate=truncate", "47.8", "47.7"),
    ],
)
def test_rounding_holds_for_all_measures_or_for_the_one_named(
    rounding: str, rate: str, start: str
) -> None:
    made = Conventions(rounding=rounding)
    ratio = Ratio(129, 270)
    assert (made.percent("completion_rate", ratio), made.percent("start_rate", ratio)) == (
        rate,
        start,
    )
    assert made.rounding_for("start_rate") is Rounding(rounding.rpartition("=")[2])


@pytest.mark.parametrize(("gap", "points"), [("unrounded", "13.8"), ("rounded", "13.9")])
def test_the_gap_is_rounded_after_or_before_the_subtraction(gap: str, points: str) -> None:
    """629.0 of 647.4 after ten months: 13.8, while 97.2 − 83.3 would be 13.9 (figures.md 4)."""
    assert Conventions(gap=gap).gap_points(DONE, PLAN) == points


@pytest.mark.parametrize(
    ("values", "points"),
    [
        ({"digits": "completion_rate=2"}, "13.86"),
        ({"digits": "2,time_progress=1"}, "13.86"),
        ({"digits": "0"}, "14"),
        ({"digits": "2,gap_to_time_progress=0"}, "13.83"),
        ({"digits": "1,gap_to_time_progress=2"}, "13.9"),
        ({"rounding": "completion_rate=truncate"}, "13.8"),
    ],
)
def test_a_gap_of_rounded_rates_is_that_of_the_rates_as_printed(
    values: dict[str, str], points: str
) -> None:
    made = Conventions(gap="rounded", **values)
    assert made.gap_points(DONE, PLAN) == points
    rate, progress = made.percent("completion_rate", DONE), made.percent("time_progress", PLAN)
    assert Fraction(rate or "") - Fraction(progress or "") == Fraction(points)


def test_what_is_not_known_has_no_percentage_and_no_gap() -> None:
    made = Conventions()
    assert made.percent("completion_rate", None) is None
    assert made.gap_points(None, PLAN) is None
    assert made.gap_points(DONE, None) is None


@pytest.mark.parametrize(
    ("how", "period", "progress"),
    [
        ("months", "2026-09", Ratio(9, 12)),
        ("months", "2026-02", Ratio(2, 12)),
        ("days", "2026-09", Ratio(273, 365)),
        ("days", "2028-12", Ratio(366, 366)),
        ("months", "2026-W53", Ratio(12, 12)),
        ("days", "2026-W53", Ratio(365, 365)),
        ("months", "2026-W01", Ratio(1, 12)),
        ("decreed:25", "2026-04", Ratio(1, 4)),
        ("decreed:33.33", "2026-04", Ratio(3333, 10_000)),
        ("decreed:0", "2026-04", Ratio(0, 1)),
    ],
)
def test_time_progress_is_counted_or_decreed(how: str, period: str, progress: Ratio) -> None:
    assert Conventions(time_progress=how).decreed_or_elapsed(parse_period(period)) == progress


def test_time_progress_of_the_projects_own_plans_is_not_the_calendar_s() -> None:
    assert Conventions(time_progress="plan").decreed_or_elapsed(parse_period("2026-09")) is None


def test_every_measure_can_have_its_own_digits() -> None:
    made = Conventions(digits=",".join(f"{name}=2" for name in MEASURES))
    assert {made.digits_for(name) for name in MEASURES} == {2}


def test_every_setting_is_stored_beside_a_run() -> None:
    assert Conventions().as_json() != Conventions(digits="2").as_json()
    assert set(Conventions().as_json()) == {
        "digits", "gap", "package_count", "rounding", "start_rate", "time_progress",
    }  # fmt: skip
