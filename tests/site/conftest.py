"""What the tests of the site share: no work begun beside a request outlives its test."""

from __future__ import annotations

import pytest

from guatu.journal import verification
from guatu.upkeep import running


@pytest.fixture(autouse=True)
def nothing_in_the_background(monkeypatch: pytest.MonkeyPatch) -> None:
    """Backups and verifications that a page begins do not run here."""
    monkeypatch.setattr(verification, "launch", lambda *told: None)
    monkeypatch.setattr(running, "state", running.State)
