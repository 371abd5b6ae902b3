"""The demo's own logins: each says whose it is and what it sees, in one phrase."""

from __future__ import annotations

import stat
from pathlib import Path

from guatu.cli.commands.demo import _keep
from guatu.demo.accounts import SEES, Login


def test_every_account_says_what_it_sees(tmp_path: Path) -> None:
    kept = tmp_path / "logins.txt"
    _keep([Login("督查员", login, "abcd-efgh") for login in SEES], kept)
    head, *lines = kept.read_text(encoding="utf-8").splitlines()
    assert "虚构" in head
    assert [line.split()[:2] for line in lines] == [[login, "abcd-efgh"] for login in SEES]
    for line, phrase in zip(lines, SEES.values(), strict=True):
        assert line.endswith(f"督查员：{phrase}")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
