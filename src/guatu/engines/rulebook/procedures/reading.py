"""What every procedure's table is read with: heads, conditions, spans, lists, yes and no."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from guatu.engines.rulebook.procedures.durations import Span, parse_span
from guatu.engines.rulebook.sections import Section
from guatu.engines.rulebook.types import Condition, Interpretation

type ReadCondition = Callable[[Section, str], tuple[Condition, str]]
"""Reads the condition under a key of a table and notes its faults; given by the book's reader."""

type Holds = Callable[[Condition], bool | None]
"""Decides a condition about the subject at hand; None where the data to say so is missing."""


type Measured = Callable[[str], Span | None]
"""The time that a measure says of the subject at hand; None where it is missing."""


def nothing_measured(_: str) -> Span | None:
    """The `Measured` of a subject without facts."""
    return None


def nothing_known(_: Condition) -> bool | None:
    """The `Holds` of a subject without facts: every condition is unknown."""
    return None


@dataclass(frozen=True, slots=True)
class Head:
    """What every procedure carries: its name, its clause, whom it is about, who decided it."""

    name: str
    clause: str
    subject: str
    interpretation: Interpretation | None


@dataclass(frozen=True, slots=True)
class When:
    """A condition beside its own words, for sentences."""

    condition: Condition
    text: str


@dataclass(frozen=True, slots=True)
class SpanCase:
    """A span that holds under a condition; without one it always does.

    `of` names the measure that says it instead (a term agreed in each contract).
    """

    when: When | None
    span: Span | None
    of: str = ""


def read_head(section: Section, *, key: str = "name", default: str = "") -> Head:
    """Name, clause, subject and interpretation. The place in faults names it from here on."""
    name = section.text(key, required=not default, default=default)
    clause = section.text("clause", required=False)
    if name:
        section.place += f"“{name}”"
    if clause:
        section.place += f"（{clause}）"
    subject = section.text("subject", required=False)
    return Head(name, clause, subject, section.interpretation())


def read_when(section: Section, key: str, read: ReadCondition) -> When | None:
    """The condition under a key, None when the key is absent."""
    if key not in section:
        return None
    condition, text = read(section, key)
    return When(condition, text)


def read_span(section: Section, key: str, *, required: bool = False) -> Span | None:
    """A span such as `5工作日`; a whole number alone is refused, for it has no unit."""
    value = section.peek(key)
    if isinstance(value, int) and not isinstance(value, bool):
        section.fault(f"“{key}”没有写单位", f'写成{key} = "{value}工作日"或"{value}日"')
        return None
    text = section.text(key, required=required)
    if not text:
        return None
    try:
        return parse_span(text)
    except ValueError as error:
        section.fault(f"“{key}”：{error}")
        return None


def read_span_cases(
    section: Section, key: str, read: ReadCondition, *, may_measure: bool = False
) -> tuple[SpanCase, ...]:
    """A span, or a list of `{when, limit}` of which the first that holds decides.

    With `may_measure` a line may name a measure of days or months instead: `{of = "约定天数"}`.
    """
    value = section.peek(key)
    if not isinstance(value, list | dict):
        span = read_span(section, key)
        return (SpanCase(None, span),) if span else ()
    cases = []
    for number, table in enumerate(section.tables(key), 1):
        case = Section(table, f"{section.place}的{key}第{number}项", section.faults)
        when = read_when(case, "when", read)
        of = case.text("of", required=False) if may_measure else ""
        span = read_span(case, "limit", required=not of)
        if of and span:
            case.fault("“limit”与“of”只能写一个")
        case.finish()
        if span or of:
            cases.append(SpanCase(when, None if of else span, of))
    return tuple(cases)


def read_texts(section: Section, key: str, *, required: bool = False) -> tuple[str, ...]:
    """One text or a list of texts, none of them twice."""
    if required and section.peek(key) in (None, []):
        section.fault(f"缺少“{key}”", f'写成{key} = ["…", "…"]', code=f"missing-{key}")
        return ()
    texts = section.texts(key)
    if len(set(texts)) < len(texts):
        section.fault(f"“{key}”里有写了两次的")
    return texts


def read_natural(section: Section, key: str, *, default: int) -> int:
    """A positive whole number with a default."""
    return section.whole(key) if key in section else default


def read_word_lists(section: Section, key: str) -> dict[str, tuple[str, ...]]:
    """A table of lists of texts: `{"状态" = ["通过审批"]}`."""
    value = section.peek(key)
    if value is None:
        return {}
    table = Section(value, f"{section.place}的{key}", section.faults)
    names = list(value) if isinstance(value, dict) else []
    return {name: read_texts(table, name, required=True) for name in names}


def decide(when: When | None, holds: Holds, doubts: list[str]) -> bool | None:
    """Whether a condition holds; none at all always does. The unknown adds a sentence."""
    if when is None:
        return True
    answer = holds(when.condition)
    if answer is None:
        doubts.append(f"缺数据，不能判断“{when.text}”")
    return answer


def choose_span(
    cases: Sequence[SpanCase],
    holds: Holds,
    doubts: list[str],
    measured: Measured = nothing_measured,
) -> Span | None:
    """The first case that holds. An unknown case ends the walk: a later one may not overtake."""
    for case in cases:
        answer = decide(case.when, holds, doubts)
        if answer is None:
            return None
        if answer:
            return _measured_span(case.of, measured, doubts) if case.of else case.span
    return None


def _measured_span(of: str, measured: Measured, doubts: list[str]) -> Span | None:
    span = measured(of)
    if span is None:
        doubts.append(f"缺数据，不知道“{of}”")
    elif span.count < 0:
        doubts.append(f"“{of}”是负数，不能作时限")
        return None
    return span
