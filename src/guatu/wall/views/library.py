"""The project library and its export."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guatu.ui.export import download, workbook
from guatu.wall.library import presenters
from guatu.wall.library.presenters import Library
from guatu.wall.viewer import Viewer


def _library(request: HttpRequest) -> Library:
    return Library.of(Viewer.of(request), request.GET)


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    return render(request, "wall/library_page.html", presenters.page(_library(request)))


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    found = _library(request)
    title, notes, columns, rows = presenters.exported(found)
    return download(workbook(title, columns, rows, notes=notes), f"项目库_{title}.xlsx")
