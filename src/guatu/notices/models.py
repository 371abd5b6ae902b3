"""Tables of the notices room."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from guatu.journal.models import Versioned
from guatu.notices.types import LONGEST_SUBJECT, ChannelKind, MessageState
from guatu.organisation.models import Organisation


class Channel(Versioned):
    """A way to one unit: a mailbox, or the robot of its group chat.

    `secret` is only a reference (`env:NAME`, or `file:…` below GUATU_HOME/secrets): the key
    itself stands in no table, page, export or journal. The journal keeps a commitment of the
    address, as of a person's telephone (trust F-9).
    """

    journal_personal: ClassVar[frozenset[str]] = frozenset({"address"})

    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=ChannelKind)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="channels")
    address = models.CharField(max_length=254, blank=True)
    secret = models.CharField(max_length=80, blank=True)
    is_on = models.BooleanField(default=True)
    salt = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], name="notices_channel_name_once")]

    def __str__(self) -> str:
        return self.name


class Message(Versioned):
    """One text to one unit. Without a channel somebody copies it by hand (`copied`).

    A message is claimed by compare-and-swap until `leased_until`; one whose process died is
    tried again, so that it may arrive twice but is never lost.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT)
    channel = models.ForeignKey(Channel, models.PROTECT, null=True, blank=True)
    subject = models.CharField(max_length=LONGEST_SUBJECT)
    text = models.TextField()
    state = models.CharField(max_length=8, choices=MessageState)
    attempts = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=200, blank=True)
    next_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["state", "next_at"], name="notices_message_due")]

    def __str__(self) -> str:
        return self.subject
