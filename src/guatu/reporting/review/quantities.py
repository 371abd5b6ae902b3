"""What a report says besides money, as reviewers see it: quantities and milestones (M-A9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from guatu.reporting.intake.one import OneProject
from guatu.reporting.models import Figure
from guatu.reporting.quantities.milestones import Promised
from guatu.reporting.quantities.rules import STATED_AS, gap, value_text
from guatu.reporting.types import BUILT_IN, Accumulates


@dataclass(frozen=True, slots=True)
class Said:
    """One line: what it is, what is said, and beside it the last value, target and gap."""

    name: str
    words: str
    beside: str

    @property
    def text(self) -> str:
        """The same for an export."""
        return f"{self.name}{self.words}" + (f"（{self.beside}）" if self.beside else "")


def said_of(known: OneProject, milestones: Sequence[Promised], today: date) -> tuple[Said, ...]:
    """The quantities in force on the period's last day, then the milestones that are reached or
    overdue."""
    values = [
        _value(known, one) for one in known.now.values() if one.indicator.code not in BUILT_IN
    ]
    dates = [
        Said(one.name, one.words(today), _promise(one))
        for one in milestones
        if one.reached_on is not None or one.late_days(today)
    ]
    ahead = [one for one in milestones if one.reached_on is None and not one.late_days(today)]
    if ahead:
        dates.append(Said(ahead[0].name, "未到期", _promise(ahead[0])))
    return (*values, *dates)


def _value(known: OneProject, figure: Figure) -> Said:
    indicator = figure.indicator

    def told(value: int) -> str:
        return value_text(value, indicator.decimals)

    how = STATED_AS[Accumulates(indicator.accumulates)]
    last = known.last_of(indicator)
    is_sum = indicator.accumulates != Accumulates.NONE
    beside = []
    if is_sum and last is not None and figure.value is not None:
        step = figure.value - last
        beside.append(f"本期{'+' if step > 0 else ''}{told(step)}")
    target = getattr(figure, "target_value", None)
    if target is not None:
        left = gap(figure.value, target) or 0
        beside.append(f"目标{told(target)}，{f'差{told(left)}' if left > 0 else '已达到'}")
    value = "未报" if figure.value is None else told(figure.value)
    return Said(indicator.name, f"{how}{value}{indicator.unit_text}", "，".join(beside))


def _promise(one: Promised) -> str:
    first = f"，首次计划{one.first.on}" if one.slip_days else ""
    return f"计划{one.due_on}{first}"


def shown(lines: Sequence[Said]) -> SafeString:
    """The lines of a cell."""
    return format_html_join(
        "",
        '<div>{} <strong>{}</strong>{}</div>',
        (
            (one.name, one.words, format_html('<div class="faint">{}</div>', one.beside)
             if one.beside else "")
            for one in lines
        ),
    )  # fmt: skip
