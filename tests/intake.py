"""Fixtures of the rooms that take workbooks in: a room's conftest imports them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker, Settings

from tests.factories import Cast
from tests.ground import module_cast, own_store, own_users


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """The cast, made once for the module."""
    yield from module_cast(django_db_blocker)


@pytest.fixture
def people(ground: Cast, db: None) -> Cast:
    """The cast; what the test changes is undone."""
    return own_users(ground)


@pytest.fixture
def blobs(db: None, settings: Settings, tmp_path: Path) -> Callable[[], set[str]]:
    """Names of the contents in a blob store that only this test writes to."""
    home = tmp_path / "home"
    own_store(settings, home)

    def names() -> set[str]:
        return {path.name for path in (home / "blobs").rglob("*") if path.is_file()}

    return names
