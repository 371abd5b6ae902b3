"""Tables of the assessment room (tables.md). Runs and results are derived and can be remade."""

from __future__ import annotations

from django.db import models

from guatu.assessment.types import DraftState, RequestEnd, RequestKind
from guatu.files.models import Blob
from guatu.journal.models import AppendOnly, Versioned
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
    """A rule book as it was when first used in a run, or published here: frozen, with its digest.

    `is_own`: published here by two people; else it came with the program, and only `toml` is kept.
    A published version never changes; its number is the last one + 1 and stands in its text.
    """

    book = models.CharField(max_length=60)
    book_version = models.PositiveIntegerField()
    toml = models.TextField()
    digest = models.CharField(max_length=70)
    published_by = models.CharField(max_length=150)
    is_own = models.BooleanField(default=False)
    text = models.TextField(blank=True, default="")
    examples = models.TextField(blank=True, default="")
    asked_by = models.CharField(max_length=150, blank=True, default="")
    reason = models.CharField(max_length=300, blank=True, default="")
    at = models.DateTimeField(null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    is_retroactive = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "digest"], name="assessment_book_once"),
            models.UniqueConstraint(
                fields=["book", "book_version"],
                condition=models.Q(is_own=True),
                name="assessment_book_number_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.book} v{self.book_version}"


class RuleBookDraft(Versioned):
    """A rule book that the office is writing: three texts, sent in by one, published by another.

    `origin` is what it was copied from. A book has one draft that is open (draft or submitted)
    at a time; `number` is the version it becomes.
    """

    book = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    origin = models.CharField(max_length=100, blank=True)
    toml = models.TextField()
    text = models.TextField(blank=True)
    examples = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=DraftState, default=DraftState.DRAFT)
    reason = models.CharField(max_length=300, blank=True)
    is_retroactive = models.BooleanField(default=False)
    asked_by_user_id = models.BigIntegerField(null=True, blank=True)
    asked_by = models.CharField(max_length=150, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.CharField(max_length=150, blank=True)
    return_reason = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["book"],
                condition=models.Q(state__in=("draft", "submitted")),
                name="assessment_draft_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.book}第{self.number}版草稿"


class Run(models.Model):
    """One assessment of one snapshot by one book with one set of settings. Derived.

    `is_of_record` marks the one run of a snapshot that pages and papers show; trials are not shown.
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
            ),
            models.UniqueConstraint(
                fields=["snapshot"],
                condition=models.Q(is_of_record=True),
                name="assessment_run_of_record_once",
            ),
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


class ForecastBasis(models.Model):
    """What the forecasts of a run rest on: one for each run of record. Derived (M-D7).

    `years` are the closed years whose projects were asked, as text; `pool` how many of their
    projects speak for this month, `left_out` how many of them could not, having no figure of
    the year's end. `reason` says why nobody has a forecast, empty where some have.
    """

    run = models.OneToOneField(Run, models.CASCADE, related_name="forecast_basis")
    method = models.CharField(max_length=30)
    class_name = models.CharField(max_length=120)
    years = models.CharField(max_length=60, blank=True)
    pool = models.PositiveIntegerField()
    left_out = models.PositiveIntegerField()
    reason = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.run_id} {self.method}"


class Forecast(models.Model):
    """The year's whole of one project as a run's round foretells it, in yuan. Derived (M-D7).

    `p80_yuan` is reached with 80 % probability, `p50_yuan` with 50, `p20_yuan` with 20; all three
    None where `reason` says why there is no number. `like` past projects speak for it; they had
    done between `stood_least` and `stood_most` of their plans then and between `ended_least` and
    `ended_most` at the year's end, in millionths. `months` figures of its own year were told.
    `group` says whose errors stand beside it.
    """

    basis = models.ForeignKey(ForecastBasis, models.CASCADE, related_name="forecasts")
    project = models.ForeignKey(Project, models.CASCADE, related_name="forecasts")
    p80_yuan = models.BigIntegerField(null=True, blank=True)
    p50_yuan = models.BigIntegerField(null=True, blank=True)
    p20_yuan = models.BigIntegerField(null=True, blank=True)
    like = models.PositiveIntegerField(default=0)
    months = models.PositiveSmallIntegerField(default=0)
    is_capped = models.BooleanField(default=False)
    is_finished = models.BooleanField(default=False)
    reason = models.CharField(max_length=20, blank=True)
    group = models.CharField(max_length=20, blank=True)
    stood_least = models.BigIntegerField(default=0)
    stood_most = models.BigIntegerField(default=0)
    ended_least = models.BigIntegerField(default=0)
    ended_most = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["basis", "project"], name="assessment_forecast_once")
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.p50_yuan}"


class ForecastTest(models.Model):
    """How forecasts of a closed year and month would have turned out. Derived (M-D7).

    `year` 0 is all closed years together, `group` is empty for all groups together. Errors are
    medians in millionths of the plan; `covered` of `tested` ended at or above P80; `untold` had no
    near class and were not forecast.
    """

    basis = models.ForeignKey(ForecastBasis, models.CASCADE, related_name="tests")
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    way = models.CharField(max_length=20)
    tested = models.PositiveIntegerField()
    covered = models.PositiveIntegerField()
    error = models.BigIntegerField()
    naive_error = models.BigIntegerField()
    untold = models.PositiveIntegerField(default=0)
    group = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["basis", "year", "month", "group"], name="assessment_forecast_test_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.month} {self.covered}/{self.tested}"
