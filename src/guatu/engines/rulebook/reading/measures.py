"""`[[measure]]`: the book's own measures, recorded judgements, derived measures."""

from __future__ import annotations

from dataclasses import dataclass, replace

from guatu.engines.rulebook.catalogue import standard_catalogue
from guatu.engines.rulebook.expression import QUANTITY_UNITS
from guatu.engines.rulebook.reading.context import KIND_WORDS, UNIT_OF, Reading
from guatu.engines.rulebook.reading.operators import read_operator
from guatu.engines.rulebook.sections import Section
from guatu.engines.rulebook.types import Kind, Measure

_NAME_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Declared:
    """A measure whose name, kind and unit are known, and the table that says the rest."""

    measure: Measure
    section: Section


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
    if name and (not name.isidentifier() or len(name) > _NAME_LENGTH):
        remedy = (
            f"名称用汉字、字母、数字，不超过{_NAME_LENGTH}个字，不能有空格和标点，不能以数字开头"
        )
        section.fault(f"名称“{name[:_NAME_LENGTH]}”不能用在条件里", remedy)
    subjects = _subjects(reading, section)
    standard = standard_catalogue().find(name)
    if standard is not None and set(standard.subjects) & set(subjects):
        section.fault(
            f"目录里已有“{standard.name}”（{standard.meaning}）",
            "含义相同就不用再写；不同的请换一个名称",
            code="known-measure",
        )
    word = section.choice("kind", KIND_WORDS)
    kind = KIND_WORDS[word]
    unit = UNIT_OF[kind]
    if kind is Kind.RATIO:
        unit = section.choice("unit", ("%", "百分点"), default="%")
    elif kind is Kind.DAYS:
        unit = section.choice("unit", ("天", "工作日"), default="天")
    elif kind is Kind.QUANTITY:
        unit = section.choice("unit", QUANTITY_UNITS)
    elif kind is Kind.COUNT:
        unit = section.text("unit", required=False, default=unit)
    values = section.texts("values")
    record_kind = None
    if kind is Kind.RECORDS and "value" in section:
        record_kind = KIND_WORDS[section.choice("value", [*KIND_WORDS][:-1])]
    if values and Kind.TEXT not in (kind, record_kind):
        section.fault("只有文字的量、值是文字的记录可以写“values”")
    judged_by = section.text("judged_by", required=False)
    evidence = section.text("evidence", required=False)
    derived = "from" in section
    meaning = section.text("meaning", required=not derived)
    data = section.text("data", required=not derived and not judged_by)
    return Declared(
        Measure(
            name=name,
            kind=kind,
            unit=unit,
            meaning=meaning,
            data=data or ("由上述各量推算" if derived else f"由{judged_by}认定并登记"),
            carried=derived,
            subjects=subjects,
            values=values,
            judged_by=judged_by,
            evidence=evidence,
            record_kind=record_kind,
        ),
        section,
    )


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
