"""The page of one round: before closing, closing by two people, corrections, revisions."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guatu.assessment.content import digest_of
from guatu.assessment.freezing import content_of
from guatu.assessment.models import RoundRequest, Snapshot
from guatu.assessment.round_page.figures import RoundFigures
from guatu.assessment.services.assess import assess_for_record
from guatu.assessment.tests.rounds import LIST, PARK, PLANT, ROAD, Office
from guatu.organisation.models import User
from guatu.organisation.services import change_settings
from guatu.reporting.models import Report
from guatu.reporting.types import ReportState, RoundState
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.tables import project_row, put_report, report_line

BACKEND = "guatu.organisation.backend.Accounts"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def september(office: Office) -> Office:
    """One report has come in, nothing is locked."""
    office.list_in(*LIST)
    office.report(report_line(PARK, 7_000))
    return office


def browser(office: Office, name: str) -> Client:
    """A signed-in browser of one of the cast."""
    client = Client()
    user = getattr(office.people, name)
    User.objects.filter(pk=user.pk).update(is_active=True)
    client.force_login(User.objects.get(pk=user.pk), backend=BACKEND)
    return client


def page(office: Office, name: str = "office", path: str = "") -> Any:
    return browser(office, name).get(f"/months/{office.round().pk}/{path}")


def post(office: Office, name: str, path: str, **fields: Any) -> Any:
    data = {TOKEN_FIELD: new_token(), **fields}
    return browser(office, name).post(f"/months/{office.round().pk}/{path}", data)


def seen(office: Office) -> str:
    return digest_of(content_of(office.round(), 1))


def preview(office: Office, name: str = "office") -> Any:
    """The open round with what would be frozen, as without a script."""
    return page(office, name, "preview/")


def text_of(response: Any) -> str:
    body = response.content
    assert isinstance(body, bytes)
    return body.decode()


def test_the_open_round_shows_what_would_be_frozen(september: Office) -> None:
    told = text_of(preview(september))
    assert "已收 / 应收" in told
    assert "1 / 3" in told
    assert "没有定版" in told
    assert "锁定后将定版：3个项目" in re.sub(r"<[^>]+>", "", told)
    assert "冻结" not in told
    assert "无数据2个" in told
    assert seen(september) in told


def test_digests_stand_apart_for_who_needs_them(september: Office) -> None:
    digest = seen(september)[:16]
    before = text_of(preview(september))
    assert before.index("<summary>校验</summary>") < before.index(f"数据摘要 {digest}")
    september.close()
    after = text_of(page(september))
    assert after.count(digest) == 1
    assert after.index("<summary>校验</summary>") < after.index(digest)


def test_two_people_close_on_the_page(september: Office) -> None:
    digest = seen(september)
    assert post(september, "office", "ask/", digest=digest).status_code == 302
    waiting = text_of(preview(september))
    assert "等另一名有权限的人确认" in waiting
    second = text_of(preview(september, "second_office"))
    assert "确认锁定" in second
    assert post(september, "second_office", "close/", digest=digest).status_code == 302
    assert september.round().state == RoundState.CLOSED
    after = text_of(page(september))
    assert "下一步" in after
    assert "office；office2" in after
    assert digest[:16] in after


def test_the_changes_since_the_request_are_on_the_page(september: Office) -> None:
    post(september, "office", "ask/", digest=seen(september))
    september.report(report_line(PARK, 7_000), report_line(ROAD, 9_000))
    told = text_of(preview(september, "second_office"))
    assert "申请以后数据有变化" in told
    assert ROAD in told
    assert "申请锁定" in told
    assert "确认锁定" not in told


def test_of_two_who_confirm_at_once_one_wins_and_the_other_is_told(september: Office) -> None:
    digest = seen(september)
    post(september, "office", "ask/", digest=digest)
    assert post(september, "second_office", "close/", digest=digest).status_code == 302
    late = post(september, "second_office", "close/", digest=digest)
    assert late.status_code == 409
    assert "已" in text_of(late)
    assert Snapshot.objects.count() == 1


def test_one_form_closes_once_however_often_it_is_sent(september: Office) -> None:
    change_settings(september.console, {"small-office": "yes"})
    assert "一人办理" in text_of(preview(september))
    client, token = browser(september, "office"), new_token()
    fields = {TOKEN_FIELD: token, "digest": seen(september)}
    address = f"/months/{september.round().pk}/close/"
    answers = [client.post(address, fields).status_code for _ in range(3)]
    assert answers == [302, 302, 302]
    assert Snapshot.objects.count() == 1


def test_an_earlier_open_round_is_told_and_nothing_offered(september: Office) -> None:
    september.report(report_line(PARK, 6_000), period="2026-08")
    told = text_of(preview(september))
    assert "前面的2026年8月还没有锁定" in told
    assert "申请锁定</button>" not in told


def test_what_locking_would_take_away_is_told_before_it(september: Office) -> None:
    """August had 6,000 and 9,000 万元; September has 7,000 alone so far."""
    assert "累计比上期少" not in text_of(preview(september))
    lines = report_line(PARK, 6_000), report_line(ROAD, 9_000), report_line(PLANT, 100)
    september.report(*lines, period="2026-08")
    assess_for_record(september.console, september.close("2026-08"))
    told = "累计比上期少0.81亿元（1.51→0.70）：2个无数据，上期计0.91亿元"
    assert told in text_of(preview(september))
    part = text_of(preview(september, "reviewer"))
    assert "累计比上期少0.80亿元（1.50→0.70）：1个无数据，上期计0.90亿元" in part
    assert told not in part


@pytest.mark.parametrize("name", ["viewer", "reviewer"])
def test_who_only_looks_is_offered_no_act(september: Office, name: str) -> None:
    told = text_of(preview(september, name))
    assert "申请锁定" not in told
    assert post(september, name, "ask/", digest=seen(september)).status_code == 403
    assert post(september, name, "close/", digest=seen(september)).status_code == 403
    assert page(september, name, "correct/").status_code in (403, 404)


def test_who_sees_part_gets_sums_of_his_part_only(september: Office) -> None:
    told = text_of(preview(september, "reviewer"))
    assert "只含您能看到的项目" in told
    assert "1 / 2" in told


@pytest.mark.parametrize("name", ["outsider", "inspector", "system", "security", "audit"])
def test_for_others_there_is_no_round(september: Office, name: str) -> None:
    for path in ("", "preview/", "compare/", "correct/"):
        assert page(september, name, path).status_code == 404
    assert post(september, name, "close/", digest=seen(september)).status_code == 404


@pytest.mark.parametrize(
    "path", ["ask/", "close/", "return/", "withdraw/", "correct/confirm/", "correct/return/"]
)
def test_acts_are_posted(september: Office, path: str) -> None:
    assert page(september, "office", path).status_code == 405


@pytest.mark.parametrize("digest", ["", "x" * 64, "0" * 63, SCRIPT, "0" * 10_000])
def test_a_form_without_what_was_seen_is_refused(september: Office, digest: str) -> None:
    answer = post(september, "office", "ask/", digest=digest)
    assert answer.status_code == 422
    assert SCRIPT not in text_of(answer)
    assert not RoundRequest.objects.exists()


def correct(office: Office, name: str, *lines: Any, reason: str = "复核后更正") -> Any:
    workbook = put_report(office.folder / "更正.csv", *lines).read_bytes()
    file = SimpleUploadedFile("更正.csv", workbook)
    return post(office, name, "correct/", workbook=file, reason=reason)


def test_two_people_correct_on_the_page(september: Office) -> None:
    september.close()
    assert correct(september, "office", report_line(PARK, 8_000)).status_code == 302
    mine = text_of(page(september, "office", "correct/"))
    assert "7000万元" in mine
    assert "8000万元" in mine
    assert "等另一名有权限的人确认" in mine
    second = text_of(page(september, "second_office", "correct/"))
    assert "确认更正" in second
    digest = RoundRequest.objects.get().content_sm3
    done = post(september, "second_office", "correct/confirm/", digest=digest)
    assert done.status_code == 302
    assert september.round().revision == 2
    compared = text_of(page(september, "viewer", "compare/"))
    assert PARK in compared
    assert "8000万元" in compared
    assert "复核后更正" in compared
    assert "第2版" in text_of(page(september))


def test_a_refused_correction_keeps_what_was_typed(september: Office) -> None:
    september.close()
    answer = post(september, "office", "correct/", reason="=1+1<b>理由")
    assert answer.status_code == 422
    assert "没有选择更正表" in text_of(answer)
    assert "=1+1&lt;b&gt;理由" in text_of(answer)


def test_wrong_files_are_refused_with_their_reason(september: Office) -> None:
    september.close()
    for content in (b"", b"PK\x03\x04no", b"%PDF-1.4", b"\x00" * 100):
        file = SimpleUploadedFile("表.xlsx", content)
        answer = post(september, "office", "correct/", workbook=file, reason="复核")
        assert answer.status_code == 422
    assert not RoundRequest.objects.exists()


def test_an_open_round_has_no_corrections(september: Office) -> None:
    assert page(september, "office", "correct/").status_code == 422


def test_one_revision_has_nothing_to_compare(september: Office) -> None:
    september.close()
    assert "本期只有一版" in text_of(page(september, "office", "compare/"))


def test_names_are_text_and_never_markup(office: Office) -> None:
    office.list_in(project_row(f"{SCRIPT}桥", "P-1"))
    office.report(report_line(f"{SCRIPT}桥", 7_000))
    post(office, "office", "ask/", digest=seen(office))
    office.report(report_line(f"{SCRIPT}桥", 7_100))
    told = text_of(preview(office))
    assert SCRIPT not in told
    assert "&lt;script&gt;" in told


def test_the_page_stands_at_once_and_loads_what_would_be_frozen(september: Office) -> None:
    told = text_of(page(september))
    address = f"/months/{september.round().pk}/preview/"
    assert f'hx-get="{address}"' in told
    assert f'<a href="{address}"' in told
    assert "1 / 3" in told
    part = browser(september, "office").get(address, headers={"HX-Request": "true"})
    assert "<html" not in text_of(part)
    assert "申请锁定</button>" in text_of(part)


def test_a_locked_round_has_no_preview(september: Office) -> None:
    september.close()
    answer = page(september, "office", "preview/")
    assert (answer.status_code, answer["Location"]) == (302, f"/months/{september.round().pk}/")


def test_the_page_leads_to_what_is_missing_and_what_was_entered_for_units(
    september: Office,
) -> None:
    Report.objects.update(state=ReportState.PROXY_UNCONFIRMED)
    pk = september.round().pk
    links = f'"/months/{pk}/intake/#missing"', f'"/months/{pk}/proxy/unconfirmed/"'
    for told in (text_of(page(september)), text_of(preview(september))):
        assert all(link in told for link in links)
    for told in (text_of(page(september, "viewer")), text_of(preview(september, "viewer"))):
        assert not any(link in told for link in links)


def test_the_second_person_sends_the_request_back(september: Office) -> None:
    digest = seen(september)
    post(september, "office", "ask/", digest=digest)
    assert "退回申请</button>" in text_of(preview(september, "second_office"))
    empty = post(september, "second_office", "return/", digest=digest, reason=" ")
    assert (empty.status_code, "退回须写明理由" in text_of(empty)) == (422, True)
    odd = SCRIPT * 100
    wrong = post(september, "second_office", "return/", digest=digest, reason=odd)
    assert wrong.status_code == 422
    assert odd not in text_of(wrong)
    assert "alert(1)" in text_of(wrong)
    done = post(september, "second_office", "return/", digest=digest, reason="滨江路的数没核")
    assert done.status_code == 302
    told = text_of(preview(september))
    assert "退回了office的锁定申请，理由：滨江路的数没核" in told
    assert "申请锁定</button>" in told
    assert post(september, "second_office", "close/", digest=digest).status_code == 409
    assert not Snapshot.objects.exists()


def test_the_first_person_takes_the_request_back(september: Office) -> None:
    digest = seen(september)
    post(september, "office", "ask/", digest=digest)
    assert "撤回申请</button>" in text_of(preview(september))
    assert post(september, "second_office", "withdraw/", digest=digest).status_code == 403
    assert post(september, "office", "return/", digest=digest, reason="x").status_code == 403
    assert post(september, "office", "withdraw/", digest=digest).status_code == 302
    assert "撤回了锁定申请" in text_of(preview(september, "second_office"))
    assert post(september, "second_office", "close/", digest=digest).status_code == 409


def test_a_correction_is_sent_back_and_taken_back(september: Office) -> None:
    september.close()
    for name, path, fields, words in (
        ("second_office", "correct/return/", {"reason": "依据不足"}, "理由：依据不足"),
        ("office", "correct/withdraw/", {}, "撤回了更正申请"),
    ):
        correct(september, "office", report_line(PARK, 8_000))
        digest = RoundRequest.objects.order_by("-pk")[0].content_sm3
        empty = post(september, "second_office", "correct/return/", digest=digest)
        assert (empty.status_code, "退回须写明理由" in text_of(empty)) == (422, True)
        assert post(september, name, path, digest=digest, **fields).status_code == 302
        assert words in text_of(page(september, "office", "correct/"))
        late = post(september, "second_office", "correct/confirm/", digest=digest)
        assert late.status_code == 409
    assert september.round().revision == 1


def test_more_projects_cost_no_more_queries(office: Office) -> None:
    office.list_in(*LIST)
    office.report(report_line(PARK, 7_000))
    first, first_preview = queries(office), queries(office, "preview/")
    assert first <= 12
    assert first_preview <= PREVIEW_QUERIES
    more = [project_row(f"第{n}号工程", f"Q-{n}") for n in range(12)]
    office.list_in(*LIST, *more)
    office.report(*(report_line(f"第{n}号工程", 100) for n in range(12)))
    assert queries(office) == first
    assert queries(office, "preview/") == first_preview
    assess_for_record(office.console, office.close())
    assert queries(office) <= 12


PREVIEW_QUERIES = 33
"""The preview reads what a closing reads, the issued version, the decreed curve and what counts as
in statistics among it."""


def queries(office: Office, path: str = "") -> int:
    client = browser(office, "office")
    address = f"/months/{office.round().pk}/{path}"
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def _links(told: str) -> list[tuple[str, str]]:
    return re.findall(r'href="(/[^"]*rows/[^"]*)">([^<]*)<', told)


@pytest.mark.parametrize("name", ["office", "second_office"])
def test_every_number_before_locking_opens_its_rows(september: Office, name: str) -> None:
    told = text_of(preview(september, name))
    links = _links(told)
    assert any("?light=" in address for address, _ in links)
    counts = 0
    for address, shown in links:
        opened = browser(september, name).get(address)
        assert opened.status_code == 200, address
        number = re.search(r"\d+", shown)
        if "." in shown or number is None:
            continue
        counts += 1
        body = text_of(opened)
        expected = f"共{number[0]}条" if number[0] != "0" else "没有符合条件的项目"
        assert expected in body, (address, shown)
    assert counts >= 8
    rows = text_of(page(september, name, "rows/?what=with-data"))
    assert PARK in rows
    assert ROAD not in rows
    assert "没有定版" in rows


def test_every_number_after_locking_opens_its_rows(september: Office) -> None:
    post(september, "office", "ask/", digest=seen(september))
    post(september, "second_office", "close/", digest=seen(september))
    told = text_of(page(september))
    links = _links(told)
    assert len(links) >= 5
    for address, shown in links:
        assert address.startswith("/results/")
        opened = browser(september, "office").get(address)
        assert opened.status_code == 200
        if "." not in shown:
            assert f"共{shown}条" in text_of(opened), (address, shown)
    assert page(september, path="rows/").status_code == 302


def test_the_rows_are_sorted_exported_and_safe(september: Office) -> None:
    told = text_of(page(september, path="rows/?sort=-done&light=nonsense&what=%27&q="))
    assert told.index(PARK) < told.index(ROAD)
    for column in ("serial", "name", "plan", "ago", "rate", "light", "nonsense"):
        assert page(september, path=f"rows/?sort=-{column}").status_code == 200
    assert SCRIPT not in text_of(page(september, path=f"rows/?q={SCRIPT}"))
    sheet = page(september, path="rows/export/?what=with-data")
    assert sheet.status_code == 200
    assert sheet.content.startswith(b"PK")


def test_the_queries_of_the_rows_do_not_grow(september: Office) -> None:
    counts = []
    for more in (0, 4):
        if more:
            september.list_in(*LIST, *(project_row(f"新增{n}号") for n in range(more)))
        client = browser(september, "office")
        address = f"/months/{september.round().pk}/rows/"
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1], counts


def test_a_gap_that_is_no_difference_of_the_printed_rates_says_why(september: Office) -> None:
    rates = {"completion_rate": "71.5", "time_progress": "83.3", "gap_to_time_progress": "-11.9"}
    figures = RoundFigures({"annual_plan_yuan": 3, "completed_yuan": 2, **rates}, ())
    assert "未四舍五入" in figures.gap_note
    context = {"figures": figures}
    assert "未四舍五入" in render_to_string("assessment/_round_figures.html", context)


def test_the_head_tells_two_accounts_of_one_office_apart(september: Office) -> None:
    assert "（office）" in text_of(page(september))
    assert "（office2）" in text_of(page(september, "second_office"))
