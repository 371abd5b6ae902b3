"""How django-allauth behaves here: no sign-up, no mail, every login and failure journalled."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from guatu.journal.once import sweep_tokens
from guatu.organisation import locks
from guatu.organisation import request as who
from guatu.organisation.locks import client_address
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
        if isinstance(user, User) and (left := accounts.ask_for_new_password(user)) is not None:
            messages.warning(request, f"密码还有{left}天到期，请及时更换")
        sweep_tokens()
        locks.sweep()

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Who it is; nobody where a one-time password was not used in time (trust A-4)."""
        user = super().authenticate(request, **credentials)
        if isinstance(user, User) and accounts.is_one_time_over(user):
            self.authentication_failed(request, **credentials)
            return None
        return user

    def is_safe_url(self, url: str | None) -> bool:
        """Where a login may lead: a path of this site, never an address (trust C-22)."""
        return (
            bool(url)
            and str(url).startswith("/")
            and url_has_allowed_host_and_scheme(str(url), allowed_hosts=None)
        )

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
        return client_address(request)
