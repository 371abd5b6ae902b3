from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guatu.assessment.services.close import close_round
from guatu.core.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.journal.models import Entry
from guatu.reporting.correcting.models import CorrectionRequest
from guatu.reporting.correcting.presenters import words
from guatu.reporting.correcting.services import (
    answer_request,
    ask_for_correction,
    withdraw_request,
)
from guatu.reporting.correcting.types import AskCorrection, RequestState
from guatu.reporting.models import Round
from guatu.reporting.tests.desk import PARK, ROAD, IntakeDesk, project
from guatu.reporting.tests.unit_page.test_pages import form_url, text_of
from guatu.reporting.tests.unit_page.test_review import reviewed_by_the_unit, sent
from guatu.ui.tokens import TOKEN_FIELD, new_token

TEXT, RIGHT = "本年累计多报一笔设备款", "本年累计应为800万元"


@pytest.fixture
def locked(desk: IntakeDesk) -> IntakeDesk:
    """The round is locked with a figure of the park."""
    sent(desk)
    close_round(desk.people.console, desk.round.list, desk.round.period.parsed)
    return desk


def ask(desk: IntakeDesk, name: str = PARK, who: str = "reporter", **other: Any) -> Any:
    told = {"text": TEXT, "right_figures": RIGHT, **other}
    command = AskCorrection(round_id=desk.round.pk, project_id=project(name).pk, **told)
    return ask_for_correction(desk.people.act_as(who), command)


def test_the_unit_asks_the_office_takes_it_up_and_the_round_tells_the_rest(
    locked: IntakeDesk,
) -> None:
    row = ask(locked)
    assert (row.state, row.by) == (RequestState.OPEN, "reporter")
    taken = answer_request(locked.office, row, row.version, is_taken=True, answer="")
    assert words(taken) == "已受理，待办理更正"
    Round.objects.update(revision=2)
    assert words(CorrectionRequest.objects.get()) == "已受理，本期已更正（第2版）"
    acts = Entry.objects.filter(act__startswith="correction.").values_list("act", flat=True)
    assert list(acts) == ["correction.asked", "correction.answered"]


def test_a_refusal_needs_its_reason(locked: IntakeDesk) -> None:
    row = ask(locked)
    for answer in ("  ", "长" * 301):
        with pytest.raises(BadInput):
            answer_request(locked.office, row, row.version, is_taken=False, answer=answer)
    answer_request(locked.office, row, row.version, is_taken=False, answer="与合同一致")
    assert CorrectionRequest.objects.get().state == RequestState.REFUSED
    with pytest.raises(Conflict):
        answer_request(locked.office, row, row.version, is_taken=True, answer="")
    assert ask(locked).pk != row.pk


def test_one_request_of_a_project_waits_at_a_time(locked: IntakeDesk) -> None:
    row = ask(locked)
    with pytest.raises(Conflict, match="已有一条"):
        ask(locked)
    with pytest.raises(Conflict, match="刚被"):
        withdraw_request(locked.people.act_as("reporter"), row, row.version + 1)
    withdraw_request(locked.people.act_as("reporter"), row, row.version)
    assert ask(locked).state == RequestState.OPEN


def test_a_reviewing_unit_asks_too_and_others_do_not(locked: IntakeDesk) -> None:
    with pytest.raises(NotFound):
        ask(locked, who="reviewer")
    reviewed_by_the_unit(PARK)
    row = ask(locked, who="reviewer")
    for who in ("outsider", "office"):
        with pytest.raises(NotFound):
            ask(locked, ROAD, who=who)
    for who in ("viewer", "leader", "system"):
        with pytest.raises(NotAllowed):
            ask(locked, ROAD, who=who)
        actor = locked.people.act_as(who)
        with pytest.raises(NotAllowed):
            answer_request(actor, row, row.version, is_taken=True, answer="")
    with pytest.raises(NotAllowed):
        withdraw_request(locked.people.act_as("outsider"), row, row.version)


def test_an_open_round_is_sent_again_instead(desk: IntakeDesk) -> None:
    with pytest.raises(BadInput, match="还没有锁定"):
        ask(desk)


@pytest.mark.parametrize(
    "told",
    [{"text": " "}, {"right_figures": ""}, {"text": "长" * 501}, {"right_figures": "1" * 301}],
)
def test_words_are_needed_and_bounded(locked: IntakeDesk, told: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        ask(locked, **told)


def post(client: Client, name: str, ids: list[int], **told: str) -> Any:
    return client.post(reverse(name, args=ids), {TOKEN_FIELD: new_token(), **told})


def test_the_pages_lead_from_the_locked_report_to_the_answer(locked: IntakeDesk) -> None:
    unit, office = locked.browser("reporter"), locked.browser()
    there = f"{reverse('correction-ask')}?round={locked.round.pk}&amp;project={project(PARK).pk}"
    assert there in text_of(unit.get(form_url(locked)))
    page = text_of(unit.get(there.replace("&amp;", "&")))
    assert f'value="{project(PARK).pk}" selected' in page
    bad = post(unit, "correction-ask", [], round="x", project="1e9", text=TEXT, right_figures="=1")
    assert bad.status_code == 422
    assert TEXT in text_of(bad)
    told = {"round": str(locked.round.pk), "project": str(project(PARK).pk)}
    script = "<script>alert(1)</script>"
    done = post(unit, "correction-ask", [], **told, text=script, right_figures=RIGHT)
    assert done.status_code == 302
    again = post(unit, "correction-ask", [], **told, text=TEXT, right_figures=RIGHT)
    assert again.status_code == 422
    assert "已有一条" in text_of(again)
    row = CorrectionRequest.objects.get()
    assert "条待答复" in text_of(office.get(locked.url("intake")))
    assert "条更正申请待答复" in text_of(office.get(reverse("round", args=[locked.round.pk])))
    shown = text_of(office.get(reverse("correction-request", args=[row.pk])))
    assert script not in shown
    told = {"version": str(row.version), "verdict": "refused", "answer": ""}
    assert post(office, "correction-request-answer", [row.pk], **told).status_code == 422
    told["answer"] = "与支付凭证一致"
    assert post(office, "correction-request-answer", [row.pk], **told).status_code == 302
    assert "与支付凭证一致" in text_of(unit.get(reverse("correction-request", args=[row.pk])))
    listed = reverse("correction-requests")
    assert "不予更正" in text_of(unit.get(listed))
    assert PARK not in text_of(locked.browser("outsider").get(listed))
    assert unit.get(reverse("correction-requests-export")).status_code == 200


def test_the_list_asks_few_queries_however_long(
    locked: IntakeDesk, django_assert_max_num_queries: Any
) -> None:
    ask(locked)
    unit = locked.browser("reporter")
    unit.get(reverse("correction-requests"))
    for name in ("correction-requests", "correction-ask"):
        with django_assert_max_num_queries(12):
            unit.get(reverse(name))
    ask(locked, ROAD)
    with django_assert_max_num_queries(12):
        assert ROAD in text_of(unit.get(reverse("correction-requests")))
