"""Opening a year out of the one before."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from guatu.journal.once import once
from guatu.organisation.request import actor_of, needs
from guatu.organisation.types import Right
from guatu.reporting.desk.year import OpenYearForm, opened_words, year_page
from guatu.reporting.services.roll_over import open_year
from guatu.ui.forms import posted


@require_http_methods(["GET", "POST"])
@needs(Right.MAKE_LISTS)
@once
def start(request: HttpRequest) -> HttpResponse:
    form = OpenYearForm(posted(request))
    if form.do(lambda _: open_year(actor_of(request), form.command())):
        for words in opened_words(form.outcome):
            messages.success(request, words)
        return redirect("lists")
    return render(request, "reporting/year_open.html", year_page(form), status=form.status)
