"""What every test run needs before Django's settings are read, and what tests share.

State lies in a temporary folder, SQLite's test database is a real file there (threads and
triggers behave as in life), and only fixtures move the clock.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

_STATE = tempfile.TemporaryDirectory(prefix="guatu-test-")
os.environ["GUATU_HOME"] = str(Path(_STATE.name) / "home")
os.environ["GUATU_TEST_DATABASE"] = str(Path(_STATE.name) / "test.sqlite3")
os.environ["DJANGO_SETTINGS_MODULE"] = "guatu.config.settings"
os.environ.pop("GUATU_TODAY", None)

import django  # noqa: E402
from django.conf import settings  # noqa: E402

# A worker of xdist may have read the settings before this file ran.
settings.HOME = Path(os.environ["GUATU_HOME"])
settings.STATIC_ROOT = Path(_STATE.name) / "static"
settings.STATIC_ROOT.mkdir(exist_ok=True)
settings.STORAGES = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
django.setup()

from django.db import connection  # noqa: E402
from django.test import TransactionTestCase  # noqa: E402
from hypothesis import settings as hypothesis_settings  # noqa: E402

from guatu.journal.triggers import drop_guards  # noqa: E402
from tests.factories import Cast, make_cast  # noqa: E402

# The machine is shared: slowness of one example says nothing.
hypothesis_settings.register_profile("guatu", deadline=None, print_blob=True)
hypothesis_settings.load_profile("guatu")

Say = Callable[[str], None]
Today = Callable[[date], None]


def pytest_report_header() -> str:
    """Name the database of this run."""
    return f"database: {connection.vendor}"


def pytest_unconfigure() -> None:
    """Take the run's state away."""
    _STATE.cleanup()


@pytest.fixture(autouse=True, scope="session")
def _flush_passes_the_guards() -> Iterator[None]:
    """A transactional test empties the tables: without triggers, which post_migrate makes anew."""
    usual = getattr(TransactionTestCase, "_fixture_teardown")  # noqa: B009 (not in the stubs)

    def flush(case: TransactionTestCase) -> None:
        drop_guards()
        usual(case)

    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", flush)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _no_state_of_another_test() -> Iterator[None]:
    """What background work leaves beside the database is no test's ground."""
    yield
    shutil.rmtree(settings.HOME / "state", ignore_errors=True)


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Today:
    """Set the platform's date: `today(date(2026, 10, 31))`."""

    def move(day: date) -> None:
        monkeypatch.setenv("GUATU_TODAY", day.isoformat())

    return move


@pytest.fixture
def people(db: None) -> Cast:
    """The cast (house.md 7) on an installed database."""
    return make_cast()


@pytest.fixture
def say(record_property: Callable[[str, object], None]) -> Say:
    """Leave a line that is printed at the end of the run, e.g. `1,000,000 of 1,000,000`."""

    def leave(line: str) -> None:
        record_property("guatu-summary", line)

    return leave


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the lines that tests left with `say`."""
    reports = [
        report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)
    ]
    lines = sorted(
        str(value)
        for report in reports
        for key, value in getattr(report, "user_properties", ())
        if key == "guatu-summary" and getattr(report, "when", "") == "call"
    )
    if lines:
        terminalreporter.section(f"summary ({connection.vendor})")
        for line in lines:
            terminalreporter.line(line)
