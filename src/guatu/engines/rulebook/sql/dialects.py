"""Where the databases spell differently: division, quoting, days apart, percentile, source.

Only what passes through here becomes SQL: identifiers we generate, integers, quoted texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from guatu.core.errors import Fault
from guatu.engines.rulebook.types import RulebookError

INT64 = 2**63 - 1
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,40}")


class NotInSql(RulebookError):
    """What a book asks cannot be said in SQL here (too wide a number, an operator that is not
    emitted, a text that databases refuse): judge it with the scalar evaluator."""


def not_in_sql(what: str) -> NotInSql:
    """The refusal with its one Chinese line."""
    return NotInSql(Fault(code="not-in-sql", what=what, remedy="请逐个对象计算"))


def _plain_quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _postgres_quoted(text: str) -> str:
    if "\\" not in text:
        return _plain_quoted(text)
    # E'' reads alike whatever standard_conforming_strings says.
    return " E'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def _spark_quoted(text: str) -> str:
    """Backslash escapes; `$` too, for Spark substitutes variables in the text of a query."""
    return "'" + "".join(f"\\u{ord(c):04x}" if c in "'\"\\$`{}" else c for c in text) + "'"


@dataclass(frozen=True, slots=True)
class Dialect:
    """One database's spellings. `wide` is the type for integers beyond 64 bits; `widest` is the
    largest magnitude it holds (None: no end). `fence` keeps stages from being folded into each
    other, which would repeat their text."""

    name: str
    wide: str
    widest: int | None
    text: str
    quote: Callable[[str], str]
    identifier_quote: str
    narrow_division: str
    wide_division: str
    days_between: str
    next_day: str
    fence: str

    def quoted(self, text: str) -> str:
        """A text literal. Raises NotInSql for what no database stores as text."""
        if "\0" in text or any(0xD800 <= ord(c) <= 0xDFFF for c in text):
            raise not_in_sql("办法里的文字含有不能存储的字符")
        return self.quote(text)

    def source(self, *names: str) -> str:
        """A table by its (schema and) name, quoted."""
        mark = self.identifier_quote
        if not names or any(not name or "\0" in name for name in names):
            raise not_in_sql("数据表没有名称")
        return ".".join(f"{mark}{name.replace(mark, mark * 2)}{mark}" for name in names)

    def divided(self, top: str, bottom: str, *, wide: bool) -> str:
        """Integer quotient of two expressions that are not negative."""
        pattern = self.wide_division if wide else self.narrow_division
        return pattern.format(top=top, bottom=bottom)

    def percentile(self, share: tuple[int, int], position: str, number: str) -> str:
        """A condition: the row at `position` of `number` ordered rows is the percentile by
        nearest rank, ⌈share × number⌉ in whole numbers."""
        top, bottom = share
        nearest = self.divided(f"{number} * {top} + {bottom - 1}", str(bottom), wide=False)
        return f"{position} = {nearest}"


DUCKDB = Dialect(
    name="duckdb",
    wide="HUGEINT",
    widest=2**127 - 1,
    text="VARCHAR",
    quote=_plain_quoted,
    identifier_quote='"',
    narrow_division="(({top}) // ({bottom}))",
    wide_division="(({top}) // ({bottom}))",
    days_between="({end} - {start})",
    next_day="({day} + 1)",
    fence="",
)
POSTGRES = Dialect(
    name="postgres",
    wide="NUMERIC",
    widest=None,
    text="TEXT",
    quote=_postgres_quoted,
    identifier_quote='"',
    narrow_division="(({top}) / ({bottom}))",
    wide_division="div({top}, {bottom})",
    days_between="({end} - {start})",
    next_day="({day} + 1)",
    fence=" OFFSET 0",
)
SPARK = Dialect(
    name="spark",
    wide="DECIMAL(38,0)",
    widest=10**38 - 1,
    text="STRING",
    quote=_spark_quoted,
    identifier_quote="`",
    narrow_division="(({top}) div ({bottom}))",
    # A quotient of decimals is rounded to six places: exact once the remainder is taken off.
    wide_division="CAST((({top}) - ({top}) % ({bottom})) / ({bottom}) AS DECIMAL(38,0))",
    days_between="DATEDIFF({end}, {start})",
    next_day="DATE_ADD({day}, 1)",
    fence="",
)


def identifier(name: str) -> str:
    """A name that callers chose for a column of theirs. Raises NotInSql unless it is plain."""
    if not _IDENTIFIER.fullmatch(name):
        raise not_in_sql(f"列名“{name[:40]}”只能由小写字母、数字和下划线组成")
    return name
