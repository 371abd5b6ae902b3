"""Queries of the ORM whose SQL is made once per process and run with other values after that.

Making the SQL of a query with a dozen subqueries takes Django ten times as long as the database
needs to answer it. A prepared query is written like any other; only its making is not repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from datetime import date
from functools import wraps
from types import SimpleNamespace
from typing import Any

from django.db import connections
from django.db.models import Model, QuerySet

type Value = int | date
_FIRST_INT = 6_271_000_000_000_000_000
_FIRST_DAY = date(9571, 1, 1).toordinal()


class _Statement:
    """One query as the database is asked it: its SQL, and which value goes where."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], values: Sequence[Value]) -> None:
        marks = [_mark(place, value) for place, value in enumerate(values)]
        self._queryset: Any = build(*marks)
        self._compiler = self._queryset.query.get_compiler(using=self._queryset.db)
        self._sql, params = self._compiler.as_sql()
        # Where the database keeps days as text, a day's mark has become text.
        texts = {str(mark): place for place, mark in enumerate(marks) if isinstance(mark, date)}
        places = {mark: place for place, mark in enumerate(marks)}
        self._params = [
            (texts[param], True) if param in texts else (places.get(param), False)
            for param in params
        ]
        self._fixed = params
        unused = set(range(len(marks))) - {place for place, _ in self._params}
        if unused:
            raise TypeError(f"{build.__qualname__} changes its values {sorted(unused)}")

    def rows(self, values: Sequence[Value]) -> list[Any]:
        """The rows for other values, as the query would have given them."""
        params = tuple(
            fixed if place is None else str(values[place]) if is_text else values[place]
            for (place, is_text), fixed in zip(self._params, self._fixed, strict=True)
        )
        # The compiler knows how columns become objects; it is only spared the making of SQL.
        compiler = copy(self._compiler)
        compiler.connection = connections[self._queryset.db]
        compiler.as_sql = lambda *_, **__: (self._sql, params)
        asked: Any = type(self._queryset)(self._queryset.model)
        asked._query = SimpleNamespace(get_compiler=lambda using: compiler)
        asked._fields = self._queryset._fields
        rows: list[Any] = list(self._queryset._iterable_class(asked))
        return rows


def prepared[**P, M: Model, Row](
    build: Callable[P, QuerySet[M, Row]],
) -> Callable[P, list[Row]]:
    """Make the SQL of a query once: `build` is called for the first values of its kind alone, and
    with stand-ins for them.

    Values are whole numbers and days, given in order; each goes into the query as it is (nothing
    is computed from it) and decides nothing about its form. Raises TypeError for others.
    """
    made: dict[str, _Statement] = {}

    @wraps(build)
    def rows(*values: P.args, **named: P.kwargs) -> list[Row]:
        given: Sequence[Any] = values
        if named or not all(type(one) in (int, date) for one in given):
            raise TypeError(f"{build.__qualname__} takes numbers and days in order")
        statement = made.get(connections["default"].vendor)
        if statement is None:
            statement = made[connections["default"].vendor] = _Statement(build, given)
        return statement.rows(given)

    return rows


def _mark(place: int, value: Value) -> Value:
    """What stands for a value while the SQL is made: nothing else in a query is like it."""
    if isinstance(value, date):
        return date.fromordinal(_FIRST_DAY + place)
    return _FIRST_INT + place
