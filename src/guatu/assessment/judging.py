"""From a snapshot's subjects to verdicts, totals, groups and ranks. Pure (M-D1, M-D3, M-D4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from guatu.assessment.as_issued import Issued, Scope, issued_of
from guatu.assessment.bodies import (
    COMPLETED,
    PROJECT,
    SUBJECT_OF,
    counts_projects,
    facts_of_body,
    judge_bodies,
    judged_kinds,
)
from guatu.assessment.conventions import Conventions
from guatu.assessment.grouping import NO_NAME, Group, add_issued, grouped, rank
from guatu.assessment.measures import Measured, Totals, total_of
from guatu.assessment.noticed import out_of_term, partly_sliced, without_curve
from guatu.assessment.recorded import PAST_LIGHTS, with_recorded
from guatu.assessment.types import Content, Subject
from guatu.core.periods import PeriodKey
from guatu.core.ratio import Ratio
from guatu.engines.rulebook import (
    AS_OF,
    HISTORY,
    Book,
    Evaluator,
    LightVerdict,
    Reason,
    Record,
    Settings,
    Severity,
    Verdict,
    compile_book,
    start_facts,
)
from guatu.engines.rulebook.catalogue import Catalogue
from guatu.engines.rulebook.evaluate import catalogue_of, compile_whole
from guatu.ledger.types import Nature

GROUPINGS = ("region", "unit", "sector")
type Past = Mapping[int, tuple[Record, ...]]
"""The lights of each project in the earlier locked rounds of its list."""


@dataclass(slots=True)
class Assessed:
    """One assessment: what every figure on a page or paper comes from. `notices` are sentences
    without a final stop that whoever uses it must read. `issued` are the projects as issued; None
    where nothing was issued, or the list stands as it was (M-A10)."""

    content: Content
    conventions: Conventions
    book: Book
    measured: list[Measured]
    total: Totals
    groups: dict[str, list[Group]] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    past: Past = field(default_factory=dict)
    issued: Issued | None = None
    _evaluator: Evaluator | None = None
    _frames: dict[int, list[Any]] = field(default_factory=dict)

    def reasons(self, one: Measured) -> tuple[Reason, ...]:
        """Why a subject has its light: rule, figures, limits."""
        if not has_lights(self.book):
            return (NO_LIGHTS,)
        if not one.subject.is_appraised:
            return (NOT_APPRAISED,)
        evaluator = self._evaluator or evaluator_of(self.book, self.conventions)
        self._evaluator = evaluator
        facts = self._facts_of(one.subject, evaluator)
        if not evaluator.plan.spreads:
            return evaluator.explain(facts)
        return evaluator.explain_frame(facts, self._frame_of(one, evaluator))

    def _frame_of(self, one: Measured, evaluator: Evaluator) -> list[Any]:
        """A subject's frame among all others: for books that rank."""
        if not self._frames:
            subjects = [other.subject for other in self.measured if other.subject.is_appraised]
            facts = [self._facts_of(subject, evaluator) for subject in subjects]
            frames = evaluator.frames(facts)
            self._frames = {s.id: frame for s, frame in zip(subjects, frames, strict=True)}
        return self._frames[one.subject.id]

    def _facts_of(self, subject: Subject, evaluator: Evaluator) -> Mapping[str, object]:
        period, past = self.content.period_key, self.past.get(subject.id)
        return facts_of(subject, period, self.conventions, catalogue=evaluator.catalogue, past=past)


_PRINTED_AS = {
    "年度计划完成率": "completion_rate",
    "时间进度": "time_progress",
    "与时间进度差": "gap_to_time_progress",
    "落后时间进度": "gap_to_time_progress",
}
"""Measures of the catalogue that have their own digits, for books that compare what is printed."""


NOT_APPRAISED = Reason("", "", "参加评价", "否", "", "清单上注明不参加评价，没有按办法判定")
NO_LIGHTS = Reason("", "", "项目的灯", "不亮灯", "", "办法没有给项目亮灯")


def has_lights(book: Book) -> bool:
    """Whether a book says what light a project has."""
    return any(light.subject == PROJECT for light in book.lights)


def evaluator_of(book: Book, conventions: Conventions, *, subject: str = PROJECT) -> Evaluator:
    """The book compiled under the city's conventions, for projects unless another is named."""
    return compile_book(book, settings_of(conventions), subject=subject)


def settings_of(conventions: Conventions) -> Settings:
    """The conventions as rule books take them: what is printed how, which days are worked."""
    return Settings(
        digits=conventions.digits_for("completion_rate"),
        digits_of={name: conventions.digits_for(key) for name, key in _PRINTED_AS.items()},
        rounding=conventions.rounding_for("completion_rate"),
        rounding_of={name: conventions.rounding_for(key) for name, key in _PRINTED_AS.items()},
        gap=conventions.gap,
        calendar=conventions.calendar,
    )


def assess(
    content: Content,
    book: Book,
    conventions: Conventions,
    *,
    by: Sequence[str],
    is_ranked: bool,
    past: Callable[[], Past] | None = None,
    is_whole: bool = True,
) -> Assessed:
    """Judge every subject, add up, group; ranks only where the switch `rankings` is on.

    `past` reads the lights of the earlier locked rounds; it is asked where the book looks back.
    Of a part of a round's projects (not `is_whole`) nothing is said of regions and units.
    """
    conventions = conventions.of_content(content)
    lights = past() if past is not None and _looks_back(book, settings_of(conventions)) else {}
    period = content.period_key
    as_of, year_ago = period.as_of, period.year_before.as_of
    # Who is not appraised is nobody's rival either.
    rivals = [subject for subject in content.subjects if subject.is_appraised]
    catalogue = catalogue_of(book, PROJECT)
    facts = [
        facts_of(one, period, conventions, catalogue=catalogue, past=lights.get(one.id))
        for one in rivals
    ]
    verdicts = iter(_verdicts(book, conventions, facts))
    measured, left_out = [], _left_out(book)
    for subject in content.subjects:
        figure = subject.figure_at(as_of)
        ago = subject.figure_at(year_ago)
        measured.append(
            Measured(
                subject,
                figure.value if figure else None,
                figure.mark if figure else "",
                ago.value if ago else None,
                next(verdicts) if subject.is_appraised else left_out,
            )
        )
    assessed = Assessed(
        content,
        conventions,
        book,
        measured,
        total_of(measured, period, conventions),
        notices=(*out_of_term(book, content), *without_curve(conventions)),
        past=lights,
    )
    assessed.notices += partly_sliced(assessed.total, conventions)
    scope = scope_of(book, conventions, period)
    assessed.issued = issued_of(content.issue, measured, content.exited, scope, period, conventions)
    for name in by:
        groups = assessed.groups[name] = grouped(measured, name, content, conventions)
        add_issued(groups, name, assessed.issued)
        if is_ranked:
            rank(groups, content, conventions)
    if is_whole and set(by) & SUBJECT_OF.keys() and judged_kinds(book):
        _judge_bodies(
            assessed, [(str(one.id), told) for one, told in zip(rivals, facts, strict=True)]
        )
    return assessed


def _looks_back(book: Book, settings: Settings) -> bool:
    """Whether any rule over projects that a round asks for reads the earlier lights."""
    if has_lights(book) and PAST_LIGHTS in compile_book(book, settings, subject=PROJECT).measures:
        return True
    if not counts_projects(book):
        return False
    return PAST_LIGHTS in compile_whole(book, settings, subject=PROJECT).measures


def _verdicts(
    book: Book, conventions: Conventions, facts: Sequence[Mapping[str, object]]
) -> list[Verdict]:
    """The light of each project; undecided where the book gives projects none."""
    if has_lights(book):
        return evaluator_of(book, conventions).verdicts(facts)
    none = Verdict(True, (), Severity.UNDECIDED, "不亮灯", book.labels[Severity.UNDECIDED].colour)
    return [none] * len(facts)


def scope_of(book: Book, conventions: Conventions, period: PeriodKey) -> Scope:
    """Asks a book whether subjects are in its scope, from what was frozen of them alone."""

    def scope(subjects: Sequence[Subject]) -> list[Verdict]:
        catalogue = catalogue_of(book, PROJECT)
        facts = [facts_of(one, period, conventions, catalogue=catalogue) for one in subjects]
        told = _verdicts(book, conventions, facts)
        left_out = _left_out(book)
        return [
            verdict if one.is_appraised else left_out
            for one, verdict in zip(subjects, told, strict=True)
        ]

    return scope


def _left_out(book: Book) -> Verdict:
    give = book.labels[Severity.NOT_IN_SCOPE]
    return Verdict(False, (), Severity.NOT_IN_SCOPE, give.label, give.colour)


def facts_of(
    subject: Subject,
    period: PeriodKey,
    conventions: Conventions,
    *,
    catalogue: Catalogue | None = None,
    past: tuple[Record, ...] | None = None,
) -> Mapping[str, object]:
    """The measures of the catalogue for one project; what no workbook carries and nobody has
    recorded is missing.

    Earlier figures of this and last year stand beside this period's, for rules over them.
    Recorded values are read by the book's `catalogue`; `past` are the project's earlier lights.
    """
    facts = _carried(subject, period, conventions)
    if past is not None:
        facts[PAST_LIGHTS] = past
    if catalogue is None:
        return facts
    return with_recorded(facts, subject.recorded, catalogue, period.as_of)


def _carried(subject: Subject, period: PeriodKey, conventions: Conventions) -> dict[str, object]:
    plan, as_of = subject.plan_yuan, period.as_of
    figure = subject.figure_at(as_of)
    elapsed = conventions.decreed_or_elapsed(period)
    if elapsed is None and plan and subject.slice_yuan is not None:
        elapsed = Ratio(subject.slice_yuan, plan)
    return {
        AS_OF: as_of,
        "总投资": subject.total_yuan,
        "年度计划投资": plan,
        COMPLETED: figure.value if figure else None,
        "时间进度": elapsed,
        COMPLETED + HISTORY: tuple(Record(one.as_of, one.value) for one in subject.investment),
        "本期应报": True,
        "计划开工时间": subject.planned_start,
        "实际开工时间": subject.actual_start,
        "行业领域": subject.sector or None,
        "所属地区": subject.region or None,
        "责任单位": subject.unit or None,
        "建设性质": Nature(subject.nature).label if subject.nature else None,
        "已入库": subject.is_registered,
        **subject.judgements,
        **start_facts(
            planned_on=subject.planned_start, actual_on=subject.actual_start, as_of=as_of
        ),
    }


def _judge_bodies(assessed: Assessed, projects: Sequence[tuple[str, Mapping[str, object]]]) -> None:
    """What the book says of regions (RB02) and responsible units, all of them together. A group of
    projects that name none is no body."""
    content, conventions, book = assessed.content, assessed.conventions, assessed.book
    bodies, groups = {}, {}
    for by, kind in SUBJECT_OF.items():
        if kind not in judged_kinds(book):
            continue
        known = assessed.groups.get(by)
        for group in known or grouped(assessed.measured, by, content, conventions):
            if group.key != NO_NAME:
                key = (kind, group.key)
                groups[key] = group
                bodies[key] = facts_of_body(
                    kind, group.key, group.totals, group.members, content, conventions
                )
    said = judge_bodies(book, settings_of(conventions), content, bodies, projects)
    for key, group in groups.items():
        group.said = said[key]


def codes_of(lights: Iterable[LightVerdict]) -> str:
    """The rules that spoke, for the stored result."""
    return "".join(f"{light.rule};" for light in lights)
