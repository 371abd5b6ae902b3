"""Values that rule books compare: kinds, severities, records."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from guatu.core.errors import BadInput


class RulebookError(BadInput):
    """A rule book, its examples or facts cannot be used; carries every fault at once."""


class Severity(StrEnum):
    """What sorts and counts. Label and colour come from the rule book (architecture §7)."""

    OK = "ok"
    NOTICE = "notice"
    WARNING = "warning"
    SERIOUS = "serious"
    NO_DATA = "no_data"
    NOT_DUE = "not_due"
    NOT_IN_SCOPE = "not_in_scope"
    UNDECIDED = "undecided"


JUDGED = (Severity.OK, Severity.NOTICE, Severity.WARNING, Severity.SERIOUS)
"""Severities that rest on data, mildest first."""
LAGGING = (Severity.SERIOUS, Severity.WARNING)
"""Severities that say that a project is behind, whatever the book calls their lights."""

UNJUDGED = (
    Severity.UNDECIDED,
    Severity.NO_DATA,
    Severity.NOT_DUE,
    Severity.NOT_IN_SCOPE,
)
"""What a subject is when no dimension has been judged: the first of these that occurs."""


class Kind(StrEnum):
    """The kind of a measure. Facts hold int (yuan, count, months, days), a pair of int (ratio,
    points, quantity), date (day), bool, str (text) or a tuple of `Record` (records)."""

    YUAN = "yuan"
    RATIO = "ratio"
    POINTS = "points"
    QUANTITY = "quantity"
    COUNT = "count"
    MONTHS = "months"
    DAYS = "days"
    DAY = "day"
    BOOL = "bool"
    TEXT = "text"
    RECORDS = "records"
    PAPERS = "papers"


PAIRED = (Kind.RATIO, Kind.POINTS, Kind.QUANTITY)
"""Kinds whose values are a numerator and a positive denominator."""

type Pair = tuple[int, int]
type Value = int | str | date | Pair


class Record(NamedTuple):
    """One entry of a record (记录): when it happened, its value if it has one, who gave it."""

    on: date
    value: Value | None = None
    who: str = ""


type FactValue = Value | tuple[Record, ...] | None
