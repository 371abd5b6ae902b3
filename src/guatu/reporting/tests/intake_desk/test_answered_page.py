from __future__ import annotations

import re

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guatu.assessment.services.close import close_round
from guatu.core.errors import Conflict
from guatu.reporting.models import IntakeAnswer, IntakeQuestion
from guatu.reporting.services.answers import GiveAnswer, answer_question
from guatu.reporting.services.deliveries import Upload
from guatu.reporting.services.withdraw import withdraw_answer
from guatu.reporting.tests.desk import (
    PARK,
    ROAD,
    IntakeDesk,
    figure,
    project,
    question,
)
from guatu.reporting.types import AnswerKind, QuestionState
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.tables import put_table, report_line

SCRIPT = "<script>alert(1)</script>"


def page(desk: IntakeDesk, client: Client, **query: str) -> str:
    text = client.get(desk.url("intake-answered"), query).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def post(desk: IntakeDesk, client: Client, answer_id: int) -> int:
    url = desk.url("intake-withdraw", answer_id=answer_id)
    return client.post(url, {TOKEN_FIELD: new_token()}).status_code


def test_answers_are_seen_again_with_what_they_changed(desk: IntakeDesk, office: Client) -> None:
    assert "还没有答复过疑问" in page(desk, office)
    desk.take(
        desk.file("甲.csv", report_line("江北材料园", "900"), report_line(ROAD, "约5", "P-2"))
    )
    desk.answer(question("unknown-project"), f"project:{project(PARK).pk}")
    desk.answer(question("approximate"), "dismiss", why_not=f"单位{SCRIPT}重报")
    text = page(desk, office)
    for words in (
        "江北材料园",
        f"是{PARK}",
        f"{PARK}：本年累计完成投资（2026年9月）无→900万元",
        "记住别名“江北材料园”",
        "不采用：单位",
        "没有改数",
        "第3行 C3",
        "10月10日",
        "office",
    ):
        assert words in text, words
    assert SCRIPT not in office.get(desk.url("intake-answered")).content.decode()
    assert desk.url("intake-answered") in office.get(desk.url("intake")).content.decode()


def test_every_kind_of_answer_is_told_in_words(desk: IntakeDesk, office: Client) -> None:
    head = ("项目名称", "本年累计完成投资")
    path = put_table(desk.folder / "甲.csv", head, (PARK, "900"))
    desk.take(Upload("甲.csv", path.read_bytes()))
    desk.answer(question("unit-missing"), "choice:0")
    doubled = [report_line("科创中心", amount, "P-5") for amount in ("7", "8")]
    desk.take(
        desk.file("乙.csv", report_line(ROAD, "约5", "P-2"), *doubled),
        desk.file("丙.csv", report_line(PARK, "950", "P-1", 年度计划完成率="7%")),
    )
    desk.answer(question("approximate"), "figure", wan="5.5")
    desk.answer(question("duplicate-row"), "choice:1")
    for asked in IntakeQuestion.objects.filter(state=QuestionState.OPEN, code="two-senders"):
        desk.answer(asked, "choice:1")
    for asked in IntakeQuestion.objects.filter(state=QuestionState.OPEN, code="rate-contradicts"):
        desk.answer(asked, "accept", reason="电话核实")
    text = page(desk, office)
    kinds = set(IntakeAnswer.objects.values_list("kind", flat=True))
    assert kinds >= {"unit", "cell", "row", "sender"}
    for words in ("单位是万元", "5.5万元", "以乙.csv第4行：8万元为准", "丙.csv：950万元为准"):
        assert words in text, words


def test_the_list_is_searched_narrowed_sorted_and_exported(
    desk: IntakeDesk, office: Client
) -> None:
    for name, unknown in (("甲", "没有的一"), ("乙", "没有的二")):
        desk.take(desk.file(f"{name}.csv", report_line(unknown, "1")))
        desk.answer(question("unknown-project"), "dismiss:for-good", why_not="不是本清单项目")
    newest = IntakeAnswer.objects.latest("pk")
    withdraw_answer(desk.office, desk.round, newest.pk)
    for query, shown in (
        ({"q": "没有的一"}, (True, False)),
        ({"file": "乙.csv"}, (False, True)),
        ({"state": "held"}, (True, False)),
        ({"state": "withdrawn"}, (False, True)),
        ({"state": "x", "sort": "nothing", "page": "99"}, (True, True)),
        ({"q": "长" * 10_000}, (False, False)),
    ):
        text = page(desk, office, **query)
        assert (
            "是没有的一" in text or "没有的一 是哪个" in text,
            "没有的二 是哪个" in text,
        ) == shown
    sorted_by_file = page(desk, office, sort="file")
    assert sorted_by_file.index("没有的二 是哪个") < sorted_by_file.index("没有的一 是哪个")
    assert "以后各期也不再问" in text or "以后各期也不再问" in page(desk, office)
    assert office.get(desk.url("intake-answered-export")).content[:2] == b"PK"


def test_an_answer_is_taken_back_by_its_button(desk: IntakeDesk, office: Client) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "约900", "P-1")))
    desk.answer(question("approximate"), "figure", wan="905")
    answer = IntakeAnswer.objects.get()
    url = desk.url("intake-withdraw", answer_id=answer.pk)
    text = office.get(desk.url("intake-answered")).content.decode()
    assert f'formaction="{url}"' in text
    assert f'data-confirm="撤回对“{PARK}”的答复（905万元）' in text
    assert office.get(url).status_code == 405
    assert desk.browser("viewer").post(url, {TOKEN_FIELD: new_token()}).status_code == 403
    assert desk.browser("outsider").post(url, {TOKEN_FIELD: new_token()}).status_code == 404
    assert office.post(url, {}).status_code == 422
    assert figure(PARK) == 905
    token = new_token()
    for _ in range(2):
        assert office.post(url, {TOKEN_FIELD: token}).status_code == 302
    assert (figure(PARK), question("approximate").state) == (None, "open")
    assert "已撤回（office" in page(desk, office)
    assert post(desk, office, answer.pk) == 409
    for number in (999_999, 2**70):
        assert post(desk, office, number) == 404


def test_in_a_locked_round_nothing_is_taken_back(desk: IntakeDesk, office: Client) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "约900", "P-1")))
    desk.answer(question("approximate"), "figure", wan="905")
    close_round(desk.people.console, desk.round.list, desk.round.period.parsed)
    text = page(desk, office)
    assert ("905万元" in text, "答复不能再撤回" in text, "撤回 </" in text) == (True, True, False)
    assert "formaction" not in office.get(desk.url("intake-answered")).content.decode()
    assert post(desk, office, IntakeAnswer.objects.get().pk) == 409


def test_queries_do_not_grow_with_answers(desk: IntakeDesk, office: Client) -> None:
    def answered(name: str, count: int) -> int:
        lines = [report_line(f"{name}没有的{n}", "1") for n in range(count)]
        desk.take(desk.file(f"{name}.csv", *lines, report_line(ROAD, f"约{count}", "P-2")))
        for one in IntakeQuestion.objects.filter(state=QuestionState.OPEN):
            command = GiveAnswer(AnswerKind.DISMISS, "", "不是本清单项目")
            if one.code == "approximate":
                command = GiveAnswer(AnswerKind.CELL, f"{count}0000")
            try:
                answer_question(desk.office, desk.round, one.pk, command)
            except Conflict:
                continue
        with CaptureQueriesContext(connection) as found:
            assert office.get(desk.url("intake-answered")).status_code == 200
        return len(found)

    few = answered("甲", 1)
    many = answered("乙", 12)
    assert many <= few
    assert many <= 12
