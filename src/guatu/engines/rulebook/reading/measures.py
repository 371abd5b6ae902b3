"""`[[measure]]`: the book's own measures, recorded judgements, derived measures."""

from __future__ import annotations

from dataclasses import dataclass, replace

from guatu.engines.rulebook.catalogue import standard_catalogue
from guatu.engines.rulebook.expression import QUANTITY_UNITS
from guatu.engines.rulebook.reading.context import KIND_WORDS, Reading
from guatu.engines.rulebook.reading.operators import read_operator
from guatu.engines.rulebook.sections import Section
from guatu.engines.rulebook.types import Kind, Measure
from guatu.engines.rulebook.wording import UNIT_OF

_NAME_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Declared:
    """A measure whose name, kind and unit are known, and the table that says the rest."""

    measure: Measure
    section: Section


_ONCE_OWN = ("责任单位",)
"""Texts that books declared themselves before the catalogue had them: what was published with
them stays readable, and nobody has to record them."""


def declare_measures(reading: Reading) -> list[Declared]:
    """First pass: names and kinds, so that conditions anywhere may use them."""
    found = [
        _declare(reading, Section(table, f"第{number}个measure", reading.faults))
        for number, table in enumerate(reading.root.tables("measure"), 1)
    ]
    seen: set[tuple[str, str]] = set()
    for one in found:
        for subject in one.measure.subjects:
            if (subject, one.measure.name) in seen:
                one.section.fault(f"{subject}的量“{one.measure.name}”写了两次")
            seen.add((subject, one.measure.name))
    return found


def _declare(reading: Reading, section: Section) -> Declared:
    name = section.text("name")
    section.place = f"量“{name[:_NAME_LENGTH]}”" if name else section.place
    subjects = _subjects(reading, section)
    _check_name(section, name, subjects)
    before = len(reading.faults.found)
    kind = KIND_WORDS[section.choice("kind", KIND_WORDS)]
    if len(reading.faults.found) > before:
        # What is compared with it would be refused for a kind that nobody wrote.
        reading.unsound.add(name)
    unit, record_kind = _unit(section, kind), _record_kind(section, kind)
    values = section.texts("values")
    if values and Kind.TEXT not in (kind, record_kind):
        section.fault("只有文字的量、值是文字的记录可以写“values”")
    judged_by = section.text("judged_by", required=False)
    derived = "from" in section
    data = section.text("data", required=not derived and not judged_by)
    measure = Measure(
        name=name,
        kind=kind,
        unit=unit,
        meaning=section.text("meaning", required=not derived),
        data=data or ("由上述各量推算" if derived else f"由{judged_by}认定并登记"),
        carried=derived or _is_once_own(section, name),
        subjects=subjects,
        values=values,
        judged_by=judged_by,
        evidence=section.text("evidence", required=False),
        record_kind=record_kind,
        by_work=_by_work(section, kind, is_derived=derived),
    )
    return Declared(measure, section)


def _by_work(section: Section, kind: Kind, *, is_derived: bool) -> str:
    """Which way work moves a figure that somebody gives."""
    if "by_work" not in section:
        return ""
    if is_derived or kind in (Kind.TEXT, Kind.DAY, Kind.RECORDS, Kind.PAPERS):
        section.fault("“by_work”只写在由人给的数和是否上", "推算的量不写")
    return section.choice("by_work", ("more", "less"))


def _check_name(section: Section, name: str, subjects: tuple[str, ...]) -> None:
    """A name that a condition can say and the catalogue does not have already."""
    if name and (not name.isidentifier() or len(name) > _NAME_LENGTH):
        remedy = (
            f"名称用汉字、字母、数字，不超过{_NAME_LENGTH}个字，不能有空格和标点，不能以数字开头"
        )
        section.fault(f"名称“{name[:_NAME_LENGTH]}”不能用在条件里", remedy)
    standard = None if _is_once_own(section, name) else standard_catalogue().find(name)
    if standard is not None and set(standard.subjects) & set(subjects):
        section.fault(
            f"目录里已有“{standard.name}”（{standard.meaning}）",
            "含义相同就不用再写；不同的请换一个名称",
            code="known-measure",
        )


def _is_once_own(section: Section, name: str) -> bool:
    return name in _ONCE_OWN and section.peek("kind") == "文字" and "from" not in section


def _unit(section: Section, kind: Kind) -> str:
    match kind:
        case Kind.RATIO:
            return section.choice("unit", ("%", "百分点"), default="%")
        case Kind.DAYS:
            return section.choice("unit", ("天", "工作日"), default="天")
        case Kind.QUANTITY:
            return section.choice("unit", QUANTITY_UNITS)
        case Kind.COUNT:
            return section.text("unit", required=False, default=UNIT_OF[kind])
    return UNIT_OF[kind]


def _record_kind(section: Section, kind: Kind) -> Kind | None:
    """The kind of value that each record has; None where it only happened."""
    if kind is not Kind.RECORDS or "value" not in section:
        return None
    return KIND_WORDS[section.choice("value", [*KIND_WORDS][:-1])]


def _subjects(reading: Reading, section: Section) -> tuple[str, ...]:
    raw = section.peek("subject")
    if isinstance(raw, list):
        return tuple(
            Section({"subject": one}, section.place, reading.faults).choice(
                "subject", reading.subjects
            )
            for one in raw
        )
    return (reading.subject_of(section),)


def read_measures(reading: Reading, declared: list[Declared]) -> tuple[Measure, ...]:
    """Second pass: what each follows from. Cycles are faults that name their members."""
    measures = tuple(
        _derive(reading, replace(one, measure=replace(one.measure, subjects=subjects)))
        for one in declared
        for subjects in _one_by_one(one)
    )
    for one in declared:
        one.section.finish()
    return measures


def _one_by_one(declared: Declared) -> tuple[tuple[str, ...], ...]:
    """A derived measure follows from what each kind of subject has under these names."""
    subjects = declared.measure.subjects
    return tuple((one,) for one in subjects) if "from" in declared.section else (subjects,)


def _derive(reading: Reading, declared: Declared) -> Measure:
    measure, section = declared.measure, declared.section
    if "from" not in section:
        return measure
    table = section.peek("from")
    inner = Section(table, section.place, reading.faults)
    derived = read_operator(reading, inner, measure)
    inner.finish()
    if derived is None:
        return measure
    operator, of, detail = derived
    return replace(measure, operator=operator, of=of, detail=detail)
