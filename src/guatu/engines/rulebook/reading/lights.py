"""`[[scope]]`, `[[due]]`, `[[assume]]`, `[[light]]`: who is judged, and what light he has."""

from __future__ import annotations

from guatu.engines.rulebook.facts import fact_of
from guatu.engines.rulebook.reading.context import Reading
from guatu.engines.rulebook.reading.labels import MISSING_WORDS, first_wins, read_give, says_missing
from guatu.engines.rulebook.reading.outputs import acts_of
from guatu.engines.rulebook.sections import Section
from guatu.engines.rulebook.types import (
    Assumption,
    Case,
    Gate,
    Give,
    Interpretation,
    Light,
    Severity,
)


def read_gates(reading: Reading, key: str) -> tuple[Gate, ...]:
    """`[[scope]]` and `[[due]]`, in their order."""
    title = {"scope": "范围", "due": "应报"}[key]
    outside = Severity.NOT_IN_SCOPE if key == "scope" else Severity.NOT_DUE
    passing = "在范围" if key == "scope" else "应报"
    gates = []
    for number, table in enumerate(reading.root.tables(key), 1):
        section = Section(table, f"{title}第{number}条", reading.faults)
        clause = section.text("clause")
        section.place += f"（{clause}）" if clause else ""
        subject = reading.subject_of(section)
        when, text = reading.condition(section, subject)
        words = (passing, *MISSING_WORDS)
        missing = section.choice("missing", words) if says_missing(section) else passing
        gates.append(
            Gate(
                id=reading.new_id(section, f"{title}.{number}"),
                subject=subject,
                clause=clause,
                when=when,
                text=text,
                refused=reading.labels[outside],
                missing=None if missing == passing else reading.labels[MISSING_WORDS[missing]],
                interpretation=section.interpretation(),
            )
        )
        section.finish()
    return tuple(gates)


def read_assumptions(reading: Reading) -> tuple[Assumption, ...]:
    """`[[assume]]`: what a measure is taken to be when nothing is recorded."""
    found = []
    for number, table in enumerate(reading.root.tables("assume"), 1):
        section = Section(table, f"assume第{number}条", reading.faults)
        subject = reading.subject_of(section)
        measure = reading.measure(section, "measure", subject)
        clause = section.text("clause")
        raw = section.peek("value")
        interpretation = section.interpretation(required=True)
        section.finish()
        if measure is None:
            continue
        if measure.operator in ("output", "rank", "peers", "members"):
            what = f"“{measure.name}”由规则或别的对象得出，不能用assume"
            section.fault(what, "改在用到它的规则上写missing")
            continue
        try:
            value = fact_of(raw, measure)
        except ValueError as error:
            section.fault(str(error))
            continue
        if value is None:
            section.fault("缺少“value”", "写明没有记录时视为什么")
        elif interpretation is not None:
            found.append(Assumption(measure.name, value, clause, interpretation, subject))
    if len({(one.subject, one.measure) for one in found}) < len(found):
        reading.faults.add("assume", "同一个量写了两次")
    return tuple(found)


def read_lights(reading: Reading) -> tuple[Light, ...]:
    """`[[light]]`: one dimension of one kind of subject each."""
    lights = tuple(
        _light(reading, Section(table, f"第{number}个light", reading.faults))
        for number, table in enumerate(reading.root.tables("light"), 1)
    )
    seen: set[tuple[str, str]] = set()
    for light in lights:
        if (light.subject, light.dimension) in seen:
            place = f"规则“{light.dimension}”"
            reading.faults.add(place, "同一对象的同一维度写了两次", "请合并成一个[[light]]")
        seen.add((light.subject, light.dimension))
    return lights


def _light(reading: Reading, section: Section) -> Light:
    dimension = section.text("dimension")
    section.place = f"规则“{dimension}”" if dimension else section.place
    clause = section.text("clause")
    section.place += f"（{clause}）" if clause else ""
    subject = reading.subject_of(section)
    light_id = reading.new_id(section, dimension, subject)
    missing = _missing(reading, section)
    wins = first_wins(section)
    whole = section.interpretation()
    left_open = section.interpretation("silent") if "silent" in section else None
    tables = section.tables("cases")
    if not tables:
        section.fault("没有“cases”", "写明每条界线和所亮的灯")
    cases = tuple(
        _case(reading, table, section, subject, clause, f"{light_id}.{number}", whole)
        for number, table in enumerate(tables, 1)
    )
    section.finish()
    silent = reading.labels[Severity.UNDECIDED]
    return Light(light_id, subject, dimension, clause, cases, missing, silent, wins, left_open)


def _case(
    reading: Reading,
    table: object,
    light: Section,
    subject: str,
    clause: str,
    name: str,
    whole: Interpretation | None,
) -> Case:
    """One line; an interpretation of the whole light is that of lines without their own."""
    number = name.rpartition(".")[2]
    section = Section(table, f"{light.place}第{number}条界线", reading.faults)
    own_clause = section.text("clause", required=False, default=clause)
    when, text = reading.condition(section, subject)
    if "give" not in section:
        section.fault("缺少“give”", 'give = {severity = "warning"}')
    inner = Section(section.peek("give") or {}, section.place, reading.faults)
    case = Case(
        id=reading.new_id(section, name),
        clause=own_clause,
        when=when,
        text=text,
        give=read_give(inner, reading.labels),
        interpretation=section.interpretation() or whole,
        acts=acts_of(reading, section, subject),
    )
    section.finish()
    return case


def _missing(reading: Reading, section: Section) -> Give:
    if not says_missing(section):
        return reading.labels[Severity.NO_DATA]
    value = section.peek("missing")
    if isinstance(value, dict):
        give = Section(value, f"{section.place}的missing", reading.faults)
        if "severity" not in value:
            give.fault("缺少“severity”")
        return read_give(give, reading.labels)
    return reading.labels[MISSING_WORDS[section.choice("missing", MISSING_WORDS)]]
