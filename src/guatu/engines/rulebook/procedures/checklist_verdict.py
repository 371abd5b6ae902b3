"""Judging what was handed in: passed, gaps with a list and a deadline, or refused (RB60, RB61)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from itertools import pairwise

from guatu.core.workdays import CalendarUnknown, WorkCalendar
from guatu.engines.rulebook.procedures.checklists import (
    Agreement,
    Checklist,
    Doc,
    OnMissing,
    Rule,
    Substitute,
)
from guatu.engines.rulebook.procedures.durations import add_span
from guatu.engines.rulebook.procedures.reading import Holds, decide, nothing_known

_DAY = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?")


class Outcome(StrEnum):
    """What becomes of a submission."""

    PASSED = "passed"
    GAPS = "gaps"
    REFUSED = "refused"
    UNDECIDED = "undecided"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper as handed in: its fields and copies. A blank field counts as not shown."""

    name: str
    fields: Mapping[str, object] = field(default_factory=dict)
    copies: int = 1


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is wrong; `may_wait` when it can be handed in later."""

    doc: str
    what: str
    may_wait: bool = False


@dataclass(frozen=True, slots=True)
class ChecklistVerdict:
    """The outcome, what is missing, the day by which it must be mended, and why."""

    outcome: Outcome
    gaps: tuple[Gap, ...] = ()
    mend_by: date | None = None
    sentences: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    refusal: str = ""


def judge_checklist(
    checklist: Checklist,
    papers: Sequence[Paper],
    *,
    received_on: date,
    now: date,
    days: WorkCalendar,
    reasons: Mapping[str, str] | None = None,
    holds: Holds = nothing_known,
) -> ChecklistVerdict:
    """Judge a submission. `reasons` gives, per paper, why a substitute stands for it.

    With 补正 or 容缺 the gaps may be mended up to the limit after `received_on`; after that the
    submission is refused. What may not wait is refused at once.
    """
    doubts: list[str] = []
    applies = decide(checklist.when, holds, doubts)
    if applies is False:
        return ChecklistVerdict(Outcome.NOT_APPLICABLE)
    run = _Run(checklist, {paper.name: paper for paper in papers}, reasons or {}, holds, doubts)
    gaps, notes = list(run.gaps()), tuple(run.notes)
    if doubts:
        told = tuple(dict.fromkeys(doubts))
        return ChecklistVerdict(Outcome.UNDECIDED, tuple(gaps), None, told, told)
    if not gaps:
        return ChecklistVerdict(Outcome.PASSED, sentences=(*notes, "材料齐全"))
    verdict = _with_gaps(checklist, gaps, received_on, now, days)
    refusal = "" if checklist.on_missing is OnMissing.AMEND else checklist.on_missing.value
    if checklist.on_missing is OnMissing.LENIENT:
        refusal = OnMissing.REFUSE.value
    return replace(verdict, sentences=(*notes, *verdict.sentences), refusal=refusal)


def _with_gaps(
    checklist: Checklist, gaps: Sequence[Gap], received_on: date, now: date, days: WorkCalendar
) -> ChecklistVerdict:
    listed = tuple(gaps)
    told = tuple(gap.what for gap in listed)
    if checklist.limit is None and checklist.on_missing is OnMissing.AMEND:
        line = "一次告知，补齐期限由告知书写明"
        return ChecklistVerdict(Outcome.GAPS, listed, None, (*told, line))
    if checklist.limit is None or not all(gap.may_wait for gap in listed):
        word = checklist.on_missing.value
        if checklist.on_missing not in (OnMissing.REFUSE, OnMissing.NOT_COUNTED):
            word = OnMissing.REFUSE.value
        return ChecklistVerdict(Outcome.REFUSED, listed, None, (*told, word))
    try:
        mend_by = add_span(received_on, checklist.limit, days)
    except CalendarUnknown as error:
        doubt = error.faults[0].what
        return ChecklistVerdict(Outcome.GAPS, listed, None, (*told, doubt), (doubt,))
    if now > mend_by:
        late = f"{mend_by.isoformat()}前没有补齐，不予受理"
        return ChecklistVerdict(Outcome.REFUSED, listed, mend_by, (*told, late))
    promise = "作出书面承诺后先受理，" if checklist.promise else ""
    lenient = checklist.on_missing is OnMissing.LENIENT
    word = f"容缺受理，{promise}" if lenient else "一次告知，"
    line = f"{word}请在{mend_by.isoformat()}前补齐"
    return ChecklistVerdict(Outcome.GAPS, listed, mend_by, (*told, line))


@dataclass
class _Run:
    """One submission against one list."""

    checklist: Checklist
    papers: Mapping[str, Paper]
    reasons: Mapping[str, str]
    holds: Holds
    doubts: list[str]
    notes: list[str] = field(default_factory=list)

    def gaps(self) -> Iterator[Gap]:
        """What is missing or wrong, in the order of the list."""
        for doc in self.checklist.all_of:
            if decide(doc.when, self.holds, self.doubts):
                yield from self._of_doc(doc)
        for group in self.checklist.any_of:
            yield from self._of_group(group)
        for agreement in self.checklist.agreements:
            yield from self._of_agreement(agreement)

    def _gap(self, doc: str, what: str) -> Gap:
        checklist = self.checklist
        waits = checklist.on_missing is OnMissing.AMEND or (
            checklist.on_missing is OnMissing.LENIENT
            and (not checklist.lenient or doc in checklist.lenient)
        )
        return Gap(doc, what, waits)

    def _of_doc(self, doc: Doc) -> Iterator[Gap]:
        paper = self.papers.get(doc.name)
        if paper is not None:
            yield from self._of_paper(doc, paper)
            return
        wants = None
        for substitute in self.checklist.substitutes:
            if substitute.doc != doc.name or substitute.instead not in self.papers:
                continue
            if self._stands(substitute):
                return
            wants = substitute
        if wants is not None:
            yield self._gap(doc.name, f"用“{wants.instead}”代替“{doc.name}”，没有说明理由")
        else:
            yield self._gap(doc.name, f"缺“{doc.name}”")

    def _stands(self, substitute: Substitute) -> bool:
        if not decide(substitute.when, self.holds, self.doubts):
            return False
        reason = self.reasons.get(substitute.doc, "").strip()
        if substitute.needs_reason and not reason:
            return False
        told = f"，理由：{reason}" if reason else ""
        self.notes.append(f"以“{substitute.instead}”代替“{substitute.doc}”{told}")
        return True

    def _of_paper(self, doc: Doc, paper: Paper) -> Iterator[Gap]:
        if paper.copies < doc.copies:
            yield self._gap(doc.name, f"“{doc.name}”要{doc.copies}份，只有{paper.copies}份")
        needed = dict.fromkeys((*doc.fields, *doc.accepts))
        missing = [name for name in needed if _blank(paper.fields.get(name))]
        if missing:
            yield self._gap(doc.name, f"“{doc.name}”没有写明{'、'.join(missing)}")
        for name, good in doc.accepts.items():
            value = paper.fields.get(name)
            if not _blank(value) and str(value) not in good:
                told = "、".join(good)
                yield self._gap(doc.name, f"“{doc.name}”的{name}是“{value}”，应是{told}")
        for name, bad in doc.refuses.items():
            value = paper.fields.get(name)
            if not _blank(value) and str(value) in bad:
                yield self._gap(doc.name, f"“{doc.name}”的{name}是“{value}”，不算数")

    def _of_group(self, group: Sequence[Doc]) -> Iterator[Gap]:
        """At least one of a group is in order; otherwise the gaps of what was handed in."""
        named = "、".join(doc.name for doc in group)
        found: list[Gap] = []
        for doc in group:
            if not decide(doc.when, self.holds, self.doubts):
                continue
            gaps = list(self._of_doc(doc))
            if not gaps:
                return
            if doc.name in self.papers:
                found += gaps
        yield from found or [self._gap(group[0].name, f"“{named}”至少要有一项")]

    def _of_agreement(self, agreement: Agreement) -> Iterator[Gap]:
        values = {name: self._value(name) for name in agreement.values}
        if agreement.rule is Rule.SUM:
            values[agreement.total] = self._value(agreement.total)
        missing = [name for name, value in values.items() if _blank(value)]
        if missing:
            # A paper that is not there is its own gap; an agreement is not judged without it.
            absent = [name for name in missing if self._is_handed_in(name)]
            if absent:
                yield self._gap("", f"不能核对：没有{'、'.join(absent)}")
            return
        if agreement.rule is Rule.ORDER and _in_order(list(values.values())) is None:
            self.doubts.append(f"不能比较先后：{_told(values)}")
            return
        what = _disagreement(agreement, values)
        if what:
            why = f"（{agreement.why}）" if agreement.why else ""
            yield self._gap("", what + why)

    def _is_handed_in(self, name: str) -> bool:
        doc = name.partition(".")[0]
        return "." not in name or doc in self.papers

    def _value(self, name: str) -> object:
        """`合同.项目名称` or `合同项目名称`; a bare field when only one paper shows it."""
        doc, dot, wanted = name.partition(".")
        if dot and doc in self.papers:
            return self.papers[doc].fields.get(wanted)
        for paper in self.papers.values():
            if name.startswith(paper.name) and name[len(paper.name) :] in paper.fields:
                return paper.fields[name[len(paper.name) :]]
        shown = [paper.fields[name] for paper in self.papers.values() if name in paper.fields]
        return shown[0] if len(shown) == 1 else None


def _blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _disagreement(agreement: Agreement, values: Mapping[str, object]) -> str:
    told = _told(values)
    match agreement.rule:
        case Rule.SAME:
            same = {_plain(value) for value in values.values()}
            return "" if len(same) == 1 else f"不一致：{told}"
        case Rule.ORDER:
            ordered = [values[name] for name in agreement.values]
            return "" if _in_order(ordered) else f"先后不对：{told}"
        case Rule.SUM:
            numbers = {name: _amount(value) for name, value in values.items()}
            total = numbers.get(agreement.total)
            parts = [numbers[name] for name in agreement.values]
            if total is None or any(part is None for part in parts):
                return f"不是数，不能合计：{told}"
            same_sum = sum((part for part in parts if part is not None), Decimal()) == total
            return "" if same_sum else f"合计不等于{agreement.total}：{told}"


def _told(values: Mapping[str, object]) -> str:
    return "，".join(f"{name}是“{value}”" for name, value in values.items())


def _in_order(values: Sequence[object]) -> bool | None:
    """Whether days, or numbers, never go back; None where they are neither, or mixed."""
    for read in (_day, _amount):
        found = [read(value) for value in values]
        if None not in found:
            return all(one <= two for one, two in pairwise(found))  # type: ignore[operator]
    return None


def _day(value: object) -> date | None:
    """A day as papers write it: 2025-09-05, 2025年9月5日, 2025.9.5, 2025/9/5."""
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    match = _DAY.fullmatch(_plain(value))
    if match is None:
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


def _plain(value: object) -> str:
    return "".join(str(value).split())


def _amount(value: object) -> Decimal | None:
    if isinstance(value, bool):
        return None
    try:
        amount = Decimal(str(value).replace(",", ""))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None
