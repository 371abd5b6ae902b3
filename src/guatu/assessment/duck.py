"""A snapshot's subjects judged by DuckDB in this process: the same verdicts as `judging` (M-D1).

The rule book becomes one query over one wide row a subject; Python only fills the columns and
reads the outcomes. What SQL cannot say raises NotInSql: the caller judges one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import duckdb

from guatu.assessment.conventions import Conventions
from guatu.assessment.judging import evaluator_of
from guatu.assessment.recorded import recorded_facts
from guatu.assessment.types import Content, Subject
from guatu.core.ratio import Ratio
from guatu.engines.rulebook import Book, Evaluator, Verdict
from guatu.engines.rulebook.sql import (
    DUCKDB,
    START_COLUMNS,
    Column,
    RowReader,
    SqlLights,
    compile_sql,
    starts_sql,
)
from guatu.ledger.types import Nature

_TYPES = {"bool": "BOOLEAN", "text": "VARCHAR", "day": "DATE"}


def verdicts(content: Content, book: Book, conventions: Conventions) -> list[Verdict]:
    """The book's verdict on every subject, in the order of `content.subjects`.

    As `judging.assess` before it leaves out who is not appraised. Raises NotInSql (a
    RulebookError) where the book or an amount does not fit SQL.
    """
    evaluator = evaluator_of(book, conventions)
    given = _given(content, conventions, evaluator)
    plan = compile_sql(book, evaluator.settings, bounds=_bounds(given))
    with duckdb.connect() as connection:
        source = _load(connection, content, plan, given)
        wanted = ["id", "gate", *(f"l{i}" for i in range(len(plan.lights)))]
        rows = connection.execute(
            f"SELECT {', '.join(wanted)} FROM ({plan.sql(source)}) AS judged ORDER BY id"
        ).fetchall()
    reader = RowReader(plan)
    return [reader.verdict_of(row[1], row[2:]) for row in rows]


type Values = Sequence[Any]


def _given(content: Content, conventions: Conventions, evaluator: Evaluator) -> dict[str, Values]:
    """The measures of `judging.facts_of` column by column, but those about starts."""
    subjects, as_of = content.subjects, content.period_key.as_of
    elapsed = conventions.decreed_or_elapsed(content.period_key)
    figures = [subject.figure_at(as_of) for subject in subjects]
    read: Mapping[str, Callable[[Subject], Any]] = {
        "总投资": lambda s: s.total_yuan,
        "年度计划投资": lambda s: s.plan_yuan,
        "时间进度": (lambda s: elapsed) if elapsed else _own_pace,
        "计划开工时间": lambda s: s.planned_start,
        "实际开工时间": lambda s: s.actual_start,
        "行业领域": lambda s: s.sector or None,
        "所属地区": lambda s: s.region or None,
        "建设性质": lambda s: Nature(s.nature).label if s.nature else None,
        "已入库": lambda s: s.is_registered,
    }
    given: dict[str, Values] = {name: [of(s) for s in subjects] for name, of in read.items()}
    given["本年累计完成投资"] = [figure.value if figure else None for figure in figures]
    given["本期应报"] = [True] * len(subjects)
    for name in {name for subject in subjects for name in subject.judgements}:
        given[name] = [
            subject.judgements.get(name, old)
            for subject, old in zip(subjects, given.get(name, [None] * len(subjects)), strict=True)
        ]
    return given | _recorded(subjects, given, evaluator, as_of)


def _recorded(
    subjects: Sequence[Subject], given: Mapping[str, Values], evaluator: Evaluator, as_of: date
) -> dict[str, Values]:
    """Recorded values of the measures the book reads, where the tables carry none."""
    if not any(subject.recorded for subject in subjects):
        return {}
    told = [recorded_facts(subject.recorded, evaluator.catalogue, as_of) for subject in subjects]
    empty = [None] * len(subjects)
    return {
        name: [
            facts.get(name) if old is None else old
            for facts, old in zip(told, given.get(name, empty), strict=True)
        ]
        for name in evaluator.measures
        if any(name in facts for facts in told)
    }


def _own_pace(subject: Subject) -> Ratio | None:
    if not subject.plan_yuan or subject.slice_yuan is None:
        return None
    return Ratio(subject.slice_yuan, subject.plan_yuan)


def _bounds(given: Mapping[str, Values]) -> dict[str, int]:
    """The largest magnitude of each column, so that products get the narrowest safe type."""
    found = {}
    for name, values in given.items():
        known = [value for value in values if value is not None]
        if known and isinstance(known[0], tuple):
            known = [part for pair in set(known) for part in pair]
        if known and isinstance(known[0], int) and not isinstance(known[0], bool):
            found[name] = max(map(abs, known))
    return found


def _load(
    connection: duckdb.DuckDBPyConnection,
    content: Content,
    plan: SqlLights,
    given: Mapping[str, Values],
) -> str:
    """One table a run, a column for each input of the plan."""
    needed: dict[str, tuple[str, Values]] = {"id": ("BIGINT", range(len(content.subjects)))}
    for measure, name in (("计划开工时间", "planned_start"), ("实际开工时间", "actual_start")):
        needed[name] = ("DATE", given[measure])
    renamed = []
    for column in plan.columns:
        kind = _TYPES.get(column.kind.value, "BIGINT")
        if column.measure in START_COLUMNS and column.measure not in given:
            renamed.append(f"{START_COLUMNS[column.measure]} AS {column.name}")
        elif column.measure in given:
            needed[column.name] = (kind, _part(column, given[column.measure]))
            renamed.append(column.name)
        else:
            renamed.append(f"CAST(NULL AS {kind}) AS {column.name}")
    lists = ", ".join(f"unnest(?::{kind}[]) AS {name}" for name, (kind, _) in needed.items())
    connection.execute(
        f"CREATE TABLE subjects AS SELECT {lists}", [list(values) for _, values in needed.values()]
    )
    as_of: date = content.period_key.as_of
    started = starts_sql(
        DUCKDB, "subjects", planned="planned_start", actual="actual_start", as_of=as_of
    )
    return f"(SELECT {', '.join(('id', *renamed))} FROM {started}) AS facts"


def _part(column: Column, values: Values) -> Values:
    if not column.part:
        return values
    at = 0 if column.part == "n" else 1
    return [None if value is None else value[at] for value in values]
