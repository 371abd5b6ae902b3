"""What the tests of the site share: no work begun beside a request outlives its test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from guatu.core import clock
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


@pytest.fixture
def move(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Let the site's clock and the lock's run ahead by a while, counted from the first call on."""
    start = clock.real_now()
    at = [start]
    monkeypatch.setattr(clock, "now", lambda: at[0])
    monkeypatch.setattr(clock, "real_now", lambda: at[0])
    monkeypatch.setattr("axes.handlers.proxy.now", lambda: at[0])

    def ahead(by: timedelta) -> None:
        at[0] += by

    return ahead
