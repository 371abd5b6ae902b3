"""Accounts: signing in and out, passwords, first set-up (trust A-4, A-11, A-17)."""

from __future__ import annotations

import secrets

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from guatu.core.errors import BadInput, Fault
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.organisation import access
from guatu.organisation.models import User

_SHOWN = 60


def record_login(actor: Actor) -> None:
    """Note that somebody signed in."""
    with journal.act(actor, "session.opened", detail={"login": actor.text}):
        pass


def record_logout(actor: Actor) -> None:
    """Note that somebody signed out."""
    with journal.act(actor, "session.closed", detail={"login": actor.text}):
        pass


def record_failed_login(login: str, address: str) -> None:
    """Note a failed try: which name was typed and from where, never the password."""
    nobody = Actor(user_id=0, text="（未登录）")
    detail = {"login": login[:_SHOWN], "address": address}
    with journal.act(nobody, "session.refused", detail=detail):
        pass


def change_password(user: User, password: str) -> None:
    """Give an account another password; raises BadInput where it is too weak (trust A-2)."""
    _require_strong(user, password)
    with journal.act(access.actor_of(user), "password.changed") as act:
        user.password = make_password(password)
        user.must_change_password = False
        act.write(user)


def issue_password(actor: Actor, user: User) -> str:
    """A random one-time password, to be changed at the first login; returned once, kept as hash."""
    password = random_password()
    with journal.act(actor, "password.issued") as act:
        user.password = make_password(password)
        user.must_change_password = True
        act.write(user)
    return password


def random_password() -> str:
    """Sixteen characters that nobody chose and that pass the rules."""
    while True:
        password = secrets.token_urlsafe(12)
        try:
            validate_password(password)
        except ValidationError:
            continue
        return password


def _require_strong(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise BadInput(
            *(Fault("weak-password", message, "请换一个密码") for message in error.messages)
        ) from error
