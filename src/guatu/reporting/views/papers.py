"""Papers beside a report: put in and taken away by the unit, read by whoever sees the project."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.core.errors import BadInput, Fault, RoundClosed
from guatu.files.services import read_blob
from guatu.journal.once import once
from guatu.ledger.models import ListEntry
from guatu.ledger.request import viewer_of
from guatu.organisation import request as who
from guatu.organisation.request import needs
from guatu.organisation.types import Right
from guatu.reporting.access import own_entry, round_of, scopes_of
from guatu.reporting.papers.access import get_paper
from guatu.reporting.papers.queries import standing
from guatu.reporting.papers.services import MOST_BYTES, GivenPaper, attach_papers, remove_paper
from guatu.reporting.types import RoundState
from guatu.ui.export import download


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.REPORT)
@once
def papers(request: HttpRequest, round_id: int, project_id: int) -> HttpResponse:
    """The papers of one report, as a part of its form or by themselves; more are put in."""
    entry = own_entry(scopes_of(who.assignments_of(request), Right.REPORT), round_id, project_id)
    if request.method != "POST":
        return _page(request, entry, round_id)
    given = [
        # A file over the limit is not read into memory; its name is enough to say so.
        GivenPaper(file.name or "", file.read() if (file.size or 0) <= MOST_BYTES else None)
        for file in request.FILES.getlist("papers")
    ]
    try:
        made = attach_papers(who.actor_of(request), round_id, project_id, given)
    except (BadInput, RoundClosed) as error:
        status = 422 if isinstance(error, BadInput) else 409
        return _page(request, entry, round_id, error.faults, status)
    messages.success(request, f"已收下{len(made)}个附件" if made else "这些附件已经有了")
    return redirect(f"{reverse('report-form', args=[round_id, project_id])}#papers")


def _page(
    request: HttpRequest,
    entry: ListEntry,
    round_id: int,
    faults: Sequence[Fault] = (),
    status: int = 200,
) -> HttpResponse:
    the_round = round_of(round_id)
    context = {
        "round": the_round,
        "project": entry.project,
        "papers": standing(entry.project_id, the_round.period_id),
        "is_open": the_round.state == RoundState.OPEN,
        "faults": faults,
    }
    is_part = request.headers.get("HX-Request")
    template = "reporting/_papers.html" if is_part else "reporting/papers_page.html"
    return render(request, template, context, status=status)


@require_POST
@needs(Right.REPORT)
@once
def remove(
    request: HttpRequest, round_id: int, project_id: int, report_paper_id: int
) -> HttpResponse:
    gone = remove_paper(who.actor_of(request), round_id, project_id, report_paper_id)
    messages.success(request, f"附件“{gone}”已移除")
    return redirect(f"{reverse('report-form', args=[round_id, project_id])}#papers")


@require_safe
def paper(request: HttpRequest, report_paper_id: int) -> HttpResponse:
    """The paper to be saved, never shown inside a page (trust C-12)."""
    found = get_paper(viewer_of(request), report_paper_id)
    return download(read_blob(found.blob.sm3), found.name, found.blob.mime)
