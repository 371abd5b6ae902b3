"""Working days of the office's own calendar: frozen with the round, the same for every answer."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from guatu.assessment.books.effect import conventions_now, lights_by, read_frozen
from guatu.assessment.content import digest_of, freeze, thaw
from guatu.assessment.conventions import Conventions
from guatu.assessment.freezing import content_of
from guatu.assessment.judging import Assessed, assess
from guatu.assessment.models import Run, Snapshot
from guatu.assessment.queries import snapshot_content
from guatu.assessment.services.assess import assess_for_record, assess_unkept
from guatu.assessment.services.close import freeze_round
from guatu.assessment.tests.own_measures import adopt
from guatu.assessment.tests.rounds import PARK, Office
from guatu.assessment.tests.subjects import a_content, a_subject
from guatu.core.errors import Conflict
from guatu.core.workdays import WorkCalendar
from guatu.engines.rulebook import parse_book
from guatu.organisation.services.policy import forget_holiday, set_holiday
from tests.factories import Cast
from tests.tables import project_row, report_line

START, OFF, WORKED = date(2026, 9, 23), date(2026, 9, 29), date(2026, 9, 26)
BOOK = """
[book]
id = "days-2026"
version = 1
from = 2020-01-01
subject = "项目"
compare = "unrounded"
title = "报送办法"
source = "试验用"

[[measure]]
name = "开工后工作日"
kind = "天数"
unit = "工作日"
from = {days_since = "实际开工时间"}

[[light]]
dimension = "报送"
clause = "一"
missing = "无数据"
cases = [
  {when = "开工后工作日 < 4*工作日", give = {severity = "ok"}},
  {when = "4*工作日 <= 开工后工作日 < 5*工作日", give = {severity = "warning"}},
  {when = "开工后工作日 >= 5*工作日", give = {severity = "serious"}},
]
"""


def light(*workdays: tuple[date, bool]) -> str:
    """The light of a project that began on 23 September, on the 30th."""
    content = replace(a_content(a_subject(actual_start=START)), workdays=workdays)
    book = parse_book(BOOK, source="days")
    judged = assess(content, book, Conventions(), by=(), is_ranked=False)
    return judged.measured[0].verdict.overall.value


def test_the_published_calendar_gives_four_or_five_days() -> None:
    """24, 25, 28, 29, 30 September; 25 is the Mid-Autumn holiday of the published year."""
    days = WorkCalendar()
    told = sum(days.is_workday(date(2026, 9, day)) for day in range(24, 31))
    assert (told, light()) == (4, "warning")


@pytest.mark.parametrize(
    ("workdays", "severity"),
    [
        ((), "warning"),
        (((OFF, False),), "ok"),
        (((WORKED, True),), "serious"),
        (((OFF, False), (WORKED, True)), "warning"),
        (((date(2025, 9, 29), False),), "warning"),
    ],
)
def test_own_lines_stand_before_the_published_calendar(
    workdays: tuple[tuple[date, bool], ...], severity: str
) -> None:
    assert light(*workdays) == severity


def test_conventions_keep_own_days_as_text_and_give_them_back() -> None:
    told = Conventions().on_days([(OFF, False), (WORKED, True)])
    assert told.as_json()["workdays"] == "2026-09-26=1,2026-09-29=0"
    assert Conventions(**told.as_json()).calendar == WorkCalendar({WORKED: True, OFF: False})
    assert "workdays" not in Conventions().as_json()


def test_contents_keep_own_days_and_only_where_there_are_any() -> None:
    plain = a_content(a_subject())
    own = replace(plain, workdays=((WORKED, True), (OFF, False)))
    digest, stored = freeze(own)
    assert thaw(stored, digest) == own
    assert digest_of(own) != digest_of(plain)
    assert b"workdays" not in zlib.decompress(freeze(plain)[1])


# --- a round of the database --------------------------------------------------------------------


@pytest.fixture
def counting(office: Office, people: Cast) -> Office:
    """A list with a project that began on 23 September, under the book that counts days."""
    adopt(people, BOOK)
    set_holiday(office.console, OFF, is_workday=False, note="江源市调休")
    office.list_in(project_row(PARK, "P-1", 计划开工时间="2026年9月"))
    office.report(report_line(PARK, 7_000, 实际开工时间="2026年9月23日"))
    return office


def shown(assessed: Assessed) -> tuple[str, str]:
    """The one light, and the days that its reason counts."""
    one = assessed.measured[0]
    return one.verdict.overall.value, assessed.reasons(one)[0].text


def edit(office: Office) -> None:
    """The office takes its day back and works on a Saturday: two days more."""
    row = set_holiday(office.console, OFF, is_workday=False)
    forget_holiday(office.console, row.pk, is_workday=False)
    set_holiday(office.console, WORKED, is_workday=True)


def test_a_locked_round_is_judged_the_same_after_the_table_is_edited(counting: Office) -> None:
    office = counting
    snapshot = office.close()
    first = assess_for_record(office.console, snapshot)
    before, run = shown(first), Run.objects.get()
    edit(office)
    again = assess_for_record(office.console, Snapshot.objects.get(pk=snapshot.pk))
    assert shown(again) == before == ("ok", before[1])
    assert "3个工作日" in before[1] or "3工作日" in before[1]
    assert again.notices == ()
    assert [(one.pk, one.result_sm3) for one in Run.objects.all()] == [(run.pk, run.result_sm3)]
    # What is open still is judged by the table of now.
    assert shown(assess_unkept(content_of(office.round(), 1), office.listing.pk))[0] == "serious"


def test_live_effect_and_simulation_count_by_the_frozen_days(counting: Office) -> None:
    snapshot = counting.close()
    edit(counting)
    book, conventions = parse_book(BOOK, source="days"), conventions_now()
    frozen = read_frozen(snapshot, conventions)
    assert [one[0].value for one in lights_by(book, frozen, conventions)] == ["ok"]
    forgotten = replace(frozen, workdays=())
    assert [one[0].value for one in lights_by(book, forgotten, conventions)] == ["warning"]


def test_a_correction_keeps_the_frozen_days(counting: Office) -> None:
    office = counting
    before = snapshot_content(office.close())
    edit(office)
    corrected = office.correct(report_line(PARK, 7_500))
    assert corrected.snapshot is not None
    assert snapshot_content(corrected.snapshot).workdays == before.workdays == ((OFF, False),)
    assert shown(assess_for_record(office.console, corrected.snapshot))[0] == "ok"


def test_what_was_looked_at_is_not_locked_under_another_calendar(counting: Office) -> None:
    office = counting
    seen = digest_of(content_of(office.round(), 1))
    edit(office)
    told: dict[str, Any] = {"asked_by": "office", "approved_by": "second", "seen": seen}
    with pytest.raises(Conflict) as caught:
        freeze_round(office.console, office.round(), **told)
    assert caught.value.faults[0].code == "content-changed"
    told["seen"] = digest_of(content_of(office.round(), 1))
    assert freeze_round(office.console, office.round(), **told).revision == 1
