"""The responsibility matrix and its export."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guatu.core.errors import Fault, NotFound
from guatu.ledger import request as seen
from guatu.ledger.presenters import matrix as presenters
from guatu.ledger.presenters.matrix import Matrix
from guatu.organisation.request import rights_of
from guatu.organisation.types import Right
from guatu.ui.export import download, workbook


def _matrix(request: HttpRequest) -> Matrix:
    return Matrix.of(
        request.GET,
        seen.lists_of(request),
        seen=seen.narrowing_of(request),
        may_edit=Right.EDIT_PROJECTS in rights_of(request),
    )


@require_safe
def responsibilities(request: HttpRequest) -> HttpResponse:
    return render(request, "ledger/matrix_page.html", presenters.page(_matrix(request)))


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    matrix = _matrix(request)
    if matrix.chosen is None:
        raise NotFound(Fault("no-list", "没有可导出的清单"))
    title, columns, rows = presenters.exported(matrix)
    return download(workbook(title, columns, rows), f"{title}.xlsx")
