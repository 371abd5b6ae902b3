"""Answering a question in place, and looking for the project that a row means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from guatu.core.errors import BadInput, Fault
from guatu.journal.once import once
from guatu.ledger.request import viewer_of
from guatu.organisation import request as who
from guatu.reporting import access
from guatu.reporting.desk import asked as presenters
from guatu.reporting.desk.asked import Asked, Offer
from guatu.reporting.desk.presenters import after_answer
from guatu.reporting.desk.queries import ground_of
from guatu.reporting.forms import answer_of
from guatu.reporting.models import Round
from guatu.reporting.services.answers import Answered, answer_question
from guatu.reporting.views.intake import office_round

FOUND_SHOWN = 12


@require_POST
@once
def answer(request: HttpRequest, round_id: int, question_id: int) -> HttpResponse:
    the_round = office_round(request, round_id)
    asked = _asked(request, the_round, question_id)
    try:
        command = answer_of(asked, request.POST)
        done = answer_question(who.actor_of(request), the_round, question_id, command)
    except BadInput as error:
        return _again(request, the_round, asked, error)
    if request.headers.get("HX-Request"):
        context = after_answer(viewer_of(request), the_round, done.effects.questions)
        # In the place of the question itself stands what came of it.
        settled = [pk for pk in context["settled"] if pk != question_id]
        context |= {"asked": asked, "done": done, "settled": settled}
        return render(request, "reporting/_question_done.html", context)
    messages.success(request, _told(done))
    return redirect(f"{reverse('intake', args=[round_id])}#questions")


def _asked(request: HttpRequest, the_round: Round, question_id: int) -> Asked:
    question = access.get_question(the_round, question_id)
    return presenters.asked(question, ground_of(viewer_of(request), the_round, question))


def _again(request: HttpRequest, the_round: Round, asked: Asked, error: BadInput) -> HttpResponse:
    """The same question with what was typed, and what is wrong with it."""
    text = request.POST.get("project_text", "").strip()[:100]
    faults: Sequence[Fault] = error.faults
    if text and asked.takes_project:
        found = [
            Offer(f"project:{pk}", f"是{name}") for pk, name in _search(request, the_round, text)
        ]
        known = {one.value for one in found}
        asked.near = [*found, *(one for one in asked.near if one.value not in known)]
        if request.POST.get("answer") == "project":
            # It was looked for, not answered: what was found is the answer, not a fault.
            remedy = "请换名称里的几个字，或用项目代码再查"
            faults = [] if found else [Fault("none-found", f"没有找到“{text}”", remedy)]
    context: dict[str, Any] = {
        "round": the_round,
        "asked": asked,
        "faults": faults,
        "typed": request.POST,
    }
    is_fragment = request.headers.get("HX-Request")
    template = "reporting/_question.html" if is_fragment else "reporting/question_page.html"
    return render(request, template, context, status=422)


def _told(done: Answered) -> str:
    text = f"已答复，入库{done.entered}行" if done.entered else "已答复"
    return f"{text}；仍待答复：{done.waiting[0]}" if done.waiting else text


@require_safe
def projects(request: HttpRequest, round_id: int) -> HttpResponse:
    the_round = office_round(request, round_id)
    text = request.GET.get("project_text", "").strip()[:100]
    found = _search(request, the_round, text) if text else []
    return render(request, "reporting/_projects_found.html", {"found": found, "text": text})


def _search(request: HttpRequest, the_round: Round, text: str) -> list[tuple[int, str]]:
    seen = access.named(access.projects_of(viewer_of(request), the_round), text)
    return list(seen.order_by("name").values_list("pk", "name")[:FOUND_SHOWN])
