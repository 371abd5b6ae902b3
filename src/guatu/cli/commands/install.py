"""`guatu init`."""

from __future__ import annotations

import sys
from argparse import Namespace

from django.core.management import call_command
from django.db import DatabaseError

from guatu.cli.session import make_home
from guatu.core.errors import Fault, GuatuError
from guatu.organisation import access, queries, services
from guatu.upkeep.health import pending_migrations


def init(arguments: Namespace) -> int:
    """Make or upgrade the tables; on an empty database also the root and the administrators."""
    if not arguments.yes and not _confirmed():
        raise GuatuError(Fault("not-confirmed", "没有初始化", "确认请加--yes"))
    make_home()
    try:
        had_tables = len(pending_migrations())
        call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as error:
        line = str(error).strip().split("\n")[0]
        raise GuatuError(
            Fault("no-database", f"数据库打不开（{line}）", "请核对DATABASE_URL或GUATU_HOME")
        ) from error
    if queries.is_installed() and had_tables:
        print(f"已升级数据库（{had_tables}项）。")
        return 0
    made = services.install(access.console_actor(), city=arguments.city)
    if arguments.city:
        services.change_settings(access.console_actor(), {"city": arguments.city})
    print("已建空数据库。三个管理员账号已建立并停用，一次性口令只显示这一次：")
    for login, code in made.codes.items():
        print(f"  {login}  {code}")
    return 0


def _confirmed() -> bool:
    if not sys.stdin.isatty():
        return False
    return input("将在空数据库上建表，继续？[y/N] ").strip().lower() in ("y", "yes", "是")
