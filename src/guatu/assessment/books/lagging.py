"""Words of a book that still say what its changed rules do not: clauses, interpretations. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from guatu.assessment.books.differing import (
    RuleChange,
    clause_changes,
    rule_changes,
    with_remarks,
)
from guatu.assessment.books.queries import Version
from guatu.core.errors import Fault
from guatu.engines.rulebook.checking import read_text_of
from guatu.engines.rulebook.checking.text import clauses_named
from guatu.engines.rulebook.reciting import Sentence, recite
from guatu.engines.rulebook.types import Interpretation

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
REMEDY = "请改写，或核对它说的是另一件事"


def lagging_words(old: Version, new: Version) -> list[Fault]:
    """A notice for each clause and interpretation that still states a number which its rule gave
    up, and for each clause that kept all its words while numbers of its rule changed.

    A number that another rule of the clause still states is none that was given up.
    """
    clauses = {clause.name: clause.body for clause in read_text_of(new.text).clauses}
    stated = _stated(recite(new.book), clauses)
    found: dict[tuple[str, str], list[str]] = {}
    faults: list[Fault] = []
    for one in with_remarks(rule_changes(old, new), clause_changes(old, new), new):
        gone = _numbers_gone(one)
        if one.new is None or not gone:
            continue
        names = [name for name in clauses_named(one.new.clause, clauses) if name in clauses]
        lagging = [
            (name, number)
            for name in names
            for number in gone
            if number not in stated[name] and number in _NUMBER.findall(clauses[name])
        ]
        for place in lagging:
            found.setdefault(place, []).append(one.rule)
        if one.remark and not lagging:
            what = f"规则“{one.rule}”里的{'、'.join(gone)}改了，条文“{'”“'.join(names)}”没有改"
            faults.append(_notice(what))
        faults += _of_interpretation(one.rule, one.new.interpretation, gone)
    return [
        _notice(f"条文“{name}”还写着{number}，规则“{'”“'.join(rules)}”已经不是{number}")
        for (name, number), rules in found.items()
    ] + list(dict.fromkeys(faults))


def _stated(sentences: Iterable[Sentence], clauses: Collection[str]) -> Mapping[str, set[str]]:
    """The numbers that the rules of each clause state now."""
    found: dict[str, set[str]] = defaultdict(set)
    for told in sentences:
        for name in clauses_named(told.clause, clauses):
            found[name].update(_NUMBER.findall(told.text))
    return found


def _of_interpretation(
    rule: str, said: Interpretation | None, gone: Sequence[str]
) -> Iterable[Fault]:
    for number in gone if said else ():
        if said and number in _NUMBER.findall(said.why):
            yield _notice(f"规则“{rule}”的解释还写着{number}，规则已经不是{number}")


def _numbers_gone(one: RuleChange) -> list[str]:
    """The numbers that the sentence stated and states no more."""
    if one.old is None or one.new is None:
        return []
    now = set(_NUMBER.findall(one.new.text))
    return [number for number in dict.fromkeys(_NUMBER.findall(one.old.text)) if number not in now]


def _notice(what: str) -> Fault:
    return Fault("lagging-words", what, REMEDY)
