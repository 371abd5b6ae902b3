"""Integer expressions that know how large they can become, and so which type holds them."""

from __future__ import annotations

from dataclasses import dataclass

from guatu.engines.rulebook.sql.dialects import INT64, Dialect, not_in_sql


@dataclass(frozen=True, slots=True)
class Int:
    """An integer expression of magnitude ≤ `bound`; `wide` when its type is the wide one."""

    sql: str
    bound: int
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """A ratio: both parts are NULL when it is missing, else the denominator is positive."""

    top: Int
    bottom: Int


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Sums and products in the narrowest type that surely holds the result.

    Within the bounds nothing overflows; beyond them 64 and 128 bits raise in the database, so a
    wrong figure never comes out. Raises NotInSql where no type is wide enough.
    """

    dialect: Dialect

    def literal(self, value: int) -> Int:
        """A whole number as written."""
        text = str(value) if value >= 0 else f"({value})"
        wide = abs(value) > INT64
        return Int(self._cast(text) if wide else text, abs(value), wide)

    def times(self, left: Int, right: Int) -> Int:
        """left × right."""
        if right.sql == "1":
            return left
        if left.sql == "1":
            return right
        return self._combine(left, "*", right, left.bound * right.bound)

    def minus(self, left: Int, right: Int) -> Int:
        """left − right."""
        return self._combine(left, "-", right, left.bound + right.bound)

    def plus(self, left: Int, right: Int) -> Int:
        """left + right."""
        return self._combine(left, "+", right, left.bound + right.bound)

    def quotient(self, top: Int, bottom: Int) -> Int:
        """Whole part of top ÷ bottom; neither negative, bottom positive. Narrow where it can be."""
        wide = top.wide or bottom.wide
        sql = self.dialect.divided(top.sql, bottom.sql, wide=wide)
        if wide and top.bound <= INT64:
            return Int(f"CAST({sql} AS BIGINT)", top.bound)
        return Int(sql, top.bound, wide)

    def floor(self, top: Int, bottom: Int) -> Int:
        """⌊top ÷ bottom⌋ for any sign of the top: below zero the magnitude is rounded up."""
        whole = self.quotient(top, bottom)
        magnitude = Int(f"(-{top.sql})", top.bound, top.wide)
        above = self.plus(magnitude, self.minus(bottom, self.literal(1)))
        negative = self.quotient(above, bottom)
        sql = f"CASE WHEN {top.sql} < 0 THEN -{negative.sql} ELSE {whole.sql} END"
        return Int(sql, top.bound + 1, whole.wide or negative.wide)

    def remainder(self, top: Int, bottom: Int) -> Int:
        """What is left of top ÷ bottom; neither negative."""
        wide = top.wide or bottom.wide
        sql = f"(({top.sql}) % ({bottom.sql}))"
        if wide and bottom.bound <= INT64:
            return Int(f"CAST({sql} AS BIGINT)", bottom.bound)
        return Int(sql, bottom.bound, wide)

    def magnitude(self, value: Int) -> Int:
        """|value|."""
        return Int(f"abs({value.sql})", value.bound, value.wide)

    def widened(self, value: Int) -> Int:
        """The same in the wide type."""
        return value if value.wide else Int(self._cast(value.sql), value.bound, True)

    def _combine(self, left: Int, sign: str, right: Int, bound: int) -> Int:
        widest = self.dialect.widest
        if widest is not None and bound > widest:
            raise not_in_sql(f"办法里的数可能超过{len(str(widest))}位")
        wide = left.wide or right.wide
        if bound > INT64 and not wide:
            left, wide = self.widened(left), True
        return Int(f"({left.sql} {sign} {right.sql})", bound, wide)

    def _cast(self, sql: str) -> str:
        return f"CAST({sql} AS {self.dialect.wide})"
