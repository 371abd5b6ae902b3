"""Rates as issued and as adjusted, from the adjustment of a list to the pages (M-A10)."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from guatu.assessment.details import EXITED
from guatu.assessment.models import Result, Run, Snapshot
from guatu.assessment.queries import newest_snapshot, snapshot_content
from guatu.assessment.services.assess import AssessRound, assess_for_record, assess_round
from guatu.assessment.services.close import close_round
from guatu.core.periods import parse_period
from guatu.core.ratio import Ratio
from guatu.journal import services as journal
from guatu.ledger.models import ListEntry
from guatu.organisation.services.policy import change_settings
from guatu.planning.making.services import AdjustList, adjust_list
from guatu.planning.services.curves import decree_curve
from guatu.publishing.services.bulletin import live_circular
from guatu.reporting.models import Figure, Report
from guatu.reporting.services.rounds import ensure_indicators
from guatu.reporting.types import INVESTMENT, ReportSource, ReportState
from guatu.wall.tests.city import OPEN, PLAN, WAN, City

DONE = {0: 400, 1: 800, 2: 900, 4: 800}
"""Done by October in 万元 by place; the last but one of each half reported, the last one left."""


@pytest.fixture
def adjusted(city: City) -> City:
    """Six projects of 10 million each. In October the first one's plan is halved, and the last
    one leaves: it had done 7.6 million by September. October is locked with the figures `DONE`."""
    people = city.people
    entries = {one.project_id: one for one in ListEntry.objects.filter(list=city.listing)}
    first, last = (entries[city.projects[place].pk] for place in (0, 5))
    command = AdjustList(
        "江重办〔2026〕30号", date(2026, 10, 15), "年中调整",
        exits=[last.pk], plans={first.pk: PLAN // 2},
    )  # fmt: skip
    adjust_list(people.act_as("office"), city.listing.pk, command)
    _report(city)
    assess_for_record(people.console, close_round(people.console, city.listing, parse_period(OPEN)))
    return city


def _report(city: City) -> None:
    with journal.act(city.people.console, "test.made") as act:
        indicator = ensure_indicators(act)[INVESTMENT]
        for place, wan in DONE.items():
            report = Report(
                project=city.projects[place],
                period=city.rounds[OPEN].period,
                source=ReportSource.WORKBOOK,
                state=ReportState.ACCEPTED,
                by="test",
                at=act.at,
            )
            act.write(report)
            figure = Figure(
                project=city.projects[place],
                indicator=indicator,
                as_of=date(2026, 10, 31),
                value=wan * WAN,
                report=report,
                by="test",
                at=act.at,
            )
            act.write(figure)


def page(city: City, who: str, path: str = "") -> str:
    response = city.browser(who).get(f"/results/{city.rounds[OPEN].pk}/{path}")
    assert response.status_code == 200
    return re.sub(r"<[^>]+>|\s+", " ", response.content.decode().replace("<wbr>", ""))


def test_closing_freezes_what_was_issued(adjusted: City) -> None:
    content = snapshot_content(newest_snapshot(adjusted.rounds[OPEN]))
    assert (content.schema, content.issue) == (2, "首次调整前的清单")
    assert len(content.subjects) == 5
    halved = next(one for one in content.subjects if one.id == adjusted.projects[0].pk)
    assert halved.issued is not None
    assert (halved.plan_yuan, halved.issued.plan_yuan) == (PLAN // 2, PLAN)
    assert halved.issued.unit == halved.unit
    [gone] = content.exited
    assert (gone.id, gone.investment[-1].value) == (adjusted.projects[5].pk, 760 * WAN)


def test_rounds_that_were_locked_before_are_as_they_were(adjusted: City) -> None:
    for key in ("2026-08", "2026-09"):
        snapshot = newest_snapshot(adjusted.rounds[key])
        content = snapshot_content(snapshot)
        assert (snapshot.schema_version, content.schema, content.issue) == (1, 1, None)
        before = Run.objects.get(snapshot=snapshot, is_of_record=True)
        assert assess_for_record(adjusted.people.console, snapshot).issued is None
        assert Run.objects.get(snapshot=snapshot, is_of_record=True).pk == before.pk


def test_the_run_holds_both_rates_and_is_the_same_again(adjusted: City) -> None:
    """As adjusted 2,900 of 500 + 4 x 1,000; as issued 2,900 + 760 of 6 x 1,000."""
    snapshot = Snapshot.objects.get(round=adjusted.rounds[OPEN])
    run = Run.objects.get(snapshot=snapshot, is_of_record=True)
    again = assess_for_record(adjusted.people.console, snapshot)
    assert again.total.completion_rate == Ratio(2_900 * WAN, 4_500 * WAN)
    assert again.issued is not None
    assert again.issued.total.completion_rate == Ratio(3_660 * WAN, 6_000 * WAN)
    assert Run.objects.get(snapshot=snapshot, is_of_record=True).pk == run.pk
    left = Result.objects.get(run=run, subject_kind=EXITED)
    assert (left.project_id, left.numerator, left.denominator) == (None, 760 * WAN, PLAN)


def test_the_page_shows_both_rates_of_all_and_of_each_region(adjusted: City) -> None:
    """江北: 2,100 of 2,500 and of 3,000; 临江: 800 of 2,000, and 1,560 of 3,000."""
    shown = page(adjusted, "office")
    assert "以上按调整稿；按印发稿 61.0%" in shown
    assert "完成率（调整稿）" in shown
    assert "完成率（印发稿）" in shown
    for rate in ("64.4%", "84.0%", "70.0%", "40.0%", "52.0%"):
        assert rate in shown
    assert "首次调整前的清单，6个项目" in shown
    assert "其中1个已调出的按本年最近一次的数" in shown


def test_a_leader_sees_both_rates_of_his_own_projects_alone(adjusted: City) -> None:
    shown = page(adjusted, "leader")
    assert "以上按调整稿；按印发稿 70.0%" in shown
    assert "3个项目，按印发时" in shown
    assert "61.0%" not in shown
    assert "52.0%" not in shown


def test_a_round_without_adjustments_has_one_rate(city: City) -> None:
    for who in ("office", "leader"):
        shown = city.browser(who).get(f"/results/{city.rounds['2026-09'].pk}/").content.decode()
        assert "印发稿" not in shown


def test_the_export_holds_both_rates_and_their_sums(adjusted: City) -> None:
    response = adjusted.browser("office").get(f"/results/{adjusted.rounds[OPEN].pk}/export/")
    sheet = load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    head = next(row for row in rows if "完成率（印发稿）" in row)
    total = next(row for row in rows if row[0] == "合计")
    told = dict(zip(head, total, strict=True))
    assert (told["完成率（调整稿）"], told["完成率（印发稿）"]) == (0.644, 0.61)
    assert (told["印发稿计划（亿元）"], told["印发稿项目完成（亿元）"]) == (0.6, 0.366)


def test_the_project_page_names_both_plans(adjusted: City) -> None:
    shown = adjusted.browser("office").get(f"/projects/{adjusted.projects[0].pk}/")
    text = re.sub(r"<[^>]+>|\s+", "", shown.content.decode())
    assert "调整稿；印发稿1,000万元" in text
    assert "按印发稿40.0%" in text
    kept = adjusted.browser("office").get(f"/projects/{adjusted.projects[1].pk}/")
    assert "印发稿" not in kept.content.decode()


def test_the_circular_says_it_in_one_sentence_and_in_its_tables(adjusted: City) -> None:
    document = live_circular(adjusted.rounds[OPEN]).document
    text = "".join(block.text for block in document.blocks)
    assert "以上按调整稿计算；按印发稿的年度计划投资6000万元计算，年度计划完成率61.0%。" in text
    for annex in document.annexes[:2]:
        heads = [cell.text for line in annex.table.head for cell in line]
        assert "印发稿完成率" in heads
        assert "61.0" in annex.table.rows[0].cells


def test_a_trial_of_one_s_own_projects_sums_these_alone(adjusted: City) -> None:
    snapshot = newest_snapshot(adjusted.rounds[OPEN])
    own = assess_round(adjusted.people.act_as("leader"), snapshot, AssessRound())
    assert own.issued is not None
    assert own.issued.total.completion_rate == Ratio(2_100 * WAN, 3_000 * WAN)
    assert own.issued.exited == []


def test_queries_do_not_grow_for_own_sums(adjusted: City) -> None:
    browser, path = adjusted.browser("leader"), f"/results/{adjusted.rounds[OPEN].pk}/"
    browser.get(path)
    with CaptureQueriesContext(
        connection,
    ) as told:
        browser.get(path)
    assert len(told) <= 14, len(told)


def test_a_decreed_curve_is_frozen_and_sets_the_pace(city: City) -> None:
    """90 % by the end of October where the months ask for 83.3 %."""
    people = city.people
    office = people.act_as("office")
    points = {date(2026, 10, 31): Ratio(9, 10), date(2026, 12, 31): Ratio(1, 1)}
    decree_curve(office, city.listing.pk, name="市定", basis="江政〔2026〕1号", points=points)
    _report(city)
    snapshot = close_round(people.console, city.listing, parse_period(OPEN))
    content = snapshot_content(snapshot)
    assert content.curve is not None
    assert content.curve.points[0] == (date(2026, 10, 31), 9, 10)
    change_settings(people.console, {"time-progress": "curve"}, basis="江政〔2026〕1号")
    assessed = assess_for_record(people.console, snapshot)
    assert assessed.total.time_progress(assessed.conventions) == Ratio(9, 10)
    run = Run.objects.get(snapshot=snapshot, is_of_record=True)
    assert '"curve":"2026-10-31=9/10,2026-12-31=1/1"' in run.settings
    shown = page(city, "office")
    assert "时间进度90.0%" in shown.replace(" ", "")
