"""The form token: one random word per form shown, so that one form has one effect (trust D-8).

It ends with the mark of the user on whose page it stood: what he typed is offered to him alone.
"""

from __future__ import annotations

import secrets

from django.utils.crypto import constant_time_compare, salted_hmac

TOKEN_FIELD = "form_token"
_MARK_LENGTH = 16


def new_token(user_id: int = 0) -> str:
    """A token nobody can guess, for a form shown to the user (0: nobody signed in)."""
    return f"{secrets.token_urlsafe(18)}.{_mark(user_id)}"


def is_of(token: str, user_id: int) -> bool:
    """Whether the form with this token was shown to the user."""
    return constant_time_compare(token.rpartition(".")[2], _mark(user_id))


def _mark(user_id: int) -> str:
    marked = salted_hmac(TOKEN_FIELD, str(user_id), algorithm="sha256")
    return marked.hexdigest()[:_MARK_LENGTH]
