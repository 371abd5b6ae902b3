"""One city and one set of forty files for all tests here; they only read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from guatu.demo.city import generate
from guatu.demo.faults import Planted
from guatu.demo.forty import write_forty
from guatu.demo.tests.reading import Forty
from guatu.demo.types import City


@pytest.fixture(scope="session")
def city() -> City:
    return generate()


@pytest.fixture(scope="session")
def forty(city: City, tmp_path_factory: pytest.TempPathFactory) -> Forty:
    folder = tmp_path_factory.mktemp("forty")
    planted: Planted = write_forty(city, folder)
    return Forty(folder, planted)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
