"""`guatu demo`: the invented city."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from guatu.cli.commands.serve import run_site
from guatu.cli.session import make_home
from guatu.core.errors import Conflict, Fault
from guatu.demo.accounts import Login, create_logins
from guatu.demo.city import OPEN_PERIOD
from guatu.demo.load import load_demo
from guatu.demo.next_year import make_next_year
from guatu.demo.programmes import make_programmes
from guatu.demo.rulebook import publish_own_book
from guatu.organisation import access, queries

DEMO_TODAY = "2026-10-31"


def demo(arguments: Namespace) -> int:
    """Make the demo city in an empty GUATU_HOME and serve it; one that is there is served.

    Refused where GUATU_HOME holds anything else.
    """
    os.environ.setdefault("GUATU_TODAY", DEMO_TODAY)
    make_home()
    call_command("migrate", verbosity=0, interactive=False)
    folder = Path(settings.HOME) / "demo"
    kept = folder / "logins.txt"
    if not queries.is_installed():
        _make(folder, kept)
    elif not kept.exists() or arguments.no_serve:
        raise Conflict(
            Fault(
                "already-installed",
                "这个目录里已经有数据",
                "演示城市要建在空目录里，请换一个GUATU_HOME",
            )
        )
    if arguments.no_serve:
        return 0
    print(kept.read_text(encoding="utf-8"), end="", flush=True)
    run_site("127.0.0.1", arguments.port, arguments.workers)
    return 0


def _make(folder: Path, kept: Path) -> None:
    actor = access.console_actor()
    planted = load_demo(actor, folder, lambda line: print(line, flush=True))
    _keep(create_logins(actor), kept)
    make_next_year(actor)
    make_programmes(actor)
    publish_own_book(access.actor_for_login("office"), access.actor_for_login("office2"))
    print(
        f"演示城市已建好（全部虚构）。{OPEN_PERIOD}正在收报：{len(planted.files)}个表格在"
        f"GUATU_HOME的demo/{OPEN_PERIOD}月报，"
        f"所设错误见demo/planted.json，上月汇总表见demo/上月汇总表.xlsx，"
        f"演示账号见demo/logins.txt。"
    )


def _keep(logins: list[Login], path: Path) -> None:
    """The demo's own logins, readable by its owner only, printed again at every start."""
    lines = ["演示账号（虚构，密码随机，只在本机有效）："]
    lines += [f"  {one.login:<12}{one.password:<20}{one.label}：{one.sees}" for one in logins]
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write("\n".join(lines) + "\n")
