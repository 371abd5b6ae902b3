"""Names that rules give and conditions may use, in SQL: grades, lists, exemptions.

Scores, parts and the labels of lights are not emitted: a book whose lights look at them is judged
by the scalar evaluator.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from guatu.engines.rulebook.dependencies import JUDGED_NAME, LISTED
from guatu.engines.rulebook.sql.frame import Derive, Expression, Frame, Plain
from guatu.engines.rulebook.types import Book, Gate, Grade, ListRule, Measure, Stated


def output_columns(book: Book, subject: str) -> Mapping[str, Derive]:
    """What builds the column of each name."""
    found: dict[str, Derive] = {}
    gates = tuple(gate for gate in book.gates if gate.subject == subject)
    if gates:
        found[JUDGED_NAME] = partial(_judged, gates)
    for grade in book.grades:
        if grade.subject == subject:
            found[grade.name] = partial(_graded, grade, gates)
    for listed in book.lists:
        if listed.subject == subject:
            names = exempting(book, subject, listed.id)
            found[LISTED.format(listed.name)] = partial(_listed, listed, names)
    for exempt in book.exemptions:
        if exempt.subject == subject:
            found[exempt.name] = partial(_stated, exempt.stated)
    return found


def exempting(book: Book, subject: str, rule: str) -> tuple[str, ...]:
    """The exemptions that take a subject out of a rule."""
    return tuple(
        one.name for one in book.exemptions if one.subject == subject and rule in one.waives
    )


def _judged(gates: tuple[Gate, ...], frame: Frame, _: Measure) -> Expression:
    """Whether the gates let the subject pass."""
    passes = [
        f"COALESCE({frame.test(gate.when)}, {'TRUE' if gate.missing is None else 'FALSE'})"
        for gate in gates
    ]
    return Plain(f"({' AND '.join(passes)})")


def _graded(grade: Grade, gates: tuple[Gate, ...], frame: Frame, _: Measure) -> Expression:
    """The label of the first band that holds; an unknown one before it gives `missing`, a gate
    that stops its own."""
    whens = []
    for gate in gates:
        test = frame.test(gate.when)
        whens.append(f"WHEN NOT {test} THEN {frame.dialect.quoted(gate.refused.label)}")
        if gate.missing is not None:
            whens.append(f"WHEN {test} IS NULL THEN {frame.dialect.quoted(gate.missing.label)}")
    for case in grade.cases:
        test = frame.test(case.when)
        whens.append(f"WHEN {test} IS NULL THEN {frame.dialect.quoted(grade.missing)}")
        whens.append(f"WHEN {test} THEN {frame.dialect.quoted(case.label)}")
    return Plain(f"CASE {' '.join(whens)} END")


def _listed(listed: ListRule, waived_by: tuple[str, ...], frame: Frame, _: Measure) -> Expression:
    test = frame.test(listed.stated.when)
    if listed.missing is not None:
        test = f"COALESCE({test}, {'TRUE' if listed.missing else 'FALSE'})"
    judged = None if listed.outside_scope else frame.judged()
    waived = [f"WHEN NOT {judged} THEN FALSE"] if judged else []
    waived += [f"WHEN {truth_sql(frame.exact(name))} IS TRUE THEN FALSE" for name in waived_by]
    return Plain(f"CASE {' '.join(waived)} ELSE {test} END" if waived else test)


def _stated(stated: Stated, frame: Frame, _: Measure) -> Expression:
    return Plain(frame.test(stated.when))


def truth_sql(value: Expression) -> str:
    """The column of a yes/no name."""
    assert isinstance(value, Plain)
    return value.sql
