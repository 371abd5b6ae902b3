"""The four books on the shelf: they read, their examples come out, edges are exact."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.engines.rulebook import (
    Book,
    RulebookError,
    Severity,
    check_book,
    check_folder,
    compile_book,
    find_book,
    installed_books,
    load_book,
    load_examples,
    parse_book,
    start_facts,
)
from guatu.engines.rulebook.books import SHELF
from guatu.engines.rulebook.examples import Expectation
from guatu.engines.rulebook.run import Subject

IDS = ("RB01-yinchuan-lights", "RB02-sanya-cards", "RB03-wuhan-major", "default")
PLAN = 10_000_000
DEFAULT = compile_book(find_book("default"))


def progress_light(done: object, *, plan: object = PLAN, book: Book | None = None) -> Severity:
    evaluator = DEFAULT if book is None else compile_book(book)
    return evaluator.verdict(
        {"年度计划投资": plan, "本年累计完成投资": done, "时间进度": (9, 12)}
    ).overall


def test_the_shelf_holds_the_four_books() -> None:
    assert set(IDS) <= set(installed_books())


@pytest.mark.parametrize("book_id", installed_books())
def test_a_book_on_the_shelf_has_no_fault_and_its_examples_come_out(book_id: str) -> None:
    assert check_folder(SHELF / book_id) == ()
    assert len(load_examples(SHELF / book_id, find_book(book_id))) >= 6


@pytest.mark.parametrize("book_id", IDS)
def test_explanations_name_the_rules_that_gave_the_lights(book_id: str) -> None:
    book = find_book(book_id)
    for example in load_examples(SHELF / book_id, book):
        for one in example.subjects:
            assert_reasons_name_the_rules(book, one.subject)


def assert_reasons_name_the_rules(book: Book, subject: Subject) -> None:
    if subject.kind in book.subjects:
        evaluator = compile_book(book, subject=subject.kind)
        verdict = evaluator.verdict(subject.facts)
        reasons = evaluator.explain(subject.facts)
        assert reasons
        if verdict.lights:
            assert {r.rule for r in reasons} == {light.rule for light in verdict.lights}
        assert all(all(field for field in reason) for reason in reasons), reasons


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        (7_500_001, Severity.OK),
        (7_500_000, Severity.OK),
        (7_499_999, Severity.NOTICE),
        (6_500_001, Severity.NOTICE),
        (6_500_000, Severity.WARNING),
        (6_499_999, Severity.WARNING),
        (4_500_001, Severity.WARNING),
        (4_500_000, Severity.WARNING),
        (4_499_999, Severity.SERIOUS),
        (0, Severity.SERIOUS),
        (None, Severity.NO_DATA),
    ],
)
def test_default_bands_are_exact_to_the_yuan(done: int | None, expected: Severity) -> None:
    assert progress_light(done) is expected


def test_a_book_with_less_for_less_or_equal_fails_at_the_edge() -> None:
    text = (SHELF / "default" / "rulebook.toml").read_text("utf-8")
    for right, wrong, done in (
        ("落后时间进度 <= 30*百分点", "落后时间进度 < 30*百分点", 4_500_000),
        ("10*百分点 <= 落后时间进度", "10*百分点 < 落后时间进度", 6_500_000),
        ("落后时间进度 <= 0", "落后时间进度 < 0", 7_500_000),
    ):
        assert right in text
        twin = parse_book(text.replace(right, wrong), source="twin")
        assert progress_light(done, book=twin) is Severity.UNDECIDED
        assert progress_light(done) is not Severity.UNDECIDED
        assert check_book(twin, load_examples(SHELF / "default", twin))


@pytest.mark.parametrize("plan", [0, None, -5])
def test_without_a_plan_a_project_is_not_in_scope(plan: int | None) -> None:
    assert progress_light(100, plan=plan) is Severity.NOT_IN_SCOPE


def test_nothing_asked_is_not_due_and_unknown_is_asked() -> None:
    facts = {"年度计划投资": PLAN, "时间进度": (9, 12)}
    assert DEFAULT.verdict(facts | {"本期应报": False}).overall is Severity.NOT_DUE
    assert DEFAULT.verdict(facts | {"本期应报": None}).overall is Severity.NO_DATA


def independent(plan: int | None, done: int | None, progress: tuple[int, int]) -> str:
    if plan is None or plan <= 0:
        return "not_in_scope"
    if done is None:
        return "no_data"
    gap = (Fraction(done, plan) - Fraction(*progress)) * 100
    if gap >= 0:
        return "ok"
    if gap > -10:
        return "notice"
    return "warning" if gap >= -30 else "serious"


YUAN = st.integers(-(10**6), 10**19)


@given(plan=st.none() | YUAN, done=st.none() | YUAN, month=st.integers(1, 12), share=st.booleans())
def test_default_agrees_with_an_independent_reading(
    plan: int | None, done: int | None, month: int, *, share: bool
) -> None:
    progress = (month, 12) if share else (month * 30 + 1, 365)
    facts = {"年度计划投资": plan, "本年累计完成投资": done, "时间进度": progress}
    assert DEFAULT.verdict(facts).overall == independent(plan, done, progress)


@given(
    twelfth=st.integers(10**15, 10**18),
    month=st.integers(1, 12),
    points=st.sampled_from([0, 10, 30]),
    off=st.integers(-1, 1),
)
def test_default_agrees_at_the_edges_beyond_two_to_the_53rd(
    twelfth: int, month: int, points: int, off: int
) -> None:
    plan = twelfth * 600
    done = plan * month // 12 - plan * points // 100 + off
    facts = {"年度计划投资": plan, "本年累计完成投资": done, "时间进度": (month, 12)}
    assert DEFAULT.verdict(facts).overall == independent(plan, done, (month, 12))


def test_verdicts_are_shared_between_subjects() -> None:
    one = DEFAULT.verdict({"年度计划投资": 100, "本年累计完成投资": 100, "时间进度": (1, 2)})
    two = DEFAULT.verdict({"年度计划投资": 300, "本年累计完成投资": 290, "时间进度": (1, 2)})
    assert one is two


def test_a_gap_of_points_is_not_a_relative_shortfall() -> None:
    january = {"年度计划投资": 20_000_000, "本年累计完成投资": 0, "时间进度": (1, 12)}
    assert DEFAULT.verdict(january).overall is Severity.NOTICE
    assert compile_book(find_book("RB02")).verdict(january).overall is Severity.SERIOUS


@pytest.mark.parametrize(
    ("planned", "actual", "months", "light"),
    [
        ("2025-10-31", None, 0, Severity.NOT_DUE),
        ("2025-09-30", None, 1, Severity.WARNING),
        ("2025-08-31", None, 2, Severity.WARNING),
        ("2025-07-31", None, 3, Severity.SERIOUS),
        ("2024-07-31", None, 15, Severity.SERIOUS),
        ("2025-07-15", "2025-07-31", 0, Severity.OK),
        ("2025-07-15", "2025-09-01", 0, Severity.OK),
        ("2025-09-30", "2025-10-08", 1, Severity.WARNING),
        (None, None, None, Severity.NO_DATA),
    ],
)
def test_starts_are_counted_from_the_planned_month(
    planned: str | None, actual: str | None, months: int | None, light: Severity
) -> None:
    facts = start_facts(
        planned_on=date.fromisoformat(planned) if planned else None,
        actual_on=date.fromisoformat(actual) if actual else None,
        as_of=date(2025, 9, 30),
    )
    assert facts["开工逾期月数"] == months
    verdict = compile_book(find_book("RB01")).verdict(facts | {"年度计划投资": PLAN})
    assert next(one.severity for one in verdict.lights if one.dimension == "开工") is light


def test_a_start_before_the_year_counts_months_across_it() -> None:
    facts = start_facts(planned_on=None, actual_on=date(2024, 12, 5), as_of=date(2025, 2, 28))
    assert facts == {
        "已开工": True,
        "按计划开工": None,
        "计划开工本月": None,
        "开工逾期月数": 0,
        "开工后月数": 2,
    }


def test_a_judgement_recorded_either_way_overrides_the_assumption() -> None:
    rb01 = compile_book(find_book("RB01"))
    facts: dict[str, object] = {"年度计划投资": PLAN}
    facts |= start_facts(planned_on=date(2025, 9, 1), actual_on=None, as_of=date(2025, 9, 30))

    def start_light(**judged: bool | None) -> Severity:
        return rb01.verdict(facts | judged).lights[0].severity

    assert start_light() is Severity.WARNING
    assert start_light(有正当理由=None) is Severity.WARNING
    assert start_light(有正当理由=False) is Severity.WARNING
    assert start_light(有正当理由=True) is Severity.UNDECIDED
    assert start_light(无正当理由=False) is Severity.UNDECIDED


def test_a_book_is_found_by_its_id_or_a_unique_prefix() -> None:
    assert find_book("default").id == "default"
    assert find_book("rb02").id == "RB02-sanya-cards"


@pytest.mark.parametrize(("word", "part"), [("RB", "对应"), ("nix", "没有办法"), ("", "没有办法")])
def test_an_unknown_or_ambiguous_id_is_one_clear_line(word: str, part: str) -> None:
    with pytest.raises(RulebookError, match=part) as caught:
        find_book(word)
    assert len(caught.value.faults) == 1
    assert "published.md" in str(caught.value) or "RB02" in str(caught.value)


def test_a_folder_must_bear_the_books_id(tmp_path: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    with pytest.raises(RulebookError, match="打不开"):
        load_book(folder)
    text = (SHELF / "default" / "rulebook.toml").read_text("utf-8")
    (folder / "rulebook.toml").write_text(text, "utf-8")
    with pytest.raises(RulebookError, match="编号"):
        load_book(folder)
    assert load_book(folder / "rulebook.toml").id == "default"
    (folder / "rulebook.toml").write_text(text, "gb18030")
    with pytest.raises(RulebookError, match="UTF-8"):
        load_book(folder)


def test_checking_a_folder_reports_what_is_absent(tmp_path: Path) -> None:
    folder = tmp_path / "default"
    folder.mkdir()
    (folder / "rulebook.toml").write_text(
        (SHELF / "default" / "rulebook.toml").read_text("utf-8"), "utf-8"
    )
    assert {fault.code for fault in check_folder(folder)} == {"no-text", "no-examples"}


def test_an_example_that_does_not_come_out_says_why() -> None:
    book = find_book("default")
    right = load_examples(SHELF / "default", book)[0]
    expect = Expectation(overall=Severity.SERIOUS)
    subject = replace(right.subjects[0], expect=expect)
    fault = check_book(book, [replace(right, name="错例", subjects=(subject,))])[0]
    assert "应为红（serious），算得绿（ok）" in fault.what
    assert "持平" in fault.what


def test_a_book_without_lights_for_the_subject_refuses() -> None:
    with pytest.raises(RulebookError, match="没有写地区"):
        compile_book(find_book("default"), subject="地区")
