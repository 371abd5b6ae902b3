"""Queries of the ORM whose SQL is made once per process and run with other values after that.

Making the SQL of a query with a dozen subqueries takes Django ten times as long as the database
needs to answer it. A prepared query is written like any other; only its making is not repeated.
PostgreSQL plans it once per connection, too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from datetime import date
from functools import wraps
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet

from guatu.database.numbered import Value, ask, numbered

_FIRST_INT = 6_271_000_000_000_000_000
_FIRST_DAY = date(9571, 1, 1).toordinal()


class _Statement:
    """One query as the database is asked it: its SQL, and which value goes where."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], values: Sequence[Value]) -> None:
        marks = [_mark(place, value) for place, value in enumerate(values)]
        self._queryset: Any = build(*marks)
        if self._queryset.db != DEFAULT_DB_ALIAS:
            raise TypeError(f"{build.__qualname__} asks another database")
        self._compiler = self._queryset.query.get_compiler(using=self._queryset.db)
        sql, params = self._compiler.as_sql()
        # Where the database keeps days as text, a day's mark has become text.
        places = {mark: place for place, mark in enumerate(marks)}
        texts = {str(mark): place for mark, place in places.items() if isinstance(mark, date)}
        self._params = [
            (texts[param], True) if param in texts else (places.get(param), False)
            for param in params
        ]
        self._fixed = params
        unused = set(places.values()) - {place for place, _ in self._params}
        if unused:
            raise TypeError(f"{build.__qualname__} changes its values {sorted(unused)}")
        connection = self._compiler.connection
        self._is_numbered = connection.vendor == "postgresql"
        self._sql = numbered(connection, sql, params, marks) if self._is_numbered else sql

    def rows(self, values: Sequence[Value]) -> list[Any]:
        """The rows for other values, as the query would have given them."""
        # The compiler knows how columns become objects; it is only spared making and asking. Had
        # Django another way to ask, it would find no SQL rather than that of the marks.
        compiler = copy(self._compiler)
        connection = compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = None
        compiler.execute_sql = lambda *_, **__: [self._asked(connection, values)]
        asked: Any = type(self._queryset)(self._queryset.model)
        asked._query = SimpleNamespace(get_compiler=lambda using: compiler)
        asked._fields = self._queryset._fields
        rows: list[Any] = list(self._queryset._iterable_class(asked))
        return rows

    def _asked(self, connection: Any, values: Sequence[Value]) -> list[Any]:
        with connection.cursor() as cursor:
            if self._is_numbered:
                return ask(cursor, self._sql, values)
            cursor.execute(self._sql, self._of(values))
            found: list[Any] = cursor.fetchall()
            return found

    def _of(self, values: Sequence[Value]) -> tuple[Any, ...]:
        return tuple(
            fixed if place is None else str(values[place]) if is_text else values[place]
            for (place, is_text), fixed in zip(self._params, self._fixed, strict=True)
        )


def prepared[**P, M: Model, Row](
    build: Callable[P, QuerySet[M, Row]],
) -> Callable[P, list[Row]]:
    """Make the SQL of a query once: `build` is called for the first values of its kind alone, and
    with stand-ins for them.

    Values are whole numbers and days, given in order, never None; each goes into the query as it
    is (nothing is computed from it) and decides nothing about its form, and nothing else that
    changes while the process runs goes in. Raises TypeError for others.
    """
    made: dict[tuple[str, str], _Statement] = {}

    @wraps(build)
    def rows(*values: P.args, **named: P.kwargs) -> list[Row]:
        given: Sequence[Any] = values
        if named or not all(type(one) in (int, date) for one in given):
            raise TypeError(f"{build.__qualname__} takes numbers and days in order")
        # What the SQL depends on besides; tests change it within a process.
        kind = (connections[DEFAULT_DB_ALIAS].vendor, settings.TIME_ZONE)
        statement = made.get(kind)
        if statement is None:
            statement = made[kind] = _Statement(build, given)
        return statement.rows(given)

    return rows


def _mark(place: int, value: Value) -> Value:
    """What stands for a value while the SQL is made: nothing else in a query is like it."""
    if isinstance(value, date):
        return date.fromordinal(_FIRST_DAY + place)
    return _FIRST_INT + place
