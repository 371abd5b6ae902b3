from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from guatu.demo.arithmetic import Fact
from guatu.demo.city import OPEN_PERIOD, generate
from guatu.demo.names import PLACES
from guatu.demo.tests.reading import squeezed
from guatu.demo.types import City, Nature


def test_same_seed_gives_equal_cities_and_another_seed_another(city: City) -> None:
    assert generate() == city
    assert generate(7) != city


def test_the_city_has_the_promised_size(city: City) -> None:
    assert len(PLACES) == 11
    assert len(city.sectors) == 8
    assert len(city.organisations) == 40
    assert 300 <= len(city.listed(2026)) <= 340
    assert 240 <= len(city.listed(2025)) <= 290
    assert len([p for p in city.projects if p.is_package and p.declared_parts is None]) == 8
    assert len([p for p in city.projects if p.declared_parts]) == 5
    assert all(2 <= len(parts) <= 6 for parts in city.parts.values())


def test_names_and_codes_belong_to_one_project_each(city: City) -> None:
    words = [squeezed(p.name) for p in city.projects]
    words += [squeezed(alias) for p in city.projects for alias in p.aliases]
    words += [squeezed(p.former_name) for p in city.projects if p.former_name]
    assert len(words) == len(set(words))
    codes = [p.code for p in city.projects if p.code]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"\d{4}-9901\d\d-\d\d-\d\d-\d{6}", code) for code in codes)
    assert all(len(code) == 24 for code in codes)
    assert any(p.code is None and p.package is None for p in city.projects)


def test_units_have_aliases_of_their_own_and_invented_contacts(city: City) -> None:
    names = [name for o in city.organisations for name in (o.name, *o.aliases)]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"联络员\d\d", o.contact) for o in city.organisations)
    assert all(re.fullmatch(r"000-\d{7}", o.phone) for o in city.organisations)


def test_money_is_whole_and_within_the_total(city: City) -> None:
    for project in city.projects:
        done = project.done_before_yuan
        for period in ("2025-12", OPEN_PERIOD):
            report = city.report.get((period, project.key))
            done += (report.completed_yuan or 0) if report else 0
        assert 0 <= done <= project.total_yuan, project.name
    assert all(entry.plan_yuan % 10_000 == 0 for entry in city.entries)


def test_figures_rise_unless_a_reason_says_otherwise(city: City) -> None:
    falls = 0
    for project in city.projects:
        for year in ("2025", "2026"):
            reports = [r for r in city.reports if r.project == project.key and r.period[:4] == year]
            for before, after in pairwise(reports):
                if (after.completed_yuan or 0) < (before.completed_yuan or 0):
                    assert "核减" in after.reason
                    falls += 1
    assert falls == 5


def test_some_reports_of_closed_months_are_missing_but_none_of_the_open_one(city: City) -> None:
    for period in city.closed_periods:
        expected = {e.project for e in city.entries_of(int(period[:4]))}
        got = {r.project for r in city.reports_of(period)}
        assert got <= expected
        assert 0.95 < len(got) / len(expected) <= 1
    assert len(city.reports_of(OPEN_PERIOD)) == len(city.entries_of(2026))


def test_same_period_last_year_is_the_figure_of_last_year(city: City) -> None:
    for report in city.reports:
        if report.last_year_yuan is not None:
            earlier = f"{int(report.period[:4]) - 1}{report.period[4:]}"
            assert city.report[earlier, report.project].completed_yuan == report.last_year_yuan


def test_money_of_a_package_stands_on_the_package(city: City) -> None:
    for parts in city.parts.values():
        for part in parts:
            assert part.total_yuan == 0
            assert all(r.completed_yuan is None for r in city.reports if r.project == part.key)


def test_projects_without_a_plan_have_no_figures_either(city: City) -> None:
    prepared = [e for e in city.listed(2026) if not e.plan_yuan]
    assert len(prepared) >= 5
    assert all(city.report[OPEN_PERIOD, e.project].completed_yuan == 0 for e in prepared)


def test_the_lights_of_the_open_month_are_mixed(city: City) -> None:
    facts = [
        Fact(e, None, "", "", "", "", 1, city.report[OPEN_PERIOD, e.project].completed_yuan,
             None, None)
        for e in city.listed(2026) if e.plan_yuan
    ]  # fmt: skip
    share = {k: n / len(facts) for k, n in Counter(fact.light for fact in facts).items()}
    assert 0.55 < share["ok"] < 0.66
    assert 0.15 < share["notice"] < 0.25
    assert 0.09 < share["warning"] < 0.17
    assert 0.04 < share["serious"] < 0.11


def test_continuing_projects_began_before_the_year(city: City) -> None:
    for entry in city.listed(2026):
        start = city.project[entry.project].actual_start
        if entry.nature is Nature.CONTINUED:
            assert start is not None
            assert start.on.year < 2026
