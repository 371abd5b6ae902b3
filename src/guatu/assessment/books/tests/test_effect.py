"""The effect of a book is what the assessment itself would find."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest

from conftest import Say
from guatu.assessment.books import effect as effects
from guatu.assessment.books.effect import Change, Frozen, effect, lights_by
from guatu.assessment.books.effect_page import Shown, told_count
from guatu.assessment.books.queries import shelf_version
from guatu.assessment.conventions import Conventions
from guatu.assessment.judging import assess, facts_of, has_lights
from guatu.assessment.types import Content, FrozenFigure, Subject
from guatu.engines.rulebook import Book, Severity, installed_books, parse_book
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
    monkeypatch.setattr(effects, "past_lights", lambda *_: {})


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


def renamed() -> Book:
    """The default book that calls its green otherwise."""
    base = shelf_version("default")
    assert "绿" in base.toml
    return parse_book(base.toml.replace("绿", "绿牌"), source="x")


def test_a_light_that_is_merely_called_otherwise_is_counted_apart() -> None:
    old = shelf_version("default").book
    found = effect(old, renamed(), frozen(), CONVENTIONS)
    greens = sum(label == "绿" for _, label in by_assessing(old))
    assert (len(found.turned), len(found.renamed)) == (0, greens)
    assert greens > 0
    assert found.hows == []
    assert [(old[1], new[1], n) for old, new, n in found.renamings] == [("绿", "绿牌", greens)]
    (row,) = [one for one in found.totals if one[0][1] == "绿／绿牌"]
    assert row[1:] == (greens, greens, 0)
    assert told_count(found) == f"没有灯会变，另有{greens}个只是叫法不同"


def test_what_gets_better_is_told_from_what_gets_worse() -> None:
    old, milder = shelf_version("default").book, moved()
    there = effect(old, milder, frozen(), CONVENTIONS)
    back = effect(milder, old, frozen(), CONVENTIONS)
    number = len(there.turned)
    assert there.hows == [("变轻", number)]
    assert back.hows == [("变重", number)]
    assert told_count(back) == f"{number}个灯会变（变重{number}个）"


@pytest.mark.parametrize(
    ("old", "new", "how"),
    [
        (Severity.OK, Severity.SERIOUS, "变重"),
        (Severity.SERIOUS, Severity.NOTICE, "变轻"),
        (Severity.NO_DATA, Severity.SERIOUS, "其他"),
        (Severity.OK, Severity.NOT_IN_SCOPE, "其他"),
        (Severity.OK, Severity.OK, "只是叫法不同"),
    ],
)
def test_how_a_light_differs(old: Severity, new: Severity, how: str) -> None:
    assert Change(subject(1), (old, "甲"), (new, "乙")).how == how


def test_a_measure_that_nobody_has_is_named() -> None:
    base = shelf_version("default")
    own = (
        '\n[[measure]]\nname = "停工经认定"\nkind = "是否"\nmeaning = "停工"\ndata = "登记"\n'
        '\n[[exempt]]\nname = "免评"\nclause = "三"\nwhen = "停工经认定"\nwaives = ["进度"]\n'
    )
    book = parse_book(base.toml + own, source="x")
    found = effect(base.book, book, frozen(), CONVENTIONS)
    appraised = sum(one.is_appraised for one in CONTENT.subjects)
    told = Shown(found=found).unknown
    assert told == [f"停工经认定：{appraised}个项目都没有数，须登记"]
    assert effect(base.book, base.book, frozen(), CONVENTIONS).unknown == ()


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
