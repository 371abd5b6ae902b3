"""Persons with a duty: list, one, new."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from guatu.journal.once import once
from guatu.organisation import access, listed, rosters, services
from guatu.organisation.administration_forms import PersonForm
from guatu.organisation.models import User
from guatu.organisation.request import actor_of, needs, rights_of
from guatu.organisation.types import Right
from guatu.organisation.views import lists
from guatu.organisation.views.units import form_page, number
from guatu.ui.forms import Options


@require_safe
@needs(Right.MANAGE_UNITS)
def people(request: HttpRequest) -> HttpResponse:
    return lists.show(
        request,
        rosters.people(request.GET),
        export="admin-people-export",
        add=("admin-person-new", "新增人员"),
    )


@require_safe
@needs(Right.MANAGE_UNITS)
def people_export(request: HttpRequest) -> HttpResponse:
    return lists.export(rosters.people(request.GET))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_UNITS)
@once
def new_person(request: HttpRequest) -> HttpResponse:
    form = PersonForm(request.POST or None, options=_options())
    if request.method == "POST" and form.do(
        lambda told: services.create_person(
            actor_of(request),
            told["name"],
            organisation_id=number(told["unit"]),
            phone=told["phone"],
        )
    ):
        messages.success(request, f"已新增“{form.cleaned_data['name']}”")
        return redirect("admin-people")
    return form_page(request, form, "新增人员", "admin-people", "人员")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_UNITS)
@once
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    found = access.get_person(person_id)
    initial = {"name": found.name, "unit": found.organisation_id or "", "phone": found.phone}
    form = PersonForm(request.POST or None, initial=initial, options=_options())
    if request.method == "POST" and form.do(
        lambda told: services.change_person(
            actor_of(request),
            person_id,
            told["name"],
            organisation_id=number(told["unit"]),
            phone=told["phone"],
        )
    ):
        messages.success(request, "已保存")
        return redirect("admin-people")
    return form_page(
        request,
        form,
        access.get_person(person_id).name,
        "admin-people",
        "人员",
        accounts=list(User.objects.filter(person=found).order_by("login")),
        links_accounts=Right.MANAGE_USERS in rights_of(request),
    )


def _options() -> Options:
    return {"unit": [("", "没有写明"), *listed.unit_choices()]}
