"""The frame: the measures a book reads, computed once per subject, in exact integers.

A frame is a list with one slot per measure; None is missing. Ratios are pairs with a positive
denominator, never rounded unless the book compares what is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from guatu.core.ratio import round_scaled
from guatu.engines.rulebook.catalogue import Catalogue, Measure
from guatu.engines.rulebook.types import Kind, Settings, Value

type Facts = Mapping[str, object]
type Frame = list[Any]
type Load = Callable[[Facts, Frame], Any]


@dataclass(frozen=True, slots=True)
class FramePlan:
    """Which slot holds what. `slots` are compared; `exact` are shown and derived from."""

    loads: tuple[Load, ...]
    slots: Mapping[str, int]
    exact: Mapping[str, int]
    given: tuple[str, ...]


class FrameBuilder:
    """Adds loaders in an order in which every measure stands after those it follows from."""

    def __init__(
        self,
        catalogue: Catalogue,
        settings: Settings,
        assumed: Mapping[str, Value],
        *,
        printed: bool,
    ) -> None:
        self._catalogue = catalogue
        self._settings = settings
        self._assumed = assumed
        self._printed = printed
        self._loads: list[Load] = []
        self._exact: dict[str, int] = {}
        self._slots: dict[str, int] = {}

    def plan(self, names: tuple[str, ...]) -> FramePlan:
        """Slots for these measures and all they follow from."""
        for name in names:
            self._exact_slot(name)
            self._compared_slot(name)
        given = tuple(name for name in self._exact if not self._catalogue[name].operator)
        return FramePlan(tuple(self._loads), self._slots, self._exact, given)

    def _exact_slot(self, name: str) -> int:
        if name not in self._exact:
            measure = self._catalogue[name]
            sources = [self._exact_slot(source) for source in measure.of]
            load = _given(measure)
            if measure.operator:
                load = _given_or(measure, _DERIVED[measure.operator](*sources))
            if name in self._assumed:
                load = _or_assumed(load, self._assumed[name])
            self._exact[name] = self._append(load)
        return self._exact[name]

    def _compared_slot(self, name: str) -> int:
        if name not in self._slots:
            measure = self._catalogue[name]
            slot = self._exact_slot(name)
            if self._printed and measure.kind is Kind.RATIO:
                slot = self._append(self._printed_load(measure, slot))
            self._slots[name] = slot
        return self._slots[name]

    def _printed_load(self, measure: Measure, slot: int) -> Load:
        settings = self._settings
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
        left, right = (self._compared_slot(source) for source in measure.of)
        subtract = _difference(left, right)

        def of_rounded(facts: Facts, frame: Frame) -> Any:
            value = subtract(facts, frame)
            return rounded(facts, frame) if value is None else value

        return of_rounded

    def _append(self, load: Load) -> int:
        self._loads.append(load)
        return len(self._loads) - 1


def _given(measure: Measure) -> Load:
    name = measure.name
    if measure.kind is Kind.RATIO:

        def ratio(facts: Facts, _: Frame) -> Any:
            value: Any = facts.get(name)
            return value if value is not None and value[1] > 0 else None

        return ratio
    return lambda facts, _: facts.get(name)


def _given_or(measure: Measure, derive: Load) -> Load:
    given = _given(measure)
    name = measure.name

    def load(facts: Facts, frame: Frame) -> Any:
        value = given(facts, frame) if name in facts else None
        return derive(facts, frame) if value is None else value

    return load


def _or_assumed(load: Load, assumed: Value) -> Load:
    def with_assumption(facts: Facts, frame: Frame) -> Any:
        value = load(facts, frame)
        return assumed if value is None else value

    return with_assumption


def _ratio(top: int, bottom: int) -> Load:
    def load(_: Facts, frame: Frame) -> Any:
        numerator, denominator = frame[top], frame[bottom]
        if numerator is None or denominator is None or denominator <= 0:
            return None
        return (numerator, denominator)

    return load


def _difference(left: int, right: int) -> Load:
    def load(_: Facts, frame: Frame) -> Any:
        a, b = frame[left], frame[right]
        if a is None or b is None:
            return None
        an, ad = a
        bn, bd = b
        return (an * bd - bn * ad, ad * bd)

    return load


def _quotient(left: int, right: int) -> Load:
    def load(_: Facts, frame: Frame) -> Any:
        a, b = frame[left], frame[right]
        if a is None or b is None or b[0] <= 0:
            return None
        return (a[0] * b[1], a[1] * b[0])

    return load


def _shortfall(left: int, right: int) -> Load:
    quotient = _quotient(left, right)

    def load(facts: Facts, frame: Frame) -> Any:
        value = quotient(facts, frame)
        return None if value is None else (value[1] - value[0], value[1])

    return load


def _opposite(source: int) -> Load:
    def load(_: Facts, frame: Frame) -> Any:
        value = frame[source]
        return None if value is None else not value

    return load


_DERIVED: dict[str, Callable[..., Load]] = {
    "ratio": _ratio,
    "difference": _difference,
    "quotient": _quotient,
    "shortfall": _shortfall,
    "opposite": _opposite,
}
"""The operators a measure of the catalogue may follow by."""
