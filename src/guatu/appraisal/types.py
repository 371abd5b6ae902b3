"""States of criteria, and what forms say of schemes and criteria."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import models

MILLI = 1_000
"""Values and points are whole thousandths of their unit."""


class CriterionState(models.TextChoices):
    MET = "met", "达标"
    MISSED = "missed", "未达标"
    NO_DATA = "no-data", "暂无数"
    NOT_APPLICABLE = "n-a", "不适用"


@dataclass(frozen=True, slots=True)
class SaveScheme:
    """What a form says of a scheme; `stake_yuan` is what hangs on it in money, where it is told."""

    year: int
    name: str
    issuer: str
    outside_number: str
    stake_text: str
    stake_yuan: int | None
    from_on: date
    until_on: date


@dataclass(frozen=True, slots=True)
class SaveCriterion:
    """What a form or a pasted line says of a criterion; values and points in thousandths."""

    number: str
    name: str
    group: str
    full_points_milli: int
    target_text: str
    unit: str
    organisation_id: int | None
    person_id: int | None
    target_milli: int | None
    is_lower_better: bool
    basis: str


@dataclass(frozen=True, slots=True)
class SaveValue:
    """How a criterion stood on a day, as its owner says; `state` empty: as the numbers say."""

    as_of: date
    value_milli: int | None
    points_milli: int | None
    state: str
    note: str
