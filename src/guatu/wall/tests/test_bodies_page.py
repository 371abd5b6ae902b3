"""What a book says of units on the results page; reasons by the working days that were frozen."""

from __future__ import annotations

import re

from guatu.assessment.models import Snapshot
from guatu.assessment.queries import newest_snapshot, run_of_record
from guatu.assessment.services.assess import assess_for_record
from guatu.assessment.tests.own_measures import adopt
from guatu.assessment.tests.unit_book import UNIT_BOOK, UNIT_TASK
from guatu.wall.tests.city import ROUNDS, City


def page(city: City, login: str, by: str) -> str:
    answer = city.browser(login).get(f"/results/{city.rounds[ROUNDS[-1]].pk}/?by={by}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def judged(city: City, text: str) -> Snapshot:
    adopt(city.people, text)
    snapshot = newest_snapshot(city.rounds[ROUNDS[-1]])
    assess_for_record(city.people.console, snapshot)
    return snapshot


def test_units_stand_with_their_lights_boards_and_what_is_not_recorded(city: City) -> None:
    judged(city, UNIT_BOOK)
    text = page(city, "office", "unit")
    assert "责任单位的灯" in text
    assert "办法对各责任单位的评定" in text
    assert "“黑榜”" in text
    assert f"没有登记：{UNIT_TASK}" in text
    assert "办法对各" not in page(city, "office", "region")
    assert "办法对各" not in page(city, "office", "sector")


def test_who_sees_his_own_projects_alone_is_told_nothing_of_units(city: City) -> None:
    judged(city, UNIT_BOOK)
    text = page(city, "reporter", "unit")
    assert "办法对各" not in text
    assert "责任单位的灯" not in text


def test_without_rules_on_units_the_page_is_as_it_was(city: City) -> None:
    text = page(city, "office", "unit")
    assert "办法对各" not in text
    assert "责任单位的灯" not in text


def test_a_run_without_what_it_says_of_groups_is_shown_all_the_same(city: City) -> None:
    """Results kept before books spoke of units have no such line."""
    run = run_of_record(city.listing.pk, city.rounds[ROUNDS[-1]].pk)
    assert run is not None
    for result in run.results.filter(subject_kind="unit"):
        result.detail = result.detail.replace('"said":[],', "")
        result.save()
    assert "办法对各" not in page(city, "office", "unit")
