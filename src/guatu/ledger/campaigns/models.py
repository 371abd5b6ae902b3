"""The table of campaigns (M-A11)."""

from __future__ import annotations

from datetime import date

from django.db import models

from guatu.journal.models import Versioned
from guatu.ledger.campaigns.types import Cadence, CampaignState
from guatu.organisation.models import Organisation


class Campaign(Versioned):
    """A concentrated effort from a day to a day over the projects of one list, mostly a sub-list.

    It has no figures of its own: pages read those of the list's closed rounds. It ends by itself
    after `until_on`, or on `ended_on` where somebody ended it before.
    """

    name = models.CharField(max_length=100)
    list = models.ForeignKey("ledger.ProjectList", models.PROTECT, related_name="campaigns")
    from_on = models.DateField()
    until_on = models.DateField()
    plan_paper = models.CharField(max_length=200)
    plan_number = models.CharField(max_length=60, blank=True)
    body = models.ForeignKey(
        "ledger.Body", models.PROTECT, null=True, blank=True, related_name="campaigns"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    cadence = models.CharField(max_length=10, choices=Cadence, default=Cadence.MONTH)
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "from_on"], name="ledger_campaign_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def last_on(self) -> date:
        """Its last day."""
        return self.ended_on or self.until_on

    def state_on(self, day: date) -> CampaignState:
        """How it stands on a day."""
        if day < self.from_on:
            return CampaignState.COMING
        return CampaignState.RUNNING if day <= self.last_on else CampaignState.ENDED

    def days_left(self, day: date) -> int:
        """Days from a day to its last one, that day included in none; 0 once it is over."""
        return max(0, (self.last_on - day).days)
