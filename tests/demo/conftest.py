"""The demo city, loaded once for the module's tests and left as the clerk finds it in October."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from guatu.core.periods import parse_period
from guatu.demo.city import OPEN_PERIOD, generate
from guatu.demo.faults import Planted
from guatu.demo.load import load_demo
from guatu.demo.types import City
from guatu.journal.types import Actor
from guatu.organisation.access import console_actor
from guatu.reporting.services.intake import ReportsTaken, TakeInReports, take_in_reports

NEEDED = ("2025-10", "2026-09")
"""The rounds that October is compared with; `test_whole_demo` loads them all."""


@dataclass(frozen=True)
class Desk:
    """The clerk's desk: the city, what was planted, the files, and what their import said."""

    city: City
    planted: Planted
    folder: Path
    taken: ReportsTaken
    actor: Actor

    @property
    def files(self) -> list[Path]:
        """The forty workbooks in the order of their names."""
        return sorted((self.folder / f"{OPEN_PERIOD}月报").iterdir())


@pytest.fixture(scope="module")
def desk(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Desk]:
    """Load the city, import the forty files in one call, and undo everything afterwards."""
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setenv("GUATU_TODAY", date(2026, 11, 3).isoformat())
        with django_db_blocker.unblock():
            atomic = transaction.atomic()
            atomic.__enter__()
            try:
                actor = console_actor()
                planted = load_demo(actor, Path(name), lambda line: None, rounds=NEEDED)
                files = sorted((Path(name) / f"{OPEN_PERIOD}月报").iterdir())
                taken = take_in_reports(actor, files, TakeInReports(parse_period(OPEN_PERIOD)))
                yield Desk(generate(), planted, Path(name), taken, actor)
            finally:
                transaction.set_rollback(True)
                atomic.__exit__(None, None, None)
