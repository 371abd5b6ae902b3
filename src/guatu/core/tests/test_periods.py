from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.core.errors import BadInput
from guatu.core.periods import Grain, days_progress, months_progress, parse_period, title_of

KEYS = [
    ("2021", Grain.YEAR, date(2021, 1, 1), date(2021, 12, 31), "全年"),
    ("2021-H1", Grain.HALF_YEAR, date(2021, 1, 1), date(2021, 6, 30), "上半年"),
    ("2021-H2", Grain.HALF_YEAR, date(2021, 7, 1), date(2021, 12, 31), "1—12月"),
    ("2021-Q3", Grain.QUARTER, date(2021, 7, 1), date(2021, 9, 30), "1—9月"),
    ("2021-01", Grain.MONTH, date(2021, 1, 1), date(2021, 1, 31), "1月"),
    ("2021-09", Grain.MONTH, date(2021, 9, 1), date(2021, 9, 30), "1—9月"),
    ("2024-02", Grain.MONTH, date(2024, 2, 1), date(2024, 2, 29), "1—2月"),
    ("2021-01+02", Grain.MONTH, date(2021, 1, 1), date(2021, 2, 28), "1—2月"),
    ("2021-09-T1", Grain.TEN_DAY, date(2021, 9, 1), date(2021, 9, 10), "截至9月10日"),
    ("2021-09-T2", Grain.TEN_DAY, date(2021, 9, 11), date(2021, 9, 20), "截至9月20日"),
    ("2021-08-T3", Grain.TEN_DAY, date(2021, 8, 21), date(2021, 8, 31), "1—8月"),
    ("2021-09-B1", Grain.HALF_MONTH, date(2021, 9, 1), date(2021, 9, 15), "截至9月15日"),
    ("2021-09-B2", Grain.HALF_MONTH, date(2021, 9, 16), date(2021, 9, 30), "1—9月"),
    ("2021-W36", Grain.WEEK, date(2021, 9, 6), date(2021, 9, 12), "截至9月12日"),
    ("2021-09-14", Grain.DAY, date(2021, 9, 14), date(2021, 9, 14), "截至9月14日"),
]


@pytest.mark.parametrize(("key", "grain", "first", "last", "title"), KEYS)
def test_each_form_of_key_names_its_days(
    key: str, grain: Grain, first: date, last: date, title: str
) -> None:
    period = parse_period(key)
    assert (period.grain, period.first_on, period.last_on) == (grain, first, last)
    assert period.as_of == last
    assert period.key == key
    assert title_of(period) == title


BAD = [
    "", "abc", "21-09", "2021-13", "2021-00", "2021-9", "2021/09", "2021-02-30", "2021-H3",
    "2021-Q5", "2021-W54", "2021-W00", "2021-09-T4", "2021-09-B3", "2021-02+03", "2021-09-1",
    "0000", "２０２１-09x", "2021-09\n2021-10",
]  # fmt: skip


@pytest.mark.parametrize("key", BAD)
def test_a_bad_key_is_refused_with_the_forms_that_exist(key: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_period(key)
    fault = refused.value.faults[0]
    assert fault.code == "unknown-period"
    assert "2021-01+02" in fault.remedy


def test_spaces_around_a_key_do_not_matter() -> None:
    assert parse_period(" 2021-09 ") == parse_period("2021-09")


def test_a_week_belongs_to_its_iso_year() -> None:
    assert parse_period("2020-W53").last_on == date(2021, 1, 3)
    assert parse_period("2020-W53").year == 2020


def test_the_merged_months_overlap_each_of_them() -> None:
    merged = parse_period("2021-01+02")
    assert merged.overlaps(parse_period("2021-01"))
    assert merged.overlaps(parse_period("2021-02"))
    assert not merged.overlaps(parse_period("2021-03"))


def test_time_progress_of_the_merged_months_is_two_twelfths() -> None:
    assert months_progress(parse_period("2021-01+02")).as_fraction() == Fraction(1, 6)


def test_time_progress_by_days_knows_leap_years() -> None:
    assert days_progress(parse_period("2021-09")) == (273, 365)
    assert days_progress(parse_period("2024-12")).as_fraction() == 1


@pytest.mark.parametrize(
    ("key", "as_of", "months", "days"),
    [
        ("2026-W53", date(2027, 1, 3), (12, 12), (365, 365)),
        ("2027-W52", date(2028, 1, 2), (12, 12), (365, 365)),
        ("2026-W01", date(2026, 1, 4), (1, 12), (4, 365)),
        ("2026-W52", date(2026, 12, 27), (12, 12), (361, 365)),
        ("2027-01-03", date(2027, 1, 3), (1, 12), (3, 365)),
    ],
)
def test_a_week_across_new_year_is_counted_in_its_own_year(
    key: str, as_of: date, months: tuple[int, int], days: tuple[int, int]
) -> None:
    period = parse_period(key)
    assert (period.as_of, f"{period.year}") == (as_of, key[:4])
    assert (months_progress(period), days_progress(period)) == (months, days)


@pytest.mark.parametrize(
    ("key", "before"),
    [
        ("2026", "2025"),
        ("2026-H1", "2025-H1"),
        ("2026-Q3", "2025-Q3"),
        ("2026-09", "2025-09"),
        ("2026-01+02", "2025-01+02"),
        ("2025-02", "2024-02"),
        ("2026-02-T3", "2025-02-T3"),
        ("2026-09-B1", "2025-09-B1"),
        ("2026-W36", "2025-W36"),
        ("2026-W53", "2025-W52"),
        ("2021-W52", "2020-W52"),
        ("2026-W01", "2025-W01"),
        ("2026-09-14", "2025-09-14"),
        ("2024-02-29", "2023-02-28"),
        ("2025-02-28", "2024-02-29"),
    ],
)
def test_a_year_before_is_the_same_period_of_the_year_before(key: str, before: str) -> None:
    assert parse_period(key).year_before == parse_period(before)


@pytest.mark.parametrize(
    ("key", "day"),
    [
        ("2026-01", None),
        ("2026-01+02", None),
        ("2026-W01", None),
        ("2027-W01", None),
        ("2026-02", date(2026, 1, 31)),
        ("2026-W53", date(2026, 12, 27)),
        ("2026-W02", date(2026, 1, 4)),
        ("2026-01-T1", None),
        ("2026-01-T2", date(2026, 1, 10)),
    ],
)
def test_what_came_before_a_period_is_of_the_same_year(key: str, day: date | None) -> None:
    assert parse_period(key).before_on == day


@pytest.mark.parametrize(
    ("key", "told", "fits"),
    [
        ("2026-09", date(2026, 9, 30), True),
        ("2026-09", date(2026, 8, 31), False),
        ("2026-Q3", date(2026, 7, 31), False),
        ("2026-W53", date(2026, 12, 31), True),
        ("2026-W53", date(2027, 1, 3), True),
        ("2026-W53", date(2026, 12, 27), False),
        ("2026-W53", date(2026, 1, 3), False),
    ],
)
def test_a_title_names_a_period_by_its_last_month_or_by_a_day_of_its_week(
    key: str, told: date, fits: bool
) -> None:
    assert parse_period(key).is_named_by(told) is fits


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_the_periods_of_a_day_all_contain_it(day: date) -> None:
    year, week, _ = day.isocalendar()
    keys = [
        f"{day.year:04}",
        f"{day.year:04}-H{(day.month + 5) // 6}",
        f"{day.year:04}-Q{(day.month + 2) // 3}",
        f"{day:%Y-%m}",
        f"{day:%Y-%m}-T{min((day.day + 9) // 10, 3)}",
        f"{day:%Y-%m}-B{1 if day.day <= 15 else 2}",
        f"{year:04}-W{week:02}",
        f"{day:%Y-%m-%d}",
    ]
    for key in keys:
        period = parse_period(key)
        assert period.first_on <= day <= period.last_on
        assert period.year_before.year == period.year - 1
        assert 0 < days_progress(period).as_fraction() <= 1


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("2026", "2026年"),
        ("2026-H1", "2026年上半年"),
        ("2026-H2", "2026年下半年"),
        ("2026-Q3", "2026年第三季度"),
        ("2026-09", "2026年9月"),
        ("2026-01+02", "2026年1—2月"),
        ("2026-09-T2", "2026年9月中旬"),
        ("2026-02-T3", "2026年2月下旬"),
        ("2026-09-B2", "2026年9月下半月"),
        ("2026-W53", "2026年第53周"),
        ("2026-09-14", "2026年9月14日"),
    ],
)
def test_a_period_is_called_as_officials_say_it(key: str, label: str) -> None:
    assert parse_period(key).label == label
