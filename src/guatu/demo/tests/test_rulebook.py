from __future__ import annotations

from datetime import date

import pytest

from guatu.assessment.books.differing import rule_changes
from guatu.assessment.books.queries import find_version, in_force, own_versions
from guatu.core.errors import NotAllowed
from guatu.demo.rulebook import BASE, BOOK, publish_own_book, reworded
from guatu.engines.rulebook import find_book
from guatu.organisation.queries import settings_in_force
from tests.factories import Cast

DAY = date(2026, 10, 31)


def test_the_city_has_written_two_versions_and_judges_by_neither(people: Cast) -> None:
    publish_own_book(people.act_as("office"), people.act_as("second_office"))
    rows = own_versions(BOOK)
    assert [(one.book_version, one.valid_from) for one in rows] == [
        (1, date(2025, 1, 1)),
        (2, date(2026, 11, 1)),
    ]
    assert all(one.reason.startswith("虚构") and one.asked_by != one.published_by for one in rows)
    assert in_force(rows, DAY) == rows[0]
    assert settings_in_force()["rulebook"] == BASE


def test_only_the_limit_of_red_moves_from_version_to_version(people: Cast) -> None:
    publish_own_book(people.act_as("office"), people.act_as("second_office"))
    first, second = (find_version(BOOK, number, DAY) for number in (1, 2))
    assert first.book.lights == find_book(BASE).lights
    told = [one.new.text for one in rule_changes(first, second) if one.new]
    assert len(told) == 2
    assert all("20个百分点" in text for text in told)


def test_one_person_alone_publishes_no_book(people: Cast) -> None:
    with pytest.raises(NotAllowed):
        publish_own_book(people.act_as("office"), people.act_as("office"))


def test_words_that_the_book_no_longer_has_are_told() -> None:
    assert reworded("30 and 30", (("30", "20"),)) == "20 and 30"
    with pytest.raises(ValueError, match="has no '40'"):
        reworded("30", (("40", "20"),))
