"""What the tests of taking a list in look at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from guatu.core.errors import BadInput
from guatu.engines.sheets import Cell
from guatu.ledger.models import Project
from guatu.planning.models import AnnualPlan, PlanSlice
from guatu.planning.services import ListTaken
from tests.tables import codes, row_counts

WAN = 10_000
type Take = Callable[..., ListTaken]


def counts(taken: ListTaken) -> tuple[int, int, int, int]:
    return taken.new, taken.changed, taken.same, taken.doubtful


def project(name: str) -> Project:
    return Project.objects.get(name=name)


def plans(name: str) -> list[tuple[int, int]]:
    rows = AnnualPlan.objects.filter(entry__project__name=name).order_by("plan_version")
    return [(row.plan_version, row.amount_yuan) for row in rows]


def slices(name: str) -> list[tuple[int, str, int]]:
    """Plan version, last day and cumulative 万元 of each slice."""
    rows = PlanSlice.objects.filter(plan__entry__project__name=name).select_related("plan")
    ordered = rows.order_by("plan__plan_version", "as_of")
    return [(r.plan.plan_version, f"{r.as_of:%m-%d}", r.cumulative // WAN) for r in ordered]


def refused(take: Take, *lines: dict[str, Cell], **options: Any) -> list[str]:
    """Codes of the faults; nothing may be changed by the refused call."""
    before = row_counts()
    with pytest.raises(BadInput) as error:
        take(*lines, **options)
    assert row_counts() == before
    return codes(error.value.faults)
