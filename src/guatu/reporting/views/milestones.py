"""Milestones of programmes: the list, one project's, moving and dropping one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.core.errors import Conflict
from guatu.journal.once import once
from guatu.ledger import request as seen
from guatu.ledger.models import Project
from guatu.ledger.request import viewer_of
from guatu.ledger.types import ProjectKind
from guatu.organisation import request as who
from guatu.organisation.types import Right
from guatu.organisation.views import lists
from guatu.reporting.quantities import promising, timetable
from guatu.reporting.quantities.access import get_milestone
from guatu.reporting.quantities.forms import DropForm, MilestoneForm, MoveForm
from guatu.reporting.quantities.milestones import Promised
from guatu.ui.forms import posted, version_of
from guatu.ui.tables import Grid


@require_safe
def milestones(request: HttpRequest) -> HttpResponse:
    context = timetable.roster(viewer_of(request), request.GET).page()
    return render(request, "reporting/milestones_page.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    return lists.export(timetable.roster(viewer_of(request), request.GET))


@require_http_methods(["GET", "HEAD", "POST"])
@once
def project(request: HttpRequest, project_id: int) -> HttpResponse:
    found = seen.project_for(request, project_id)
    form = MilestoneForm(posted(request))
    if form.is_bound:
        seen.require(request)
    actor = who.actor_of(request)
    if form.do(
        lambda told: promising.name_milestone(actor, found.pk, told["name"], told["due_on"]),
        Conflict,
    ):
        messages.success(request, f"已增加节点“{form.outcome.milestone}”，填报表里从现在起有它")
        return redirect("project-milestones", found.pk)
    rows = timetable.rows_of([found])
    can = Right.EDIT_PROJECTS in who.rights_of(request)
    columns = timetable.columns_to_change() if can else timetable.columns()
    context = {
        "project": found,
        "grid": Grid(columns, rows) if rows else None,
        "form": form,
        "may_name": can and found.kind == ProjectKind.PROGRAMME,
    }
    return render(request, "reporting/project_milestones.html", context, status=form.status)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def milestone(request: HttpRequest, milestone_id: int) -> HttpResponse:
    actor = who.actor_of(request)
    one = get_milestone(actor, milestone_id)
    seen.require(request)
    form = MoveForm(posted(request), initial={"due_on": one.due_on, "version": one.planned.seq})
    if form.do(
        lambda told: promising.move_milestone(
            actor,
            one.key,
            told["due_on"],
            reason=told["reason"],
            seen=version_of(told["version"]),
        ),
        Conflict,
    ):
        messages.success(request, f"“{one.name}”改到{form.outcome.on}，首次计划保留")
        return redirect("project-milestones", one.first.project_id)
    return _page(
        request,
        one,
        form,
        DropForm(initial={"version": one.planned.seq}, auto_id="drop_%s"),
        form.status,
    )


@require_POST
@once
def drop(request: HttpRequest, milestone_id: int) -> HttpResponse:
    actor = who.actor_of(request)
    one = get_milestone(actor, milestone_id)
    seen.require(request)
    form = DropForm(request.POST, auto_id="drop_%s")
    if form.do(
        lambda told: promising.drop_milestone(
            actor, one.key, reason=told["why"], seen=version_of(told["version"])
        ),
        Conflict,
    ):
        messages.success(request, f"已取消节点“{one.name}”")
        return redirect("project-milestones", one.first.project_id)
    move = MoveForm(initial={"due_on": one.due_on, "version": one.planned.seq})
    return _page(request, one, move, form, form.status)


def _page(
    request: HttpRequest, one: Promised, form: MoveForm, drop_form: DropForm, status: int
) -> HttpResponse:
    project = Project.objects.get(pk=one.first.project_id)
    context = {"one": one, "project": project, "form": form, "drop_form": drop_form}
    return render(request, "reporting/milestone_page.html", context, status=status)
