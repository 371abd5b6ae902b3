"""Putting a backup back into an empty installation: checked before, verified after."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from guatu.core.errors import Conflict, Fault, GuatuError
from guatu.core.kept import replacing
from guatu.files.queries import damaged_blobs
from guatu.journal import queries as journal
from guatu.upkeep import archive
from guatu.upkeep.archive import POSTGRES, SECRET_KEY, SQLITE, Manifest
from guatu.upkeep.backup import run_postgres, tables
from guatu.upkeep.health import pending_migrations

_MAY_BE_THERE = {"secret_key"}
"""Reading the settings makes a key in an existing folder; the backup's own takes its place."""


@dataclass(slots=True)
class Restored:
    """What was put back, and what does not agree with the backup's own account."""

    manifest: Manifest
    needs_upgrade: bool = False
    problems: list[str] = field(default_factory=list)


def restore(source: Path) -> Restored:
    """Restore into an empty GUATU_HOME (and an empty database) and verify it.

    Nothing is written before every part of the file has been checked. Raises BadInput for a
    damaged file, Conflict where something is there already.
    """
    manifest = archive.checked(source)
    if manifest.vendor != connection.vendor:
        raise GuatuError(
            Fault(
                "other-database",
                f"备份来自{manifest.vendor}，现在设的是{connection.vendor}",
                "请核对DATABASE_URL",
                source.name,
            )
        )
    home = Path(settings.HOME)
    _require_empty(home)
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in manifest.parts:
            if name.startswith("blobs/"):
                _put(source, name, home / name)
        if manifest.vendor == "sqlite":
            _put(source, SQLITE, Path(str(connection.settings_dict["NAME"])))
        else:
            _restore_postgres(source, home)
        # The key last: as long as it is not there, the folder is none to work with.
        _put(source, SECRET_KEY, home / SECRET_KEY)
    except OSError as error:
        raise GuatuError(
            Fault("cannot-write", f"写不了状态目录（{error.strerror}）", "请清空它，核对磁盘后重来")
        ) from error
    connections.close_all()
    return _verified(manifest)


def _require_empty(home: Path) -> None:
    if home.exists() and {path.name for path in home.iterdir()} - _MAY_BE_THERE:
        raise Conflict(
            Fault("home-not-empty", f"状态目录{home.name}不是空的", "请换一个空的GUATU_HOME")
        )
    if connection.vendor != "sqlite" and connection.introspection.table_names():
        raise Conflict(Fault("database-not-empty", "数据库不是空的", "请换一个空的数据库"))


def _put(source: Path, name: str, target: Path) -> None:
    with replacing(target) as file:
        archive.extract(source, name, file)


def _restore_postgres(source: Path, home: Path) -> None:
    program = shutil.which("pg_restore")
    if program is None:
        raise GuatuError(
            Fault("backup-refused", "没有pg_restore，恢复不了", "请在本机安装PostgreSQL客户端")
        )
    dump = home / POSTGRES
    _put(source, POSTGRES, dump)
    name = str(connection.settings_dict["NAME"])
    try:
        run_postgres(
            [program, "--no-owner", "--no-privileges", "--exit-on-error", "-d", name, str(dump)]
        )
    finally:
        dump.unlink(missing_ok=True)


def _verified(manifest: Manifest) -> Restored:
    done = Restored(manifest, needs_upgrade=bool(pending_migrations()))
    if done.needs_upgrade:
        return done
    found = journal.verify()
    told = (found.head.seq, found.head.hash) if found.head else (0, "")
    if told != (manifest.entries, manifest.head):
        done.problems.append(f"日志应为{manifest.entries}条，实为{told[0]}条，或链头不符")
    done.problems += found.problems
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            (count,) = cursor.fetchone()
            if table in manifest.rows and count != manifest.rows[table]:
                done.problems.append(f"表{table}应为{manifest.rows[table]}行，实为{count}行")
    known = set(manifest.missing)
    done.problems += [line for line in damaged_blobs() if line not in known]
    return done
