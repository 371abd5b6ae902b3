"""The form token: one random word per form shown, so that one form has one effect (trust D-8)."""

from __future__ import annotations

import secrets

TOKEN_FIELD = "form_token"


def new_token() -> str:
    """A token nobody can guess."""
    return secrets.token_urlsafe(18)
