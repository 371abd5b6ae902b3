"""Opening and answering the pages of rule books in tests."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from guatu.assessment.models import RuleBookDraft
from guatu.assessment.tests.books import (
    texts_of,
)
from guatu.organisation.models import User
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import Cast

BACKEND = "guatu.organisation.backend.Accounts"
SCRIPT = "<script>alert(1)</script>"
READERS = ("office", "viewer", "leader", "reporter", "reviewer", "department", "outsider")


def browser(people: Cast, name: str = "office") -> Client:
    client = Client()
    user = getattr(people, name)
    User.objects.filter(pk=user.pk).update(is_active=True)
    client.force_login(User.objects.get(pk=user.pk), backend=BACKEND)
    return client


def page(people: Cast, path: str, name: str = "office", **query: Any) -> Any:
    return browser(people, name).get(f"/rulebooks/{path}", query)


def post(people: Cast, path: str, name: str = "office", **fields: Any) -> Any:
    data = {TOKEN_FIELD: new_token(), **fields}
    return browser(people, name).post(f"/rulebooks/{path}", data)


def text_of(response: Any) -> str:
    body = response.content
    assert isinstance(body, bytes)
    return body.decode()


def plain(response: Any) -> str:
    """The page's words without marks and blanks."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", text_of(response)))


def typed(draft: RuleBookDraft, **changed: str) -> dict[str, str]:
    """The form of a draft as a browser sends it."""
    texts = texts_of(draft)
    return {
        "version": str(draft.version),
        "toml": texts.toml,
        "text": texts.text,
        "examples": texts.examples,
        **changed,
    }


def at(draft: RuleBookDraft, act: str = "") -> str:
    return f"drafts/{draft.pk}/{act}"
