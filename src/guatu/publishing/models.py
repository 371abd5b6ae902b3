"""Tables of the publishing room (tables.md)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from guatu.assessment.models import Snapshot
from guatu.files.models import Blob
from guatu.journal.models import AppendOnly, Versioned
from guatu.ledger.campaigns.models import Campaign
from guatu.publishing.types import PaperKind, PaperState
from guatu.reporting.models import Round


class Paper(Versioned):
    """A paper about one locked round: a draft in its author's words, then what was issued.

    `content` is the wording as JSON: with live figures while a draft, with the figures put in
    once issued. From then on it never changes; `document` is the very file, `snapshot` what its
    figures come from. Red-head numbers come from the office system and are typed in. A round has
    one paper of a kind that is not withdrawn; so has a campaign, whose paper names the round that
    its last figures come from.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="papers")
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="papers"
    )
    kind = models.CharField(max_length=10, choices=PaperKind)
    state = models.CharField(max_length=10, choices=PaperState, default=PaperState.DRAFT)
    content = models.TextField()
    outside_number = models.CharField(max_length=60, blank=True)
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, blank=True, related_name="+")
    document = models.ForeignKey(Blob, models.PROTECT, null=True, blank=True, related_name="+")
    scan = models.ForeignKey(Blob, models.PROTECT, null=True, blank=True, related_name="+")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    issued_by = models.CharField(max_length=150, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    withdrawn_by = models.CharField(max_length=150, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "kind"],
                condition=~Q(state="withdrawn") & Q(campaign__isnull=True),
                name="publishing_one_paper_in_force",
            ),
            models.UniqueConstraint(
                fields=["campaign", "kind"],
                condition=~Q(state="withdrawn") & Q(campaign__isnull=False),
                name="publishing_one_result_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign or self.round} {PaperKind(self.kind).label}"


class TableTemplate(AppendOnly):
    """The office's own summary table, as somebody handed it in; the newest is the one in use."""

    name = models.CharField(max_length=255)
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
