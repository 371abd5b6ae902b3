"""guatu settings, guatu switch, guatu init, guatu doctor."""

from __future__ import annotations

import shutil

import pytest

from guatu.journal import queries as journal
from guatu.organisation import queries
from guatu.organisation.models import Setting, Switch
from guatu.organisation.types import SETTINGS, SwitchName
from tests.cli.calls import Guatu


def test_settings_are_listed_with_their_meaning(guatu: Guatu) -> None:
    ran = guatu("settings")
    assert ran.code == 0
    lines = dict(line.split("=", 1) for line in ran.out.splitlines())
    assert set(lines) == set(SETTINGS)
    assert lines["digits"] == f"1\t{SETTINGS['digits'].meaning}"


def test_a_setting_is_changed_once_and_journalled(guatu: Guatu) -> None:
    ran = guatu("settings", "digits=2", "gap=rounded", "--as", "office")
    assert (ran.code, ran.out) == (0, "已改：digits=2\n已改：gap=rounded\n")
    assert guatu("settings", "digits=2").out == "没有变化。\n"
    assert Setting.objects.count() == 2
    assert queries.settings_in_force()["digits"] == "2"
    assert not journal.verify().problems


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("digit=2", "没有设置“digit”。是不是“digits”"),
        ("完成率=2", "没有设置“完成率”。可用的设置："),
        ("digits", "“digits”不是设置。请写成设置=值"),
        ("digits=3", "设置digits不能是“3”"),
        ("digits=", "设置digits不能是“”"),
        ("digits=no_such=1", "指标有completion_rate"),
        ("rounding=completion_rate=up", "设置rounding不能是"),
        ("gap=big", "可取：unrounded、rounded"),
        ("start-rate=some", "可取：planned"),
        ("time-progress=decreed:100.5", "不超过100"),
        ("time-progress=decreed:-1", "设置time-progress不能是"),
        ("cut-off-day=29", "写0到28的整数"),
        ("package-count=both", "可取：listed、unpacked"),
        ("money-unit=元", "可取：亿元、万元"),
        ("rulebook=RB99", "没有办法“RB99”。是不是“RB9"),
        ("rulebook=", "没有办法“”"),
        ("rulebook=../../default", "没有办法"),
        (f"city={'城' * 501}", "太长"),
    ],
)
def test_unknown_settings_and_values_are_refused(guatu: Guatu, word: str, said: str) -> None:
    [fault] = guatu.refused("settings", word)
    assert said in fault


def test_one_bad_setting_refuses_all_and_every_fault_is_named(guatu: Guatu) -> None:
    assert len(guatu.refused("settings", "digits=2", "gap=x", "nonsense=1")) == 2


@pytest.mark.parametrize("who", ["reporter", "viewer", "leader", "outsider"])
def test_without_the_right_nothing_is_set_or_switched(guatu: Guatu, who: str) -> None:
    for words in (
        ["settings", "digits=2"],
        ["switch", "off", "rankings"],
        ["switch", "on", "rankings", "--basis", "文", "--scope", "全", "--until", "2026-12-31"],
    ):
        [fault] = guatu.refused(*words, "--as", who)
        assert f"账号“{who}”没有这项权限" in fault


ON = ("--basis", "市政办〔2026〕1号", "--scope", "全市", "--until", "2026-12-31")


def test_a_switch_is_on_with_basis_scope_and_end_and_can_be_switched_off(guatu: Guatu) -> None:
    assert guatu("switch", "on", "rankings", *ON).out == (
        "已打开“排名”：依据市政办〔2026〕1号；范围全市；至2026-12-31。\n"
    )
    listed = guatu("switch", "list").out.splitlines()
    assert len(listed) == len(SwitchName)
    assert listed[0] == "rankings（排名）\t开：依据市政办〔2026〕1号；范围全市；至2026-12-31"
    assert all(line.endswith("\t关") for line in listed[1:])
    assert guatu("switch", "off", "rankings").out == "已关闭“排名”。\n"
    assert guatu("switch", "list").out.splitlines()[0] == "rankings（排名）\t关"
    assert Switch.objects.count() == 2


def test_a_switch_that_nothing_asks_for_yet_says_so(guatu: Guatu) -> None:
    idle = "目前还没有功能用到这个开关。"
    assert guatu("switch", "on", "boards", *ON).out.endswith(f"至2026-12-31。{idle}\n")
    assert idle not in guatu("switch", "on", "rankings", *ON).out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ranking", *ON], "没有开关“ranking”。可用的开关：rankings（排名）"),
        (["rankings", "--scope", "全", "--until", "2026-12-31"], "打开“排名”须写明依据"),
        (["rankings", "--basis", " ", "--scope", "全", "--until", "2026-12-31"], "须写明依据"),
        (["rankings", "--basis", "文", "--until", "2026-12-31"], "须写明范围"),
        (["rankings", *ON[:4], "--until", "2026-10-09"], "截止日期2026-10-09已过"),
        (["rankings", "--basis", "文" * 501, *ON[2:]], "依据或范围太长"),
        (["rankings", *ON[:2], "--scope", "全" * 201, *ON[4:]], "依据或范围太长"),
    ],
)
def test_a_switch_without_basis_scope_or_end_stays_off(
    guatu: Guatu, words: list[str], said: str
) -> None:
    [fault] = guatu.refused("switch", "on", *words)
    assert said in fault
    assert queries.switch_state(SwitchName.RANKINGS) is None


def test_an_unknown_switch_cannot_be_switched_off_either(guatu: Guatu) -> None:
    assert "没有开关“x”" in guatu.refused("switch", "off", "x")[0]


# --- init, doctor ------------------------------------------------------------------------------


def test_init_on_a_database_in_use_is_refused(guatu: Guatu) -> None:
    for words in (["init", "--yes"], ["init", "--yes", "--city", "别的市"]):
        assert "这个数据库已经初始化" in guatu.refused(*words)[0]


def test_init_asks_and_takes_no_answer_for_no(guatu: Guatu) -> None:
    assert guatu.refused("init") == ["没有初始化。确认请加--yes。"]


def test_doctor_says_what_runs_and_finds_nothing(guatu: Guatu) -> None:
    ran = guatu("doctor")
    assert (ran.code, ran.err) == (0, "")
    assert "没有发现问题。" in ran.out
    assert "Python 3." in ran.out


def test_doctor_names_a_full_disk(guatu: Guatu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 1))
    ran = guatu("doctor")
    assert ran.code == 2
    assert ran.faults == ["磁盘：可用磁盘不足200 MB，请清理。"]
