"""guatu periods, close, correct."""

from __future__ import annotations

from typing import Any

import pytest

from guatu.assessment.models import Snapshot
from guatu.reporting.models import Round
from guatu.reporting.types import RoundState
from tests.cli.calls import PARK, ROAD, Guatu
from tests.tables import report_line, row_counts

# --- periods -----------------------------------------------------------------------------------


def test_periods_are_listed_closed_only_or_the_last_only(guatu: Guatu) -> None:
    assert guatu("periods").out == ""
    guatu.closed("2026-08")
    guatu("import", "reports", guatu.report_file(name="九.csv"), "--period", "2026-09")
    august = "2026-08\t2026年重点项目\t已锁定\t第1版\n"
    september = "2026-09\t2026年重点项目\t收报中\t—\n"
    for words, out in (
        ([], august + september),
        (["--closed"], august),
        (["--last"], september),
        (["--closed", "--last"], august),
        (["--list", "重点项目"], august + september),
        (["--list", "没有"], ""),
    ):
        ran = guatu("periods", *words)
        assert (ran.code, ran.out, ran.err) == (0, out, "")


def test_a_corrected_round_says_how_often(guatu: Guatu) -> None:
    guatu.closed()
    path = guatu.report_file(report_line(PARK, 7_500), name="更正.csv")
    assert guatu("correct", "2026-09", path, "--reason", "复核").code == 0
    assert guatu("periods").out == "2026-09\t2026年重点项目\t已更正（1）\t第2版\n"


# --- close -------------------------------------------------------------------------------------


def test_closing_prints_the_digest_and_the_entry(guatu: Guatu) -> None:
    guatu.reported()
    ran = guatu("close", "2026-09")
    snapshot = Snapshot.objects.get()
    assert ran.out.startswith("已锁定2026年重点项目2026-09：3个项目")
    assert f"定版数据sm3:{snapshot.content_sm3}" in ran.out
    assert f"日志第{snapshot.journal_seq}条。" in ran.out


def test_closing_twice_exits_2_and_changes_nothing(guatu: Guatu) -> None:
    guatu.closed()
    assert guatu.refused("close", "2026-09") == [
        "2026年重点项目 · 2026年9月已经锁定。需要改数请办理更正。命令行：guatu correct。"
    ]


def test_closing_out_of_order_is_refused(guatu: Guatu) -> None:
    guatu.reported("2026-08")
    guatu("import", "reports", guatu.report_file(name="九.csv"), "--period", "2026-09")
    assert guatu.refused("close", "2026-09") == ["前面的2026年8月还没有锁定。请按先后顺序锁定。"]
    assert guatu("close", "2026-08").code == guatu("close", "2026-09").code == 0


def test_a_round_never_opened_is_refused(guatu: Guatu) -> None:
    guatu.list_in()
    [fault] = guatu.refused("close", "2026-07")
    what = "2026年重点项目没有2026年7月这一期。请先导入该期月报。"
    assert fault == f"{what}命令行：guatu import reports。"


SECOND: list[tuple[list[str], str]] = [
    (["--as", "office"], "这项操作须两人办理"),
    (["--as", "office", "--approved-by", "office"], "办理人和批准人是同一账号"),
    (["--as", "office", "--approved-by", "reporter"], "账号“reporter”没有这项权限"),
    (["--as", "reporter", "--approved-by", "office"], "账号“reporter”没有这项权限"),
    (["--as", "outsider", "--approved-by", "office"], "账号“outsider”没有这项权限"),
    (["--approved-by", "nobody"], "没有可用的账号“nobody”"),
    (["--approved-by", "sysadmin"], "没有可用的账号“sysadmin”"),
]


@pytest.mark.parametrize(("who", "said"), SECOND)
def test_closing_and_correcting_need_two_people_with_the_right(
    guatu: Guatu, who: list[str], said: str
) -> None:
    guatu.reported()
    assert said in guatu.refused("close", "2026-09", *who)[0]
    assert guatu("close", "2026-09").code == 0
    path = guatu.report_file(report_line(PARK, 7_500), name="更正.csv")
    assert said in guatu.refused("correct", "2026-09", path, "--reason", "复核", *who)[0]


@pytest.mark.parametrize(
    ("who", "recorded"),
    [
        ([], "控制台；控制台（一人办理）"),
        (["--approved-by", "office"], "控制台；office"),
        (["--as", "office", "--approved-by", "office2"], "office；office2"),
    ],
)
def test_both_people_are_recorded(guatu: Guatu, who: list[str], recorded: str) -> None:
    guatu.reported()
    assert guatu("close", "2026-09", *who).code == 0
    closed = Round.objects.get()
    assert (closed.state, closed.closed_by) == (RoundState.CLOSED, recorded)


# --- correct -----------------------------------------------------------------------------------


def test_a_correction_names_what_it_changed_and_the_later_rounds(guatu: Guatu) -> None:
    guatu.closed("2026-08")
    guatu("import", "reports", guatu.report_file(name="九.csv"), "--period", "2026-09")
    guatu("close", "2026-09")
    path = guatu.report_file(report_line(PARK, 6_500), name="更正.csv")
    assert guatu("correct", "2026-08", path, "--reason", "复核").out == (
        f"已更正2026年重点项目2026-08为第2版：{PARK}。\n"
        "受影响的后续各期（未改动，请酌情更正）：2026年重点项目 · 2026年9月\n"
    )
    before = row_counts()
    ran = guatu("correct", "2026-08", path, "--reason", "再来一次")
    assert (ran.code, ran.out) == (0, "与定版数据没有不同，没有更正。\n")
    assert row_counts() == before


@pytest.mark.parametrize(
    ("line", "reason", "said"),
    [
        (report_line(PARK, 7_500), "", "更正须写明理由"),
        (report_line(PARK, "约7500"), "复核", "约数"),
        (report_line("没有的项目", 5), "复核", "台账中没有“没有的项目”"),
    ],
)
def test_a_correction_without_reason_or_with_a_waiting_row_is_refused(
    guatu: Guatu, line: dict[str, Any], reason: str, said: str
) -> None:
    guatu.closed()
    path = guatu.report_file(report_line(ROAD, 10), line, name="更正.csv")
    assert said in guatu.refused("correct", "2026-09", path, "--reason", reason)[0]


def test_an_open_round_is_not_corrected(guatu: Guatu) -> None:
    guatu.reported()
    path = guatu.report_file(report_line(PARK, 7_500), name="更正.csv")
    [fault] = guatu.refused("correct", "2026-09", path, "--reason", "复核")
    assert "还没有锁定。请直接重报。命令行：guatu import reports" in fault


def test_an_open_round_is_not_assessed(guatu: Guatu) -> None:
    guatu.reported()
    what = "2026年重点项目 · 2026年9月还没有锁定，没有定版数据。请先锁定本期。"
    assert guatu.refused("assess", "2026-09") == [f"{what}命令行：guatu close。"]
