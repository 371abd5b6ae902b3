from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from guatu.assessment.services.close import close_round
from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, NotAllowed, RoundClosed
from guatu.core.workdays import WorkCalendar
from guatu.notices.models import Channel, Message
from guatu.notices.types import ChannelKind, MessageState
from guatu.reporting.due.models import Reminder, RoundDays
from guatu.reporting.due.rules import (
    deadline_fault,
    earliest_deadline,
    is_late,
    workdays_late,
)
from guatu.reporting.due.services import ChangeDays, Missing, change_days, remind
from guatu.reporting.models import Figure, Report, Round
from guatu.reporting.tests.desk import PARK, IntakeDesk
from guatu.reporting.types import ReportState
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import OTHER_UNIT, UNIT
from tests.tables import report_line

CALENDAR = WorkCalendar()
TODAY = date(2026, 10, 22)  # a Thursday


@pytest.mark.parametrize(
    ("deadline", "due_on", "code"),
    [
        (date(2026, 10, 26), date(2026, 10, 20), ""),
        (date(2026, 10, 23), date(2026, 10, 20), "short-deadline"),
        (date(2026, 10, 25), date(2026, 10, 20), "short-deadline"),
        (date(2026, 10, 22), date(2026, 10, 22), ""),
        (date(2026, 10, 31), date(2026, 10, 20), "rest-day"),
        (date(2027, 10, 22), date(2026, 10, 20), "far-deadline"),
        (date(2026, 10, 20), date(2026, 10, 20), "short-deadline"),
    ],
)
def test_a_deadline_leaves_two_working_days(deadline: date, due_on: date, code: str) -> None:
    fault = deadline_fault(deadline, today=TODAY, due_on=due_on, calendar=CALENDAR)
    assert (fault.code if fault else "") == code


def test_a_year_without_known_holidays_counts_its_weekends() -> None:
    assert earliest_deadline(date(2040, 1, 5), CALENDAR) == date(2040, 1, 9)


def test_the_due_day_itself_is_in_time_and_what_did_not_come_is_never_late() -> None:
    due = date(2026, 10, 23)
    assert not is_late(due, due)
    assert not is_late(due, None)
    assert is_late(due, date(2026, 10, 24))
    assert workdays_late(due, date(2026, 10, 27), CALENDAR) == 2
    assert workdays_late(due, due, CALENDAR) == 0


def _change(desk: IntakeDesk, due_on: date, *, signed_by: str = "", version: int = 0) -> Round:
    the_round = Round.objects.get(pk=desk.round.pk)
    command = ChangeDays(the_round.cut_off_on, due_on, "放假", signed_by)
    return change_days(desk.office, the_round, command, version or the_round.version)


def test_days_are_moved_with_a_reason_and_kept(desk: IntakeDesk) -> None:
    changed = _change(desk, date(2026, 10, 20))
    assert changed.due_on == date(2026, 10, 20)
    row = RoundDays.objects.get()
    assert (row.due_on, row.reason) == (date(2026, 10, 20), "放假")


def test_a_short_deadline_needs_a_name(desk: IntakeDesk) -> None:
    _change(desk, date(2026, 10, 20))
    with pytest.raises(BadInput) as refused:
        _change(desk, date(2026, 10, 11))
    assert refused.value.faults[0].code == "short-deadline"
    with pytest.raises(BadInput):
        _change(desk, date(2026, 10, 24))
    assert _change(desk, date(2026, 10, 12), signed_by="周正明").due_on


def test_days_are_not_moved_twice_at_once_nor_after_closing(desk: IntakeDesk) -> None:
    with pytest.raises(Conflict):
        _change(desk, date(2026, 10, 20), version=9)
    command = ChangeDays(desk.round.cut_off_on, date(2026, 10, 20), "理由")
    with pytest.raises(NotAllowed):
        change_days(desk.people.act_as("reporter"), desk.round, command, 1)
    close_round(desk.people.console, desk.round.list, desk.round.period.parsed)
    with pytest.raises(RoundClosed):
        _change(desk, date(2026, 10, 20))


def test_the_page_of_days_tells_what_is_wrong_beside_the_field(
    desk: IntakeDesk, office: Client
) -> None:
    url = desk.url("round-days")
    assert office.get(url).status_code == 200
    for typed in (
        {},
        {"cut_off_on": "x", "due_on": "=1+1", "reason": "<script>alert(1)</script>"},
        {"cut_off_on": "2026-09-30", "due_on": "2026-10-20", "reason": "长" * 10_000},
        {"cut_off_on": "2026-10-30", "due_on": "2026-10-20", "reason": "错"},
        {"cut_off_on": "2026-09-30", "due_on": "2026-09-20", "reason": "错"},
        {"cut_off_on": "2026-09-30", "due_on": "2027-09-20", "reason": "错"},
    ):
        answer = office.post(url, {TOKEN_FIELD: new_token(), "version": "1", **typed})
        assert answer.status_code == 422
        assert "<script>alert" not in answer.content.decode()
    version = Round.objects.get(pk=desk.round.pk).version
    typed = {"cut_off_on": "2026-09-30", "due_on": "2026-10-20", "reason": "放假推迟"}
    done = office.post(url, {TOKEN_FIELD: new_token(), "version": str(version), **typed})
    assert done.status_code == 302
    assert "放假推迟" in office.get(url).content.decode()


def _channel(desk: IntakeDesk) -> Channel:
    made = Channel(
        name="江北群",
        kind=ChannelKind.WECOM,
        organisation_id=desk.people.organisations[UNIT],
        secret="env:GUATU_ROBOT_1",
        salt="0" * 32,
    )
    made.save()
    return made


def test_one_button_reminds_every_unit_once_a_day(desk: IntakeDesk, office: Client) -> None:
    _channel(desk)
    url = desk.url("intake-remind")
    deadline = earliest_deadline(clock.today(), CALENDAR).isoformat()
    done = office.post(url, {TOKEN_FIELD: new_token(), "deadline": deadline}, follow=True)
    told = done.content.decode()
    assert "个单位的消息已排队" in told
    assert "请复制文字转发" in told
    by_unit = {one.organisation_id: one for one in Reminder.objects.all()}
    assert by_unit[desk.people.organisations[UNIT]].ways == "江北群"
    assert by_unit[desk.people.organisations[OTHER_UNIT]].ways == ""
    states = set(Message.objects.values_list("state", flat=True))
    assert states == {MessageState.QUEUED, MessageState.COPIED}
    text = Message.objects.get(state=MessageState.QUEUED).text
    assert PARK in text
    assert "科创中心" not in text
    before = Reminder.objects.count()
    again = office.post(url, {TOKEN_FIELD: new_token(), "deadline": deadline}, follow=True)
    assert "今天已催过" in again.content.decode()
    assert Reminder.objects.count() == before
    assert office.get(desk.url("intake-reminders-export")).status_code == 200


def test_a_reminder_with_too_little_time_is_refused(desk: IntakeDesk, office: Client) -> None:
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    for deadline in (tomorrow, "", "x", "2020-01-01"):
        answer = office.post(
            desk.url("intake-remind"), {TOKEN_FIELD: new_token(), "deadline": deadline}
        )
        assert answer.status_code == 422
    assert not Reminder.objects.exists()
    with pytest.raises(BadInput):
        remind(desk.office, desk.round, [], earliest_deadline(clock.today(), CALENDAR))


def test_others_may_not_remind(desk: IntakeDesk) -> None:
    missing = [Missing(desk.people.organisations[UNIT], 1, "请报送")]
    with pytest.raises(NotAllowed):
        remind(desk.people.act_as("viewer"), desk.round, missing, date(2026, 10, 20))


def test_late_and_returned_reports_are_told_apart(desk: IntakeDesk, office: Client) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "900", "P-1")))
    page = office.get(desk.url("intake")).content.decode()
    due = desk.round.due_on
    assert ("迟报（1个项目）" in page) == (clock.today() > due)
    _change(desk, date(2026, 10, 20))
    assert "迟报（" not in office.get(desk.url("intake")).content.decode()
    report = Report.objects.get()
    Report.objects.update(state=ReportState.RETURNED)
    assert "退回还没有重报（1个项目）" in office.get(desk.url("intake")).content.decode()
    # What came in time and is mended later stays in time.
    Report.objects.filter(pk=report.pk).update(at=clock.now() + timedelta(days=60))
    assert Figure.objects.filter(report=report).exists()
    assert "迟报（" not in office.get(desk.url("intake")).content.decode()
