"""Quick figures (快报数) of a round: unreviewed, with their hour, gone once it is locked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from guatu.core import clock
from guatu.ledger.models import ListEntry
from guatu.reporting.access import Viewer, named, projects_of
from guatu.reporting.desk.presenters import head
from guatu.reporting.models import Figure, QuickFigure, Round
from guatu.reporting.types import INVESTMENT, FigureSource, RoundState
from guatu.ui.tables import Page, without


@dataclass(slots=True)
class Row:
    """One project with its newest quick figure and the figure in force."""

    serial_no: int
    project_id: int
    name: str
    quick: QuickFigure | None
    figure: int | None


def page(viewer: Viewer, the_round: Round, query: QueryDict) -> dict[str, Any]:
    """The context of the page; after locking there is nothing to show."""
    text = query.get("q", "").strip()[:100]
    seen = projects_of(viewer, the_round)
    if text:
        seen = named(seen, text)
    entries = ListEntry.objects.filter(
        list_id=the_round.list_id, left_on__isnull=True, project__in=seen
    ).order_by("serial_no", "pk")
    number = query.get("page", "1")
    place = Page(
        int(number) if number.isdecimal() and int(number[:9]) > 0 else 1,
        entries.count(),
        query=without(query, "page"),
    )
    shown = entries[place.start : place.start + place.size]
    rows = list(shown.values_list("serial_no", "project_id", "project__name"))
    ids = [project_id for _, project_id, _ in rows]
    quick = newest(the_round, ids)
    figures = dict(
        Figure.objects.filter(
            project_id__in=ids,
            indicator__code=INVESTMENT,
            as_of=the_round.period.last_on,
            source=FigureSource.UNIT,
            is_current=True,
        ).values_list("project_id", "value")
    )
    return {
        **head(the_round),
        "rows": [Row(n, pk, name, quick.get(pk), figures.get(pk)) for n, pk, name in rows],
        "page": place,
        "text": text,
        "chosen": query.get("project", ""),
    }


def newest(the_round: Round, project_ids: list[int]) -> dict[int, QuickFigure]:
    """The newest quick figure of each project since the round's period began; none once locked."""
    if the_round.state != RoundState.OPEN:
        return {}
    rows = QuickFigure.objects.filter(
        project_id__in=project_ids, at_hour__gte=clock.start_of(the_round.period.first_on)
    ).order_by("at_hour", "pk")
    return {row.project_id: row for row in rows}
