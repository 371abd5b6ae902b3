"""Worked examples of a book (`examples.toml`): facts, and what the text gives for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from guatu.engines.rulebook.books import EXAMPLES, place_of, read_text
from guatu.engines.rulebook.evaluate import catalogue_of
from guatu.engines.rulebook.examples_of_procedures import procedure_expectations
from guatu.engines.rulebook.facts import AS_OF, fact_of, points_of, read_facts
from guatu.engines.rulebook.reading import read_toml
from guatu.engines.rulebook.run import Subject
from guatu.engines.rulebook.sections import Faults, Section
from guatu.engines.rulebook.starts import with_starts
from guatu.engines.rulebook.types import (
    Book,
    FactValue,
    Kind,
    Measure,
    Pair,
    RulebookError,
    Severity,
)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What an example says of one subject; what it does not name is not compared.

    `acts` are all acts asked for, each with the keys that are compared; `figures` are values
    of any names of the book; `score` is compared as printed, parts exactly.
    """

    overall: Severity | None = None
    label: str = ""
    lights: Mapping[str, Severity] = field(default_factory=dict)
    score: str = ""
    scores: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, Pair | None] = field(default_factory=dict)
    grades: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, str] = field(default_factory=dict)
    acts: tuple[Mapping[str, object], ...] | None = None
    money: Mapping[str, FactValue] = field(default_factory=dict)
    figures: Mapping[str, FactValue] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    due: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    clocks: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    checklists: Mapping[str, str] = field(default_factory=dict)
    duties: Mapping[str, str] = field(default_factory=dict)
    works: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, object] = field(default_factory=dict)
    dropped: tuple[str, ...] | None = None
    totals: Mapping[str, object] = field(default_factory=dict)
    takes: int | None = None
    violations: int | None = None
    partitions: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExampleSubject:
    """One subject of an example and what is expected of it."""

    subject: Subject
    expect: Expectation


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: one subject, or several that are judged together."""

    name: str
    as_of: date
    subjects: tuple[ExampleSubject, ...]


_YUAN = Measure("金额", Kind.YUAN, "元", "金额", "", True, ("*",))
ON_LIST = {True: "列入", False: "不列入", "可不列入": "可不列入", "待定": "待定"}
DEFAULT_AS_OF = date(2025, 9, 30)
"""The day examples are judged on that do not say one."""


def load_examples(folder: Path, book: Book) -> tuple[Example, ...]:
    """The examples of the book in a folder. Raises RulebookError with all faults."""
    file = folder / EXAMPLES
    return parse_examples(read_text(file), book, source=place_of(file))


def parse_examples(text: str, book: Book, *, source: str) -> tuple[Example, ...]:
    """Read `[[example]]` tables. Raises RulebookError with all faults."""
    table = read_toml(text, source)
    faults = Faults(source)
    root = Section(table, "", faults)
    examples = tuple(
        _example(Section(entry, f"第{number}个算例", faults), book)
        for number, entry in enumerate(root.tables("example"), 1)
    )
    root.finish()
    if faults.found:
        raise RulebookError(*faults.found)
    return examples


def _example(section: Section, book: Book) -> Example:
    name = section.text("name")
    section.place = f"算例“{name}”" if name else section.place
    as_of = section.day("as_of", required=False) or DEFAULT_AS_OF
    if "subjects" in section:
        subjects = tuple(
            _one_of(section, entry, number, book, as_of)
            for number, entry in enumerate(section.tables("subjects"), 1)
        )
    else:
        subjects = (_subject(section, book, as_of),)
    section.finish()
    return Example(name, as_of, subjects)


def _one_of(
    example: Section, entry: object, number: int, book: Book, as_of: date
) -> ExampleSubject:
    section = Section(entry, f"{example.place}第{number}个对象", example.faults)
    found = _subject(section, book, as_of)
    section.finish()
    return found


def _subject(section: Section, book: Book, as_of: date) -> ExampleSubject:
    kind = section.choice("subject", _kinds(book), default=book.subject)
    subject_id = section.text("id", required=False, default=section.place)
    facts = _facts(section, book, kind, as_of)
    if "expect" not in section and "id" not in section:
        section.fault("缺少“expect”", 'expect = {overall = "ok"}或{score = "86.5"}等')
    raw = section.peek("expect") or {}
    expect = _expectation(Section(raw, section.place, section.faults), book, kind)
    return ExampleSubject(Subject(subject_id, kind, facts), expect)


def _kinds(book: Book) -> tuple[str, ...]:
    named = {subject for measure in book.measures for subject in measure.subjects}
    return tuple(dict.fromkeys((*book.judged, *sorted(named))))


def _facts(section: Section, book: Book, kind: str, as_of: date) -> dict[str, FactValue]:
    raw = section.peek("facts")
    if not isinstance(raw, dict):
        section.fault("缺少“facts”", 'facts = {"年度计划投资" = "1000万元"}')
        return {AS_OF: as_of}
    try:
        facts = read_facts(
            raw, place=section.place, catalogue=catalogue_of(book, kind), as_of=as_of, subject=kind
        )
        return with_starts(facts, as_of)
    except RulebookError as error:
        for fault in error.faults:
            section.faults.add("", fault.what, fault.remedy, code=fault.code)
        return {AS_OF: as_of}


def _expectation(section: Section, book: Book, kind: str) -> Expectation:
    overall = (
        section.choice("overall", list(Severity), default="ok") if "overall" in section else None
    )
    lights = _table(
        section, "lights", {one.dimension for one in book.lights if one.subject == kind}
    )
    severities = {
        name: Severity(
            Section({name: value}, section.place, section.faults).choice(name, list(Severity))
        )
        for name, value in lights.items()
    }
    raw_parts = _table(section, "parts", {one.name for one in book.parts if one.subject == kind})
    parts = {name: _points(section, name, value) for name, value in raw_parts.items()}
    scores = _table(section, "scores", {one.name for one in book.scores if one.subject == kind})
    grades = _table(section, "grades", {one.name for one in book.grades if one.subject == kind})
    lists = _table(section, "lists", {one.name for one in book.lists if one.subject == kind})
    money = _table(section, "money", {one.name for one in book.money if one.subject == kind})
    expectation = Expectation(
        overall=None if overall is None else Severity(overall),
        label=section.text("label", required=False),
        lights=severities,
        score=section.text("score", required=False),
        scores={name: str(value) for name, value in scores.items()},
        parts=parts,
        grades={name: str(value) for name, value in grades.items()},
        lists={name: _on_list(section, name, value) for name, value in lists.items()},
        acts=_acts(section) if "acts" in section else None,
        money={name: _money(section, name, value) for name, value in money.items()},
        figures=_figures(section, book, kind),
        **procedure_expectations(section, book),
    )
    section.finish()
    return expectation


def _table(section: Section, key: str, known: set[str]) -> dict[str, object]:
    raw = section.peek(key)
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        section.fault(f"“{key}”应是一张表", f'{key} = {{"名称" = …}}')
        return {}
    for name in raw.keys() - known:
        section.fault(f"“{key}”里没有“{name}”", f"可写：{'、'.join(sorted(known)) or '本书没有'}")
    return {name: value for name, value in raw.items() if name in known}


def _points(section: Section, name: str, value: object) -> Pair | None:
    if value == "无数据":
        return None
    pair = points_of(value)
    if pair is None:
        section.fault(f"“{name}”应是分数或“无数据”")
    return pair


def _on_list(section: Section, name: str, value: object) -> str:
    if isinstance(value, bool | str) and value in ON_LIST:
        return ON_LIST[value]
    section.fault(f"“{name}”应是true、false、“可不列入”或“待定”")
    return ""


ACT_KEYS = (
    *("act", "by", "to", "of", "where", "what", "within", "for", "account", "points"),
    *("at_most", "base", "on"),
)


def _acts(section: Section) -> tuple[Mapping[str, object], ...]:
    """Verbs, or tables of what is compared."""
    raw = section.peek("acts")
    found: list[Mapping[str, object]] = []
    for one in raw if isinstance(raw, list) else [raw]:
        entry = {"act": one} if isinstance(one, str) else one
        if not isinstance(entry, dict) or "act" not in entry or entry.keys() - set(ACT_KEYS):
            remedy = f'写成["约谈"]或[{{act = "扣分", points = -0.3}}]，可写：{"、".join(ACT_KEYS)}'
            section.fault("“acts”应是一组动作", remedy)
            continue
        found.append(entry)
    return tuple(found)


def _money(section: Section, name: str, value: object) -> FactValue:
    if value == "无数据":
        return None
    try:
        return fact_of(value, _YUAN)
    except ValueError as error:
        section.fault(f"“{name}”：{error}")
        return None


def _figures(section: Section, book: Book, kind: str) -> dict[str, FactValue]:
    raw, catalogue = section.peek("figures") or {}, catalogue_of(book, kind)
    found: dict[str, FactValue] = {}
    for word, value in raw.items() if isinstance(raw, dict) else ():
        measure = catalogue.find(word)
        if measure is None:
            section.fault(f"“figures”里没有“{word}”这个量", catalogue.suggestion(word))
            continue
        try:
            found[measure.name] = None if value == "无数据" else fact_of(value, measure)
        except ValueError as error:
            section.fault(str(error))
    return found
