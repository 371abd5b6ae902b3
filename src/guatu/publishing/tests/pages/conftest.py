from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from guatu.assessment.tests.rounds import PARK, Office
from tests.factories import Cast
from tests.ground import module_cast, own_users
from tests.tables import report_line


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """The cast, made once for the module."""
    yield from module_cast(django_db_blocker)


@pytest.fixture
def people(ground: Cast, db: None) -> Cast:
    """The cast; what the test changes is undone."""
    return own_users(ground)


@pytest.fixture
def office(people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """August and September are locked, October has been opened."""
    monkeypatch.setenv("GUATU_TODAY", "2026-10-10")
    office = Office(people, tmp_path)
    office.closed_september()
    office.report(report_line(PARK, 8_000), period="2026-10")
    return office
