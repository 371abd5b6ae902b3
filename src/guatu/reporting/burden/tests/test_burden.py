from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, NotAllowed
from guatu.ledger.queries import reporting_unit_of, with_reporting_units
from guatu.reporting.burden.models import Complaint, FormRequest
from guatu.reporting.burden.queries import APPLICATION_CELLS, OPINION_CELLS, burden
from guatu.reporting.burden.services import answer_complaint, complain, end_form, register_form
from guatu.reporting.burden.types import (
    Complain,
    ComplaintState,
    ComplaintSubject,
    FormCadence,
    RegisterForm,
    Source,
)
from guatu.reporting.queries import expected_of
from guatu.reporting.tests.desk import IntakeDesk
from guatu.reporting.unit.form import FIELDS
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import DEPARTMENT_UNIT, OTHER_UNIT, UNIT

SCRIPT = "<script>alert(1)</script>"


def request_of(desk: IntakeDesk, **changes: Any) -> RegisterForm:
    told: dict[str, Any] = {
        "name": "农民工工资保障情况",
        "organisation_id": desk.people.organisations[DEPARTMENT_UNIT],
        "basis": "某文件〔2026〕1号",
        "cadence": FormCadence.MONTH,
        "from_on": date(2026, 9, 1),
        "until_on": date(2026, 12, 31),
        "fields": ("农民工人数（人）", "工资专户余额（万元）"),
    }
    return RegisterForm(**{**told, **changes})


def cells(desk: IntakeDesk, unit: str, source: Source) -> int:
    found = burden(clock.today())
    pk = desk.people.organisations[unit]
    return sum(one.cells for one in found.asked if (one.unit_id, one.source) == (pk, source))


def test_reports_count_as_many_cells_as_the_form_has_fields(desk: IntakeDesk) -> None:
    assert cells(desk, UNIT, Source.REPORTS) == 3 * len(FIELDS)
    assert cells(desk, OTHER_UNIT, Source.REPORTS) == 2 * len(FIELDS)
    assert (APPLICATION_CELLS, OPINION_CELLS) == (19, 2)


def test_reports_are_counted_for_the_units_that_the_round_expects_them_of(
    desk: IntakeDesk,
) -> None:
    """The meter looks at many days at once; of today it must say what every other page says."""
    day = desk.round.period.last_on
    entries = with_reporting_units(expected_of(desk.round), day)
    expected = Counter(reporting_unit_of(one) for one in entries)
    told = Counter[int | None]()
    for one in burden(clock.today()).asked:
        if one.source is Source.REPORTS and (one.year, one.month) == (day.year, day.month):
            told[one.unit_id] += one.cells // len(FIELDS)
    assert told == expected
    assert sum(expected.values()) > 1


def test_a_registered_form_counts_for_whom_it_is_for(desk: IntakeDesk) -> None:
    register_form(desk.office, request_of(desk))
    assert cells(desk, UNIT, Source.FORMS) == 2 * 2  # September, and October up to today
    only = (desk.people.organisations[OTHER_UNIT],)
    register_form(
        desk.office,
        request_of(desk, name="另一张", units=only, cadence=FormCadence.ONCE),
    )
    assert cells(desk, UNIT, Source.FORMS) == 4
    assert cells(desk, OTHER_UNIT, Source.FORMS) == 6


def test_a_form_that_asks_for_what_we_hold_is_refused_with_every_holder(desk: IntakeDesk) -> None:
    fields = ("总投资（万元）", "农民工人数", "形象进度", "包联领导")
    with pytest.raises(BadInput) as refused:
        register_form(desk.office, request_of(desk, fields=fields))
    told = [str(one) for one in refused.value.faults]
    assert len(told) == 3
    assert "项目库" in told[0]
    assert "月报" in told[1]
    assert "责任" in told[2]
    assert not FormRequest.objects.exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "name-empty"),
        ({"basis": " "}, "no-basis"),
        ({"fields": ()}, "no-fields"),
        ({"fields": ("（万元）",)}, "bad-field"),
        ({"fields": ("人" * 61,)}, "bad-field"),
        ({"fields": ("人数", "人数（人）")}, "field-twice"),
        ({"fields": tuple(f"字段之{n}" for n in range(41))}, "many-fields"),
        ({"until_on": date(2026, 8, 1)}, "days-wrong"),
        ({"until_on": date(2028, 1, 1)}, "days-wrong"),
        ({"from_on": date(2026, 1, 1), "until_on": date(2026, 5, 1)}, "days-over"),
        ({"organisation_id": 0}, "no-asker"),
        ({"units": (999_999,)}, "no-such-unit"),
    ],
)
def test_a_form_without_basis_end_or_sense_is_refused(
    desk: IntakeDesk, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(BadInput) as refused:
        register_form(desk.office, request_of(desk, **changes))
    assert code in {one.code for one in refused.value.faults}


def test_a_form_ends_on_its_day_or_before_for_a_reason(desk: IntakeDesk) -> None:
    form = register_form(desk.office, request_of(desk))
    assert form.is_running(date(2026, 12, 31))
    assert not form.is_running(date(2027, 1, 1))
    with pytest.raises(BadInput):
        end_form(desk.office, form, form.version, " ")
    with pytest.raises(NotAllowed):
        end_form(desk.people.act_as("reporter"), form, form.version, "不要了")
    end_form(desk.office, form, form.version, "不要了")
    assert not form.is_running(clock.today())
    with pytest.raises((BadInput, Conflict)):
        end_form(desk.office, form, form.version, "再停")


def told(desk: IntakeDesk, **changes: Any) -> Complain:
    said: dict[str, Any] = {
        "organisation_id": desk.people.organisations[UNIT],
        "subject": ComplaintSubject.MONTH,
        "text": "形象进度已在住建系统报过",
    }
    return Complain(**{**said, **changes})


def test_an_accepted_complaint_ends_the_form_and_is_counted(desk: IntakeDesk) -> None:
    form = register_form(desk.office, request_of(desk))
    reporter = desk.people.act_as("reporter")
    one = complain(reporter, told(desk, subject=ComplaintSubject.FORM, form_id=form.pk))
    with pytest.raises(BadInput):
        complain(reporter, told(desk, subject=ComplaintSubject.FORM, form_id=form.pk))
    with pytest.raises(NotAllowed):
        answer_complaint(reporter, one, one.version, is_accepted=True, answer="好")
    answer_complaint(desk.office, one, one.version, is_accepted=True, answer="与工资系统重复")
    form.refresh_from_db()
    assert not form.is_running(clock.today())
    assert "与工资系统重复" in form.end_reason
    found = burden(clock.today())
    assert found.complaints[desk.people.organisations[UNIT]] == 1
    assert found.complaints_by_form[form.name] == 1
    with pytest.raises(BadInput):
        answer_complaint(desk.office, one, one.version, is_accepted=False, answer="再答")


def test_a_refused_complaint_leaves_the_form(desk: IntakeDesk) -> None:
    form = register_form(desk.office, request_of(desk))
    one = complain(
        desk.people.act_as("reporter"), told(desk, subject=ComplaintSubject.FORM, form_id=form.pk)
    )
    answer_complaint(desk.office, one, one.version, is_accepted=False, answer="口径不同")
    form.refresh_from_db()
    assert form.is_running(clock.today())
    assert Complaint.objects.get().state == ComplaintState.REFUSED


def test_a_complaint_says_what_about_and_by_whom(desk: IntakeDesk) -> None:
    reporter = desk.people.act_as("reporter")
    other = desk.people.organisations[OTHER_UNIT]
    elsewhere = register_form(desk.office, request_of(desk, units=(other,)))
    for wrong in (
        told(desk, text=" "),
        told(desk, organisation_id=other),
        told(desk, subject=ComplaintSubject.FORM, form_id=elsewhere.pk),
        told(desk, subject=ComplaintSubject.FORM),
        told(desk, subject=ComplaintSubject.OTHER),
    ):
        with pytest.raises(BadInput):
            complain(reporter, wrong)
    with pytest.raises(NotAllowed):
        complain(desk.people.act_as("viewer"), told(desk))
    assert complain(reporter, told(desk)).about == "月报"


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_the_office_sees_all_units_and_a_unit_its_own(desk: IntakeDesk) -> None:
    page = text_of(desk.browser().get(reverse("burden")))
    assert UNIT in page
    assert OTHER_UNIT in page
    assert "格" in page
    page = text_of(desk.browser("reporter").get(reverse("burden")))
    assert UNIT in page
    assert OTHER_UNIT not in page
    own = reverse("burden-unit", args=[desk.people.organisations[UNIT]])
    assert "月报 · " in text_of(desk.browser("reporter").get(own))
    assert desk.browser("outsider").get(own).status_code == 404
    assert desk.browser("viewer").get(own).status_code == 403
    for name in ("burden-export", "asked-forms-export", "complaints-export"):
        assert desk.browser("reporter").get(reverse(name)).status_code == 200


@pytest.mark.parametrize("page", ["burden-unit", "burden-unit-export"])
@pytest.mark.parametrize("number", [0, 2**62, 2**63, 10**30])
def test_a_unit_that_is_not_there_is_not_found(desk: IntakeDesk, page: str, number: int) -> None:
    answer = desk.browser().get(reverse(page, args=[number]))
    assert answer.status_code == 404
    assert "没有这个单位" in text_of(answer)


def typed(desk: IntakeDesk, **changes: str) -> dict[str, str]:
    fields = {
        "name": "用工情况",
        "unit": str(desk.people.organisations[DEPARTMENT_UNIT]),
        "basis": "某文件",
        "cadence": "month",
        "from_on": "2026-10-10",
        "until_on": "2026-12-31",
        "fields_text": "用工人数\n总投资",
    }
    return {**fields, **changes, TOKEN_FIELD: new_token()}


def test_a_refused_form_shows_holders_with_links_and_keeps_what_was_typed(desk: IntakeDesk) -> None:
    answer = desk.browser().post(reverse("asked-form-new"), typed(desk, name=SCRIPT))
    page = text_of(answer)
    assert answer.status_code == 422
    assert f'href="{reverse("library")}"' in page
    assert "用工人数" in page
    assert SCRIPT not in page
    done = desk.browser().post(reverse("asked-form-new"), typed(desk, fields_text="用工人数"))
    assert done.status_code == 302
    unit = desk.browser("reporter")
    page = text_of(unit.get(reverse("asked-forms")))
    assert "用工情况" in page
    assert "要填" in page
    page = text_of(unit.get(reverse("asked-form", args=[FormRequest.objects.get().pk])))
    assert "用工人数" in page
    assert unit.get(reverse("asked-form-new")).status_code == 403
    assert desk.browser().get(reverse("asked-form-end", args=[1])).status_code == 405


def test_a_complaint_goes_from_the_unit_to_the_office_and_back(desk: IntakeDesk) -> None:
    unit = desk.browser("reporter")
    assert reverse("complaint-new") in text_of(unit.get(reverse("my-reports")))
    data = {"unit": str(desk.people.organisations[UNIT]), "about": "month", "form_name": ""}
    bad = unit.post(reverse("complaint-new"), {**data, "text": "", TOKEN_FIELD: new_token()})
    assert bad.status_code == 422
    sent = unit.post(
        reverse("complaint-new"), {**data, "text": f"重复{SCRIPT}", TOKEN_FIELD: new_token()}
    )
    assert sent.status_code == 302
    assert desk.browser("outsider").get(sent["Location"]).status_code == 404
    assert "重复" in text_of(desk.browser().get(reverse("complaints")))
    assert "反映重复填报" in text_of(desk.browser().get(reverse("desk")))
    one = Complaint.objects.get()
    data = {"answer": "以月报为准", "verdict": "accepted", "version": str(one.version)}
    answered = desk.browser().post(
        reverse("complaint-answer", args=[one.pk]), {**data, TOKEN_FIELD: new_token()}
    )
    assert answered.status_code == 302
    page = text_of(unit.get(sent["Location"]))
    assert "以月报为准" in page
    assert SCRIPT not in page


def test_queries_do_not_grow_with_rows(desk: IntakeDesk) -> None:
    def count(name: str) -> int:
        client = desk.browser()
        client.get(reverse(name))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(reverse(name))
        return len(seen)

    names = ("burden", "asked-forms", "complaints")
    register_form(desk.office, request_of(desk))
    complain(desk.people.act_as("reporter"), told(desk))
    before = [count(name) for name in names]
    other = desk.people.organisations[OTHER_UNIT]
    for n in range(4):
        register_form(desk.office, request_of(desk, name=f"表{n}", units=(other,)))
        subject = ComplaintSubject.OTHER
        complain(desk.people.act_as("reporter"), told(desk, subject=subject, form_name=f"表{n}"))
    assert [count(name) for name in names] == before
    assert max(before) <= 12
