"""Lists, one list with its entries, making and changing lists."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from guatu.core import clock
from guatu.core.errors import BadInput, Conflict
from guatu.journal.once import once
from guatu.ledger import comparing, services
from guatu.ledger import request as seen
from guatu.ledger.forms import AddToListForm, ListForm, list_values
from guatu.ledger.models import ProjectList
from guatu.ledger.presenters import lists as presenters
from guatu.ledger.presenters.project import fields_of
from guatu.organisation.request import actor_of, rights_of
from guatu.organisation.types import Right
from guatu.ui.export import download, workbook
from guatu.ui.rosters import Roster


@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    return render(request, "ledger/lists_page.html", _roster(request).page())


@require_safe
def lists_export(request: HttpRequest) -> HttpResponse:
    roster = _roster(request)
    return download(workbook("清单", roster.columns, roster.found()), "清单.xlsx")


def _roster(request: HttpRequest) -> Roster[presenters.ListRow]:
    lists = seen.lists_of(request)
    return presenters.lists_roster(lists, seen.narrowing_of(request), request.GET)


@require_safe
def one_list(request: HttpRequest, list_id: int) -> HttpResponse:
    listing = seen.list_for(request, list_id)
    context = presenters.list_page(
        listing,
        request.GET,
        lists=seen.lists_of(request),
        seen=seen.narrowing_of(request),
        may_edit=Right.EDIT_PROJECTS in rights_of(request),
    )
    template = "_list_rows.html" if request.headers.get("HX-Request") else "list_page.html"
    return render(request, f"ledger/{template}", context)


@require_safe
def export(request: HttpRequest, list_id: int) -> HttpResponse:
    listing = seen.list_for(request, list_id)
    columns, rows = presenters.exported(listing, request.GET, seen.narrowing_of(request))
    return download(workbook(str(listing), columns, rows), f"清单_{listing}.xlsx")


@require_http_methods(["GET", "POST"])
@once
def new(request: HttpRequest) -> HttpResponse:
    seen.require(request)
    initial = {"year": clock.today().year, "state": "draft", "version": 0}
    initial["parent"] = request.GET.get("parent", "")
    form = ListForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        lists=seen.lists_of(request),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = services.make_list(actor_of(request), form.words())
        except BadInput as error:
            form.take_faults(error)
        else:
            messages.success(request, f"已建立{made}")
            return redirect("list", made.pk)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "fields": fields_of(form)}
    return render(request, "ledger/list_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
@once
def edit(request: HttpRequest, list_id: int) -> HttpResponse:
    listing = seen.list_for(request, list_id)
    seen.require(request)
    form = _form(request, listing, request.POST if request.method == "POST" else None)
    status, is_conflict = 200, False
    if request.method == "POST":
        data = comparing.settled(form, request.POST, list_values(listing))
        meant = form if data is None else _form(request, listing, data)
        status, is_conflict = 422, data is not None
        if meant.is_valid():
            version = meant.cleaned_data["version"]
            try:
                services.change_list(actor_of(request), list_id, meant.words(), version=version)
            except Conflict:
                listing = seen.list_for(request, list_id)
                status, is_conflict = 409, True
                form.put(version=str(listing.version))
            except BadInput as error:
                meant.take_faults(error)
            else:
                messages.success(request, "已保存")
                return redirect("list", list_id)
        form.take_errors(meant)
    theirs = comparing.rivals(form, list_values(listing)) if is_conflict else {}
    context = {
        "form": form,
        "fields": fields_of(form, theirs),
        "theirs": theirs,
        "is_conflict": status == 409,
        "listing": listing,
    }
    return render(request, "ledger/list_form.html", context, status=status)


def _form(request: HttpRequest, listing: ProjectList, data: QueryDict | None) -> ListForm:
    lists = seen.lists_of(request).exclude(pk=listing.pk)
    form = ListForm(data, initial=list_values(listing), lists=lists)
    comparing.remember_opening(form)
    return form


@require_http_methods(["GET", "POST"])
@once
def add(request: HttpRequest, list_id: int) -> HttpResponse:
    listing = seen.list_for(request, list_id)
    seen.require(request)
    form = AddToListForm(
        request.POST if request.method == "POST" else None, seen=seen.projects_of(request)
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            rows = services.add_to_list(
                actor_of(request), list_id, data["names"], basis=data["basis"]
            )
        except BadInput as error:
            form.take_faults(error)
        else:
            messages.success(request, f"已加入{len(rows)}个项目")
            return redirect("list", list_id)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "fields": fields_of(form), "listing": listing}
    return render(request, "ledger/list_add.html", context, status=status)
