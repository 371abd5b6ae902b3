from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest

from guatu.ledger.models import Responsibility, Term
from guatu.ledger.types import ResponsibilityRole, Vocabulary
from guatu.planning.models import DateFact
from guatu.reporting.models import Figure, IntakeQuestion, Report
from guatu.reporting.queries import entry_versions
from guatu.reporting.rules import Amounts
from guatu.reporting.services.answers import GiveAnswer, answer_question
from guatu.reporting.services.deliveries import Upload
from guatu.reporting.services.submit import SubmitReport, submit_report
from guatu.reporting.tests.desk import PARK, ROAD, WAN, IntakeDesk, figure, open_codes, project
from guatu.reporting.tests.signed_workbooks import filled, made_for, told
from guatu.reporting.tests.unit_page.test_submit import next_month, now
from guatu.reporting.types import (
    INVESTMENT_MONTH,
    INVESTMENT_TOTAL,
    AnswerKind,
    FileState,
    ReportSource,
    ReportState,
)
from guatu.reporting.workbook.layout import AT, FIRST_LINE, HEAD_LINE, SHEET
from tests.factories import OTHER_UNIT, UNIT
from tests.tables import row_counts


def word(vocabulary: Vocabulary) -> Term:
    return Term.objects.filter(vocabulary=vocabulary)[0]


def report(name: str = PARK) -> Report:
    return Report.objects.select_related("organisation").get(project__name=name)


def test_a_full_row_comes_back_as_the_page_would_store_it(desk: IntakeDesk) -> None:
    made = made_for(desk.round, desk)
    full: dict[str, Any] = {
        "year": 900,
        "month": 100,
        "life": 2000.5,
        "node": "前期工作",
        "progress": "三层",
        "started_on": date(2026, 3, 1),
        "reason": word(Vocabulary.REASON).name,
        "problem_kind": word(Vocabulary.PROBLEM).name,
        "problem": "缺砂石",
        "next_plan": 150,
    }
    delivery = desk.take(filled(made, **{PARK: full}))
    file = delivery.files.get()
    assert (file.state, file.sender, file.rows, file.new) == (FileState.TAKEN, UNIT, 1, 1)
    stored = report()
    assert (stored.source, stored.state) == (ReportSource.WORKBOOK, ReportState.ACCEPTED)
    assert stored.organisation_id == desk.people.organisations[UNIT]
    assert (stored.physical_node, stored.progress_text, stored.problem_text) == (
        "前期工作",
        "三层",
        "缺砂石",
    )
    assert stored.reason == word(Vocabulary.REASON)
    assert stored.problem == word(Vocabulary.PROBLEM)
    assert stored.next_plan_yuan == 150 * WAN
    assert (now(desk), now(desk, INVESTMENT_MONTH)) == (900, 100)
    assert Figure.objects.get(indicator__code=INVESTMENT_TOTAL).value == 20_005_000
    assert DateFact.objects.filter(project__name=PARK, on=date(2026, 3, 1)).exists()
    assert open_codes() == []


def test_rows_that_nobody_touched_are_not_reported(desk: IntakeDesk) -> None:
    made = made_for(desk.round, desk)
    assert made.projects == 3
    delivery = desk.take(filled(made, **{PARK: {"year": 900}}))
    assert not Report.objects.exclude(project__name=PARK).exists()
    assert "有2个项目没有填，仍按未报统计" in told(delivery)


def test_this_period_alone_moves_the_cumulative(
    desk: IntakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.take(filled(made_for(desk.round, desk), **{PARK: {"year": 900, "life": 1900}}))
    later = next_month(desk, monkeypatch)
    made = made_for(later.round, later)
    sheet = openpyxl.load_workbook(io.BytesIO(made.content))[SHEET]
    assert sheet.cell(FIRST_LINE + 1, AT["year"] + 1).value == 900
    assert sheet.cell(FIRST_LINE + 1, AT["last"] + 1).value == 900
    later.take(filled(made, **{PARK: {"month": 50}}))
    assert (now(later), now(later, INVESTMENT_TOTAL)) == (950, 1950)


def test_unchanged_keeps_figures_and_words(
    desk: IntakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    told_before = {"year": 900, "node": "前期工作", "progress": "三层"}
    desk.take(filled(made_for(desk.round, desk), **{PARK: told_before}))
    later = next_month(desk, monkeypatch)
    later.take(filled(made_for(later.round, later), **{PARK: {"unchanged": "是"}}))
    kept = Report.objects.get(period=later.round.period)
    assert (kept.is_unchanged, kept.progress_text) == (True, "三层")
    assert kept.physical_node == "前期工作"
    assert (now(later), now(later, INVESTMENT_MONTH)) == (900, 0)


def test_unchanged_beside_another_figure_is_asked_about(
    desk: IntakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.take(filled(made_for(desk.round, desk), **{PARK: {"year": 900}}))
    later = next_month(desk, monkeypatch)
    later.take(filled(made_for(later.round, later), **{PARK: {"unchanged": "是", "month": 10}}))
    assert now(later) == 910
    assert open_codes() == ["unchanged-contradicts"]
    assert Report.objects.get(period=later.round.period).state == ReportState.QUESTIONED


def test_a_unit_that_never_reported_cannot_keep_its_figure(desk: IntakeDesk) -> None:
    desk.take(filled(made_for(desk.round, desk), **{PARK: {"unchanged": "是"}}))
    assert open_codes() == ["no-figure"]
    assert figure(PARK) is None


def test_the_same_file_twice_is_the_same(desk: IntakeDesk) -> None:
    upload = filled(made_for(desk.round, desk), **{PARK: {"year": 900, "progress": "三层"}})
    desk.take(upload)
    before = row_counts()
    again = desk.take(upload).files.get()
    assert (again.new, again.changed, again.same, again.waiting) == (0, 0, 1, 0)
    after = row_counts()
    changed = {key for key in after if after[key] != before[key]}
    assert not {key for key in changed if "figure" in key or "report_report" in key}


def test_a_later_copy_of_the_unit_replaces_its_earlier_one(desk: IntakeDesk) -> None:
    made = made_for(desk.round, desk)
    first = filled(made, **{PARK: {"year": 900}})
    desk.take(first)
    file = desk.take(filled(made, **{PARK: {"year": 950}})).files.get()
    assert (file.changed, file.waiting, figure(PARK)) == (1, 0, 950)
    # The earlier copy again is older than what stands: somebody decides.
    desk.take(first)
    assert (open_codes(), figure(PARK)) == (["changed-since-issue"], 950)


def typed_meanwhile(desk: IntakeDesk, year: int) -> None:
    pk = project(PARK).pk
    seen = entry_versions(desk.round, [pk])[pk]
    command = SubmitReport(
        round_id=desk.round.pk,
        project_id=pk,
        seen=seen,
        amounts=Amounts(year_yuan=year * WAN),
    )
    submit_report(desk.people.act_as("reporter"), command)


def test_what_changed_since_the_workbook_went_out_waits_and_the_rest_enters(
    desk: IntakeDesk,
) -> None:
    made = made_for(desk.round, desk)
    typed_meanwhile(desk, 800)
    file = desk.take(filled(made, **{PARK: {"year": 900}, ROAD: {"year": 70}})).files.get()
    assert (file.new, file.waiting) == (1, 1)
    assert (figure(PARK), figure(ROAD)) == (800, 70)
    question = IntakeQuestion.objects.get(code="changed-since-issue")
    assert "现存800万元，表格报900万元" in question.question
    answer_question(
        desk.office, desk.round, question.pk, GiveAnswer(AnswerKind.ACCEPT, reason="以表格为准")
    )
    assert figure(PARK) == 900
    assert open_codes() == []


def test_theirs_may_be_left_aside(desk: IntakeDesk) -> None:
    made = made_for(desk.round, desk)
    typed_meanwhile(desk, 800)
    desk.take(filled(made, **{PARK: {"year": 900}}))
    question = IntakeQuestion.objects.get(code="changed-since-issue")
    left = GiveAnswer(AnswerKind.DISMISS, reason="以填报页为准")
    answer_question(desk.office, desk.round, question.pk, left)
    assert (figure(PARK), open_codes()) == (800, [])


def test_the_same_figure_from_both_ways_is_no_conflict(desk: IntakeDesk) -> None:
    made = made_for(desk.round, desk)
    typed_meanwhile(desk, 900)
    desk.take(filled(made, **{PARK: {"year": 900}}))
    assert open_codes() == []
    assert figure(PARK) == 900


def test_a_project_that_another_unit_reports_now_waits(desk: IntakeDesk) -> None:
    made = made_for(desk.round, desk)
    duty = Responsibility.objects.get(project__name=PARK, role=ResponsibilityRole.LEAD)
    Responsibility.objects.filter(pk=duty.pk).update(
        organisation=desk.people.organisations[OTHER_UNIT]
    )
    desk.take(filled(made, **{PARK: {"year": 900}}))
    assert open_codes() == ["reporter-changed"]
    assert figure(PARK) is None


def test_plain_excel_slips_are_read_or_asked_about(desk: IntakeDesk) -> None:
    made = made_for(desk.round, desk)
    desk.take(filled(made, **{PARK: {"year": "１，２００．５"}, ROAD: {"year": "约300"}}))
    assert Figure.objects.get(project__name=PARK, indicator__code="investment").value == 12_005_000
    assert open_codes() == ["approximate"]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("=1+1", "formula-without-value"),
        ("NaN", "not-a-number"),
        (1e18, "too-large"),
        ("=cmd|' /C calc'!A0", "formula-without-value"),
        ("<script>alert(1)</script>", "not-a-number-text"),
    ],
)
def test_what_is_no_amount_waits(desk: IntakeDesk, cell: object, code: str) -> None:
    desk.take(filled(made_for(desk.round, desk), **{PARK: {"year": cell}}))
    assert open_codes() == [code]
    assert figure(PARK) is None


def test_words_that_are_not_on_the_lists_are_asked_about(desk: IntakeDesk) -> None:
    cells = {"year": 900, "node": "九层", "reason": "没钱", "next_plan": "不少"}
    desk.take(filled(made_for(desk.round, desk), **{PARK: cells}))
    assert open_codes() == ["bad-next-plan", "no-such-node", "no-such-word"]
    stored = report()
    assert (stored.physical_node, stored.reason, stored.next_plan_yuan) == ("", None, None)
    assert (stored.state, figure(PARK)) == (ReportState.QUESTIONED, 900)


def test_a_sheet_with_the_heads_alone_is_read_as_any_table(desk: IntakeDesk) -> None:
    """Whoever copies the sheet into a book of his own loses the signature, not his work."""
    made = made_for(desk.round, desk)
    book = openpyxl.load_workbook(io.BytesIO(made.content))
    for name in book.sheetnames:
        if name != SHEET:
            book.remove(book[name])
    sheet = book[SHEET]
    assert sheet.cell(HEAD_LINE + 1, 2).value == "项目名称"
    sheet.cell(FIRST_LINE + 1, AT["year"] + 1).value = 900
    saved = io.BytesIO()
    book.save(saved)
    desk.take(Upload(made.name, saved.getvalue()))
    assert figure(PARK) == 900
