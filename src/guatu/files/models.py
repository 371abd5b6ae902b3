"""Tables of the files room (tables.md)."""

from __future__ import annotations

from django.db import models

from guatu.files.types import ImportKind, ImportState
from guatu.journal.models import AppendOnly, Versioned


class Blob(AppendOnly):
    """One stored content, addressed by its SM3 digest; the bytes lie under GUATU_HOME/blobs."""

    sm3 = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    mime = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.sm3[:12]


class Mapping(Versioned):
    """Which header means which field, as somebody decided it for a sender's layout."""

    sender = models.CharField(max_length=200)
    header_sm3 = models.CharField(max_length=64, blank=True)
    columns = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sender", "header_sm3"], name="files_mapping_once")
        ]

    def __str__(self) -> str:
        return self.sender


class Import(AppendOnly):
    """One workbook that was taken in: what it was, for what, and what was wrong with it."""

    kind = models.CharField(max_length=12, choices=ImportKind)
    target = models.CharField(max_length=100)
    name = models.CharField(max_length=255)
    sender = models.CharField(max_length=200, blank=True)
    blob = models.ForeignKey(Blob, models.PROTECT)
    state = models.CharField(max_length=10, choices=ImportState)
    counts = models.CharField(max_length=200)
    faults = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return self.name
