"""Entering for a unit (代报): all its missing projects at once, or one; then the next unit."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from guatu.core.errors import BadInput, Conflict, Fault, NotFound, RoundClosed
from guatu.journal.once import once
from guatu.ledger.request import viewer_of
from guatu.organisation import request as who
from guatu.reporting.desk import proxied as waiting
from guatu.reporting.desk import proxy as presenters
from guatu.reporting.desk.proxy import Entering
from guatu.reporting.forms import ConfirmForm, entries_posted, reports_chosen
from guatu.reporting.services.figure_questions import ask_when_stored
from guatu.reporting.services.proxy import confirm_for_unit, enter_for_unit
from guatu.reporting.views.intake import office_round
from guatu.ui.export import download, workbook


@require_safe
def first(request: HttpRequest, round_id: int) -> HttpResponse:
    """The first unit that misses something; where none does, the way on."""
    the_round = office_round(request, round_id)
    missing = presenters.units_missing(viewer_of(request), the_round)
    if missing:
        return redirect("proxy-unit", round_id, missing[0].key)
    return render(request, "reporting/proxy_done.html", {"round": the_round})


@require_http_methods(["GET", "HEAD", "POST"])
@once
def unit(request: HttpRequest, round_id: int, organisation_id: int) -> HttpResponse:
    the_round, viewer = office_round(request, round_id), viewer_of(request)
    here = presenters.unit_of(viewer, the_round, organisation_id)
    is_posted = request.method == "POST"
    ids = entries_posted(request.POST) if is_posted else presenters.missing_ids(here)
    if not ids and not is_posted:
        return redirect("proxy", round_id)
    projects = presenters.projects_in(viewer, the_round, ids)
    entering = presenters.entering(
        viewer, the_round, projects, request.POST if is_posted else None, here
    )
    if len(projects) < len(set(ids)):
        entering.commands()  # what else is wrong is told at once
        what = f"{len(set(ids)) - len(projects)}个项目刚从清单调出，没有保存"
        return _page(request, entering, 409, [Fault("left-list", what, "请核对其余各行后再保存")])
    return _entered(request, entering)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def entry(request: HttpRequest, round_id: int, project_id: int) -> HttpResponse:
    the_round, viewer = office_round(request, round_id), viewer_of(request)
    projects = presenters.projects_in(viewer, the_round, [project_id])
    if not projects:
        raise NotFound(presenters.NOT_LISTED)
    posted = request.POST if request.method == "POST" else None
    return _entered(request, presenters.entering(viewer, the_round, projects, posted))


def _entered(request: HttpRequest, entering: Entering) -> HttpResponse:
    """The page to fill in; or what was posted, saved as a whole or shown with what is wrong."""
    if request.method != "POST":
        return _page(request, entering, 200)
    commands = entering.commands()
    if commands is None:
        return _page(request, entering, 422)
    actor, the_round = who.actor_of(request), entering.round
    try:
        entered = enter_for_unit(actor, the_round, entering.said.said(), commands)
    except BadInput as error:
        return _page(request, entering, 422, error.faults)
    except RoundClosed as error:  # what was typed stays in sight
        return _page(request, entering, 409, error.faults)
    if entered.is_refused:
        entering.tell(entered)
        return _page(request, entering, 409 if entered.changed else 422)
    ask_when_stored(actor, the_round, {one.project_id for one in entered.reports})
    unit = entering.unit
    if unit is None:  # he came from a question
        messages.success(request, presenters.saved_words(entering))
        return redirect(f"{reverse('intake', args=[the_round.pk])}#questions")
    told, following = presenters.after(entering, unit)
    messages.success(request, told)
    if following is None:
        return redirect("proxy", the_round.pk)
    return redirect("proxy-unit", the_round.pk, following.key)


def _page(
    request: HttpRequest, entering: Entering, status: int, faults: Sequence[Fault] = ()
) -> HttpResponse:
    context = {**presenters.page(entering), "faults": faults}
    return render(request, "reporting/proxy_page.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def proxied(request: HttpRequest, round_id: int) -> HttpResponse:
    """What was entered for units and waits for their word, and noting that it came."""
    the_round, viewer = office_round(request, round_id), viewer_of(request)
    form = ConfirmForm(request.POST if request.method == "POST" else None, initial=waiting.usual())
    faults: Sequence[Fault] = ()
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        chosen, text = reports_chosen(request.POST), form.cleaned_data["text"]
        actor = who.actor_of(request)
        try:
            done = confirm_for_unit(actor, the_round, chosen, form.said(), text=text)
        except BadInput as error:
            faults = error.faults
        except (Conflict, RoundClosed) as error:
            faults, status = error.faults, 409
        else:
            messages.success(request, f"已记下{len(done)}个项目由单位确认")
            return redirect(request.get_full_path())
    context = waiting.page(viewer, the_round, request.GET, reports_chosen(request.POST))
    told = {**context, "form": form, "faults": faults}
    return render(request, "reporting/proxied_page.html", told, status=status)


@require_safe
def export_proxied(request: HttpRequest, round_id: int) -> HttpResponse:
    the_round = office_round(request, round_id)
    rows = waiting.rows(viewer_of(request), the_round, request.GET)
    title = f"{the_round}代报待确认"
    return download(workbook(title, waiting.COLUMNS, rows), f"{title}.xlsx")
