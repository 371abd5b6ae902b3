"""The user of a session, with the name and the unit that every page shows, in one query."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend

from guatu.organisation.models import User
from guatu.organisation.queries import official_name_of


class Accounts(ModelBackend):
    """Django's own check of passwords; the session's user brings his name along."""

    def get_user(self, user_id: int) -> User | None:
        """The account of a session while it is in use."""
        user = (
            User.objects.select_related("person")
            .annotate(unit_name=official_name_of("organisation_id"))
            .filter(pk=user_id)
            .first()
        )
        return user if user is not None and self.user_can_authenticate(user) else None
