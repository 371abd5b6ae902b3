"""Accounts: signing in and out, passwords, first set-up (trust A-4, A-11, A-17)."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from guatu.core import clock
from guatu.core.errors import BadInput, Fault, NotAllowed
from guatu.journal import services as journal
from guatu.journal.queries import recent_count
from guatu.journal.types import Actor
from guatu.organisation import access
from guatu.organisation.models import UsedPassword, User
from guatu.organisation.queries import settings_in_force

_SHOWN = 60
_LONGEST_PATH = 200
_SPOKEN = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without i, l, o, 0 and 1."""
NOT_AGAIN = 5
"""How many of one's last passwords may not come back."""
WARNED_DAYS = 7
REFUSALS, REFUSALS_WINDOW = 20, timedelta(minutes=10)
"""So many refusals of one account are journalled in a window."""


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


def record_refusal(actor: Actor, *, path: str, status: int, address: str) -> None:
    """Note that somebody asked for what he may not have.

    So that no loop floods the journal, so many of one account are noted in a window, however many
    logins or requests at once bring them; the last of them says that more may have come.
    """
    if _refusals_of(actor) >= REFUSALS:
        return
    with transaction.atomic():
        User.objects.select_for_update().filter(pk=actor.user_id or 0).first()
        count = _refusals_of(actor) + 1
        if count > REFUSALS:
            return
        detail: dict[str, object] = {
            "path": path[:_LONGEST_PATH],
            "refusal": "没有权限" if status == 403 else "没有，或不给他看",
            "address": address,
        }
        if count == REFUSALS:
            detail["note"] = "过于频繁，十分钟内这个账号不再逐条记"
        with journal.act(actor, "access.refused", detail=detail):
            pass


def _refusals_of(actor: Actor) -> int:
    return recent_count("access.refused", actor.text, clock.now() - REFUSALS_WINDOW)


def change_password(user: User, password: str) -> None:
    """Give an account another password.

    Raises BadInput where it is too weak or one of the last five (trust A-2, A-3).
    """
    _require_strong(user, password)
    used = UsedPassword.objects.filter(user=user).order_by("-at")[:NOT_AGAIN]
    if any(check_password(password, one.password) for one in used):
        raise BadInput(Fault("used-password", "新密码是最近用过的", "请换一个没有用过的"))
    with journal.act(access.actor_of(user), "password.changed") as act:
        user.password = make_password(password)
        user.must_change_password = False
        user.password_until = None
        act.write(user)
        _remember(user)


def ask_for_new_password(user: User) -> int | None:
    """At a login: a password that is too old has to be changed first (trust A-3).

    Returns the days that are left where they are few, else None. A password that somebody else
    has set counts from the day its user replaced it.
    """
    longest = int(settings_in_force()["password-days"])
    newest = UsedPassword.objects.filter(user=user).order_by("-at").first()
    if not longest or newest is None or user.must_change_password:
        return None
    left = longest - (clock.today() - newest.at.astimezone(clock.CHINA).date()).days
    if left <= 0:
        with journal.act(access.actor_of(user), "password.expired") as act:
            user.must_change_password = True
            act.write(user)
        return None
    return left if left <= WARNED_DAYS else None


def _remember(user: User) -> None:
    UsedPassword.objects.create(user=user, password=user.password, at=clock.now())
    newest = UsedPassword.objects.filter(user=user).order_by("-at")
    kept = list(newest.values_list("pk", flat=True)[:NOT_AGAIN])
    UsedPassword.objects.filter(user=user).exclude(pk__in=kept).delete()


def is_one_time_over(user: User) -> bool:
    """Whether this is a one-time password that was not used in time (trust A-4)."""
    return user.password_until is not None and clock.now() > user.password_until


def awaiting_set_up() -> int:
    """How many administrators have not set their account up yet (trust C-17)."""
    return User.objects.filter(set_up_due=True, is_active=False).count()


def activate_administrator(login: str, code: str, password: str) -> User:
    """First set-up of an administrator's account: one-time code, own password, and it is open.

    Unknown name, wrong code and an account that is set up already get the same refusal, after
    the same work. A weak password is told only to who has the code.
    """
    user = User.objects.filter(login=login, set_up_due=True, is_active=False).first()
    if user is None:
        make_password(code)
        raise NotAllowed(WRONG_CODE)
    if not user.check_password(code) or is_one_time_over(user):
        raise NotAllowed(WRONG_CODE)
    _require_strong(user, password)
    if user.check_password(password):
        raise BadInput(Fault("weak-password", "新密码不能就是一次性口令", "请换一个密码"))
    with journal.act(access.actor_of(user), "administrator.activated") as act:
        user.password = make_password(password)
        user.is_active, user.set_up_due = True, False
        user.must_change_password, user.password_until = False, None
        act.write(user)
        _remember(user)
    return user


WRONG_CODE = Fault(
    "wrong-code", "账号或一次性口令不对", "口令在初始化时只显示过一次；连错五次要等十五分钟"
)


def one_time_password() -> str:
    """A password that nobody chose, that passes the rules and can be read out on the telephone.

    Four groups of four small letters and digits, none of which looks like another: 79 bits.
    """
    while True:
        signs = [secrets.choice(_SPOKEN) for _ in range(16)]
        password = "-".join("".join(signs[at : at + 4]) for at in range(0, 16, 4))
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
