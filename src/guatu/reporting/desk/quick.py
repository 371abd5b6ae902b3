"""Quick figures (快报数) of a round: unreviewed, with their hour, gone once it is locked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict

from guatu.core import clock
from guatu.ledger.models import ListEntry, Responsibility
from guatu.ledger.queries import in_force
from guatu.ledger.request import Viewer
from guatu.ledger.types import ResponsibilityRole
from guatu.organisation import queries as organisation
from guatu.planning.queries import plans_of
from guatu.reporting.access import named, projects_of
from guatu.reporting.desk.presenters import head
from guatu.reporting.desk.queries import figures_before
from guatu.reporting.forms import QuickFigures
from guatu.reporting.models import QuickFigure, Round
from guatu.reporting.types import RoundState
from guatu.ui.tables import Page


@dataclass(slots=True)
class Row:
    """One project: plan, the last figure before this round, this round's, the newest quick one;
    and what was typed for it just now."""

    serial_no: int
    project_id: int
    name: str
    unit: str
    plan: int | None
    before: tuple[date, int] | None
    figure: int | None
    quick: QuickFigure | None
    typed: str = ""
    error: str = ""


def page(
    viewer: Viewer, the_round: Round, query: QueryDict, posted: QuickFigures | None = None
) -> dict[str, Any]:
    """The context of the page; after locking there is nothing to show."""
    text, unit = query.get("q", "").strip()[:100], query.get("unit", "")[:18]
    seen = projects_of(viewer, the_round)
    leads = _leads(the_round)
    names = organisation.names_of_organisations(leads.values())
    if text:
        seen = named(seen, text)
    entries = ListEntry.objects.filter(
        list_id=the_round.list_id, left_on__isnull=True, project__in=seen
    ).order_by("serial_no", "pk")
    if unit:
        entries = entries.filter(project__in=[pk for pk, at in leads.items() if str(at) == unit])
    place = Page.of(query, entries.count())
    shown = list(
        entries[place.start : place.start + place.size].values_list(
            "pk", "serial_no", "project_id", "project__name"
        )
    )
    ids = [project_id for _, _, project_id, _ in shown]
    quick = newest(the_round, ids)
    before, now = figures_before(the_round, ids)
    plans = plans_of([pk for pk, *_ in shown])
    posted = posted or QuickFigures()
    rows = [
        Row(
            serial_no,
            pk,
            name,
            names.get(leads.get(pk, 0), ""),
            plans.get(entry_id),
            before.get(pk),
            now.get(pk),
            quick.get(pk),
            posted.typed.get(pk, ""),
            posted.errors.get(pk, ""),
        )
        for entry_id, serial_no, pk, name in shown
    ]
    return {
        **head(the_round),
        "rows": rows,
        "page": place,
        "text": text,
        "unit": unit,
        "units": [(str(pk), names[pk]) for pk in dict.fromkeys(leads.values()) if pk in names],
    }


def _leads(the_round: Round) -> dict[int, int]:
    """The lead unit of each project of the round's list."""
    rows = Responsibility.objects.filter(
        in_force(clock.today()),
        role=ResponsibilityRole.LEAD,
        organisation__isnull=False,
        project__entries__list_id=the_round.list_id,
        project__entries__left_on__isnull=True,
    ).order_by("valid_from", "pk")
    found = rows.values_list("project_id", "organisation_id")
    return {project_id: unit for project_id, unit in found if unit is not None}


def newest(the_round: Round, project_ids: list[int]) -> dict[int, QuickFigure]:
    """The newest quick figure of each project since the round's period began; none once locked."""
    if the_round.state != RoundState.OPEN:
        return {}
    rows = QuickFigure.objects.filter(
        project_id__in=project_ids, at_hour__gte=clock.start_of(the_round.period.first_on)
    ).order_by("at_hour", "pk")
    return {row.project_id: row for row in rows}
