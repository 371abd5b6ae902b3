"""The frame: what a book reads and finds of one subject, computed once, in exact integers.

A frame is a list with one slot per name; None is missing. Ratios and points are pairs with a
positive denominator, never rounded unless the book compares what is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from guatu.core.ratio import round_scaled
from guatu.engines.rulebook.catalogue import Catalogue
from guatu.engines.rulebook.conditions import Frame, Test, compile_condition
from guatu.engines.rulebook.dependencies import JUDGED_NAME
from guatu.engines.rulebook.derive import DERIVED, Facts, Load, given
from guatu.engines.rulebook.expression import measures_of
from guatu.engines.rulebook.population import SPREADS, Spread
from guatu.engines.rulebook.types import Condition, Kind, Measure, Settings

GIVEN = ("", "event")
"""Operators of names that somebody gives: measures, and the events of procedures."""

type Output = Callable[[FrameBuilder], Load]
"""Builds the loader of a name that a rule gives."""

__all__ = ["Facts", "Frame", "FrameBuilder", "FramePlan", "Load", "Output"]


@dataclass(frozen=True, slots=True)
class FramePlan:
    """Which slot holds what. `slots` are compared; `exact` are shown and derived from.

    `spreads` are the slots that only a population can fill; alone they are missing.
    `unassumed` load what would stand without the book's assumption.
    """

    loads: tuple[Load, ...]
    slots: Mapping[str, int]
    exact: Mapping[str, int]
    given: tuple[str, ...]
    spreads: Mapping[int, Spread] = field(default_factory=dict)
    unassumed: Mapping[str, Load] = field(default_factory=dict)


class FrameBuilder:
    """Adds loaders in an order in which every name stands after those it follows from."""

    def __init__(
        self,
        catalogue: Catalogue,
        settings: Settings,
        assumed: Mapping[str, object],
        *,
        printed: bool,
        outputs: Mapping[str, Output] | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.settings = settings
        self._assumed = assumed
        self._printed = printed
        self._outputs = outputs or {}
        self._loads: list[Load] = []
        self._exact: dict[str, int] = {}
        self._slots: dict[str, int] = {}
        self._spreads: dict[int, Spread] = {}
        self._unassumed: dict[str, Load] = {}

    def plan(self, names: tuple[str, ...]) -> FramePlan:
        """Slots for these names and all they follow from."""
        for name in names:
            self.exact(name)
            self.compared(name)
        catalogue = self.catalogue
        return FramePlan(
            tuple(self._loads),
            dict(self._slots),
            dict(self._exact),
            tuple(name for name in self._exact if catalogue[name].operator in GIVEN),
            dict(self._spreads),
            dict(self._unassumed),
        )

    def exact(self, name: str) -> int:
        """The slot of a name's exact value."""
        if name not in self._exact:
            measure = self.catalogue[name]
            if name in self._outputs:
                slot = self._append(self._outputs[name](self))
            elif measure.operator in SPREADS:
                spread = SPREADS[measure.operator](measure, self)
                slot = self._append(given(measure))
                self._spreads[slot] = spread
            else:
                slot = self._append(self._measure_load(measure))
            self._exact[name] = slot
        return self._exact[name]

    def compared(self, name: str) -> int:
        """The slot of the value that conditions compare: as printed where the book says so."""
        if name not in self._slots:
            measure = self.catalogue[name]
            slot = self.exact(name)
            if self._printed and measure.kind is Kind.RATIO:
                slot = self._append(self._printed_load(measure, slot))
            self._slots[name] = slot
        return self._slots[name]

    def judged(self) -> int | None:
        """The slot that tells whether the gates let the subject pass; None without gates."""
        return self.exact(JUDGED_NAME) if JUDGED_NAME in self._outputs else None

    def test(self, condition: Condition) -> Test:
        """A closure that decides a condition on the frame, its measures loaded before."""
        for name in measures_of(condition):
            self.compared(name)
        return compile_condition(condition, self._slots)

    def _measure_load(self, measure: Measure) -> Load:
        load = given(measure)
        if measure.operator not in GIVEN:
            derive = DERIVED[measure.operator](measure, self)
            load = _given_or(measure.name, load, derive)
        if measure.name in self._assumed:
            self._unassumed[measure.name] = load
            load = _or_assumed(load, self._assumed[measure.name])
        return load

    def _printed_load(self, measure: Measure, slot: int) -> Load:
        settings = self.settings
        digits = settings.digits_of.get(measure.name, settings.digits)
        rounding = settings.rounding_of.get(measure.name, settings.rounding)
        scale = 100 * 10**digits

        def rounded(_: Facts, frame: Frame) -> Any:
            value = frame[slot]
            if value is None:
                return None
            return (round_scaled(value[0], value[1], scale=scale, rounding=rounding), scale)

        if measure.operator != "difference" or settings.gap != "rounded":
            return rounded
        left, right = (self.compared(source) for source in measure.of)

        def of_rounded(facts: Facts, frame: Frame) -> Any:
            a, b = frame[left], frame[right]
            if a is None or b is None or facts.get(measure.name) is not None:
                return rounded(facts, frame)
            return (a[0] * b[1] - b[0] * a[1], a[1] * b[1])

        return of_rounded

    def _append(self, load: Load) -> int:
        self._loads.append(load)
        return len(self._loads) - 1


def _given_or(name: str, load: Load, derive: Load) -> Load:
    def with_own(facts: Facts, frame: Frame) -> Any:
        value = load(facts, frame) if name in facts else None
        return derive(facts, frame) if value is None else value

    return with_own


def _or_assumed(load: Load, assumed: object) -> Load:
    def with_assumption(facts: Facts, frame: Frame) -> Any:
        value = load(facts, frame)
        return assumed if value is None else value

    return with_assumption
