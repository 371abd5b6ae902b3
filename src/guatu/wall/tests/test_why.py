"""Why a light is what it is: told from what the run read, not from what stands today."""

from __future__ import annotations

from datetime import date

from guatu.assessment.details import past_of, subject_of
from guatu.assessment.judging import evaluator_of, facts_of
from guatu.assessment.models import Result
from guatu.assessment.queries import newest_snapshot, past_lights, run_of_record
from guatu.assessment.services.assess import assess_for_record
from guatu.assessment.tests.own_measures import adopt
from guatu.engines.rulebook import Record
from guatu.wall.standing.books import book_of, reasons_of
from guatu.wall.standing.runs import Standing, project_results
from guatu.wall.tests.city import ROUNDS, City

HEAD = """
book = {{id = "{}", version = 1, from = 2026-01-01, subject = "项目", compare = "unrounded"}}
[labels]
serious = {{label = "红", colour = "red"}}
ok = {{label = "绿", colour = "green"}}
"""
RANKING = (
    HEAD.format("ranking")
    + """
[[measure]]
name = "名次"
kind = "个数"
unit = "名"
from = {rank = {of = "年度计划完成率", within = "所属地区", ties = "并列跳号", from_last = true}}
[[light]]
dimension = "名次"
clause = "一"
missing = "无数据"
cases = [
  {when = "名次 <= 1", give = {severity = "serious"}},
  {when = "名次 > 1", give = {severity = "ok"}},
]
"""
)
LOOKS_BACK = (
    HEAD.format("looks-back")
    + """
[[measure]]
name = "连绿"
kind = "个数"
unit = "次"
from = {consecutive = {of = "往期总灯", when = "值 == '绿'", every = "月"}}
[[light]]
dimension = "连续"
clause = "一"
missing = "无数据"
cases = [
  {when = "连绿 < 1*次", give = {severity = "ok"}},
  {when = "连绿 >= 1*次", give = {severity = "serious"}},
]
"""
)


def standing_of(city: City) -> Standing:
    run = run_of_record(city.listing.pk, city.rounds[ROUNDS[-1]].pk)
    assert run is not None
    return Standing(run)


def test_a_light_by_rank_is_explained_among_all_that_the_run_judged(city: City) -> None:
    adopt(city.people, RANKING)
    snapshot = newest_snapshot(city.rounds[ROUNDS[-1]])
    assessed = assess_for_record(city.people.console, snapshot)
    standing = standing_of(city)
    results = list(project_results(standing.run, None))
    assert len(results) > 1
    evaluator = evaluator_of(book_of(standing), standing.conventions)
    for one, result in zip(assessed.measured, results, strict=True):
        subject, reasons = reasons_of(result, standing)
        assert (subject, reasons) == (one.subject, assessed.reasons(one))
        if one.completed_yuan is not None:
            assert "名次为" in reasons[0].text
            # By itself no project has a rank.
            alone = facts_of(subject, standing.period, standing.conventions)
            assert evaluator.explain(alone) != reasons


def test_earlier_lights_stand_as_the_run_read_them(city: City) -> None:
    adopt(city.people, LOOKS_BACK)
    snapshot = newest_snapshot(city.rounds[ROUNDS[-1]])
    assess_for_record(city.people.console, snapshot)
    standing = standing_of(city)
    result = project_results(standing.run, None).filter(verdict="serious")[0]
    subject, reasons = reasons_of(result, standing)
    assert past_of(result) == (Record(date(2026, 8, 31), "绿"),)
    assert "1次" in reasons[0].text
    earlier = Result.objects.filter(run__snapshot__round=city.rounds[ROUNDS[0]])
    earlier.update(label="红")
    assert past_lights(city.listing.pk, standing.period)[subject.id][0].value == "红"
    assert reasons_of(result, standing) == (subject, reasons)


def test_a_book_that_does_not_look_back_keeps_no_earlier_lights(city: City) -> None:
    result = project_results(standing_of(city).run, None)[0]
    assert past_of(result) is None
    assert subject_of(result).id == result.project_id


def test_who_is_not_appraised_is_told_so(city: City) -> None:
    standing = standing_of(city)
    result = project_results(standing.run, None)[0]
    assert reasons_of(result, standing)[1][0].rule
    result.detail = result.detail.replace('"is_appraised":true', '"is_appraised":false')
    [reason] = reasons_of(result, standing)[1]
    assert "不参加评价" in reason.text
