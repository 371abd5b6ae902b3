"""Lists, one list with its entries, making and changing lists."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from guatu.core import clock
from guatu.journal.once import once
from guatu.ledger import request as seen
from guatu.ledger import services
from guatu.ledger.forms import AddToListForm, ListForm, list_values
from guatu.ledger.making.access import maker
from guatu.ledger.models import ProjectList
from guatu.ledger.presenters import lists as presenters
from guatu.ledger.presenters.project import fields_of
from guatu.ledger.views import editing
from guatu.organisation.request import actor_of, assignments_of, rights_of, user_of
from guatu.organisation.types import Right
from guatu.ui.export import download, workbook
from guatu.ui.forms import posted
from guatu.ui.rosters import Roster


@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    speaks = bool(maker(user_of(request), assignments_of(request)).speaking)
    context = _roster(request).page() | {"speaks": speaks}
    return render(request, "ledger/lists_page.html", context)


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
    return render(request, "ledger/list_page.html", context)


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
    form = ListForm(posted(request), initial=initial, lists=seen.lists_of(request))
    if form.do(lambda _: services.make_list(actor_of(request), form.words())):
        messages.success(request, f"已建立{form.outcome}")
        return redirect("list", form.outcome.pk)
    context = {"form": form, "fields": fields_of(form)}
    return render(request, "ledger/list_form.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
@once
def edit(request: HttpRequest, list_id: int) -> HttpResponse:
    def form_of(listing: ProjectList, data: QueryDict | None) -> ListForm:
        lists = seen.lists_of(request).exclude(pk=listing.pk)
        return ListForm(data, initial=list_values(listing), lists=lists)

    def save(form: ListForm) -> None:
        version = form.cleaned_data["version"]
        services.change_list(actor_of(request), list_id, form.words(), version=version)

    edited = editing.edit(
        request, lambda: seen.list_for(request, list_id), form_of, list_values, save
    )
    if edited is None:
        return redirect("list", list_id)
    context = {
        "form": edited.form,
        "fields": fields_of(edited.form, edited.theirs),
        "theirs": edited.theirs,
        "is_conflict": edited.is_conflict,
        "listing": edited.thing,
    }
    return render(request, "ledger/list_form.html", context, status=edited.status)


@require_http_methods(["GET", "POST"])
@once
def add(request: HttpRequest, list_id: int) -> HttpResponse:
    listing = seen.list_for(request, list_id)
    seen.require(request)
    form = AddToListForm(posted(request), seen=seen.projects_of(request))
    if form.do(
        lambda data: services.add_to_list(
            actor_of(request), list_id, data["names"], basis=data["basis"]
        )
    ):
        messages.success(request, f"已加入{len(form.outcome)}个项目")
        return redirect("list", list_id)
    context = {"form": form, "fields": fields_of(form), "listing": listing}
    return render(request, "ledger/list_add.html", context, status=form.status)
