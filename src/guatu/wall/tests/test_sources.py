"""数据来源: what the office answered, what was told by phone, what stands in the unit's table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.core import clock
from guatu.reporting.models import IntakeAnswer, IntakeQuestion
from guatu.reporting.queries import entry_versions
from guatu.reporting.services.proxy import EnterFor, Said, enter_for_unit
from guatu.reporting.services.withdraw import withdraw_answer
from guatu.reporting.tests.desk import PARK, ROAD, IntakeDesk, make_desk, project, question
from guatu.reporting.types import QuestionState, ReportSource
from tests.factories import UNIT, Cast
from tests.tables import report_line

WAN = 10_000


@pytest.fixture
def desk(people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IntakeDesk:
    monkeypatch.setenv("GUATU_TODAY", "2026-10-10")
    return make_desk(people, tmp_path)


def the_question() -> IntakeQuestion:
    """The only open one."""
    return IntakeQuestion.objects.get(state=QuestionState.OPEN)


def page(desk: IntakeDesk, name: str = PARK, who: str = "office") -> str:
    return desk.browser(who).get(f"/projects/{project(name).pk}/figures/").content.decode()


def rows(text: str) -> list[str]:
    body = text[text.index("<tbody") :]
    cells = re.findall(r"<tr.*?</tr>", body, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in cells]


def test_a_number_that_the_office_filled_in_says_so(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "三成", "P-1")))
    asked = the_question()
    assert desk.answer(asked, "figure", wan="5000", basis="电话问王科长").status_code == 302
    (row,) = rows(page(desk))
    assert "项目办答复填入（office，2026年10月10日" in row
    assert "凭电话问王科长" in row
    assert "单位，表格" not in row
    assert "5,000" in row
    assert "有效" in row


def test_a_number_of_an_answer_that_was_taken_back_says_so(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "三成", "P-1")))
    desk.answer(the_question(), "figure", wan="5000")
    withdraw_answer(desk.office, desk.round, IntakeAnswer.objects.get().pk)
    desk.answer(the_question(), "figure", wan="10600")
    now, before = rows(page(desk))
    assert ("10,600" in now, "有效" in now) == (True, True)
    assert ("5,000" in before, "答复已撤回（office，" in before) == (True, True)
    assert "已被更正" not in before
    assert "凭对“写的是约数”的答复" in before


def test_a_file_sent_again_with_the_same_words_is_filled_in_from_the_answer(
    desk: IntakeDesk,
) -> None:
    desk.take(desk.file(f"{UNIT}.csv", report_line(PARK, "三成", "P-1")))
    desk.answer(the_question(), "figure", wan="5000")
    desk.take(desk.file(f"{UNIT}更正.csv", report_line(PARK, "900", "P-1")))
    desk.take(
        desk.file(f"{UNIT}重报.csv", report_line(PARK, "三成", "P-1"), report_line(ROAD, "1"))
    )
    told = rows(page(desk))
    assert ["项目办答复填入" in row for row in told] == [True, False, True]
    assert "单位，表格" in told[1]
    assert "已被更正" in told[2]


def test_what_an_answer_let_in_is_still_the_units_own_number(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line("江北材料园", "900")))
    desk.answer(question("unknown-project"), "project", project=str(project(PARK).pk))
    (row,) = rows(page(desk))
    assert "单位，表格；“是哪个项目”由项目办答复（office，" in row


def test_what_was_told_by_phone_names_who_told_it(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "800", "P-1")))
    park = project(PARK)
    said = Said(ReportSource.PHONE, "市发改委赵敏", clock.now())
    entry = EnterFor(park, entry_versions(desk.round, [park.pk])[park.pk], year_yuan=900 * WAN)
    assert not enter_for_unit(desk.office, desk.round, said, [entry]).is_refused
    now, before = rows(page(desk))
    assert "代报：电话，报送人市发改委赵敏，2026年10月10日" in now
    assert "单位，表格" in before  # the table's number did not come by phone


def test_the_file_is_a_link_for_those_who_may(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "900", "P-1")))
    office, viewer = page(desk), page(desk, who="viewer")
    link = re.search(r'<a download href="([^"]+)"[^>]*>甲.csv</a>', office)
    assert link is not None
    assert desk.browser().get(link[1]).status_code == 200
    assert ("甲.csv" in viewer, "<a download" in viewer) == (True, False)
    url = f"/projects/{project(PARK).pk}/figures/export/"
    assert desk.browser().get(url).status_code == 200


def test_sources_cost_the_same_for_many_figures(desk: IntakeDesk) -> None:
    browser, url = desk.browser(), f"/projects/{project(PARK).pk}/figures/"
    counts: list[int] = []
    for wan in ("三成", "四成", "五成"):
        desk.take(desk.file(f"甲{wan}.csv", report_line(PARK, wan, "P-1")))
        desk.answer(the_question(), "figure", wan=str(1000 + len(counts)))
        browser.get(url)
        with CaptureQueriesContext(connection) as captured:
            browser.get(url)
        counts.append(len(captured))
    assert len(set(counts)) == 1
    assert counts[0] <= 12
