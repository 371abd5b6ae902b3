"""Reading rule books: the list, one book, its history, two versions side by side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guatu.assessment.books import compare_page, history_page, list_page, queries, reading_page
from guatu.assessment.books.access import may_edit, reads_books
from guatu.assessment.books.files import archive_of
from guatu.assessment.books.forms import number_asked
from guatu.core import clock
from guatu.ui.export import download, workbook


@require_safe
@reads_books
def books(request: HttpRequest) -> HttpResponse:
    context = list_page.page(request.GET, may_edit=may_edit(request))
    return render(request, "assessment/rulebook_list.html", context)


@require_safe
@reads_books
def export(request: HttpRequest) -> HttpResponse:
    title, notes, columns, rows = list_page.exported(request.GET)
    return download(workbook(title, columns, rows, notes=notes), f"{title}.xlsx")


@require_safe
@reads_books
def book(request: HttpRequest, book_id: str) -> HttpResponse:
    number = number_asked(request.GET.get("version", ""))
    version = queries.find_version(book_id, number, clock.today())
    is_keeper = may_edit(request)
    context = {**reading_page.whole(version, with_draft=is_keeper), "may_edit": is_keeper}
    return render(request, "assessment/rulebook_page.html", context)


@require_safe
@reads_books
def files(request: HttpRequest, book_id: str) -> HttpResponse:
    """The three files of a book, as one archive."""
    number = number_asked(request.GET.get("version", ""))
    version = queries.find_version(book_id, number, clock.today())
    name = f"{version.id}-{version.number}.zip"
    return download(archive_of(version), name, mime="application/zip")


@require_safe
@reads_books
def history(request: HttpRequest, book_id: str) -> HttpResponse:
    context = history_page.page(book_id, may_edit=may_edit(request))
    return render(request, "assessment/rulebook_history.html", context)


@require_safe
@reads_books
def compare(request: HttpRequest, book_id: str) -> HttpResponse:
    old, new = request.GET.get("old", ""), request.GET.get("new", "")
    context = compare_page.page(book_id, old, new, may_edit=may_edit(request))
    return render(request, "assessment/rulebook_compare.html", context)
