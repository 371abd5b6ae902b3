"""A row with words and no figure: what it says is told, kept, and never lost."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from guatu.core.periods import parse_period
from guatu.engines.sheets import Cell
from guatu.reporting.models import Figure, IntakeQuestion, Report
from guatu.reporting.services.rounds import start_round
from guatu.reporting.tests.desk import PARK, ROAD, IntakeDesk, make_desk, project, question
from guatu.reporting.types import INVESTMENT, QuestionState
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import Cast
from tests.tables import report_line

PROBLEM = "初步设计批复滞后，影响招标"


@pytest.fixture
def desk(people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IntakeDesk:
    """October, with the park's figure of September."""
    monkeypatch.setenv("GUATU_TODAY", "2026-10-31")
    made = make_desk(people, tmp_path)
    made.take(made.file("甲9月.csv", report_line(PARK, "5636", "P-1")))
    return replace(made, round=start_round(made.office, made.round.list, parse_period("2026-10")))


def told(desk: IntakeDesk) -> str:
    text = desk.browser().get(desk.url("intake")).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def wan(name: str) -> int | None:
    found = Figure.objects.filter(
        project__name=name, as_of="2026-10-31", indicator__code=INVESTMENT, is_current=True
    ).first()
    return found.value // 10_000 if found and found.value is not None else None


def row(name: str, code: str, **cells: Cell) -> dict[str, Cell]:
    return report_line(name, "", code, **cells)


def test_the_row_is_quoted_and_last_months_figure_offered(desk: IntakeDesk) -> None:
    desk.take(
        desk.file("甲10月.csv", row(PARK, "P-1", 形象进度="电话报：同上月", 存在问题=PROBLEM))
    )
    text = told(desk)
    assert f"表中这一行写：形象进度“电话报：同上月”，存在问题“{PROBLEM}”" in text
    assert "按9月底累计数填（5,636万元）" in text
    assert "依据：表中写“电话报：同上月”" in text
    answer = desk.answer(question("no-figure"), "choice:0", htmx=True).content.decode()
    assert "入库1行" in answer
    report = Report.objects.get(project=project(PARK), period=desk.round.period)
    assert (wan(PARK), report.problem_text) == (5636, PROBLEM)
    assert Figure.objects.get(report=report, is_current=True).cell.endswith("!C2")


def test_a_dash_is_no_figure_either(desk: IntakeDesk) -> None:
    line = report_line(PARK, "—", "P-1", 形象进度="电话报：同上月")
    desk.take(desk.file("甲10月.csv", line))
    desk.answer(question("no-figure"), "choice:0")
    assert wan(PARK) == 5636
    assert not IntakeQuestion.objects.filter(state=QuestionState.OPEN).exists()


def test_a_figure_can_be_typed_and_the_words_stay(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲10月.csv", row(PARK, "P-1", 形象进度="主体封顶", 存在问题=PROBLEM)))
    asked = question("no-figure")
    assert desk.answer(asked, "figure", wan="5900").status_code == 302
    report = Report.objects.get(project=project(PARK), period=desk.round.period)
    assert (wan(PARK), report.progress_text) == (5900, "主体封顶")
    assert report.problem_text == PROBLEM


def test_nothing_stands_out_where_the_row_does_not_say_that_it_goes_on(desk: IntakeDesk) -> None:
    for words in ("主体封顶", "与上月相比进度加快", "同上月比有增加"):
        desk.take(desk.file("甲10月.csv", row(PARK, "P-1", 形象进度=words)))
        assert "按9月底累计数填（5,636万元）" in told(desk)
        assert "依据" not in told(desk), words


def test_without_a_figure_before_there_is_none_to_offer(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲10月.csv", row(ROAD, "P-2", 形象进度="电话报：同上月")))
    assert "累计数填" not in told(desk)
    assert 'name="wan"' in desk.browser().get(desk.url("intake")).content.decode()


def test_a_months_figure_alone_is_added_to_the_last_one(desk: IntakeDesk) -> None:
    cells: dict[str, Cell] = {"本月完成投资（万元）": "192"}
    desk.take(desk.file("甲10月.csv", row(PARK, "P-1", **cells)))
    assert "按9月底累计加本月数192万元填（5,828万元）" in told(desk)
    desk.answer(question("month-only"), "choice:0")
    assert wan(PARK) == 5828
    assert not IntakeQuestion.objects.filter(state=QuestionState.OPEN).exists()


def test_an_answer_is_taken_back_with_its_figure(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲10月.csv", row(PARK, "P-1", 形象进度="电话报：同上月")))
    answer = desk.answer(question("no-figure"), "choice:0", htmx=True).content.decode()
    url = re.search(r'hx-post="([^"]+/withdraw/)"', answer)
    assert url is not None
    desk.browser().post(url[1], {TOKEN_FIELD: new_token()})
    assert (wan(PARK), question("no-figure").project) == (None, project(PARK))


def test_entering_for_the_unit_begins_with_the_rows_own_words(desk: IntakeDesk) -> None:
    desk.take(
        desk.file("甲10月.csv", row(PARK, "P-1", 形象进度="电话报：同上月", 存在问题=PROBLEM))
    )
    url = desk.url("proxy-entry", project_id=project(PARK).pk)
    text = desk.browser().get(url).content.decode()
    assert f">{PROBLEM}</textarea>" in text
    assert ">电话报：同上月</textarea>" in text
    assert "表中存在问题写：" in text
    assert 'name="year" inputmode="decimal" maxlength="40" value=""' in text
