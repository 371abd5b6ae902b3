"""A project's own acts: edit, add, alias, leave a list and come back, who answers for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from guatu.core import clock
from guatu.core.errors import Conflict
from guatu.journal.once import once
from guatu.ledger import comparing, queries, services
from guatu.ledger import request as seen
from guatu.ledger.forms import (
    AliasForm,
    DutyForm,
    LeaveForm,
    LedgerForm,
    NewProjectForm,
    ProjectForm,
    RejoinForm,
    project_values,
)
from guatu.ledger.models import ListEntry, Project
from guatu.ledger.presenters import project as presenters
from guatu.ledger.presenters.project import fields_of
from guatu.ledger.views import editing
from guatu.organisation.request import actor_of
from guatu.ui.forms import posted


@require_http_methods(["GET", "POST"])
@once
def edit(request: HttpRequest, project_id: int) -> HttpResponse:
    def save(form: ProjectForm) -> None:
        version = form.cleaned_data["version"]
        services.edit_project(actor_of(request), project_id, form.words(), version=version)

    edited = editing.edit(
        request,
        lambda: seen.project_for(request, project_id),
        lambda project, data: _form(request, project, data),
        project_values,
        save,
    )
    if edited is None:
        return redirect("project-edit", project_id)
    context = presenters.edit_page(edited.form, edited.thing, edited.theirs)
    context |= {"is_conflict": edited.is_conflict, "alias_form": AliasForm()}
    return render(request, "ledger/project_edit.html", context, status=edited.status)


def _form(request: HttpRequest, project: Project, data: QueryDict | None = None) -> ProjectForm:
    return ProjectForm(
        data,
        initial=project_values(project),
        seen=seen.projects_of(request),
        terms=queries.sector_terms().values(),
    )


@require_http_methods(["GET", "POST"])
@once
def new(request: HttpRequest) -> HttpResponse:
    seen.require(request)
    asked = request.GET.get("list", "")
    form = NewProjectForm(
        posted(request),
        initial={"list": asked},
        seen=seen.projects_of(request),
        terms=queries.sector_terms().values(),
        lists=seen.lists_of(request).filter(parent__isnull=True),
    )
    alike: list[queries.LookAlike] = []
    try:
        if form.do(lambda _: services.add_project(actor_of(request), form.new_project())):
            messages.success(request, f"已列入清单，序号{form.outcome.serial_no}")
            return redirect("project-edit", form.outcome.project_id)
    except Conflict:
        wanted = form.new_project()
        alike = queries.look_alikes(wanted.words.name, wanted.words.site, wanted.owner_id)
        form.put(seen_ids=",".join(str(one.project.pk) for one in alike), is_other="")
    context = presenters.new_page(form, alike)
    return render(request, "ledger/project_new.html", context, status=form.status)


@require_POST
@once
def add_alias(request: HttpRequest, project_id: int) -> HttpResponse:
    project = seen.project_for(request, project_id)
    seen.require(request)
    alias = AliasForm(request.POST)
    if alias.do(lambda data: services.add_alias(actor_of(request), project_id, data["alias"])):
        messages.success(request, "已记住这个别名")
        return redirect("project-edit", project_id)
    form = _form(request, project)
    comparing.remember_opening(form)
    context = presenters.edit_page(form, project) | {"alias_form": alias}
    return render(request, "ledger/project_edit.html", context, status=alias.status)


@require_http_methods(["GET", "POST"])
@once
def duties(request: HttpRequest, project_id: int) -> HttpResponse:
    project = seen.project_for(request, project_id)
    asked = {"role": request.GET.get("role", ""), "valid_from": clock.today()}
    form = DutyForm(posted(request), initial=asked)
    if form.is_bound:
        seen.require(request)
    if form.do(lambda _: services.assign_duty(actor_of(request), project_id, form.duty())):
        messages.success(request, "责任已记下")
        return redirect("project-duties", project_id)
    context = presenters.duties_page(form, project)
    return render(request, "ledger/project_duties.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
@once
def leave(request: HttpRequest, entry_id: int) -> HttpResponse:
    entry = seen.entry_for(request, entry_id)
    initial = {"version": entry.version, "left_on": clock.today()}
    form = LeaveForm(posted(request), initial=initial)

    def act(data: dict[str, Any]) -> None:
        services.leave_list(actor_of(request), entry_id, **data)

    return _move(request, entry, form, act, told="已退出", is_leaving=True)


@require_http_methods(["GET", "POST"])
@once
def rejoin(request: HttpRequest, entry_id: int) -> HttpResponse:
    entry = seen.entry_for(request, entry_id)
    form = RejoinForm(posted(request), initial={"version": entry.version})

    def act(data: dict[str, Any]) -> None:
        services.rejoin_list(actor_of(request), entry_id, **data)

    return _move(request, entry, form, act, told="已重新列入", is_leaving=False)


def _move(
    request: HttpRequest,
    entry: ListEntry,
    form: LedgerForm,
    act: Callable[[dict[str, Any]], None],
    *,
    told: str,
    is_leaving: bool,
) -> HttpResponse:
    """Show or do the leaving or rejoining; what was typed stays where it is refused."""
    seen.require(request)
    status = form.status
    try:
        if form.do(act):
            messages.success(request, f"“{entry.project}”{told}{entry.list}")
            return redirect("list", entry.list_id)
    except Conflict as error:
        entry, status = seen.entry_for(request, entry.pk), 409
        form.take_faults(error)
        form.put(version=str(entry.version))
    context = {"form": form, "fields": fields_of(form), "entry": entry, "is_leaving": is_leaving}
    return render(request, "ledger/entry_move.html", context, status=status)
