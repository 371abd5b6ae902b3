"""Making a backup while the site is at work: database, stored contents, key, manifest."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from guatu import __version__
from guatu.core import clock
from guatu.core.errors import Fault, GuatuError
from guatu.core.kept import replacing
from guatu.files.models import Blob
from guatu.files.services import blob_path
from guatu.journal import queries as journal
from guatu.journal import services as writing
from guatu.journal.types import Actor
from guatu.organisation import access
from guatu.organisation.types import Right
from guatu.upkeep.archive import POSTGRES, SECRET_KEY, SQLITE, Manifest, Writer

SUFFIX = ".guatu"
_LEFT_OUT = ("django_session", "journal_idempotency")
"""Tables whose rows stay behind: live logins, and answers to forms of the last days."""


def make_backup(actor: Actor, target: Path) -> Manifest:
    """Write a backup to a new file and journal it; returns its manifest.

    `missing` of the manifest names stored contents that were lost or damaged before: the backup
    is made without them. Refused where the file exists or space is short.
    """
    access.require(actor, Right.BACK_UP)
    if target.exists():
        raise _refused(f"文件“{target.name}”已经有了", "请换一个文件名，备份不覆盖旧文件")
    _require_space(target.parent)
    try:
        with replacing(target) as file:
            manifest = _written(file, target.parent)
    except OSError as error:
        raise _refused(
            f"写不了备份“{target.name}”（{error.strerror}）", "请核对目录、权限和磁盘空间"
        ) from error
    detail: dict[str, object] = {
        "file": target.name,
        "entries": manifest.entries,
        "size": target.stat().st_size,
        "missing": len(manifest.missing),
    }
    with writing.act(actor, "backup.made", detail=detail):
        pass
    return manifest


def backup_folder() -> Path:
    """Where the site's own button puts backups."""
    return Path(settings.HOME) / "backups"


def new_name() -> str:
    """A name for a backup made now."""
    return f"guatu-{clock.real_now().astimezone(clock.CHINA):%Y%m%d-%H%M%S}{SUFFIX}"


def _written(file: BinaryIO, beside: Path) -> Manifest:
    manifest = Manifest(
        version=__version__,
        made_at=clock.now().isoformat(timespec="seconds"),
        vendor=connection.vendor,
    )
    writer = Writer(file, manifest)
    with tempfile.TemporaryDirectory(dir=beside, prefix=".backup-") as folder:
        digests = (
            _copy_sqlite(writer, Path(folder))
            if connection.vendor == "sqlite"
            else _copy_postgres(writer, Path(folder))
        )
    for digest in digests:
        _add_blob(writer, digest)
    writer.add(SECRET_KEY, io.BytesIO(settings.SECRET_KEY.encode()))
    writer.close()
    return manifest


def _copy_sqlite(writer: Writer, folder: Path) -> list[str]:
    """A page-by-page copy by SQLite itself: consistent whoever writes meanwhile."""
    copy = folder / SQLITE
    connection.ensure_connection()
    source: Any = connection.connection
    with sqlite3.connect(copy) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
        target.execute("PRAGMA secure_delete=ON")
        # Whoever gets hold of a backup must not get live logins with it.
        target.executescript("".join(f'DELETE FROM "{table}";' for table in _LEFT_OUT))
        manifest = writer.manifest
        for table in tables():
            (manifest.rows[table],) = target.execute(f'SELECT count(*) FROM "{table}"').fetchone()
        found = target.execute("SELECT seq, hash FROM journal_head WHERE id = 1").fetchone()
        manifest.entries, manifest.head = found or (0, "")
        rows = target.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
        manifest.migrations = [name for (name,) in rows]
        digests = [sm3 for (sm3,) in target.execute("SELECT sm3 FROM files_blob ORDER BY id")]
    target.close()
    with copy.open("rb") as file:
        writer.add(SQLITE, file)
    return digests


def _copy_postgres(writer: Writer, folder: Path) -> list[str]:
    """pg_dump of the very snapshot that the counts are taken from."""
    program = shutil.which("pg_dump")
    if program is None:
        raise _refused(
            "没有pg_dump，备不了PostgreSQL", "请在本机安装与数据库同版本的PostgreSQL客户端"
        )
    dump = folder / POSTGRES
    with _snapshot() as snapshot:
        manifest = writer.manifest
        with connection.cursor() as cursor:
            for table in tables():
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                (manifest.rows[table],) = cursor.fetchone()
        head = journal.head()
        manifest.entries, manifest.head = (head.seq, head.hash) if head else (0, "")
        applied = MigrationRecorder(connection).applied_migrations()
        manifest.migrations = sorted(f"{app}.{name}" for app, name in applied)
        digests = list(Blob.objects.order_by("pk").values_list("sm3", flat=True))
        manifest.rows |= dict.fromkeys(_LEFT_OUT, 0)
        command = [program, "-Fc", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        command += [f"--exclude-table-data={table}" for table in _LEFT_OUT]
        run_postgres([*command, "-f", str(dump)])
    with dump.open("rb") as file:
        writer.add(POSTGRES, file)
    return digests


@contextmanager
def _snapshot() -> Iterator[str]:
    """A transaction whose view of the data pg_dump can share."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            if len(connection.savepoint_ids) == 0:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
        yield str(snapshot)


def run_postgres(command: list[str]) -> None:
    """Run one of PostgreSQL's own programs against our database; its last line where it fails."""
    told = connection.settings_dict
    environment = dict(os.environ)
    for variable, key in (
        ("PGHOST", "HOST"),
        ("PGPORT", "PORT"),
        ("PGUSER", "USER"),
        ("PGPASSWORD", "PASSWORD"),
        ("PGDATABASE", "NAME"),
    ):
        if told.get(key):
            environment[variable] = str(told[key])
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["没有说明"]
        name = Path(command[0]).name
        raise _refused(f"{name}没有办成：{lines[-1][:200]}", "请核对数据库和客户端的版本")


def tables() -> list[str]:
    """Every table of the installation, those of the libraries included."""
    return sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)})


def _add_blob(writer: Writer, digest: str) -> None:
    name = f"blobs/{digest[:2]}/{digest}"
    try:
        with blob_path(digest).open("rb") as file:
            part = writer.add(name, file)
    except OSError:
        writer.manifest.missing.append(f"文件库缺少{name}")
        return
    if part.sm3 != digest:
        writer.manifest.missing.append(f"文件库的{name}被改动")


def _require_space(folder: Path) -> None:
    """Room for the copy of the database beside the backup itself."""
    stored = sum(path.stat().st_size for path in Path(settings.HOME).glob("blobs/*/*"))
    name = Path(str(connection.settings_dict["NAME"]))
    database = name.stat().st_size if connection.vendor == "sqlite" and name.exists() else 0
    needed = stored + 2 * database + 50 * 2**20
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise _refused(f"没有目录“{folder.name}”", "请先建好目录，核对权限") from error
    if free < needed:
        raise _refused(
            f"磁盘只剩{free // 2**20} MB，备份可能要{needed // 2**20} MB", "请清理或换一个盘"
        )


def _refused(what: str, remedy: str) -> GuatuError:
    return GuatuError(Fault("backup-refused", what, remedy))
