"""Tables of coordinating bodies (M-A12)."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from guatu.journal.models import Versioned
from guatu.ledger.bodies.types import BodyKind, BodyState, MemberRole
from guatu.organisation.models import Organisation, Person


class Body(Versioned):
    """A body that coordinates: who founded it by which paper, where its office is, its term.

    It lives until somebody ends it; one past its term is named, never ended by itself: a body is
    dissolved by a paper.
    """

    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=14, choices=BodyKind)
    founding_paper = models.CharField(max_length=200)
    founding_number = models.CharField(max_length=60, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    from_on = models.DateField()
    term_to = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(ended_on__isnull=True), name="ledger_body_once"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def state_on(self, day: date) -> BodyState:
        """How it stands on a day."""
        if self.ended_on and self.ended_on <= day:
            return BodyState.ENDED
        if self.from_on > day:
            return BodyState.COMING
        return BodyState.OVERDUE if self.term_to and self.term_to < day else BodyState.LIVING


class BodyMember(Versioned):
    """A person in a body, from a day to a day."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=MemberRole)
    from_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["body", "person"],
                condition=Q(ended_on__isnull=True),
                name="ledger_member_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.person_id}"
