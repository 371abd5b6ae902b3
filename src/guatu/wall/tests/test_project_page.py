"""项目一页纸: what the sheet must say, what stays out of it, its picture, figures and timeline."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.core.periods import parse_period
from guatu.journal import services as journal
from guatu.ledger.models import Project, ProjectAlias, RecordedValue
from guatu.reporting.models import Figure, Report
from guatu.reporting.types import ReportSource, ReportState
from guatu.wall.project.card import wrapped
from guatu.wall.project.people import CONSOLE, shown_name
from guatu.wall.project.timeline import KINDS, Event, folded
from guatu.wall.standing.curves import place_of
from guatu.wall.tests.city import City, browser_of
from tests.factories import Cast

PAGES = ("", "card.svg", "figures/", "figures/export/", "timeline/")


def get(city: City, who: str, project: Project, path: str = "") -> str:
    response = city.browser(who).get(f"/projects/{project.pk}/{path}")
    assert response.status_code == 200
    return response.content.decode()


def test_the_sheet_says_what_the_office_wants_on_one_page(city: City) -> None:
    page = get(city, "office", city.projects[0])
    for words in (
        "滨江产业园0号",
        "2601-990102-04-01-000000",
        "2026年重点项目第1号",
        "新建厂房",
        ">5,000万元</a>",
        ">1,000</a> <",
        ">300</a> <",
        "30.0%",
        "分期计划",
        "2026-09主体施工",
        "2026年9月月报",
        "2026-03-31",  # the first promise stays visible
        "2026-06-30",
        "改1次",
        "逾期",
        "缺土地指标",
        "周正明",
        "江北区发展改革局",
        "属地",
        "联络员",
        "变更记录",
    ):
        assert words in page, words


def test_the_light_opens_why_and_stands_with_its_reason(city: City) -> None:
    page = get(city, "office", city.projects[0])
    assert f"/results/{city.rounds['2026-09'].pk}/why/{city.projects[0].pk}/" in page
    assert "达到红灯界线" in page


def test_every_figure_opens_what_it_comes_from(city: City) -> None:
    project = city.projects[0]
    page = get(city, "office", project)
    opened = {
        ">1,000</a>": "2026年度计划第1版：1,000万元",
        ">300</a>": "清单!G8",
        ">30.0%</a>": "落后时间进度",
        ">2026年9月月报</a>": "2026年9月月报（",
        ">2026-03-31</a>": "首次承诺：计划开工2026-03-31",
    }
    for shown, source in opened.items():
        link = re.search(rf'href="([^"]+)"[^>]*{re.escape(shown)}', page)
        assert link, shown
        answer = city.browser("office").get(link[1])
        assert answer.status_code == 200
        assert source in answer.content.decode(), shown


def test_the_figures_of_one_day_stand_alone(city: City) -> None:
    project = city.projects[0]
    page = get(city, "office", project, "figures/?as_of=2026-08-31")
    assert ">700<" in page
    assert ">300<" not in page
    assert "只列截至2026-08-31的数" in page
    assert "这一天没有报过数" in get(city, "office", project, "figures/?as_of=2020-01-31")
    for odd in ("x", "", "2026-13-01", "9" * 300):
        assert ">300<" in get(city, "office", project, f"figures/?as_of={odd}")


def test_parts_of_a_package_show_where_the_user_sees_them(city: City) -> None:
    package, own, strange = city.mine[0], city.mine[1], city.others[0]
    with journal.act(city.people.console, "test.made") as act:
        for part in (own, strange):
            part.package = package
            act.write(part)
    assert strange.name in get(city, "office", package)
    page = get(city, "leader", package)
    assert own.name in page
    assert strange.name not in page


def test_a_project_without_anything_still_has_its_page(people: Cast) -> None:
    with journal.act(people.console, "test.made") as act:
        bare = Project(uid="f" * 32, name="孤零零项目", region_id=people.regions["江北区"])
        act.write(bare)
    page = browser_of(people, "office").get(f"/projects/{bare.pk}/").content.decode()
    assert "还没有锁定过的数" in page
    svg = browser_of(people, "office").get(f"/projects/{bare.pk}/card.svg").content
    assert ElementTree.fromstring(svg).tag.endswith("svg")


@pytest.mark.parametrize("path", PAGES)
def test_a_project_that_is_not_his_does_not_exist(city: City, path: str) -> None:
    browser = city.browser("leader")
    assert browser.get(f"/projects/{city.others[0].pk}/{path}").status_code == 404
    assert browser.get(f"/projects/99999999999999999999/{path}").status_code == 404
    assert browser.post(f"/projects/{city.mine[0].pk}/{path}").status_code == 405


@pytest.mark.parametrize("path", ["", "card.svg", "figures/", "timeline/"])
@pytest.mark.parametrize("who", ["office", "leader", "reporter"])
def test_queries_are_few(city: City, who: str, path: str) -> None:
    browser = city.browser(who)
    address = f"/projects/{city.projects[0].pk}/{path}"
    browser.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(address).status_code == 200
    assert len(captured) <= 12, [one["sql"][:90] for one in captured]


def test_hostile_text_stays_text(city: City) -> None:
    project = city.projects[0]
    with journal.act(city.people.console, "test.renamed") as act:
        project.name = "<script>alert(1)</script>" + "长" * 270
        project.content = "=cmd|'/c calc'!A1" + "内" * 10_000
        act.write(project)
        report = Report.objects.filter(project=project).order_by("-pk")[0]
        report.progress_text = "<img src=x onerror=alert(1)>" + "进" * 10_000
        act.write(report)
    for path in ("", "timeline/", "figures/", "card.svg"):
        page = get(city, "office", project, path)
        assert "<script>alert" not in page
        assert "<img" not in page
    ElementTree.fromstring(get(city, "office", project, "card.svg"))


def test_a_superseded_figure_stays_with_its_reason_and_cell(city: City) -> None:
    project = city.projects[1]
    with journal.act(city.people.console, "test.made") as act:
        old = Figure.objects.filter(project=project).order_by("-as_of")[0]
        old.is_current = False
        act.write(old)
        new = Figure(
            project=project,
            indicator=old.indicator,
            as_of=old.as_of,
            value=6_500_000,
            supersedes=old,
            reason="多报五十万元",
            by="office",
            at=act.at,
        )
        act.write(new)
    page = get(city, "office", project, "figures/")
    for words in ("已被更正", "多报五十万元", "清单!G8", ">760<", ">650<"):
        assert words in page, words


def test_the_timeline_tells_everything_newest_first(city: City) -> None:
    project = city.projects[0]
    with journal.act(city.people.act_as("office"), "test.renamed") as act:
        act.write(ProjectAlias(project=project, name="老名字", valid_from=date(2026, 2, 1)))
        project.name, project.total_yuan = "新名字产业园", 60_000_000
        act.write(project)
        recorded = RecordedValue(subject="project", project=project, measure="资金支付率",
                                 form="ratio", value="[31,40]", on=date(2026, 9, 30),
                                 by="office", at=act.at)  # fmt: skip
        act.write(recorded)
    page = get(city, "office", project, "timeline/")
    assert page.count("登记资金支付率：77.5%") == 1
    for words, _ in KINDS.values():
        assert f">{words}</span>" in page, words
    assert "首次承诺：计划开工2026-03-31" in page
    assert "名称“滨江产业园0号”→“新名字产业园”" in page
    assert "总投资0.50亿元→0.60亿元" in page
    assert page.index("2026-10-31</time>") < page.index("2026-09-30</time>")


@pytest.mark.parametrize("kind", [*KINDS, "nonsense"])
def test_the_timeline_is_narrowed_by_kind(city: City, kind: str) -> None:
    page = get(city, "office", city.projects[0], f"timeline/?kind={kind}&page=0")
    others = [words for key, (words, _) in KINDS.items() if key != kind]
    shown = [words for words in others if f'"badge-plain">{words}</span>' in page]
    assert bool(shown) == (kind == "nonsense")


def test_many_changes_of_one_act_are_one_line_that_opens(city: City) -> None:
    """The city's list was made in one act: project, entry, plan, dates, duties."""
    page = get(city, "office", city.projects[0], "timeline/")
    assert page.count("项改动</summary>") == 1
    fold = page[page.index("<details><summary>") : page.index("</details>")]
    assert "首次承诺：计划开工2026-03-31" in fold
    assert "首次承诺" not in page[page.index("</details>") :]
    assert "<details>" not in get(city, "office", city.projects[0], "timeline/?kind=dates")


def test_acts_of_few_changes_are_not_folded() -> None:
    at = datetime(2026, 10, 31, tzinfo=UTC)
    lone = Event(at.date(), "acts", "新增：别名", at=at, act="新增")
    dated = Event(at.date(), "dates", "计划开工", at=at)
    other = Event(at.date(), "figures", "本年累计完成投资")
    assert folded([lone, dated, other]) == [lone, dated, other]
    third = Event(at.date(), "lists", "年度计划", at=at)
    [line, rest] = folded([dated, lone, third, other])
    assert (line.what, line.parts, rest) == ("新增：3项改动", (dated, lone, third), other)


def test_people_stand_by_name_and_the_command_line_as_what_it_is(city: City) -> None:
    project = city.projects[0]
    with journal.act(city.people.act_as("leader"), "test.renamed") as act:
        project.site = "江北路1号"
        act.write(project)
    page = get(city, "office", project, "timeline/")
    assert '<span class="faint">周正明</span>' in page
    assert CONSOLE in page
    assert ">console<" not in page
    assert shown_name("console", None) == CONSOLE
    assert shown_name("nobody", None) == "nobody"


def test_the_picture_says_the_whole_code_and_one_period(city: City) -> None:
    """October's report is not reviewed: it does not stand beside September's figures."""
    project = city.projects[0]
    project.national_code = "2601-990102-04-01-000000"
    with journal.act(city.people.console, "test.told") as act:
        report = Report(
            project=project,
            period=city.rounds["2026-10"].period,
            source=ReportSource.WORKBOOK,
            state=ReportState.SUBMITTED,
            progress_text="十月封顶",
            by="test",
            at=act.at,
        )
        act.write(report)
    svg = get(city, "office", project, "card.svg")
    for words in (
        "2601-990102-04-01-000000",
        "2026年1—9月完成（万元）",
        "形象进度（2026年9月）",
        "2026-09主体施工",
        "1,000",
        "《通用进度亮灯办法》第1版",
    ):
        assert words in svg, words
    assert "十月封顶" not in svg
    page = get(city, "office", project)
    assert "十月封顶" in page
    assert "2026年10月月报，尚未锁定" in re.sub("<[^>]+>", "", page)


def test_the_book_is_called_by_its_title_everywhere(city: City) -> None:
    for path in ("", "card.svg"):
        page = get(city, "office", city.projects[0], path)
        assert "办法《通用进度亮灯办法》第1版" in page
        assert "default" not in re.sub('href="[^"]*"', "", page).replace("default-src", "")


def test_the_months_before_the_first_round_are_one_place_where_it_joins_them() -> None:
    january, september = parse_period("2026-01+02"), parse_period("2026-09")
    assert (place_of(january), place_of(september)) == ("1—2月", "9月")


def test_lines_of_the_picture_are_broken_and_cut() -> None:
    assert wrapped("一二三四五", 3, 5) == ["一二三", "四五"]
    assert wrapped("一二三四五六七", 3, 2) == ["一二三", "四五…"]
    assert wrapped("", 3, 2) == []
    assert wrapped("a\x00b", 10, 1) == ["a b"]
