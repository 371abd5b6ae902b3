"""The year's plan of a project, the plans of a list by periods, decreed curves, targets."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.journal.once import once
from guatu.ledger import request as seen
from guatu.organisation.request import actor_of, rights_of
from guatu.organisation.types import Right
from guatu.planning import queries, services
from guatu.planning.cutting import slices_of_order
from guatu.planning.forms import CurveForm, seen_of
from guatu.planning.presenters.curves import curves_page
from guatu.planning.presenters.cuts import ListCuts, cut_many_form
from guatu.planning.presenters.plans import PlanPage
from guatu.planning.types import PlanKind
from guatu.ui.export import download, workbook
from guatu.ui.forms import posted


@require_safe
def plan(request: HttpRequest, entry_id: int) -> HttpResponse:
    page = PlanPage.of(seen.entry_for(request, entry_id))
    context = page.context(page.plan_form(), page.cut_form())
    return render(request, "planning/plan_page.html", context)


@require_POST
@once
def state(request: HttpRequest, entry_id: int) -> HttpResponse:
    page = PlanPage.of(seen.entry_for(request, entry_id))
    seen.require(request)
    form = page.plan_form(request.POST)
    if form.do(lambda _: services.state_plan(actor_of(request), entry_id, form.command())):
        messages.success(request, f"已记下{PlanKind(form.outcome.kind).label}计划")
        return redirect("entry-plan", entry_id)
    context = page.context(form, page.cut_form())
    return render(request, "planning/plan_page.html", context, status=422)


@require_POST
@once
def cut(request: HttpRequest, entry_id: int) -> HttpResponse:
    entry = seen.entry_for(request, entry_id)
    page = PlanPage.of(entry)
    seen.require(request)
    form = page.cut_form(request.POST)

    def save(data: dict[str, str]) -> object:
        kind = PlanKind(data["kind"])
        amount = page.of_kind(kind).amount_yuan or 0
        slices = slices_of_order(form.order(page.curves), amount, entry.list.year)
        order = services.CutPlan(entry_id, slices, seen_of(data["seen"]).get(kind, 0), kind)
        return services.cut_plans(actor_of(request), [order], basis=data["basis"])

    if form.do(save):
        messages.success(request, "已按期分好，各期之和等于年度计划")
        return redirect("entry-plan", entry_id)
    context = page.context(page.plan_form(), form)
    return render(request, "planning/plan_page.html", context, status=422)


@require_safe
def cuts(request: HttpRequest, list_id: int) -> HttpResponse:
    listing = seen.list_for(request, list_id)
    roster = ListCuts(listing, seen.narrowing_of(request)).roster(request.GET)
    context = {"listing": listing, "may_edit": _may_edit(request), **roster.page()}
    return render(request, "planning/cuts_page.html", context)


@require_safe
def export_cuts(request: HttpRequest, list_id: int) -> HttpResponse:
    listing = seen.list_for(request, list_id)
    roster = ListCuts(listing, seen.narrowing_of(request)).roster(request.GET)
    book = workbook(roster.title, roster.columns, roster.found())
    return download(book, f"{roster.title}.xlsx")


@require_http_methods(["GET", "POST"])
@once
def cut_many(request: HttpRequest, list_id: int) -> HttpResponse:
    listing = seen.list_for(request, list_id)
    seen.require(request)
    curves = queries.curves_of(listing.pk)
    plans = ListCuts(listing, seen.narrowing_of(request))
    form = cut_many_form(curves, posted(request))

    def save(data: dict[str, str]) -> object:
        orders = plans.cuts(form.order(curves), PlanKind(data["kind"]))
        return services.cut_plans(actor_of(request), orders, basis=data["basis"])

    if form.do(save):
        messages.success(request, f"已分好{len(form.outcome)}个项目的计划")
        return redirect("list-cuts", list_id)
    context = {"form": form, "listing": listing}
    return render(request, "planning/cut_many.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
@once
def curves(request: HttpRequest, list_id: int) -> HttpResponse:
    listing = seen.list_for(request, list_id)
    if request.method == "POST":
        seen.require(request)
    form = CurveForm(posted(request))
    if form.do(lambda _: form.decree(actor_of(request), listing)):
        messages.success(request, f"已记下“{form.outcome.name}”")
        return redirect("list-curves", list_id)
    context = curves_page(listing, form, may_edit=_may_edit(request))
    return render(request, "planning/curves_page.html", context, status=form.status)


def _may_edit(request: HttpRequest) -> bool:
    return Right.EDIT_PROJECTS in rights_of(request)
