"""Over many subjects: roll-ups by dimension, exact ranks by a ratio, percentiles (M-D4).

A ratio is never divided into a float: subjects are ordered by its binary expansion, computed in
steps of whole division with remainder, far enough that two ratios that differ differ there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guatu.engines.rulebook.sql.dialects import Dialect, identifier
from guatu.engines.rulebook.sql.emit import SEVERITY_RANKS
from guatu.engines.rulebook.sql.integers import Arithmetic, Int
from guatu.engines.rulebook.types import Severity

_PACKED_BITS = 62


@dataclass(frozen=True, slots=True)
class Ordering:
    """Columns that order a ratio exactly: staged expressions and the names of the keys.

    The keys are NULL where the ratio is missing (either part NULL, or denominator ≤ 0).
    """

    stages: tuple[tuple[str, ...], ...]
    keys: tuple[str, ...]

    def over(self, source: str, fence: str = "") -> str:
        """The relation with the key columns added."""
        for number, stage in enumerate(self.stages):
            source = f"(SELECT *, {', '.join(stage)} FROM {source}{fence}) AS o{number}"
        return source


def ratio_order(
    dialect: Dialect, top: str, bottom: str, *, largest: tuple[int, int], prefix: str = "k"
) -> Ordering:
    """The ordering of top ÷ bottom, two BIGINT columns with magnitudes up to `largest`.

    Two ratios with denominators below 2^b differ by more than 2^−2b, so their expansions to 2b
    binary places differ. Every step stays in 64 bits while b ≤ 55; above, in the wide type.
    """
    arithmetic = Arithmetic(dialect)
    bits = largest[1].bit_length()
    narrow = bits <= 55 and largest[0].bit_length() <= 60
    room = 63 if narrow else 120
    first, each = room - max(largest[0].bit_length(), bits), room - bits
    if not narrow:
        first = min(first, 62)
        each = min(each, 62)
    known = f"{bottom} > 0 AND {top} IS NOT NULL"
    d = Int(f"{prefix}_d", largest[1])
    stages = [
        (
            f"CASE WHEN {known} THEN CAST({top} AS BIGINT) END AS {prefix}_n",
            f"CASE WHEN {known} THEN CAST({bottom} AS BIGINT) END AS {prefix}_d",
        )
    ]
    shifted = arithmetic.times(Int(f"{prefix}_n", largest[0]), arithmetic.literal(2**first))
    stages.append((f"{_floor(arithmetic, shifted, d)} AS {prefix}_q0",))
    left = f"{shifted.sql} - {prefix}_q0 * {arithmetic.widened(d).sql if shifted.wide else d.sql}"
    stages.append((f"CAST({left} AS BIGINT) AS {prefix}_r0",))
    pieces, count = first, 0
    while pieces < 2 * bits:
        shifted = arithmetic.times(
            Int(f"{prefix}_r{count}", largest[1]), arithmetic.literal(2**each)
        )
        count += 1
        whole = arithmetic.quotient(shifted, d)
        rest = arithmetic.remainder(shifted, d)
        stages.append(
            (
                f"CAST({whole.sql} AS BIGINT) AS {prefix}_q{count}",
                f"{rest.sql} AS {prefix}_r{count}",
            )
        )
        pieces += each
    keys, packed = [f"{prefix}_q0"], []
    per_key = max(1, _PACKED_BITS // each)
    for start in range(1, count + 1, per_key):
        names = [f"{prefix}_q{i}" for i in range(start, min(start + per_key, count + 1))]
        sql = names[0]
        for name in names[1:]:
            sql = f"({sql} * {2**each} + {name})"
        packed.append(f"{sql} AS {prefix}_p{start}")
        keys.append(f"{prefix}_p{start}")
    if packed:
        stages.append(tuple(packed))
    return Ordering(tuple(stages), tuple(keys))


def _floor(arithmetic: Arithmetic, shifted: Int, d: Int) -> str:
    """⌊shifted ÷ d⌋ for any sign: below zero the quotient of the magnitude is rounded up."""
    whole = arithmetic.quotient(shifted, d)
    magnitude = Int(f"(-{shifted.sql})", shifted.bound, shifted.wide)
    above = arithmetic.plus(magnitude, arithmetic.minus(d, arithmetic.literal(1)))
    negative = arithmetic.quotient(above, d)
    return f"CASE WHEN {shifted.sql} < 0 THEN -{negative.sql} ELSE {whole.sql} END"


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
