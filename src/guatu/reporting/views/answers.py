"""Answering a question in place, and looking for the project that a row means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from guatu.core.errors import BadInput, Fault
from guatu.journal.once import once
from guatu.ledger.request import viewer_of
from guatu.organisation import request as who
from guatu.reporting import access
from guatu.reporting.desk import asked as presenters
from guatu.reporting.desk.answered import told
from guatu.reporting.desk.asked import Asked, Offer
from guatu.reporting.desk.presenters import after_answer
from guatu.reporting.desk.queries import figures_before, ground_of, offers_of
from guatu.reporting.forms import answer_of
from guatu.reporting.models import IntakeAnswer, Round
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
        context |= {"asked": asked, "done": done, "settled": settled, "said": _said(done)}
        return render(request, "reporting/_question_done.html", context)
    messages.success(request, _told(done))
    return redirect(f"{reverse('intake', args=[round_id])}#questions")


def _asked(request: HttpRequest, the_round: Round, question_id: int) -> Asked:
    question = access.get_question(the_round, question_id)
    asked = presenters.asked(question, ground_of(viewer_of(request), the_round, question))
    if question.project_id is not None:
        asked.before = figures_before(the_round, [question.project_id])[0].get(question.project_id)
    return asked


def _again(request: HttpRequest, the_round: Round, asked: Asked, error: BadInput) -> HttpResponse:
    """The same question with what was typed, and what is wrong with it."""
    text = request.POST.get("project_text", "").strip()[:100]
    faults: Sequence[Fault] = error.faults
    if text and asked.takes_project:
        found = _search(request, the_round, text)
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
        "is_more_open": _is_in_more(asked, request.POST),
    }
    is_fragment = request.headers.get("HX-Request")
    template = "reporting/_question.html" if is_fragment else "reporting/question_page.html"
    return render(request, template, context, status=422)


def _is_in_more(asked: Asked, posted: QueryDict) -> bool:
    """Whether what was tried stands under the other answers, which are folded."""
    pressed = posted.get("answer", "").partition(":")[0]
    in_sight = {"search": "project"}.get(asked.main, asked.main)
    return pressed not in ("", "choice", in_sight) or bool(posted.get("why_not", "").strip())


def _said(done: Answered) -> str:
    """What was answered, in its own words."""
    rows = IntakeAnswer.objects.filter(pk=done.answer_id)
    (one,) = told(rows.select_related("question__imported", "question__project", "outcome"))
    return one.said


def _told(done: Answered) -> str:
    text = f"已答复：{_said(done)}" + (f"，入库{done.entered}行" if done.entered else "")
    return f"{text}；仍待答复：{done.waiting[0]}" if done.waiting else text


@require_safe
def projects(request: HttpRequest, round_id: int) -> HttpResponse:
    the_round = office_round(request, round_id)
    text = request.GET.get("project_text", "").strip()[:100]
    found = _search(request, the_round, text) if text else []
    return render(request, "reporting/_projects_found.html", {"found": found, "text": text})


def _search(request: HttpRequest, the_round: Round, text: str) -> list[Offer]:
    seen = access.named(access.projects_of(viewer_of(request), the_round), text)
    return offers_of(the_round, dict(seen.order_by("name").values_list("pk", "name")[:FOUND_SHOWN]))
