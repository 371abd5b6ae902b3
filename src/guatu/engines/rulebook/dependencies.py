"""What each name of a book rests on: measures on measures, rules on measures and other rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass

from guatu.engines.rulebook.expression import measures_of
from guatu.engines.rulebook.facts import PAST_LIGHTS
from guatu.engines.rulebook.procedures.acts import Act
from guatu.engines.rulebook.procedures.reading import When
from guatu.engines.rulebook.types import (
    Awarded,
    Blend,
    Book,
    Choose,
    Conditions,
    Efficacy,
    Exemption,
    Grade,
    Light,
    ListRule,
    Measure,
    Members,
    Money,
    Operator,
    Part,
    Peers,
    PointsCases,
    Ranking,
    RankPoints,
    Score,
    Stated,
)

type Rule = Light | Part | Score | Grade | ListRule | Exemption
type Key = tuple[str, str]
"""Kind of subject and name."""

WHOLE_LIGHT, LIGHT, LISTED, VETOED = "总灯", "{}灯", "列入{}", "{}被否决"
JUDGED_NAME = "在评"


def rules_by_name(book: Book) -> dict[Key, tuple[Rule, ...]]:
    """The rules behind each name that a book gives (总灯 rests on all lights of a kind)."""
    found: dict[Key, tuple[Rule, ...]] = {}
    for light in book.lights:
        found[light.subject, LIGHT.format(light.dimension)] = (light,)
        whole = (light.subject, WHOLE_LIGHT)
        found[whole] = (*found.get(whole, ()), light)
    for part in book.parts:
        found[part.subject, part.name] = (part,)
    for score in book.scores:
        found[score.subject, score.name] = (score,)
        if score.vetoes:
            found[score.subject, VETOED.format(score.name)] = (score,)
    for grade in book.grades:
        found[grade.subject, grade.name] = (grade,)
    for listed in book.lists:
        found[listed.subject, LISTED.format(listed.name)] = (listed,)
    for exempt in book.exemptions:
        found[exempt.subject, exempt.name] = (exempt,)
    return found


def of_stated(*stated: Stated | None) -> tuple[str, ...]:
    """The names in conditions."""
    return tuple(name for one in stated if one is not None for name in measures_of(one.when))


def of_measure(measure: Measure) -> tuple[str, ...]:
    """The names of the same kind of subject a measure follows from, each once."""
    names = list(measure.of) if not isinstance(measure.detail, Members) else []
    match measure.detail:
        case Choose(choices):
            for choice in choices:
                names += [*of_stated(choice.stated), *([choice.name] if choice.name else ())]
        case Conditions(stated):
            names += of_stated(*stated)
        case Ranking(within=within, among=among) | Peers(within=within, among=among):
            names += [*([within] if within else ()), *of_stated(among)]
    return tuple(dict.fromkeys(names))


def of_members(measure: Measure) -> tuple[Key, ...]:
    """The names of another kind of subject that `members` takes."""
    detail = measure.detail
    if not isinstance(detail, Members):
        return ()
    names = (*measure.of, detail.by, *of_stated(detail.among))
    return tuple((detail.over, name) for name in dict.fromkeys(names))


def of_operator(operator: Operator | None) -> tuple[str, ...]:
    """The names a part's operator takes."""
    match operator:
        case None:
            return ()
        case PointsCases(cases):
            names = [name for case in cases for name in measures_of(case.when)]
            names += [case.named for case in cases if case.named]
            names += [case.beyond.of for case in cases if case.beyond]
            return tuple(names)
        case RankPoints(rank, size):
            return (rank, size)
        case Efficacy(of, _, best_named, _, worst_named):
            return tuple(name for name in (of, best_named, worst_named) if name)
        case Blend(of):
            return of
        case Awarded(named):
            return (named,)
        case _:
            return (operator.of,)


def of_rule(rule: Rule) -> tuple[str, ...]:
    """The names a rule rests on, each once."""
    names: Iterable[str]
    match rule:
        case Light(cases=cases) | Grade(cases=cases):
            names = [name for case in cases for name in measures_of(case.when)]
        case Part():
            events = [name for one in rule.each for name in (one.event, *of_stated(one.stated))]
            names = [*of_operator(rule.operator), *events, *of_stated(rule.zero_when)]
            names += [rule.override] if rule.override else []
        case Score():
            names = [*rule.parts, *of_stated(*(veto.stated for veto in rule.vetoes))]
        case ListRule():
            names = of_stated(rule.stated, rule.may_skip)
        case Exemption():
            names = of_stated(rule.stated)
    return tuple(dict.fromkeys(name for name in names if name))


def of_money(rule: Money) -> tuple[str, ...]:
    """The names an amount rests on."""
    names = [*of_stated(rule.stated), rule.of, rule.most_named, rule.per]
    names += [rule.line.of] if rule.line else []
    names += [rule.late.of] if rule.late else []
    return tuple(dict.fromkeys(name for name in names if name))


def of_procedures(book: Book, subject: str) -> tuple[str, ...]:
    """The names in the conditions of procedures about one kind of subject."""
    if book.procedures is None:
        return ()
    names: list[str] = []
    for one in fields(book.procedures):
        for rule in getattr(book.procedures, one.name):
            if (rule.head.subject or book.subject) == subject:
                names += [name for when in _whens(rule) for name in measures_of(when.condition)]
                names += [WHOLE_LIGHT, PAST_LIGHTS] if getattr(rule, "lights", ()) else []
    return tuple(dict.fromkeys(names))


def of_acts(acts: Iterable[Act]) -> tuple[str, ...]:
    """The names in the conditions of acts."""
    return tuple(
        name for act in acts for when in _whens(act) for name in measures_of(when.condition)
    )


def _whens(value: object) -> Iterator[When]:
    """Every condition anywhere inside a frozen value."""
    if isinstance(value, When):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _whens(one)
    elif is_dataclass(value):
        for one in fields(value):
            yield from _whens(getattr(value, one.name))


def waivers_of(book: Book) -> dict[Key, tuple[Exemption, ...]]:
    """The exemptions that waive each rule, by kind of subject and rule id."""
    found: dict[Key, tuple[Exemption, ...]] = {}
    for exempt in book.exemptions:
        for rule in exempt.waives:
            key = (exempt.subject, rule)
            found[key] = (*found.get(key, ()), exempt)
    return found


def kinds_taken(book: Book) -> dict[str, tuple[str, ...]]:
    """The kinds of subject whose figures each kind takes (`members`)."""
    taken: dict[str, set[str]] = {}
    for measure in book.measures:
        if isinstance(measure.detail, Members):
            for subject in measure.subjects:
                taken.setdefault(subject, set()).add(measure.detail.over)
    return {kind: tuple(sorted(others)) for kind, others in taken.items()}


def kinds_known(book: Book) -> frozenset[str]:
    """Every kind of subject whose facts the book may ask for."""
    own = {kind for measure in book.measures for kind in measure.subjects}
    taken = {kind for kinds in kinds_taken(book).values() for kind in kinds}
    return frozenset({*book.judged, *own, *taken})


def graph_of(book: Book, measures: Mapping[Key, Measure]) -> dict[Key, tuple[Key, ...]]:
    """Every name of the book with what it rests on; exemptions bear on what they waive."""
    waived = waivers_of(book)
    graph: dict[Key, tuple[Key, ...]] = {}
    for subject in book.judged:
        gates = [gate for gate in book.gates if gate.subject == subject]
        if gates:
            found = [name for gate in gates for name in measures_of(gate.when)]
            graph[subject, JUDGED_NAME] = tuple((subject, name) for name in found)
    for key, rules in rules_by_name(book).items():
        names = [(key[0], name) for rule in rules for name in of_rule(rule)]
        names += [(key[0], JUDGED_NAME)] if (key[0], JUDGED_NAME) in graph else []
        for rule in rules:
            ids = [rule.id, *(one.id for one in getattr(rule, "each", ()))]
            names += [
                (key[0], one.name) for one_id in ids for one in waived.get((key[0], one_id), ())
            ]
        graph[key] = tuple(names)
    for (subject, name), measure in measures.items():
        if (subject, name) not in graph:
            own = [(subject, source) for source in of_measure(measure)]
            # Who is judged at all stands among the others: gates come before ranks.
            if isinstance(measure.detail, Ranking | Peers) and (subject, JUDGED_NAME) in graph:
                own.append((subject, JUDGED_NAME))
            theirs = of_members(measure)
            judged = {(kind, JUDGED_NAME) for kind, _ in theirs} & graph.keys()
            graph[subject, name] = (*own, *theirs, *sorted(judged))
    return graph
