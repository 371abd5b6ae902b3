"""What a book says of the regions and responsible units of a round, judged among each other. Pure.

They are called by their names, as projects call them (所属地区, 责任单位). Their figures are the
sums of their projects in scope; all else is what somebody recorded of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from guatu.assessment.conventions import Conventions
from guatu.assessment.measures import Measured, Totals
from guatu.assessment.recorded import with_recorded
from guatu.assessment.types import Content, Spoken
from guatu.engines.rulebook import AS_OF, HISTORY, Book, Record, Settings, Verdict
from guatu.engines.rulebook.dependencies import kinds_taken
from guatu.engines.rulebook.evaluate import Evaluator, catalogue_of
from guatu.engines.rulebook.run import Outcome, Run, run_book
from guatu.engines.rulebook.run import Subject as Judged
from guatu.engines.rulebook.types import Kind
from guatu.engines.rulebook.why import why

PROJECT = "项目"
SUBJECT_OF = {"region": "地区", "unit": "单位"}
"""What rule books call the groups that they may judge."""
OWN_NAME = {"地区": "所属地区", "单位": "责任单位"}
"""The measure that holds a body's own name, as it stands on its projects."""
COMPLETED = "本年累计完成投资"


@dataclass(frozen=True, slots=True)
class Said:
    """What the book says of one body: its light where it gives one, and sentence by sentence
    everything it finds with the grounds; what nobody has recorded comes last."""

    verdict: Verdict | None
    sentences: tuple[str, ...]


def judged_kinds(book: Book) -> tuple[str, ...]:
    """The kinds of body that any rule of the book speaks of."""
    return tuple(kind for kind in SUBJECT_OF.values() if kind in book.judged)


def counts_projects(book: Book) -> bool:
    """Whether any kind of subject takes figures of projects (下属的和、个数)."""
    return any(PROJECT in taken for taken in kinds_taken(book).values())


def facts_of_body(
    kind: str,
    name: str,
    totals: Totals,
    members: Iterable[Measured],
    content: Content,
    conventions: Conventions,
) -> dict[str, object]:
    """The measures of the catalogue for a region or a unit: what its projects in scope sum to."""
    facts: dict[str, object] = {AS_OF: content.period_key.as_of, OWN_NAME[kind]: name}
    if not totals.in_scope:
        return facts
    past: dict[date, int] = defaultdict(int)
    for one in members:
        for figure in one.subject.investment if one.is_in_scope else ():
            past[figure.as_of] += figure.value
    return facts | {
        "年度计划投资": totals.annual_plan_yuan,
        COMPLETED: totals.completed_yuan,
        COMPLETED + HISTORY: tuple(Record(*one) for one in sorted(past.items())),
        "时间进度": totals.time_progress(conventions),
    }


def judge_bodies(
    book: Book,
    settings: Settings,
    content: Content,
    bodies: Mapping[tuple[str, str], Mapping[str, object]],
    projects: Sequence[tuple[str, Mapping[str, object]]],
) -> dict[tuple[str, str], Said]:
    """What the book says of each body, by kind and name.

    `bodies` are facts by kind and name, `projects` those of the appraised projects by id; they
    are asked only where the book takes figures of theirs.
    """
    told = {(one.kind, one.name): one for one in content.others}
    as_of = content.period_key.as_of
    kinds = judged_kinds(book)
    subjects = (
        [Judged(pk, PROJECT, facts) for pk, facts in projects] if counts_projects(book) else []
    )
    for kind in kinds:
        catalogue = catalogue_of(book, kind)
        for (of_kind, name), facts in bodies.items():
            if of_kind == kind:
                spoken: Spoken | None = told.get((kind, name))
                recorded = spoken.recorded if spoken else ()
                facts = with_recorded(facts, recorded, catalogue, as_of)
                subjects.append(Judged(name, kind, facts))
    run = run_book(book, subjects, as_of=as_of, settings=settings, of=kinds)
    return {(one.subject.kind, one.subject.id): _said(run, one) for one in run.outcomes}


def _said(run: Run, outcome: Outcome) -> Said:
    missing = _unrecorded(run.evaluators[outcome.subject.kind], outcome)
    sentences = [reason.text for reason in why(run, outcome)]
    sentences += [f"措施：{one}" for one in _other_acts(run.book, outcome)]
    if missing:
        sentences.append(f"没有登记：{'、'.join(missing)}")
    return Said(outcome.verdict, tuple(dict.fromkeys(sentences)))


def _other_acts(book: Book, outcome: Outcome) -> list[str]:
    """The acts that lights, grades, lists and procedures ask for: no sentence of its own tells
    them."""
    told = {one.id for one in book.acts} | {one.id for one in book.exemptions}
    return [str(one.act) for one in outcome.acts if one.rule not in told]


def _unrecorded(evaluator: Evaluator, outcome: Outcome) -> list[str]:
    """The measures that somebody has to record of the body and nobody has."""
    plan, catalogue = evaluator.plan, evaluator.catalogue
    given = [catalogue[name] for name in plan.given if outcome.frame[plan.exact[name]] is None]
    return [
        one.name
        for one in given
        if not one.operator and not one.carried and one.kind is not Kind.PAPERS
    ]
