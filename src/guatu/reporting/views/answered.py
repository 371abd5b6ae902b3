"""The answers of a round: seen again, exported, taken back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from guatu.journal.once import once
from guatu.ledger.request import viewer_of
from guatu.organisation import request as who
from guatu.reporting import access
from guatu.reporting.desk import answered as presenters
from guatu.reporting.desk.presenters import after_answer
from guatu.reporting.services.withdraw import Withdrawn, withdraw_answer
from guatu.reporting.views.intake import office_round


@require_safe
def answered(request: HttpRequest, round_id: int) -> HttpResponse:
    the_round = office_round(request, round_id)
    context = presenters.page(the_round, request.GET)
    return render(request, "reporting/answered_page.html", context)


@require_safe
def export(request: HttpRequest, round_id: int) -> HttpResponse:
    return presenters.exported(office_round(request, round_id), request.GET)


@require_POST
@once
def withdraw(request: HttpRequest, round_id: int, answer_id: int) -> HttpResponse:
    the_round = office_round(request, round_id)
    answer = access.get_answer(the_round, answer_id)
    done = withdraw_answer(who.actor_of(request), the_round, answer.pk)
    if request.headers.get("HX-Request"):
        context = after_answer(viewer_of(request), the_round, [*done.reopened, *done.gone])
        own = [one for one in context["fresh"] if answer.question in (one.question, *one.others)]
        context |= {
            "told": told_of(done),
            "asked": own[0] if own else None,
            "fresh": [one for one in context["fresh"] if one not in own],
            "settled": [pk for pk in context["settled"] if pk != answer.question_id],
        }
        return render(request, "reporting/_answer_withdrawn.html", context)
    messages.success(request, told_of(done))
    return redirect(reverse("intake-answered", args=[round_id]))


def told_of(done: Withdrawn) -> str:
    """What came of a withdrawal, in a sentence."""
    text = "已撤回"
    if done.reopened:
        text += f"，{len(done.reopened)}条疑问重新打开"
    if done.taken_back:
        text += f"，取回{done.taken_back}个数"
    if done.kept:
        text += f"；{'、'.join(done.kept[:3])}后来另有新数，保持不变"
    return f"{text}。"
