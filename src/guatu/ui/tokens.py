"""The form token: one random word per form shown, so that one form has one effect (trust D-8).

It ends with the user on whose page it stood and a mark that only this site can make: what he
typed is offered to him alone, and what no page of ours asked for is not kept at all.
"""

from __future__ import annotations

import secrets

from django.utils.crypto import constant_time_compare, salted_hmac

TOKEN_FIELD = "form_token"
_MARK_LENGTH = 16


def new_token(user_id: int = 0) -> str:
    """A token nobody can guess, for a form shown to the user (0: nobody signed in)."""
    return f"{secrets.token_urlsafe(18)}.{user_id}.{_mark(str(user_id))}"


def user_of_token(token: str) -> int:
    """The user to whom the form with this token was shown; 0 for nobody or a made-up token."""
    _, _, told = token.partition(".")
    user_id, _, mark = told.partition(".")
    is_ours = user_id.isascii() and user_id.isdecimal() and len(user_id) < 20
    return int(user_id) if is_ours and constant_time_compare(mark, _mark(user_id)) else 0


def _mark(user_id: str) -> str:
    marked = salted_hmac(TOKEN_FIELD, user_id, algorithm="sha256")
    return marked.hexdigest()[:_MARK_LENGTH]
