"""Changing many projects of the library at once: choose, see old and new, confirm, take back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from guatu.core.errors import BadInput, Fault
from guatu.core.ids import is_id
from guatu.journal.once import once
from guatu.ledger import services
from guatu.organisation.request import actor_of, needs
from guatu.organisation.types import Right
from guatu.wall.library import bulk
from guatu.wall.library.bulk_forms import BulkForm
from guatu.wall.viewer import Viewer


@require_http_methods(["GET", "POST"])
@needs(Right.EDIT_PROJECTS)
def change(request: HttpRequest) -> HttpResponse:
    """Ask for the new value; nothing is done yet. By POST, since an address holds few choices."""
    asked = request.POST if request.method == "POST" else request.GET
    chosen = bulk.chosen_in_library(Viewer.of(request), asked)
    context = bulk.form_page(chosen, BulkForm(field=chosen.field), bulk.filters_of(asked))
    return render(request, "wall/bulk_form.html", context)


@require_POST
@needs(Right.EDIT_PROJECTS)
def confirm(request: HttpRequest) -> HttpResponse:
    chosen = bulk.chosen_by_form(Viewer.of(request), request.POST)
    form = BulkForm(request.POST, field=chosen.field)
    if not form.is_valid():
        context = bulk.form_page(chosen, form, bulk.filters_of(request.POST))
        return render(request, "wall/bulk_form.html", context, status=422)
    context = bulk.confirm_page(chosen, form, request.POST)
    return render(request, "wall/bulk_confirm.html", context)


@require_POST
@needs(Right.EDIT_PROJECTS)
@once
def apply(request: HttpRequest) -> HttpResponse:
    before = bulk.seen_before(request.POST)
    posted = request.POST.copy()
    posted["ids"] = ",".join(map(str, before))
    chosen = bulk.chosen_by_form(Viewer.of(request), posted)
    form = BulkForm(request.POST, field=chosen.field)
    if not form.do(
        lambda _: services.change_many(actor_of(request), form.command(chosen.listing.pk, before))
    ):
        context = bulk.form_page(chosen, form, bulk.filters_of(request.POST))
        return render(request, "wall/bulk_form.html", context, status=422)
    messages.success(request, f"已修改{form.outcome.count}个项目的{chosen.field.label}")
    # So that the library offers to take it back without asking the database each time.
    request.session[bulk.KEPT] = bulk.told(form.outcome)
    return redirect(bulk.back_to(chosen.listing, bulk.filters_of(request.POST)))


@require_POST
@needs(Right.EDIT_PROJECTS)
@once
def undo(request: HttpRequest, bulk_id: int) -> HttpResponse:
    if not is_id(bulk_id):
        raise BadInput(Fault("not-the-last", "只能撤销最近一次批量修改", "请刷新页面"))
    row = services.undo_bulk_change(actor_of(request), bulk_id)
    request.session.pop(bulk.KEPT, None)
    messages.success(request, f"已撤销：{row.count}个项目恢复原样")
    return redirect(f"{reverse('library')}?list={row.list_id}")
