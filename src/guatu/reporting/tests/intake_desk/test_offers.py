from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.test import Client

from guatu.core.periods import parse_period
from guatu.journal import services as journal
from guatu.ledger.models import ListEntry, Project, Responsibility
from guatu.ledger.types import ResponsibilityRole
from guatu.reporting.models import (
    IntakeQuestion,
)
from guatu.reporting.services.deliveries import Upload
from guatu.reporting.services.rounds import start_round
from guatu.reporting.tests.desk import (
    PARK,
    PLANT,
    ROAD,
    IntakeDesk,
    figure,
    page,
    project,
    question,
    question_forms,
)
from tests.factories import OTHER_UNIT, UNIT
from tests.tables import (
    project_row,
    put_list,
    put_table,
    report_line,
    take_list,
)

SCRIPT = "<script>alert(1)</script>"


def test_no_answer_stands_out_without_evidence(desk: IntakeDesk, office: Client) -> None:
    lines = (
        report_line(PARK, "约900", "P-1"),
        report_line("江北材料园", "9"),
        report_line(ROAD, "-5", "P-2"),
        report_line(PLANT, "70"),
    )
    desk.take(desk.file("甲.csv", *lines))
    forms = question_forms(page(desk, office))
    assert len(forms) == 4
    for form in forms:
        assert "btn-primary" not in form, form
        assert form.count("<details") == 1
        assert form.index("<details") < form.index('value="dismiss')


def test_a_near_project_is_one_press_away(desk: IntakeDesk, office: Client) -> None:
    desk.take(desk.file("甲.csv", report_line("江北新材料产业园区", "900")))
    asked = question("unknown-project")
    pressed = f"project:{project(PARK).pk}"
    assert f'value="{pressed}"' in page(desk, office)
    assert desk.answer(asked, pressed).status_code == 302
    assert figure(PARK) == 900


def offers(form: str) -> list[tuple[str, bool]]:
    """The words of each answer that one press gives, and whether it stands out."""
    found = re.findall(
        r'btn-(outline-)?primary" name="answer" value="(?:project|choice):\d+">([^<]+)', form
    )
    return [(words, not outline) for outline, words in found]


def test_the_senders_own_project_comes_first_and_stands_out(
    desk: IntakeDesk, office: Client
) -> None:
    desk.take(desk.file(f"{OTHER_UNIT}.csv", report_line(PLANT, "70")))
    desk.take(desk.file(f"{UNIT}.csv", report_line(PLANT, "80")))
    mine, theirs = f"是{PLANT}（{UNIT}）", f"是{PLANT}（{OTHER_UNIT}）"
    found = {tuple(offers(form)) for form in question_forms(page(desk, office))}
    assert found == {
        ((theirs, True), (mine, False)),
        ((mine, True), (theirs, False)),
    }
    assert page(desk, office).count("依据：发送单位自己的项目") == 2


def test_of_two_own_projects_none_stands_out(desk: IntakeDesk, office: Client) -> None:
    desk.take(desk.file(f"{UNIT}.csv", report_line("滨江新材料产业园", "70")))
    (form,) = question_forms(page(desk, office))
    assert offers(form)[0] == (f"是{PARK}（{UNIT}）", True)
    with journal.act(desk.people.console, "more.made") as act:
        pattern = Project.objects.get(name=PARK)
        made = Project(uid="f" * 32, name="滨江材料产业园", region_id=pattern.region_id)
        act.write(made)
        entry = ListEntry.objects.get(project=pattern)
        act.write(
            ListEntry(list_id=entry.list_id, project=made, serial_no=99, joined_on=entry.joined_on)
        )
        lead = Responsibility.objects.get(project=pattern, role=ResponsibilityRole.LEAD)
        act.write(
            Responsibility(
                project=made,
                role=ResponsibilityRole.LEAD,
                organisation_id=lead.organisation_id,
                valid_from=lead.valid_from,
            )
        )
    desk.take(desk.file(f"{UNIT}9月.csv", report_line("滨江新材料产业园二", "70")))
    form = question_forms(page(desk, office))[-1]
    assert len(offers(form)) == 2
    assert not any(stands_out for _, stands_out in offers(form))


def test_a_project_with_a_row_of_its_own_is_not_offered_for_another(
    desk: IntakeDesk, office: Client
) -> None:
    lines = report_line(PLANT, "70", 所属地区="江北区"), report_line(PLANT, "80")
    desk.take(desk.file(f"{OTHER_UNIT}.csv", *lines))
    (form,) = question_forms(page(desk, office))
    assert offers(form) == [(f"是{PLANT}（{OTHER_UNIT}）", True)]


def test_the_unit_that_leads_the_project_stands_out_of_two_senders(
    desk: IntakeDesk, office: Client
) -> None:
    desk.take(desk.file(f"{OTHER_UNIT}.csv", report_line(PARK, "900", "P-1")))
    desk.take(desk.file(f"{UNIT}.csv", report_line(PARK, "950", "P-1")))
    (form,) = question_forms(page(desk, office))
    assert [words for words, stands_out in offers(form) if stands_out] == [
        f"以{UNIT}.csv：950万元为准"
    ]


def test_a_project_is_found_by_several_words_with_unit_and_number(
    desk: IntakeDesk, office: Client
) -> None:
    desk.take(desk.file("九月.csv", report_line(PARK, "900", "P-1"), report_line("江北材", "5")))
    october = start_round(desk.office, desk.round.list, parse_period("2026-10"))
    later = replace(desk, round=october)
    later.take(later.file("十月.csv", report_line(ROAD, "950", "P-2"), report_line("路", "5")))
    url = later.url("intake-projects")
    found = office.get(url, {"project_text": "产业园　江北"}).content.decode()
    assert f">是{PARK}（{UNIT}，9月底累计900万元，本期未报）</button>" in found
    assert "button" not in office.get(url, {"project_text": "产业园 临江"}).content.decode()
    both = office.get(url, {"project_text": "江"}).content.decode()
    assert both.index(PARK) < both.index(f"是{ROAD}（{UNIT}）")  # it has no figure yet
    asked = IntakeQuestion.objects.get(period=october.period, code="unknown-project")
    tried = later.answer(asked, "project", project_text="产业园 江北").content.decode()
    assert f"是{PARK}（{UNIT}，9月底累计900万元，本期未报）" in tried


def test_names_that_share_only_common_words_are_no_look_alikes(
    desk: IntakeDesk, office: Client
) -> None:
    take_list(
        desk.people.console,
        put_list(
            desk.folder / "二.csv",
            project_row("城东智慧停车场工程", "S-1"),
        ),
    )
    desk.take(desk.file("甲.csv", report_line("智慧水厂提标工程", "900")))
    (form,) = question_forms(page(desk, office))
    assert "停车场" not in form
    assert offers(form) == []
    assert 'name="project_text"' in form


def test_the_evidence_of_a_unit_is_the_same_projects_last_figure(
    desk: IntakeDesk, office: Client
) -> None:
    first = desk.file(
        "九月.csv", report_line(PARK, "3166", "P-1"), report_line(ROAD, "8202", "P-2")
    )
    desk.take(first)
    october = start_round(desk.office, desk.round.list, parse_period("2026-10"))
    later = replace(desk, round=october)
    head = ("项目名称", "本年累计完成投资")
    path = put_table(desk.folder / "十月.csv", head, (ROAD, "9522"), (PARK, "3500"))
    later.take(Upload("十月.csv", path.read_bytes()))
    (form,) = question_forms(later.browser().get(later.url("intake")).content.decode())
    assert "万元（即9,522万元）" in form
    assert "依据：与上期8,202万元相称" in form
    assert "3,166" not in form


@pytest.mark.parametrize(
    ("park", "why", "known"),
    [("900", "依据：表中2行与9月的数相同", ""), ("901", "", "1行与9月的数相同")],
)
def test_a_table_of_another_month_is_compared_with_that_month(
    desk: IntakeDesk, office: Client, park: str, why: str, known: str
) -> None:
    lines = report_line(PARK, "900", "P-1"), report_line(ROAD, "50", "P-2")
    desk.take(desk.file("九月.csv", *lines))
    october = start_round(desk.office, desk.round.list, parse_period("2026-10"))
    later = replace(desk, round=october)
    head = ("项目名称", "项目代码", "本年累计完成投资（万元）")
    title = ("2026年9月重点项目进度表", "", "")
    path = put_table(desk.folder / "甲.csv", title, head, (PARK, "P-1", park), (ROAD, "P-2", "50"))
    later.take(Upload("甲.csv", path.read_bytes()))
    (form,) = question_forms(later.browser().get(later.url("intake")).content.decode())
    text = " ".join(re.sub(r"<[^>]+>", " ", form).split())
    assert f"表中 2行合计{int(park) + 50}万元" in text
    assert ("依据" in text) == bool(why)
    assert why in text
    assert known in text
    assert offers(form)[0] == ("发错了，不采用", bool(why))
