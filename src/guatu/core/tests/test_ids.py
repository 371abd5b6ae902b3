from __future__ import annotations

import pytest

from guatu.core.ids import is_id


@pytest.mark.parametrize(
    ("number", "is_one"), [(1, True), (2**63 - 1, True), (0, False), (-1, False), (2**63, False)]
)
def test_only_what_a_database_can_hold_is_an_id(number: int, is_one: bool) -> None:
    assert is_id(number) is is_one
