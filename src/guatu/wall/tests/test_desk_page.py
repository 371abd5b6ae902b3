"""工作台: each role's own, nobody's sums but his own, the same queries whatever the rows."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conftest import Today
from guatu.assessment.models import Result
from guatu.files.models import Import
from guatu.files.services import store_blob
from guatu.files.types import ImportKind, ImportState
from guatu.journal import services as journal
from guatu.ledger.models import ListEntry, Project
from guatu.organisation.services import open_account, switch_on
from guatu.organisation.types import SwitchName
from guatu.reporting.models import IntakeQuestion, Report, Round
from guatu.reporting.queries import Standing, standings
from guatu.reporting.types import ReportState, RoundState
from guatu.wall.desk.decisions import Past, rounds_red, rounds_still
from guatu.wall.tests.city import TODAY, City, browser_of, make_city
from tests.factories import Cast


def _ask(city: City, key: str, project: Project, *, is_waiting: bool) -> None:
    """An open question to a row of a workbook for a round."""
    period = city.rounds[key].period
    with journal.act(city.people.console, "test.asked") as act:
        imported = Import(
            kind=ImportKind.REPORTS,
            target=f"{city.listing.pk}:{key}",
            name=f"{key}.xlsx",
            blob=store_blob(act, b"a workbook", "text/plain"),
            state=ImportState.PARTLY,
            counts="{}",
            at=act.at,
            by="test",
        )
        act.write(imported)
        question = IntakeQuestion(
            imported=imported,
            period=period,
            project=project,
            sheet="清单",
            row_no=5,
            code="over-total",
            question="超过总投资",
            is_waiting=is_waiting,
        )
        act.write(question)


def text(city: City, who: str, path: str = "/") -> str:
    response = city.browser(who).get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_the_office_sees_what_is_missing_and_when_it_is_due(city: City) -> None:
    page = text(city, "office")
    assert "2026年10月报送截止" in page
    assert "个项目2026年10月未收到" in page
    assert "应收6个，已收0个" in page
    assert "疑问待答复" not in page  # nothing waits, so nothing is asked for


def test_the_totals_are_those_of_the_round(city: City) -> None:
    page = text(city, "office")
    assert ">0.60</a> <span" in page  # six plans of 1,000 万元
    assert "6个项目" in page
    assert "2026年1—9月" in page


def test_a_leader_sees_his_own_sums_and_never_the_citys(city: City) -> None:
    """Leak by sums: totals, lights, starts and curves are of his three projects alone."""
    page = text(city, "leader")
    assert ">0.30</a> <span" in page
    assert "3个项目" in page
    assert "0.60" not in page
    assert "6个项目" not in page
    assert "应收3个，已收0个" in page
    assert all(project.name in page for project in city.mine)
    assert not any(project.name in page for project in city.others)


def test_numbers_of_projects_are_led_from_one_page_to_the_other(city: City) -> None:
    """Six on the list, all counted; then one becomes a part of another, and says so."""
    assert "清单现在册6个。" in text(city, "office")
    part, package = city.projects[1], city.projects[0]
    with journal.act(city.people.console, "test.packed") as act:
        part.package, package.is_package = package, True
        act.write(part)
        act.write(package)
    page = text(city, "office")
    assert "清单现在册6个＝统计5个＋打包项目的子项目1个（随打包项目统计，不另计）" in page
    assert "2026年9月锁定时统计6个，现在少1个" in page
    assert "清单上您看得到的3个＝统计2个＋打包项目的子项目1个" in text(city, "leader")


@pytest.mark.parametrize("who", ["office", "leader"])
def test_every_head_figure_opens_its_rows(city: City, who: str) -> None:
    page = text(city, who)
    head = page[page.index('<dl class="numbers">') : page.index("</dl>")]
    links = re.findall(r'href="([^"]+)"[^>]*>([^<]+)<', head)
    counts = 0
    for address, shown in links:
        rows = city.browser(who).get(address)
        assert rows.status_code == 200, address
        number = re.search(r"\d+", shown)
        if "." not in shown and number:
            counts += 1
            assert f"共{number[0]}条" in rows.content.decode(), (address, shown)
    assert counts >= 6
    assert "已开工÷计划本年开工" in head


def test_changes_name_lights_and_starts_by_project(city: City) -> None:
    page = text(city, "office")
    assert "灯变重 2个" in page
    assert "新开工 2个" in page
    assert "有无数据等变化 1个" in page
    assert text(city, "leader").count("灯变重 1个") == 1


@pytest.mark.parametrize("who", ["reporter", "reviewer"])
def test_a_unit_sees_its_own_round_and_projects(city: City, who: str) -> None:
    page = text(city, who)
    assert "应收3个，已收0个" in page
    assert all(project.name in page for project in city.mine)
    assert not any(project.name in page for project in city.others)
    assert "需要您决定的" not in page


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("department", "把您单位列为配合单位"),
        ("inspector", "督查任务一起指定，任务由项目办下达，要看某个项目请找项目办"),
    ],
)
def test_who_sees_no_project_is_told_why_and_what_would_change_it(
    city: City, who: str, words: str
) -> None:
    page = text(city, who)
    assert "现在没有您要看的项目" in page
    assert words in page
    assert "产业园" not in page


@pytest.mark.parametrize("who", ["system", "security", "audit"])
def test_an_administrator_sees_no_business(city: City, who: str) -> None:
    user = getattr(city.people, who)
    with journal.act(city.people.console, "test.opened") as act:
        user.is_active = True
        act.write(user)
    page = text(city, who)
    assert "需要您先办的" in page
    assert "<b>0</b>" not in page
    assert "产业园" not in page
    assert "亿元" not in page


def test_an_account_without_a_role_waits_on_the_security_administrator_s_desk(city: City) -> None:
    security = city.people.security
    with journal.act(city.people.console, "test.opened") as act:
        security.is_active = True
        act.write(security)
    assert "还没有角色" not in text(city, "security")
    unit = city.people.office.organisation_id
    assert unit is not None
    open_account(city.people.console, "xiaozhou", organisation_id=unit)
    page = text(city, "security")
    assert "个账号还没有角色" in page
    assert "xiaozhou" in page


def test_the_office_is_told_of_a_switch_that_ends_soon(city: City) -> None:
    actor = city.people.console
    switch_on(
        actor,
        SwitchName.RANKINGS,
        basis="江办〔2026〕3号",
        scope="全市",
        until=date(2026, 11, 10),
    )
    assert "开关“排名”到期" in text(city, "office")
    assert "开关“排名”到期" not in text(city, "viewer")


def test_a_desk_without_a_list_says_what_to_do(people: Cast) -> None:
    page = browser_of(people, "office").get("/").content.decode()
    assert "还没有清单" in page


@pytest.mark.parametrize("who", ["office", "leader", "viewer"])
def test_the_queries_do_not_grow_with_the_rows(people: Cast, today: Today, who: str) -> None:
    today(TODAY)
    counts = []
    for size in (6, 12):
        city = make_city(people, size=size, name=f"清单{size}", first=size * 10)
        browser = city.browser(who)
        browser.get("/")
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(f"/?list={city.listing.pk}").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12, counts


def test_a_leader_is_asked_to_decide_on_what_stands_still(city: City) -> None:
    """His first project fell from 700 to 300 of 1,000 万元 and is red; the others are not."""
    page = text(city, "leader")
    part = page[page.index("需要您决定的") : page.index('id="standing"')]
    assert city.mine[0].name in part
    assert "缺土地指标" in part
    assert city.mine[1].name not in part
    assert "需要您决定的" not in text(city, "office")


@pytest.mark.parametrize(
    ("past", "red", "still"),
    [
        ([], 0, 0),
        ([("serious", 5)], 1, 0),
        ([("ok", 1), ("serious", 1), ("serious", 1)], 2, 2),
        ([("serious", 1), ("ok", 2), ("serious", 2)], 1, 1),
        ([("serious", 1), ("serious", None)], 2, 0),
        ([("serious", None), ("serious", None)], 2, 0),
    ],
)
def test_rounds_are_counted_back_from_the_newest(past: Past, red: int, still: int) -> None:
    assert (rounds_red(past), rounds_still(past)) == (red, still)


def test_a_sum_that_fell_is_told_with_its_operands(city: City) -> None:
    """August: 2 × 700 + 4 × 760 万元; September: one silent, two brought down to 300."""
    words = "累计比上期少0.16亿元（0.44→0.29）：1个无数据，上期计0.08亿元；2个核减，减少0.08亿元"
    for path in ("/", f"/results/{city.rounds['2026-09'].pk}/"):
        page = text(city, "office", path)
        assert words in page
        assert "未收齐（1个无数据）" in page
    assert "1个核减，减少0.04亿元" in text(city, "leader")
    assert "累计比上期" not in text(city, "office", f"/results/{city.rounds['2026-08'].pk}/")


def test_the_desk_counts_as_the_intake_page_does(city: City) -> None:
    """One row waits for its answer, one question concerns a row that counts, the rest is missing;
    a project that left and a question of another round count nowhere."""
    _ask(city, "2026-10", city.mine[0], is_waiting=True)
    _ask(city, "2026-10", city.mine[1], is_waiting=False)
    _ask(city, "2026-09", city.mine[2], is_waiting=True)
    with journal.act(city.people.console, "test.left") as act:
        entry = ListEntry.objects.get(project=city.others[0])
        entry.left_on = TODAY
        act.write(entry)
    told = standings([city.rounds["2026-10"]])[city.rounds["2026-10"].pk]
    assert told == Standing(expected=5, received=0, waiting=1, to_answer=1, to_verify=1)
    page = text(city, "office")
    assert "应收5个，已收0个" in page
    assert "条2026年10月疑问待答复" in page
    intake = f"/months/{city.rounds['2026-10'].pk}/intake/"
    assert f'href="{intake}#questions"' in page
    assert f'href="{intake}"' in page
    assert "疑问待答复" not in text(city, "outsider")


def test_a_strange_address_is_the_plain_desk(city: City) -> None:
    page = text(city, "office", "/?list=99999999999999999999&list=<script>&x=1")
    assert "<script>&x" not in page
    assert "工作台" in page


def test_a_post_is_refused(city: City) -> None:
    assert city.browser("office").post("/").status_code == 405


def test_a_problem_of_an_earlier_month_is_told_with_its_month_and_as_the_project_page_tells_it(
    city: City,
) -> None:
    """The first project said nothing of its problem in September, but had named it in August."""
    red, september = city.mine[0], city.rounds["2026-09"]
    result = Result.objects.get(project=red, run__snapshot__round=september)
    result.detail = result.detail.replace("缺土地指标", "")
    result.save()
    Report.objects.filter(project=red, period=september.period).update(problem_text="")
    assert "本期没有报存在问题，2026年8月报：缺土地指标" in text(city, "leader")
    assert "2026年8月月报" in text(city, "leader", f"/projects/{red.pk}/")
    Report.objects.filter(project=red).update(problem_text="")
    assert "没有报过存在问题" in text(city, "leader")
    assert "没有报过问题" in text(city, "leader", f"/projects/{red.pk}/")


def test_the_waiting_are_a_part_of_the_missing(city: City) -> None:
    _ask(city, "2026-10", city.mine[0], is_waiting=True)
    page = text(city, "office")
    assert "应收6个，已收0个，未收到6个（其中1个的表待答复）" in page
    assert "另有1个的表" not in page


def test_what_units_have_not_confirmed_is_listed_while_open_and_after_locking(city: City) -> None:
    """By the round: October is open, September the newest that is locked; August is long over."""
    for key, project in (("2026-10", 0), ("2026-09", 0), ("2026-09", 1), ("2026-08", 0)):
        period, state = city.rounds[key].period, ReportState.PROXY_UNCONFIRMED
        one = city.projects[project]
        found = Report.objects.filter(project=one, period=period)
        if not found.update(state=state):
            with journal.act(city.people.console, "test.said") as act:
                report = Report(project=one, period=period, source="phone", state=state, at=act.at)
                act.write(report)
    page = text(city, "office")
    assert "个项目2026年10月代报待确认" in page
    assert "<b>2</b>" in page
    assert "个项目2026年9月代报待确认" in page
    assert f'href="{reverse("proxied", args=[city.rounds["2026-09"].pk])}"' in page
    assert "2026年8月代报待确认" not in page
    assert "代报待确认" not in text(city, "leader")
    Round.objects.filter(pk=city.rounds["2026-10"].pk).update(state=RoundState.CLOSED)
    page = text(city, "office")
    assert "没有要办的" not in page
    assert "个项目2026年9月代报待确认" in page
