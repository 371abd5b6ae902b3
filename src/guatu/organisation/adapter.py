"""How django-allauth behaves here: no sign-up, no mail, every login and failure journalled."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from guatu.organisation import request as who
from guatu.organisation.models import User
from guatu.organisation.services import accounts


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """The seams of allauth that this site uses."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by the system administrator alone."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Pages say what happened themselves."""

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign in, start the session's clocks, and say so in the journal."""
        super().login(request, user)
        accounts.record_login(who.actor_of(request))

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong password is an act too (trust A-17)."""
        accounts.record_failed_login(
            str(credentials.get("username", "")), self.get_client_ip(request)
        )

    def set_password(self, user: Any, password: str) -> None:
        """A new password goes through the journal like every change of an account."""
        if not isinstance(user, User):
            raise TypeError("not one of our accounts")
        accounts.change_password(user, password)

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that counts tries: the peer, or what our own proxy says of it."""
        from axes.helpers import get_client_ip_address

        return str(get_client_ip_address(request) or "")
