"""Over many subjects: ranks by a ratio, percentiles, roll-ups by dimension (M-D4)."""

from __future__ import annotations

from collections.abc import Sequence

from guatu.engines.rulebook.sql.dialects import Dialect, identifier
from guatu.engines.rulebook.sql.emit import SEVERITY_RANKS
from guatu.engines.rulebook.sql.ordering import Ordering
from guatu.engines.rulebook.types import Severity


def ranked(
    dialect: Dialect,
    source: str,
    ordering: Ordering,
    *,
    keep: Sequence[str],
    within: Sequence[str] = (),
    lowest_first: bool = False,
    percentiles: Sequence[tuple[int, int]] = (),
) -> str:
    """Rank, place and number of ranked subjects inside their group, beside the kept columns.

    `place_rank`: ties share a rank and the next is skipped; NULL without the ratio. `p50` … are
    TRUE at the subject that is the percentile by nearest rank, counted from the lowest.
    """
    columns = [identifier(name) for name in keep]
    group = f"PARTITION BY {', '.join(identifier(name) for name in within)} " if within else ""
    way = "ASC" if lowest_first else "DESC"
    order = ", ".join(f"{key} {way} NULLS LAST" for key in ordering.keys)
    key = ordering.keys[0]
    window = f"({group}ORDER BY {order})"
    body = (
        f"SELECT {', '.join(columns)}, {key} IS NOT NULL AS is_ranked,"
        f" RANK() OVER {window} AS rank_all, ROW_NUMBER() OVER {window} AS place,"
        f" COUNT({key}) OVER ({group.rstrip()}) AS ranked_number"
        f" FROM {ordering.over(source, dialect.fence)}"
    )
    place = "place" if lowest_first else "ranked_number + 1 - place"
    marks = [
        f", is_ranked AND {dialect.percentile(share, place, 'ranked_number')}"
        f" AS p{share[0] * 100 // share[1]}"
        for share in percentiles
    ]
    return (
        f"SELECT {', '.join(columns)}, CASE WHEN is_ranked THEN rank_all END AS place_rank,"
        f" ranked_number{''.join(marks)} FROM ({body}) AS ranks"
    )


def rolled_up(
    dialect: Dialect, source: str, dimensions: Sequence[str], *, plan: str, completed: str
) -> str:
    """One row a group of each dimension: sums in scope, counts by severity, without data.

    `source` has the columns of `compile_sql`; `plan`, `completed`: the caller's columns of yuan.
    `rate_n`/`rate_d`: Σ known
    completed ÷ Σ plan of all in scope; NULL without a plan or any figure (architecture §7).
    """
    return " UNION ALL ".join(
        _group(dialect, source, identifier(name), identifier(plan), identifier(completed))
        for name in dimensions
    )


def _group(dialect: Dialect, source: str, column: str, plan: str, completed: str) -> str:
    out = SEVERITY_RANKS[Severity.NOT_IN_SCOPE]
    # First by severity: few rows with plain sums; what they mean is decided on those.
    inner = (
        f"SELECT {column} AS key, worst, COUNT(*) AS n, COUNT({completed}) AS known,"
        f" SUM({plan}) AS plan, SUM({completed}) AS completed FROM {source}"
        f" GROUP BY {column}, worst"
    )
    counts = ", ".join(
        f"{_whole(f'SUM(CASE WHEN worst = {rank} THEN n ELSE 0 END)')} AS n_{severity.value}"
        for severity, rank in SEVERITY_RANKS.items()
    )
    inside = f"worst <> {out}"
    in_scope = {
        "in_scope": f"SUM(CASE WHEN {inside} THEN n ELSE 0 END)",
        "without_data": f"SUM(CASE WHEN {inside} THEN n - known ELSE 0 END)",
        "plan_yuan": f"COALESCE(SUM(CASE WHEN {inside} THEN plan END), 0)",
        "completed_yuan": f"SUM(CASE WHEN {inside} THEN completed END)",
        "outside_yuan": f"COALESCE(SUM(CASE WHEN worst = {out} THEN completed END), 0)",
    }
    sums = ", ".join(f"{_whole(sql)} AS {name}" for name, sql in in_scope.items())
    outer = (
        f"SELECT {dialect.quoted(column)} AS dimension, CAST(key AS {dialect.text}) AS key,"
        f" {_whole('SUM(n)')} AS projects, {sums}, {counts} FROM ({inner}) AS g GROUP BY key"
    )
    has_rate = "plan_yuan > 0 AND completed_yuan IS NOT NULL"
    return (
        f"SELECT *, CASE WHEN {has_rate} THEN completed_yuan END AS rate_n,"
        f" CASE WHEN {has_rate} THEN plan_yuan END AS rate_d FROM ({outer}) AS t"
    )


def _whole(sql: str) -> str:
    """A sum back as BIGINT: it raises rather than wraps where a sum is larger."""
    return f"CAST({sql} AS BIGINT)"
