from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given

from guatu.assessment.conventions import Conventions
from guatu.assessment.grouping import Group
from guatu.assessment.judging import Assessed, assess, codes_of
from guatu.assessment.tests.subjects import (
    REGIONS,
    a_content,
    a_subject,
    assessed,
    subjects_drawn,
)
from guatu.assessment.types import Subject
from guatu.core.periods import parse_period
from guatu.core.ratio import Ratio
from guatu.engines.rulebook import Severity, find_book, parse_book


def light(subject: Subject, **options: Any) -> str:
    return assessed(subject, **options).measured[0].verdict.overall.value


@pytest.mark.parametrize(
    ("done", "severity"),
    [
        (12_000, "ok"),
        (9_000, "ok"),
        (8_999, "notice"),
        (7_801, "notice"),
        (7_800, "warning"),
        (5_400, "warning"),
        (5_399, "serious"),
        (0, "serious"),
        (-1, "serious"),
        (None, "no_data"),
    ],
)
def test_the_default_book_judges_the_unrounded_gap_and_says_which_end_belongs(
    done: int | None, severity: str
) -> None:
    """75 % of the year is over: −10 and −30 points are 7,800 and 5,400 of 12,000."""
    assert light(a_subject(done=done)) == severity


@pytest.mark.parametrize(
    ("values", "severity"),
    [
        ({"plan_yuan": 0}, "not_in_scope"),
        ({"plan_yuan": None}, "not_in_scope"),
        ({"plan_yuan": None, "done": None}, "not_in_scope"),
        ({"is_appraised": False}, "not_in_scope"),
        ({"done": None}, "no_data"),
        ({"done": 0, "plan_yuan": 10**13}, "serious"),
    ],
)
def test_no_plan_is_out_of_scope_and_no_figure_is_no_data(
    values: dict[str, Any], severity: str
) -> None:
    assert light(a_subject(**values)) == severity


def test_a_light_has_the_book_s_label_and_colour() -> None:
    verdict = assessed(a_subject(done=0)).measured[0].verdict
    assert (verdict.label, verdict.colour) == ("红", "red")
    assert codes_of(verdict.lights)


def test_reasons_name_rule_figure_and_limit() -> None:
    whole = assessed(a_subject(done=0))
    [reason] = whole.reasons(whole.measured[0])
    assert reason.rule
    assert reason.value
    assert reason.limit
    assert reason.text


@pytest.mark.parametrize(
    "book", ["default", "RB01-yinchuan-lights", "RB02-sanya-cards", "RB03-wuhan-major"]
)
def test_every_installed_book_judges_every_kind_of_subject(book: str) -> None:
    subjects = [
        a_subject(1),
        a_subject(2, done=None),
        a_subject(3, plan_yuan=None),
        a_subject(4, done=0, planned_start=date(2026, 3, 31)),
        a_subject(5, nature="continuing", actual_start=date(2025, 3, 1)),
        a_subject(6, region="", unit="", sector="", nature=""),
    ]
    whole = assessed(*subjects, book=book, is_ranked=True)
    assert len(whole.measured) == len(subjects)
    assert all(isinstance(one.verdict.overall, Severity) for one in whole.measured)
    # No figure is never a good or a bad light, whatever a book has in its scope.
    assert whole.measured[1].verdict.overall in (
        Severity.NO_DATA,
        Severity.UNDECIDED,
        Severity.NOT_IN_SCOPE,
    )


# --- the year -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "ago_on"),
    [
        ("2026-09", date(2025, 9, 30)),
        ("2026-02-T3", date(2025, 2, 28)),
        ("2026-09-T2", date(2025, 9, 20)),
        ("2026-09-B1", date(2025, 9, 15)),
        ("2026-09-14", date(2025, 9, 14)),
        ("2026-W36", date(2025, 9, 7)),
        ("2026-W53", date(2025, 12, 28)),
        ("2026-W01", date(2025, 1, 5)),
    ],
)
def test_every_grain_is_compared_with_the_same_period_a_year_before(
    period: str, ago_on: date
) -> None:
    on = parse_period(period).as_of
    whole = assessed(a_subject(done=9_000, ago=7_500, on=on, ago_on=ago_on), period=period)
    assert whole.total.year_on_year == Ratio(1_500, 7_500)


def test_a_year_that_is_over_has_time_progress_of_all_of_it() -> None:
    on = parse_period("2026-W53").as_of
    for how in ("months", "days"):
        whole = assessed(a_subject(done=11_999, on=on), period="2026-W53", time_progress=how)
        progress = whole.total.time_progress(whole.conventions)
        assert progress is not None
        assert progress.as_fraction() == 1
        assert whole.measured[0].verdict.overall is Severity.NOTICE


# --- the book -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "told"),
    [
        ((date(2026, 1, 1), None), ""),
        ((date(2026, 9, 30), date(2026, 9, 30)), ""),
        ((date(2026, 10, 1), None), "自2026-10-01起施行，本期截至2026-09-30，不在施行期内"),
        ((date(2020, 1, 1), date(2026, 9, 29)), "自2020-01-01起施行，至2026-09-29止"),
    ],
)
def test_a_book_that_was_not_in_force_is_told_and_judges(
    term: tuple[date, date | None], told: str
) -> None:
    book = replace(find_book("default"), valid_from=term[0], valid_until=term[1])
    whole = assess(a_content(a_subject()), book, Conventions(), by=(), is_ranked=False)
    assert len(whole.notices) == bool(told)
    assert told in "".join(whole.notices)
    assert whole.measured[0].verdict.overall is Severity.OK


def test_a_book_that_compares_what_is_printed_reads_each_rate_as_it_is_printed() -> None:
    """8,999 of 12,000 is 74.992 %: level with 75 % where the rate has one decimal, not two."""
    book = replace(find_book("default"), compare="printed")

    def severity(**conventions: str) -> Severity:
        chosen = Conventions(gap="rounded", **conventions)
        content = a_content(a_subject(done=8_999))
        return assess(content, book, chosen, by=(), is_ranked=False).measured[0].verdict.overall

    assert severity() is Severity.OK
    assert severity(digits="1,completion_rate=2") is Severity.NOTICE
    assert severity(digits="2,completion_rate=1") is Severity.OK
    assert severity(rounding="completion_rate=truncate") is Severity.NOTICE


# --- groups and ranks --------------------------------------------------------------------------


def groups_of(whole: Assessed, by: str = "region") -> dict[str, Group]:
    return {group.key: group for group in whole.groups[by]}


def ranks(*pairs: tuple[str, int | None], is_ranked: bool = True) -> dict[str, int | None]:
    """Ranks of regions whose one project of the plan 12,000 has done so much."""
    subjects = [a_subject(n, region=region, done=done) for n, (region, done) in enumerate(pairs, 1)]
    whole = assessed(*subjects, is_ranked=is_ranked)
    return {key: group.rank for key, group in groups_of(whole).items()}


def test_there_is_no_rank_without_the_switch() -> None:
    pairs = (("江北区", 9_000), ("临江区", 8_000), ("高新区", 7_000))
    assert set(ranks(*pairs, is_ranked=False).values()) == {None}
    assert set(ranks(*pairs).values()) == {1, 2}


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        ((9_000, 8_000, 7_000), (1, 2, 3)),
        ((7_000, 9_000, 8_000), (3, 1, 2)),
        ((9_000, 9_000, 8_000), (1, 1, 3)),
        ((9_000, 8_000, 8_000), (1, 2, 2)),
        ((8_000, 8_000, 8_000), (1, 1, 1)),
        ((9_000, None, 8_000), (1, None, 2)),
    ],
)
def test_ties_share_a_rank_and_the_next_is_skipped(
    done: tuple[int | None, ...], expected: tuple[int | None, ...]
) -> None:
    names = ("江北区", "临江区", "望湖县")
    assert ranks(*zip(names, done, strict=True)) == dict(zip(names, expected, strict=True))


def test_what_is_no_peer_of_the_regions_has_no_rank_and_takes_none() -> None:
    got = ranks(("江源市", 12_000), ("", 11_000), ("江北区", 9_000), ("临江区", 9_000))
    assert got == {"江源市": None, "（未注明）": None, "江北区": 1, "临江区": 1}


def test_projects_of_no_named_unit_or_sector_have_no_rank() -> None:
    whole = assessed(
        a_subject(1, unit="", sector="", done=12_000), a_subject(2, done=5), is_ranked=True
    )
    for by in ("unit", "sector"):
        assert [group.rank for group in whole.groups[by]] == [None, 1]
        assert [group.ranked_by for group in whole.groups[by]] == [None, "completion_rate"]


def test_a_rate_of_the_nameless_alone_ranks_nobody_else_by_it() -> None:
    spring = date(2026, 3, 31)
    starts = {"plan_yuan": None, "done": None, "planned_start": spring}
    whole = assessed(
        a_subject(1, region=""),
        a_subject(2, region="江北区", actual_start=spring, **starts),
        a_subject(3, region="临江区", **starts),
        is_ranked=True,
    )
    found = {key: (g.rank, g.ranked_by) for key, g in groups_of(whole).items()}
    assert found["江北区"] == (1, "start_rate")
    assert found["临江区"] == (2, "start_rate")
    assert found["（未注明）"] == (None, None)


def test_equal_shares_tie_though_their_numbers_differ() -> None:
    whole = assessed(
        a_subject(1, region="江北区", plan_yuan=300, done=100),
        a_subject(2, region="临江区", plan_yuan=6_000, done=2_000),
        a_subject(3, region="望湖县", plan_yuan=10**13, done=10**13 // 3),
        is_ranked=True,
    )
    assert [g.rank for g in whole.groups["region"]] == [1, 1, 3]


def test_counties_and_zones_are_ranked_apart() -> None:
    got = ranks(("江北区", 5_000), ("高新区", 9_000), ("临江区", 6_000), ("经开区", 4_000))
    assert got == {"江北区": 2, "高新区": 1, "临江区": 1, "经开区": 2}


def test_a_region_without_a_plan_has_no_rank_and_one_without_projects_is_left_out() -> None:
    whole = assessed(
        a_subject(1, region="江北区"),
        a_subject(2, region="临江区", plan_yuan=0),
        is_ranked=True,
    )
    found = groups_of(whole)
    assert set(found) == {"江北区", "临江区"} < {region.name for region in REGIONS}
    assert (found["江北区"].rank, found["临江区"].rank) == (1, None)


def test_sectors_and_units_are_ranked_in_one_class_each() -> None:
    whole = assessed(
        a_subject(1, sector="工业", unit="甲局", done=8_000),
        a_subject(2, sector="交通", unit="乙局", region="高新区", done=9_000),
        is_ranked=True,
    )
    for by in ("sector", "unit"):
        assert [group.rank for group in whole.groups[by]] == [2, 1]


def test_groups_stand_in_the_ledger_s_order_with_code_and_a_name_for_the_nameless() -> None:
    whole = assessed(a_subject(1, region="临江区"), a_subject(2, region=""), a_subject(3))
    assert [(g.key, g.code) for g in whole.groups["region"]] == [
        ("临江区", "990103"),
        ("（未注明）", None),
        ("江北区", "990102"),
    ]


@given(subjects_drawn())
def test_a_rank_is_one_more_than_the_groups_with_a_better_rate(subjects: list[Subject]) -> None:
    kinds = {region.name: region.kind for region in REGIONS}
    whole = assessed(*subjects, is_ranked=True)
    for by, groups in whole.groups.items():
        peers = [g for g in groups if g.key not in ("江源市", "（未注明）")]
        rates = {group.key: group.totals.completion_rate for group in peers}
        if not any(rates.values()):  # a table of starts alone
            rates = {group.key: group.totals.start_rate(Conventions()) for group in peers}
        rated = {
            key: (kinds.get(key, "") if by == "region" else "", rate.as_fraction())
            for key, rate in rates.items()
            if rate is not None
        }
        for group in groups:
            if group.key not in rated:
                assert group.rank is None
                continue
            kind, own = rated[group.key]
            better = sum(k == kind and rate > own for k, rate in rated.values())
            assert group.rank == better + 1


RANKING = """
book = {id = "ranking", version = 1, from = 2026-01-01, subject = "项目", compare = "unrounded"}
[[measure]]
name = "名次"
kind = "个数"
unit = "名"
from = {rank = {of = "年度计划完成率", within = "所属地区", ties = "并列跳号", from_last = true}}
[[light]]
dimension = "名次"
clause = "一"
missing = "无数据"
cases = [{when = "名次 <= 1", give = {severity = "serious"}}, {when = "名次 > 1", give = {severity = "ok"}}]
"""  # noqa: E501


def test_a_book_that_ranks_judges_the_projects_of_a_round_together() -> None:
    book = parse_book(RANKING, source="ranking")
    subjects = [
        a_subject(1, done=9_000),
        a_subject(2, done=3_000),
        a_subject(3, done=3_000),
        a_subject(4, done=1, is_appraised=False),
        a_subject(5, done=None),
        a_subject(6, done=6_000, region="临江区"),
    ]
    judged = assess(a_content(*subjects), book, Conventions(), by=(), is_ranked=False)
    said = [one.verdict.overall.value for one in judged.measured]
    assert said == ["ok", "serious", "serious", "not_in_scope", "no_data", "serious"]
    assert "名次为1名" in judged.reasons(judged.measured[1])[0].text
    assert "不参加评价" in judged.reasons(judged.measured[3])[0].text
    assert all(judged.reasons(one) for one in judged.measured)
    alone = assess(a_content(subjects[0]), book, Conventions(), by=(), is_ranked=False)
    assert alone.measured[0].verdict.overall.value == "serious"


def test_who_is_not_appraised_is_told_so_whatever_the_book() -> None:
    for book in (find_book("default"), parse_book(RANKING, source="ranking")):
        content = a_content(a_subject(1, done=1, is_appraised=False), a_subject(2, done=1))
        judged = assess(content, book, Conventions(), by=(), is_ranked=False)
        left_out, other = (judged.reasons(one) for one in judged.measured)
        assert [reason.rule for reason in left_out] == [""]
        assert all(reason.rule for reason in other)
