"""The circular: read, edit, check, issue, sign, withdraw."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.assessment.forms import one_file
from guatu.core.errors import BadInput, Conflict, Fault, NotFound
from guatu.engines.gongwen.reading import UPLOAD_BYTES
from guatu.engines.gongwen.render import render as rendered
from guatu.files.services import read_blob
from guatu.journal.once import once
from guatu.organisation import request as who
from guatu.publishing import queries
from guatu.publishing.access import PaperViewer, issued_paper
from guatu.publishing.forms import draft_typed, piece_typed, restored
from guatu.publishing.pages import circular as pages
from guatu.publishing.services import papers
from guatu.publishing.services.bulletin import live_circular
from guatu.publishing.wording.draft import runs_of
from guatu.ui.export import DOCX, download
from guatu.ui.forms import stated_version

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
def circular(request: HttpRequest, round_id: int) -> HttpResponse:
    context = pages.page(PaperViewer.of(request, round_id))
    return render(request, "publishing/circular_page.html", context)


def _refused(
    request: HttpRequest, viewer: PaperViewer, faults: tuple[Fault, ...], status: int = 422
) -> HttpResponse:
    """The circular's page with what was refused, and what was typed."""
    typed = {name: request.POST.get(name, "") for name in ("number", "reason")}
    context = {**pages.page(viewer), "form_faults": faults, "typed": typed}
    return render(request, "publishing/circular_page.html", context, status=status)


@require_http_methods(GET_OR_POST)
@once
def edit(request: HttpRequest, round_id: int) -> HttpResponse:
    viewer = PaperViewer.of(request, round_id, acts=True)
    if request.method != "POST":
        return render(request, "publishing/circular_edit.html", pages.editing(viewer))
    typed = draft_typed(request)
    try:
        version = stated_version(request.POST.get("version", ""))
        papers.save_draft(who.actor_of(request), viewer.round, typed, version=version)
    except (BadInput, Conflict) as error:
        is_meanwhile = isinstance(error, Conflict)
        context = pages.editing(viewer, typed, is_meanwhile=is_meanwhile)
        if not is_meanwhile:
            context["version"] = request.POST.get("version", "")
        context["faults"] = error.faults
        status = 409 if is_meanwhile else 422
        return render(request, "publishing/circular_edit.html", context, status=status)
    back = restored(request)
    messages.success(request, "草稿已保存" if back is None else "已恢复原文，草稿已保存")
    if back is None and "stay" not in request.POST:
        return redirect("circular", round_id)
    place = f"#t-{back}" if back is not None else ""
    return redirect(f"{reverse('circular-edit', args=[round_id])}{place}")


@require_POST
def preview(request: HttpRequest, round_id: int) -> HttpResponse:
    """How one box prints now. Keeps nothing: no form token is asked for."""
    viewer = PaperViewer.of(request, round_id, acts=True)
    runs = runs_of(piece_typed(request), live_circular(viewer.round).live)
    return render(request, "publishing/_runs.html", {"runs": runs})


@require_safe
def docx(request: HttpRequest, round_id: int) -> HttpResponse:
    viewer = PaperViewer.of(request, round_id)
    paper = queries.circular_in_force(viewer.round)
    name = f"{viewer.round}通报"
    if paper is not None and paper.document is not None:
        return download(read_blob(paper.document.sm3), f"{name}.docx", DOCX)
    if not viewer.may_issue:
        issued_paper(viewer.round)
    document = papers.document_of(paper, live_circular(viewer.round))
    return download(rendered(document), f"{name}（草稿）.docx", DOCX)


@require_http_methods(GET_OR_POST)
def check(request: HttpRequest, round_id: int) -> HttpResponse:
    """Compares and changes nothing: no form token is asked for."""
    viewer = PaperViewer.of(request, round_id, acts=True)
    context = pages.head(viewer)
    if request.method != "POST":
        return render(request, "publishing/circular_check.html", context)
    try:
        file = one_file(request, "edited", "改好的通报", most=UPLOAD_BYTES)
        checked = papers.check_figures(who.actor_of(request), viewer.round, file.content)
    except BadInput as error:
        context["faults"] = error.faults
        return render(request, "publishing/circular_check.html", context, status=422)
    context |= {"checked": checked, "name": file.name}
    return render(request, "publishing/circular_check.html", context)


@require_POST
@once
def issue(request: HttpRequest, round_id: int) -> HttpResponse:
    viewer = PaperViewer.of(request, round_id, acts=True)
    try:
        edited = None
        if request.FILES.get("edited"):
            edited = one_file(request, "edited", "定稿", most=UPLOAD_BYTES).content
        command = papers.Issue(
            request.POST.get("number", ""), edited, is_confirmed="confirmed" in request.POST
        )
        version = stated_version(request.POST.get("version", ""))
        papers.issue(who.actor_of(request), viewer.round, command, version=version)
    except BadInput as error:
        return _refused(request, viewer, error.faults)
    messages.success(request, "通报已印发，内容已固定")
    return redirect("circular", round_id)


@require_http_methods(GET_OR_POST)
@once
def scan(request: HttpRequest, round_id: int) -> HttpResponse:
    if request.method != "POST":
        return _scan(PaperViewer.of(request, round_id))
    viewer = PaperViewer.of(request, round_id, acts=True)
    paper = issued_paper(viewer.round)
    try:
        file = one_file(request, "scan", "签发件", most=papers.SCAN_BYTES)
        version = stated_version(request.POST.get("version", ""))
        papers.attach_scan(who.actor_of(request), paper, file.content, version=version)
    except BadInput as error:
        return _refused(request, viewer, error.faults)
    messages.success(request, "签发件已存入")
    return redirect("circular", round_id)


def _scan(viewer: PaperViewer) -> HttpResponse:
    paper = issued_paper(viewer.round)
    if paper.scan is None:
        raise NotFound(Fault("no-scan", "还没有存签发件", "请由项目办上传"))
    suffix = papers.scan_suffix(paper.scan.mime)
    name = f"{viewer.round}通报签发件.{suffix}"
    return download(read_blob(paper.scan.sm3), name, paper.scan.mime)


@require_POST
@once
def withdraw(request: HttpRequest, round_id: int) -> HttpResponse:
    viewer = PaperViewer.of(request, round_id, acts=True)
    paper = issued_paper(viewer.round)
    try:
        reason = request.POST.get("reason", "")
        version = stated_version(request.POST.get("version", ""))
        papers.withdraw(who.actor_of(request), paper, reason, version=version)
    except BadInput as error:
        return _refused(request, viewer, error.faults)
    messages.success(request, "通报已撤回，可以重新起草")
    return redirect("circular", round_id)
