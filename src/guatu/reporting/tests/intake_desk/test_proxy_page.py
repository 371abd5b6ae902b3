"""The pages of entering for a unit: all its projects at once, the next unit, the confirmation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.assessment.services.close import close_round
from guatu.core import clock
from guatu.core.periods import parse_period
from guatu.journal import services as journal
from guatu.ledger.models import ListEntry, Project, Responsibility
from guatu.ledger.services import leave_list
from guatu.ledger.types import ResponsibilityRole
from guatu.planning.models import AnnualPlan
from guatu.reporting.models import Figure, ProxyConfirmation, ProxyNote, Report
from guatu.reporting.queries import entry_versions
from guatu.reporting.services.rounds import start_round
from guatu.reporting.tests.desk import PARK, ROAD, IntakeDesk, figure, project
from guatu.reporting.types import ReportState
from guatu.ui.templatetags.guatu import money
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import OTHER_UNIT, SINCE, UNIT
from tests.tables import report_line

ODD = ("<script>alert(1)</script>", "=1+1", "长" * 10_000)


def address(desk: IntakeDesk, unit: str = UNIT) -> str:
    return desk.url("proxy-unit", organisation_id=desk.people.organisations[unit])


def fields(desk: IntakeDesk, *rows: tuple[Project, dict[str, str]], **other: str) -> dict[str, str]:
    posted = {
        TOKEN_FIELD: new_token(),
        "source": "phone",
        "said_by": "老王",
        "said_at": "2026-10-10T10:20",
    }
    for one, values in rows:
        values = {"seen": entry_versions(desk.round, [one.pk])[one.pk], **values}
        posted |= {f"p{one.pk}-{name}": text for name, text in values.items()}
    return {**posted, **other}


def of_unit(desk: IntakeDesk, unit: str) -> list[Project]:
    duties = Responsibility.objects.filter(
        role=ResponsibilityRole.LEAD, organisation_id=desk.people.organisations[unit]
    ).select_related("project")
    return [duty.project for duty in duties.order_by("project_id")]


def text_of(answer: Any) -> str:
    content = answer.content
    assert isinstance(content, bytes)
    return content.decode()


def october(desk: IntakeDesk) -> IntakeDesk:
    """The next round; the park has reported 900 in September."""
    desk.take(desk.file("九月.csv", report_line(PARK, "900", "P-1", 形象进度="主体")))
    return replace(desk, round=start_round(desk.office, desk.round.list, parse_period("2026-10")))


def test_a_units_missing_projects_stand_on_one_page(desk: IntakeDesk, office: Client) -> None:
    assert f'href="{address(desk)}"' in text_of(office.get(desk.url("intake")))
    told = text_of(office.get(address(desk)))
    for one in (PARK, ROAD):
        assert f"{one}的本年累计" in told
    assert "科创中心" not in told
    assert told.count('name="said_by"') == 1


def test_what_was_filled_in_is_saved_in_one_act_and_the_next_unit_follows(
    desk: IntakeDesk, office: Client
) -> None:
    said = {PARK: {"year": "900"}, ROAD: {"year": "50", "progress": "路基"}}
    rows = [(one, said.get(one.name, {})) for one in of_unit(desk, UNIT)]
    assert len(rows) == 3
    answer = office.post(address(desk), fields(desk, *rows))
    assert (answer.status_code, answer["Location"]) == (302, address(desk, OTHER_UNIT))
    assert (figure(PARK), figure(ROAD)) == (900, 50)
    assert ProxyNote.objects.filter(said_by="老王").count() == 2
    told = text_of(office.get(answer["Location"]))
    assert f"已代报“{PARK}”、“{ROAD}”，待单位确认；还有3个项目未报" in told


def test_a_bad_row_keeps_all_out_and_every_word_stays(desk: IntakeDesk, office: Client) -> None:
    rows = (project(PARK), {"year": "900"}), (project(ROAD), {"year": "-5", "progress": "我填的"})
    answer = office.post(address(desk), fields(desk, *rows))
    told = text_of(answer)
    assert answer.status_code == 422
    assert "没有保存" in told
    assert 'value="900"' in told
    assert 'value="-5"' in told
    assert "我填的" in told
    assert told.index("已核对，可以保存") < told.index("负数")
    assert told.index(f"{ROAD}的本年累计") > told.index("负数")
    assert 'value="老王"' in told
    assert not Report.objects.exists()


@pytest.mark.parametrize("wrong", [*ODD, "1e400", "nan", "1e5", "１ｅ５", "9_00", "٣"])
def test_an_amount_that_is_none_is_told_in_its_row(
    desk: IntakeDesk, office: Client, wrong: str
) -> None:
    rows = (project(PARK), {"year": "900"}), (project(ROAD), {"year": wrong})
    answer = office.post(address(desk), fields(desk, *rows))
    assert answer.status_code == 422
    assert "<script>alert" not in text_of(answer)
    assert not Report.objects.exists()


def test_full_width_signs_are_an_amount_like_others(desk: IntakeDesk, office: Client) -> None:
    rows = [(project(PARK), {"year": "９００．５"})]
    assert office.post(address(desk), fields(desk, *rows)).status_code == 302
    assert Figure.objects.get(is_current=True).value == 9_005_000


def test_what_is_too_long_or_not_to_be_seen_is_told_in_chinese(
    desk: IntakeDesk, office: Client
) -> None:
    rows = [(project(PARK), {"year": "9" * 41, "progress": "长" * 5_001, "reason": "长" * 301})]
    wrong = {"source": "import", "said_by": "老\u202e王"}
    told = text_of(office.post(address(desk), fields(desk, *rows, **wrong)))
    for words in ("不能超过40个字符", "形象进度不能超过5000字", "核实情况不能超过300字"):
        assert words in told, words
    assert "请选电话、群消息或纸质" in told
    assert "看不见的字符" in told
    assert not any(words in told for words in ("Ensure this", "Select a valid"))


def test_the_last_figure_is_shown_and_never_filled_in(desk: IntakeDesk) -> None:
    later = october(desk)
    office = later.browser()
    told = text_of(office.get(address(later)))
    assert '900<br><span class="faint">9月30日' in told
    assert 'value="900"' not in told
    assert "上期：主体" in told
    words_alone = fields(later, (project(PARK), {"progress": "主体封顶"}))
    asked = office.post(address(later), words_alone)
    assert (asked.status_code, "没有本年累计" in text_of(asked)) == (422, True)
    ticked = fields(later, (project(PARK), {"unchanged": "on"}))
    assert office.post(address(later), ticked).status_code == 302
    assert Report.objects.get(period=later.round.period).progress_text == "主体"


def test_the_plan_of_the_year_stands_beside_the_field(desk: IntakeDesk, office: Client) -> None:
    told = text_of(office.get(address(desk)))
    assert "年度计划" in told
    plan = AnnualPlan.objects.get(entry__project=project(PARK)).amount_yuan
    assert f'<td data-label="年度计划（万元）" class="num">{money(plan, "万元")}</td>' in told


def test_nothing_filled_in_is_not_saved(desk: IntakeDesk, office: Client) -> None:
    answer = office.post(address(desk), fields(desk, (project(PARK), {})))
    assert (answer.status_code, "没有填要代报的数" in text_of(answer)) == (422, True)
    assert office.post(address(desk), fields(desk)).status_code == 422


def test_what_is_stored_already_and_not_changed_is_not_stored_again(
    desk: IntakeDesk, office: Client
) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "900", "P-1")))
    url = desk.url("proxy-entry", project_id=project(PARK).pk)
    seen = entry_versions(desk.round, [project(PARK).pk])[project(PARK).pk]
    answer = office.post(url, fields(desk, seen=seen, year="900"))
    assert (answer.status_code, "与已存的一样" in text_of(answer)) == (422, True)
    assert Report.objects.get().state == ReportState.ACCEPTED


def test_one_row_changed_meanwhile_is_told_beside_it(desk: IntakeDesk, office: Client) -> None:
    rows = (project(PARK), {"year": "950"}), (project(ROAD), {"year": "50"})
    mine = fields(desk, *rows)
    desk.take(desk.file("甲.csv", report_line(PARK, "900", "P-1")))
    answer = office.post(address(desk), mine)
    told = text_of(answer)
    assert answer.status_code == 409
    assert "现存：本年累计900万元" in told
    assert 'value="950"' in told
    assert figure(ROAD) is None
    again = fields(desk, *rows)
    assert again[f"p{project(PARK).pk}-seen"] in told
    assert office.post(address(desk), again).status_code == 302
    assert (figure(PARK), figure(ROAD)) == (950, 50)


def test_a_round_locked_meanwhile_loses_no_typed_word(desk: IntakeDesk, office: Client) -> None:
    typed = fields(desk, (project(PARK), {"year": "900", "progress": "主体封顶"}))
    close_round(desk.people.console, desk.round.list, desk.round.period.parsed)
    refused = office.post(address(desk), typed)
    told = text_of(refused)
    assert (refused.status_code, "已锁定" in told, figure(PARK)) == (409, True, None)
    assert all(word in told for word in ('value="900"', "主体封顶", "老王"))


def test_after_the_last_unit_the_way_leads_to_the_round(desk: IntakeDesk, office: Client) -> None:
    assert office.get(desk.url("proxy"))["Location"] == address(desk)
    for unit in (UNIT, OTHER_UNIT):
        rows = [(one, {"year": "9"}) for one in of_unit(desk, unit)]
        answer = office.post(address(desk, unit), fields(desk, *rows))
        assert answer.status_code == 302, unit
    assert answer["Location"] == desk.url("proxy")
    told = text_of(office.get(desk.url("proxy")))
    assert "没有未报的项目了" in told
    assert f'href="{reverse("round", args=[desk.round.pk])}"' in told
    assert office.get(address(desk))["Location"] == desk.url("proxy")


def test_what_has_no_lead_unit_is_entered_too(desk: IntakeDesk, office: Client) -> None:
    with journal.act(desk.people.console, "more.made") as act:
        add_projects(act, desk, 1)
    url = desk.url("proxy-unit", organisation_id=0)
    assert "未定责任单位" in text_of(office.get(url))
    one = Project.objects.get(name="项目0")
    assert office.post(url, fields(desk, (one, {"year": "9"}))).status_code == 302
    assert figure("项目0") == 9


@pytest.mark.parametrize("number", [999_999, 2**70])
def test_an_unknown_unit_or_project_is_not_found(
    desk: IntakeDesk, office: Client, number: int
) -> None:
    assert office.get(desk.url("proxy-unit", organisation_id=number)).status_code == 404
    posted = {**fields(desk), f"p{number}-seen": "0.0.0", f"p{number}-year": "9"}
    assert office.post(address(desk), posted).status_code in (404, 422)
    assert not Report.objects.exists()


def test_who_it_is_that_confirms_is_told_and_noted(desk: IntakeDesk, office: Client) -> None:
    rows = (project(PARK), {"year": "900"}), (project(ROAD), {"year": "50"})
    assert "由责任单位确认" in text_of(office.get(address(desk)))
    office.post(address(desk), fields(desk, *rows))
    url = desk.url("proxied")
    assert f'href="{url}"' in text_of(office.get(desk.url("intake")))
    told = text_of(office.get(url))
    assert PARK in told
    assert "老王" in told
    park = Report.objects.get(project=project(PARK))
    empty = office.post(url, fields(desk, id=str(park.pk), text=""))
    assert (empty.status_code, f'value="{park.pk}" checked' in text_of(empty)) == (422, True)
    assert office.post(url, fields(desk, text="念过")).status_code == 422
    for odd in (*ODD[:2], "核对无误"):
        note = fields(desk, id="x", text=odd)
        assert office.post(url, note).status_code == 422
    done = office.post(url, fields(desk, id=str(park.pk), text="逐项念给对方听"))
    assert done.status_code == 302
    park.refresh_from_db()
    assert park.state == ReportState.ACCEPTED
    assert ProxyConfirmation.objects.get().report_id == park.pk
    again = office.post(url, fields(desk, id=str(park.pk), text="再记"))
    assert (again.status_code, 'value="再记"' in text_of(again)) == (409, True)
    assert "已不是代报待确认" in text_of(again)
    left = text_of(office.get(url))
    assert (ROAD in left, f">{PARK}<" in left) == (True, False)


def test_the_list_of_what_waits_is_searched_sorted_and_exported(
    desk: IntakeDesk, office: Client
) -> None:
    rows = (project(PARK), {"year": "900"}), (project(ROAD), {"year": "50"})
    office.post(address(desk), fields(desk, *rows))
    url = desk.url("proxied")
    found = text_of(office.get(url, {"q": PARK}))
    assert (f">{PARK}<" in found, f">{ROAD}<" in found) == (True, False)
    down = text_of(office.get(url, {"sort": "-year"}))
    assert down.index(f">{PARK}<") < down.index(f">{ROAD}<")
    unit = str(desk.people.organisations[OTHER_UNIT])
    assert "没有符合条件的项目" in text_of(office.get(url, {"unit": unit}))
    for odd in ODD:
        assert office.get(url, {"q": odd, "unit": odd, "sort": odd}).status_code == 200
    answer = office.get(desk.url("proxied-export"))
    assert answer.content[:2] == b"PK"
    close_round(desk.people.console, desk.round.list, desk.round.period.parsed)
    assert "记为单位已确认" not in text_of(office.get(url))


def test_others_enter_nothing(desk: IntakeDesk) -> None:
    for name, status in (("viewer", 403), ("outsider", 404)):
        client = desk.browser(name)
        for url in (address(desk), desk.url("proxy"), desk.url("proxied")):
            assert client.get(url).status_code == status, (name, url)
        posted = fields(desk, (project(PARK), {"year": "9"}))
        assert client.post(address(desk), posted).status_code == status
    assert not Report.objects.exists()


@pytest.mark.parametrize("name", ["proxy-unit", "proxy-entry", "proxied"])
def test_queries_do_not_grow_with_rows(desk: IntakeDesk, office: Client, name: str) -> None:
    ids = {
        "proxy-unit": {"organisation_id": desk.people.organisations[UNIT]},
        "proxy-entry": {"project_id": project(PARK).pk},
    }
    if name == "proxied":
        office.post(address(desk), fields(desk, (project(PARK), {"year": "900"})))
    url = desk.url(name, **ids.get(name, {}))
    few = _queries(office, url)
    with journal.act(desk.people.console, "more.made") as act:
        made = add_projects(act, desk, 12)
        for one in made:
            duty = Responsibility(
                project=one,
                role=ResponsibilityRole.LEAD,
                organisation_id=desk.people.organisations[UNIT],
                valid_from=SINCE,
            )
            act.write(duty)
    if name == "proxied":
        office.post(address(desk), fields(desk, *((one, {"year": "9"}) for one in made)))
        assert Report.objects.count() == 13
    assert _queries(office, url) == few
    assert few <= 12


def add_projects(act: journal.Act, desk: IntakeDesk, count: int) -> list[Project]:
    """More projects on the list, of no unit."""
    pattern = ListEntry.objects.filter(project__name=PARK).select_related("project")[0]
    found = []
    for n in range(count):
        made = Project(uid=f"{n:032x}", name=f"项目{n}", region_id=pattern.project.region_id)
        act.write(made)
        act.write(
            ListEntry(
                list_id=pattern.list_id,
                project=made,
                serial_no=100 + n,
                joined_on=pattern.joined_on,
            )
        )
        found.append(made)
    return found


def _queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_a_project_that_left_the_list_meanwhile_costs_no_typed_word(
    desk: IntakeDesk, office: Client
) -> None:
    park, road = project(PARK), project(ROAD)
    posted = fields(desk, (park, {"year": "900"}), (road, {"year": "70", "progress": "路基"}))
    entry = ListEntry.objects.get(project=park)
    leave_list(desk.office, entry.pk, left_on=clock.today(), reason="停建", version=entry.version)
    answer = office.post(address(desk), posted)
    told = text_of(answer)
    assert answer.status_code == 409
    assert "1个项目刚从清单调出，没有保存" in told
    assert 'value="70"' in told
    assert "路基" in told
    assert f"{PARK}的本年累计" not in told
    assert not Figure.objects.exists()
    saved = office.post(address(desk), fields(desk, (road, {"year": "70"})))
    assert saved.status_code == 302
    assert figure(ROAD) == 70
