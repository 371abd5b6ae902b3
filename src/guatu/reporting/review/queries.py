"""Who reviews a project's reports, in words."""

from __future__ import annotations

from guatu.core import clock
from guatu.ledger.models import ListEntry
from guatu.ledger.queries import with_reporting_units
from guatu.organisation.queries import names_of_organisations, settings_in_force
from guatu.reporting.review.rules import levels_of, reviewing_unit

OFFICE = "项目办"


def reviewer_words(project_id: int) -> str:
    """`江北区发展改革局一审，项目办二审`; empty for a project on no list. Three statements."""
    listed = ListEntry.objects.filter(project_id=project_id, left_on__isnull=True).order_by("-pk")
    entry = with_reporting_units(listed, clock.today()).first()
    if entry is None:
        return ""
    told = entry.__dict__
    levels = levels_of(settings_in_force()["review-levels"])
    unit = reviewing_unit(
        named=told["named_reviewer"],
        territory=told["territory_unit"],
        reporting=told["reporting_unit"],
        levels=levels,
    )
    if unit is None:
        return OFFICE
    name = names_of_organisations([unit]).get(unit, "")
    return f"{name}一审，{OFFICE}二审" if levels == 2 else f"{name}（{OFFICE}可退回）"
