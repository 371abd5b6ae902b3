"""What every command needs: a ready database, who acts, and how lines are printed."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from guatu.cli.hints import told
from guatu.core.errors import Fault, GuatuError
from guatu.journal.types import Actor
from guatu.organisation import access, queries
from guatu.upkeep.health import pending_migrations


def require_ready() -> None:
    """Refuse unless `guatu init` has run and the tables are up to date."""
    try:
        if not _has_database():
            raise GuatuError(
                Fault(
                    "not-installed",
                    f"{settings.HOME}里没有数据库",
                    "请核对GUATU_HOME，或先运行guatu init",
                )
            )
        pending = pending_migrations()
        if not pending and queries.is_installed():
            return
    except (DatabaseError, ImproperlyConfigured) as error:
        raise GuatuError(
            Fault(
                "no-database",
                f"数据库打不开（{_first_line(error)}）",
                "请核对DATABASE_URL或GUATU_HOME",
            )
        ) from error
    raise GuatuError(Fault("not-installed", "数据库还没有初始化或需要升级", "请先运行guatu init"))


def is_ready() -> bool:
    """Whether there is a database to look into, for what works without one too."""
    try:
        require_ready()
    except GuatuError:
        return False
    return True


def make_home() -> None:
    """Make the state folder, readable by its owner only."""
    try:
        Path(settings.HOME).mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise GuatuError(
            Fault("cannot-write", f"建不了状态目录{settings.HOME}", "请核对GUATU_HOME和权限")
        ) from error


def _has_database() -> bool:
    """Whether SQLite's file is there: looking at a wrong folder must not make one."""
    name = str(connection.settings_dict["NAME"])
    in_memory = ":memory:" in name or "mode=memory" in name
    return connection.vendor != "sqlite" or in_memory or Path(name).exists()


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:120]


def actor_of(arguments: Namespace) -> Actor:
    """Who acts: `--as LOGIN`, else the console."""
    require_ready()
    login = getattr(arguments, "login", None)
    return access.actor_for_login(login) if login else access.console_actor()


def approver_of(arguments: Namespace) -> Actor | None:
    """The second person, where one is named."""
    login = getattr(arguments, "approved_by", None)
    return access.actor_for_login(login) if login else None


def tell(faults: Iterable[Fault], heading: str = "") -> None:
    """Print faults on stderr, one line each, under a heading where there are any."""
    lines = [told(fault) for fault in faults]
    if lines and heading:
        print(f"{heading}（{len(lines)}）", file=sys.stderr)
    for line in lines:
        print(line, file=sys.stderr)


def tell_run(notices: Iterable[str]) -> None:
    """Print on stderr what whoever uses an assessment must read."""
    tell((Fault("run-notice", text.rstrip("。")) for text in notices), "提示")


def write_json(value: object, target: str) -> None:
    """Write JSON to a file, or to standard output for `-`."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    if target == "-":
        print(text)
    else:
        write_bytes(Path(target), (text + "\n").encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file, or refuse with a clear line."""
    try:
        path.write_bytes(content)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        why = getattr(error, "strerror", None) or "文件名不对"
        raise GuatuError(
            Fault("cannot-write", f"写不了文件“{path.name}”（{why}）", "请核对目录和权限")
        ) from error
