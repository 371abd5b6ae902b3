"""What a book says of regions and responsible units in the run of a round."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from guatu.assessment.conventions import Conventions
from guatu.assessment.grouping import Group
from guatu.assessment.judging import Assessed, assess, facts_of
from guatu.assessment.models import Result
from guatu.assessment.recordable import recordables
from guatu.assessment.services.assess import AssessRound, assess_for_record, assess_round
from guatu.assessment.tests.own_measures import adopt, measure
from guatu.assessment.tests.rounds import LIST, PARK, PLANT, ROAD, Office
from guatu.assessment.tests.subjects import a_content, a_subject
from guatu.assessment.tests.unit_book import UNIT_BOOK, UNIT_TASK
from guatu.assessment.types import FrozenEntry, Recorded, Spoken
from guatu.engines.rulebook import Record, find_book, parse_book
from guatu.ledger.services import Told, record_value
from guatu.ledger.types import SubjectKind
from guatu.organisation.queries import organisation_names
from tests.factories import OTHER_UNIT, UNIT, Cast
from tests.tables import report_line

SEPTEMBER = date(2026, 9, 30)
DONE = Recorded(UNIT_TASK, "bool", (FrozenEntry(SEPTEMBER, None, "true"),))
SUBJECTS = (
    a_subject(1, unit="甲局", done=9_000),
    a_subject(2, unit="甲局", done=1_000),
    a_subject(3, unit="乙局", done=8_900),
    a_subject(4, unit="", done=0),
)


def judged(*subjects: Any, text: str = UNIT_BOOK, **options: Any) -> Assessed:
    content = a_content(*(subjects or SUBJECTS))
    content.others = [Spoken("单位", 8, "乙局", (DONE,))]
    chosen: dict[str, Any] = {"by": ("region", "unit"), "is_ranked": False, **options}
    return assess(content, parse_book(text, source="units"), Conventions(), **chosen)


def unit(assessed: Assessed, name: str) -> Group:
    return next(one for one in assessed.groups["unit"] if one.key == name)


def told(assessed: Assessed, name: str) -> str:
    said = unit(assessed, name).said
    assert said is not None
    return "\n".join(said.sentences)


def lights(assessed: Assessed, name: str) -> dict[str, str]:
    verdict = unit(assessed, name).verdict
    assert verdict is not None
    return {light.dimension: light.severity.value for light in verdict.lights}


def test_a_unit_is_judged_by_the_sums_of_its_projects_and_what_was_recorded_of_it() -> None:
    """甲局 has done 10,000 of 24,000 where 75 % are due; 乙局 8,900 of 12,000."""
    assessed = judged()
    assert lights(assessed, "甲局") == {"单位进度": "warning", "单位任务": "no_data"}
    assert lights(assessed, "乙局") == {"单位进度": "ok", "单位任务": "ok"}
    assert "完成率低于时间进度33.33个百分点" in told(assessed, "甲局")


def test_what_nobody_recorded_is_named_and_what_somebody_did_is_not() -> None:
    assessed = judged()
    assert f"没有登记：{UNIT_TASK}" in told(assessed, "甲局")
    assert "没有登记" not in told(assessed, "乙局")


def test_boards_take_the_reds_of_the_unit_s_projects_and_its_rank_among_units() -> None:
    assessed = judged()
    assert "“黑榜”列入" in told(assessed, "甲局")
    assert "措施：约谈单位主要负责人" in told(assessed, "甲局")
    assert "“黑榜”不列入" in told(assessed, "乙局")
    assert "约谈" not in told(assessed, "乙局")
    assert "单位名次：年度计划完成率为41.67%，第2" in told(assessed, "甲局")
    mild = judged(a_subject(1, unit="甲局", done=8_000), *SUBJECTS[2:])
    assert "“黑榜”不列入" in told(mild, "甲局")


def test_projects_of_no_named_unit_are_no_unit_and_take_no_rank() -> None:
    assessed = judged(*SUBJECTS[2:], a_subject(5, unit="甲局", done=0, is_appraised=False))
    assert unit(assessed, "（未注明）").said is None
    assert "第1" in told(assessed, "乙局")
    # Who is not appraised is no member either.
    assert "红灯项目数为0个" in told(assessed, "甲局")


def test_rules_over_members_read_their_earlier_lights() -> None:
    red = (Record(date(2026, 8, 31), "红"),)
    assessed = judged(past=lambda: {3: red})
    assert "问责" in told(assessed, "乙局")
    assert "问责" not in told(assessed, "甲局")
    assert "问责" not in told(judged(), "乙局")


def test_a_book_without_rules_on_units_says_nothing_of_them() -> None:
    whole = assess(
        a_content(*SUBJECTS),
        find_book("default"),
        Conventions(),
        by=("region", "unit", "sector"),
        is_ranked=False,
    )
    assert {group.said for groups in whole.groups.values() for group in groups} == {None}


def test_of_a_part_of_the_projects_nothing_is_said_of_their_units() -> None:
    assert {group.said for group in judged(is_whole=False).groups["unit"]} == {None}
    assert all(group.said for group in judged().groups["unit"] if group.key != "（未注明）")


def test_a_unit_is_judged_the_same_whatever_groups_are_asked_for() -> None:
    alone = judged(by=("unit",))
    assert unit(alone, "甲局").said == unit(judged(), "甲局").said


ONLY_UNITS = UNIT_BOOK.replace('subject = "项目"', 'subject = "单位"', 1)


def test_a_book_whose_main_subject_is_the_unit_still_judges_projects_as_projects() -> None:
    swapped = ONLY_UNITS.replace('dimension = "进度"', 'dimension = "进度"\nsubject = "项目"')
    swapped = swapped.replace('name = "连续红灯"', 'name = "连续红灯"\nsubject = "项目"')
    swapped = swapped.replace('measure = "往期总灯"', 'measure = "往期总灯"\nsubject = "项目"')
    assessed, usual = judged(text=swapped), judged()
    assert [one.verdict for one in assessed.measured] == [one.verdict for one in usual.measured]
    assert lights(assessed, "甲局") == lights(usual, "甲局")


@pytest.mark.parametrize("name", ["RB11-mianyang-board", "RB21-tongguan-arena", "RB42-122-plan"])
def test_a_published_book_on_units_alone_judges_the_units_and_tells_what_is_not_recorded(
    name: str,
) -> None:
    content = a_content(*SUBJECTS)
    book = find_book(name)
    whole = assess(content, book, Conventions(), by=("unit",), is_ranked=False)
    assert "没有登记：" in told(whole, "甲局")
    assert {one.verdict.label for one in whole.measured} == {"不亮灯"}
    assert whole.total.in_scope == len(SUBJECTS)
    assert "没有给项目亮灯" in whole.reasons(whole.measured[0])[0].text


# --- the responsible unit of a project ----------------------------------------------------------


@pytest.mark.parametrize(
    ("book", "text"),
    [
        ("RB14-bazhong-snail", "蜗牛项目扣分"),
        ("RB56-lushi-three-batches", "目标完成"),
        ("RB29-city-projects-monthly", "责任单位得分"),
    ],
)
def test_books_that_group_by_the_responsible_unit_need_nobody_to_record_it(
    book: str, text: str
) -> None:
    keys = [one.key for one in recordables(find_book(book))]
    assert "project:责任单位" not in keys
    whole = assess(
        a_content(*SUBJECTS), find_book(book), Conventions(), by=("unit",), is_ranked=False
    )
    assert text in told(whole, "甲局")


def test_the_responsible_unit_is_a_fact_of_each_project_and_missing_without_one() -> None:
    period = a_content().period_key
    assert facts_of(SUBJECTS[0], period, Conventions())["责任单位"] == "甲局"
    assert facts_of(SUBJECTS[3], period, Conventions())["责任单位"] is None


def test_snails_are_counted_by_unit_in_a_round() -> None:
    place = Recorded("评选名次", "count", (FrozenEntry(SEPTEMBER, None, "1"),))
    why = Recorded("迟缓原因", "text", (FrozenEntry(SEPTEMBER, None, '"停工"'),))
    kind = Recorded("参评类别", "text", (FrozenEntry(SEPTEMBER, None, '"市级重点项目"'),))
    snail = replace(SUBJECTS[0], recorded=(place, why, kind))
    book = find_book("RB14-bazhong-snail")
    options: dict[str, Any] = {"by": ("unit",), "is_ranked": False}
    whole = assess(a_content(snail, *SUBJECTS[1:]), book, Conventions(), **options)
    assert "蜗牛项目数1次，-0.3分" in told(whole, "甲局")
    assert "-0.3分" not in told(whole, "乙局")


DECLARED = """
[[measure]]
name = "责任单位"
kind = "{kind}"
meaning = "负责这个项目的责任单位的编号"
data = "台账“责任单位”列"
"""


def test_a_book_that_declared_the_responsible_unit_itself_stays_readable() -> None:
    text = UNIT_BOOK.replace("[[measure]]", DECLARED.format(kind="文字") + "\n[[measure]]", 1)
    assert judged(text=text).groups["unit"][0].said == judged().groups["unit"][0].said
    assert "project:责任单位" not in [
        one.key for one in recordables(parse_book(text, source="units"))
    ]
    with pytest.raises(Exception, match="目录里已有“责任单位”"):
        judged(text=text.replace('kind = "文字"', 'kind = "个数"', 1))


# --- a round of the database --------------------------------------------------------------------


@pytest.fixture
def closed(office: Office, people: Cast) -> Any:
    """September judged by the book of units; one unit has done its task."""
    adopt(people, UNIT_BOOK)
    office.list_in(*LIST)
    office.report(report_line(PARK, 7_000), report_line(ROAD, 9_000), report_line(PLANT, 100))
    unit_id = organisation_names().find(UNIT)
    assert unit_id is not None
    record_value(
        office.console,
        (SubjectKind.ORGANISATION, unit_id),
        measure(UNIT_TASK, "organisation"),
        "是",
        Told(SEPTEMBER),
    )
    return office.close()


def test_a_locked_round_keeps_the_light_of_each_unit(office: Office, closed: Any) -> None:
    assess_for_record(office.console, closed)
    kept = {one.subject_key: one for one in Result.objects.filter(subject_kind="unit")}
    assert kept[UNIT].verdict in ("ok", "warning")
    assert kept[OTHER_UNIT].verdict == "warning"
    assert f"没有登记：{UNIT_TASK}" in kept[OTHER_UNIT].detail
    assert "没有登记" not in kept[UNIT].detail
    again = assess_for_record(office.console, closed)
    assert again.notices == ()


def test_who_sees_a_part_of_the_projects_is_told_nothing_of_units(
    office: Office, people: Cast, closed: Any
) -> None:
    part = assess_round(people.act_as("reviewer"), closed, AssessRound())
    whole = assess_round(people.act_as("office"), closed, AssessRound())
    assert any(group.said for group in whole.groups["unit"])
    assert 0 < len(part.measured) < len(whole.measured)
    assert not any(group.said for group in part.groups["unit"])
