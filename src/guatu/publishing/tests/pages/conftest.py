from __future__ import annotations

from collections.abc import Iterator

import pytest
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
