"""The barest page and the barest act behind the same middleware and login: what the others are
measured against.

Their addresses exist only while `guatu bench` serves (GUATU_BENCH=1).
"""

from __future__ import annotations

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe


@require_safe
def bare(request: HttpRequest) -> HttpResponse:
    """Two words, no query of its own."""
    return HttpResponse("<!doctype html><title>bare</title><p>ok</p>")


@require_POST
def bare_inserts(request: HttpRequest) -> HttpResponse:
    """Two rows in one transaction, into a table that the benchmark makes in its own database."""
    with transaction.atomic(), connection.cursor() as cursor:
        for place in ("first", "second"):
            told = f"{place} {request.POST.get('progress', '')}"[:200]
            cursor.execute("INSERT INTO bench_row (told) VALUES (%s)", [told])
    return HttpResponseRedirect("/bench/bare/")
