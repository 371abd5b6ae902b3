"""The user of a session, with the name and the unit that every page shows, in one query."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend
from django.db.models import OuterRef, Subquery

from guatu.core import clock
from guatu.organisation.models import OrganisationName, User
from guatu.organisation.types import NameKind


class Accounts(ModelBackend):
    """Django's own check of passwords; the session's user brings his name along."""

    def get_user(self, user_id: int) -> User | None:
        """The account of a session while it is in use."""
        official = OrganisationName.objects.filter(
            organisation_id=OuterRef("organisation_id"),
            kind=NameKind.OFFICIAL,
            valid_from__lte=clock.today(),
        )
        user = (
            User.objects.select_related("person")
            .annotate(unit_name=Subquery(official.order_by("-valid_from").values("name")[:1]))
            .filter(pk=user_id)
            .first()
        )
        return user if user is not None and self.user_can_authenticate(user) else None
