"""The year's assignment: paste, see what changes, confirm; and its annex."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.core import clock
from guatu.core.errors import Conflict, Fault, NotFound
from guatu.journal.once import once
from guatu.ledger import services
from guatu.organisation.request import actor_of, needs
from guatu.organisation.types import Right
from guatu.ui.export import DOCX, download
from guatu.ui.forms import posted
from guatu.wall.assigning.annex import assignments_docx, assignments_name
from guatu.wall.assigning.presenters import AssignForm, assign_page
from guatu.wall.viewer import Viewer


@require_http_methods(["GET", "POST"])
@needs(Right.EDIT_PROJECTS)
def assign(request: HttpRequest) -> HttpResponse:
    """Ask for the table, or show what it would do; nothing is done yet."""
    form = AssignForm(Viewer.of(request), posted(request))
    is_read = form.do(lambda _: form.read())
    status = 200 if is_read or not form.is_bound else 422
    return render(request, "wall/assign_page.html", assign_page(form), status=status)


@require_POST
@needs(Right.EDIT_PROJECTS)
@once
def apply(request: HttpRequest) -> HttpResponse:
    form = AssignForm(Viewer.of(request), request.POST)

    def act(_: object) -> int:
        form.read()
        if form.digest != request.POST.get("seen"):
            what = "预览之后有了变化，什么都没有改"
            raise Conflict(Fault("changed-meanwhile", what, "请重新预览后再确认"))
        return services.assign_together(actor_of(request), form.command)

    with transaction.atomic():
        is_done = form.do(act)
    if not is_done:
        return render(request, "wall/assign_page.html", assign_page(form), status=422)
    messages.success(request, f"已按“{form.cleaned_data['basis']}”登记{form.outcome}项责任")
    return redirect(f"{reverse('responsibilities')}?list={form.listing.pk}")


@require_safe
def annex(request: HttpRequest) -> HttpResponse:
    viewer = Viewer.of(request)
    listing = viewer.chosen_list(request.GET.get("list", ""))
    if listing is None:
        raise NotFound(Fault("no-list", "没有可导出的清单"))
    content = assignments_docx(viewer, listing, clock.today())
    return download(content, f"{assignments_name(listing)}.docx", DOCX)
