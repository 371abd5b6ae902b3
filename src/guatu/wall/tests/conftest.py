"""The city of the wall's tests, on the demo's day."""

from __future__ import annotations

import pytest

from conftest import Today
from guatu.wall.tests.city import TODAY, City, make_city
from tests.factories import Cast


@pytest.fixture
def city(people: Cast, today: Today) -> City:
    today(TODAY)
    return make_city(people)
