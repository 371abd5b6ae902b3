"""Entering for a unit (代报): the form, the questions it raises, and two people at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guatu.core.errors import BadInput, Conflict
from guatu.journal.once import once
from guatu.ledger.models import Project
from guatu.organisation import request as who
from guatu.reporting import access
from guatu.reporting.desk import proxy as presenters
from guatu.reporting.forms import ProxyForm
from guatu.reporting.models import Round
from guatu.reporting.services.proxy import enter_for_unit
from guatu.reporting.views.intake import office_round
from guatu.reporting.views.months import viewer_of


@require_http_methods(["GET", "HEAD", "POST"])
@once
def entry(request: HttpRequest, round_id: int, project_id: int) -> HttpResponse:
    the_round = office_round(request, round_id)
    project = access.get_project(viewer_of(request), the_round, project_id)
    if request.method != "POST":
        form = ProxyForm(initial=presenters.initial(the_round, project))
        return _page(request, the_round, project, {"form": form})
    form = ProxyForm(request.POST)
    if not form.is_valid():
        return _page(request, the_round, project, {"form": form}, 422)
    try:
        entered = enter_for_unit(who.actor_of(request), the_round, project, form.command())
    except Conflict as error:
        context = {"form": form, "faults": error.faults, **presenters.both(the_round, project)}
        return _page(request, the_round, project, context, 409)
    except BadInput as error:
        return _page(request, the_round, project, {"form": form, "faults": error.faults}, 422)
    if entered.report is None:
        return _page(
            request, the_round, project, {"form": form, "questions": entered.questions}, 422
        )
    messages.success(request, f"“{project}”已代报，待单位确认")
    return redirect(f"{reverse('intake', args=[round_id])}#missing")


def _page(
    request: HttpRequest,
    the_round: Round,
    project: Project,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    told = presenters.page(the_round, project)
    template = "reporting/proxy_page.html"
    return render(request, template, {**told, **context}, status=status)
