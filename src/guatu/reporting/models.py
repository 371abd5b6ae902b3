"""Tables of the reporting room (tables.md)."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from guatu.core import clock
from guatu.core.periods import Grain, PeriodKey, parse_period
from guatu.files.models import Blob, Import
from guatu.journal.models import AppendOnly, Journalled, Versioned
from guatu.ledger.models import Project, ProjectList, Term
from guatu.organisation.models import Organisation
from guatu.reporting.types import (
    Accumulates,
    AnswerKind,
    DeliveryState,
    FigureSource,
    FigureState,
    FileState,
    IndicatorUnit,
    QuestionState,
    ReportSource,
    ReportState,
    RoundState,
)


class Indicator(Journalled):
    """What a figure measures, with unit, scope and method (口径, M-C6).

    A figure is a whole number of its smallest step: with `decimals` 2, hundredths of `unit_text`.
    """

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    unit = models.CharField(max_length=10, choices=IndicatorUnit)
    accumulates = models.CharField(max_length=6, choices=Accumulates)
    scope = models.CharField(max_length=200, blank=True)
    method = models.CharField(max_length=300, blank=True)
    unit_text = models.CharField(max_length=10, blank=True)
    decimals = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class Period(Journalled):
    """A stretch of time that can be reported on."""

    key = models.CharField(max_length=12, unique=True)
    grain = models.CharField(max_length=12, choices=[(g.value, g.value) for g in Grain])
    first_on = models.DateField()
    last_on = models.DateField()

    def __str__(self) -> str:
        return self.label

    @property
    def parsed(self) -> PeriodKey:
        """The key as a value."""
        return parse_period(self.key)

    @property
    def label(self) -> str:
        """The period as officials say it: 2026年9月."""
        return self.parsed.label


class Round(Versioned):
    """One list × one period, opened and closed (architecture §6); a limited one by `RoundScope`."""

    list = models.ForeignKey(ProjectList, models.PROTECT, related_name="rounds")
    period = models.ForeignKey(Period, models.PROTECT, related_name="rounds")
    cut_off_on = models.DateField()
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=RoundState, default=RoundState.OPEN)
    revision = models.PositiveIntegerField(default=0)
    closed_by = models.CharField(max_length=200, blank=True)
    is_limited = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "period"], name="reporting_round_once")
        ]

    def __str__(self) -> str:
        return f"{self.list} · {self.period}"

    @property
    def due_on(self) -> date:
        """The last day on which a report is in time, in China."""
        return self.due_at.astimezone(clock.CHINA).date()


class Report(Versioned):
    """What was said of a project for a period, beside its figures.

    `asked` holds the questions that its figures raised when it was sent in, one a line, and
    `explanation` the unit's one answer; `submitted_at` is when the unit first sent it in on its
    own page, else null; `at` the last time that anybody did. `review_level`: nobody (0), the
    reviewing unit (1) or the office (2) let it pass.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="reports")
    period = models.ForeignKey(Period, models.PROTECT, related_name="reports")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True)
    source = models.CharField(max_length=10, choices=ReportSource)
    state = models.CharField(max_length=20, choices=ReportState)
    physical_node = models.CharField(max_length=60, blank=True)
    progress_text = models.TextField(blank=True)
    problem_text = models.TextField(blank=True)
    is_unchanged = models.BooleanField(default=False)
    next_plan_yuan = models.BigIntegerField(null=True, blank=True)
    reason = models.ForeignKey(Term, models.PROTECT, null=True, blank=True, related_name="+")
    problem = models.ForeignKey(Term, models.PROTECT, null=True, blank=True, related_name="+")
    asked = models.TextField(blank=True)
    explanation = models.CharField(max_length=300, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    review_level = models.PositiveSmallIntegerField(default=0)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "period"], name="reporting_report_once")
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.period_id}"


class ReportDraft(models.Model):
    """What a unit has typed of a report and not sent in (暂存). No record: gone when sent in.

    `content` is canonical JSON of the form's fields as typed; `version` counts the savings.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    content = models.TextField()
    version = models.PositiveIntegerField(default=1)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "period", "organisation"], name="reporting_draft_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.period_id}"


class Figure(Journalled):
    """One reported value. A correction is a new row; only `is_current` of an old row changes."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="figures")
    indicator = models.ForeignKey(Indicator, models.PROTECT)
    as_of = models.DateField()
    source = models.CharField(max_length=12, choices=FigureSource, default=FigureSource.UNIT)
    value = models.BigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=16, choices=FigureState, default=FigureState.KNOWN)
    raw_text = models.CharField(max_length=200, blank=True)
    cell = models.CharField(max_length=100, blank=True)
    report = models.ForeignKey(Report, models.PROTECT, null=True, blank=True)
    imported = models.ForeignKey(Import, models.PROTECT, null=True, blank=True)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, blank=True)
    is_current = models.BooleanField(default=True)
    reason = models.CharField(max_length=300, blank=True)
    approved_by = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "indicator", "as_of", "source"],
                condition=Q(is_current=True),
                name="reporting_one_current_figure",
            )
        ]
        indexes = [models.Index(fields=["indicator", "as_of"])]

    def __str__(self) -> str:
        return f"{self.project_id} {self.indicator_id} {self.as_of}"


class QuickFigure(AppendOnly):
    """快报数: unreviewed, stamped with the hour, never frozen (architecture §6)."""

    project = models.ForeignKey(Project, models.PROTECT)
    indicator = models.ForeignKey(Indicator, models.PROTECT)
    at_hour = models.DateTimeField()
    value = models.BigIntegerField()
    by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return f"{self.project_id} {self.at_hour}"


class IntakeQuestion(Versioned):
    """A row or figure of a workbook that waits for an answer, or was taken in as questioned."""

    imported = models.ForeignKey(Import, models.PROTECT, related_name="questions")
    period = models.ForeignKey(Period, models.PROTECT)
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True)
    sheet = models.CharField(max_length=100)
    cell = models.CharField(max_length=20, blank=True)
    row_no = models.PositiveIntegerField()
    code = models.CharField(max_length=40)
    question = models.TextField()
    facts = models.TextField(blank=True)
    is_waiting = models.BooleanField()
    state = models.CharField(max_length=12, choices=QuestionState, default=QuestionState.OPEN)

    def __str__(self) -> str:
        return f"{self.sheet}{self.cell} {self.code}"


class IntakeAnswer(AppendOnly):
    """What somebody decided about a question. The newest of a kind and subject holds.

    `subject` says what it is about (sender and words, project and cell text): reading a workbook
    asks here before it asks a person again.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="answers")
    question = models.ForeignKey(IntakeQuestion, models.PROTECT, null=True, blank=True)
    kind = models.CharField(max_length=10, choices=AnswerKind)
    subject = models.CharField(max_length=1000)
    value = models.CharField(max_length=500)
    reason = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class AnswerOutcome(AppendOnly):
    """What an answer led to, so that it can be shown and taken back (`intake.outcome`)."""

    answer = models.OneToOneField(IntakeAnswer, models.PROTECT, related_name="outcome")
    entered = models.PositiveIntegerField()
    effects = models.TextField()

    def __str__(self) -> str:
        return f"{self.answer_id} {self.entered}"


class AnswerWithdrawal(AppendOnly):
    """That an answer was taken back: it is consulted no more, its question is open again."""

    answer = models.OneToOneField(IntakeAnswer, models.PROTECT, related_name="withdrawal")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.answer_id)


class Delivery(Versioned):
    """Files that the office dropped at once; they are taken in together or not at all."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="deliveries")
    key = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.RECEIVED)
    fault = models.TextField(blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "by", "key"], name="reporting_delivery_once")
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.at}"


class DeliveredFile(Journalled):
    """One file of a delivery: kept before it is read; then what became of it."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="files")
    blob = models.ForeignKey(Blob, models.PROTECT, null=True, blank=True)
    name = models.CharField(max_length=255)
    state = models.CharField(max_length=10, choices=FileState, default=FileState.RECEIVED)
    sender = models.CharField(max_length=200, blank=True)
    rows = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    replaces = models.CharField(max_length=255, blank=True)
    replaced_by = models.CharField(max_length=255, blank=True)
    faults = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery", "name"], name="reporting_file_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class DeliveryLease(models.Model):
    """Who reads a delivery at the moment, until when, and how far he is. No record: derived."""

    delivery = models.OneToOneField(Delivery, models.CASCADE, related_name="lease")
    holder = models.CharField(max_length=64)
    until = models.DateTimeField()
    files_read = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.holder}"


class ProxyNote(AppendOnly):
    """Who told the office what it entered for a unit (代报), by which way and when."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="proxy_notes")
    source = models.CharField(max_length=10, choices=ReportSource)
    said_by = models.CharField(max_length=100)
    said_at = models.DateTimeField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.report_id} {self.said_by}"


class ProxyConfirmation(AppendOnly):
    """Who of the unit confirmed what was entered for it, by which way and when; noted by the
    office for a unit that does not confirm by its own table."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="proxy_confirmations")
    source = models.CharField(max_length=10, choices=ReportSource)
    said_by = models.CharField(max_length=100)
    said_at = models.DateTimeField()
    text = models.CharField(max_length=300)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.report_id} {self.said_by}"


class CallNote(AppendOnly):
    """What a unit said when it was chased: `10:20 promised for the afternoon` (office.md)."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="call_notes")
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    text = models.CharField(max_length=300)
    promised_on = models.DateField(null=True, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.text}"


# At the end: its tables name those above, and Django looks for tables here.
from guatu.reporting.asking import models as asking_models  # noqa: E402, F401
from guatu.reporting.basis import models as basis_models  # noqa: E402, F401
from guatu.reporting.burden import models as burden_models  # noqa: E402, F401
from guatu.reporting.correcting import models as correcting_models  # noqa: E402, F401
from guatu.reporting.due import models as due_models  # noqa: E402, F401
from guatu.reporting.papers import models as papers_models  # noqa: E402, F401
from guatu.reporting.quantities import models as quantities_models  # noqa: E402, F401
from guatu.reporting.review import models as review_models  # noqa: E402, F401
from guatu.reporting.statistics import models as statistics_models  # noqa: E402, F401
