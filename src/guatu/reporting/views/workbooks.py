"""Signed workbooks to be filled in: a unit's own, and for the office those of one
unit or of all."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from guatu.core.ids import is_id
from guatu.organisation import request as who
from guatu.organisation.request import needs
from guatu.organisation.types import Right
from guatu.reporting.access import round_of, scopes_of
from guatu.reporting.views.intake import office_round
from guatu.reporting.workbook.issuing import (
    ZIP,
    together,
    units_reporting_for,
    workbooks_of,
    zipped,
)
from guatu.ui.export import download


@require_safe
@needs(Right.REPORT)
def own(request: HttpRequest, round_id: int) -> HttpResponse:
    """The workbook of the user's unit; of several units an archive."""
    the_round = round_of(round_id)
    made = workbooks_of(the_round, scopes_of(who.assignments_of(request), Right.REPORT))
    content, name, mime = together(made, f"{the_round.period.label}填报表")
    return download(content, name, mime)


@require_safe
def of_unit(request: HttpRequest, round_id: int, organisation_id: int) -> HttpResponse:
    """For the office the workbook of what one lead unit answers for; of several units that report
    it an archive."""
    the_round = office_round(request, round_id)
    units = units_reporting_for(the_round, organisation_id) if is_id(organisation_id) else []
    made = workbooks_of(the_round, units)
    content, name, mime = together(made, f"{the_round.period.label}填报表")
    return download(content, name, mime)


@require_safe
def every(request: HttpRequest, round_id: int) -> HttpResponse:
    """The workbooks of all units of a round, in one archive."""
    the_round = office_round(request, round_id)
    made = workbooks_of(the_round, None)
    return download(zipped(made), f"{the_round.period.label}{the_round.list.name}填报表.zip", ZIP)
