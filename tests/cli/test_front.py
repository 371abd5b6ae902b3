"""Exit codes, usage errors and internal faults: what holds for every command."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from guatu.cli import session
from guatu.cli.commands import rounds
from guatu.cli.main import main
from guatu.core.errors import Fault
from guatu.journal.models import Entry
from guatu.organisation.models import User
from tests.cli.calls import Guatu
from tests.tables import row_counts

ENGLISH = re.compile(r"\b(?:argument|required|invalid|expected|choose|error|usage)\b")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "缺少"),
        (["close"], "缺少 期别"),
        (["nonsense"], "没有 'nonsense'"),
        (["close", "2026-09", "--nonsense"], "不认识的参数 --nonsense"),
        (["import"], "缺少"),
        (["import", "minutes"], "没有 'minutes'"),
        (["import", "ledger", "a.xlsx"], "缺少 --year"),
        (["import", "ledger", "a.xlsx", "--year", "26"], "“26”不是年份"),
        (["import", "ledger", "a.xlsx", "--year", "²"], "“²”不是年份"),
        (["import", "ledger", "a.xlsx", "--year"], "后面要有一个值"),
        (["import", "ledger", "--year", "2026"], "缺少 文件"),
        (["import", "reports", "a.xlsx"], "缺少 --period"),
        (["correct", "2026-09"], "缺少 文件"),
        (["assess", "2026-09", "--revision", "eins"], "要写整数，不能是 'eins'"),
        (["switch"], "缺少"),
        (["switch", "on", "rankings"], "缺少 --until"),
        (["switch", "on", "rankings", "--until", "soon"], "“soon”不是日期"),
        (["bench", "nonsense"], "没有 'nonsense'"),
        (["import", "ledger", "a.xlsx", "--year", "2026", "--dry-run=1"], "不带值"),
    ],
)
def test_a_call_that_is_off_gets_one_chinese_line_and_exit_2(
    guatu: Guatu, words: list[str], said: str
) -> None:
    ran = guatu(*words)
    assert (ran.code, ran.out, len(ran.faults)) == (2, "", 1)
    assert said in ran.err
    assert "--help看用法" in ran.err
    assert not ENGLISH.search(ran.err), ran.err


APPROVED = ("--approved-by", "office2")


@pytest.mark.parametrize(
    "words",
    [
        ["settings", "digits=2"],
        ["switch", "on", "rankings", "--until", "2026-12-31"],
        ["switch", "off", "rankings"],
        ["import", "ledger", "a.csv", "--year", "2026"],
        ["import", "reports", "a.csv", "--period", "2026-09"],
        ["assess", "2026-09"],
        ["table", "2026-09", "--template", "a.xlsx", "-o", "b.xlsx"],
        ["bulletin", "2026-09", "-o", "b.docx"],
        ["init", "--yes"],
    ],
)
def test_an_approver_is_named_only_where_two_people_act(guatu: Guatu, words: list[str]) -> None:
    [fault] = guatu.refused(*words, *APPROVED)
    assert "不认识的参数 --approved-by office2（" in fault
    assert "--approved-by只用于须两人办理的close和correct" in fault


@pytest.mark.parametrize(
    "words", [["init", "--yes"], ["verify"], ["doctor"], ["periods"], ["switch", "list"]]
)
def test_what_the_console_does_takes_no_account(guatu: Guatu, words: list[str]) -> None:
    [fault] = guatu.refused(*words, "--as", "office")
    assert "不认识的参数 --as office（这条命令由控制台办理，不用--as）" in fault


@pytest.mark.parametrize(
    "words", [["--help"], ["import", "ledger", "--help"], ["assess", "-h"], ["--version"]]
)
def test_help_is_chinese_and_exit_0(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(words)
    assert left.value.code == 0
    assert capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ["settings"],
        ["close", "2026-09"],
        ["correct", "2026-09", "a.csv", "--reason", "错"],
        ["assess", "2026-09"],
        ["import", "ledger", "a.csv", "--year", "2026"],
        ["import", "reports", "a.csv", "--period", "2026-09"],
        ["switch", "off", "rankings"],
    ],
)
@pytest.mark.parametrize("login", ["nobody", "sysadmin", "secadmin", "auditadmin", "console", "'"])
def test_unknown_and_disabled_accounts_cannot_act(
    guatu: Guatu, words: list[str], login: str
) -> None:
    faults = guatu.refused(*words, "--as", login)
    assert faults == [f"没有可用的账号“{login}”。请核对登录名；不写账号就由控制台办理。"]


def test_a_disabled_approver_is_no_second_person(guatu: Guatu) -> None:
    guatu.reported()
    User.objects.filter(login="office2").update(is_active=False)
    words = ("close", "2026-09", "--as", "office", "--approved-by", "office2")
    assert "没有可用的账号“office2”" in guatu.refused(*words)[0]


@pytest.mark.parametrize(
    "key",
    ["", "2026-13", "2026-9", "九月", "2026-01+03", "2026-02-30", "2026-Q5", "26-09", "../.."],
)
@pytest.mark.parametrize(
    "command", [["close"], ["assess"], ["correct"], ["import", "reports", "--period"]]
)
def test_an_unknown_period_is_refused_with_the_forms_that_exist(
    guatu: Guatu, command: list[str], key: str
) -> None:
    tail = [guatu.report_file()] if command[0] in ("correct", "import") else []
    [fault] = guatu.refused(*command, key, *tail)
    assert fault.startswith(f"不认识的期别“{key}”。月写2021-09")


@pytest.mark.parametrize("command", [["close"], ["assess"], ["import", "reports", "--period"]])
def test_a_year_without_a_list_and_an_unknown_list_are_refused(
    guatu: Guatu, command: list[str]
) -> None:
    tail = [guatu.report_file()] if command[0] == "import" else []
    assert guatu.refused(*command, "2026-09", *tail) == [
        "2026年没有清单。请先导入清单。命令行：guatu import ledger。"
    ]
    guatu.list_in()
    [fault] = guatu.refused(*command, "2026-09", *tail, "--list", "没有")
    assert fault.startswith("2026年没有名为“没有”的清单。")


def test_an_internal_fault_is_one_line_with_its_id_and_exit_1(
    guatu: Guatu, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    guatu.reported()
    monkeypatch.setenv("GUATU_HOME", str(tmp_path / "home"))

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(rounds, "close_round", broken)
    before = row_counts()
    ran = guatu("close", "2026-09")
    assert (ran.code, ran.out, len(ran.faults)) == (1, "", 1)
    match = re.fullmatch(
        r"内部故障([0-9a-f]{8})（RuntimeError）.*请把编号告诉维护人员。\n", ran.err
    )
    assert match is not None, ran.err
    assert "secret detail" not in ran.err
    kept = (tmp_path / "home" / "faults" / f"{match[1]}.txt").read_text("utf-8")
    assert "secret detail" in kept
    assert row_counts() == before


def test_an_internal_fault_is_told_even_where_it_cannot_be_kept(
    guatu: Guatu, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GUATU_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(session, "pending_migrations", lambda: 1 / 0)
    ran = guatu("periods")
    assert ran.code == 1
    assert re.fullmatch(r"内部故障[0-9a-f]{8}（ZeroDivisionError），请把.*\n", ran.err)


def test_an_interrupt_is_told_and_no_fault(guatu: Guatu, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(session, "pending_migrations", interrupted)
    ran = guatu("periods")
    assert (ran.code, ran.err) == (2, "已中止。\n")


@pytest.mark.parametrize(
    "text", ["一\n二", "一\r二", "\x1b[31m红", "\u202e倒", "一\u2028二", "\x00"]
)
def test_what_a_file_says_cannot_break_or_colour_the_line(text: str) -> None:
    line = str(Fault("code", f"名称“{text}”", f"核对{text}", f"{text}.csv", text, "A1"))
    assert len(line.splitlines()) == 1
    assert not any(sign in line for sign in "\x1b\u202e\x00")
    assert line.startswith("文件“")


def test_the_actor_of_the_command_line_is_journalled_with_the_system_s_user(guatu: Guatu) -> None:
    guatu.list_in()
    guatu("import", "reports", guatu.report_file(), "--period", "2026-09", "--as", "office")
    first, second = Entry.objects.order_by("-seq")[:2][::-1]
    assert (first.actor_text, second.actor_text) == ("控制台", "office")
    assert '"os_user":"' in first.body
    assert second.organisation_text == "市重点项目办公室"
