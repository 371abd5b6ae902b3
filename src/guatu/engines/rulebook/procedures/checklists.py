"""Checklists (材料清单): what must be handed in, what may stand for it, what must agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from guatu.engines.rulebook.procedures.durations import Span
from guatu.engines.rulebook.procedures.reading import (
    Head,
    ReadCondition,
    When,
    read_head,
    read_natural,
    read_span,
    read_texts,
    read_when,
    read_word_lists,
)
from guatu.engines.rulebook.sections import Section


class OnMissing(StrEnum):
    """What happens when something is missing."""

    REFUSE = "不予受理"
    AMEND = "补正"
    LENIENT = "容缺"
    NOT_COUNTED = "不予纳入"


class Rule(StrEnum):
    """How values of several papers must agree."""

    SAME = "same"
    SUM = "sum"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Doc:
    """One paper: the fields it must show, how many copies, which values count and which do not."""

    name: str
    fields: tuple[str, ...]
    copies: int
    accepts: Mapping[str, tuple[str, ...]]
    refuses: Mapping[str, tuple[str, ...]]
    when: When | None


@dataclass(frozen=True, slots=True)
class Substitute:
    """A paper that may stand for another, with a stated reason where it must have one."""

    doc: str
    instead: str
    needs_reason: bool
    when: When | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Values (`合同.项目名称`) that must be the same, sum to `total`, or stand in order."""

    rule: Rule
    values: tuple[str, ...]
    total: str
    why: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """One list of papers. `lenient` names what may be handed in later; empty is everything."""

    head: Head
    when: When | None
    all_of: tuple[Doc, ...]
    any_of: tuple[tuple[Doc, ...], ...]
    substitutes: tuple[Substitute, ...]
    agreements: tuple[Agreement, ...]
    on_missing: OnMissing
    lenient: tuple[str, ...]
    limit: Span | None
    promise: bool

    @property
    def docs(self) -> tuple[Doc, ...]:
        """Every paper the list names, substitutes left out."""
        return (*self.all_of, *(doc for group in self.any_of for doc in group))

    @property
    def received(self) -> str:
        """The name of the day on which the papers were received; `limit` counts from it."""
        return f"{self.head.name}收到"


def read_checklist(section: Section, read: ReadCondition) -> Checklist:
    """One `[[checklist]]`. Notes every fault."""
    head = read_head(section)
    on_missing = OnMissing(section.choice("on_missing", tuple(OnMissing), default=OnMissing.REFUSE))
    checklist = Checklist(
        head=head,
        when=read_when(section, "when", read),
        all_of=_docs(section, "all_of", section.tables("all_of"), read),
        any_of=_groups(section, read),
        substitutes=_substitutes(section, read),
        agreements=_agreements(section),
        on_missing=on_missing,
        lenient=read_texts(section, "lenient"),
        limit=read_span(section, "limit", required=on_missing is OnMissing.LENIENT),
        promise=section.flag("promise"),
    )
    if not checklist.docs:
        section.fault("没有写材料", 'all_of = ["…", "…"]')
    _check_names(section, checklist)
    section.finish()
    return checklist


def _docs(section: Section, key: str, rows: list[object], read: ReadCondition) -> tuple[Doc, ...]:
    docs = []
    for number, table in enumerate(rows, 1):
        if isinstance(table, str):
            table = {"doc": table}
        row = Section(table, f"{section.place}的{key}第{number}项", section.faults)
        docs.append(
            Doc(
                name=row.text("doc"),
                fields=read_texts(row, "fields"),
                copies=read_natural(row, "copies", default=1),
                accepts=read_word_lists(row, "accepts"),
                refuses=read_word_lists(row, "refuses"),
                when=read_when(row, "when", read),
            )
        )
        row.finish()
    return tuple(docs)


def _groups(section: Section, read: ReadCondition) -> tuple[tuple[Doc, ...], ...]:
    groups = []
    rows = section.tables("any_of")
    if rows and not any(isinstance(row, list) for row in rows):
        rows = [rows]
    for number, group in enumerate(rows, 1):
        if not isinstance(group, list) or len(group) < 2:
            section.fault(f"any_of第{number}组应是两项以上", 'any_of = [["施工合同", "现场照片"]]')
            continue
        groups.append(_docs(section, f"any_of第{number}组", group, read))
    return tuple(groups)


def _substitutes(section: Section, read: ReadCondition) -> tuple[Substitute, ...]:
    found = []
    for number, table in enumerate(section.tables("substitute"), 1):
        row = Section(table, f"{section.place}的substitute第{number}项", section.faults)
        found.append(
            Substitute(
                row.text("for"),
                row.text("with"),
                row.flag("needs_reason"),
                read_when(row, "when", read),
            )
        )
        row.finish()
    return tuple(found)


def _agreements(section: Section) -> tuple[Agreement, ...]:
    found = []
    for number, table in enumerate(section.tables("consistency"), 1):
        row = Section(table, f"{section.place}的consistency第{number}项", section.faults)
        said = [rule for rule in Rule if rule.value in row]
        rule = said[0] if len(said) == 1 else Rule.SAME
        if len(said) != 1:
            row.fault("same（相同）、sum（合计）、order（先后）写且只写一个")
        values = read_texts(row, rule.value, required=True)
        total = row.text("equals", required=rule is Rule.SUM)
        if rule is not Rule.SUM and len(values) < 2:
            row.fault(f"“{rule}”至少写两项")
        found.append(Agreement(rule, values, total, row.text("why", required=False)))
        row.finish()
    return tuple(found)


def _check_names(section: Section, checklist: Checklist) -> None:
    names = [doc.name for doc in checklist.docs]
    known = "、".join(dict.fromkeys(names))
    for name in sorted({name for name in names if names.count(name) > 1}):
        section.fault(f"材料“{name}”写了两次")
    for substitute in checklist.substitutes:
        if substitute.doc not in names:
            section.fault(f"被替代的“{substitute.doc}”不在材料里", f"已有：{known}")
    for name in checklist.lenient:
        if name not in names:
            section.fault(f"可以容缺的“{name}”不在材料里", f"已有：{known}")
    if checklist.lenient and checklist.on_missing is not OnMissing.LENIENT:
        section.fault("写了“lenient”，on_missing应是“容缺”")
