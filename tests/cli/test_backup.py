"""guatu backup and restore on whole installations, each in a process of its own."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from guatu.upkeep.archive import checked
from tests.tables import project_row, put_list

ROOT = Path(__file__).resolve().parents[2]


def guatu(home: Path, *words: object) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "GUATU_HOME": str(home),
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "GUATU_TODAY": "2026-10-10",
    }
    for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "GUATU_TEST_DATABASE"):
        environment.pop(name, None)
    command = [sys.executable, "-c", "from guatu.cli.main import run; run()", *map(str, words)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with a list taken in."""
    folder = tmp_path_factory.mktemp("installed")
    home = folder / "home"
    assert guatu(home, "init", "--yes", "--city", "江源市").returncode == 0
    table = put_list(folder / "清单.csv", project_row("滨江路改造", "P-1"))
    taken = guatu(home, "import", "ledger", table, "--year", 2026, "--create-missing")
    assert taken.returncode == 0, taken.stderr
    return home


@pytest.fixture(scope="module")
def backup(installed: Path) -> Path:
    path = installed.parent / "a.guatu"
    done = guatu(installed, "backup", path)
    assert done.returncode == 0, done.stderr
    return path


def test_a_backup_holds_everything_and_is_its_owners_alone(installed: Path, backup: Path) -> None:
    manifest = checked(backup)
    assert {"database.sqlite3", "secret_key"} < set(manifest.parts)
    assert sum(name.startswith("blobs/") for name in manifest.parts) == 1
    assert manifest.rows["ledger_project"] == 1
    assert manifest.rows["journal_entry"] == manifest.entries > 0
    assert manifest.rows["django_session"] == 0
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with sqlite3.connect(installed / "guatu.sqlite3") as base:
        (act,) = base.execute("SELECT act FROM journal_entry ORDER BY seq DESC LIMIT 1").fetchone()
    base.close()
    assert act == "backup.made"


def test_it_comes_back_and_agrees(installed: Path, backup: Path, tmp_path: Path) -> None:
    home = tmp_path / "new"
    done = guatu(home, "restore", backup)
    assert (done.returncode, done.stderr) == (0, "")
    assert "与备份时一致" in done.stdout
    assert (home / "secret_key").read_text() == (installed / "secret_key").read_text()
    assert stat.S_IMODE((home / "secret_key").stat().st_mode) == 0o600
    assert guatu(home, "verify").returncode == 0
    assert "滨江路改造" not in done.stdout
    again = guatu(home, "restore", backup)
    assert again.returncode == 2
    assert "不是空的" in again.stderr


def test_a_home_with_anything_in_it_is_left_alone(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = guatu(tmp_path, "restore", backup)
    assert done.returncode == 2
    assert "不是空的" in done.stderr
    assert {path.name for path in tmp_path.iterdir()} <= {"mine.txt", "secret_key"}


def test_nothing_of_a_damaged_backup_is_restored(backup: Path, tmp_path: Path) -> None:
    whole = bytearray(backup.read_bytes())
    whole[len(whole) // 3] ^= 1
    damaged = tmp_path / "damaged.guatu"
    damaged.write_bytes(whole)
    home = tmp_path / "new"
    done = guatu(home, "restore", damaged)
    assert done.returncode == 2
    assert "备份损坏" in done.stderr
    assert not home.exists()


def test_a_backup_overwrites_nothing(installed: Path, backup: Path) -> None:
    before = backup.read_bytes()
    done = guatu(installed, "backup", backup)
    assert done.returncode == 2
    assert "不覆盖" in done.stderr
    assert backup.read_bytes() == before
    nowhere = guatu(installed, "backup", backup.parent / "none" / "b.guatu")
    assert nowhere.returncode == 2


def test_what_was_lost_before_is_told_and_the_rest_is_backed_up(
    installed: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(installed, home)
    (blob,) = (path for path in (home / "blobs").rglob("*") if path.is_file())
    blob.unlink()
    path = tmp_path / "b.guatu"
    done = guatu(home, "backup", path)
    assert done.returncode == 3
    assert blob.name in done.stderr
    back = guatu(tmp_path / "new", "restore", path)
    assert back.returncode == 0
    assert blob.name in back.stderr


def test_a_one_time_password_from_the_console(installed: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(installed, home)
    done = guatu(home, "password", "sysadmin")
    assert done.returncode == 0
    assert "只显示这一次" in done.stdout
    assert guatu(home, "password", "nobody").returncode == 2


def test_the_doctor_tells_of_backup_and_verification(installed: Path, backup: Path) -> None:
    assert guatu(installed, "verify").returncode == 0
    done = guatu(installed, "doctor")
    assert done.returncode == 0
    assert "核对日志 最近一次" in done.stdout
    assert "备份 最近一次" in done.stdout
