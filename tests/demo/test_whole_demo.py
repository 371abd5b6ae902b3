"""The whole demo by command line, as README shows it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from guatu.demo.city import OPEN_PERIOD

LIST = ("--list", "重点项目")


def _guatu(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    environment |= {"GUATU_HOME": str(home), "GUATU_TODAY": "2026-11-03"}
    return subprocess.run(
        [sys.executable, "-m", "guatu", *words],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.long
def test_the_readmes_sequence_runs_from_an_empty_folder(tmp_path: Path) -> None:
    home = tmp_path / "home"
    desk = home / "demo"
    assert _guatu(home, "demo", "--no-serve").returncode == 0
    files = [str(path) for path in sorted((desk / f"{OPEN_PERIOD}月报").iterdir())]
    taken = _guatu(home, "import", "reports", *files, "--period", OPEN_PERIOD, *LIST)
    assert taken.returncode == 3, taken.stderr
    for words in (
        ["close", OPEN_PERIOD, *LIST],
        ["assess", OPEN_PERIOD, *LIST],
        ["bulletin", OPEN_PERIOD, *LIST, "-o", str(tmp_path / "通报.docx")],
        ["verify"],
    ):
        done = _guatu(home, *words)
        assert done.returncode == 0, done.stderr
    template = desk / "上月汇总表.xlsx"
    filling = ("--template", str(template), "-o", str(tmp_path / "表.xlsx"))
    filled = _guatu(home, "table", OPEN_PERIOD, *LIST, *filling)
    assert filled.returncode in (0, 3), filled.stderr
    assert not (home / "faults").exists()
    assert _guatu(home, "demo", "--no-serve").returncode == 2
