from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from guatu.engines.sheets import Cell
from guatu.journal.types import Actor
from guatu.planning.services import ListTaken
from guatu.planning.tests.taking import Take
from tests.factories import Cast
from tests.intake import blobs, ground, people
from tests.tables import put_list, take_list

__all__ = ["blobs", "ground", "people"]


@pytest.fixture
def office(people: Cast, monkeypatch: pytest.MonkeyPatch) -> Actor:
    monkeypatch.setenv("GUATU_TODAY", "2026-10-31")
    return people.act_as("office")


@pytest.fixture
def take(office: Actor, tmp_path: Path) -> Take:
    """Write lines as a list and take it in: `take(line, …, option=value)`."""

    def take_in(*lines: dict[str, Cell], name: str = "清单.csv", **options: Any) -> ListTaken:
        return take_list(office, put_list(tmp_path / name, *lines), **options)

    return take_in
