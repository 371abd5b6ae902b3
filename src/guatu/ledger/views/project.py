"""A project's own acts: edit, add, alias, leave a list and come back, who answers for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from guatu.core import clock
from guatu.core.errors import BadInput, Conflict
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
from guatu.organisation.request import actor_of


@require_http_methods(["GET", "POST"])
@once
def edit(request: HttpRequest, project_id: int) -> HttpResponse:
    project = seen.project_for(request, project_id)
    seen.require(request)
    form = _form(request, project, request.POST if request.method == "POST" else None)
    status, is_conflict = 200, False
    if request.method == "POST":
        data = comparing.settled(form, request.POST, project_values(project))
        meant = form if data is None else _form(request, project, data)
        status, is_conflict = 422, data is not None
        if meant.is_valid():
            try:
                services.edit_project(
                    actor_of(request),
                    project_id,
                    meant.words(),
                    version=meant.cleaned_data["version"],
                )
            except Conflict:
                project = seen.project_for(request, project_id)
                status, is_conflict = 409, True
                form.put(version=str(project.version))
            except BadInput as error:
                meant.take_faults(error)
            else:
                messages.success(request, "已保存")
                return redirect("project-edit", project_id)
        form.take_errors(meant)
    theirs = comparing.rivals(form, project_values(project)) if is_conflict else {}
    context = presenters.edit_page(form, project, theirs)
    context |= {"is_conflict": status == 409, "alias_form": AliasForm()}
    return render(request, "ledger/project_edit.html", context, status=status)


def _form(request: HttpRequest, project: Project, data: QueryDict | None) -> ProjectForm:
    form = ProjectForm(
        data,
        initial=project_values(project),
        seen=seen.projects_of(request),
        terms=queries.sector_terms().values(),
    )
    comparing.remember_opening(form)
    return form


@require_http_methods(["GET", "POST"])
@once
def new(request: HttpRequest) -> HttpResponse:
    seen.require(request)
    asked = request.GET.get("list", "")
    form = NewProjectForm(
        request.POST if request.method == "POST" else None,
        initial={"list": asked},
        seen=seen.projects_of(request),
        terms=queries.sector_terms().values(),
        lists=seen.lists_of(request).filter(parent__isnull=True),
    )
    alike: list[queries.LookAlike] = []
    if request.method == "POST" and form.is_valid():
        wanted = form.new_project()
        try:
            entry = services.add_project(actor_of(request), wanted)
        except Conflict:
            alike = queries.look_alikes(wanted.words.name, wanted.words.site, wanted.owner_id)
            form.put(seen_ids=",".join(str(one.project.pk) for one in alike), is_other="")
        except BadInput as error:
            form.take_faults(error)
        else:
            messages.success(request, f"已列入清单，序号{entry.serial_no}")
            return redirect("project-edit", entry.project_id)
    status = 422 if request.method == "POST" else 200
    context = presenters.new_page(form, alike)
    return render(request, "ledger/project_new.html", context, status=status)


@require_POST
@once
def add_alias(request: HttpRequest, project_id: int) -> HttpResponse:
    project = seen.project_for(request, project_id)
    seen.require(request)
    alias = AliasForm(request.POST)
    if alias.is_valid():
        try:
            services.add_alias(actor_of(request), project_id, alias.cleaned_data["alias"])
        except BadInput as error:
            for fault in error.faults:
                alias.add_error("alias", fault.what)
        else:
            messages.success(request, "已记住这个别名")
            return redirect("project-edit", project_id)
    form = _form(request, project, None)
    context = presenters.edit_page(form, project) | {"alias_form": alias}
    return render(request, "ledger/project_edit.html", context, status=422)


@require_http_methods(["GET", "POST"])
@once
def duties(request: HttpRequest, project_id: int) -> HttpResponse:
    project = seen.project_for(request, project_id)
    asked = {"role": request.GET.get("role", ""), "valid_from": clock.today()}
    form = DutyForm(request.POST if request.method == "POST" else None, initial=asked)
    if request.method == "POST":
        seen.require(request)
        if form.is_valid():
            try:
                services.assign_duty(actor_of(request), project_id, form.duty())
            except BadInput as error:
                form.take_faults(error)
            else:
                messages.success(request, "责任已记下")
                return redirect("project-duties", project_id)
    status = 422 if request.method == "POST" else 200
    context = presenters.duties_page(form, project)
    return render(request, "ledger/project_duties.html", context, status=status)


@require_http_methods(["GET", "POST"])
@once
def leave(request: HttpRequest, entry_id: int) -> HttpResponse:
    entry = seen.entry_for(request, entry_id)
    initial = {"version": entry.version, "left_on": clock.today()}
    form = LeaveForm(request.POST if request.method == "POST" else None, initial=initial)

    def act(data: dict[str, Any]) -> None:
        services.leave_list(actor_of(request), entry_id, **data)

    return _move(request, entry, form, act, told="已退出", is_leaving=True)


@require_http_methods(["GET", "POST"])
@once
def rejoin(request: HttpRequest, entry_id: int) -> HttpResponse:
    entry = seen.entry_for(request, entry_id)
    form = RejoinForm(
        request.POST if request.method == "POST" else None, initial={"version": entry.version}
    )

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
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except BadInput as error:
            form.take_faults(error)
        except Conflict as error:
            entry, status = seen.entry_for(request, entry.pk), 409
            form.take_faults(error)
            form.put(version=str(entry.version))
        else:
            messages.success(request, f"“{entry.project}”{told}{entry.list}")
            return redirect("list", entry.list_id)
    context = {"form": form, "fields": fields_of(form), "entry": entry, "is_leaving": is_leaving}
    return render(request, "ledger/entry_move.html", context, status=status)
