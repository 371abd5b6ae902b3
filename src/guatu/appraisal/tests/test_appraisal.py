from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.appraisal import services
from guatu.appraisal.forms import pasted_criteria
from guatu.appraisal.models import Criterion, CriterionValue, Evidence, Scheme
from guatu.appraisal.queries import rows_of, to_do, totals_of
from guatu.appraisal.types import SaveCriterion, SaveScheme, SaveValue
from guatu.core.errors import BadInput, Conflict, NotAllowed
from guatu.ledger.request import Viewer
from guatu.organisation.access import current_assignments
from guatu.organisation.queries import organisation_names
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import DEPARTMENT_UNIT, UNIT, Cast

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 10)
SCRIPT = "<script>alert(1)</script>"
PASTE = f"""序号\t指标\t分组\t满分\t目标\t单位\t责任单位\t目标值\t方向\t依据
1.1\t投资完成率\t进度\t20\t不低于90%\t%\t{UNIT}\t90\t\t第一条
1.2\t超期未开工项目数\t进度\t10\t不多于5个\t个\t{UNIT}\t5\t越低越好\t第二条
1.10\t经验做法\t加分\t5\t省级推广\t\t{DEPARTMENT_UNIT}
"""


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUATU_TODAY", TODAY.isoformat())


@pytest.fixture
def scheme(people: Cast) -> Scheme:
    """A scheme with three criteria, two of the reporter's unit."""
    office = people.act_as("office")
    told = SaveScheme(
        2026, "重点项目考核", "上级", "", "前三名奖励", 10_000_000, date(2026, 1, 1),
        date(2026, 12, 31),
    )  # fmt: skip
    made = services.save_scheme(office, told)
    services.take_criteria(office, made, pasted_criteria(PASTE, organisation_names()))
    return made


def one(number: str) -> Criterion:
    return Criterion.objects.get(number=number)


def value(**told: Any) -> SaveValue:
    empty = {"value_milli": None, "points_milli": None, "state": "", "note": ""}
    return SaveValue(**{"as_of": TODAY, **empty, **told})


def viewer(people: Cast, name: str) -> Viewer:
    user = getattr(people, name)
    return Viewer(user, current_assignments(user.pk, TODAY))


def browser(people: Cast, name: str = "office") -> Client:
    client = Client()
    client.force_login(getattr(people, name), backend="guatu.organisation.backend.Accounts")
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_a_paste_is_read_with_units_and_directions(people: Cast, scheme: Scheme) -> None:
    rows = rows_of(viewer(people, "office"), scheme)
    assert [row.one.number for row in rows] == ["1.1", "1.2", "1.10"]
    assert rows[0].owner == UNIT
    assert rows[1].one.is_lower_better
    assert rows[2].one.target_milli is None
    again = pasted_criteria(PASTE.replace("不低于90%", "不低于九成"), organisation_names())
    assert services.take_criteria(people.act_as("office"), scheme, again) == (0, 1)


@pytest.mark.parametrize(
    "line",
    ["\t无序号\t\t5", "2\t\t\t5", "2\t指标\t\t五", "2\t指标\t\t5\t\t\t没有的单位", "2\t指标",
     "2\t指标\t\t5\t\t\t\t很多", "2\t指标\t\t5\t\t\t\t\t随便", "2\t" + "长" * 201 + "\t\t5"],
)  # fmt: skip
def test_a_line_that_cannot_be_is_refused(people: Cast, scheme: Scheme, line: str) -> None:
    with pytest.raises(BadInput) as refused:
        pasted_criteria(line, organisation_names())
    assert "第1行" in str(refused.value)
    twice = pasted_criteria("2\t甲\t\t1\n2\t乙\t\t1", organisation_names())
    with pytest.raises(BadInput):
        services.take_criteria(people.act_as("office"), scheme, twice)


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": ""},
        {"name": ""},
        {"full_points_milli": -1},
        {"full_points_milli": 10_000_001},
        {"organisation_id": 2**62},
        {"person_id": 2**62},
    ],
)
def test_what_no_form_sends_is_refused_by_the_services(
    people: Cast, scheme: Scheme, wrong: dict[str, Any]
) -> None:
    office, before = people.act_as("office"), Criterion.objects.count()
    words = SaveCriterion("9", "指标", "", 5_000, "", "", None, None, None, False, "")
    with pytest.raises(BadInput):
        services.save_criterion(office, scheme, replace(words, **wrong))
    if "person_id" not in wrong:  # a paste names no person
        with pytest.raises(BadInput):
            services.take_criteria(office, scheme, [replace(words, **wrong)])
    assert Criterion.objects.count() == before


def test_a_value_says_state_and_points(people: Cast, scheme: Scheme) -> None:
    unit = people.act_as("reporter")
    services.fill_criterion(unit, one("1.1"), value(value_milli=95_000))
    services.fill_criterion(unit, one("1.2"), value(value_milli=7_000, points_milli=4_000))
    office = viewer(people, "office")
    rows = rows_of(office, scheme)
    assert [row.state.value for row in rows] == ["met", "missed", "no-data"]
    assert [row.gap for row in rows] == [5_000, -2_000, None]
    totals = totals_of(rows)
    assert (totals.full, totals.expected, totals.lost, totals.unknown) == (
        35_000, 24_000, 6_000, 5_000,
    )  # fmt: skip
    assert [count for _, count in to_do(viewer(people, "reporter"))] == [1]
    assert to_do(office) == []


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"as_of": date(2026, 10, 11), "value_milli": 1}, "day-to-come"),
        ({"points_milli": 20_001, "value_milli": 1}, "bad-points"),
        ({"value_milli": 1_000, "state": "met"}, "state-differs"),
        ({}, "nothing-told"),
        ({"note": "长" * 501}, "note-too-long"),
    ],
)
def test_a_value_that_cannot_be_is_refused(
    people: Cast, scheme: Scheme, told: dict[str, Any], code: str
) -> None:
    with pytest.raises(BadInput) as refused:
        services.fill_criterion(people.act_as("reporter"), one("1.1"), value(**told))
    assert code in {fault.code for fault in refused.value.faults}
    assert not CriterionValue.objects.exists()


def test_a_state_against_the_numbers_needs_a_word(people: Cast, scheme: Scheme) -> None:
    told = value(value_milli=1_000, state="met", note="上级认可按调整后目标")
    filled = services.fill_criterion(people.act_as("reporter"), one("1.1"), told)
    assert filled.state == "met"
    earlier = value(value_milli=1_000, as_of=date(2026, 10, 9))
    with pytest.raises(BadInput):
        services.fill_criterion(people.act_as("reporter"), one("1.1"), earlier)


def test_only_the_unit_and_the_office_fill_in(people: Cast, scheme: Scheme) -> None:
    told = value(value_milli=95_000)
    for name in ("outsider", "viewer", "reviewer", "department", "leader"):
        with pytest.raises(NotAllowed):
            services.fill_criterion(people.act_as(name), one("1.1"), told)
    services.fill_criterion(people.act_as("department"), one("1.10"), value(state="missed"))
    services.fill_criterion(people.act_as("office"), one("1.1"), told)


def test_evidence_is_put_in_and_taken_out(people: Cast, scheme: Scheme) -> None:
    unit, criterion = people.act_as("reporter"), one("1.1")
    put = services.add_evidence
    put(unit, criterion, title="批复", reference="档案室3柜", file=None)
    file = ("证明.pdf", b"%PDF-1.4 x")
    kept = put(unit, criterion, title="证明", reference="", file=file)
    for wrong in (("坏.exe", b"MZ\x90"), ("坏.html", b"<html>"), ("空.pdf", b"")):
        with pytest.raises(BadInput):
            put(unit, criterion, title="坏", reference="", file=wrong)
    with pytest.raises(BadInput):
        put(unit, criterion, title="什么也没有", reference="", file=None)
    with pytest.raises(NotAllowed):
        put(people.act_as("outsider"), criterion, title="别人", reference="某处", file=None)
    answer = browser(people, "reporter").get(reverse("evidence", args=[kept.pk]))
    assert answer.content == file[1]
    assert "attachment" in answer["Content-Disposition"]
    assert browser(people, "outsider").get(reverse("evidence", args=[kept.pk])).status_code == 404
    with pytest.raises(BadInput):
        services.remove_evidence(unit, kept, kept.version, " ")
    services.remove_evidence(unit, kept, kept.version, "传错了")
    rows = {row.one.number: row for row in rows_of(viewer(people, "office"), scheme)}
    assert rows["1.1"].evidence == 1
    assert Evidence.objects.count() == 2


def test_a_criterion_that_somebody_changed_is_a_conflict(people: Cast, scheme: Scheme) -> None:
    office, found = people.act_as("office"), one("1.1")
    (line,) = pasted_criteria("1.1\t投资完成率\t\t20", organisation_names())
    services.save_criterion(office, scheme, line, found, found.version)
    with pytest.raises(Conflict):
        services.save_criterion(office, scheme, line, one("1.1"), 1)


def test_a_unit_sees_its_own_criteria_only(people: Cast, scheme: Scheme) -> None:
    page = text_of(browser(people, "reporter").get(reverse("scheme", args=[scheme.pk])))
    assert "投资完成率" in page
    assert "经验做法" not in page
    assert browser(people, "outsider").get(reverse("scheme", args=[scheme.pk])).status_code == 404
    page = text_of(browser(people, "outsider").get(reverse("schemes")))
    assert "没有由您单位负责的上级考核指标" in page
    page = text_of(browser(people, "department").get(reverse("desk")))
    assert "上级考核指标" in page
    assert reverse("schemes") in text_of(browser(people, "department").get(reverse("papers")))
    assert reverse("schemes") not in text_of(browser(people, "outsider").get(reverse("papers")))


def test_the_pages_act_and_keep_what_was_typed(people: Cast, scheme: Scheme) -> None:
    office, unit = browser(people), browser(people, "reporter")
    url = reverse("criterion-fill", args=[one("1.1").pk])
    told = {"as_of": "2026-10-10", "value": "九成", "note": SCRIPT}
    bad = unit.post(url, {**told, TOKEN_FIELD: new_token()})
    assert bad.status_code == 422
    assert "九成" in text_of(bad)
    assert SCRIPT not in text_of(bad)
    done = unit.post(url, {**told, "value": "92.5", TOKEN_FIELD: new_token()})
    assert done.status_code == 302
    page = text_of(unit.get(done["Location"]))
    assert "92.5" in page
    assert SCRIPT not in page
    assert unit.get(url).status_code == 405
    add = reverse("evidence-add", args=[one("1.1").pk])
    file = SimpleUploadedFile("甲.pdf", b"%PDF-1.4")
    sent = unit.post(add, {"title": "证明", "file": file, TOKEN_FIELD: new_token()})
    assert sent.status_code == 302
    paste = reverse("scheme-paste", args=[scheme.pk])
    bad = office.post(paste, {"lines": f"9\t{SCRIPT}\t\t五", TOKEN_FIELD: new_token()})
    assert bad.status_code == 422
    assert SCRIPT not in text_of(bad)
    again = office.get(reverse("criterion-edit", args=[one("1.1").pk]))
    assert 'value="90"' in text_of(again)
    listed = reverse("scheme-export", args=[scheme.pk])
    assert office.get(f"{listed}?state=met").status_code == 200
    shown = text_of(office.get(reverse("scheme", args=[scheme.pk]) + "?state=met"))
    assert "投资完成率" in shown
    assert "经验做法" not in shown.split("<tbody>")[1]


def test_queries_do_not_grow_with_rows(people: Cast, scheme: Scheme) -> None:
    client = browser(people)

    def count(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            client.get(url)
        return len(seen)

    urls = [
        reverse("scheme", args=[scheme.pk]),
        reverse("schemes"),
        reverse("criterion", args=[one("1.1").pk]),
    ]
    services.fill_criterion(people.act_as("office"), one("1.1"), value(value_milli=1))
    before = [count(url) for url in urls]
    more = "\n".join(f"3.{n}\t指标{n}\t\t5\t\t\t{UNIT}" for n in range(30))
    services.take_criteria(
        people.act_as("office"), scheme, pasted_criteria(more, organisation_names())
    )
    for number in ("1.1", "3.1", "3.2"):
        services.fill_criterion(people.act_as("office"), one(number), value(state="met"))
    assert [count(url) for url in urls] == before
    assert max(before) <= 12
