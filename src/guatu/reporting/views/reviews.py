"""The queue of what units sent in, and deciding about it."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from guatu.core.errors import BadInput, Conflict, Fault, NotAllowed, RoundClosed
from guatu.journal.once import once
from guatu.organisation import request as who
from guatu.organisation.request import needs
from guatu.organisation.types import Right
from guatu.reporting.models import Report
from guatu.reporting.review import queue as presenters
from guatu.reporting.review.access import review_scopes
from guatu.reporting.services.review import (
    MOST_AT_ONCE,
    accept_reports,
    question_reports,
    reopen_reports,
    return_reports,
)
from guatu.reporting.types import Verdict
from guatu.ui.export import download, workbook

_KEY = re.compile(r"([1-9]\d{0,17})\.(\d{1,9})", re.ASCII)


@require_safe
@needs(Right.REVIEW)
def reviews(request: HttpRequest) -> HttpResponse:
    return render(request, "reporting/reviews_page.html", _context(request))


def _scopes(request: HttpRequest) -> list[int] | None:
    return review_scopes(who.actor_of(request), who.assignments_of(request))


def _context(request: HttpRequest) -> dict[str, object]:
    picked = request.POST.getlist("id")[:MOST_AT_ONCE]
    return presenters.page(_scopes(request), request.GET, picked)


@require_safe
@needs(Right.REVIEW)
def export(request: HttpRequest) -> HttpResponse:
    found = presenters.roster(_scopes(request), request.GET)
    return download(workbook(found.title, found.columns, found.found()), f"{found.title}.xlsx")


_ACTS: dict[str, tuple[Callable[..., list[Report]], str]] = {
    Verdict.ACCEPTED: (accept_reports, "已审核通过{}个"),
    Verdict.RETURNED: (return_reports, "已退回{}个"),
    Verdict.QUESTIONED: (question_reports, "已向{}个月报提出疑问"),
    Verdict.REOPENED: (reopen_reports, "已撤回{}个审核"),
}


@require_POST
@needs(Right.REVIEW)
@once
def decide(request: HttpRequest) -> HttpResponse:
    do, told = _ACTS.get(request.POST.get("verdict", ""), (None, ""))
    try:
        if do is None:
            raise BadInput(
                Fault("no-verdict", "没有选怎样办理", "请点审核通过、提出疑问或退回修改")
            )
        reason = request.POST.get("reason", "")
        done = do(who.actor_of(request), _chosen(request.POST), reason=reason)
    except BadInput as error:
        return _refused(request, error.faults, 422)
    except NotAllowed as error:
        return _refused(request, error.faults, 403)
    except (Conflict, RoundClosed) as error:
        return _refused(request, error.faults, 409)
    messages.success(request, told.format(len(done)))
    return redirect(f"{reverse('reviews')}?{request.GET.urlencode()}")


def _refused(request: HttpRequest, faults: tuple[Fault, ...], status: int) -> HttpResponse:
    typed = {"faults": faults, "reason": request.POST.get("reason", "")[:300]}
    context = {**_context(request), **typed}
    return render(request, "reporting/reviews_page.html", context, status=status)


def _chosen(posted: QueryDict) -> dict[int, int]:
    """The reports that are ticked, with the versions that were shown."""
    texts = posted.getlist("id")
    if len(texts) > MOST_AT_ONCE:
        raise BadInput(Fault("too-many", f"一次最多审核{MOST_AT_ONCE}个", "请分批办理"))
    found = [_KEY.fullmatch(text) for text in texts]
    return {int(one[1]): int(one[2]) for one in found if one}
