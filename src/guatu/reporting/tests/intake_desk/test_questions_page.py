from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.test import Client

from guatu.core.periods import parse_period
from guatu.files.services import blob_path
from guatu.reporting.intake.asking import words_of
from guatu.reporting.intake.facts import Facts
from guatu.reporting.models import (
    IntakeAnswer,
    IntakeQuestion,
)
from guatu.reporting.queries import Standing, standings
from guatu.reporting.services.deliveries import Upload
from guatu.reporting.services.rounds import start_round
from guatu.reporting.tests.desk import (
    PARK,
    ROAD,
    IntakeDesk,
    figure,
    page,
    project,
    question,
)
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.tables import (
    put_table,
    put_workbook,
    report_line,
)

SCRIPT = "<script>alert(1)</script>"


def test_a_question_is_answered_in_place(desk: IntakeDesk, office: Client) -> None:
    desk.take(desk.file("甲.csv", report_line("江北材料园", "900")))
    asked = question("unknown-project")
    found = office.get(desk.url("intake-projects"), {"project_text": "材料"}).content.decode()
    assert f'value="project:{project(PARK).pk}"' in found
    wrong = desk.answer(asked, "project", project_text="材料")
    assert (wrong.status_code, PARK in wrong.content.decode()) == (422, True)
    right = desk.answer(asked, "project", project=str(project(PARK).pk))
    assert (right.status_code, figure(PARK)) == (302, 900)
    assert desk.answer(asked, "project", project="1").status_code == 409


def test_an_answer_by_htmx_says_what_happened(desk: IntakeDesk, office: Client) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "约900", "P-1")))
    url = desk.url("intake-answer", question_id=question("approximate").pk)
    headers = {"HX-Request": "true"}
    for n, (fields, status) in enumerate(
        (
            ({"answer": "figure", "wan": "九百"}, 422),
            ({"answer": "figure", "wan": SCRIPT}, 422),
            ({"answer": "choice:99"}, 422),
            ({"answer": ""}, 422),
            ({"answer": "dismiss", "why_not": ""}, 422),
            ({"answer": "", "wan": "900", "why_not": "两样"}, 422),
            ({"answer": "figure", "wan": "900"}, 200),
        )
    ):
        answer = office.post(url, {TOKEN_FIELD: f"{new_token()}{n}", **fields}, headers=headers)
        assert answer.status_code == status, fields
        assert "<html" not in answer.content.decode()
    assert "入库1行" in answer.content.decode()
    assert IntakeAnswer.objects.get().value == "9000000"


def test_a_question_of_an_amount_says_the_column_and_the_last_figure(
    desk: IntakeDesk, office: Client
) -> None:
    desk.take(desk.file("九月.csv", report_line(PARK, "900", "P-1")))
    october = start_round(desk.office, desk.round.list, parse_period("2026-10"))
    later = replace(desk, round=october)
    later.take(desk.file("十月.csv", report_line(PARK, "正在统计", "P-1")))
    told = " ".join(re.sub(r"<[^>]+>", " ", page(later, office)).split())
    assert "9月底累计 900万元" in told
    assert "（本年累计完成投资）" in told


def test_a_missing_unit_is_asked_once_for_its_column(desk: IntakeDesk, office: Client) -> None:
    head = ("项目名称", "本年累计完成投资")
    path = put_table(desk.folder / "甲.csv", head, (PARK, "9000.0"), (ROAD, "100"))
    desk.take(Upload("甲.csv", path.read_bytes()))
    text = page(desk, office)
    assert text.count("金额是什么单位？") == 1
    assert f"{PARK}、{ROAD}，共2行" in text
    assert "万元（即9,000万元）" in text
    assert "疑问（1条待答复，0条待核实）" in text
    assert standings([desk.round])[desk.round.pk].to_answer == 1
    first = IntakeQuestion.objects.order_by("pk")[0]
    assert desk.answer(first, "choice:0").status_code == 302
    assert (figure(PARK), figure(ROAD)) == (9000, 100)
    assert standings([desk.round])[desk.round.pk] == Standing(5, 2, 0, 0, 0)


def test_a_question_says_what_the_cell_shows_and_what_to_do(
    desk: IntakeDesk, office: Client
) -> None:
    head = ("项目名称", "项目代码", "本年累计完成投资（万元）", "年度计划完成率")
    path = desk.folder / "甲.xlsx"
    put_workbook(
        path,
        head,
        (PARK, 2.40199012104051e19, 900, None),
        (ROAD, "P-2", 64_830_000, None),
        ("科创中心", "P-5", 805, "905%"),
    )
    desk.take(Upload("甲.xlsx", path.read_bytes()))
    text = page(desk, office)
    for words in (
        "代码已变成2.40E+19，末几位丢失",
        "64,830,000万元（6,483.00亿元）",
        "完成率写905.0%，按所报数字是6.7%",
    ):
        assert words in text, words
    for words in ("e+19", f"{PARK}：", "64830000万元", "表中写905.0%", "Sheet1"):
        assert words not in text, words


@pytest.mark.parametrize(
    ("code", "raw", "words"),
    [
        ("fraction-of-yuan", "3522.12345", "按四舍五入到元记"),
        ("formula-without-value", "", "保存后重发"),
        ("cell-error", "#REF!", "改正公式后重发"),
        ("no-figure", "", "请问清后填数或代报"),
    ],
)
def test_every_message_says_what_to_do(code: str, raw: str, words: str) -> None:
    assert words in words_of(code, Facts(name=PARK, field="本年累计完成投资", raw=raw), "")


def test_the_enter_key_answers_with_what_was_typed(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "约900", "P-1")))
    assert desk.answer(question("approximate"), "", wan="905").status_code == 302
    assert figure(PARK) == 905


def test_a_file_shows_what_is_asked_about_it_now(desk: IntakeDesk, office: Client) -> None:
    line = report_line(ROAD, "100", "P-2", 年度计划完成率="90%")
    desk.take(desk.file("甲.csv", report_line(PARK, "约900", "P-1"), line))
    assert "现在待答复1、待核实1" in page(desk, office)
    assert desk.answer(question("approximate"), "figure", wan="900").status_code == 302
    text = page(desk, office)
    assert "现在待答复0、待核实1" in text
    assert "部分待答复" not in text


def test_each_question_leads_to_file_sheet_and_row(desk: IntakeDesk, office: Client) -> None:
    path = desk.folder / "甲.xlsx"
    head = ("项目名称", "项目代码", "本年累计完成投资（万元）")
    put_workbook(path, head, (ROAD, "P-2", 5), (PARK, "P-1", "约900"))
    desk.take(Upload("甲.xlsx", path.read_bytes()))
    asked = question("approximate")
    text = page(desk, office)
    url = desk.url("intake-original", blob_id=asked.imported.blob_id)
    assert f'<a download href="{url}" aria-label="下载原件甲.xlsx">甲.xlsx</a> ' in text
    assert f"{asked.sheet} 第{asked.row_no}行 {asked.cell}（本年累计完成投资）" in text
    assert asked.sheet
    answer = office.get(url)
    assert answer.content == path.read_bytes()
    assert answer["Content-Disposition"].startswith("attachment;")
    assert desk.browser("viewer").get(url).status_code == 403
    assert desk.browser("outsider").get(url).status_code == 404
    blob_path(asked.imported.blob.sm3).unlink()
    lost = office.get(url)
    assert (lost.status_code, "文件库里没有这个文件" in lost.content.decode()) == (404, True)


def test_after_an_answer_sums_files_and_new_questions_follow_at_once(
    desk: IntakeDesk, office: Client
) -> None:
    line = report_line("江北材料园", "900", 年度计划完成率="90%")
    desk.take(desk.file("甲.csv", line, report_line(ROAD, "约5", "P-2")))
    asked = question("unknown-project")
    answer = desk.answer(asked, f"project:{project(PARK).pk}", htmx=True)
    told = answer.content.decode()
    raised = question("rate-contradicts")
    fresh = told[told.index('hx-swap-oob="beforeend:#asked-verify"') :]
    assert desk.url("intake-answer", question_id=raised.pk) in fresh
    assert 'id="desk-numbers" hx-swap-oob="true"' in told
    assert '1<span class="unit"> 条待答复，</span>1<span class="unit"> 条待核实' in told
    assert "疑问（1条待答复，1条待核实）" in told
    row = re.search(
        r'<template><tr id="file-\d+" hx-swap-oob="true">.*?</template>', told, re.DOTALL
    )
    assert row is not None
    assert "部分待答复" in row[0]
    missing = told[told.index('<section class="panel" id="missing"') :]
    assert 'hx-swap-oob="true"' in missing[:120]
    assert f"<li>{PARK}</li>" not in missing
    assert "现在待答复1、待核实1" in told
    assert told.index(f'id="question-{asked.pk}"') < told.index("hx-swap-oob")
    assert "<html" not in told


def test_what_an_answer_settles_besides_leaves_the_page(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "约900", "P-1", 实际开工时间="不清楚")))
    first, second = IntakeQuestion.objects.order_by("pk")
    told = desk.answer(first, "dismiss", htmx=True, why_not="单位要重报").content.decode()
    assert f'<div id="question-{second.pk}" hx-swap-oob="delete"></div>' in told
    assert f'<div id="question-{first.pk}" hx-swap-oob' not in told
    assert "疑问（0条待答复，0条待核实）" in told


def test_an_answer_is_taken_back_in_place(desk: IntakeDesk, office: Client) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "约900", "P-1")))
    asked = question("approximate")
    told = desk.answer(asked, "figure", htmx=True, wan="905").content.decode()
    url = re.search(r'hx-post="([^"]+/withdraw/)"', told)
    assert url is not None
    answer = office.post(url[1], {TOKEN_FIELD: new_token()}, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert "已撤回，1条疑问重新打开，取回1个数。" in text
    assert text.count(f'id="question-{asked.pk}"') == 1
    assert "疑问（1条待答复，0条待核实）" in text
    assert figure(PARK) is None


def test_what_was_answered_stands_in_its_place(desk: IntakeDesk, office: Client) -> None:
    lines = report_line(PARK, "约900", "P-1"), report_line(ROAD, "-5", "P-2")
    desk.take(desk.file("甲.csv", *lines, report_line("江北材料园", "9")))
    told = desk.answer(question("approximate"), "figure", htmx=True, wan="905", basis="电话")
    assert "已答复：905万元（电话），入库1行。" in told.content.decode()
    told = desk.answer(question("negative-figure"), "dismiss", htmx=True, why_not="单位要重报")
    assert "已答复：不采用：单位要重报。" in told.content.decode()
    asked = question("unknown-project")
    url = desk.url("intake-answer", question_id=asked.pk)
    pressed = {TOKEN_FIELD: new_token(), "answer": f"project:{project(PARK).pk}"}
    office.post(url, pressed)
    assert f"已答复：是{PARK}" in page(desk, office)


def test_a_wrong_entry_keeps_what_was_known_beside_it(desk: IntakeDesk) -> None:
    desk.take(desk.file("九月.csv", report_line(PARK, "900", "P-1")))
    october = start_round(desk.office, desk.round.list, parse_period("2026-10"))
    later = replace(desk, round=october)
    later.take(desk.file("十月.csv", report_line(PARK, "正在统计", "P-1")))
    asked = IntakeQuestion.objects.get(period=october.period)
    for htmx in (True, False):
        told = later.answer(asked, "figure", htmx=htmx, wan="九百").content.decode()
        text = " ".join(re.sub(r"<[^>]+>", " ", told).split())
        assert "9月底累计 900万元" in text
        assert "<details open" not in told
    assert "<details open" in later.answer(asked, "dismiss", htmx=True).content.decode()


def test_what_is_counted_is_said_and_follows_the_answers(desk: IntakeDesk, office: Client) -> None:
    lines = report_line(PARK, "约900", "P-1"), report_line(ROAD, "5", "P-2")
    desk.take(desk.file("甲.csv", *lines))
    assert "收下时新增1行、变更0行、不变0行；现在待答复1" in page(desk, office)
    told = desk.answer(question("approximate"), "figure", htmx=True, wan="900").content.decode()
    assert "收下时新增1行、变更0行、不变0行，答复后又入库1行；现在待答复0" in told
    assert "答复后+1" in told
    url = re.search(r'hx-post="([^"]+/withdraw/)"', told)
    assert url is not None
    office.post(url[1], {TOKEN_FIELD: new_token()})
    assert "答复后" not in page(desk, office)
