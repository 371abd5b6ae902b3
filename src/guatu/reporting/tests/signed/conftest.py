from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from guatu.reporting.tests.desk import IntakeDesk, make_desk
from tests.factories import Cast


@pytest.fixture
def desk(people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IntakeDesk:
    """The open round of a month, ten days after its end."""
    monkeypatch.setenv("GUATU_TODAY", "2026-10-10")
    return make_desk(people, tmp_path)


@pytest.fixture
def office(desk: IntakeDesk) -> Client:
    """The browser of those who run the desk."""
    return desk.browser()
