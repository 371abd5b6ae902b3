"""Some row of any table, with whatever rows it needs: for tests that hold for every table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import count

from django.apps import apps
from django.db import connection, models, transaction

from guatu.core import clock

type Save = Callable[[models.Model], None]
# Far above the entries and ids that the tests themselves make.
_numbers = count(2_000)


ALSO_NEEDED = {"ledger_recordedvalue": ("project",), "ledger_listversion": ("list",)}
"""Columns that may be empty, but not in every row: a value speaks of exactly one subject, a version
of a list or of the call for one."""


def model_of(table: str) -> type[models.Model]:
    """The model of a table's name."""
    return next(model for model in apps.get_models() if model._meta.db_table == table)


def save_plainly(row: models.Model) -> None:
    """Past the journal: such a row is there for triggers to guard, or for verification to find."""
    type(row)._base_manager.bulk_create([row])


def make_row(model: type[models.Model], save: Save = save_plainly) -> models.Model:
    """A new row with a value in every column that must have one."""
    row = model()
    needed = ALSO_NEEDED.get(model._meta.db_table, ())
    for field in model._meta.concrete_fields:
        is_automatic = isinstance(field, models.AutoField)
        is_optional = field.null or (field.has_default() and not field.primary_key)
        if field.name in needed or not (is_automatic or is_optional):
            setattr(row, field.attname, _some_value(field, save))
    save(row)
    return row


def _some_value(field: models.Field[object, object], save: Save) -> object:
    if isinstance(field, models.ForeignKey):
        return make_row(field.related_model, save).pk
    if isinstance(field, models.DateTimeField):
        return clock.now()
    if isinstance(field, models.DateField):
        return date(2026, 10, 31)
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.IntegerField):
        return next(_numbers)
    if field.choices:
        return next(iter(field.flatchoices))[0]
    return f"x{next(_numbers)}"[: field.max_length]


def sql(statement: str, *values: str | int | None) -> None:
    """One raw statement, in a savepoint of its own."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def content(table: str) -> list[tuple[object, ...]]:
    """All cells of a table."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
        return list(cursor.fetchall())
