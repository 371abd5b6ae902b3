"""Half the year, half the task (双过半), over several items at once. Pure (M-B2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Half(StrEnum):
    """How an item stands to its half. An item without a task is no failure and no success."""

    PASSED = "passed"
    SHORT = "short"
    NO_DATA = "no-data"
    NO_TASK = "no-task"

    @property
    def word(self) -> str:
        """As the page says it."""
        return {
            "passed": "已过半",
            "short": "未过半",
            "no-data": "没有数据",
            "no-task": "没有任务",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the test: what the year asks for and what is done, in the item's unit.

    `done` is None where nobody reported.
    """

    name: str
    done: int | None
    task: int

    @property
    def half(self) -> Half:
        """Exactly half is half."""
        if self.task <= 0:
            return Half.NO_TASK
        if self.done is None:
            return Half.NO_DATA
        return Half.PASSED if 2 * self.done >= self.task else Half.SHORT


def together(items: Iterable[Item]) -> Half:
    """The verdict over all items: every task passed, or what stands against it.

    A known shortfall weighs more than a missing figure.
    """
    halves = {item.half for item in items} - {Half.NO_TASK}
    for one in (Half.SHORT, Half.NO_DATA, Half.PASSED):
        if one in halves:
            return one
    return Half.NO_TASK
