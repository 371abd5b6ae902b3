"""Showing a roster: the page, and its export under the same filters."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guatu.core import clock
from guatu.ui.export import download, workbook
from guatu.ui.rosters import Roster


def show[Row](request: HttpRequest, roster: Roster[Row], **more: Any) -> HttpResponse:
    """A list page. `more`: `export` (URL name), `add` (URL name and its label), notes."""
    return render(request, "organisation/roster_page.html", {**roster.page(), **more})


def export[Row](roster: Roster[Row]) -> HttpResponse:
    """The rows under filters and order as a workbook."""
    rows = roster.found()
    notes = [f"{clock.today()}导出，共{len(rows)}条"]
    if roster.is_filtered:
        notes.append("按筛选条件导出")
    return download(
        workbook(roster.title, roster.columns, rows, notes=notes), f"{roster.title}.xlsx"
    )
