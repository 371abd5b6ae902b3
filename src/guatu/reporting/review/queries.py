"""Who reviews a project's reports, by the list and in words."""

from __future__ import annotations

from collections.abc import Collection

from guatu.core import clock
from guatu.ledger.models import ListEntry
from guatu.ledger.queries import reporting_unit_of, with_reporting_units
from guatu.organisation.queries import names_of_organisations, settings_in_force
from guatu.reporting.asking.models import FigureQuestion
from guatu.reporting.review.rules import levels_of, reviewing_unit
from guatu.reporting.types import FigureQuestionKind, FigureQuestionState

OFFICE = "项目办"


def levels_in_force() -> int:
    """How many levels review has in this city now. One statement."""
    return levels_of(settings_in_force()["review-levels"])


def first_reviewer(entry: ListEntry, levels: int) -> int | None:
    """The organisation that reviews an entry's project before the office, of an entry read with
    `with_reporting_units`; None: the office alone."""
    return reviewing_unit(
        named=entry.__dict__["named_reviewer"],
        territory=entry.__dict__["territory_unit"],
        reporting=reporting_unit_of(entry),
        levels=levels,
    )


def asked_by_reviewers(period_id: int, project_ids: Collection[int]) -> set[int]:
    """The projects whose reports of a period a reviewer asked about in his own words, answered or
    not. One statement."""
    rows = FigureQuestion.objects.filter(
        period=period_id, project__in=project_ids, kind=FigureQuestionKind.REVIEWER
    ).exclude(state=FigureQuestionState.WITHDRAWN)
    return {pk for pk in rows.values_list("project_id", flat=True) if pk is not None}


def reviewer_words(project_id: int) -> str:
    """`江北区发展改革局一审，项目办二审`; empty for a project on no list. Three statements."""
    listed = ListEntry.objects.filter(project_id=project_id, left_on__isnull=True).order_by("-pk")
    entry = with_reporting_units(listed, clock.today()).first()
    if entry is None:
        return ""
    levels = levels_in_force()
    unit = first_reviewer(entry, levels)
    if unit is None:
        return OFFICE
    name = names_of_organisations([unit]).get(unit, "")
    return f"{name}一审，{OFFICE}二审" if levels == 2 else f"{name}（{OFFICE}可退回）"
