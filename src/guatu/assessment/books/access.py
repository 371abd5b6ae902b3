"""Rules are public inside the house: every business user reads them, the office writes them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.http import HttpRequest, HttpResponse

from guatu.assessment.books.queries import get_draft
from guatu.assessment.models import RuleBookDraft
from guatu.core.errors import Fault, NotAllowed, NotFound
from guatu.organisation import request as who
from guatu.organisation.types import Right, UserKind

type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


def may_edit(request: HttpRequest) -> bool:
    """Whether the acts of the office are offered."""
    return Right.EDIT_RULEBOOKS in who.rights_of(request)


def reads_books[**P](view: View[P]) -> View[P]:
    """Let business users into a view; administrators have no business data (trust A-13)."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if who.user_of(request).kind != UserKind.BUSINESS:
            raise NotAllowed(Fault("not-allowed", "管理员账号不看业务内容", "请用业务账号登录"))
        return view(request, *args, **kwargs)

    return wrapped


def draft_for(request: HttpRequest, draft_id: int) -> RuleBookDraft:
    """A draft, or NotFound: a draft is no rule yet and exists for the office alone."""
    if not may_edit(request):
        raise NotFound(Fault("unknown-draft", "没有这份草稿", "请回到办法列表"))
    return get_draft(draft_id)
