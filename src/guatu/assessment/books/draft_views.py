"""Writing rule books: drafts, publishing by two, taking a book into use, trying it on the past."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guatu.assessment.books import draft_page, effect_page, files, queries, reading_page, simulation
from guatu.assessment.books.access import draft_for, reads_books
from guatu.assessment.books.adopt_page import page as adopt_page
from guatu.assessment.books.chosen import draft_version
from guatu.assessment.books.forms import fields_typed, number_asked, texts_typed
from guatu.assessment.books.origin import before_draft
from guatu.assessment.models import RuleBookDraft
from guatu.assessment.queries import book_name
from guatu.assessment.services import drafts, publish_book
from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, Fault
from guatu.journal.once import once
from guatu.organisation import request as who
from guatu.organisation.access import require
from guatu.organisation.request import needs
from guatu.organisation.types import Right
from guatu.ui.export import download, workbook
from guatu.ui.forms import stated_version

GET_OR_POST = ("GET", "HEAD", "POST")
EDIT = Right.EDIT_RULEBOOKS


@require_POST
@needs(EDIT)
@once
def start(request: HttpRequest, book_id: str) -> HttpResponse:
    """Begin the next version, or an own book from one that came with the program."""
    number = number_asked(request.POST.get("number", ""))
    own_id = request.POST.get("own_id", "")
    try:
        draft = drafts.start_draft(who.actor_of(request), book_id, number, own_id)
    except BadInput as error:
        version = queries.find_version(book_id, number, clock.today())
        told = {"may_edit": True, "own_id": own_id, "start_faults": error.faults}
        context = {**reading_page.whole(version, with_draft=True), **told}
        return render(request, "assessment/rulebook_page.html", context, status=422)
    return _begun(request, draft)


@require_http_methods(GET_OR_POST)
@needs(EDIT)
@once
def upload(request: HttpRequest) -> HttpResponse:
    """Begin a draft from the three files of a book."""
    template, own_id = "assessment/rulebook_upload.html", request.POST.get("own_id", "")
    if request.method != "POST":
        return render(request, template)
    try:
        texts = files.texts_handed_in(request.FILES.getlist("files"))
        told = own_id.strip() or files.id_in(texts.toml)
        draft = drafts.start_from_files(who.actor_of(request), texts, told)
    except (BadInput, Conflict) as error:
        status = 409 if isinstance(error, Conflict) else 422
        context = {"faults": error.faults, "own_id": own_id}
        return render(request, template, context, status=status)
    return _begun(request, draft)


def _begun(request: HttpRequest, draft: RuleBookDraft) -> HttpResponse:
    told = f"《{queries.draft_title(draft)}》第{draft.number}版"
    origin = f"（照{draft.origin}）" if draft.origin else ""
    messages.success(request, f"已起草{told}{origin}，改好后送审")
    return redirect("rulebook-draft", draft.pk)


@require_http_methods(GET_OR_POST)
@once
def draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    found, user = draft_for(request, draft_id), who.user_of(request)
    if request.method != "POST":
        return render(request, "assessment/rulebook_draft.html", draft_page.page(found, user))
    typed, fields = texts_typed(request), fields_typed(request)
    try:
        texts = draft_page.merged(found, typed, fields)
    except BadInput as error:
        told = draft_page.page(found, user, typed=typed, fields=fields, faults=error.faults)
        return render(request, "assessment/rulebook_draft.html", told, status=422)
    try:
        seen = stated_version(request.POST.get("version", ""))
        drafts.save_draft(who.actor_of(request), draft_id, version=seen, texts=texts)
    except (BadInput, Conflict) as error:
        is_stale = isinstance(error, Conflict)
        found = draft_for(request, draft_id)
        told = draft_page.page(found, user, typed=texts, faults=error.faults, is_stale=is_stale)
        status = 409 if is_stale else 422
        return render(request, "assessment/rulebook_draft.html", told, status=status)
    messages.success(request, "草稿已保存")
    return redirect("rulebook-draft", draft_id)


@require_POST
def check(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Checks what is typed and keeps nothing: no form token is asked for."""
    found, user = draft_for(request, draft_id), who.user_of(request)
    typed, fields = texts_typed(request), fields_typed(request)
    try:
        texts = draft_page.merged(found, typed, fields)
    except BadInput as error:
        template = "assessment/_rulebook_checked.html"
        return render(request, template, {"faults": error.faults, "draft": found})
    told = draft_page.live(found, texts)
    if request.headers.get("HX-Request"):
        return render(request, "assessment/_rulebook_checked.html", told)
    context = {**draft_page.page(found, user, typed=texts), **told, "is_unsaved": True}
    return render(request, "assessment/rulebook_draft.html", context)


@require_safe
def effect(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The projects whose light the saved draft would change, as a workbook."""
    found = draft_for(request, draft_id)
    faults: list[Fault] = []
    version = draft_version(found, faults)
    shown = effect_page.effect_of(
        version.book if version else None, queries.last_snapshot(), before_draft(found)
    )
    if shown.found is None or shown.snapshot is None:
        raise BadInput(*(faults or [Fault("no-effect", shown.none, "请先改好草稿")]))
    the_round = shown.snapshot.round
    title = f"{the_round.list}{the_round.period.label}灯的变化"
    notes = [
        f"由{shown.against}改为{version.name if version else found}："
        f"{effect_page.told_count(shown.found)}；试算，不入通报",
        *shown.unknown,
    ]
    rows = (*shown.found.turned, *shown.found.renamed)
    content = workbook(title, effect_page.columns(), rows, notes=notes)
    return download(content, f"{title}.xlsx")


@require_safe
def read(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The saved draft read like a book, for whoever is to publish it."""
    found = draft_for(request, draft_id)
    faults: list[Fault] = []
    version = draft_version(found, faults)
    if version is None:
        raise BadInput(*faults)
    context = {**reading_page.page(version), "draft": found, "is_draft": True, "may_edit": True}
    return render(request, "assessment/rulebook_page.html", context)


@require_POST
@once
def submit(request: HttpRequest, draft_id: int) -> HttpResponse:
    found, user = draft_for(request, draft_id), who.user_of(request)
    reason, is_back = request.POST.get("reason", ""), bool(request.POST.get("is_retroactive"))
    try:
        drafts.submit_draft(
            who.actor_of(request),
            draft_id,
            version=stated_version(request.POST.get("version", "")),
            reason=reason,
            is_retroactive=is_back,
        )
    except BadInput as error:
        context = {
            **draft_page.page(found, user, faults=error.faults),
            "reason": reason,
            "is_retroactive": is_back,
        }
        return render(request, "assessment/rulebook_draft.html", context, status=422)
    messages.success(request, "已送审，请另一名有权限的人在24小时内发布")
    return redirect("rulebook-draft", draft_id)


@require_POST
@once
def publish(request: HttpRequest, draft_id: int) -> HttpResponse:
    draft_for(request, draft_id)
    seen = stated_version(request.POST.get("version", ""))
    row = publish_book.publish_draft(who.actor_of(request), draft_id, version=seen)
    messages.success(request, f"已发布{book_name(row)}")
    return redirect("rulebook", row.book)


@require_POST
@once
def send_back(request: HttpRequest, draft_id: int) -> HttpResponse:
    found, user = draft_for(request, draft_id), who.user_of(request)
    reason = request.POST.get("reason", "")
    try:
        seen = stated_version(request.POST.get("version", ""))
        drafts.return_draft(who.actor_of(request), draft_id, version=seen, reason=reason)
    except BadInput as error:
        context = {**draft_page.page(found, user, faults=error.faults), "return_reason": reason}
        return render(request, "assessment/rulebook_draft.html", context, status=422)
    messages.success(request, "已退回，起草人能看到理由")
    return redirect("rulebook-draft", draft_id)


@require_POST
@once
def withdraw(request: HttpRequest, draft_id: int) -> HttpResponse:
    draft_for(request, draft_id)
    drafts.withdraw_draft(
        who.actor_of(request), draft_id, version=stated_version(request.POST.get("version", ""))
    )
    messages.success(request, "已撤回送审，可以接着改")
    return redirect("rulebook-draft", draft_id)


@require_POST
@once
def drop(request: HttpRequest, draft_id: int) -> HttpResponse:
    draft_for(request, draft_id)
    drafts.drop_draft(
        who.actor_of(request), draft_id, version=stated_version(request.POST.get("version", ""))
    )
    messages.success(request, "草稿已作废")
    return redirect("rulebooks")


@require_http_methods(GET_OR_POST)
@needs(EDIT)
@once
def adopt(request: HttpRequest, book_id: str) -> HttpResponse:
    """Judge by this book from now on; the page before says what changes."""
    require(who.actor_of(request), Right.CHANGE_SETTINGS)
    version = queries.find_version(book_id, None, clock.today())
    if request.method != "POST":
        return render(request, "assessment/rulebook_adopt.html", adopt_page(version))
    basis, seen = request.POST.get("basis", ""), request.POST.get("seen", "")
    try:
        publish_book.adopt_book(who.actor_of(request), version.id, basis=basis, seen=seen)
    except BadInput as error:
        context = {**adopt_page(version), "faults": error.faults, "basis": basis}
        return render(request, "assessment/rulebook_adopt.html", context, status=422)
    messages.success(request, f"已采用{version.name}，没有锁定的期从现在起按它测算")
    return redirect("rulebook", version.id)


@require_safe
@reads_books
@needs(EDIT)
def simulate(request: HttpRequest) -> HttpResponse:
    is_part = bool(request.headers.get("HX-Request"))
    template = (
        "assessment/_rulebook_simulated.html" if is_part else "assessment/rulebook_simulate.html"
    )
    return render(request, template, simulation.page(request.GET))


@require_safe
@reads_books
@needs(EDIT)
def export_simulation(request: HttpRequest) -> HttpResponse:
    title, content = simulation.exported(request.GET)
    return download(content, f"{title}.xlsx")
