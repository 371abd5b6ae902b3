"""Pure decisions about quantities: how they are written, what may be a target (M-A9)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from guatu.core.errors import Fault
from guatu.reporting.types import Accumulates

LARGEST = 10**15
"""In smallest steps: beyond it a figure is a slip."""
MOST_DECIMALS = 4
MOST_OF_PROGRAMME, MOST_OF_CONSTRUCTION = 4, 2
"""How many a project may report, so that a full report touches twelve fields at most."""
_NUMBER = re.compile(r"-?\d{1,16}(\.\d{1,8})?", re.ASCII)
_NO_TARGET = re.compile("罚款|罚没|罚金|罚单|处罚|案件|办案|立案|查处")
STATED_AS = {
    Accumulates.YEAR: "本年累计",
    Accumulates.LIFE: "开始以来累计",
    Accumulates.NONE: "本期",
}
"""What a unit types, by how the indicator accumulates."""


def value_of(text: str, decimals: int) -> int | None:
    """`value_of("12.5", 1)` → `125`: whole smallest steps; None for what is no number, has more
    decimals than the indicator, or is beyond every size."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    if not _NUMBER.fullmatch(plain):
        return None
    steps = Decimal(plain).scaleb(decimals)
    if steps != steps.to_integral_value() or abs(steps) > LARGEST:
        return None
    return int(steps)


def typing_words(decimals: int) -> str:
    """How a value is to be typed, told where `value_of` finds none."""
    return f"请填数，最多{decimals}位小数" if decimals else "请填整数"


def value_text(value: int, decimals: int) -> str:
    """`value_text(125, 1)` → `"12.5"`, without trailing zeros."""
    told = f"{Decimal(value).scaleb(-decimals):f}"
    return told.rstrip("0").rstrip(".") if decimals else told


def target_fault(name: str) -> Fault | None:
    """Why an indicator may not be given a target: fines and case counts are no aims (M-A9)."""
    if not _NO_TARGET.search(name):
        return None
    return Fault("no-such-target", "罚款、罚没和案件数不能定目标", "可以不填目标，只报完成数")


def gap(value: int | None, target: int | None) -> int | None:
    """What is still missing to the target; negative when it is passed."""
    return None if value is None or target is None else target - value


def takes_money(*, is_programme: bool, plan_yuan: int | None) -> bool:
    """Whether a report states investment: construction does, a programme only where its list
    plans money for it."""
    return not is_programme or bool(plan_yuan)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """One quantity as a unit reports it, beside the last one known, in smallest steps."""

    name: str
    unit: str
    decimals: int
    accumulates: str
    value: int
    last: int | None
    now: int | None

    def words(self, value: int) -> str:
        """A value as a sentence says it."""
        return f"{value_text(value, self.decimals)}{self.unit}"

    @property
    def falls(self) -> bool:
        """Whether what can only grow has become less."""
        grows = self.accumulates != Accumulates.NONE
        return grows and self.last is not None and self.value < self.last
