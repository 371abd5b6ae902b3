"""登记: one project's page, the desk for a whole list, who may record what, bad input."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guatu.assessment.tests.own_measures import CAUSE, MISSED, RATE, TASK, adopt, measure
from guatu.journal import services as journal
from guatu.ledger.models import Participation, RecordedValue
from guatu.ledger.services import Told, record_value
from guatu.ledger.types import SubjectKind
from guatu.ui.tokens import TOKEN_FIELD, new_token
from guatu.wall.tests.city import City, make_city
from tests.factories import DEPARTMENT_UNIT

DAY = "2026-10-20"
DESK = f"/records/?measure=project:{RATE}"


@pytest.fixture
def city(city: City) -> City:
    """The city, judging by a book that wants recorded values."""
    adopt(city.people)
    return city


def post(browser: Client, address: str, **typed: Any) -> Any:
    return browser.post(address, {TOKEN_FIELD: new_token(), **typed})


def add(city: City, login: str, name: str = RATE, **typed: Any) -> Any:
    address = f"/projects/{city.projects[0].pk}/records/add/"
    return post(city.browser(login), address, **{"measure": name, "on": DAY, "basis": "", **typed})


def text(response: Any) -> str:
    return str(response.content.decode())


# One project.


def test_the_project_page_leads_to_what_the_book_wants(city: City) -> None:
    browser, pk = city.browser("office"), city.projects[0].pk
    assert f'hx-get="/projects/{pk}/records/"' in text(browser.get(f"/projects/{pk}/"))
    page = text(browser.get(f"/projects/{pk}/records/"))
    for words in (RATE, CAUSE, MISSED, "当月完成任务÷当月任务", "督查室月报", "比率（%）",
                  "市自然资源和规划局认定", "认定文件", "没有登记", "如77.5%或9/12"):  # fmt: skip
        assert words in page, words
    assert TASK not in page


def test_a_value_is_recorded_shown_corrected_and_withdrawn(city: City) -> None:
    assert add(city, "office", value="77.5%").status_code == 302
    assert add(city, "office", value="80%", basis="复核").status_code == 302
    browser, address = city.browser("office"), f"/projects/{city.projects[0].pk}/records/"
    page = text(browser.get(address))
    assert "80.00%" in page
    assert "已更正" in page
    assert "77.50%" in page
    value = RecordedValue.objects.get(replaced_by__isnull=True)
    gone = post(browser, f"/records/{value.pk}/withdraw/", basis="误记")
    assert gone.status_code == 302
    page = text(browser.get(address))
    assert "没有登记" in page
    assert "误记" in page
    assert "已撤回" in page
    told = text(browser.get(f"/projects/{city.projects[0].pk}/timeline/?kind=records"))
    for words in ("登记月任务完成率：77.5%", "更正月任务完成率：80%", "撤回月任务完成率"):
        assert words in told, words
    again = post(browser, f"/records/{value.pk}/withdraw/", basis="误记")
    assert again.status_code == 409


def test_every_record_stays_and_the_same_one_twice_is_refused(city: City) -> None:
    for day, points in (("2026-08-30", "59.5"), ("2026-09-30", "40分")):
        assert add(city, "office", MISSED, value=points, on=day, who="督查室").status_code == 302
    twice = add(city, "office", MISSED, value="40", on="2026-09-30", who="督查室")
    assert twice.status_code == 422
    assert "已经登记过" in text(twice)
    page = text(city.browser("office").get(f"/projects/{city.projects[0].pk}/records/"))
    assert "2次" in page
    assert "59.5分（督查室）" in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"value": "很好"}, "不能是“很好”"),
        ({"value": ""}, "没有写“月任务完成率”的值"),
        ({"value": "1" * 201}, "不能超过200字"),
        ({"value": "9" * 25 + "%"}, "数太大"),
        ({"value": "80%", "on": "2026-11-01"}, "日期在今天以后"),
        ({"value": "80%", "on": "十月"}, "日期请写成"),
        ({"value": "80%", "on": "0001-01-01"}, "不能早于"),
        ({"value": "80%", "valid_to": "2026-10-01"}, "有效至早于日期"),
        ({"value": "80%", "basis": "文" * 10_000}, "依据不能超过300字"),
        ({"value": "80%", "basis": "a\u202eb"}, "看不见的字符"),
        ({"value": "<script>alert(1)</script>"}, "不能是"),
    ],
)
def test_bad_values_are_refused_beside_the_field_and_stay_typed(
    city: City, typed: dict[str, str], words: str
) -> None:
    refused = add(city, "office", **typed)
    assert refused.status_code == 422
    assert words in text(refused)
    assert "<script>alert" not in text(refused)
    if len(typed["value"]) < 20:
        assert f'value="{typed["value"]}"' in text(refused) or not typed["value"]
    assert not RecordedValue.objects.exists()


def test_text_that_would_act_is_shown_as_text(city: City) -> None:
    assert add(city, "office", value="80%", basis="=1+1<script>x</script>").status_code == 302
    page = text(city.browser("office").get(f"/projects/{city.projects[0].pk}/records/"))
    assert "&lt;script&gt;x" in page
    assert "<script>x" not in page


def test_an_unknown_or_missing_measure_is_refused_with_a_suggestion(city: City) -> None:
    refused = add(city, "office", "月任务完成", value="80%")
    assert refused.status_code == 422
    assert RATE in text(refused)
    assert add(city, "office", "", value="80%").status_code == 422


def test_a_judgement_needs_its_basis_and_the_office_or_who_is_named(city: City) -> None:
    bare = add(city, "office", CAUSE, value="是")
    assert bare.status_code == 422
    assert "请填写依据" in text(bare)
    assert add(city, "office", CAUSE, value="是", basis="认定书1号").status_code == 302
    assert add(city, "reviewer", CAUSE, value="否", basis="认定书2号").status_code == 403


@pytest.mark.parametrize("who", ["reporter", "leader", "viewer"])
def test_who_only_reads_gets_no_form_and_a_refusal(city: City, who: str) -> None:
    page = text(city.browser(who).get(f"/projects/{city.mine[0].pk}/records/"))
    assert RATE in page
    assert '<form method="post" action="/projects/' not in page
    assert add(city, who, value="80%").status_code == 403
    assert not RecordedValue.objects.exists()


def test_a_project_that_is_not_his_does_not_exist(city: City) -> None:
    other = city.others[0]
    value = record_value(
        city.people.console, (SubjectKind.PROJECT, other.pk), measure(RATE), "80%",
        Told(date(2026, 10, 1)),
    )  # fmt: skip
    browser = city.browser("reviewer")
    assert browser.get(f"/projects/{other.pk}/records/").status_code == 404
    assert post(browser, f"/projects/{other.pk}/records/add/", measure=RATE).status_code == 404
    assert post(browser, f"/records/{value.pk}/withdraw/", basis="x").status_code == 404
    for address in (f"/projects/{other.pk}/records/add/", f"/records/{value.pk}/withdraw/"):
        assert city.browser("office").get(address).status_code == 405


# The desk.


def save(city: City, who: str = "office", *, key: str = f"project:{RATE}", **typed: Any) -> Any:
    told = {"measure": key, "list": city.listing.pk, "on": DAY, "basis": "", **typed}
    return post(city.browser(who), "/records/save/", **told)


def cells(city: City, *values: str) -> dict[str, str]:
    return {f"v{one.pk}": value for one, value in zip(city.projects, values, strict=False)}


def test_a_column_is_saved_together(city: City) -> None:
    assert save(city, **cells(city, "77.5%", "9/12", "", "0")).status_code == 302
    assert RecordedValue.objects.count() == 3
    page = text(city.browser("office").get(DESK))
    for words in ("77.50%", "75.00%", "0.00%", DAY, "督查室月报"):
        assert words in page, words
    held = text(city.browser("office").get(DESK + "&state=held"))
    assert city.projects[0].name in held
    assert city.projects[2].name not in held
    missing = text(city.browser("office").get(DESK + "&state=missing"))
    assert city.projects[2].name in missing
    assert city.projects[0].name not in missing


def test_one_wrong_row_refuses_all_and_says_which(city: City) -> None:
    refused = save(city, **cells(city, "77.5%", "不好", "80%"))
    page = text(refused)
    assert refused.status_code == 422
    assert not RecordedValue.objects.exists()
    assert "有1行写得不对" in page
    assert "不能是“不好”" in page
    for typed in ("77.5%", "不好", "80%"):
        assert f'value="{typed}"' in page, typed


def test_what_says_the_same_already_is_left_alone(city: City) -> None:
    save(city, **cells(city, "77.5%", "80%"))
    assert save(city, **cells(city, "77.5%", "90%")).status_code == 302
    assert RecordedValue.objects.filter(replaces__isnull=False).count() == 1
    again = save(city, **cells(city, "77.5%", "90%"))
    assert again.status_code == 422
    assert "已经登记过" in text(again)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "没有写任何值"),
        ({"on": ""}, "请填写日期"),
        ({"basis": "文" * 10_000}, "不能超过300字"),
        ({"on": "2027-01-01"}, "日期在今天以后"),
    ],
)
def test_the_desk_refuses_what_cannot_be(city: City, typed: dict[str, str], words: str) -> None:
    values = cells(city, "80%") if typed else {}
    refused = save(city, **values, **typed)
    assert refused.status_code == 422
    assert words in text(refused)
    assert not RecordedValue.objects.exists()


def test_a_reviewer_sees_and_fills_his_own_rows_alone(city: City) -> None:
    page = text(city.browser("reviewer").get(DESK))
    assert city.mine[0].name in page
    assert city.others[0].name not in page
    assert save(city, "reviewer", **{f"v{city.mine[0].pk}": "80%"}).status_code == 302
    assert save(city, "reviewer", **{f"v{city.others[0].pk}": "80%"}).status_code == 404
    assert TASK not in page


def test_regions_are_recorded_by_who_sees_everything(city: City) -> None:
    page = text(city.browser("office").get(f"/records/?measure=region:{TASK}"))
    assert "江北区" in page
    assert "请选" not in page
    region = city.people.regions["江北区"]
    saved = save(city, key=f"region:{TASK}", **{f"v{region}": "否"})
    assert saved.status_code == 302
    assert RecordedValue.objects.get().region_id == region
    refused = save(city, "reviewer", key=f"region:{TASK}", **{f"v{region}": "否"})
    assert refused.status_code == 403


def test_what_was_recorded_of_a_region_is_seen_and_withdrawn(city: City) -> None:
    region = city.people.regions["江北区"]
    save(city, key=f"region:{TASK}", **{f"v{region}": "否"})
    address = f"/records/regions/{region}/"
    browser = city.browser("office")
    assert f'href="{address}"' in text(browser.get(f"/records/?measure=region:{TASK}"))
    page = text(browser.get(address))
    assert TASK in page
    assert RATE not in page
    value = RecordedValue.objects.get()
    withdrawal = f"/records/{value.pk}/withdraw/"
    refused = post(browser, withdrawal, basis="")
    assert refused.status_code == 422
    assert "江北区" in text(refused)
    assert post(city.browser("reviewer"), withdrawal, basis="误记").status_code == 404
    gone = post(browser, withdrawal, basis="误记")
    assert (gone.status_code, gone["Location"]) == (302, address)
    page = text(browser.get(address))
    assert "没有登记" in page
    assert "误记" in page
    assert "撤回</summary>" not in text(city.browser("viewer").get(address))
    for who in ("reviewer", "leader", "outsider"):
        assert city.browser(who).get(address).status_code == 404
    assert browser.get("/records/units/99999999/").status_code == 404


@pytest.mark.parametrize("who", ["reporter", "leader", "viewer", "department", "outsider"])
def test_the_desk_is_for_who_records(city: City, who: str) -> None:
    browser = city.browser(who)
    assert browser.get("/records/").status_code == 403
    assert browser.get("/records/export/").status_code == 403
    assert save(city, who, **cells(city, "80%")).status_code == 403
    assert "登记</a>" not in text(browser.get("/projects/"))


def test_the_desk_can_be_searched_sorted_exported(city: City) -> None:
    browser = city.browser("office")
    found = text(browser.get(DESK + "&q=滨江"))
    assert city.mine[0].name in found
    assert city.others[0].name not in found
    assert "没有符合条件的行" in text(browser.get(DESK + "&q=没有这个"))
    page = text(browser.get(DESK + "&sort=-serial"))
    assert page.index(city.projects[-1].name) < page.index(city.projects[0].name)
    answer = browser.get(f"/records/export/?measure=project:{RATE}")
    assert answer.status_code == 200
    assert "spreadsheet" in answer["Content-Type"]
    assert browser.get(DESK + "&state=x&region=y&page=z&list=1%27&sort=x").status_code == 200
    assert browser.post("/records/").status_code == 405
    assert browser.get("/records/save/").status_code == 405


def test_a_book_that_wants_nothing_says_so(people: Any, today: Any) -> None:
    today(date(2026, 10, 31))
    city = make_city(people)
    assert "本办法没有要登记的量" in text(city.browser("office").get("/records/"))
    address = f"/projects/{city.projects[0].pk}/records/"
    assert "本办法没有要登记的量" in text(city.browser("office").get(address))


@pytest.mark.parametrize("who", ["office", "reviewer"])
def test_more_rows_cost_no_more_queries(city: City, who: str) -> None:
    browser = city.browser(who)

    def cost(address: str) -> int:
        browser.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(address).status_code == 200
        assert len(captured) <= 12, [one["sql"][:90] for one in captured]
        return len(captured)

    own = f"/projects/{city.projects[0].pk}/records/"
    before = [cost(address) for address in (DESK, own, f"/records/?measure=region:{TASK}")]
    save(city, **cells(city, *["80%"] * 6))
    for day in ("2026-08-30", "2026-09-30"):
        add(city, "office", value="70%", on=day)
    assert [cost(a) for a in (DESK, own, f"/records/?measure=region:{TASK}")] == before


def test_the_organisation_that_the_book_names_may_judge(city: City) -> None:
    with journal.act(city.people.console, "test.made") as act:
        act.write(
            Participation(
                project=city.projects[0],
                organisation_id=city.people.organisations[DEPARTMENT_UNIT],
                why="land",
                valid_from=date(2026, 1, 1),
            )
        )
    assert add(city, "department", CAUSE, value="是", basis="认定书1号").status_code == 302
    assert add(city, "department", RATE, value="80%").status_code == 403
