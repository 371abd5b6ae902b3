"""The scripts behind the Makefile, and the checks that other programs make."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from guatu.organisation.models import Holiday
from tests.tools.trees import plant
from tools import check, pg_cluster, run_tests

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


def run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_usable_python_is_found() -> None:
    done = run("sh", "tools/find_python.sh", PYTHON=sys.executable)
    assert done.returncode == 0
    assert Path(done.stdout.strip()).exists()


@pytest.mark.parametrize("version", ["old", "none"])
def test_a_wrong_python_gets_one_clear_line(tmp_path: Path, version: str) -> None:
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 2;; *) echo 3.9.18;; esac\n')
    python.chmod(0o755)
    named = str(python) if version == "old" else str(tmp_path / "no-such-python")
    done = run("sh", "tools/find_python.sh", PYTHON=named)
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "需要 Python 3.12" in done.stderr
    assert ("3.9.18" if version == "old" else "none") in done.stderr


def test_without_postgresql_it_is_named_and_ci_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nothing() -> Path:
        raise pg_cluster.PostgresMissing

    monkeypatch.setattr(pg_cluster, "binaries", nothing)
    monkeypatch.setattr(run_tests, "journeys", lambda arguments: 0)
    monkeypatch.setattr(run_tests, "pytest_command", lambda arguments: [sys.executable, "-c", ""])
    monkeypatch.delenv("CI", raising=False)
    assert run_tests.main([]) == 0
    assert "没有安装 PostgreSQL" in capsys.readouterr().err
    monkeypatch.setenv("CI", "true")
    assert run_tests.main([]) != 0


def test_a_failure_on_either_database_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pg_cluster, "binaries", lambda: pytest.fail("not reached"))
    fails_on_sqlite = "import os, sys; sys.exit('DATABASE_URL' not in os.environ)"
    monkeypatch.setattr(
        run_tests, "pytest_command", lambda arguments: [sys.executable, "-c", fails_on_sqlite]
    )

    def missing() -> Path:
        raise pg_cluster.PostgresMissing

    monkeypatch.setattr(pg_cluster, "binaries", missing)
    monkeypatch.setattr(run_tests, "journeys", lambda arguments: 0)
    assert run_tests.main([]) == 1


def test_without_a_browser_it_is_named_and_ci_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.delenv("CI", raising=False)
    assert run_tests.journeys([]) == 0
    assert "没有安装 Chromium" in capsys.readouterr().err
    monkeypatch.setenv("CI", "true")
    assert run_tests.journeys([]) != 0


def test_the_long_run_takes_the_long_tests_in() -> None:
    assert "--long" not in run_tests.pytest_command(["--long", "-k", "x"])
    assert run_tests.pytest_command(["--long"])[-2:] == ["-m", ""]
    assert "-m" not in run_tests.pytest_command([])[3:]


def test_a_cluster_lives_as_long_as_its_command() -> None:
    try:
        pg_cluster.binaries()
    except pg_cluster.PostgresMissing:
        pytest.skip("PostgreSQL is not installed")
    ask = (
        "import os, dj_database_url, psycopg\n"
        "d = dj_database_url.parse(os.environ['DATABASE_URL'])\n"
        "c = psycopg.connect(host=d['HOST'], user=d['USER'], dbname=d['NAME'])\n"
        "print(d['HOST'], c.execute('SHOW fsync').fetchone()[0])\n"
    )
    done = run(sys.executable, "-m", "tools.pg_cluster", sys.executable, "-c", ask)
    assert done.returncode == 0, done.stderr
    folder, fsync = done.stdout.split()
    assert fsync == "off"
    assert not Path(folder).exists(), "taken away with its cluster"


ROOMS = [
    *("cli", "bench", "config", "demo", "publishing", "assessment", "reporting", "planning"),
    *("ledger", "files", "organisation", "journal", "ui", "engines", "core", "appraisal"),
    "database",
]


@pytest.mark.parametrize(
    ("room", "imported", "contract"),
    [
        ("", "", ""),
        ("journal", "guatu.organisation", "Rooms import downward only"),
        ("demo", "guatu.config", "Rooms import downward only"),
        ("core", "django", "Core and engines import no Django"),
        ("engines/chain", "guatu.engines.draw", "Engines do not see each other"),
        ("cli", "guatu.config", "The command line names the settings"),
        ("attic", "", "Rooms import downward only"),
    ],
)
def test_the_import_contract_fails_on_a_wrong_import(
    tmp_path: Path, room: str, imported: str, contract: str
) -> None:
    folders = ["", *ROOMS, "engines/chain", "engines/draw", *(["attic"] if room == "attic" else [])]
    plant(tmp_path, {f"guatu/{folder}/__init__.py": "" for folder in folders})
    if imported:
        plant(tmp_path, {f"guatu/{room}/wrong.py": f"import {imported}\n"})
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    done = subprocess.run(
        [BIN / "lint-imports", "--no-cache", "--no-logo"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    broken = re.findall(r"(?m)^(.*?) BROKEN", done.stdout.replace("\n(", " ("))
    if contract:
        assert done.returncode == 1
        assert any(name.startswith(contract) for name in broken), done.stdout
    else:
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.django_db
def test_a_changed_model_without_migration_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    monkeypatch.setattr(Holiday._meta.get_field("note"), "max_length", 101)
    with pytest.raises(SystemExit):
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_linter_and_the_formatter_read_our_rules() -> None:
    bad = "from datetime import datetime\nprint( datetime.utcnow() )\n"
    for command in (["check", "--quiet"], ["format", "--check", "--quiet"]):
        done = subprocess.run(
            [BIN / "ruff", *command, "--stdin-filename", "src/guatu/ledger/rules.py", "-"],
            cwd=ROOT,
            input=bad,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1, command


@pytest.mark.long
def test_the_type_checker_is_strict(tmp_path: Path) -> None:
    file = tmp_path / "loose.py"
    file.write_text("def f(x):\n    return x\n")
    done = run(str(BIN / "mypy"), "--config-file", "pyproject.toml", str(file))
    assert done.returncode == 1
    assert "no-untyped-def" in done.stdout


def test_an_unknown_check_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main(["nonsense"]) == 2
    assert "nonsense" in capsys.readouterr().out


def test_a_failing_check_is_named_and_the_others_still_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = {
        "one": [sys.executable, "-c", "raise SystemExit('what is wrong')"],
        "two": [sys.executable, "-c", ""],
    }
    monkeypatch.setattr(check, "STEPS", steps)
    assert check.main([]) == 1
    told = capsys.readouterr().out
    assert "what is wrong" in told
    assert re.search(r"one +FAILED", told)
    assert re.search(r"two +ok", told)
    assert told.strip().endswith("failed: one")


def test_ci_installs_what_it_needs_and_calls_the_front_door() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert run("bash", "-n", str(script)).returncode == 0
    calls = re.findall(r"(?m)^make (\w+)", script.read_text("utf-8"))
    assert calls == ["check", "test"]
