from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from guatu.assessment.services.close import close_round
from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, NotAllowed, RoundClosed
from guatu.engines.sheets import DEFAULT
from guatu.files.models import Import
from guatu.ledger.models import Project
from guatu.reporting.models import (
    DeliveredFile,
    Delivery,
    DeliveryLease,
    Figure,
    IntakeQuestion,
    Report,
)
from guatu.reporting.services import deliveries
from guatu.reporting.services.answers import GiveAnswer, answer_question
from guatu.reporting.services.deliveries import Upload, receive, take_in_delivery
from guatu.reporting.tests.desk import PARK, ROAD, IntakeDesk, figure
from guatu.reporting.types import AnswerKind, DeliveryState, FileState, QuestionState
from tests.tables import report_line


def state(name: str) -> str:
    return DeliveredFile.objects.get(name=name).state


def test_a_drop_is_kept_then_taken_in_together(desk: IntakeDesk) -> None:
    one = desk.file("甲.csv", report_line(PARK, "900", "P-1"))
    two = desk.file("乙.csv", report_line(ROAD, "100", "P-2"), report_line("没有的项目", "5"))
    delivery = receive(desk.office, desk.round, "drop", [one, two])
    assert delivery.state == DeliveryState.RECEIVED
    assert not Report.objects.exists()
    done = take_in_delivery(desk.office, desk.round, delivery.pk)
    assert done.state == DeliveryState.DONE
    assert (figure(PARK), figure(ROAD)) == (900, 100)
    assert state("甲.csv") == FileState.TAKEN
    second = DeliveredFile.objects.get(name="乙.csv")
    assert (second.state, second.rows, second.new, second.waiting) == (FileState.WAITING, 2, 1, 1)


def test_files_sent_one_by_one_come_together(desk: IntakeDesk) -> None:
    first = receive(desk.office, desk.round, "k", [desk.file("一.csv", report_line(PARK, "1"))])
    again = receive(desk.office, desk.round, "k", [desk.file("一.csv", report_line(ROAD, "2"))])
    assert first.pk == again.pk
    names = set(DeliveredFile.objects.values_list("name", flat=True))
    assert names == {"一.csv", "一.csv #2"}


def test_taking_in_twice_changes_nothing(desk: IntakeDesk) -> None:
    delivery = desk.take(desk.file("甲.csv", report_line(PARK, "900", "P-1")))
    before = Figure.objects.count(), Import.objects.count()
    assert take_in_delivery(desk.office, desk.round, delivery.pk).state == DeliveryState.DONE
    assert (Figure.objects.count(), Import.objects.count()) == before


def test_a_resent_file_says_what_it_replaces(desk: IntakeDesk) -> None:
    desk.take(desk.file("江北区发展改革局9月.csv", report_line(PARK, "900", "P-1")))
    desk.take(desk.file("江北区发展改革局9月更正.csv", report_line(PARK, "950", "P-1")))
    resent = DeliveredFile.objects.get(name="江北区发展改革局9月更正.csv")
    assert (resent.replaces, resent.changed, figure(PARK)) == ("江北区发展改革局9月.csv", 1, 950)


def test_an_answer_takes_the_row_of_the_newest_file_in(desk: IntakeDesk) -> None:
    """The question of the first file is asked again by the second: with its amount."""
    desk.take(desk.file("江北区发展改革局9月.csv", report_line("江北材料园", "900")))
    desk.take(desk.file("江北区发展改革局9月更正.csv", report_line("江北材料园", "950")))
    asked = IntakeQuestion.objects.get(code="unknown-project", state=QuestionState.OPEN)
    park = Project.objects.get(name=PARK)
    answer_question(desk.office, desk.round, asked.pk, GiveAnswer(AnswerKind.PROJECT, str(park.pk)))
    assert (figure(PARK), asked.imported.name) == (950, "江北区发展改革局9月更正.csv")


def test_an_older_unfinished_drop_never_replaces_a_newer_file(desk: IntakeDesk) -> None:
    older = desk.file("江北区发展改革局9月.csv", report_line(PARK, "900", "P-1"))
    newer = desk.file("江北区发展改革局9月更正.csv", report_line(PARK, "950", "P-1"))
    cut_off = receive(desk.office, desk.round, "first", [older])
    second = receive(desk.office, desk.round, "second", [newer])
    take_in_delivery(desk.office, desk.round, second.pk)
    take_in_delivery(desk.office, desk.round, cut_off.pk)
    cut_off.refresh_from_db()
    assert (cut_off.state, figure(PARK)) == (DeliveryState.DONE, 950)


def test_a_drop_waits_for_an_earlier_one_that_is_being_read(desk: IntakeDesk) -> None:
    """Else the older file, taken in last, would replace the newer one."""
    older = desk.file("江北区发展改革局9月.csv", report_line(PARK, "900", "P-1"))
    newer = desk.file("江北区发展改革局9月更正.csv", report_line(PARK, "950", "P-1"))
    first = receive(desk.office, desk.round, "first", [older])
    soon = clock.real_now() + timedelta(minutes=1)
    DeliveryLease.objects.create(delivery=first, holder="elsewhere 1 x", until=soon)
    second = receive(desk.office, desk.round, "second", [newer])
    waiting = take_in_delivery(desk.office, desk.round, second.pk)
    assert (waiting.state, Figure.objects.count()) == (DeliveryState.RECEIVED, 0)
    post = f'hx-post="{desk.url("intake-take-in", delivery_id=second.pk)}"'
    assert post not in desk.browser().get(desk.url("intake-files")).content.decode()
    DeliveryLease.objects.filter(delivery=first).update(holder="")
    assert post in desk.browser().get(desk.url("intake-files")).content.decode()
    take_in_delivery(desk.office, desk.round, second.pk)
    first.refresh_from_db()
    assert (first.state, figure(PARK)) == (DeliveryState.DONE, 950)


def test_a_drop_that_a_colleague_is_still_sending_waits_for_him(desk: IntakeDesk) -> None:
    colleague = replace(desk.office, text="另一位")
    his = receive(
        colleague, desk.round, "his", [desk.file("甲.csv", report_line(PARK, "900", "P-1"))]
    )
    desk.take(desk.file("乙.csv", report_line(ROAD, "100", "P-2")))
    his.refresh_from_db()
    assert his.state == DeliveryState.RECEIVED


def test_a_long_drop_is_not_taken_for_left(
    desk: IntakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    colleague = replace(desk.office, text="另一位")
    began = clock.now()
    first, second = (desk.file(name, report_line(PARK, "900", "P-1")) for name in ("甲", "乙"))
    receive(colleague, desk.round, "his", [first])
    monkeypatch.setattr(clock, "now", lambda: began + deliveries.LEFT_AFTER)
    his = receive(colleague, desk.round, "his", [second])
    monkeypatch.setattr(clock, "now", lambda: began + deliveries.LEFT_AFTER * 1.5)
    desk.take(desk.file("丙.csv", report_line(ROAD, "100", "P-2")))
    his.refresh_from_db()
    assert his.state == DeliveryState.RECEIVED


WRONG = {
    "改名.xlsx": b"MZ\x90\x00" + b"\x00" * 200,
    "空.xlsx": b"",
    "断.xlsx": b"PK\x03\x04" + b"\x01" * 60,
    "图.xlsx": b"\x89PNG\r\n\x1a\n" + b"\x00" * 60,
}


def test_wrong_files_are_named_and_the_others_enter(desk: IntakeDesk) -> None:
    good = desk.file("甲.csv", report_line(PARK, "900", "P-1"))
    desk.take(good, *(Upload(name, content) for name, content in WRONG.items()))
    for name in WRONG:
        row = DeliveredFile.objects.get(name=name)
        assert row.state == FileState.REFUSED, name
        assert row.faults, name
    assert figure(PARK) == 900


def test_only_wrong_files_leave_a_finished_drop(desk: IntakeDesk) -> None:
    done = desk.take(Upload("空.xlsx", b""))
    assert done.state == DeliveryState.DONE
    assert state("空.xlsx") == FileState.REFUSED


def test_a_file_over_the_limit_is_named_and_not_kept(desk: IntakeDesk) -> None:
    good = desk.file("甲.csv", report_line(PARK, "900", "P-1"))
    desk.take(Upload("大.xlsx", b"x" * (DEFAULT.upload_bytes + 1)), Upload("更大.xlsx", None), good)
    for name in ("大.xlsx", "更大.xlsx"):
        row = DeliveredFile.objects.get(name=name)
        assert (row.state, row.blob) == (FileState.REFUSED, None)
        assert "20MB" in row.faults
    assert figure(PARK) == 900


def test_the_whole_drop_has_a_limit(desk: IntakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "MOST_BYTES", 10)
    receive(
        desk.office, desk.round, "k", [Upload("一.csv", b"123456"), Upload("二.csv", b"123456")]
    )
    assert state("二.csv") == FileState.REFUSED
    monkeypatch.setattr(deliveries, "MOST_FILES", 2)
    receive(desk.office, desk.round, "k", [Upload("三.csv", b"1")])
    assert "最多2个" in DeliveredFile.objects.get(name="三.csv").faults


def test_nothing_is_dropped_into_a_locked_round(desk: IntakeDesk) -> None:
    delivery = receive(desk.office, desk.round, "k", [desk.file("甲.csv", report_line(PARK, "9"))])
    close_round(desk.people.console, desk.round.list, desk.round.period.parsed)
    desk.round.refresh_from_db()
    with pytest.raises(RoundClosed):
        receive(desk.office, desk.round, "l", [Upload("乙.csv", b"1")])
    assert take_in_delivery(desk.office, desk.round, delivery.pk).pk == delivery.pk
    failed = Delivery.objects.get(pk=delivery.pk)
    assert (failed.state, "已锁定" in failed.fault) == (DeliveryState.FAILED, True)


def test_an_empty_drop_and_a_finished_one_take_nothing(desk: IntakeDesk) -> None:
    with pytest.raises(BadInput):
        receive(desk.office, desk.round, "k", [])
    desk.take(desk.file("甲.csv", report_line(PARK, "9")), key="k")
    with pytest.raises(Conflict):
        receive(desk.office, desk.round, "k", [Upload("乙.csv", b"1")])


@pytest.mark.parametrize("name", ["viewer", "reporter", "leader", "system"])
def test_only_the_office_drops(desk: IntakeDesk, name: str) -> None:
    actor = desk.people.act_as(name)
    with pytest.raises(NotAllowed):
        receive(actor, desk.round, "k", [Upload("乙.csv", b"1")])
    with pytest.raises(NotAllowed):
        take_in_delivery(actor, desk.round, 1)


def test_a_lease_keeps_others_out_until_it_ends(desk: IntakeDesk) -> None:
    delivery = receive(
        desk.office, desk.round, "k", [desk.file("甲.csv", report_line(PARK, "900", "P-1"))]
    )
    soon = clock.real_now() + timedelta(minutes=1)
    lease = DeliveryLease.objects.create(delivery=delivery, holder="elsewhere 1 x", until=soon)
    assert take_in_delivery(desk.office, desk.round, delivery.pk).state == DeliveryState.RECEIVED
    lease.until = clock.real_now() - timedelta(seconds=1)
    lease.save()
    assert take_in_delivery(desk.office, desk.round, delivery.pk).state == DeliveryState.DONE
    assert figure(PARK) == 900


def test_a_crash_in_between_leaves_nothing_half_done(
    desk: IntakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [desk.file(f"{n}.csv", report_line(PARK, str(900 + n), "P-1")) for n in range(3)]
    delivery = receive(desk.office, desk.round, "k", files)

    def crash(*_: object) -> None:
        raise SystemExit("power")

    with monkeypatch.context() as broken:
        broken.setattr(deliveries, "_finish", crash)
        with pytest.raises(SystemExit):
            take_in_delivery(desk.office, desk.round, delivery.pk)
    assert not Figure.objects.exists()
    assert Delivery.objects.get().state == DeliveryState.RECEIVED
    assert take_in_delivery(desk.office, desk.round, delivery.pk).state == DeliveryState.DONE
    assert DeliveredFile.objects.exclude(state=FileState.RECEIVED).count() == 3


def test_a_fault_of_the_program_is_told_and_the_next_drop_enters(
    desk: IntakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object) -> None:
        raise ValueError("a file like no other")

    with monkeypatch.context() as broken:
        broken.setattr(deliveries, "_finish", stumble)
        desk.take(desk.file("甲.csv", report_line(PARK, "900", "P-1")))
    failed = Delivery.objects.get()
    assert failed.state == DeliveryState.FAILED
    assert "程序出了故障" in failed.fault
    assert not Figure.objects.exists()
    assert desk.take(desk.file("甲.csv", report_line(PARK, "900", "P-1"))).state == (
        DeliveryState.DONE
    )
    assert figure(PARK) == 900
