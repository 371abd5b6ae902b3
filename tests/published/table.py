"""The test table: what was printed, from which inputs, and by which path it is reproduced."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from guatu.core.ratio import Ratio
from tests.published.amounts import evaluate, quantity

WHOLE = ("projects", "plan", "done", "rate")
TABLE = Path(__file__).with_name("figures.toml")


@dataclass(frozen=True)
class Figure:
    """One printed figure. `published` is a text such as 97.2, or the names of a ranking."""

    bulletin: str
    label: str
    kind: str
    published: str
    agrees: bool
    path: str
    numerator: str = ""
    denominator: str = ""
    months: int = 0
    names: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    ranks: tuple[int, ...] = ()
    reason: str = ""
    note: str = ""
    setting: Mapping[str, str] = field(default_factory=dict)
    because: str = ""
    list: str = ""
    measure: str = ""
    group: str = ""
    flags: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """How a message names it."""
        return f"{self.bulletin}“{self.label}”"

    @property
    def digits(self) -> int:
        """How many decimals were printed."""
        texts = self.values or (self.published,)
        return max(len(text.partition(".")[2]) for text in texts)


@dataclass(frozen=True)
class Part:
    """A class within a list: its attributes, and its money as expressions or as a rate alone."""

    sector: str = ""
    region: str = ""
    unit: str = ""
    name: str = ""
    projects: str = ""
    plan: str = ""
    done: str = ""
    rate: str = ""
    resumed: tuple[int, int] | None = None


@dataclass(frozen=True)
class ListSpec:
    """How a printed total becomes a list of projects (see the head of figures.toml)."""

    bulletin: str
    name: str
    period: str
    whole: Part
    last_year: str = ""
    unpacked: str = ""
    starts: Mapping[str, str] = field(default_factory=dict)
    begun: str = ""
    chosen: str = ""
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Bulletin:
    """One bulletin: its inputs in base units and as printed, its figures and lists."""

    id: str
    region: str
    period: str
    sources: tuple[str, ...]
    printed: Mapping[str, str]
    inputs: Mapping[str, Fraction]
    figures: tuple[Figure, ...]
    lists: tuple[ListSpec, ...]

    def value(self, expression: str) -> Fraction:
        """An expression over the inputs: yuan, a count, or a percentage as printed."""
        return evaluate(expression, self.inputs)

    def ratio(self, figure: Figure) -> Ratio:
        """Numerator and denominator of a figure as a pair of integers."""
        numerator = self.value(figure.numerator)
        denominator = self.value(figure.denominator)
        return Ratio(
            numerator.numerator * denominator.denominator,
            denominator.numerator * numerator.denominator,
        )


@cache
def bulletins() -> tuple[Bulletin, ...]:
    """Every bulletin of the table."""
    content = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return tuple(_bulletin(source) for source in content["bulletin"])


def bulletin_of(figure: Figure) -> Bulletin:
    """Where a figure was printed."""
    return next(one for one in bulletins() if one.id == figure.bulletin)


def figures() -> list[Figure]:
    """Every printed figure."""
    return [figure for bulletin in bulletins() for figure in bulletin.figures]


def _bulletin(source: dict[str, Any]) -> Bulletin:
    found = tuple(_figure(source["id"], figure) for figure in source["figure"])
    return Bulletin(
        id=source["id"],
        region=source["region"],
        period=source["period"],
        sources=tuple(source["sources"]),
        printed=source["inputs"],
        inputs={key: quantity(text) for key, text in source["inputs"].items()},
        figures=found,
        lists=tuple(_list(source["id"], spec, found) for spec in source.get("list", [])),
    )


def _figure(bulletin: str, source: dict[str, Any]) -> Figure:
    given = dict(source)
    names = tuple(given["published"]) if given["kind"] == "ranking" else ()
    given["published"] = "、".join(names) if names else given["published"]
    for key in ("values", "ranks"):
        given[key] = tuple(given.get(key, ()))
    return Figure(bulletin=bulletin, names=names, **given)


def _list(bulletin: str, source: dict[str, Any], printed: tuple[Figure, ...]) -> ListSpec:
    given = dict(source)
    projects, plan, done, rate = (str(given.pop(key, "")) for key in WHOLE)
    whole = Part(projects=projects, plan=plan, done=done, rate=rate)
    parts = [Part(**part) for part in given.pop("part", [])]
    ranking, by, of = (given.pop(key, "") for key in ("ranking", "ranked_by", "of"))
    for figure in printed:
        if ranking and figure.label == ranking:
            parts += _ranked(figure, by, of)
    return ListSpec(bulletin, whole=whole, parts=tuple(parts), **given)


def _ranked(figure: Figure, by: str, of: str) -> list[Part]:
    """The parts of a ranking, in another order than the printed one."""
    pairs = sorted(zip(figure.names, figure.values, strict=True))
    named = [
        (Part(region=name) if by == "region" else Part(sector=name), value) for name, value in pairs
    ]
    if of == "resumed":
        counts = {value: smallest_count(value, figure.digits) for value in figure.values}
        return [replace(part, resumed=counts[value]) for part, value in named]
    return [replace(part, rate=value) for part, value in named]


def smallest_count(percent: str, digits: int) -> tuple[int, int]:
    """The smallest counts `(some, all)` whose ratio prints as the percentage, with these digits."""
    wanted = Fraction(percent) / 100
    scale = 100 * 10**digits
    for everything in range(1, 2000):
        some = round(wanted * everything)
        if abs(Fraction(some, everything) - wanted) * scale < Fraction(1, 2):
            return some, everything
    raise AssertionError(percent)
