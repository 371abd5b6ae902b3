from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from guatu.assessment.models import Result
from guatu.assessment.services.assess import assess_for_record
from guatu.assessment.services.close import close_round
from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.ledger.models import ListEntry, Project, Responsibility
from guatu.ledger.types import ProjectKind, ResponsibilityRole
from guatu.planning.models import DateFact
from guatu.reporting.models import Figure, Indicator, Report
from guatu.reporting.quantities.models import Tracked
from guatu.reporting.quantities.services import (
    Aim,
    NewIndicator,
    change_aim,
    make_indicator,
    stop_tracking,
    track,
)
from guatu.reporting.queries import entry_versions
from guatu.reporting.services.proxy import EnterFor, Said, enter_for_unit
from guatu.reporting.services.review import accept_reports, return_reports
from guatu.reporting.services.submit import submit_report
from guatu.reporting.tests.desk import PARK, IntakeDesk, project
from guatu.reporting.tests.unit_page.test_pages import fill, form_url, text_of
from guatu.reporting.tests.unit_page.test_review import versions
from guatu.reporting.tests.unit_page.test_submit import command, next_month, submit
from guatu.reporting.types import Accumulates, ReportSource, ReportState
from guatu.reporting.workbook.issuing import workbooks_of
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import SINCE, UNIT

AID = "便民充电行动"


def indicator(desk: IntakeDesk, code: str = "piles", **more: Any) -> Indicator:
    described = {"name": "新建充电桩", "unit_text": "个", "accumulates": Accumulates.YEAR, **more}
    return make_indicator(desk.office, NewIndicator(code=code, **described))


@pytest.fixture
def programme(desk: IntakeDesk) -> Tracked:
    """A programme without money on the desk's list, which reports one indicator."""
    park = project(PARK)
    lead = park.responsibilities.get(role=ResponsibilityRole.LEAD)
    made = Project.objects.create(
        uid="f" * 32, name=AID, kind=ProjectKind.PROGRAMME, region_id=park.region_id
    )
    ListEntry.objects.create(
        list=desk.round.list, project=made, serial_no=99, joined_on=date(2026, 1, 1)
    )
    Responsibility.objects.create(
        project=made, role=lead.role, organisation_id=lead.organisation_id, valid_from=SINCE
    )
    aim = Aim(target_value=100, due_on=date(2026, 12, 31))
    return track(desk.office, made.pk, indicator(desk).pk, aim)


def value(tracked: Tracked, on: date = date(2026, 9, 30)) -> int | None:
    found = Figure.objects.filter(indicator=tracked.indicator, as_of=on, is_current=True).first()
    return found.value if found else None


def test_a_programme_reports_its_indicators_in_place_of_money(
    desk: IntakeDesk, programme: Tracked
) -> None:
    client = desk.browser("reporter")
    page = text_of(client.get(form_url(desk, AID)))
    assert "新建充电桩，本年累计（个）" in page
    assert "目标100" in page
    assert "本年累计完成（万元）" not in page
    assert page.count('class="field field-') <= 12
    name = f"q{programme.indicator_id}"
    done = fill(
        desk, client, AID, **{name: "３０", "progress": "已装30个", "started_on": "2026-03-01"}
    )
    assert done.status_code == 302, text_of(done)
    report = Report.objects.get()
    assert report.state == ReportState.SUBMITTED
    assert value(programme) == 30
    assert not Figure.objects.exclude(indicator=programme.indicator).exists()
    assert DateFact.objects.get(kind="actual").on == date(2026, 3, 1)
    return_reports(desk.office, versions(report), reason="请核对")
    submit(desk, AID, quantities={programme.indicator_id: 31})
    accept_reports(desk.office, versions(report))
    assert Report.objects.get().state == ReportState.ACCEPTED
    assert value(programme) == 31


def test_no_change_keeps_sums_and_a_fall_is_asked_about(
    desk: IntakeDesk, programme: Tracked, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(desk, AID, quantities={programme.indicator_id: 30}, progress="三十个")
    later = next_month(desk, monkeypatch)
    asked = submit(later, AID, quantities={programme.indicator_id: 20})
    assert asked.report is None
    assert [one.code for one in asked.questions] == ["quantity-falls"]
    done = submit(later, AID, quantities={programme.indicator_id: 20}, explanation="核减十个")
    assert done.report is not None
    assert done.report.state == ReportState.QUESTIONED
    again = submit(later, AID, is_unchanged=True)
    assert again.report is not None
    assert again.report.state == ReportState.SUBMITTED
    assert again.report.progress_text == "三十个"
    assert value(programme, date(2026, 10, 31)) == 30


@pytest.mark.parametrize("typed", ["abc", "NaN", "1e18", "=1+1", "12.5", "-1", "9" * 50])
def test_bad_values_are_told_beside_the_field(
    desk: IntakeDesk, programme: Tracked, typed: str
) -> None:
    done = fill(desk, desk.browser("reporter"), AID, **{f"q{programme.indicator_id}": typed})
    assert done.status_code == 422
    assert typed[:40] in text_of(done)
    assert not Report.objects.exists()


def test_what_a_project_does_not_report_is_refused(desk: IntakeDesk, programme: Tracked) -> None:
    with pytest.raises(BadInput, match="不报"):
        submit(desk, AID, quantities={programme.indicator_id + 99: 1})
    with pytest.raises(BadInput, match="什么都没有填"):
        submit(desk, AID)
    with pytest.raises(BadInput, match="不报投资"):
        submit(desk, AID, year=100)
    with pytest.raises(NotFound):
        submit(desk, AID, who="outsider", quantities={programme.indicator_id: 1})
    with pytest.raises(BadInput, match="不报"):
        submit(desk, PARK, year=1, quantities={programme.indicator_id: 1})


def test_milestones_alone_are_a_report(desk: IntakeDesk, programme: Tracked) -> None:
    stop_tracking(desk.office, programme.pk, seen=programme.version)
    done = submit(desk, AID, started_on=date(2026, 3, 1))
    assert done.report is not None
    assert done.report.state == ReportState.SUBMITTED
    assert not Figure.objects.exists()


def test_it_is_not_lagging_for_money(desk: IntakeDesk, programme: Tracked) -> None:
    submit(desk, AID, quantities={programme.indicator_id: 1})
    snapshot = close_round(desk.people.console, desk.round.list, desk.round.period.parsed)
    assess_for_record(desk.people.console, snapshot)
    result = Result.objects.get(project=project(AID))
    assert (result.verdict, result.label) == ("not_in_scope", "不在范围")


def test_sending_in_takes_few_statements(desk: IntakeDesk, programme: Tracked) -> None:
    told = command(desk, AID, quantities={programme.indicator_id: 30})
    actor = desk.people.act_as("reporter")
    with CaptureQueriesContext(connection) as captured:
        submit_report(actor, told)
    counted = [one for one in captured if "SAVEPOINT" not in one["sql"]]
    assert len(counted) <= 20, [one["sql"][:80] for one in counted]


def test_construction_reports_quantities_beside_money(desk: IntakeDesk) -> None:
    made = indicator(desk, decimals=1, unit_text="公里", accumulates=Accumulates.LIFE)
    row = track(desk.office, project(PARK).pk, made.pk, Aim())
    done = fill(desk, desk.browser("reporter"), **{f"q{made.pk}": "2.5", "year": "900"})
    assert done.status_code == 302, text_of(done)
    assert value(row) == 25
    assert Figure.objects.filter(indicator__code="investment").exists()


def test_indicators_and_targets_are_the_offices(desk: IntakeDesk) -> None:
    park, made = project(PARK), indicator(desk)
    with pytest.raises(NotAllowed):
        track(desk.people.act_as("reporter"), park.pk, made.pk, Aim())
    with pytest.raises(NotAllowed):
        make_indicator(
            desk.people.act_as("reviewer"),
            NewIndicator(code="x1", name="x", unit_text="个", accumulates="year"),
        )
    with pytest.raises(Conflict):
        indicator(desk)
    for code in ("investment", "A b", "", "x" * 41):
        with pytest.raises(BadInput):
            indicator(desk, code)
    fines = indicator(desk, "fines", name="罚没金额", unit_text="万元")
    with pytest.raises(BadInput, match="不能定目标"):
        track(desk.office, park.pk, fines.pk, Aim(target_value=5))
    row = track(desk.office, park.pk, made.pk, Aim(target_value=5))
    with pytest.raises(Conflict, match="已经在报"):
        track(desk.office, park.pk, made.pk, Aim())
    changed = change_aim(desk.office, row.pk, Aim(target_value=6), seen=row.version)
    with pytest.raises(Conflict, match="刚被别人修改"):
        change_aim(desk.office, row.pk, Aim(target_value=7), seen=changed.version - 1)
    track(desk.office, park.pk, fines.pk, Aim())
    third = indicator(desk, "third", name="第三个")
    with pytest.raises(Conflict, match="最多报2个"):
        track(desk.office, park.pk, third.pk, Aim())


def test_pages_of_targets_show_value_and_gap(desk: IntakeDesk, programme: Tracked) -> None:
    submit(desk, AID, quantities={programme.indicator_id: 30})
    office = desk.browser()
    page = text_of(office.get(reverse("project-quantities", args=[project(AID).pk])))
    assert "差70" in page
    assert "未审核" in page
    assert "差70" in text_of(office.get(reverse("quantities") + "?state=未达到"))
    assert office.get(reverse("quantities-export")).status_code == 200
    assert AID not in text_of(desk.browser("outsider").get(reverse("quantities")))
    url = reverse("quantity", args=[programme.pk])
    typed = {TOKEN_FIELD: new_token(), "target": "罚", "due_on": "", "note": "", "version": "1"}
    refused = office.post(url, typed)
    assert refused.status_code == 422
    assert "罚" in text_of(refused)
    saved = office.post(url, {**typed, TOKEN_FIELD: new_token(), "target": "20"})
    assert saved.status_code == 302
    assert "已达到，超10" in text_of(office.get(reverse("quantities")))
    made = office.post(
        reverse("indicator-new"),
        {TOKEN_FIELD: new_token(), "name": "培训", "code": "training", "unit_text": "人次",
         "decimals": "0", "accumulates": "none"},
    )  # fmt: skip
    assert made.status_code == 302
    ended = office.post(
        reverse("quantity-end", args=[programme.pk]), {TOKEN_FIELD: new_token(), "version": "2"}
    )
    assert ended.status_code == 302
    assert not Tracked.objects.filter(ended_on__isnull=True).exists()


def test_workbooks_and_proxies_leave_programmes_to_the_page(
    desk: IntakeDesk, programme: Tracked
) -> None:
    made = workbooks_of(desk.round, None)
    unit = next(one for one in made if one.name.startswith(UNIT))
    sheets = load_workbook(BytesIO(unit.content)).worksheets
    text = "".join(str(cell.value) for sheet in sheets for row in sheet for cell in row)
    assert AID not in text
    assert "另有1个非建设项目不在本表" in text
    said = Said(ReportSource.PHONE, "张三", clock.now())
    one = EnterFor(project(AID), entry_versions(desk.round, [project(AID).pk])[project(AID).pk], 5)
    entered = enter_for_unit(desk.office, desk.round, said, [one])
    assert [fault.code for fault in entered.faults[project(AID).pk]] == ["no-money-here"]
    assert not Report.objects.exists()
    page = text_of(desk.browser().get(desk.url("proxy-entry", project_id=project(AID).pk)))
    assert "这里不代报" in page


def test_the_results_show_programmes_with_target_and_gap(
    desk: IntakeDesk, programme: Tracked
) -> None:
    submit(desk, AID, quantities={programme.indicator_id: 30})
    made = indicator(desk, "roads", unit_text="公里", accumulates=Accumulates.LIFE, name="路面")
    track(desk.office, project(PARK).pk, made.pk, Aim())
    address = reverse("quantities") + "?kind=programme"
    part = text_of(desk.browser().get(address, headers={"HX-Request": "true"}))
    assert "差70" in part
    assert "路面" not in part.split("</table>")[0]
    assert "<html" not in part
