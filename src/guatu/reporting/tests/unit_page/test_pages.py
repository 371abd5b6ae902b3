from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.assessment.services.close import close_round
from guatu.journal.models import Entry
from guatu.ledger.models import Term
from guatu.ledger.types import Vocabulary
from guatu.reporting.models import Report, ReportDraft
from guatu.reporting.review.models import ReviewNote
from guatu.reporting.services.review import return_reports
from guatu.reporting.tests.desk import PARK, ROAD, WAN, IntakeDesk, project
from guatu.reporting.tests.unit_page.test_review import sent, versions
from guatu.reporting.tests.unit_page.test_submit import next_month, now, submit
from guatu.reporting.types import ReportState
from guatu.reporting.unit.form import FIELDS
from guatu.ui.tokens import TOKEN_FIELD, new_token

SCRIPT = "<script>alert(1)</script>=HYPERLINK(1)"


def text_of(response: Any) -> str:
    return str(response.content.decode())


def form_url(desk: IntakeDesk, name: str = PARK) -> str:
    return reverse("report-form", args=[desk.round.pk, project(name).pk])


def seen_on(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def fill(desk: IntakeDesk, client: Client, name: str = PARK, **typed: str) -> Any:
    page = text_of(client.get(form_url(desk, name)))
    data = {"seen": seen_on(page), TOKEN_FIELD: new_token(), **typed}
    return client.post(form_url(desk, name), data)


def test_the_list_shows_what_a_unit_has_to_report_and_no_more(desk: IntakeDesk) -> None:
    page = text_of(desk.browser("reporter").get(reverse("my-reports")))
    assert PARK in page
    assert "科创中心" not in page
    assert "逾期未报" in page or "待报" in page
    other = text_of(desk.browser("outsider").get(reverse("my-reports")))
    assert "科创中心" in other
    assert PARK not in other


def test_no_change_is_one_press_on_the_row(
    desk: IntakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(desk, year=900, progress="三层")
    later = next_month(desk, monkeypatch)
    client = later.browser("reporter")
    page = text_of(client.get(reverse("my-reports") + "?state=to-do&q=" + PARK))
    rows = re.findall(r'name="row" value="([^"]+)"', page)
    mine = next(row for row in rows if row.startswith(f"{later.round.pk}:{project(PARK).pk}:"))
    data = {TOKEN_FIELD: new_token(), "row": mine}
    for _ in range(20):
        done = client.post(reverse("report-unchanged"), data)
        assert done.status_code == 302
    assert now(later) == 900
    assert Report.objects.filter(period=later.round.period).count() == 1
    assert Entry.objects.filter(act="report.submitted").count() == 2
    stale = client.post(reverse("report-unchanged"), {TOKEN_FIELD: new_token(), "row": mine})
    assert stale.status_code == 409
    for wrong in ("", "1:2", "x:y:z", "1:1:" + "9" * 200):
        data = {TOKEN_FIELD: new_token(), "row": wrong}
        assert client.post(reverse("report-unchanged"), data).status_code == 422


def test_one_form_token_makes_one_report(desk: IntakeDesk) -> None:
    client = desk.browser("reporter")
    page = text_of(client.get(form_url(desk)))
    data = {"seen": seen_on(page), TOKEN_FIELD: new_token(), "year": "900"}
    answers = {client.post(form_url(desk), data).status_code for _ in range(20)}
    assert answers == {302}
    assert Entry.objects.filter(act="report.submitted").count() == 1


def test_a_full_report_has_at_most_twelve_fields_and_is_stored(desk: IntakeDesk) -> None:
    assert len(FIELDS) <= 12
    client = desk.browser("reporter")
    reason = Term.objects.filter(vocabulary=Vocabulary.REASON).first()
    problem = Term.objects.filter(vocabulary=Vocabulary.PROBLEM).first()
    assert reason is not None
    assert problem is not None
    done = fill(
        desk, client, year="９００", month="100.5", life="2,000", node="前期工作",
        progress=SCRIPT, started_on="2026-03-01", reason=str(reason.pk),
        problem_kind=str(problem.pk), problem="缺砂石", next_plan="200",
        explanation="",
    )  # fmt: skip
    assert done.status_code == 302, text_of(done)
    report = Report.objects.get()
    assert (report.reason, report.problem, report.next_plan_yuan) == (reason, problem, 200 * WAN)
    page = text_of(client.get(form_url(desk)))
    assert SCRIPT not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("year", "abc"), ("year", "NaN"), ("year", "1e18"), ("year", "=1+1"),
        ("year", "9" * 41), ("month", "1000000000000000000"), ("life", SCRIPT),
        ("next_plan", "-1"), ("node", "胡写"), ("reason", "x"), ("problem_kind", "999999"),
        ("started_on", "昨天"), ("started_on", "2026-13-01"), ("completed_on", "0001-01-01"),
        ("progress", "长" * 10_000), ("explanation", "长" * 301), ("explanation", "\u202e"),
        ("seen", ""), ("started_on", "2026-10-09"),
    ],
)  # fmt: skip
def test_bad_input_is_told_beside_the_field_and_stays_typed(
    desk: IntakeDesk, field: str, typed: str
) -> None:
    client = desk.browser("reporter")
    done = fill(desk, client, **{"year": "900", "progress": "三层", field: typed})
    assert done.status_code == 422
    assert 'class="error"' in text_of(done)
    assert "三层" in text_of(done) or field == "progress"
    assert not Report.objects.exists()


def test_what_is_asked_is_shown_and_an_explanation_settles_it(desk: IntakeDesk) -> None:
    client = desk.browser("reporter")
    asked = fill(desk, client, year="-5")
    assert asked.status_code == 422
    assert "负数" in text_of(asked)
    done = fill(desk, client, year="-5", explanation="审计核减")
    assert done.status_code == 302
    assert Report.objects.get().state == ReportState.QUESTIONED


def test_the_second_of_two_forms_keeps_what_was_typed(desk: IntakeDesk) -> None:
    client = desk.browser("reporter")
    stale = seen_on(text_of(client.get(form_url(desk))))
    submit(desk, year=900)
    data = {"seen": stale, TOKEN_FIELD: new_token(), "year": "950", "progress": "我填的"}
    done = client.post(form_url(desk), data)
    assert done.status_code == 409
    assert "我填的" in text_of(done)


def test_a_locked_round_and_an_accepted_report_say_so(desk: IntakeDesk) -> None:
    client = desk.browser("reporter")
    submit(desk, year=900)
    Report.objects.update(state=ReportState.ACCEPTED)
    assert "已审核通过" in text_of(client.get(form_url(desk)))
    close_round(desk.people.console, desk.round.list, desk.round.period.parsed)
    assert "已锁定" in text_of(client.get(form_url(desk)))


def test_autosave_keeps_what_is_typed_and_the_form_begins_with_it(desk: IntakeDesk) -> None:
    client = desk.browser("reporter")
    url = reverse("report-draft", args=[desk.round.pk, project(PARK).pk])
    typed = {"year": "77", "progress": "写到一半", "draft_version": "0"}
    assert client.post(url, typed).json()["version"] == 1
    assert client.post(url, typed).status_code == 409
    assert client.post(url, {**typed, "draft_version": "x"}).status_code == 422
    assert client.get(url).status_code == 405
    page = text_of(client.get(form_url(desk)))
    assert 'value="77"' in page
    assert "写到一半" in page
    assert "已暂存" in text_of(client.get(reverse("my-reports"))) or ReportDraft.objects.exists()
    assert desk.browser("outsider").post(url, typed).status_code == 404


def test_what_was_returned_comes_first_with_its_reason(desk: IntakeDesk) -> None:
    sent(desk)
    report = sent(desk, ROAD)
    return_reports(desk.office, versions(report), reason="请核对形象")
    client = desk.browser("reporter")
    page = text_of(client.get(reverse("my-reports")))
    assert "请核对形象" in page
    assert page.index(f">{ROAD}<") < page.index(f">{PARK}<")
    assert "请核对形象" in text_of(client.get(form_url(desk, ROAD)))


def test_the_queue_shows_old_and_new_and_decides_in_batches(desk: IntakeDesk) -> None:
    first, second = sent(desk), sent(desk, ROAD, year=-5, explanation="审计核减")
    client = desk.browser()
    page = text_of(client.get(reverse("reviews")))
    assert "审计核减" in page
    assert "负数" in page
    keys = re.findall(r'name="id" value="([^"]+)"', page)
    assert len(keys) == 2
    url = reverse("reviews-decide")
    none = client.post(url, {TOKEN_FIELD: new_token(), "verdict": "accepted"})
    assert none.status_code == 422
    bare = client.post(url, {TOKEN_FIELD: new_token(), "verdict": "returned", "id": keys})
    assert bare.status_code == 422
    assert text_of(bare).count(" checked") >= 2
    done = client.post(url, {TOKEN_FIELD: new_token(), "verdict": "accepted", "id": keys})
    assert done.status_code == 302
    assert ReviewNote.objects.count() == 2
    again = client.post(url, {TOKEN_FIELD: new_token(), "verdict": "accepted", "id": keys})
    assert again.status_code == 409
    assert "没有" in text_of(client.get(reverse("reviews")))
    accepted = text_of(client.get(reverse("reviews") + "?state=accepted"))
    assert first.project.name in accepted
    assert second.project.name in accepted
    assert client.get(reverse("reviews-export")).status_code == 200


def test_a_reviewer_sees_only_what_its_unit_reviews(desk: IntakeDesk) -> None:
    sent(desk)
    page = text_of(desk.browser("reviewer").get(reverse("reviews")))
    assert PARK not in page
    assert desk.browser("viewer").get(reverse("reviews")).status_code == 403
    assert desk.browser("office").get(reverse("my-reports")).status_code == 403


@pytest.mark.parametrize("name", ["report-unchanged", "reviews-decide"])
def test_acts_are_posts(desk: IntakeDesk, name: str) -> None:
    who = "office" if name == "reviews-decide" else "reporter"
    assert desk.browser(who).get(reverse(name)).status_code == 405


def test_pages_take_a_constant_number_of_queries(desk: IntakeDesk) -> None:
    def counts() -> list[int]:
        found = []
        for who, url in (
            ("reporter", reverse("my-reports")),
            ("reporter", form_url(desk)),
            ("office", reverse("reviews")),
        ):
            client = desk.browser(who)
            client.get(url)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(url).status_code == 200
            found.append(len(seen))
        return found

    sent(desk)
    one = counts()
    sent(desk, ROAD, year=-5, explanation="核减")
    assert counts() == one
    assert max(one) <= 12, one
