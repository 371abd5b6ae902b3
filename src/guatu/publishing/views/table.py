"""The summary table in the office's own layout."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from guatu.assessment.forms import one_file
from guatu.core.errors import BadInput, Fault, NotFound
from guatu.journal.once import once
from guatu.organisation import request as who
from guatu.publishing import queries
from guatu.publishing.access import PaperViewer
from guatu.publishing.models import TableTemplate
from guatu.publishing.pages import table as pages
from guatu.publishing.services.table import HandedInTemplate, fill_for_page, keep_template
from guatu.ui.export import download


@require_safe
def table(request: HttpRequest, round_id: int) -> HttpResponse:
    viewer = PaperViewer.of(request, round_id, acts=True)
    context = pages.page(viewer)
    if "preview" in request.GET and "sheets" in context:
        template = _template()
        made = fill_for_page(who.actor_of(request), viewer.round, pages.handed_in(template))
        context |= pages.preview(made, template.name)
        if request.headers.get("HX-Request"):
            return render(request, "publishing/_table_preview.html", context)
    return render(request, "publishing/table_page.html", context)


@require_safe
def filled(request: HttpRequest, round_id: int) -> HttpResponse:
    viewer = PaperViewer.of(request, round_id, acts=True)
    made = fill_for_page(who.actor_of(request), viewer.round, pages.handed_in(_template()))
    return download(made.content, f"{viewer.round}汇总表.xlsx")


@require_POST
@once
def template(request: HttpRequest, round_id: int) -> HttpResponse:
    viewer = PaperViewer.of(request, round_id, acts=True)
    try:
        file = one_file(request, "template", "表样")
        handed = HandedInTemplate(file.name, file.content)
        _, found = keep_template(who.actor_of(request), viewer.round.period.parsed, handed)
    except BadInput as error:
        context = {**pages.page(viewer), "form_faults": error.faults}
        return render(request, "publishing/table_page.html", context, status=422)
    rows = sum(one.projects for one in found)
    messages.success(request, f"表样已记住：{len(found)}张表，{rows}行项目；列的对应请看下面")
    return redirect("table", round_id)


def _template() -> TableTemplate:
    found = queries.template_in_use()
    if found is None:
        raise NotFound(Fault("no-template", "还没有汇总表表样", "请先在汇总表页面上传上期的表"))
    return found
