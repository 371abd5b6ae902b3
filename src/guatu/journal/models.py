"""Tables of the journal, and the base classes of everything it records."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Journalled(models.Model):
    """A table whose every change goes through `journal.act`, with its full after-image.

    `journal_personal` names columns that enter the journal only as a salted commitment, so that
    a person can be erased without breaking the chain (trust F-9); such a table has a `salt`.
    """

    journal_personal: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        abstract = True


class AppendOnly(Journalled):
    """Rows are added and never changed or deleted: a database trigger refuses both."""

    class Meta:
        abstract = True


class Versioned(Journalled):
    """Rows change by compare-and-swap on `version`; a lost race raises Conflict."""

    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


class Head(models.Model):
    """The one row that says where the chain ends; locked by whoever appends."""

    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


class Entry(models.Model):
    """One act: who, what, when, and the digest of everything it changed. Append-only."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    act = models.CharField(max_length=60)
    act_version = models.PositiveSmallIntegerField()
    actor_text = models.CharField(max_length=150)
    organisation_text = models.CharField(max_length=200, blank=True)
    session_hash = models.CharField(max_length=64, blank=True)
    alg = models.CharField(max_length=10)
    body = models.TextField()
    changes_sm3 = models.CharField(max_length=64)
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"{self.seq} {self.act}"


class Change(models.Model):
    """One row written by an act: its table, key, operation and full after-image. Append-only."""

    entry = models.ForeignKey(Entry, models.PROTECT, db_index=False)
    n = models.PositiveIntegerField()
    table = models.CharField(max_length=60)
    row_id = models.BigIntegerField()
    op = models.CharField(max_length=6)
    after = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "n"], name="journal_change_place")]
        # The history of a row: a project's timeline, what an entry found before it.
        indexes = [models.Index(fields=["row_id", "table"], name="journal_change_row")]

    def __str__(self) -> str:
        return f"{self.entry_id}.{self.n} {self.op} {self.table}:{self.row_id}"


class Checkpoint(AppendOnly):
    """A count and head that left the database (printed or saved), and where it went."""

    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    printed_on = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash} → {self.printed_on}"


class Idempotency(models.Model):
    """The answer that one form token got: a second post of it gets the same (trust D-8).

    Kept for a few days, then swept; `user_id` is a value, not a reference.
    """

    user_id = models.BigIntegerField()
    key = models.CharField(max_length=64)
    request_sm3 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    location = models.CharField(max_length=2000, blank=True)
    body = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user_id", "key"], name="journal_token_once")
        ]

    def __str__(self) -> str:
        return self.key


APPEND_ONLY_HERE: tuple[type[models.Model], ...] = (Entry, Change)
