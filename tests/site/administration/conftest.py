"""Open accounts for the three administrators, and a browser of anybody."""

from __future__ import annotations

import pytest
from django.test import Client

from guatu.journal import services as journal
from guatu.organisation.models import (
    User,
)
from tests.factories import Cast
from tests.site.administration.asking import Browse


@pytest.fixture
def people(people: Cast) -> Cast:
    with journal.act(people.console, "administrator.activated") as act:
        for user in (people.system, people.security, people.audit):
            user.is_active, user.set_up_due = True, False
            act.write(user)
    return people


@pytest.fixture
def browse(people: Cast) -> Browse:
    """A signed-in browser of one of the cast."""

    def of(who: str) -> Client:
        browser = Client()
        user = User.objects.get(pk=getattr(people, who).pk)
        browser.force_login(user, backend="guatu.organisation.backend.Accounts")
        return browser

    return of
