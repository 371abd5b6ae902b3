"""A throw-away PostgreSQL cluster: made, used by one command through DATABASE_URL, removed.

    python -m tools.pg_cluster COMMAND…

It listens on a socket in its own folder only, so nothing else on the machine can be touched by it
or collide with it. Durability is off: it lives as long as the command.
"""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MISSING = 3
OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "60",
    "shared_buffers": "128MB",
}


class PostgresMissing(Exception):
    """No PostgreSQL server program on this machine."""


def binaries() -> Path:
    """The folder with initdb and pg_ctl: pg_config's, the newest of Debian's, or one on PATH."""
    folders: list[Path] = []
    if config := shutil.which("pg_config"):
        told = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)
        folders.append(Path(told.stdout.strip()))
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(versions, key=lambda path: float(path.parent.name), reverse=True)
    if found := shutil.which("initdb"):
        folders.append(Path(found).parent)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise PostgresMissing


def _owner() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root; then it runs as an unprivileged account."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SystemExit("以 root 运行时需要账号 postgres 或 nobody / as root, an account is needed")


@contextmanager
def cluster() -> Iterator[str]:
    """Run a cluster for the length of the block; gives its DATABASE_URL."""
    programs = binaries()
    owner = _owner()
    name = owner.pw_name if owner else getpass.getuser()
    # Short: a socket's path may have 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="guatu-pg-", dir="/tmp"))
    if owner:
        os.chown(folder, owner.pw_uid, owner.pw_gid)

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [str(programs / program), *arguments],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
        )

    data = str(folder / "data")
    settings = " ".join(f"-c {key}='{value}'" for key, value in OPTIONS.items())
    try:
        run("initdb", "-D", data, "-U", name, "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        run(
            "pg_ctl", "-D", data, "-w", "-s", "-l", str(folder / "log"),
            "-o", f"{settings} -k {folder}", "start",
        )  # fmt: skip
        try:
            yield f"postgres://{name}@{str(folder).replace('/', '%2F')}/postgres"
        finally:
            run("pg_ctl", "-D", data, "-s", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(command: list[str]) -> int:
    """Run a command against a fresh cluster; its exit code, or MISSING without PostgreSQL."""
    try:
        with cluster() as url:
            return subprocess.run(
                command, env={**os.environ, "DATABASE_URL": url}, check=False
            ).returncode
    except PostgresMissing:
        print("没有安装 PostgreSQL / PostgreSQL is not installed", file=sys.stderr)
        return MISSING


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
