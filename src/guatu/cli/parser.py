"""The grammar of the command line, in Chinese. Handlers are imported when they run."""

from __future__ import annotations

import argparse
import importlib
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from guatu import __version__

Handler = Callable[[Namespace], int]
BENCHES = ("import", "assess", "pages", "reporting", "submit")


class UsageError(Exception):
    """The words of a call are off; carries the one line to print."""


class _Formatter(argparse.HelpFormatter):
    """Help with its headings in Chinese."""

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class _Parser(ArgumentParser):
    """Argument errors become one Chinese line and exit code 2."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        shows_help = options.pop("add_help", True)
        own = {"add_help": False, "allow_abbrev": False, "formatter_class": _Formatter}
        super().__init__(*arguments, **{**options, **own})
        self._positionals.title, self._optionals.title = "参数", "选项"
        if shows_help:
            self.add_argument("-h", "--help", action="help", help="显示用法")

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{self.prog}：{_in_chinese(message)}。用{self.prog} --help看用法。")


def _in_chinese(message: str) -> str:
    for english, chinese in (
        ("the following arguments are required:", "缺少"),
        ("unrecognized arguments:", "不认识的参数"),
        ("expected one argument", "后面要有一个值"),
        ("expected at least one argument", "后面至少要有一个值"),
        ("invalid choice:", "没有"),
        ("choose from", "可选"),
        ("invalid int value:", "要写整数，不能是"),
        ("ignored explicit argument", "不带值，多写了"),
        ("ambiguous option:", "参数写得不全"),
        ("could match", "可能是"),
        ("not allowed with argument", "不能同时用"),
    ):
        message = message.replace(english, chinese)
    message = " ".join(message.removeprefix("argument ").split())
    told = [hint for option, hint in _NOT_HERE.items() if option in message.split()]
    return f"{message}（{'；'.join(told)}）" if told and "不认识的参数" in message else message


_NOT_HERE = {
    "--approved-by": "--approved-by只用于须两人办理的close和correct",
    "--as": "这条命令由控制台办理，不用--as",
}
"""Options that some commands know: why another one refuses them."""


def _handler(path: str) -> Handler:
    """A handler named `module:function` under guatu.cli.commands, imported when called."""

    def call(arguments: Namespace) -> int:
        module, function = path.split(":")
        return int(
            getattr(importlib.import_module(f"guatu.cli.commands.{module}"), function)(arguments)
        )

    return call


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，请写成2026-12-31") from error


def _year(text: str) -> int:
    if not text.isdecimal() or not 2000 <= int(text) <= 2100:
        raise argparse.ArgumentTypeError(f"“{text}”不是年份，请写成2026")
    return int(text)


def build_parser() -> ArgumentParser:
    """All commands."""
    parser = _Parser(prog="guatu", description="挂图：重点项目调度督导平台")
    parser.add_argument("--version", action="version", version=__version__, help="显示版本")
    commands = parser.add_subparsers(
        title="命令", metavar="命令", required=True, parser_class=_Parser
    )
    actor = _actor_options()
    _add_set_up(commands, actor)
    _add_import(commands, actor)
    _add_year(commands, actor)
    _add_rounds(commands, actor, _approver_option())
    _add_rulebook(commands)
    _add_papers(commands, actor)
    _add_upkeep(commands)
    return parser


def _actor_options() -> ArgumentParser:
    options = _Parser(add_help=False)
    options.add_argument("--as", dest="login", metavar="登录名", help="以哪个账号办理，默认控制台")
    return options


def _approver_option() -> ArgumentParser:
    """For acts that need two people (architecture §6)."""
    options = _Parser(add_help=False)
    options.add_argument("--approved-by", metavar="登录名", help="两人办理时的批准人")
    return options


def _list_option(parser: ArgumentParser) -> None:
    parser.add_argument("--list", dest="list_name", metavar="清单", help="当年有多份清单时写明")


def _command(commands: Any, name: str, path: str, help: str, *parents: ArgumentParser) -> Any:
    command = commands.add_parser(name, help=help, description=help, parents=list(parents))
    command.set_defaults(handle=_handler(path))
    return command


def _add_set_up(commands: Any, actor: ArgumentParser) -> None:
    demo = _command(commands, "demo", "demo:demo", "建一个虚构的演示城市（两年数据）")
    demo.add_argument("--no-serve", action="store_true", help="只建数据")
    _site_options(demo)
    init = _command(commands, "init", "install:init", "建空数据库，或升级表")
    init.add_argument("--yes", action="store_true", help="不再询问")
    init.add_argument("--city", default="", metavar="名称", help="本级名称，如“江源市”")
    settings = _command(commands, "settings", "policy:settings", "查看或修改设置", actor)
    settings.add_argument("assignments", nargs="*", metavar="设置=值")
    switch = commands.add_parser("switch", help="开关，目前起作用的是排名rankings")
    acts = switch.add_subparsers(metavar="操作", required=True, parser_class=_Parser)
    on = _command(acts, "on", "policy:switch_on", "打开，须写依据、范围和截止日期", actor)
    on.add_argument("name", metavar="开关")
    on.add_argument("--basis", default="", metavar="依据", help="文件名称和文号")
    on.add_argument("--scope", default="", metavar="范围")
    on.add_argument("--until", type=_day, required=True, metavar="日期")
    off = _command(acts, "off", "policy:switch_off", "关闭", actor)
    off.add_argument("name", metavar="开关")
    _command(acts, "list", "policy:switch_list", "列出")


def _add_import(commands: Any, actor: ArgumentParser) -> None:
    importing = commands.add_parser("import", help="导入清单或月报")
    kinds = importing.add_subparsers(metavar="内容", required=True, parser_class=_Parser)
    ledger = _command(kinds, "ledger", "intake:import_ledger", "导入年度清单", actor)
    ledger.add_argument("--year", type=_year, required=True, metavar="年份")
    ledger.add_argument(
        "--create-missing", action="store_true", help="新建未登记的地区、单位、行业"
    )
    ledger.add_argument("--skip-doubtful", action="store_true", help="有疑问的行跳过并列出")
    reports = _command(kinds, "reports", "intake:import_reports", "导入月报", actor)
    reports.add_argument("--period", required=True, metavar="期别", help="如2026-09、2026-01+02")
    for command in (ledger, reports):
        command.add_argument("files", nargs="+", type=Path, metavar="文件")
        command.add_argument("--dry-run", action="store_true", help="只看结果，不入库")
        command.add_argument("--mapping", metavar="文件或发送单位", help="列对应关系")
        command.add_argument(
            "--save-mapping", default="", metavar="发送单位", help="记住列对应关系"
        )
        _list_option(command)


def _add_year(commands: Any, actor: ArgumentParser) -> None:
    year = commands.add_parser("year", help="年度清单的结转、印发、调整")
    acts = year.add_subparsers(metavar="操作", required=True, parser_class=_Parser)
    opening = _command(acts, "open", "year:open_year", "由上年结转出新一年的清单", actor)
    opening.add_argument("year", type=_year, metavar="年份")
    opening.add_argument("--from", dest="from_year", type=_year, required=True, metavar="上年")
    opening.add_argument("--provisional", action="store_true", help="先作草稿使用，印发前可改")
    issuing = _command(acts, "issue", "year:issue", "印发编好的年度清单", actor)
    issuing.add_argument("--basis", default="", metavar="依据", help="如哪次会议审定")
    issuing.add_argument(
        "--replaces", metavar="清单", help="接替名称不同的暂用清单；写“无”则另建一份"
    )
    adjusting = _command(acts, "adjust", "year:adjust", "按一个文件调整已印发的清单", actor)
    adjusting.add_argument("--reason", required=True, metavar="原因")
    for option, kept, value, told in (
        ("--exit", "exits", "项目", "退出清单的项目，可写几次"),
        ("--plan", "plans", "项目=万元", "改年度计划的项目，可写几次"),
        ("--join", "joins", "项目=万元", "增列台账中的项目，可写几次"),
        ("--admit", "admits", "申报", "增列已审定的申报，可写几次"),
    ):
        adjusting.add_argument(
            option, dest=kept, action="append", default=[], metavar=value, help=told
        )
    for command in (issuing, adjusting):
        command.add_argument("year", type=_year, metavar="年份")
        command.add_argument("--number", required=True, metavar="文号")
        command.add_argument("--on", type=_day, metavar="日期", help="文件日期，默认今天")
        _list_option(command)


def _add_rounds(commands: Any, actor: ArgumentParser, approver: ArgumentParser) -> None:
    periods = _command(commands, "periods", "rounds:periods", "列出各期")
    periods.add_argument("--closed", action="store_true", help="只列已锁定的")
    periods.add_argument("--last", action="store_true", help="只列最后一期")
    _list_option(periods)
    close = _command(commands, "close", "rounds:close", "锁定一期", actor, approver)
    close.add_argument("period", metavar="期别")
    _list_option(close)
    correct = _command(commands, "correct", "rounds:correct", "更正已锁定的一期", actor, approver)
    correct.add_argument("period", metavar="期别")
    correct.add_argument("files", nargs="+", type=Path, metavar="文件")
    correct.add_argument("--reason", default="", metavar="理由")
    _list_option(correct)
    assess = _command(commands, "assess", "rounds:assess", "按规则办法测算一期", actor)
    assess.add_argument("period", metavar="期别")
    assess.add_argument("--revision", type=int, metavar="版次")
    assess.add_argument("--rulebook", metavar="编号")
    assess.add_argument("--by", metavar="region,unit,sector", default="region")
    assess.add_argument("--digits", metavar="位数")
    assess.add_argument("--rounding", metavar="方式")
    assess.add_argument("--gap", metavar="方式")
    assess.add_argument("--time-progress", metavar="算法")
    assess.add_argument("--start-rate", metavar="分母")
    assess.add_argument("--json", metavar="文件", help="写成JSON，-为标准输出")
    _list_option(assess)


def _add_rulebook(commands: Any) -> None:
    rulebook = commands.add_parser("rulebook", help="检查、朗读、试算一部办法")
    acts = rulebook.add_subparsers(metavar="操作", required=True, parser_class=_Parser)
    check = _command(acts, "check", "rulebook:check", "检查办法和算例；不写就查全部已装的")
    check.add_argument("books", nargs="*", metavar="文件夹|文件|编号")
    explain = _command(acts, "explain", "rulebook:explain", "用中文把规则念出来")
    explain.add_argument("book", metavar="文件夹|文件|编号")
    run = _command(acts, "run", "rulebook:run", "拿一组数试算")
    run.add_argument("book", metavar="文件夹|文件|编号")
    run.add_argument("--facts", required=True, metavar="facts.json", help="-为标准输入")
    run.add_argument("--change", metavar="对象id", help="再算出怎样才会改变这个对象的结果")
    run.add_argument("--json", metavar="文件", help="写到文件，不写为标准输出")


def _add_papers(commands: Any, actor: ArgumentParser) -> None:
    table = _command(commands, "table", "table:table", "按本单位的汇总表样填表", actor)
    table.add_argument("--template", type=Path, required=True, metavar="表样.xlsx")
    bulletin = _command(commands, "bulletin", "bulletin:bulletin", "生成通报", actor)
    for command in (table, bulletin):
        command.add_argument("period", metavar="期别")
        command.add_argument("-o", "--output", type=Path, required=True, metavar="文件")
        _list_option(command)


def _site_options(parser: ArgumentParser) -> None:
    parser.add_argument("--port", type=_port, default=8000, metavar="端口", help="默认8000")
    parser.add_argument("--workers", type=_workers, default=2, metavar="进程数", help="默认2")


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"“{text}”不是端口，请写1到65535")
    return int(text)


def _workers(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError(f"“{text}”不是进程数，请写1到64")
    return int(text)


def _add_upkeep(commands: Any) -> None:
    serve = _command(commands, "serve", "serve:serve", "启动网站")
    serve.add_argument("--host", default="127.0.0.1", metavar="地址", help="默认只在本机")
    _site_options(serve)
    files = _command(commands, "frontend", "serve:install_frontend", "安装前端文件")
    files.add_argument("--for-tests", action="store_true", help="连同测试用的文件")
    notices = commands.add_parser("notices", help="催报消息的发送")
    acts = notices.add_subparsers(metavar="操作", required=True, parser_class=_Parser)
    _command(acts, "send", "notices:send", "发出排队的消息，由定时任务每几分钟运行一次")
    _command(commands, "doctor", "upkeep:doctor", "检查运行环境")
    verify = _command(commands, "verify", "upkeep:verify", "核对日志与数据")
    verify.add_argument(
        "--checkpoint",
        action="append",
        default=[],
        metavar="序号:摘要",
        help="库外保存的检查点，可写多个，也可写文件名",
    )
    verify.add_argument("--save-checkpoint", type=Path, metavar="文件", help="把当前检查点存到库外")
    backup = _command(commands, "backup", "upkeep:backup", "备份到一个文件")
    backup.add_argument("file", type=Path, metavar="文件")
    restore = _command(commands, "restore", "upkeep:restore", "把备份恢复到空的状态目录")
    restore.add_argument("file", type=Path, metavar="文件")
    password = _command(commands, "password", "upkeep:password", "给账号重发一次性密码")
    password.add_argument("user", metavar="登录名")
    bench = _command(commands, "bench", "bench:bench", "测速")
    bench.add_argument("name", choices=BENCHES, metavar="|".join(BENCHES))
    bench.add_argument("--json", metavar="文件", help="写成JSON，-为标准输出")
