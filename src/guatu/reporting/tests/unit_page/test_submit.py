from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.assessment.services.close import close_round
from guatu.core.errors import BadInput, Conflict, NotAllowed, NotFound, RoundClosed
from guatu.core.periods import parse_period
from guatu.journal.models import Entry
from guatu.ledger.models import Responsibility, Term
from guatu.ledger.types import ResponsibilityRole, Vocabulary
from guatu.planning.models import DateFact
from guatu.reporting.models import Figure, Report, ReportDraft
from guatu.reporting.queries import entry_versions
from guatu.reporting.rules import Amounts
from guatu.reporting.services.rounds import start_round
from guatu.reporting.services.submit import SubmitReport, Submitted, save_draft, submit_report
from guatu.reporting.tests.desk import PARK, ROAD, WAN, IntakeDesk, project
from guatu.reporting.types import (
    INVESTMENT,
    INVESTMENT_MONTH,
    INVESTMENT_TOTAL,
    ReportSource,
    ReportState,
)
from tests.factories import OTHER_UNIT, SINCE
from tests.tables import report_line


def word(vocabulary: Vocabulary) -> int:
    found = Term.objects.filter(vocabulary=vocabulary).first()
    assert found is not None
    return found.pk


def command(desk: IntakeDesk, name: str = PARK, **other: Any) -> SubmitReport:
    """What a unit says; money in 万元."""
    pk = project(name).pk
    typed = {
        f"{key}_yuan": value * WAN
        for key in ("year", "month", "life")
        if (value := other.pop(key, None)) is not None
    }
    values = {"seen": entry_versions(desk.round, [pk])[pk], "amounts": Amounts(**typed), **other}
    return SubmitReport(round_id=desk.round.pk, project_id=pk, **values)


def submit(desk: IntakeDesk, name: str = PARK, *, who: str = "reporter", **other: Any) -> Submitted:
    return submit_report(desk.people.act_as(who), command(desk, name, **other))


def next_month(desk: IntakeDesk, monkeypatch: pytest.MonkeyPatch) -> IntakeDesk:
    """The next round, ten days after its end."""
    monkeypatch.setenv("GUATU_TODAY", "2026-11-10")
    return replace(desk, round=start_round(desk.office, desk.round.list, parse_period("2026-10")))


def now(desk: IntakeDesk, code: str = INVESTMENT, name: str = PARK) -> int | None:
    """The figure in force, in 万元."""
    found = Figure.objects.filter(
        project__name=name,
        as_of=desk.round.period.last_on,
        indicator__code=code,
        is_current=True,
    ).first()
    return None if found is None or found.value is None else found.value // WAN


FULL: dict[str, Any] = {
    "year": 900,
    "month": 100,
    "life": 2000,
    "node": "前期工作",
    "progress": "三层",
    "problem": "缺砂石",
    "started_on": date(2026, 3, 1),
    "next_plan_yuan": 200 * WAN,
}


def test_a_units_report_is_stored_as_sent_in(desk: IntakeDesk) -> None:
    reason, problem = word(Vocabulary.REASON), word(Vocabulary.PROBLEM)
    done = submit(desk, **FULL, reason_id=reason, problem_id=problem)
    report = Report.objects.get()
    assert done.report == report
    assert (report.state, report.source) == (ReportState.SUBMITTED, ReportSource.UNIT)
    assert (report.physical_node, report.progress_text) == ("前期工作", "三层")
    assert (report.reason_id, report.problem_id) == (reason, problem)
    assert report.next_plan_yuan == 200 * WAN
    assert report.submitted_at == report.at
    assert report.organisation_id == desk.people.organisations["江北区发展改革局"]
    assert [now(desk, one) for one in (INVESTMENT, INVESTMENT_MONTH, INVESTMENT_TOTAL)] == [
        900, 100, 2000,
    ]  # fmt: skip
    assert DateFact.objects.get(kind="actual").on == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"year": 1000}, (1000, 100)),
        ({"month": 150}, (1050, 150)),
        ({"year": 900, "month": 150}, (1050, 150)),
        ({"year": 1000, "month": 100}, (1000, 100)),
        ({"year": 900}, (900, 0)),
    ],
)
def test_this_period_and_the_cumulative_stay_in_step(
    desk: IntakeDesk,
    monkeypatch: pytest.MonkeyPatch,
    typed: dict[str, Any],
    kept: tuple[int, int],
) -> None:
    submit(desk, year=900, life=2000)
    later = next_month(desk, monkeypatch)
    assert submit(later, **typed).report is not None
    assert (now(later), now(later, INVESTMENT_MONTH)) == kept


def test_what_contradicts_is_asked_and_enters_with_an_explanation(
    desk: IntakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(desk, year=900)
    later = next_month(desk, monkeypatch)
    asked = submit(later, year=1000, month=300)
    assert [one.code for one in asked.questions] == ["month-mismatch"]
    assert asked.report is None
    assert now(later) is None
    done = submit(later, year=1000, month=300, explanation="九月少报了200")
    assert done.report is not None
    assert done.report.state == ReportState.QUESTIONED
    assert done.report.explanation == "九月少报了200"
    assert "不一致" in done.report.asked
    assert now(later) == 1000


def test_a_fall_needs_its_reason_and_a_negative_one_enters_as_questioned(
    desk: IntakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(desk, year=900)
    later = next_month(desk, monkeypatch)
    assert [one.code for one in submit(later, year=-5).questions] == ["negative-figure"]
    done = submit(later, year=-5, explanation="审计核减")
    assert done.report is not None
    assert (done.report.state, now(later)) == (ReportState.QUESTIONED, -5)
    assert "负数" in done.report.asked
    assert Figure.objects.get(value=-5 * WAN, is_current=True).reason == "审计核减"


def test_no_change_takes_everything_of_the_last_report(
    desk: IntakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(desk, **FULL)
    later = next_month(desk, monkeypatch)
    done = submit(later, is_unchanged=True)
    assert done.report is not None
    assert done.report.is_unchanged
    assert (done.report.progress_text, done.report.physical_node) == ("三层", "前期工作")
    assert (now(later), now(later, INVESTMENT_MONTH)) == (900, 0)
    assert now(later, INVESTMENT_TOTAL) == 2000
    with pytest.raises(BadInput, match="还没有报过数"):
        submit(later, ROAD, is_unchanged=True)


def test_the_total_since_the_start_follows(
    desk: IntakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(desk, year=900, life=2000)
    later = next_month(desk, monkeypatch)
    submit(later, month=50)
    assert now(later, INVESTMENT_TOTAL) == 2050


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({}, "no-figure"),
        ({"month": 5}, "no-figure"),
        ({"year": 1, "node": "胡写"}, "no-such-node"),
        ({"year": 1, "reason_id": 10**9}, "no-such-reason"),
        ({"year": 1, "problem_id": 10**9}, "no-such-problem"),
        ({"year": 1, "next_plan_yuan": -1}, "bad-next-plan"),
        ({"year": 1, "progress": "长" * 5001}, "text-too-long"),
        ({"year": 1, "explanation": "长" * 301}, "explanation-too-long"),
        ({"year": 10**12}, "too-large"),
        ({"year": 1, "started_on": date(2026, 10, 1)}, "date-in-the-future"),
        (
            {"year": 1, "started_on": date(2026, 3, 1), "completed_on": date(2026, 2, 1)},
            "ends-before-start",
        ),
    ],
)
def test_what_cannot_stand_is_refused_and_nothing_is_stored(
    desk: IntakeDesk, wrong: dict[str, Any], code: str
) -> None:
    before = Entry.objects.count()
    with pytest.raises(BadInput) as told:
        submit(desk, **{"explanation": "有原因", **wrong})
    assert code in [one.code for one in told.value.faults]
    assert not Report.objects.exists()
    assert Entry.objects.count() == before


def test_another_units_project_does_not_exist(desk: IntakeDesk) -> None:
    with pytest.raises(NotFound):
        submit(desk, "科创中心", year=1)
    with pytest.raises(NotFound):
        submit(desk, PARK, who="outsider", year=1)
    for who in ("office", "viewer", "reviewer", "leader", "system"):
        with pytest.raises(NotAllowed):
            submit(desk, PARK, who=who, year=1)


def test_the_unit_named_for_reporting_reports_and_the_lead_no_more(desk: IntakeDesk) -> None:
    Responsibility.objects.create(
        project=project(PARK),
        role=ResponsibilityRole.REPORTER,
        organisation_id=desk.people.organisations[OTHER_UNIT],
        valid_from=SINCE,
    )
    with pytest.raises(NotFound):
        submit(desk, year=1)
    assert submit(desk, who="outsider", year=1).report is not None


def test_a_locked_round_takes_nothing(desk: IntakeDesk) -> None:
    told = command(desk, year=900)
    close_round(desk.people.console, desk.round.list, desk.round.period.parsed)
    with pytest.raises(RoundClosed):
        submit_report(desk.people.act_as("reporter"), told)
    with pytest.raises(RoundClosed):
        save_draft(desk.people.act_as("reporter"), desk.round.pk, project(PARK).pk, {}, version=0)


def test_the_second_of_two_forms_is_told(desk: IntakeDesk) -> None:
    stale = command(desk, year=950)
    submit(desk, year=900)
    with pytest.raises(Conflict):
        submit_report(desk.people.act_as("reporter"), stale)
    assert now(desk) == 900


def test_a_unit_mends_what_it_sent_in_until_it_is_accepted(desk: IntakeDesk) -> None:
    submit(desk, year=900)
    assert submit(desk, year=950).report is not None
    assert now(desk) == 950
    Report.objects.update(state=ReportState.ACCEPTED)
    with pytest.raises(Conflict, match="已审核"):
        submit(desk, year=960)


def test_it_confirms_what_the_office_took_in_and_settles_its_questions(desk: IntakeDesk) -> None:
    desk.take(desk.file("甲.csv", report_line(PARK, "约900", "P-1")))
    done = submit(desk, year=900)
    assert done.report is not None
    assert project(PARK).intakequestion_set.get().state == "superseded"


def test_drafts_are_kept_compared_and_gone_when_sent_in(desk: IntakeDesk) -> None:
    actor, pk = desk.people.act_as("reporter"), project(PARK).pk
    before = Entry.objects.count()
    assert save_draft(actor, desk.round.pk, pk, {"year": "9"}, version=0) == 1
    assert save_draft(actor, desk.round.pk, pk, {"year": "90"}, version=1) == 2
    for version in (0, 1):
        with pytest.raises(Conflict):
            save_draft(actor, desk.round.pk, pk, {"year": "x"}, version=version)
    assert ReportDraft.objects.get().content == '{"year": "90"}'
    assert Entry.objects.count() == before
    with pytest.raises(BadInput):
        save_draft(actor, desk.round.pk, pk, {"year": "9" * 20_001}, version=2)
    with pytest.raises(NotFound):
        save_draft(desk.people.act_as("outsider"), desk.round.pk, pk, {}, version=0)
    submit(desk, year=900)
    assert not ReportDraft.objects.exists()


def test_a_full_report_takes_at_most_twenty_statements(
    desk: IntakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(desk, year=800, life=1800)
    later = next_month(desk, monkeypatch)
    actor = later.people.act_as("reporter")
    words = {
        "reason_id": word(Vocabulary.REASON),
        "problem_id": word(Vocabulary.PROBLEM),
        **FULL,
    }
    for extra in ({}, {"progress": "四层", "year": 910, "month": 110}):
        told = command(later, **{**words, **extra})
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert submit_report(actor, told).report is not None
        assert len(seen) <= 20, "\n".join(one["sql"][:120] for one in seen.captured_queries)
