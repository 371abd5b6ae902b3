"""Tables of the assessment room (tables.md). Runs and results are derived and can be remade."""

from __future__ import annotations

from django.db import models

from guatu.assessment.types import RequestEnd, RequestKind
from guatu.files.models import Blob
from guatu.journal.models import AppendOnly
from guatu.ledger.models import Project
from guatu.reporting.models import Round


class Snapshot(AppendOnly):
    """The truth of one closed round at one revision: subjects and figures, frozen.

    `content_sm3` is the digest of the canonical content, not of the stored file.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="snapshots")
    revision = models.PositiveIntegerField()
    schema_version = models.PositiveSmallIntegerField()
    content_sm3 = models.CharField(max_length=64)
    subject_count = models.PositiveIntegerField()
    blob = models.ForeignKey(Blob, models.PROTECT)
    journal_seq = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "revision"], name="assessment_snapshot_once")
        ]

    def __str__(self) -> str:
        return f"{self.round}第{self.revision}版"


class RoundRequest(AppendOnly):
    """One person asks to lock or to correct a round; another confirms it within a day.

    `content` is what he looked at and what would be frozen, `content_sm3` its digest: what is
    confirmed is that, or nothing. A request of an older `base_revision` is done with; of several
    the newest counts. `workbook` and `reason` are a correction's.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=8, choices=RequestKind)
    base_revision = models.PositiveIntegerField()
    content_sm3 = models.CharField(max_length=64)
    content = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    workbook = models.ForeignKey(Blob, models.PROTECT, null=True, blank=True, related_name="+")
    workbook_name = models.CharField(max_length=255, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    by_user_id = models.BigIntegerField(null=True, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.round} {self.kind} {self.by}"


class RoundRequestEnd(AppendOnly):
    """A request that was sent back by the second person, with the reason, or taken back by the
    first one. Nobody can confirm it any more."""

    request = models.OneToOneField(RoundRequest, models.PROTECT, related_name="end")
    how = models.CharField(max_length=10, choices=RequestEnd)
    reason = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.request_id} {self.how}"


class RuleBookVersion(AppendOnly):
    """A rule book as it was when first used in a run: frozen content and digest."""

    book = models.CharField(max_length=60)
    book_version = models.PositiveIntegerField()
    toml = models.TextField()
    digest = models.CharField(max_length=70)
    published_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "digest"], name="assessment_book_once")
        ]

    def __str__(self) -> str:
        return f"{self.book} v{self.book_version}"


class Run(models.Model):
    """One assessment of one snapshot by one book with one set of settings. Derived.

    `is_of_record` marks the run that pages and papers show; trials are not shown.
    """

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="runs")
    rulebook_version = models.ForeignKey(RuleBookVersion, models.PROTECT)
    settings = models.TextField()
    settings_sm3 = models.CharField(max_length=64)
    app_version = models.CharField(max_length=20)
    result_sm3 = models.CharField(max_length=64)
    is_of_record = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "rulebook_version", "settings_sm3"],
                name="assessment_run_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.snapshot} {self.rulebook_version}"


class Result(models.Model):
    """What a run found for one subject. Derived; `codes` are the rules that spoke.

    `detail` is the frozen subject as its snapshot holds it, or the figures of a group as JSON, so
    that a page reads the rows it shows and no more. `project` is set for projects alone.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="results")
    subject_kind = models.CharField(max_length=10)
    subject_key = models.CharField(max_length=100)
    project = models.ForeignKey(
        Project, models.CASCADE, null=True, blank=True, related_name="results"
    )
    label = models.CharField(max_length=20, blank=True)
    verdict = models.CharField(max_length=16, blank=True)
    numerator = models.BigIntegerField(null=True, blank=True)
    denominator = models.BigIntegerField(null=True, blank=True)
    rank = models.PositiveIntegerField(null=True, blank=True)
    codes = models.CharField(max_length=200, blank=True)
    detail = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "subject_kind", "subject_key"], name="assessment_result_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind}:{self.subject_key} {self.verdict}"
