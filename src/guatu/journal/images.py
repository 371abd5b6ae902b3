"""After-images: one row as canonical JSON text, the same on every database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from json import JSONEncoder
from typing import Any

from django.db import models

from guatu.engines.chain import sm3
from guatu.journal.models import Journalled

_encode = JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def plain(value: Any) -> Any:
    """A column's value as JSON knows it: dates as ISO text, instants in UTC to the microsecond."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no journal form for {type(value).__name__}")


@cache
def _columns(model: type[models.Model]) -> tuple[tuple[str, bool], ...]:
    personal = model.journal_personal if issubclass(model, Journalled) else frozenset()
    names = sorted(field.attname for field in model._meta.concrete_fields)
    return tuple((name, name in personal) for name in names if not (personal and name == "salt"))


@cache
def imager(model: type[models.Model]) -> Callable[[models.Model], str]:
    """A function giving the after-image of a row of `model` as canonical JSON text."""
    columns = _columns(model)
    if not any(personal for _, personal in columns):
        names = [name for name, _ in columns]

        def fast(row: models.Model) -> str:
            values = row.__dict__
            image = {}
            for name in names:
                value = values[name]
                kind = type(value)
                # Most columns are plain; the rest take the slower road.
                image[name] = value if value is None or kind is int or kind is str else plain(value)
            return _encode(image)

        return fast

    def with_commitments(row: models.Model) -> str:
        values = row.__dict__
        return _encode(
            {
                # Nothing is nobody's: so a personal column added later is empty in old rows too.
                name: commitment(values["salt"], values[name])
                if personal and values[name] is not None
                else plain(values[name])
                for name, personal in columns
            }
        )

    return with_commitments


def commitment(salt: str, value: str) -> str:
    """What the journal keeps of a personal value: useless without the salt in the row itself."""
    return f"commit:sm3:{sm3(f'{salt}\n{value}'.encode())}"
