"""Statements that PostgreSQL keeps per connection, with `$1`, `$2`… for values.

Django writes values into the SQL itself, so PostgreSQL plans every statement anew; for a query
with a dozen subqueries that takes longer than to answer it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.backends.utils import CursorWrapper

type Value = int | date


def numbered(connection: Any, sql: str, params: Sequence[Any], marks: Sequence[Value]) -> str:
    """SQL with what never changes written into it, and numbers in the places of the marks."""
    text: str = connection.ops.compose_sql(sql, params)
    for number, mark in reversed(list(enumerate(marks, start=1))):
        kind = "date" if isinstance(mark, date) else "bigint"
        plain = connection.ops.compose_sql("%s", [mark])
        if plain not in text:
            raise TypeError(f"value {number} is not in the statement as it is")
        text = text.replace(plain, f"${number}::{kind}")
    return text


def ask(cursor: CursorWrapper, sql: str, values: Sequence[Value]) -> list[Any]:
    """The rows of a numbered statement; by Django's cursor, which counts and logs it and tells
    faults as ever, while psycopg's own binds the values (`prepare_threshold` of the settings)."""
    from psycopg import RawCursor
    from psycopg.types.numeric import Int8

    cursor.cursor.close()
    cursor.cursor = RawCursor(cursor.db.connection)
    # A small number would be of another type, and its statement another.
    cursor.execute(sql, [one if isinstance(one, date) else Int8(one) for one in values])
    found: list[Any] = cursor.fetchall()
    return found
