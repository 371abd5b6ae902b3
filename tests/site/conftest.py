"""What the tests of the site share: no work begun beside a request outlives its test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from guatu.journal import verification
from guatu.upkeep import running
from tests.factories import make_cast
from tests.site.worlds import Worlds, make_worlds


@pytest.fixture(scope="module")
def worlds(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Worlds]:
    """Both worlds, made once for a module; what a test does to them is rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_worlds(make_cast())
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def nothing_in_the_background(monkeypatch: pytest.MonkeyPatch) -> None:
    """Backups and verifications that a page begins do not run here."""
    monkeypatch.setattr(verification, "launch", lambda *told: None)
    monkeypatch.setattr(running, "state", running.State)
