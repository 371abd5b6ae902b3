"""Grades, lists, acts, exemptions, money, partitions, noted clauses, open questions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from guatu.engines.rulebook.procedures.acts import Act, read_acts
from guatu.engines.rulebook.reading.context import Reading
from guatu.engines.rulebook.reading.labels import first_wins, says_missing
from guatu.engines.rulebook.sections import Section
from guatu.engines.rulebook.types import (
    ActRule,
    Condition,
    Exemption,
    Grade,
    GradeCase,
    Interpretation,
    Kind,
    ListRule,
    Noted,
    Open,
    Partition,
    Stated,
)

MISSING_LIST: dict[str, bool | None] = {"不列入": False, "待定": None}


def conditions_about(
    reading: Reading, subject: str
) -> Callable[[Section, str], tuple[Condition, str]]:
    """What reads a condition about this kind of subject under a key of a table."""
    return lambda section, key: reading.condition(section, subject, key)


def acts_of(reading: Reading, section: Section, subject: str, key: str = "do") -> tuple[Act, ...]:
    """`do = [{act = …}]`; none when absent."""
    return read_acts(section, key, conditions_about(reading, subject))


def rule_head(
    reading: Reading, section: Section, title: str, *, number: int = 0
) -> tuple[str, str, str, str]:
    """Name, clause, subject and id of a rule; the place in faults names it from here on.

    With a `number` the rule needs no name of its own.
    """
    name = section.text("name", required=not number)
    section.place = f"{title}“{name}”" if name else section.place
    clause = section.text("clause")
    section.place += f"（{clause}）" if clause else ""
    subject = reading.subject_of(section)
    return name, clause, subject, reading.new_id(section, name or f"{title}.{number}", subject)


def read_grades(reading: Reading) -> tuple[Grade, ...]:
    """`[[grade]]`: names by bands."""
    grades = []
    for number, table in enumerate(reading.root.tables("grade"), 1):
        section = Section(table, f"第{number}个grade", reading.faults)
        name, clause, subject, rule_id = rule_head(reading, section, "等次")
        missing = section.text("missing") if says_missing(section) else ""
        wins = first_wins(section)
        whole = section.interpretation()
        left_open = section.interpretation("silent") if "silent" in section else None
        cases = tuple(
            _grade_case(reading, entry, section, subject, clause, f"{rule_id}.{place}", whole)
            for place, entry in enumerate(section.tables("cases"), 1)
        )
        if not cases:
            section.fault("没有“cases”", 'cases = [{when = "…", give = "优秀"}]')
        section.finish()
        grades.append(Grade(rule_id, name, subject, clause, cases, missing, wins, left_open))
    return tuple(grades)


def _grade_case(
    reading: Reading,
    entry: object,
    grade: Section,
    subject: str,
    clause: str,
    name: str,
    whole: Interpretation | None,
) -> GradeCase:
    """One band; an interpretation of the whole grade is that of bands without their own."""
    section = Section(entry, f"{grade.place}第{name.rpartition('.')[2]}档", reading.faults)
    own = section.text("clause", required=False, default=clause)
    when, text = reading.condition(section, subject)
    case = GradeCase(
        id=reading.new_id(section, name),
        clause=own,
        when=when,
        text=text,
        label=section.text("give"),
        acts=acts_of(reading, section, subject),
        interpretation=section.interpretation() or whole,
    )
    section.finish()
    return case


def read_lists(reading: Reading) -> tuple[ListRule, ...]:
    """`[[list]]`: lists and boards."""
    lists = []
    for number, table in enumerate(reading.root.tables("list"), 1):
        section = Section(table, f"第{number}个list", reading.faults)
        name, clause, subject, rule_id = rule_head(reading, section, "名单")
        when, text = reading.condition(section, subject)
        missing = False
        if says_missing(section):
            missing = MISSING_LIST[section.choice("missing", MISSING_LIST)]  # type: ignore[assignment]
        lists.append(
            ListRule(
                id=rule_id,
                name=name,
                subject=subject,
                clause=clause,
                stated=Stated(when, text),
                may_skip=reading.stated(section, subject, "may_skip"),
                missing=missing,
                acts=acts_of(reading, section, subject),
                interpretation=section.interpretation(),
                outside_scope=section.flag("outside_scope"),
            )
        )
        section.finish()
    return tuple(lists)


def read_act_rules(reading: Reading) -> tuple[ActRule, ...]:
    """`[[act]]`: what is to be done where a condition holds."""
    rules = []
    for number, table in enumerate(reading.root.tables("act"), 1):
        section = Section(table, f"第{number}个act", reading.faults)
        name, clause, subject, rule_id = rule_head(reading, section, "措施", number=number)
        when, text = reading.condition(section, subject)
        acts = acts_of(reading, section, subject)
        if not acts:
            section.fault("没有“do”", 'do = [{act = "约谈", by = "分管副市长"}]')
        rules.append(
            ActRule(
                id=rule_id,
                name=name or rule_id,
                subject=subject,
                clause=clause,
                stated=Stated(when, text),
                acts=acts,
                interpretation=section.interpretation(),
                unless=reading.stated(section, subject, "unless"),
                choose_one=section.flag("choose_one"),
            )
        )
        section.finish()
    return tuple(rules)


def read_exemptions(reading: Reading, waivable: set[tuple[str, str]]) -> tuple[Exemption, ...]:
    """`[[exempt]]`: where the named rules do not bite."""
    found = []
    for number, table in enumerate(reading.root.tables("exempt"), 1):
        section = Section(table, f"第{number}个exempt", reading.faults)
        name, clause, subject, rule_id = rule_head(reading, section, "豁免")
        when, text = reading.condition(section, subject)
        waives = section.texts("waives")
        known = {rule for kind, rule in waivable if kind == subject}
        for word in waives:
            if word not in known:
                told = "、".join(sorted(known)) or "没有"
                remedy = f"{subject}的灯、名单、措施、资金、加减分可写：{told}"
                section.fault(f"“waives”里没有“{word}”这条规则", remedy)
        found.append(
            Exemption(
                id=rule_id,
                name=name,
                subject=subject,
                clause=clause,
                stated=Stated(when, text),
                waives=waives,
                acts=acts_of(reading, section, subject),
                interpretation=section.interpretation(),
            )
        )
        section.finish()
    return tuple(found)


def read_partitions(reading: Reading) -> tuple[Partition, ...]:
    """`[[partition]]`: counts by a closed list of states."""
    found = []
    for number, table in enumerate(reading.root.tables("partition"), 1):
        section = Section(table, f"第{number}个partition", reading.faults)
        name, clause, subject, rule_id = rule_head(reading, section, "分类统计")
        of = reading.measure(section, "of", subject, (Kind.TEXT,))
        values = of.values if of is not None else ()
        if of is not None and not values:
            section.fault(f"“{of.name}”没有写values", "分类统计的量要把可能的状态写全")
        section.finish()
        found.append(Partition(rule_id, name, subject, clause, of.name if of else "", values))
    return tuple(found)


def read_noted(reading: Reading) -> tuple[Noted, ...]:
    """`[[note]]`: clauses that no computer has to do with."""
    found = []
    for number, table in enumerate(reading.root.tables("note"), 1):
        section = Section(table, f"第{number}个note", reading.faults)
        found.append(Noted(section.text("clause"), section.text("says")))
        section.finish()
    return tuple(found)


def read_opens(reading: Reading) -> tuple[Open, ...]:
    """`[[open]]`: what the text leaves open; the answer is required."""
    found = []
    for number, table in enumerate(reading.root.tables("open"), 1):
        section = Section(table, f"第{number}个open", reading.faults)
        clause, question = section.text("clause"), section.text("question")
        section.place += f"“{question[:20]}”"
        answer = section.interpretation(required=True)
        section.finish()
        found.append(Open(clause, question, answer or Interpretation("", date.min, "")))
    return tuple(found)
