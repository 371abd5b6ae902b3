"""`guatu doctor | verify`."""

from __future__ import annotations

import platform
import re
import shutil
import sqlite3
import sys
from argparse import Namespace
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from guatu.cli.session import pending_migrations, require_ready, write_bytes
from guatu.core.errors import BadInput, Fault
from guatu.engines.chain import Mark
from guatu.files.queries import damaged_blobs
from guatu.journal import queries as journal
from guatu.journal.services import record_checkpoint
from guatu.organisation import access, queries

_MARK = re.compile(r"([0-9]{1,18}):([0-9a-fA-F]{64})")


def doctor(arguments: Namespace) -> int:
    """Name what the installation runs on and what is wrong with it. Exit 2 if anything is."""
    wrong = []
    print(f"Python {platform.python_version()}，SQLite {sqlite3.sqlite_version}")
    print(f"状态目录 {settings.HOME}")
    print(f"数据库 {connection.vendor}")
    try:
        pending = pending_migrations()
        if pending:
            wrong.append(f"有{len(pending)}项数据库升级未做，请运行guatu init")
        elif not queries.is_installed():
            wrong.append("数据库是空的，请运行guatu init")
        else:
            wrong += _sqlite_faults()
    except DatabaseError as error:
        wrong.append(f"数据库打不开：{str(error).strip().splitlines()[0]}")
    free = shutil.disk_usage(settings.HOME if settings.HOME.exists() else Path.cwd()).free
    print(f"可用磁盘 {free // 2**20} MB")
    if free < 200 * 2**20:
        wrong.append("可用磁盘不足200 MB，请清理")
    for line in wrong:
        print(f"{line}。", file=sys.stderr)
    print("没有发现问题。" if not wrong else f"发现{len(wrong)}个问题。")
    return 2 if wrong else 0


def _sqlite_faults() -> list[str]:
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


def verify(arguments: Namespace) -> int:
    """Check the journal's chain and that the tables equal what it tells. Exit 2 if not."""
    require_ready()
    marks = [mark for text in arguments.checkpoint for mark in _marks(text)]
    found = journal.verify(marks)
    found.problems += damaged_blobs()
    for problem in found.problems:
        print(problem, file=sys.stderr)
    head = f"{found.head.seq}:{found.head.hash}" if found.head else "0:"
    print(f"日志{found.entries}条，变更{found.changes}行，检查点{head}")
    if found.problems:
        print(f"发现{len(found.problems)}处不符。")
        return 2
    outside = f"，并与{len(marks)}个库外检查点相符" if marks else "；没有对照库外检查点"
    print(f"日志完整，数据与日志一致{outside}。")
    if arguments.save_checkpoint:
        kept_at = arguments.save_checkpoint.name[:200]
        with transaction.atomic():
            mark = record_checkpoint(access.console_actor(), kept_at=kept_at)
            write_bytes(arguments.save_checkpoint, f"{mark.seq}:{mark.hash}\n".encode())
        print(f"检查点已存到{arguments.save_checkpoint.name}，请保存在本机之外。")
    return 0


def _marks(text: str) -> list[Mark]:
    """`120:ab…` or a file with such lines."""
    path = Path(text)
    try:
        is_file = path.is_file()
    except OSError:
        is_file = False
    if not is_file and ":" not in text:
        raise BadInput(Fault("no-file", "没有这个检查点文件", "请核对路径", path.name))
    lines = _lines(path) if is_file else [text]
    marks = []
    # An emptied file must not pass for a checkpoint that agrees.
    for line in lines or [""]:
        match = _MARK.fullmatch(line)
        if match is None:
            raise BadInput(
                Fault(
                    "bad-checkpoint",
                    f"“{line[:40]}”不是检查点",
                    "请写成序号:摘要，或写保存它的文件",
                    path.name if is_file else "",
                )
            )
        marks.append(Mark(int(match[1]), match[2].lower()))
    return marks


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").split()
    except OSError as error:
        raise BadInput(Fault("no-file", "文件打不开", "请核对权限", path.name)) from error
