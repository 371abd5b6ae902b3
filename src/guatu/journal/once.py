"""One effect per form token: a double click, a retry or the back button repeat the answer (D-8).

The token, the act and the answer are one transaction; an answer that refuses keeps nothing, so
that the same form can be mended and sent again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Concatenate

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, Fault
from guatu.journal.models import Idempotency
from guatu.ui.tokens import TOKEN_FIELD

type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]
KEPT = timedelta(days=3)
_TOKEN = re.compile(r"[\w.-]{16,64}", re.ASCII)


def once[**Q](view: View[Q]) -> View[Q]:
    """Let a POST of one form token have one effect. GET passes through.

    Raises BadInput for a post without a token, Conflict for another content under a used one.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: Q.args, **kwargs: Q.kwargs) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        key = request.POST.get(TOKEN_FIELD, "")
        if not _TOKEN.fullmatch(key):
            raise BadInput(Fault("no-token", "表单不完整", "请刷新页面后再提交"))
        digest = _digest(request)
        with transaction.atomic():
            row, is_new = _claim(int(request.user.pk or 0), key, digest)
            if not is_new:
                return _repeated(row, digest)
            response = view(request, *args, **kwargs)
            if response.status_code >= 400:
                transaction.set_rollback(True)
            else:
                _remember(row, response)
        return response

    return wrapped


def told_once(response: HttpResponse, instead: str) -> HttpResponse:
    """An answer that holds a secret: it is not kept, a second post of its token reads `instead`."""
    response._guatu_instead = instead  # type: ignore[attr-defined]
    return response


def sweep_tokens() -> int:
    """Forget tokens older than a few days; returns how many."""
    return Idempotency.objects.filter(at__lt=clock.now() - KEPT).delete()[0]


def _claim(user_id: int, key: str, digest: str) -> tuple[Idempotency, bool]:
    """The token's row, and whether this request is the first that brings it."""
    try:
        with transaction.atomic():
            return (
                Idempotency.objects.create(
                    user_id=user_id, key=key, request_sm3=digest, at=clock.now()
                ),
                True,
            )
    except IntegrityError:
        return Idempotency.objects.get(user_id=user_id, key=key), False


def _repeated(row: Idempotency, digest: str) -> HttpResponse:
    if row.request_sm3 != digest:
        raise Conflict(
            Fault("token-used", "这张表单已经提交过，内容与现在的不同", "请刷新页面后再提交")
        )
    response = HttpResponse(row.body, status=row.status)
    if row.location:
        response["Location"] = row.location
    return response


def _remember(row: Idempotency, response: HttpResponse) -> None:
    row.status = response.status_code
    row.location = response.headers.get("Location", "")[:2000]
    kept = getattr(response, "_guatu_instead", None)
    row.body = kept or ("" if row.location else response.content.decode())
    row.save(update_fields=["status", "location", "body"])


def _digest(request: HttpRequest) -> str:
    """SM3 of what was posted: path, fields without the CSRF mask, names and sizes of files."""
    digest = hashlib.new("sm3", request.path.encode())
    for name in sorted(request.POST):
        if name != "csrfmiddlewaretoken":
            digest.update(f"\n{name}\t{request.POST.getlist(name)!r}".encode())
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            digest.update(
                f"\n{name}\t{getattr(file, 'name', '')}\t{getattr(file, 'size', 0)}".encode()
            )
    return digest.hexdigest()
