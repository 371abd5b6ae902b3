"""What the city's own limits change of the questions that are asked."""

from __future__ import annotations

from dataclasses import replace

from guatu.reporting.asking.judging import ask_heap, ask_one, ask_reports
from guatu.reporting.asking.limits import BOOKS_OWN, limits_told
from guatu.reporting.asking.measures import Heap
from guatu.reporting.asking.tests.courses import WAN, course, told

PAID = course(told(6, 1_000), paid_yuan=500 * WAN)
"""A quarter of what is done is paid."""


def test_a_limit_of_the_city_takes_the_place_of_the_books() -> None:
    city = limits_told("支付占完成下限=20%")
    assert [one.kind.value for one in ask_one(PAID, None)] == ["above-paid"]
    assert ask_one(PAID, None, city) == []
    assert ask_reports([PAID], None, city) == []
    assert [one.limits for one in ask_one(replace(PAID, paid_yuan=1 * WAN), None, city)] == [city]


def test_a_limit_about_units_holds_for_units_alone() -> None:
    heap, day = Heap(8, 7), PAID.now.as_of
    assert len(ask_heap(7, heap, day)) == 1
    city = limits_told("整数占比界线=90%")
    assert ask_heap(7, heap, day, city) == []
    assert city.of("填报数") == {}


def test_what_the_book_does_not_know_any_more_is_passed_over() -> None:
    city = limits_told("支付占完成下限=20%,从前的界线=3,同类最少个数=abc")
    assert city.text == "支付占完成下限=20%"
    assert city.passed_over == ("从前的界线=3", "同类最少个数=abc")


def test_the_digest_tells_the_limits_apart() -> None:
    digests = {one.digest for one in (BOOKS_OWN, limits_told(""), limits_told("同类最少个数=9"))}
    assert len(digests) == 2
    assert all(len(one) == 64 for one in digests)
