from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from pytest_django import DjangoDbBlocker

from tests.factories import Cast
from tests.ground import module_cast, own_users


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """The cast, made once for the module."""
    yield from module_cast(django_db_blocker)


@pytest.fixture
def people(ground: Cast, db: None) -> Cast:
    """The cast; what the test changes is undone."""
    return own_users(ground)


@pytest.fixture
def blobs() -> Callable[[], set[str]]:
    """Names of the contents that lie in the blob store: other tests leave theirs."""

    def names() -> set[str]:
        return {path.name for path in (settings.HOME / "blobs").rglob("*") if path.is_file()}

    return names
