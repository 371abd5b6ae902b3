from __future__ import annotations

from pathlib import Path

import pytest

from guatu.reporting.tests.reports import Desk, make_desk
from tests.factories import Cast
from tests.intake import blobs, ground, people

__all__ = ["blobs", "ground", "people"]


@pytest.fixture
def desk(people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The desk of the command line; modules of the pages have one of their own."""
    monkeypatch.setenv("GUATU_TODAY", "2026-10-10")
    return make_desk(people, tmp_path)
