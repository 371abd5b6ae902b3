"""What a unit says of its quantities in one report: beside the last values, doubted, carried on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guatu.core.errors import Fault
from guatu.reporting.intake.judge import Question
from guatu.reporting.intake.one import OneProject
from guatu.reporting.intake.rows import Amount
from guatu.reporting.models import Indicator
from guatu.reporting.quantities.models import Tracked
from guatu.reporting.quantities.rules import LARGEST, STATED_AS, Stated, value_text
from guatu.reporting.types import Accumulates

PREFIX = "q"
"""How the fields of a report's quantities are called: `q` and the indicator's id."""


@dataclass(frozen=True, slots=True)
class Field:
    """One quantity in the form: its field, what it asks for, what stands and what was last."""

    tracked: Tracked
    now: int | None
    last: int | None

    @property
    def indicator(self) -> Indicator:
        """What is measured."""
        return self.tracked.indicator

    @property
    def name(self) -> str:
        """Of the form's field."""
        return f"{PREFIX}{self.indicator.pk}"

    @property
    def label(self) -> str:
        """As the unit reads it: `新建充电桩，本年累计（个）`."""
        how = STATED_AS[Accumulates(self.indicator.accumulates)]
        return f"{self.indicator}，{how}（{self.indicator.unit_text}）"

    @property
    def hint(self) -> str:
        """The last value and the target, where they are known."""
        told = []
        if self.last is not None and self.indicator.accumulates != Accumulates.NONE:
            told.append(f"上期{self.text(self.last)}")
        if self.tracked.target_value is not None:
            told.append(f"目标{self.text(self.tracked.target_value)}")
        return "，".join(told)

    @property
    def initial(self) -> str:
        """What the field begins with: what stands, else the last cumulative value."""
        is_sum = self.indicator.accumulates != Accumulates.NONE
        value = self.last if self.now is None and is_sum else self.now
        return "" if value is None else self.text(value)

    def text(self, value: int) -> str:
        """A value with the indicator's decimals."""
        return value_text(value, self.indicator.decimals)


def fields_of(known: OneProject) -> list[Field]:
    """The quantities that a project's report asks for."""
    return [
        Field(one, known.value_of(one.indicator), known.last_of(one.indicator))
        for one in known.tracked
    ]


def carried_on(known: OneProject) -> dict[int, int]:
    """本期无变化: sums stay as they are, what is counted by period is nothing."""
    found: dict[int, int] = {}
    for one in fields_of(known):
        if one.indicator.accumulates == Accumulates.NONE:
            found[one.indicator.pk] = 0
        elif one.last is not None:
            found[one.indicator.pk] = one.last
    return found


def faults_of(known: OneProject, told: Mapping[int, int]) -> list[Fault]:
    """What no explanation makes right."""
    asked = {one.indicator.pk: one for one in fields_of(known)}
    if not set(told) <= set(asked):
        return [Fault("no-such-quantity", "有的指标本项目不报", "请刷新页面后再填")]
    return [
        Fault("bad-quantity", f"{asked[pk].indicator}不能是负数或过大", "请核对")
        for pk, value in told.items()
        if not 0 <= value <= LARGEST
    ]


def questions_of(known: OneProject, told: Mapping[int, int]) -> list[Question]:
    """Sums that became less, and values that a locked round of another list holds otherwise."""
    found = []
    for one in fields_of(known):
        value = told.get(one.indicator.pk)
        if value is None:
            continue
        said = Stated(
            name=one.indicator.name,
            unit=one.indicator.unit_text,
            decimals=one.indicator.decimals,
            accumulates=one.indicator.accumulates,
            value=value,
            last=one.last,
            now=one.now,
        )
        if known.is_locked_elsewhere and value != one.now:
            what = f"另一清单同一天的{said.name}已锁定"
            found.append(
                Question("locked-elsewhere", what, "确需更改请对已锁定的一期办理更正",
                         is_waiting=True)
            )  # fmt: skip
        elif said.falls and one.last is not None:
            what = f"{said.name}{said.words(value)}低于上期{said.words(one.last)}"
            found.append(
                Question("quantity-falls", what, "如系核减请写明原因，否则请更正", is_waiting=True)
            )
    return found


def amounts_of(known: OneProject, told: Mapping[int, int]) -> dict[str, Amount]:
    """By the indicator's code, as the writer of figures takes them."""
    return {
        one.indicator.code: Amount(told[one.indicator.pk], one.text(told[one.indicator.pk]), "")
        for one in fields_of(known)
        if one.indicator.pk in told
    }
