"""Saved views: keep the library's address under a name, rename it, let it go."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from guatu.core.errors import BadInput, Fault
from guatu.journal.once import once
from guatu.ledger import queries, services
from guatu.ledger import request as seen
from guatu.ledger.forms import ViewForm
from guatu.organisation.request import actor_of, user_of


@require_safe
def views(request: HttpRequest) -> HttpResponse:
    lists = {one.pk for one in seen.lists_of(request)}
    rows = [
        (view, queries.address_of(view) if view.list_id in lists else "")
        for view in queries.own_views(user_of(request))
    ]
    return render(request, "ledger/views_page.html", {"rows": rows})


@require_POST
@once
def save(request: HttpRequest) -> HttpResponse:
    listing = seen.list_for(request, _number(request.POST.get("list", "")))
    form = ViewForm(request.POST)
    if not form.is_valid():
        raise BadInput(
            *(Fault("bad-view", str(one)) for errors in form.errors.values() for one in errors)
        )
    view = services.save_view(
        actor_of(request),
        form.cleaned_data["name"],
        list_id=listing.pk,
        query=queries.clean_query(request.POST.get("query", "")),
        is_shared=form.cleaned_data["is_shared"],
    )
    messages.success(request, f"已存为视图“{view.name}”")
    return redirect(queries.address_of(view))


@require_POST
@once
def rename(request: HttpRequest, view_id: int) -> HttpResponse:
    services.own_view(actor_of(request), view_id)
    form = ViewForm(request.POST)
    if not form.do(lambda data: services.rename_view(actor_of(request), view_id, data["name"])):
        raise BadInput(
            *(Fault("bad-view", str(one)) for errors in form.errors.values() for one in errors)
        )
    messages.success(request, "已改名")
    return redirect("views")


@require_POST
@once
def remove(request: HttpRequest, view_id: int) -> HttpResponse:
    services.remove_view(actor_of(request), view_id)
    messages.success(request, "已删除视图")
    return redirect("views")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
