"""Rates as issued and as adjusted, by numbers that were added up by hand (M-A10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from guatu.assessment.content import digest_of, freeze, lines, thaw
from guatu.assessment.conventions import Conventions
from guatu.assessment.judging import GROUPINGS, Assessed, assess
from guatu.assessment.presenters import group_json, total_json
from guatu.assessment.tests.subjects import a_content, a_subject
from guatu.assessment.types import Content, FrozenCurve, FrozenFigure, IssuedPlan, Subject
from guatu.core.ratio import Ratio
from guatu.core.yuan import WAN
from guatu.engines.rulebook import find_book, parse_book
from guatu.ledger.types import Nature

MARCH, JUNE = date(2026, 3, 31), date(2026, 6, 30)


def said(subject: Subject, **changes: Any) -> IssuedPlan:
    """What the issued version says of a project: as it stands, but for the changes."""
    stated = IssuedPlan(
        subject.plan_yuan, subject.region, subject.unit, subject.sector, subject.nature,
        subject.planned_start,
    )  # fmt: skip
    return stated._replace(**changes)


def issued(subject: Subject, **changes: Any) -> Subject:
    return replace(subject, issued=said(subject, **changes))


REPLANNED = issued(
    a_subject(1, plan_yuan=12_000, done=9_000, planned_start=MARCH, actual_start=MARCH),
    plan_yuan=10_000,
)
KEPT = issued(a_subject(2, plan_yuan=5_000, done=2_000))
ADMITTED = a_subject(3, region="临江区", plan_yuan=4_000, done=1_000)
LEFT = issued(
    a_subject(4, region="临江区", plan_yuan=3_000, done=600, on=date(2026, 7, 31),
              ago=77, planned_start=JUNE),
)  # fmt: skip


def adjusted(*subjects: Subject, exited: tuple[Subject, ...] = (), **changes: Any) -> Content:
    return replace(a_content(*subjects), issue="江重办〔2026〕1号", exited=list(exited), **changes)


WHOLE = adjusted(REPLANNED, KEPT, ADMITTED, exited=(LEFT,))


def judged(content: Content, **conventions: Any) -> Assessed:
    told = Conventions(**conventions)
    return assess(content, find_book("default"), told, by=GROUPINGS, is_ranked=False)


def test_both_rates_of_all_projects() -> None:
    """As adjusted 12,000 of 21,000; as issued 9,000 + 2,000 + 600 of 10,000 + 5,000 + 3,000."""
    told = total_json(judged(WHOLE))
    assert (told["completed_yuan"], told["annual_plan_yuan"]) == (12_000, 21_000)
    assert told["completion_rate"] == "57.1"
    as_issued = told["as_issued"]
    assert (as_issued["completed_yuan"], as_issued["annual_plan_yuan"]) == (11_600, 18_000)
    assert (as_issued["completion_rate"], as_issued["gap_to_time_progress"]) == ("64.4", "-10.6")
    assert (as_issued["issue"], as_issued["exited"]) == ("江重办〔2026〕1号", 1)
    assert (as_issued["projects"], as_issued["in_scope"]) == (3, 3)


def test_start_rates_count_who_was_to_start() -> None:
    """As adjusted the one that was to start did; as issued one of two."""
    told = total_json(judged(WHOLE))
    assert (told["start_rate"], told["as_issued"]["start_rate"]) == ("100.0", "50.0")
    pair = ("start_rate_numerator", "start_rate_denominator")
    assert [told["as_issued"][name] for name in pair] == [1, 2]


@pytest.mark.parametrize(("by", "names"), [("region", ("江北区", "临江区"))])
def test_both_rates_of_each_group(by: str, names: tuple[str, str]) -> None:
    """11,000 of 17,000 and of 15,000; 1,000 of 4,000 and 600 of 3,000."""
    whole = judged(WHOLE)
    told = {
        group.key: (row["completion_rate"], row["as_issued"]["completion_rate"])
        for group in whole.groups[by]
        for row in [group_json(group, whole.conventions)]
    }
    assert told == dict(zip(names, (("64.7", "73.3"), ("25.0", "20.0")), strict=True))


def test_a_project_counts_for_whom_the_version_named() -> None:
    """It moved from one bureau to the other: its plan as issued stays with the first one."""
    moved = issued(a_subject(1, unit="乙局", plan_yuan=10_000, done=5_000), unit="甲局")
    stays = issued(a_subject(2, unit="甲局", plan_yuan=10_000, done=1_000))
    whole = judged(adjusted(moved, stays))
    told = {
        group.key: (group.totals.completion_rate, group.issued and group.issued.completion_rate)
        for group in whole.groups["unit"]
    }
    assert told == {
        "乙局": (Ratio(5_000, 10_000), None),
        "甲局": (Ratio(1_000, 10_000), Ratio(6_000, 20_000)),
    }


@pytest.mark.parametrize(
    "content",
    [
        a_content(a_subject(1)),
        adjusted(KEPT),
        adjusted(KEPT, issued(a_subject(3, nature=Nature.CONTINUING))),
    ],
)
def test_one_rate_where_nothing_was_issued_or_the_lists_agree(content: Content) -> None:
    whole = judged(content)
    assert whole.issued is None
    assert "as_issued" not in total_json(whole)
    assert all("as_issued" not in group_json(g, whole.conventions) for g in whole.groups["unit"])


def test_lights_are_given_by_the_adjusted_plan() -> None:
    """9,000 of 12,000 keeps pace with three quarters of the year; of 10,000 it is far ahead."""
    light = judged(adjusted(issued(a_subject(1), plan_yuan=90_000))).measured[0].verdict
    assert light.overall.value == "ok"


SMALL = """
[book]
id = "small-2026"
version = 1
from = 2020-01-01
subject = "项目"
compare = "unrounded"
title = "规模办法"
source = "试验用"

[[scope]]
clause = "一"
when = "年度计划投资 >= 4000*万元"
missing = "不在范围"

[[light]]
dimension = "进度"
clause = "一"
missing = "无数据"
cases = [
  {when = "年度计划完成率 < 50*百分比", give = {severity = "serious"}},
  {when = "年度计划完成率 >= 50*百分比", give = {severity = "ok"}},
]
"""


def test_the_book_s_scope_is_asked_of_the_issued_plan() -> None:
    """30 million as issued is below what the book counts; 120 million as adjusted is not, and the
    other way round."""
    book = parse_book(SMALL, source="small")
    grown = issued(a_subject(1, plan_yuan=12_000 * WAN, done=6_000), plan_yuan=3_000 * WAN)
    shrunk = issued(a_subject(2, plan_yuan=3_000 * WAN, done=1_000), plan_yuan=8_000 * WAN)
    content = adjusted(grown, shrunk, exited=(LEFT,))
    whole = assess(content, book, Conventions(), by=(), is_ranked=False)
    assert whole.total.completion_rate == Ratio(6_000, 12_000 * WAN)
    assert whole.issued is not None
    assert whole.issued.total.completion_rate == Ratio(1_000, 8_000 * WAN)


def test_who_has_left_counts_with_this_year_s_newest_figure_alone() -> None:
    old = [FrozenFigure(date(2025, 12, 31), 50_000, "")]
    silent = replace(LEFT, investment=old)
    whole = judged(adjusted(KEPT, exited=(silent,)))
    assert whole.issued is not None
    assert whole.issued.total.completion_rate == Ratio(2_000, 8_000)
    assert whole.issued.total.without_data == 1


def test_one_s_own_projects_are_summed_alone() -> None:
    """Of the third region nothing is known to who sees the first project only."""
    own = judged(WHOLE.narrowed({1}))
    assert own.issued is not None
    assert own.issued.total.completion_rate == Ratio(9_000, 10_000)


def test_what_is_frozen_comes_back_and_old_contents_keep_their_digest() -> None:
    stored, data = freeze(WHOLE)
    assert thaw(data, stored) == WHOLE
    assert '"schema":2' in next(iter(lines(WHOLE)))
    old = a_content(a_subject(1))
    assert '"schema":1' in next(iter(lines(old)))
    stored, data = freeze(old)
    assert digest_of(thaw(data, stored)) == digest_of(old)


def test_before_anybody_has_reported_who_has_left_makes_no_rate() -> None:
    whole = judged(adjusted(issued(a_subject(1, done=None)), exited=(LEFT,)))
    assert whole.issued is not None
    assert (whole.total.completion_rate, whole.issued.total.completion_rate) == (None, None)


@pytest.mark.parametrize(
    "changes", [{"issue": "别的文号"}, {"exited": []}, {"exited": [replace(LEFT, plan_yuan=1)]}]
)
def test_every_part_of_the_issued_version_is_in_the_digest(changes: dict[str, Any]) -> None:
    assert digest_of(replace(WHOLE, **changes)) != digest_of(WHOLE)


CURVE = FrozenCurve("市政府规定进度", 1, ((JUNE, 2, 5), (date(2026, 12, 31), 1, 1)))


def test_time_progress_follows_the_frozen_curve() -> None:
    """From 40 % on 30 June evenly to the whole on 31 December: 92 of 184 days give 30 more."""
    whole = judged(replace(a_content(a_subject(1)), curve=CURVE), time_progress="curve")
    told = total_json(whole)
    assert (told["time_progress"], told["gap_to_time_progress"]) == ("70.0", "5.0")
    assert whole.conventions.as_json()["curve"] == "2026-06-30=2/5,2026-12-31=1/1"
    assert whole.notices == ()


def test_without_a_curve_the_months_tell_it_and_the_reader_is_told() -> None:
    whole = judged(a_content(a_subject(1)), time_progress="curve")
    assert total_json(whole)["time_progress"] == "75.0"
    assert "没有规定曲线" in "".join(whole.notices)
    assert "curve" not in whole.conventions.as_json()


def test_other_ways_do_not_hold_the_curve() -> None:
    whole = judged(replace(a_content(a_subject(1)), curve=CURVE))
    assert (total_json(whole)["time_progress"], whole.conventions.curve) == ("75.0", "")


def test_the_curve_is_in_the_digest() -> None:
    content = replace(a_content(a_subject(1)), curve=CURVE)
    digest, stored = freeze(content)
    assert thaw(stored, digest) == content
    assert digest_of(replace(content, curve=CURVE._replace(points=()))) != digest_of(content)
