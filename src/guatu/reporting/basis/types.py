"""Whose investment a figure counts, and a basis as a value."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models


class Coverage(models.TextChoices):
    """Whose investment is counted: figures of different coverage are never set side by side."""

    UNSTATED = "", "未注明"
    PROJECT = "project", "项目自身"
    COUNTY = "county", "县级口径"
    SOCIETY = "society", "全社会口径"


@dataclass(frozen=True, slots=True)
class Basis:
    """On what a figure rests: who says it, of what, in which unit, of whom, by which method.

    Empty texts: nobody has written it down.
    """

    source: str
    unit: str
    accumulates: str
    coverage: str = ""
    scope: str = ""
    method: str = ""
