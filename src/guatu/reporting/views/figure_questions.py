"""Questions to figures: the list of a round, one question with its answer, asking anew."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.core.errors import BadInput
from guatu.journal.once import once
from guatu.ledger.request import viewer_of
from guatu.organisation import request as who
from guatu.reporting.asking import access
from guatu.reporting.desk import figure_questions as presenters
from guatu.reporting.services import figure_questions as services
from guatu.reporting.views.intake import office_round


@require_safe
def questions(request: HttpRequest, round_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    the_round = access.round_of(viewer, round_id)
    context = presenters.page(viewer, the_round, request.GET)
    return render(request, "reporting/figure_questions_page.html", context)


@require_safe
def export(request: HttpRequest, round_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    return presenters.exported(viewer, access.round_of(viewer, round_id), request.GET)


@require_POST
@once
def ask(request: HttpRequest, round_id: int) -> HttpResponse:
    the_round = office_round(request, round_id)
    done = services.ask_round(who.actor_of(request), the_round)
    text = f"已核对{done.looked_at}个项目的数，新提出{done.raised}条疑问"
    gone = f"，{done.withdrawn}条不再成立" if done.withdrawn else ""
    messages.success(request, f"{text}{gone}。")
    return redirect("figure-questions", the_round.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def question(request: HttpRequest, round_id: int, figure_question_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    the_round = access.round_of(viewer, round_id)
    found = access.get_question(viewer, the_round, figure_question_id)
    context = presenters.question_page(viewer, the_round, found)
    if request.method != "POST":
        return render(request, "reporting/figure_question_page.html", context)
    typed, seen = request.POST.get("answer", ""), request.POST.get("seen", "")[:9]
    try:
        number = int(seen) if seen.isdecimal() else 0
        actor = who.actor_of(request)
        services.answer_question(actor, the_round, found.pk, answer=typed, seen=number)
    except BadInput as error:
        context |= {"faults": error.faults, "typed": typed}
        return render(request, "reporting/figure_question_page.html", context, status=422)
    messages.success(request, f"已答复：{context['kind']}")
    return redirect("figure-questions", the_round.pk)
