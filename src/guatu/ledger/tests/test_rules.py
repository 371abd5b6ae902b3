from __future__ import annotations

from datetime import date

import pytest

from guatu.ledger import rules
from guatu.ledger.rules import Belonging

TODAY = date(2026, 10, 31)


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        (Belonging(1, is_package=False), []),
        (Belonging(None, is_package=True), []),
        (Belonging(1, is_package=False, package_id=2, package_is_package=True), []),
        (Belonging(1, is_package=False, package_id=1), ["own-package"]),
        (Belonging(1, is_package=False, package_id=2), ["no-package"]),
        (
            Belonging(
                1, is_package=False, package_id=2, package_is_package=True, package_is_part=True
            ),
            ["no-package"],
        ),
        (
            Belonging(1, is_package=True, package_id=2, package_is_package=True),
            ["package-in-package"],
        ),
        (
            Belonging(
                1, is_package=False, part_names=("甲",), package_id=2, package_is_package=True
            ),
            ["package-in-package"],
        ),
        (Belonging(1, is_package=False, part_names=("甲", "乙")), ["has-parts"]),
        (
            Belonging(
                1, is_package=False, package_id=2, package_is_package=True, total_yuan=10_000
            ),
            ["money-on-part"],
        ),
        (
            Belonging(
                1,
                is_package=False,
                package_id=2,
                package_is_package=True,
                total_yuan=10_000,
                had_total=True,
            ),
            [],
        ),
        (Belonging(1, is_package=False, above=frozenset({2, 3})), []),
        (Belonging(1, is_package=False, above=frozenset({2, 1})), ["phase-circle"]),
    ],
)
def test_packages_and_phases(wanted: Belonging, codes: list[str]) -> None:
    assert [fault.code for fault in rules.belonging_faults(wanted)] == codes


@pytest.mark.parametrize(
    ("left_on", "sub_lists", "codes"),
    [
        (TODAY, (), []),
        (date(2026, 1, 1), (), []),
        (date(2026, 11, 1), (), ["future-leaving"]),
        (date(2025, 12, 31), (), ["left-before-joined"]),
        (TODAY, ("2026年大会战",), ["on-sub-list"]),
    ],
)
def test_leaving_a_list(left_on: date, sub_lists: tuple[str, ...], codes: list[str]) -> None:
    faults = rules.leaving_faults(
        joined_on=date(2026, 1, 1), left_on=left_on, today=TODAY, sub_lists=sub_lists
    )
    assert [fault.code for fault in faults] == codes


def test_a_bearer_is_followed_from_his_own_first_day_on() -> None:
    since = date(2026, 3, 1)
    assert rules.takeover_fault(since=since, valid_from=since) is None
    assert rules.takeover_fault(since=since, valid_from=date(2026, 3, 2)) is None
    fault = rules.takeover_fault(since=since, valid_from=date(2026, 2, 28))
    assert fault is not None
    assert fault.code == "takeover-too-early"
