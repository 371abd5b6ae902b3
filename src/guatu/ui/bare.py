"""The barest page behind the same middleware and login: what the others are measured against.

Its address exists only while `guatu bench pages` serves (GUATU_BENCH=1).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def bare(request: HttpRequest) -> HttpResponse:
    """Two words, no query of its own."""
    return HttpResponse("<!doctype html><title>bare</title><p>ok</p>")
