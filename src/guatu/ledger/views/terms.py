"""Vocabularies: the sectors and what can be done to each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from guatu.core.errors import Fault, NotFound
from guatu.core.ids import is_id
from guatu.journal.once import once
from guatu.ledger import queries, services
from guatu.ledger import request as seen
from guatu.ledger.forms import MergeForm, TermForm
from guatu.ledger.models import Project, Term
from guatu.ledger.presenters import terms as presenters
from guatu.ledger.types import Vocabulary
from guatu.organisation.request import actor_of, rights_of
from guatu.organisation.types import Right
from guatu.ui.export import download, workbook
from guatu.ui.rosters import Roster


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    return _terms(request, TermForm(), status=200)


def _terms(request: HttpRequest, form: TermForm, *, status: int) -> HttpResponse:
    vocabulary = _vocabulary(request)
    context = _roster(request).page() | {
        "form": form,
        "vocabulary": vocabulary,
        "vocabularies": Vocabulary,
        "ladders": queries.sector_terms().values() if vocabulary == Vocabulary.NODE else (),
    }
    return render(request, "ledger/terms_page.html", context, status=status)


def _vocabulary(request: HttpRequest) -> Vocabulary:
    """Which list of words an address or a form names; the sectors where it names none."""
    told = request.POST.get("vocabulary") or request.GET.get("vocabulary", "")
    return Vocabulary(told) if told in Vocabulary.values else Vocabulary.SECTOR


def _roster(request: HttpRequest) -> Roster[Any]:
    may_edit = Right.EDIT_PROJECTS in rights_of(request)
    vocabulary = _vocabulary(request)
    if vocabulary != Vocabulary.SECTOR:
        return presenters.words_roster(vocabulary, request.GET, may_edit=may_edit)
    return presenters.terms_roster(seen.narrowing_of(request), request.GET, may_edit=may_edit)


def _home(vocabulary: str) -> HttpResponse:
    return redirect(f"{reverse('terms')}?vocabulary={vocabulary}")


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    roster = _roster(request)
    columns = [one for one in roster.columns if not one.is_act]
    return download(workbook(roster.title, columns, roster.found()), f"{roster.title}.xlsx")


@require_POST
@once
def add(request: HttpRequest) -> HttpResponse:
    seen.require(request)
    form = TermForm(request.POST)
    vocabulary, told = _vocabulary(request), request.POST.get("parent", "")
    parent_id = int(told) if told.isascii() and told.isdecimal() and len(told) < 19 else None

    def do(data: dict[str, Any]) -> Term:
        actor = actor_of(request)
        return services.add_term(actor, data["name"], vocabulary, parent_id=parent_id)

    if form.do(do):
        messages.success(request, f"已加入“{form.cleaned_data['name']}”")
        return _home(vocabulary)
    return _terms(request, form, status=422)


@require_safe
def term(request: HttpRequest, term_id: int) -> HttpResponse:
    return _term(request, term_id, status=200)


def _term(
    request: HttpRequest,
    term_id: int,
    *,
    status: int,
    rename: TermForm | None = None,
    merge: MergeForm | None = None,
) -> HttpResponse:
    found = _found(request, term_id)
    context = presenters.term_page(
        found,
        Project.objects.filter(sector=found).count(),
        rename=rename or TermForm(initial={"name": found.name}),
        merge=merge or MergeForm(terms=_others(term_id)),
    )
    return render(request, "ledger/term_page.html", context, status=status)


def _found(request: HttpRequest, term_id: int) -> Term:
    seen.require(request)
    found = Term.objects.filter(pk=term_id).first() if is_id(term_id) else None
    if found is None:
        raise NotFound(Fault("unknown-term", "没有这个词", "请回到词表重选"))
    return found


def _others(term_id: int) -> list[Term]:
    return [one for one in queries.sector_terms().values() if one.pk != term_id]


@require_POST
@once
def rename(request: HttpRequest, term_id: int) -> HttpResponse:
    _found(request, term_id)
    form = TermForm(request.POST)
    if form.do(lambda data: services.rename_term(actor_of(request), term_id, data["name"])):
        messages.success(request, "已改名")
        return _home(form.outcome.vocabulary)
    return _term(request, term_id, status=422, rename=form)


@require_POST
@once
def merge(request: HttpRequest, term_id: int) -> HttpResponse:
    found = _found(request, term_id)
    form = MergeForm(request.POST, terms=_others(term_id))
    if form.do(lambda data: services.merge_term(actor_of(request), term_id, data["into"])):
        messages.success(request, f"已把“{found.name}”的{form.outcome}个项目并入")
        return redirect("terms")
    return _term(request, term_id, status=422, merge=form)


@require_POST
@once
def remove(request: HttpRequest, term_id: int) -> HttpResponse:
    found = _found(request, term_id)
    services.remove_term(actor_of(request), term_id)
    messages.success(request, f"已删除“{found.name}”")
    return _home(found.vocabulary)


@require_POST
@once
def move(request: HttpRequest, term_id: int) -> HttpResponse:
    found = _found(request, term_id)
    services.move_term(actor_of(request), term_id, is_up=request.POST.get("to") == "up")
    return _home(found.vocabulary)
