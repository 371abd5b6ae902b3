"""What projects report besides money: the list, one project's, its targets, new indicators."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.core.errors import Conflict
from guatu.journal.once import once
from guatu.ledger import request as seen
from guatu.ledger.request import viewer_of
from guatu.organisation import request as who
from guatu.organisation.request import needs
from guatu.organisation.types import Right
from guatu.reporting.quantities import presenters, services
from guatu.reporting.quantities.access import get_tracked
from guatu.reporting.quantities.forms import AimForm, IndicatorForm, aim_values
from guatu.reporting.quantities.queries import own_indicators, standings
from guatu.reporting.review.queries import reviewer_words
from guatu.ui.export import download, workbook
from guatu.ui.forms import posted, version_of
from guatu.ui.tables import Grid


@require_safe
def quantities(request: HttpRequest) -> HttpResponse:
    found = presenters.roster(viewer_of(request), request.GET)
    is_part = bool(request.headers.get("HX-Request"))
    template = "_quantities_part.html" if is_part else "quantities_page.html"
    return render(request, f"reporting/{template}", found.page())


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    found = presenters.roster(viewer_of(request), request.GET)
    return download(workbook(found.title, found.columns, found.found()), f"{found.title}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_PROJECTS)
@once
def indicator(request: HttpRequest) -> HttpResponse:
    form = IndicatorForm(posted(request))
    if form.do(lambda _: services.make_indicator(who.actor_of(request), form.command()), Conflict):
        messages.success(request, f"已新建指标“{form.outcome}”，可在项目页选用")
        return redirect("quantities")
    return render(request, "reporting/indicator_new.html", {"form": form}, status=form.status)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def project(request: HttpRequest, project_id: int) -> HttpResponse:
    found = seen.project_for(request, project_id)
    form = AimForm(posted(request), indicators=list(own_indicators()))
    if form.is_bound:
        seen.require(request)
    actor = who.actor_of(request)
    if form.do(
        lambda held: services.track(actor, found.pk, int(held["indicator"]), form.aim()), Conflict
    ):
        messages.success(request, f"从本期起报送“{form.outcome.indicator}”")
        return redirect("project-quantities", found.pk)
    rows = standings([found.pk])
    can = Right.EDIT_PROJECTS in who.rights_of(request)
    columns = presenters.columns_to_change() if can else presenters.columns_of_project()
    grid = Grid(columns, rows) if rows else None
    reviewer = reviewer_words(found.pk)
    context = {"project": found, "grid": grid, "form": form, "reviewer": reviewer}
    if request.headers.get("HX-Request") and not form.is_bound:
        return render(request, "reporting/_quantities.html", context)
    return render(request, "reporting/project_quantities.html", context, status=form.status)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def quantity(request: HttpRequest, tracked_id: int) -> HttpResponse:
    actor = who.actor_of(request)
    row = get_tracked(actor, tracked_id)
    seen.require(request)
    form = AimForm(
        posted(request), initial=aim_values(row), indicators=[row.indicator], is_fixed=True
    )
    if form.do(
        lambda held: services.change_aim(
            actor, row.pk, form.aim(), seen=version_of(held["version"])
        ),
        Conflict,
    ):
        messages.success(request, "目标已保存")
        return redirect("project-quantities", row.project_id)
    context = {"row": row, "project": row.project, "form": form}
    return render(request, "reporting/quantity_page.html", context, status=form.status)


@require_POST
@once
def end(request: HttpRequest, tracked_id: int) -> HttpResponse:
    actor = who.actor_of(request)
    row = get_tracked(actor, tracked_id)
    seen.require(request)
    services.stop_tracking(actor, row.pk, seen=version_of(request.POST.get("version", "")))
    messages.success(request, f"不再报送“{row.indicator}”，报过的都保留")
    return redirect("project-quantities", row.project_id)
