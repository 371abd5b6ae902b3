"""The writing child without its process: what it does is the same, and takes no second to start."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from guatu.engines.sheets.fill.child import answer


@pytest.fixture(autouse=True)
def _child_in_this_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """`@pytest.mark.usefixtures("own_process")` runs it as in life."""
    if "own_process" in request.fixturenames:
        return

    def ask(question: tuple[Any, ...], **_: object) -> tuple[Any, ...]:
        reply = answer(question)
        assert reply[0] == "ok", reply
        return tuple(reply[1:])

    fill = importlib.import_module("guatu.engines.sheets.fill.fill")
    monkeypatch.setattr(fill, "ask", ask)


@pytest.fixture
def own_process() -> None:
    """Asked for by name: the child gets its own process."""
