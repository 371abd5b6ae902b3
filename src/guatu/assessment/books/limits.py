"""The limits of a book that a city may set otherwise: what the book says and what holds."""

from __future__ import annotations

from dataclasses import dataclass

from guatu.engines.rulebook import Book, RulebookError, limits_of, parts_of_limits, read_limit
from guatu.organisation.models import Setting
from guatu.organisation.types import SETTINGS


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One limit: the book's own value and the city's, empty where the book's holds."""

    name: str
    meaning: str
    own: str
    city: str


@dataclass(frozen=True, slots=True)
class HeldLimits:
    """The limits of a book, the setting that states them, its newest change, and what of it the
    book does not know."""

    key: str
    rows: tuple[LimitRow, ...]
    last: Setting | None
    passed_over: tuple[str, ...]


def held_limits(book: Book) -> HeldLimits | None:
    """The limits that hold beside the book's own; None for a book without a setting for them. One
    statement."""
    spec = next((one for one in SETTINGS.values() if one.limits_of == book.id), None)
    if spec is None:
        return None
    last = Setting.objects.filter(key=spec.key).order_by("-pk").first()
    known = limits_of(book)
    city: dict[str, str] = {}
    passed_over = []
    for name, typed in parts_of_limits(last.value if last else ""):
        try:
            city[name] = known[name].told(read_limit(known[name], typed))
        except (KeyError, RulebookError):
            passed_over.append(f"{name}{typed}")
    rows = tuple(
        LimitRow(one.name, one.measure.meaning, one.text, city.get(one.name, ""))
        for one in known.values()
    )
    return HeldLimits(spec.key, rows, last, tuple(passed_over))
