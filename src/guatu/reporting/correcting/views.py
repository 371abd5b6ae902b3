"""Pages of requests for corrections: the list, a new one, one with its answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.core.errors import Conflict, NotFound
from guatu.journal.once import once
from guatu.ledger.request import viewer_of
from guatu.organisation.queries import names_of_organisations
from guatu.organisation.request import actor_of, needs
from guatu.organisation.types import Right
from guatu.organisation.views import lists
from guatu.reporting.correcting import access, presenters, services
from guatu.reporting.correcting.forms import AnswerForm, AskForm
from guatu.reporting.correcting.models import CorrectionRequest
from guatu.reporting.correcting.types import RequestState
from guatu.ui.forms import posted, version_of


@require_safe
@needs(*access.READERS)
def corrections(request: HttpRequest) -> HttpResponse:
    context = presenters.roster(viewer_of(request), request.GET).page()
    return render(request, "reporting/corrections_page.html", context)


@require_safe
@needs(*access.READERS)
def export(request: HttpRequest) -> HttpResponse:
    return lists.export(presenters.roster(viewer_of(request), request.GET))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(*access.ASKERS)
@once
def ask(request: HttpRequest) -> HttpResponse:
    asked = {name: request.GET.get(name, "")[:20] for name in ("round", "project")}
    form = AskForm(posted(request), options=presenters.options(viewer_of(request)), initial=asked)
    actor = actor_of(request)
    if form.do(lambda _: services.ask_for_correction(actor, form.command()), Conflict, NotFound):
        messages.success(request, "已送项目办，答复后在这里能看到")
        return redirect("correction-request", form.outcome.pk)
    return render(request, "reporting/correction_new.html", {"form": form}, status=form.status)


@require_safe
@needs(*access.READERS)
def correction(request: HttpRequest, correction_id: int) -> HttpResponse:
    return _page(request, access.get_request(viewer_of(request), correction_id))


@require_POST
@needs(Right.CORRECT_ROUND)
@once
def answer(request: HttpRequest, correction_id: int) -> HttpResponse:
    found = access.get_request(viewer_of(request), correction_id)
    form = AnswerForm(request.POST)
    if form.do(
        lambda told: services.answer_request(
            actor_of(request),
            found,
            version_of(told["version"]),
            is_taken=told["verdict"] == "taken",
            answer=told["answer"],
        )
    ):
        messages.success(request, "已答复")
        return redirect("correction-request", found.pk)
    return _page(request, found, form)


@require_POST
@needs(*access.ASKERS)
@once
def withdraw(request: HttpRequest, correction_id: int) -> HttpResponse:
    found = access.get_request(viewer_of(request), correction_id)
    version = version_of(request.POST.get("version", ""))
    services.withdraw_request(actor_of(request), found, version)
    messages.success(request, "已撤回")
    return redirect("correction-request", found.pk)


def _page(
    request: HttpRequest, found: CorrectionRequest, form: AnswerForm | None = None
) -> HttpResponse:
    viewer = viewer_of(request)
    names = names_of_organisations([found.organisation_id] if found.organisation_id else [])
    is_open = found.state == RequestState.OPEN
    context = {
        "asked": found,
        "project": found.project,
        "unit": names.get(found.organisation_id or 0, ""),
        "words": presenters.words(found),
        "is_taken": found.state == RequestState.TAKEN,
        "is_done": found.round.revision > found.revision,
        "may_answer": is_open and Right.CORRECT_ROUND in viewer.rights,
        "may_withdraw": is_open and found.organisation_id in access.units_of(viewer.assignments),
        "form": form or AnswerForm(initial={"version": found.version}),
    }
    return render(
        request, "reporting/correction_page.html", context, status=form.status if form else 200
    )
