"""`guatu demo`: the invented city."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from guatu.cli.session import make_home
from guatu.core.errors import Conflict, Fault
from guatu.demo.city import OPEN_PERIOD
from guatu.demo.load import load_demo
from guatu.organisation import access, queries

DEMO_TODAY = "2026-10-31"


def demo(arguments: Namespace) -> int:
    """Make the demo city in an empty GUATU_HOME; refused where there is anything already."""
    os.environ.setdefault("GUATU_TODAY", DEMO_TODAY)
    make_home()
    call_command("migrate", verbosity=0, interactive=False)
    folder = Path(settings.HOME) / "demo"
    if queries.is_installed():
        raise Conflict(
            Fault(
                "already-installed",
                "这个目录里已经有数据",
                "演示城市要建在空目录里，请换一个GUATU_HOME",
            )
        )
    planted = load_demo(access.console_actor(), folder, lambda line: print(line, flush=True))
    print(
        f"演示城市已建好（全部虚构）。{OPEN_PERIOD}正在收报：{len(planted.files)}个表格在"
        f"GUATU_HOME的demo/{OPEN_PERIOD}月报，"
        f"所设错误见demo/planted.json，上月汇总表见demo/上月汇总表.xlsx。"
    )
    return 0
