"""Organisations and regions: lists, one with its names, and what can be done with it."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.core import clock
from guatu.journal.once import once
from guatu.organisation import access, listed, queries, rosters, services
from guatu.organisation.administration_forms import (
    AliasForm,
    EndForm,
    RegionForm,
    RegionRenameForm,
    UnitForm,
    UnitRenameForm,
)
from guatu.organisation.models import Organisation, Region
from guatu.organisation.request import actor_of, needs
from guatu.organisation.services import NewOrganisation, NewRegion
from guatu.organisation.services.structure import BEGINNING
from guatu.organisation.types import OrganisationKind, RegionKind, Right
from guatu.organisation.views import lists
from guatu.ui.forms import Options, SiteForm

MANAGE = Right.MANAGE_UNITS


@require_safe
@needs(MANAGE)
def organisations(request: HttpRequest) -> HttpResponse:
    return lists.show(
        request,
        rosters.organisations(request.GET),
        export="admin-organisations-export",
        add=("admin-organisation-new", "新增单位"),
    )


@require_safe
@needs(MANAGE)
def organisations_export(request: HttpRequest) -> HttpResponse:
    return lists.export(rosters.organisations(request.GET))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(MANAGE)
@once
def new_organisation(request: HttpRequest) -> HttpResponse:
    regions = sorted(queries.region_names().official.items())
    options: Options = {"parent": listed.unit_choices(), "region": [("", "不写"), *regions]}
    form = UnitForm(request.POST or None, options=options)

    def act(told: dict[str, Any]) -> None:
        new = NewOrganisation(
            told["name"],
            OrganisationKind(told["kind"]),
            number(told["region"]),
            _spellings(told["aliases"]),
        )
        services.create_organisation(actor_of(request), new, parent_id=number(told["parent"]))

    if request.method == "POST" and form.do(act):
        messages.success(request, f"已新增“{form.cleaned_data['name']}”")
        return redirect("admin-organisations")
    return form_page(request, form, "新增单位", "admin-organisations", "单位")


@require_safe
@needs(MANAGE)
def organisation(request: HttpRequest, organisation_id: int) -> HttpResponse:
    return _organisation_page(request, access.get_organisation(organisation_id))


@require_POST
@needs(MANAGE)
@once
def rename_organisation(request: HttpRequest, organisation_id: int) -> HttpResponse:
    unit = access.get_organisation(organisation_id)
    form = UnitRenameForm(request.POST, options=_unit_options(listed.organisations(), unit.pk))

    def act(told: dict[str, Any]) -> None:
        services.rename_organisation(
            actor_of(request),
            unit.pk,
            told["name"],
            valid_from=told["valid_from"],
            parent_id=number(told.get("parent", "")),
        )

    if form.do(act):
        messages.success(request, "已改名")
        return redirect("admin-organisation", organisation_id=unit.pk)
    return _organisation_page(request, unit, rename=form)


@require_POST
@needs(MANAGE)
@once
def add_organisation_alias(request: HttpRequest, organisation_id: int) -> HttpResponse:
    unit = access.get_organisation(organisation_id)
    form = AliasForm(request.POST)
    if form.do(
        lambda told: services.add_organisation_alias(actor_of(request), unit.pk, told["name"])
    ):
        messages.success(request, "已记住这个写法")
        return redirect("admin-organisation", organisation_id=unit.pk)
    return _organisation_page(request, unit, alias=form)


@require_POST
@needs(MANAGE)
@once
def end_organisation(request: HttpRequest, organisation_id: int) -> HttpResponse:
    unit = access.get_organisation(organisation_id)
    form = EndForm(request.POST, options=_unit_options(listed.organisations(), unit.pk))

    def act(told: dict[str, Any]) -> None:
        services.end_organisation(
            actor_of(request), unit.pk, on=told["on"], successor_id=number(told["successor"])
        )

    if form.do(act):
        messages.success(request, "已撤销")
        return redirect("admin-organisation", organisation_id=unit.pk)
    return _organisation_page(request, unit, end=form)


def _unit_options(units: list[listed.UnitRow], pk: int) -> Options:
    others = [one for one in listed.unit_choices(units) if one[0] != pk]
    return {"parent": [("", "不变"), *others], "successor": [("", "没有"), *others]}


def _organisation_page(request: HttpRequest, unit: Organisation, **bound: SiteForm) -> HttpResponse:
    units = listed.organisations()
    row = next(one for one in units if one.pk == unit.pk)
    options, today = _unit_options(units, unit.pk), {"valid_from": clock.today()}
    forms = {
        "rename": UnitRenameForm(initial=today | {"name": row.name}, options=options),
        "alias": AliasForm(auto_id="alias_%s"),
        "end": EndForm(initial={"on": clock.today()}, options=options, auto_id="end_%s"),
    } | bound
    context = {
        "urls": _urls("organisation", unit.pk),
        "row": row,
        "is_root": unit.pk == queries.root_organisation().pk,
        "names": unit.names.order_by("-valid_from", "-pk"),
        "beginning": BEGINNING,
        "forms": forms,
        "back": ("admin-organisations", "单位"),
    }
    status = 422 if bound else 200
    return render(request, "organisation/unit_page.html", context, status=status)


@require_safe
@needs(MANAGE)
def regions(request: HttpRequest) -> HttpResponse:
    return lists.show(
        request,
        rosters.regions(request.GET),
        export="admin-regions-export",
        add=("admin-region-new", "新增地区"),
    )


@require_safe
@needs(MANAGE)
def regions_export(request: HttpRequest) -> HttpResponse:
    return lists.export(rosters.regions(request.GET))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(MANAGE)
@once
def new_region(request: HttpRequest) -> HttpResponse:
    form = RegionForm(request.POST or None)

    def act(told: dict[str, Any]) -> None:
        new = NewRegion(
            told["name"], told["code"], RegionKind(told["kind"]), _spellings(told["aliases"])
        )
        services.create_region(actor_of(request), new)

    if request.method == "POST" and form.do(act):
        messages.success(request, f"已新增“{form.cleaned_data['name']}”")
        return redirect("admin-regions")
    return form_page(request, form, "新增地区", "admin-regions", "地区")


@require_safe
@needs(MANAGE)
def region(request: HttpRequest, region_id: int) -> HttpResponse:
    return _region_page(request, access.get_region(region_id))


@require_POST
@needs(MANAGE)
@once
def rename_region(request: HttpRequest, region_id: int) -> HttpResponse:
    place = access.get_region(region_id)
    form = RegionRenameForm(request.POST)

    def act(told: dict[str, Any]) -> None:
        services.rename_region(
            actor_of(request),
            place.pk,
            told["name"],
            code=told["code"],
            valid_from=told["valid_from"],
        )

    if form.do(act):
        messages.success(request, "已改名")
        return redirect("admin-region", region_id=place.pk)
    return _region_page(request, place, rename=form)


@require_POST
@needs(MANAGE)
@once
def add_region_alias(request: HttpRequest, region_id: int) -> HttpResponse:
    place = access.get_region(region_id)
    form = AliasForm(request.POST)
    if form.do(lambda told: services.add_region_alias(actor_of(request), place.pk, told["name"])):
        messages.success(request, "已记住这个写法")
        return redirect("admin-region", region_id=place.pk)
    return _region_page(request, place, alias=form)


@require_POST
@needs(MANAGE)
@once
def end_region(request: HttpRequest, region_id: int) -> HttpResponse:
    place = access.get_region(region_id)
    form = EndForm(request.POST, options=_region_options(listed.regions(), place.pk))

    def act(told: dict[str, Any]) -> None:
        services.end_region(
            actor_of(request), place.pk, on=told["on"], successor_id=number(told["successor"])
        )

    if form.do(act):
        messages.success(request, "已撤销")
        return redirect("admin-region", region_id=place.pk)
    return _region_page(request, place, end=form)


def _region_options(places: list[listed.UnitRow], pk: int) -> Options:
    others = [one for one in listed.unit_choices(places) if one[0] != pk]
    return {"successor": [("", "没有"), *others]}


def _region_page(request: HttpRequest, place: Region, **bound: SiteForm) -> HttpResponse:
    places = listed.regions()
    row = next(one for one in places if one.pk == place.pk)
    initial = {"valid_from": clock.today(), "name": row.name, "code": row.code}
    forms = {
        "rename": RegionRenameForm(initial=initial),
        "alias": AliasForm(auto_id="alias_%s"),
        "end": EndForm(
            initial={"on": clock.today()},
            options=_region_options(places, place.pk),
            auto_id="end_%s",
        ),
    } | bound
    context = {
        "urls": _urls("region", place.pk),
        "row": row,
        "is_root": place.kind == RegionKind.ROOT,
        "names": place.names.order_by("-valid_from", "-pk"),
        "beginning": BEGINNING,
        "forms": forms,
        "back": ("admin-regions", "地区"),
    }
    status = 422 if bound else 200
    return render(request, "organisation/unit_page.html", context, status=status)


def _urls(kind: str, pk: int) -> dict[str, str]:
    return {act: reverse(f"admin-{kind}-{act}", args=[pk]) for act in ("rename", "alias", "end")}


def form_page(
    request: HttpRequest, form: SiteForm, title: str, back: str, back_label: str, **more: Any
) -> HttpResponse:
    """A page with one form; 422 where what was typed is shown again."""
    context = {"form": form, "title": title, "back": (back, back_label), **more}
    return render(request, "organisation/form_page.html", context, status=form.status)


def number(text: str) -> int | None:
    """The id chosen in a form; None for the empty choice."""
    return int(text) if text else None


def _spellings(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in re.split(r"[、,，;；\s]+", text) if one.strip())
