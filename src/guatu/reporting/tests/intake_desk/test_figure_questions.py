"""Questions to figures: asked when figures come, once; answered once; gone when mended."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guatu.core.errors import BadInput, Conflict, NotAllowed, RoundClosed
from guatu.journal import services as journal
from guatu.journal.queries import verify
from guatu.ledger.models import RecordedValue
from guatu.ledger.types import SubjectKind
from guatu.organisation.services import change_settings
from guatu.reporting.asking.limits import limits_told
from guatu.reporting.asking.models import FigureQuestion
from guatu.reporting.models import Report
from guatu.reporting.services.figure_questions import answer_question, ask_about, ask_round
from guatu.reporting.tests.desk import PARK, ROAD, IntakeDesk, project
from guatu.reporting.types import FigureQuestionState, ReportState, RoundState
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.tables import report_line

SCRIPT = "<script>alert(1)</script>"
OPEN, ANSWERED, WITHDRAWN = FigureQuestionState


def contract(desk: IntakeDesk, wan: int, on: date = date(2026, 1, 1)) -> None:
    """Record what the park's contracts come to."""
    value(desk, "合同金额", wan, on)


def value(desk: IntakeDesk, measure: str, wan: int, on: date = date(2026, 1, 1)) -> None:
    """Record an amount about the park."""
    with journal.act(desk.office, "value.recorded") as act:
        act.write(
            RecordedValue(
                subject=SubjectKind.PROJECT,
                project=project(PARK),
                measure=measure,
                form="yuan",
                value=str(wan * 10_000),
                on=on,
                by="office",
                at=act.at,
            )
        )


def take(desk: IntakeDesk, wan: str, name: str = "甲.csv", **more: str) -> None:
    desk.take(desk.file(name, report_line(PARK, wan, "P-1", **more)))


def asked() -> FigureQuestion:
    return FigureQuestion.objects.get()


def state() -> str:
    return Report.objects.get(project__name=PARK).state


def test_a_figure_above_its_contract_is_asked_about_when_it_comes(desk: IntakeDesk) -> None:
    contract(desk, 800)
    take(desk, "900")
    found = asked()
    assert (found.kind, found.state, found.project.name) == ("above-contract", OPEN, PARK)  # type: ignore[union-attr]
    assert "900万元" in found.text
    assert "800万元" in found.text
    assert state() == ReportState.QUESTIONED
    assert verify().problems == []


def test_a_question_keeps_what_it_was_asked_with_and_goes_when_the_city_asks_otherwise(
    desk: IntakeDesk,
) -> None:
    office = desk.office
    change_settings(office, {"question-limits": "支付占完成下限=35%"}, basis="江重办〔2026〕5号")
    value(desk, "累计支付", 320)
    take(desk, "1000")
    found = asked()
    assert (found.kind, found.limits) == ("above-paid", "支付占完成下限=35%")
    assert found.book_digest == limits_told("支付占完成下限=35%").digest
    page = desk.browser().get(desk.url("figure-question", figure_question_id=found.pk))
    assert "提出时的本市界线：支付占完成下限35%" in page.content.decode()
    change_settings(office, {"question-limits": ""}, basis="江重办〔2026〕6号")
    assert ask_round(office, desk.round).withdrawn == 1
    change_settings(office, {"question-limits": "支付占完成下限=40%"}, basis="江重办〔2026〕7号")
    assert ask_round(office, desk.round).raised == 1
    assert (asked().state, asked().limits) == (OPEN, "支付占完成下限=40%")
    assert verify().problems == []


def test_it_is_asked_once_however_often_one_asks(desk: IntakeDesk) -> None:
    contract(desk, 800)
    take(desk, "900")
    assert ask_round(desk.office, desk.round).raised == 0
    assert ask_about(desk.office, desk.round, [project(PARK).pk]).raised == 0
    take(desk, "950", "甲第二次.csv")
    assert FigureQuestion.objects.count() == 1


def test_an_answer_settles_it_for_good_while_the_facts_stay(desk: IntakeDesk) -> None:
    contract(desk, 800)
    take(desk, "900")
    answer_question(desk.office, desk.round, asked().pk, answer=" 含土地费 ", seen=1)
    found = asked()
    assert (found.state, found.answer, found.answered_by) == (ANSWERED, "含土地费", "office")
    assert state() == ReportState.ACCEPTED
    assert ask_round(desk.office, desk.round).raised == 0
    contract(desk, 850, date(2026, 9, 1))
    assert ask_round(desk.office, desk.round).raised == 1
    assert state() == ReportState.QUESTIONED
    assert verify().problems == []


def test_an_answer_is_given_once(desk: IntakeDesk) -> None:
    contract(desk, 800)
    take(desk, "900")
    answer_question(desk.office, desk.round, asked().pk, answer="含土地费", seen=1)
    for seen in (1, 2):
        with pytest.raises(Conflict):
            answer_question(desk.office, desk.round, asked().pk, answer="另答", seen=seen)


@pytest.mark.parametrize("words", ["", " \n ", "长" * 501, "看不见\u202e的"])
def test_an_answer_needs_words(desk: IntakeDesk, words: str) -> None:
    contract(desk, 800)
    take(desk, "900")
    with pytest.raises(BadInput):
        answer_question(desk.office, desk.round, asked().pk, answer=words, seen=1)
    assert asked().state == OPEN


def test_a_mended_figure_takes_its_question_with_it_and_the_old_one_brings_it_back(
    desk: IntakeDesk,
) -> None:
    contract(desk, 800)
    take(desk, "900")
    take(desk, "700", "甲更正.csv")
    assert asked().state == WITHDRAWN
    assert state() == ReportState.ACCEPTED
    take(desk, "901", "甲.csv")
    assert asked().state == OPEN


def test_what_the_workbook_was_asked_already_is_not_asked_twice(desk: IntakeDesk) -> None:
    take(desk, "99999999")
    assert not FigureQuestion.objects.filter(kind="above-total").exists()


def test_nothing_is_asked_or_answered_in_a_locked_round(desk: IntakeDesk) -> None:
    contract(desk, 800)
    take(desk, "900")
    desk.round.state = RoundState.CLOSED
    with journal.act(desk.office, "round.closed") as act:
        act.write(desk.round)
    with pytest.raises(RoundClosed):
        ask_round(desk.office, desk.round)
    with pytest.raises(RoundClosed):
        answer_question(desk.office, desk.round, asked().pk, answer="迟了", seen=1)


def test_whoever_does_not_run_the_desk_cannot_ask_about_the_round(desk: IntakeDesk) -> None:
    with pytest.raises(NotAllowed):
        ask_round(desk.people.act_as("reporter"), desk.round)


def test_asking_tells_how_far_it_is(desk: IntakeDesk) -> None:
    take(desk, "900")
    told: list[tuple[int, int]] = []
    ask_round(desk.office, desk.round, lambda done, total: told.append((done, total)))
    assert told == [(1, 1)]


def post(desk: IntakeDesk, client: Client, answer: str, *, seen: str = "1") -> int:
    url = desk.url("figure-question", figure_question_id=asked().pk)
    data = {TOKEN_FIELD: new_token(), "answer": answer, "seen": seen}
    return client.post(url, data).status_code


def test_the_unit_answers_on_its_page_and_the_reviewer_reads_it(desk: IntakeDesk) -> None:
    contract(desk, 800)
    take(desk, "900")
    unit = desk.browser("reporter")
    page = unit.get(desk.url("figure-questions")).content.decode()
    assert PARK in page
    assert "核对本期的数" not in page
    shown = unit.get(desk.url("figure-question", figure_question_id=asked().pk)).content.decode()
    assert "提交答复" in shown
    assert post(desk, unit, "") == 422
    assert post(desk, unit, f"含土地费{SCRIPT}") == 302
    assert post(desk, unit, "再答") == 409
    for name in ("reviewer", "viewer", "office"):
        read = desk.browser(name).get(desk.url("figure-questions")).content.decode()
        assert "含土地费" in read
        assert SCRIPT not in read


def test_others_read_and_do_not_answer_and_the_outsider_sees_nothing(desk: IntakeDesk) -> None:
    contract(desk, 800)
    take(desk, "900")
    assert post(desk, desk.browser("viewer"), "不归我") == 403
    assert post(desk, desk.browser("outsider"), "不归我") == 404
    assert PARK not in desk.browser("outsider").get(desk.url("figure-questions")).content.decode()
    assert asked().state == OPEN


def test_filters_export_and_asking_from_the_page(desk: IntakeDesk, office: Client) -> None:
    assert "还没有提出过疑问" in office.get(desk.url("figure-questions")).content.decode()
    take(desk, "900")
    contract(desk, 800)
    assert office.get(desk.url("figure-questions-ask")).status_code == 405
    sent = office.post(desk.url("figure-questions-ask"), {TOKEN_FIELD: new_token()}, follow=True)
    assert "新提出1条疑问" in sent.content.decode()
    for query, is_there in (
        ({"kind": "above-contract"}, True),
        ({"kind": "falls"}, False),
        ({"kind": "x", "state": SCRIPT}, True),
        ({"state": "answered"}, False),
        ({"q": PARK}, True),
        ({"q": "=1+1"}, False),
        ({"sort": "-raised", "page": "99999999999999999999"}, True),
    ):
        page = office.get(desk.url("figure-questions"), query).content.decode()
        assert (PARK in page) is is_there, query
    book = office.get(desk.url("figure-questions-export"))
    assert book.content.startswith(b"PK")
    assert desk.url("figure-questions") in office.get(desk.url("intake")).content.decode()


def test_the_page_asks_as_little_with_many_questions(desk: IntakeDesk, office: Client) -> None:
    contract(desk, 800)
    take(desk, "900")
    counts = []
    office.get(desk.url("figure-questions"))
    for turn in range(2):
        with CaptureQueriesContext(
            connection,
        ) as found:
            office.get(desk.url("figure-questions"))
        counts.append(len(found))
        with journal.act(desk.office, "test.more") as act:
            for number in range(5):
                more = asked_first()
                more.pk, more.facts_key = None, f"{turn}{number}"
                more._state.adding = True
                more.project = project(ROAD)
                act.write(more)
    assert counts[0] == counts[1] <= 12, [one["sql"][:120] for one in found]


def asked_first() -> FigureQuestion:
    return FigureQuestion.objects.order_by("pk")[0]
