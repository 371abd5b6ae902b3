"""`guatu doctor | verify | backup | restore | password`."""

from __future__ import annotations

import re
import sys
from argparse import Namespace
from contextlib import suppress
from pathlib import Path

from django.db import connection, transaction

from guatu.cli.session import require_ready, write_bytes
from guatu.core.errors import BadInput, Fault, NotFound
from guatu.engines.chain import Mark
from guatu.files.queries import damaged_blobs
from guatu.journal import queries as journal
from guatu.journal import verification
from guatu.journal.services import record_checkpoint
from guatu.organisation import access
from guatu.organisation.models import User
from guatu.organisation.services import reissue_password
from guatu.upkeep import health
from guatu.upkeep import restore as restoring
from guatu.upkeep.backup import make_backup

_MARK = re.compile(r"([0-9]{1,18}):([0-9a-fA-F]{64})")


def doctor(arguments: Namespace) -> int:
    """Name what the installation runs on and what is wrong with it. Exit 2 if anything is."""
    print(f"数据库 {connection.vendor}")
    wrong = 0
    for check in health.checks():
        line = "，".join(part for part in (check.told, check.remedy) if part)
        if check.state == health.BAD:
            wrong += 1
            print(f"{check.name}：{line}。", file=sys.stderr)
        else:
            word = "提示 " if check.state == health.NOTICE else ""
            print(f"{word}{check.name} {line}")
    print("没有发现问题。" if not wrong else f"发现{wrong}个问题。")
    return 2 if wrong else 0


def backup(arguments: Namespace) -> int:
    """Write a backup; exit 3 where stored contents had been lost before."""
    require_ready()
    made = make_backup(access.console_actor(), arguments.file)
    size = arguments.file.stat().st_size
    print(
        f"已备份到{arguments.file.name}：{size // 1024 + 1} KB，日志{made.entries}条，"
        f"{len(made.parts)}个部分。它等同于全部数据，请拷到另一台机器，妥善保管。"
    )
    for line in made.missing:
        print(f"{line}。", file=sys.stderr)
    return 3 if made.missing else 0


def restore(arguments: Namespace) -> int:
    """Restore into an empty GUATU_HOME; exit 2 where what came back does not agree."""
    done = restoring.restore(arguments.file)
    print(f"已恢复{done.manifest.made_at}的备份，日志{done.manifest.entries}条。")
    for line in done.manifest.missing:
        print(f"备份时{line}。", file=sys.stderr)
    if done.needs_upgrade:
        print("备份来自较早的版本，请先运行guatu init升级，再运行guatu verify。")
        return 3
    for line in done.problems:
        print(f"{line}。", file=sys.stderr)
    print("已核对：与备份时一致。" if not done.problems else f"发现{len(done.problems)}处不符。")
    return 2 if done.problems else 0


def password(arguments: Namespace) -> int:
    """A one-time password from the server's console, also for an administrator."""
    require_ready()
    user = User.objects.filter(login=arguments.user).first()
    if user is None:
        raise NotFound(Fault("unknown-user", f"没有账号“{arguments.user}”", "请核对登录名"))
    made = reissue_password(access.console_actor(), user.pk)
    print(f"账号{made.user.login}的一次性密码（只显示这一次，七天内有效）：{made.password}")
    return 0


def verify(arguments: Namespace) -> int:
    """Check the journal's chain and that the tables equal what it tells. Exit 2 if not."""
    require_ready()
    marks = [mark for text in arguments.checkpoint for mark in _marks(text)]
    begun = verification.begun(access.console_actor(), marks)
    found = journal.verify(marks)
    found.problems += damaged_blobs()
    with suppress(OSError):  # looking must also go where nothing can be written
        verification.keep_result(begun, found)
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
