"""What was entered for units in a round and waits for their word (代报待确认)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import QueryDict
from django.urls import reverse

from guatu.core import clock
from guatu.core.yuan import wan_text
from guatu.ledger.request import Viewer
from guatu.organisation import queries as organisation
from guatu.reporting.access import named, projects_of
from guatu.reporting.forms import now_text
from guatu.reporting.models import Figure, ProxyNote, Round
from guatu.reporting.queries import unconfirmed
from guatu.reporting.types import INVESTMENT, FigureSource, ReportSource, RoundState
from guatu.ui.tables import Column, Grid, Page, listing, without
from guatu.ui.templatetags.guatu import money


@dataclass(frozen=True, slots=True)
class Row:
    """One report that waits: of which unit and project, what was told, by whom."""

    report_id: int
    project_id: int
    project: str
    unit_id: int
    unit: str
    year_yuan: int | None
    progress: str
    source: str
    said_by: str
    said_at: datetime | None
    by: str

    @property
    def said_on(self) -> str:
        """When it was told, to the minute."""
        return clock.minute(self.said_at) if self.said_at else ""


COLUMNS: list[Column[Row]] = [
    Column("unit", "责任单位", lambda row: row.unit, is_sortable=True),
    Column("project", "项目名称", lambda row: row.project, "wide", is_sortable=True),
    Column(
        "year",
        "本年累计（万元）",
        lambda row: money(row.year_yuan, "万元"),
        "num",
        is_sortable=True,
        value=lambda row: wan_text(row.year_yuan) if row.year_yuan is not None else "",
    ),
    Column("progress", "形象进度", lambda row: row.progress),
    Column("said-by", "报送人", lambda row: row.said_by),
    Column("source", "来源", lambda row: row.source, "tight"),
    Column("said-at", "报送时间", lambda row: row.said_on, "tight", is_sortable=True),
    Column("by", "代报人", lambda row: row.by),
]
_ORDER: dict[str, Callable[[Row], Any]] = {
    "unit": lambda row: (row.unit, row.report_id),
    "project": lambda row: row.project,
    "year": lambda row: row.year_yuan or 0,
    "said-at": lambda row: (row.said_on, row.report_id),
}


def usual() -> dict[str, str]:
    """What the form of confirming begins with."""
    return {"source": ReportSource.PHONE.value, "said_at": now_text()}


def rows(viewer: Viewer, the_round: Round, query: QueryDict) -> list[Row]:
    """The reports that the address asks for, in its order."""
    seen = projects_of(viewer, the_round)
    text, unit = query.get("q", "").strip()[:100], query.get("unit", "")[:18]
    found = unconfirmed(
        the_round, None if viewer.sees_everything and not text else named(seen, text)
    )
    if unit.isascii() and unit.isdecimal():
        found = found.filter(organisation_id=int(unit))
    notes = ProxyNote.objects.filter(report=OuterRef("pk")).order_by("-pk")
    figures = Figure.objects.filter(
        project_id=OuterRef("project_id"),
        indicator__code=INVESTMENT,
        as_of=the_round.period.last_on,
        source=FigureSource.UNIT,
        is_current=True,
    )
    names = organisation.organisation_names().official
    read = found.annotate(
        year_yuan=Subquery(figures.values("value")[:1]),
        said_by=Subquery(notes.values("said_by")[:1]),
        said_at=Subquery(notes.values("said_at")[:1]),
        said_via=Subquery(notes.values("source")[:1]),
        noted_by=Subquery(notes.values("by")[:1]),
    ).values_list(
        "pk", "project_id", "project__name", "organisation_id", "year_yuan", "progress_text",
        "said_via", "said_by", "said_at", "noted_by",
    )  # fmt: skip
    made = [
        Row(
            pk, project_id, project, unit_id or 0, names.get(unit_id or 0, ""), yuan, progress,
            ReportSource(via).label if via else "", said_by or "", said_at, noted_by or "",
        )
        for pk, project_id, project, unit_id, yuan, progress, via, said_by, said_at, noted_by
        in read
    ]  # fmt: skip
    asked = listing(query, COLUMNS, default_sort="unit")
    return sorted(made, key=_ORDER[asked.sort], reverse=asked.is_descending)


def page(
    viewer: Viewer, the_round: Round, query: QueryDict, chosen: Collection[int] = ()
) -> dict[str, Any]:
    """The context of the page; `chosen` stay ticked when the form is refused."""
    found = rows(viewer, the_round, query)
    place = Page.of(query, len(found))
    units = {row.unit_id: row.unit for row in found}
    is_open = the_round.state == RoundState.OPEN
    asked = listing(query, COLUMNS, default_sort="unit")
    grid = Grid(
        COLUMNS,
        found[place.start : place.start + place.size],
        sort=asked.sort_text,
        query=without(query, "sort", "page"),
        select=(lambda row: row.report_id) if is_open else None,
        picked=chosen,
    )
    return {
        "round": the_round,
        "is_open": is_open,
        "grid": grid,
        "page": place,
        "text": query.get("q", "").strip()[:100],
        "unit": query.get("unit", "")[:18],
        "units": [(str(pk), name) for pk, name in units.items() if pk],
        "export": f"{reverse('proxied-export', args=[the_round.pk])}?{without(query, 'page')}",
    }
