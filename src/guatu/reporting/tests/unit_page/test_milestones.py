from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.core.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.planning.models import DateFact
from guatu.reporting.models import Report
from guatu.reporting.quantities.milestones import Promised, asked_for, promised_in
from guatu.reporting.quantities.models import Tracked
from guatu.reporting.quantities.promising import drop_milestone, move_milestone, name_milestone
from guatu.reporting.services.review import return_reports
from guatu.reporting.services.submit import submit_report
from guatu.reporting.tests.desk import PARK, IntakeDesk, project
from guatu.reporting.tests.unit_page.test_pages import fill, form_url, text_of
from guatu.reporting.tests.unit_page.test_programmes import AID, programme
from guatu.reporting.tests.unit_page.test_review import sent, versions
from guatu.reporting.tests.unit_page.test_submit import command, next_month, submit
from guatu.ui.tokens import TOKEN_FIELD, new_token

__all__ = ["programme"]
TENDER, TRIAL = "完成招标", "试运行"
JUNE, OCTOBER = date(2026, 6, 30), date(2026, 10, 31)


@pytest.fixture
def promised(desk: IntakeDesk, programme: Tracked) -> IntakeDesk:
    """The programme has two milestones."""
    for name, on in ((TENDER, JUNE), (TRIAL, OCTOBER)):
        name_milestone(desk.office, project(AID).pk, name, on)
    return desk


def standing() -> dict[str, Promised]:
    return {one.name: one for one in promised_in([project(AID).pk]).get(project(AID).pk, [])}


def test_the_unit_reports_the_day_a_milestone_was_reached(promised: IntakeDesk) -> None:
    client = promised.browser("reporter")
    page = text_of(client.get(form_url(promised, AID)))
    assert "完成招标，完成日期" in page
    assert page.count('class="field field-') <= 12
    field = standing()[TENDER].field
    done = fill(promised, client, AID, **{field: "2026-07-05"})
    assert done.status_code == 302, text_of(done)
    one = standing()[TENDER]
    assert (one.reached_on, one.late_days(OCTOBER)) == (date(2026, 7, 5), 5)
    assert Report.objects.count() == 1
    taken_back = fill(promised, client, AID, **{field: "", "progress": "还没有完成"})
    assert taken_back.status_code == 302, text_of(taken_back)
    assert standing()[TENDER].reached_on is None
    assert DateFact.objects.filter(milestone=TENDER, kind="actual").count() == 2


@pytest.mark.parametrize("typed", ["abc", "2026-13-01", "=1+1", "2026-10-31", "9999-01-01"])
def test_a_day_that_cannot_be_is_told_and_kept(promised: IntakeDesk, typed: str) -> None:
    field = standing()[TENDER].field
    done = fill(promised, promised.browser("reporter"), AID, **{field: typed})
    assert done.status_code == 422
    assert typed in text_of(done)
    assert not Report.objects.exists()


def test_a_move_needs_its_reason_and_leaves_the_first_promise(promised: IntakeDesk) -> None:
    one, office = standing()[TENDER], promised.office
    with pytest.raises(BadInput, match="原因"):
        move_milestone(office, one.key, OCTOBER, reason=" ", seen=1)
    move_milestone(office, one.key, OCTOBER, reason="流标", seen=1)
    with pytest.raises(Conflict, match="刚被"):
        move_milestone(office, one.key, JUNE, reason="流标", seen=1)
    moved = standing()[TENDER]
    assert (moved.first.on, moved.due_on, moved.slip_days) == (JUNE, OCTOBER, 123)
    with pytest.raises(BadInput, match="一样"):
        move_milestone(office, one.key, OCTOBER, reason="再", seen=2)


def test_dropped_is_asked_no_more_and_what_is_reached_stays(promised: IntakeDesk) -> None:
    one, other = standing()[TENDER], standing()[TRIAL]
    drop_milestone(promised.office, one.key, reason="并入试运行", seen=1)
    assert list(standing()) == [TRIAL]
    submit(promised, AID, reached={other.key: date(2026, 9, 1)})
    with pytest.raises(Conflict, match="已完成"):
        drop_milestone(promised.office, other.key, reason="不要了", seen=1)
    with pytest.raises(NotFound):
        drop_milestone(promised.office, one.key, reason="再", seen=1)
    with pytest.raises(BadInput, match="没有"):
        submit(promised, AID, reached={one.key: date(2026, 9, 1)})
    name_milestone(promised.office, project(AID).pk, TENDER, OCTOBER)
    assert standing()[TENDER].first.on == JUNE


@pytest.mark.parametrize("name", ["", " ", "长" * 21, "开工", "start", "看不\u200b见"])
def test_a_name_is_a_name(promised: IntakeDesk, name: str) -> None:
    with pytest.raises(BadInput):
        name_milestone(promised.office, project(AID).pk, name, JUNE)


def test_milestones_are_the_offices_and_of_programmes(promised: IntakeDesk) -> None:
    with pytest.raises(Conflict):
        name_milestone(promised.office, project(AID).pk, TENDER, JUNE)
    with pytest.raises(BadInput, match="形象节点"):
        name_milestone(promised.office, project(PARK).pk, TENDER, JUNE)
    for who in ("reporter", "viewer", "reviewer"):
        with pytest.raises(NotAllowed):
            name_milestone(promised.people.act_as(who), project(AID).pk, "验收", JUNE)
    with pytest.raises(NotFound):
        submit(promised, AID, who="outsider", reached={standing()[TENDER].key: JUNE})


def test_the_form_asks_for_the_next_ones_that_fit() -> None:
    sent_at = datetime(2026, 9, 28, tzinfo=UTC)

    def one(pk: int, told_at: datetime | None = None) -> Promised:
        told = DateFact(pk=pk, on=JUNE)
        return Promised(told, told, DateFact(on=JUNE, at=told_at) if told_at else None)

    rows = [one(1, datetime(2026, 8, 28, tzinfo=UTC)), one(2, sent_at), one(3), one(4), one(5)]
    assert [each.key for each in asked_for(rows, sent_at, 9)] == [2, 3, 4]
    assert [each.key for each in asked_for(rows, None, 9)] == [3, 4, 5]
    assert [each.key for each in asked_for(rows, sent_at, 16)] == [2]


def test_sending_milestones_in_takes_few_statements(promised: IntakeDesk) -> None:
    told = command(promised, AID, reached={standing()[TENDER].key: date(2026, 9, 1)})
    actor = promised.people.act_as("reporter")
    with CaptureQueriesContext(connection) as captured:
        submit_report(actor, told)
    counted = [one for one in captured if "SAVEPOINT" not in one["sql"]]
    assert len(counted) <= 20, [one["sql"][:80] for one in counted]


def post(client: Any, page: str, pk: int, **told: str) -> Any:
    return client.post(reverse(page, args=[pk]), {TOKEN_FIELD: new_token(), **told})


def test_the_pages_name_move_drop_and_list(promised: IntakeDesk) -> None:
    office, pk = promised.browser(), project(AID).pk
    page = text_of(office.get(reverse("project-milestones", args=[pk])))
    assert "逾期102天未完成" in page
    bad = post(office, "project-milestones", pk, name="<script>", due_on="明天")
    assert bad.status_code == 422
    assert "明天" in text_of(bad)
    assert (
        post(office, "project-milestones", pk, name="验收", due_on="2026-12-01").status_code == 302
    )
    key = standing()["验收"].key
    refused = post(office, "milestone", key, due_on="2026-12-20", reason="", version="1")
    assert refused.status_code == 422
    moved = post(office, "milestone", key, due_on="2026-12-20", reason="补件", version="1")
    assert moved.status_code == 302
    stale = post(office, "milestone", key, due_on="2026-12-21", reason="补件", version="1")
    assert stale.status_code == 422
    listed = text_of(office.get(reverse("milestones") + "?slip=slipped"))
    assert "补件" in listed
    assert TRIAL not in listed
    assert office.get(reverse("milestones-export")).status_code == 200
    assert post(office, "milestone-drop", key, why="不设", version="2").status_code == 302
    assert AID not in text_of(promised.browser("outsider").get(reverse("milestones")))
    sheet = text_of(office.get(reverse("project", args=[pk])))
    assert TENDER in sheet
    assert "验收" not in sheet.split("<h2>节点</h2>")[1].split("</section>")[0]
    assert text_of(office.get(reverse("project-timeline", args=[pk]))).count(TENDER)


def test_reviewers_see_values_targets_and_milestones(
    promised: IntakeDesk, programme: Tracked, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(promised, AID, quantities={programme.indicator_id: 30})
    later = next_month(promised, monkeypatch)
    told: dict[str, Any] = {
        "quantities": {programme.indicator_id: 45},
        "reached": {standing()[TENDER].key: JUNE},
    }
    submit(later, AID, **told)
    sent(later)
    office = later.browser()
    page = text_of(office.get(reverse("reviews")))
    assert "本年累计45个" in page
    assert "本期+15，目标100，差55" in page
    assert "2026-06-30完成，按期" in page
    assert TRIAL in page
    with CaptureQueriesContext(connection) as captured:
        office.get(reverse("reviews"))
    assert len(captured) <= 12, [one["sql"][:90] for one in captured]
    assert office.get(reverse("reviews-export")).status_code == 200


def test_the_form_of_a_returned_programme_takes_few_queries(
    promised: IntakeDesk, programme: Tracked
) -> None:
    report = submit(promised, AID, quantities={programme.indicator_id: 30}).report
    assert report is not None
    return_reports(promised.office, versions(report), reason="请核实")
    unit = promised.browser("reporter")
    address = form_url(promised, AID)
    unit.get(address)
    with CaptureQueriesContext(connection) as captured:
        page = text_of(unit.get(address))
    assert "请核实" in page
    assert len(captured) <= 12, [one["sql"][:90] for one in captured]


def test_a_queue_without_quantities_has_no_column_for_them(desk: IntakeDesk) -> None:
    sent(desk)
    assert "指标和节点" not in text_of(desk.browser().get(reverse("reviews")))
