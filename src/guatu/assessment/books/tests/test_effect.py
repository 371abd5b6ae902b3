"""The effect of a book is what the assessment itself would find."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest

from conftest import Say
from guatu.assessment.books import effect as effects
from guatu.assessment.books.effect import Frozen, effect, has_lights, lights_by
from guatu.assessment.books.queries import shelf_version
from guatu.assessment.conventions import Conventions
from guatu.assessment.judging import assess, facts_of
from guatu.assessment.types import Content, FrozenFigure, Subject
from guatu.engines.rulebook import Book, installed_books, parse_book
from guatu.ledger.types import Nature

LIT = [one for one in installed_books() if has_lights(shelf_version(one).book)]
CONVENTIONS = Conventions()


def subject(number: int) -> Subject:
    """One of many projects: every share of the plan, some without figures, some not appraised."""
    done = [FrozenFigure(date(2026, 9, 30), number * 1_000_000, "")] if number % 7 else []
    told: dict[str, Any] = {
        "planned_start": date(2026, 1 + number % 12, 1),
        "actual_start": date(2026, 2, 1) if number % 3 else None,
        "planned_completion": None,
        "actual_completion": None,
    }
    return Subject(
        id=number, serial=number, code=None, name=f"项目{number}", region_id=number % 3,
        region=("江北区", "临江区", "")[number % 3], unit_id=None, unit="单位", sector="工业",
        nature=Nature.NEW, is_appraised=number % 11 != 0, parts=1, total_yuan=10**9,
        plan_yuan=100_000_000 if number % 13 else 0, slice_yuan=None,
        is_registered=bool(number % 2), judgements={}, report_state="accepted", progress="",
        problem="", investment=done, **told,
    )  # fmt: skip


CONTENT = Content(
    "重点项目", 2026, "2026-09", date(2026, 9, 30), date(2026, 9, 30), 1, [],
    [subject(number) for number in range(1, 120)],
)  # fmt: skip


@pytest.fixture(autouse=True)
def no_past(monkeypatch: pytest.MonkeyPatch) -> None:
    """No earlier rounds: what books that look back read is empty."""
    monkeypatch.setattr(effects, "past_of", lambda _: {})


def frozen() -> Frozen:
    period = CONTENT.period_key
    facts = tuple(facts_of(one, period, CONVENTIONS) for one in CONTENT.subjects)
    return Frozen(1, period, tuple(CONTENT.subjects), facts)


def by_assessing(book: Book) -> list[tuple[str, str]]:
    found = assess(CONTENT, book, CONVENTIONS, by=(), is_ranked=False)
    return [(one.verdict.overall, one.verdict.label) for one in found.measured]


@pytest.mark.parametrize("book_id", LIT)
def test_lights_are_those_of_the_assessment(book_id: str) -> None:
    book = shelf_version(book_id).book
    if book.subject != "项目":
        pytest.skip("an assessment is of projects")
    assert lights_by(book, frozen(), CONVENTIONS) == by_assessing(book)


def moved() -> Book:
    toml = shelf_version("default").toml
    return parse_book(toml.replace("30*百分点", "40*百分点"), source="x")


def test_the_effect_counts_what_differs() -> None:
    old, new = shelf_version("default").book, moved()
    found = effect(old, new, frozen(), CONVENTIONS)
    before, after = by_assessing(old), by_assessing(new)
    assert found.count == len(CONTENT.subjects)
    assert len(found.changes) == sum(a != b for a, b in zip(before, after, strict=True)) > 0
    assert sum(found.old.values()) == sum(found.new.values()) == found.count
    assert sum(number for _, _, number in found.turns) == len(found.changes)
    assert sum(number for _, number in found.regions) == len(found.changes)
    assert {(one.old[1], one.new[1]) for one in found.changes} == {("红", "黄")}


def test_a_book_against_itself_changes_nothing() -> None:
    book = shelf_version("default").book
    assert effect(book, book, frozen(), CONVENTIONS).changes == ()


def test_another_light_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    book = shelf_version("default").book
    told = by_assessing(book)
    monkeypatch.setattr(effects, "with_recorded", lambda facts, *_: facts | {"年度计划投资": 1})
    assert lights_by(book, frozen(), CONVENTIONS) != told


def test_ten_thousand_projects_are_judged_anew_in_a_second(say: Say) -> None:
    period, many = CONTENT.period_key, [subject(number) for number in range(1, 10_001)]
    facts = tuple(facts_of(one, period, CONVENTIONS) for one in many)
    whole, old = Frozen(1, period, tuple(many), facts), shelf_version("default").book
    started = time.perf_counter()
    found = effect(old, moved(), whole, CONVENTIONS)
    took = time.perf_counter() - started
    say(f"live effect of a draft: 10,000 projects in {took:.2f} s, {len(found.changes)} change")
    assert took < 1
