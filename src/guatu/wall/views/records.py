"""登记: what the book in force needs of one project, and of all projects of a list."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from guatu.assessment.books.queries import book_now
from guatu.assessment.recordable import Recordable, recordable, recordables
from guatu.core.errors import BadInput, Fault
from guatu.journal.once import once
from guatu.ledger import services
from guatu.ledger.services import RowsRefused
from guatu.ledger.types import SubjectKind
from guatu.ledger.values import value_kind
from guatu.organisation.request import actor_of, needs
from guatu.organisation.types import Right
from guatu.ui.export import download, workbook
from guatu.wall.records import desk, project
from guatu.wall.records.access import get_value, require_some
from guatu.wall.records.desk import Desk
from guatu.wall.records.forms import ToldForm, ValueForm, WithdrawForm
from guatu.wall.records.words import stranger_words, strangers
from guatu.wall.viewer import Viewer

_INPUT = re.compile(r"v([1-9]\d{0,17})", re.ASCII)


@require_safe
@needs(Right.RECORD_VALUES)
def records(request: HttpRequest) -> HttpResponse:
    found = Desk.of(Viewer.of(request), request.GET)
    return render(request, "wall/records_page.html", desk.page(found))


@require_safe
@needs(Right.RECORD_VALUES)
def export(request: HttpRequest) -> HttpResponse:
    title, notes, columns, rows = desk.exported(Desk.of(Viewer.of(request), request.GET))
    return download(workbook(title, columns, rows, notes=notes), f"登记_{title}.xlsx")


@require_POST
@needs(Right.RECORD_VALUES)
@once
def save(request: HttpRequest) -> HttpResponse:
    """Record the column that was typed: all of it, or nothing where one row is wrong."""
    query = QueryDict(request.POST.get("filters", "")[:2000], mutable=True)
    for name in ("measure", "list"):
        if request.POST.get(name):
            query[name] = request.POST[name]
    found = Desk.of(Viewer.of(request), query)
    kind, _, name = request.POST.get("measure", "").partition(":")
    asked = recordable(found.book, kind, name)
    typed = _typed(request.POST)
    texts = dict.fromkeys(typed, "") if value_kind(asked.measure) is None else typed
    form = ToldForm(request.POST, asked=asked)
    refused: RowsRefused | None = None

    def act(_: object) -> int:
        nonlocal refused
        if not texts:
            raise BadInput(Fault("nothing-typed", "没有写任何值", "请在“登记为”一列填写"))
        try:
            return services.record_values(
                actor_of(request), asked.kind, asked.measure, texts, form.told()
            )
        except RowsRefused as error:
            refused = error
            raise BadInput(_told(len(error.rows))) from error

    if form.do(act):
        messages.success(request, f"“{asked.measure.name}”登记了{form.outcome}个")
        _warn(request, asked, texts.values())
        return redirect(f"{reverse('records')}?{query.urlencode()}")
    context = desk.page(found, form, typed, refused.rows if refused else None)
    return render(request, "wall/records_page.html", context, status=422)


def _warn(request: HttpRequest, asked: Recordable, texts: Iterable[str]) -> None:
    """Say which of the texts no rule of the book knows."""
    if found := strangers(asked, texts):
        messages.warning(request, stranger_words(asked, found))


def _told(count: int) -> Fault:
    return Fault("rows-refused", f"有{count}行写得不对，全部没有登记", "请改好标出的行再保存")


def _typed(post: QueryDict) -> dict[int, str]:
    """What was typed by subject; empty cells are left alone."""
    found = {}
    for key, text in post.items():
        match = _INPUT.fullmatch(key)
        if match and str(text).strip():
            found[int(match[1])] = str(text)
    return found


@require_safe
def project_records(request: HttpRequest, project_id: int) -> HttpResponse:
    viewer = Viewer.of(request)
    context = project.page(viewer, viewer.project(project_id))
    is_fragment = request.headers.get("HX-Request")
    template = "wall/_project_records.html" if is_fragment else "wall/project_records.html"
    return render(request, template, context)


@require_POST
@once
def record(request: HttpRequest, project_id: int) -> HttpResponse:
    viewer = Viewer.of(request)
    found = viewer.project(project_id)
    book = book_now()
    require_some(viewer, recordables(book))
    asked = recordable(book, SubjectKind.PROJECT, request.POST.get("measure", ""))
    form = ValueForm(request.POST, asked=asked)
    subject = (SubjectKind.PROJECT, found.pk)

    def act(data: dict[str, str]) -> object:
        text = data.get("value", "")
        return services.record_value(actor_of(request), subject, asked.measure, text, form.told())

    if form.do(act):
        messages.success(request, f"“{asked.measure.name}”已登记")
        _warn(request, asked, [request.POST.get("value", "")])
        return redirect("project-records", project_id)
    context = project.page(viewer, found, {asked.key: form})
    return render(request, "wall/project_records.html", context, status=422)


@require_safe
def other_records(request: HttpRequest, kind: SubjectKind, subject_id: int) -> HttpResponse:
    context = project.page_of_other(Viewer.of(request), kind, subject_id)
    return render(request, "wall/other_records.html", context)


@require_POST
@once
def withdraw(request: HttpRequest, value_id: int) -> HttpResponse:
    viewer = Viewer.of(request)
    value = get_value(viewer, value_id)
    kind, subject = SubjectKind(value.subject), services.subject_id(value)
    offered = recordables(book_now())
    require_some(viewer, offered)
    known = {(one.kind, one.measure.name): one.measure for one in offered}
    measure = known.get((kind, value.measure))
    form = WithdrawForm(request.POST)
    if form.do(
        lambda data: services.withdraw_value(actor_of(request), value, measure, basis=data["basis"])
    ):
        messages.success(request, f"“{value.measure}”{value.on}的登记已撤回")
        return redirect(f"{kind.value}-records", subject)
    refused = (value.pk, form)
    if kind == SubjectKind.PROJECT:
        context = project.page(viewer, viewer.project(subject), withdrawal=refused)
        return render(request, "wall/project_records.html", context, status=422)
    context = project.page_of_other(viewer, kind, subject, refused)
    return render(request, "wall/other_records.html", context, status=422)
