"""The doctor: what the installation runs on, and what is wrong with it."""

from __future__ import annotations

import platform
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from guatu import __version__
from guatu.core import clock
from guatu.journal import verification
from guatu.journal.models import Entry, Head
from guatu.journal.queries import newest_at
from guatu.organisation import queries
from guatu.organisation.services import accounts

LEAST_FREE = 200 * 2**20
BACKUP_EVERY = timedelta(days=7)
VERIFY_EVERY = timedelta(days=31)
_CLOCK_MAY_DIFFER = timedelta(minutes=5)
OK, NOTICE, BAD = "ok", "warning", "serious"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: its name, how it stands, what was found, what to do."""

    name: str
    state: str
    told: str
    remedy: str = ""

    @property
    def word(self) -> str:
        """How it stands in one word."""
        return {OK: "正常", NOTICE: "留意", BAD: "有问题"}[self.state]


def checks() -> list[Check]:
    """Everything that is looked at; the database's own checks only where it opens."""
    found = [
        Check(
            "程序",
            OK,
            f"guatu {__version__}，Python {platform.python_version()}，"
            f"SQLite {sqlite3.sqlite_version}",
        ),
        _home(),
        _disk(),
        *_database(),
        _transport(),
        _calendar(),
    ]
    if settings.DEBUG:
        found.append(Check("调试", BAD, "GUATU_DEBUG已打开", "正式使用请去掉"))
    return found


def is_alive() -> bool:
    """Whether the site can answer: the database opens and there is room to write."""
    try:
        Head.objects.filter(pk=1).exists()
        return shutil.disk_usage(settings.HOME).free >= LEAST_FREE
    except (DatabaseError, OSError):
        return False


def pending_migrations() -> list[str]:
    """Names of migrations that have not been applied."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _home() -> Check:
    home = Path(settings.HOME)
    key = home / "secret_key"
    if key.exists() and key.stat().st_mode & 0o077:
        return Check("状态目录", BAD, "别的系统用户读得到密钥", "请把secret_key的权限改为600")
    faults = home / "faults"
    since = (clock.real_now() - timedelta(days=7)).timestamp()
    count = sum(1 for path in faults.glob("*.txt") if path.stat().st_mtime > since)
    if count:
        return Check("状态目录", NOTICE, f"近七天有{count}次内部故障", "详情在状态目录的faults里")
    return Check("状态目录", OK, str(home))


def _disk() -> Check:
    home = Path(settings.HOME)
    free = shutil.disk_usage(home if home.exists() else Path.cwd()).free
    told = f"可用{free // 2**20} MB"
    if free < LEAST_FREE:
        return Check("磁盘", BAD, "可用磁盘不足200 MB", "请清理")
    return Check("磁盘", NOTICE if free < 5 * LEAST_FREE else OK, told)


def _database() -> list[Check]:
    try:
        pending = pending_migrations()
        if pending:
            return [Check("数据库", BAD, f"有{len(pending)}项数据库升级未做", "请运行guatu init")]
        if not queries.is_installed():
            return [Check("数据库", BAD, "数据库是空的", "请运行guatu init")]
        wrong = sqlite_faults()
        return [
            *(Check("数据库", BAD, line) for line in wrong),
            *([] if wrong else [Check("数据库", OK, f"{connection.vendor}，表结构是最新的")]),
            _set_up(),
            _last_backup(),
            _last_verification(),
            _order_of_time(),
        ]
    except (DatabaseError, ImproperlyConfigured) as error:
        line = str(error).strip().split("\n")[0][:120]
        return [Check("数据库", BAD, f"数据库打不开：{line}", "请核对DATABASE_URL或GUATU_HOME")]


def sqlite_faults() -> list[str]:
    """WAL can lose commits on SQLite before 3.51.3; anything but EXTRA may lose the last one."""
    if connection.vendor != "sqlite":
        return []
    wrong = []
    with connection.cursor() as cursor:
        mode = str(cursor.execute("PRAGMA journal_mode").fetchone()[0]).lower()
        level = int(cursor.execute("PRAGMA synchronous").fetchone()[0])
        whole = str(cursor.execute("PRAGMA quick_check").fetchone()[0])
    if mode == "wal" and sqlite3.sqlite_version_info < (3, 51, 3):
        wrong.append("SQLite处于WAL模式且版本低于3.51.3，可能丢失提交，请改为DELETE模式")
    if mode != "wal" and level < 3:
        wrong.append("SQLite的synchronous低于EXTRA，断电可能丢失最后一次提交")
    if whole != "ok":
        wrong.append(f"SQLite自检不通过：{whole[:80]}")
    return wrong


def _set_up() -> Check:
    waiting = accounts.awaiting_set_up()
    if waiting:
        return Check("首次设置", NOTICE, f"还有{waiting}个管理员账号没有启用", "请各人打开setup/页")
    return Check("首次设置", OK, "三个管理员都已启用")


def last_backup() -> Entry | None:
    """The journal's newest entry of a backup."""
    return Entry.objects.filter(act="backup.made").order_by("-seq").first()


def _last_backup() -> Check:
    entry = last_backup()
    if entry is None:
        return Check("备份", NOTICE, "还没有备份过", "请运行guatu backup，或在备份页办理")
    told = f"最近一次{clock.minute(entry.at)}"
    if clock.now() - entry.at > BACKUP_EVERY:
        return Check("备份", NOTICE, f"{told}，已超过7天", "请尽快备份，最好每天定时")
    return Check("备份", OK, told)


def _last_verification() -> Check:
    report = verification.last_report()
    if report.ended is None:
        return Check("核对日志", NOTICE, "还没有核对过", "请审计管理员核对，或运行guatu verify")
    told = f"最近一次{clock.minute(report.ended)}"
    if report.problem_count:
        return Check("核对日志", BAD, f"{told}，发现{report.problem_count}处不符", "请保留现场核查")
    if clock.now() - report.ended > VERIFY_EVERY:
        return Check("核对日志", NOTICE, f"{told}，已超过31天", "请审计管理员再核对一次")
    return Check("核对日志", OK, f"{told}，没有不符")


def _order_of_time() -> Check:
    now = f"现在{clock.minute(clock.real_now())}，时区{clock.CHINA.key}"
    if clock.is_pretended():
        return Check("时钟", OK, now)  # the journal's days are pretended ones
    newest = newest_at()
    if newest is not None and newest > clock.now() + _CLOCK_MAY_DIFFER:
        return Check(
            "时钟",
            BAD,
            f"日志里有{clock.minute(newest)}的条目，比现在还晚",
            "请核对服务器时间和NTP",
        )
    return Check("时钟", OK, now)


def _calendar() -> Check:
    if clock.is_pretended():
        return Check(
            "日期", NOTICE, f"日期定在{clock.today()}", "只用于演示，正式使用请去掉GUATU_TODAY"
        )
    return Check("日期", OK, f"今天{clock.today()}")


def _transport() -> Check:
    if not settings.HAS_TLS:
        return Check(
            "加密传输",
            NOTICE,
            "未启用，密码在网络上是明文",
            "请在HTTPS反向代理后面用，设GUATU_TLS=1",
        )
    return Check("加密传输", OK, "已启用")
