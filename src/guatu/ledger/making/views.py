"""Pages of units that apply and of departments that are asked."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.core.errors import Fault, NotAllowed
from guatu.journal.once import once
from guatu.ledger import queries as ledger
from guatu.ledger import request as seen
from guatu.ledger.making import access, presenters, queries, rules, services
from guatu.ledger.making.access import Maker, maker
from guatu.ledger.making.forms import (
    ApplicationForm,
    IdentityForm,
    OpinionForm,
    WithdrawForm,
    application_values,
)
from guatu.ledger.making.models import Application, ListCall
from guatu.ledger.making.services import SaveApplication
from guatu.ledger.presenters.project import fields_of
from guatu.organisation import queries as organisation
from guatu.organisation import request as who
from guatu.organisation.request import actor_of, needs
from guatu.organisation.types import Right
from guatu.ui.export import download, workbook
from guatu.ui.forms import posted


def maker_of(request: HttpRequest) -> Maker:
    """What the user behind a request is in making lists."""
    return maker(who.user_of(request), who.assignments_of(request))


@require_safe
@needs(Right.REPORT)
def applications(request: HttpRequest) -> HttpResponse:
    context = presenters.applications_page(maker_of(request), request.GET)
    return render(request, "ledger/applications_page.html", context)


@require_safe
@needs(Right.REPORT)
def applications_export(request: HttpRequest) -> HttpResponse:
    roster = presenters.own_roster(maker_of(request), request.GET)
    return download(workbook("申报", roster.columns, roster.found()), "申报.xlsx")


@require_http_methods(["GET", "POST"])
@once
@needs(Right.REPORT)
def new(request: HttpRequest, call_id: int) -> HttpResponse:
    call = access.call_for(maker_of(request), call_id)
    form = _form(request, posted(request), {"version": 0})
    if form.do(lambda _: _write(request, form, call)):
        messages.success(request, _told(form))
        return redirect("application", form.outcome.pk)
    context = {"call": call, "form": form, "fields": fields_of(form)}
    return render(request, "ledger/application_new.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
@once
def one(request: HttpRequest, application_id: int) -> HttpResponse:
    maker = maker_of(request)
    found = access.application_for(maker, application_id)
    is_own = maker.may_apply(found.organisation_id)
    if request.method == "POST" and not is_own:
        raise NotAllowed(Fault("not-own-unit", "这是别的单位的申报", "请由该单位的填报员修改"))
    form = None
    if request.method == "POST" or (is_own and found.state in rules.EDITABLE):
        form = _form(request, posted(request), application_values(found))
        if form.do(lambda _: _write(request, form, found.call, found)):
            messages.success(request, _told(form))
            return redirect("application", found.pk)
    withdraw = WithdrawForm(initial={"version": found.version})
    context = presenters.application_page(found, maker, form, withdraw)
    status = form.status if form else 200
    return render(request, "ledger/application_page.html", context, status=status)


def _form(
    request: HttpRequest, data: QueryDict | None, initial: dict[str, object]
) -> ApplicationForm:
    units = organisation.names_of_organisations(maker_of(request).applying)
    return ApplicationForm(
        data,
        initial=initial,
        seen=seen.projects_of(request),
        units=sorted(units.items()),
        terms=ledger.sector_terms().values(),
    )


def _write(
    request: HttpRequest, form: ApplicationForm, call: ListCall, found: Application | None = None
) -> Application:
    command = SaveApplication(
        call.pk,
        form.cleaned_data["organisation"],
        form.words(),
        found.pk if found else None,
        form.cleaned_data["version"],
    )
    write = services.submit_application if form.submits else services.save_application
    return write(actor_of(request), command)


def _told(form: ApplicationForm) -> str:
    return f"“{form.outcome.name}”已{'申报' if form.submits else '暂存'}"


@require_POST
@once
def withdraw(request: HttpRequest, application_id: int) -> HttpResponse:
    maker = maker_of(request)
    found = access.application_for(maker, application_id)
    access.require_unit(actor_of(request), found.organisation_id)
    form = WithdrawForm(request.POST)
    if form.do(
        lambda data: services.withdraw_application(
            actor_of(request), application_id, reason=data["reason"], version=data["version"]
        )
    ):
        messages.success(request, f"“{found.name}”已撤回")
        return redirect("application", application_id)
    context = presenters.application_page(found, maker, None, form)
    return render(request, "ledger/application_page.html", context, status=form.status)


@require_POST
@once
def identify(request: HttpRequest, application_id: int) -> HttpResponse:
    maker = maker_of(request)
    found = access.application_for(maker, application_id)
    access.require_office(actor_of(request))
    form = IdentityForm(request.POST)
    if form.do(
        lambda data: services.settle_identity(
            actor_of(request),
            application_id,
            project_id=data["project_id"],
            version=data["version"],
        )
    ):
        told = form.outcome.project
        messages.success(request, f"已认定为“{told}”" if told else "已认定为新项目")
        return redirect("application", application_id)
    context = presenters.application_page(
        found, maker, None, WithdrawForm(initial={"version": found.version})
    )
    return render(request, "ledger/application_page.html", context | {"identity": form}, status=422)


@require_safe
def opinions(request: HttpRequest) -> HttpResponse:
    roster = presenters.opinions_roster(_speaker(request), request.GET)
    return render(request, "ledger/opinions_page.html", roster.page())


@require_safe
def opinions_export(request: HttpRequest) -> HttpResponse:
    roster = presenters.opinions_roster(_speaker(request), request.GET)
    return download(workbook("联审意见", roster.columns, roster.found()), "联审意见.xlsx")


def _speaker(request: HttpRequest) -> Maker:
    maker = maker_of(request)
    if not maker.speaking:
        raise NotAllowed(Fault("not-allowed", "您没有要提的联审意见", "意见由被征求的部门提出"))
    return maker


@require_http_methods(["GET", "POST"])
@once
def opinion(request: HttpRequest, application_id: int) -> HttpResponse:
    maker = maker_of(request)
    found = access.application_for(maker, application_id)
    heard = queries.heard_of([found.pk])[found.pk]
    asked = [pk for pk in heard.asked if pk in maker.speaking]
    if not asked:
        raise NotAllowed(Fault("not-asked", "没有征求过您单位的意见", "请与项目办联系"))
    units = sorted(organisation.names_of_organisations(asked).items())
    form = OpinionForm(posted(request), options={"organisation": units})
    if form.do(
        lambda data: services.give_opinion(
            actor_of(request),
            application_id,
            data["organisation"],
            stance=data["stance"],
            text=data["text"],
        )
    ):
        messages.success(request, f"对“{found.name}”的意见已记下")
        return redirect("opinions")
    context = presenters.opinion_page(found, maker, form)
    return render(request, "ledger/opinion_page.html", context, status=form.status)
