"""The exact order of ratios by whole division alone: no float, no fraction (M-D4).

A ratio is expanded in binary, in steps of whole division with remainder, far enough that two
ratios that differ differ there.
"""

from __future__ import annotations

from dataclasses import dataclass

from guatu.engines.rulebook.sql.dialects import Dialect
from guatu.engines.rulebook.sql.integers import Arithmetic, Int

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
    stages: list[tuple[str, ...]] = [
        (
            f"CASE WHEN {known} THEN CAST({top} AS BIGINT) END AS {prefix}_n",
            f"CASE WHEN {known} THEN CAST({bottom} AS BIGINT) END AS {prefix}_d",
        )
    ]
    shifted = arithmetic.times(Int(f"{prefix}_n", largest[0]), arithmetic.literal(2**first))
    stages.append((f"{arithmetic.floor(shifted, d).sql} AS {prefix}_q0",))
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
    packed = _packed(prefix, count, each)
    if packed:
        stages.append(tuple(f"{sql} AS {name}" for name, sql in packed))
    return Ordering(tuple(stages), (f"{prefix}_q0", *(name for name, _ in packed)))


def _packed(prefix: str, count: int, each: int) -> list[tuple[str, str]]:
    """The pieces after the first, as many in one key as fit: fewer keys sort faster."""
    found = []
    per_key = max(1, _PACKED_BITS // each)
    for start in range(1, count + 1, per_key):
        names = [f"{prefix}_q{i}" for i in range(start, min(start + per_key, count + 1))]
        sql = names[0]
        for name in names[1:]:
            sql = f"({sql} * {2**each} + {name})"
        found.append((f"{prefix}_p{start}", sql))
    return found
