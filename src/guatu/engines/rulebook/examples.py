"""Worked examples of a book (`examples.toml`): facts and the verdict the text gives for them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from guatu.core.errors import Fault
from guatu.engines.rulebook.books import EXAMPLES, place_of, read_text
from guatu.engines.rulebook.catalogue import Catalogue, standard_catalogue
from guatu.engines.rulebook.facts import read_facts
from guatu.engines.rulebook.sections import Faults, Section
from guatu.engines.rulebook.types import FactValue, RulebookError, Severity


@dataclass(frozen=True, slots=True)
class Example:
    """Facts of one subject, its expected overall severity, and some of its lights.

    `lights` maps a dimension to the expected severity; dimensions not named are not compared.
    `label` is compared when it is given.
    """

    name: str
    subject: str
    facts: Mapping[str, FactValue]
    overall: Severity
    lights: Mapping[str, Severity]
    label: str


def load_examples(folder: Path) -> tuple[Example, ...]:
    """The examples of the book in a folder. Raises RulebookError with all faults."""
    file = folder / EXAMPLES
    return parse_examples(read_text(file), source=place_of(file))


def parse_examples(
    text: str, *, source: str, catalogue: Catalogue | None = None
) -> tuple[Example, ...]:
    """Read `[[example]]` tables. Raises RulebookError with all faults."""
    try:
        table = tomllib.loads(text)
    except ValueError as error:
        what = f"不合TOML写法：{error}"
        raise RulebookError(Fault(code="bad-toml", what=what, file=source)) from error
    faults = Faults(source)
    root = Section(table, "", faults)
    examples = [
        _example(Section(entry, f"第{number}个算例", faults), catalogue or standard_catalogue())
        for number, entry in enumerate(root.tables("example"), 1)
    ]
    root.finish()
    if faults.found:
        raise RulebookError(*faults.found)
    return tuple(examples)


def _example(section: Section, catalogue: Catalogue) -> Example:
    name = section.text("name")
    section.place = f"算例“{name}”" if name else section.place
    subject = section.text("subject", required=False)
    raw = section.peek("facts")
    facts: dict[str, FactValue] = {}
    if isinstance(raw, dict):
        try:
            facts = read_facts(raw, place=section.place, catalogue=catalogue)
        except RulebookError as error:
            for fault in error.faults:
                section.faults.add("", fault.what, fault.remedy, code=fault.code)
    else:
        section.fault("缺少“facts”", 'facts = {"年度计划投资" = "1000万元"}')
    expected = Section(section.peek("expect") or {}, section.place, section.faults)
    overall = Severity(expected.choice("overall", list(Severity)))
    label = expected.text("label", required=False)
    lights = expected.peek("lights") or {}
    expected.finish()
    section.finish()
    dimensions = Section(lights, section.place, section.faults)
    return Example(
        name=name,
        subject=subject,
        facts=facts,
        overall=overall,
        lights={
            dimension: Severity(dimensions.choice(dimension, list(Severity)))
            for dimension in (lights if isinstance(lights, dict) else ())
        },
        label=label,
    )
