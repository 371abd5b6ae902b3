from __future__ import annotations

from collections.abc import Callable
from datetime import date

import openpyxl
import pytest

from guatu.assessment.services.close import close_round
from guatu.core.errors import RoundClosed
from guatu.engines.sheets import ASIDE
from guatu.organisation.models import Organisation
from guatu.reporting.models import Report
from guatu.reporting.services.deliveries import Upload
from guatu.reporting.tests.desk import PARK, ROAD, IntakeDesk, open_codes
from guatu.reporting.tests.signed_workbooks import filled, line_of, made_for, mended, told
from guatu.reporting.tests.unit_page.test_submit import next_month
from guatu.reporting.types import FileState
from guatu.reporting.workbook.layout import AT, FIRST_LINE, SHEET
from guatu.reporting.workbook.token import Issued, IssuedRow, NotOurs, signed, unsigned
from tests.factories import UNIT


def dropped(desk: IntakeDesk, mend: Callable[[openpyxl.Workbook], None]) -> str:
    """What the desk says of a workbook with a figure, after somebody did something to it."""
    upload = filled(made_for(desk.round, desk), **{PARK: {"year": 900}})
    assert upload.content is not None
    delivery = desk.take(Upload(upload.name, mended(upload.content, mend)))
    assert delivery.files.get().state == FileState.REFUSED
    assert not Report.objects.exists()
    assert open_codes() == []
    return told(delivery)


def test_a_changed_signature_is_refused(desk: IntakeDesk) -> None:
    def mend(book: openpyxl.Workbook) -> None:
        cell = book[ASIDE]["A1"]
        cell.value = cell.value[:40] + ("A" if cell.value[40] != "A" else "B") + cell.value[41:]

    assert dropped(desk, mend).startswith("填报表的签名不对")


def test_an_empty_signature_is_refused(desk: IntakeDesk) -> None:
    def mend(book: openpyxl.Workbook) -> None:
        book[ASIDE]["A1"].value = None

    assert dropped(desk, mend).startswith("填报表的签名不对")


def test_the_signature_of_another_installation_is_refused(
    desk: IntakeDesk, settings: pytest.FixtureRequest
) -> None:
    made = made_for(desk.round, desk)
    settings.SECRET_KEY = "another" * 10  # type: ignore[attr-defined]
    desk.take(filled(made, **{PARK: {"year": 900}}))
    assert not Report.objects.exists()


def test_broken_locks_are_named(desk: IntakeDesk) -> None:
    def mend(book: openpyxl.Workbook) -> None:
        line = line_of(book[SHEET], PARK)
        book[SHEET].cell(line, AT["plan"] + 1).value = 1
        book[SHEET].cell(line, AT["code"] + 1).value = "P-9"

    words = dropped(desk, mend)
    assert "锁定的格被改过" in words
    assert "C5由“P-1”改成“P-9”" in words
    assert "E5由“12000”改成“1”" in words


def test_many_broken_locks_are_counted(desk: IntakeDesk) -> None:
    def mend(book: openpyxl.Workbook) -> None:
        for column in range(1, 8):
            book[SHEET].cell(FIRST_LINE, column).value = "改"

    assert "等7处" in dropped(desk, mend)


def test_rows_that_changed_places_break_the_lock(desk: IntakeDesk) -> None:
    def mend(book: openpyxl.Workbook) -> None:
        sheet = book[SHEET]
        for column in range(1, sheet.max_column + 1):
            one, two = sheet.cell(FIRST_LINE + 1, column), sheet.cell(FIRST_LINE + 2, column)
            one.value, two.value = two.value, one.value

    assert "锁定的格被改过" in dropped(desk, mend)


def test_a_row_that_was_added_breaks_the_lock(desk: IntakeDesk) -> None:
    def mend(book: openpyxl.Workbook) -> None:
        book[SHEET].append([4, "我加的项目", "P-99"])

    assert "第8行是后加的" in dropped(desk, mend)


def test_a_sheet_that_was_renamed_is_told(desk: IntakeDesk) -> None:
    def mend(book: openpyxl.Workbook) -> None:
        book[SHEET].title = "我的表"

    assert "找不到工作表“填报”" in dropped(desk, mend)


def test_another_round_is_named_with_where_to_drop_it(
    desk: IntakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = made_for(desk.round, desk)
    later = next_month(desk, monkeypatch)
    words = told(later.take(filled(made, **{PARK: {"year": 900}})))
    assert "这是2026年重点项目 · 2026年9月的填报表，不是2026年重点项目 · 2026年10月的" in words
    assert "请到2026年重点项目 · 2026年9月的收表台交" in words
    assert not Report.objects.exists()


def test_another_round_that_is_locked_asks_for_a_correction(
    desk: IntakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = made_for(desk.round, desk)
    later = next_month(desk, monkeypatch)
    close_round(desk.people.console, desk.round.list, desk.round.period.parsed)
    assert "那一期已锁定" in told(later.take(filled(made, **{PARK: {"year": 900}})))


def test_a_locked_round_takes_nothing_and_gives_nothing_out(desk: IntakeDesk) -> None:
    upload = filled(made_for(desk.round, desk), **{PARK: {"year": 900}})
    close_round(desk.people.console, desk.round.list, desk.round.period.parsed)
    desk.round.refresh_from_db()
    with pytest.raises(RoundClosed):
        desk.take(upload)
    with pytest.raises(RoundClosed):
        made_for(desk.round, desk)


def test_a_unit_that_ended_is_refused(desk: IntakeDesk) -> None:
    upload = filled(made_for(desk.round, desk), **{PARK: {"year": 900}})
    unit = Organisation.objects.filter(pk=desk.people.organisations[UNIT])
    unit.update(ended_on=date(2026, 10, 1))
    words = told(desk.take(upload))
    assert f"{UNIT}已经撤并" in words
    assert not Report.objects.exists()


def test_a_refused_file_does_not_keep_the_others_out(desk: IntakeDesk) -> None:
    made = made_for(desk.round, desk)

    def mend(book: openpyxl.Workbook) -> None:
        book[SHEET].cell(FIRST_LINE + 1, 1).value = 7

    bad = Upload("坏表.xlsx", mended(made.content, mend))
    desk.take(bad, filled(made, **{ROAD: {"year": 60}}))
    assert Report.objects.get().project.name == ROAD


def test_a_long_token_is_cut_into_cells_and_put_together() -> None:
    rows = tuple(
        IssuedRow(f"{at:032x}", f"1.{at}.0", (f"项目{at}" * 9,), (str(at * 7919),))
        for at in range(3000)
    )
    issued = Issued(1, 2, "2026-11-22T00:00:00+00:00", ("标题",), rows)
    pieces = signed(issued)
    assert len(pieces) > 1
    assert max(map(len, pieces)) <= 32_767
    assert unsigned(pieces) == issued
    with pytest.raises(NotOurs):
        unsigned(pieces[:-1])
    with pytest.raises(NotOurs):
        unsigned(pieces[::-1])
