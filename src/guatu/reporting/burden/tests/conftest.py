from __future__ import annotations

from pathlib import Path

import pytest

from guatu.reporting.tests.desk import IntakeDesk, make_desk
from tests.factories import Cast


@pytest.fixture
def desk(people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IntakeDesk:
    """The open round of September, ten days after its end: three projects of one unit, two of
    another."""
    monkeypatch.setenv("GUATU_TODAY", "2026-10-10")
    return make_desk(people, tmp_path)
