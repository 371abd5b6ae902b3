"""One book for one kind of subject as a SELECT: gate outcome, lights, worst light, values.

Output columns a subject: the key and kept columns; `gate` (−1 passed, 2k refused by gate k, 2k+1
its data is missing); `l0`, `l1` … the outcome of each light (index as in `outcomes_of`, NULL when
a gate stopped); `worst` the rank of the overall severity (`SEVERITY_RANKS`) and `by_light` the
light that gave it (NULL when a gate did); the compared values of every measure that conditions
name. Source: architecture §5.3, M-D1, M-D3.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from guatu.engines.rulebook.catalogue import Catalogue
from guatu.engines.rulebook.evaluate import catalogue_of
from guatu.engines.rulebook.expression import measures_of
from guatu.engines.rulebook.outputs import outcomes_of
from guatu.engines.rulebook.sql.conditions import condition_sql
from guatu.engines.rulebook.sql.dialects import DUCKDB, Dialect, identifier, not_in_sql
from guatu.engines.rulebook.sql.frame import Column, Frame
from guatu.engines.rulebook.sql.integers import Int, Pair
from guatu.engines.rulebook.sql.outputs import exempting, output_columns, truth_sql
from guatu.engines.rulebook.types import (
    JUDGED,
    UNJUDGED,
    Book,
    Condition,
    Gate,
    Light,
    Settings,
    Severity,
)

SEVERITY_RANKS: Mapping[Severity, int] = {
    severity: rank for rank, severity in enumerate((*reversed(UNJUDGED), *JUDGED))
}
"""The higher the worse; whatever rests on data outranks what does not (`evaluate.worst`)."""
PASSED = -1


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """Where the value of a measure stands in the output: one column, or two of a pair."""

    measure: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SqlLights:
    """The emitted query without its source, and what a reader of its rows must know."""

    book: Book
    subject: str
    dialect: Dialect
    gates: tuple[Gate, ...]
    lights: tuple[Light, ...]
    columns: tuple[Column, ...]
    values: tuple[ValueColumn, ...]
    outputs: tuple[str, ...]
    stages: tuple[tuple[str, ...], ...]

    def sql(self, source: str) -> str:
        """The SELECT over a relation: a name from `Dialect.source`, or a parenthesised query with
        an alias, with the `columns` and the key and kept columns."""
        inner = source
        for number, stage in enumerate(self.stages):
            columns = ", ".join(stage)
            inner = f"(SELECT *, {columns} FROM {inner}{self.dialect.fence}) AS s{number}"
        return f"SELECT {', '.join(self.outputs)} FROM {inner}"


@dataclass(frozen=True, slots=True)
class Relation:
    """What the caller knows of the relation that the query will read.

    `keep`: the caller's own columns, plain names, passed through. `bounds`: the largest magnitude
    of a given measure (of either part of a ratio), by name; beyond it the database may refuse a
    row, never misjudge it. `given`: derived measures that the relation nevertheless has columns
    for; of an operator that SQL cannot say, the column is all there is. `days`: date or number.
    """

    keep: Collection[str] = ("id",)
    bounds: Mapping[str, int] = field(default_factory=dict)
    given: Collection[str] = ()
    days: str = "date"


def compile_sql(
    book: Book,
    settings: Settings | None = None,
    *,
    subject: str | None = None,
    catalogue: Catalogue | None = None,
    dialect: Dialect = DUCKDB,
    relation: Relation | None = None,
) -> SqlLights:
    """Emit a book for one kind of subject, its main one unless it is named.

    Raises NotInSql (a RulebookError) for what SQL cannot say here.
    """
    wanted, relation = subject or book.subject, relation or Relation()
    gates = tuple(gate for gate in book.gates if gate.subject == wanted)
    lights = tuple(light for light in book.lights if light.subject == wanted)
    if not lights:
        raise not_in_sql(f"办法“{book.id}”没有写{wanted}亮什么灯")
    frame = Frame(
        dialect=dialect,
        catalogue=catalogue or catalogue_of(book, wanted),
        settings=settings or Settings(),
        assumed={one.measure: one.value for one in book.assumptions if one.subject == wanted},
        bounds=relation.bounds,
        given=frozenset(relation.given),
        printed=book.compare == "printed",
        days=relation.days,
        outputs=output_columns(book, wanted),
    )
    # Before the stages are taken: values and truths may add columns to the frame.
    waived = _waived(frame, book, lights)
    truths = _truths(frame, gates, lights)
    values = _values(frame, gates, lights)
    return SqlLights(
        book=book,
        subject=wanted,
        dialect=dialect,
        gates=gates,
        lights=lights,
        columns=tuple(frame.columns),
        values=values,
        outputs=_outputs(relation, lights, values),
        stages=(*(tuple(one) for one in frame.stages), *_stages(gates, lights, truths, waived)),
    )


def _stages(
    gates: tuple[Gate, ...],
    lights: tuple[Light, ...],
    truths: Mapping[Condition, tuple[str, str]],
    waived: Mapping[str, str],
) -> tuple[tuple[str, ...], ...]:
    """From the truths of conditions to gate, lights, their ranks and the worst; each stage may
    name the columns of those before it."""
    names = {condition: alias for condition, (_, alias) in truths.items()}
    return (
        tuple(f"{sql} AS {alias}" for sql, alias in truths.values()),
        (f"{_small(_gate_sql(gates, names))} AS gate",),
        tuple(
            f"{_small(_light_sql(one, names, waived.get(one.id, '')))} AS l{i}"
            for i, one in enumerate(lights)
        ),
        tuple(f"{_small(_rank_sql(one, i))} AS r{i}" for i, one in enumerate(lights)),
        (f"{_small(_worst_sql(gates, len(lights)))} AS worst",),
    )


def _outputs(
    relation: Relation, lights: tuple[Light, ...], values: tuple[ValueColumn, ...]
) -> tuple[str, ...]:
    return (
        *(identifier(name) for name in relation.keep),
        "gate",
        *(f"l{i}" for i in range(len(lights))),
        "worst",
        f"{_small(_by_light_sql(len(lights)))} AS by_light",
        *(name for value in values for name in value.names),
    )


def _small(sql: str) -> str:
    """Outcomes are few: 16 bits, the narrowest integer that all databases have."""
    return f"CAST({sql} AS SMALLINT)"


def _conditions(gates: tuple[Gate, ...], lights: tuple[Light, ...]) -> list[Condition]:
    found = [gate.when for gate in gates]
    return found + [case.when for light in lights for case in light.cases]


def _truths(
    frame: Frame, gates: tuple[Gate, ...], lights: tuple[Light, ...]
) -> dict[Condition, tuple[str, str]]:
    """Each condition once, with the column that holds its truth."""
    found = dict.fromkeys(_conditions(gates, lights))
    return {when: (condition_sql(frame, when), f"b{number}") for number, when in enumerate(found)}


def _values(
    frame: Frame, gates: tuple[Gate, ...], lights: tuple[Light, ...]
) -> tuple[ValueColumn, ...]:
    names = dict.fromkeys(name for when in _conditions(gates, lights) for name in measures_of(when))
    found = []
    for name in names:
        value = frame.compared(name)
        match value:
            case Pair(top, bottom):
                columns: tuple[str, ...] = (top.sql, bottom.sql)
            case Int(sql):
                columns = (sql,)
            case _:
                columns = (value.sql,)
        found.append(ValueColumn(name, columns))
    return tuple(found)


def _gate_sql(gates: tuple[Gate, ...], names: Mapping[Condition, str]) -> str:
    if not gates:
        return str(PASSED)
    lines = []
    for number, gate in enumerate(gates):
        truth = names[gate.when]
        lines.append(f"WHEN NOT {truth} THEN {2 * number}")
        if gate.missing is not None:
            lines.append(f"WHEN {truth} IS NULL THEN {2 * number + 1}")
    return f"CASE {' '.join(lines)} ELSE {PASSED} END"


def _waived(frame: Frame, book: Book, lights: tuple[Light, ...]) -> dict[str, str]:
    """By light, what tells whether an exemption takes the subject out of it."""
    found = {}
    for light in lights:
        names = exempting(book, light.subject, light.id)
        if names:
            found[light.id] = " OR ".join(
                f"{truth_sql(frame.exact(name))} IS TRUE" for name in names
            )
    return found


def _light_sql(light: Light, names: Mapping[Condition, str], waived: str) -> str:
    missing = len(light.cases)
    lines = [f"WHEN gate <> {PASSED} THEN NULL"]
    if waived:
        lines.append(f"WHEN {waived} THEN {missing + 2}")
    for number, case in enumerate(light.cases):
        truth = names[case.when]
        lines.append(f"WHEN {truth} THEN {number}")
        # Unknown ends the walk: a later case may not overtake it.
        lines.append(f"WHEN {truth} IS NULL THEN {missing}")
    return f"CASE {' '.join(lines)} ELSE {missing + 1} END"


def _rank_sql(light: Light, number: int) -> str:
    said = outcomes_of(light)
    lines = [f"WHEN {i} THEN {SEVERITY_RANKS[one.severity]}" for i, one in enumerate(said)]
    return f"CASE l{number} {' '.join(lines)} END"


def _worst_sql(gates: tuple[Gate, ...], lights: int) -> str:
    ranks = [f"r{i}" for i in range(lights)]
    worst = f"GREATEST({', '.join(ranks)})" if len(ranks) > 1 else ranks[0]
    lines = []
    for number, gate in enumerate(gates):
        lines.append(f"WHEN {2 * number} THEN {SEVERITY_RANKS[gate.refused.severity]}")
        if gate.missing is not None:
            lines.append(f"WHEN {2 * number + 1} THEN {SEVERITY_RANKS[gate.missing.severity]}")
    return f"CASE gate {' '.join(lines)} ELSE {worst} END" if lines else worst


def _by_light_sql(lights: int) -> str:
    """The first light that has the worst severity; none when a gate stopped the walk."""
    lines = " ".join(f"WHEN r{i} = worst THEN {i}" for i in range(lights))
    return f"CASE {lines} END"
