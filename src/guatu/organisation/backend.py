"""The user of a session, with the name and the unit that every page shows, in one query."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.backends import ModelBackend
from django.db.models import QuerySet

from guatu.core import clock
from guatu.database.prepared import prepared
from guatu.organisation.models import User
from guatu.organisation.queries import official_name_of


class Accounts(ModelBackend):
    """Django's own check of passwords; the session's user brings his name along."""

    def get_user(self, user_id: int) -> User | None:
        """The account of a session while it is in use."""
        user = next(iter(_user_of_session(user_id, clock.today())), None)
        return user if user is not None and self.user_can_authenticate(user) else None


@prepared
def _user_of_session(user_id: int, on: date) -> QuerySet[User]:
    rows = User.objects.select_related("person").filter(pk=user_id)
    return rows.annotate(unit_name=official_name_of("organisation_id", on))
