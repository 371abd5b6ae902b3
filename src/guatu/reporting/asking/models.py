"""The table of questions to figures (tables.md)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from guatu.journal.models import Versioned
from guatu.ledger.models import Project
from guatu.organisation.models import Organisation
from guatu.reporting.types import FigureQuestionKind, FigureQuestionState


class FigureQuestion(Versioned):
    """A question to a reported figure, asked of a unit once and answered once (M-C2).

    `organisation` is the unit asked; without a project it is about all the unit reports. `other`
    is the project that it is held beside: its name stands in no text, for it may be another
    unit's. `facts`
    is canonical JSON of labels and words; `facts_key` the digest of those that make it the same
    question: while they stay it is not asked again. `book_version` of `rulebooks/questions` asked
    with the city's own `limits`; `book_digest` is that of both together.
    """

    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="figure_questions"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    other = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="+")
    period = models.ForeignKey("reporting.Period", models.PROTECT, related_name="figure_questions")
    kind = models.CharField(max_length=20, choices=FigureQuestionKind)
    clause = models.CharField(max_length=20)
    book_version = models.PositiveIntegerField()
    book_digest = models.CharField(max_length=64, blank=True)
    limits = models.CharField(max_length=500, blank=True)
    text = models.TextField()
    facts = models.TextField()
    facts_key = models.CharField(max_length=64)
    state = models.CharField(
        max_length=10, choices=FigureQuestionState, default=FigureQuestionState.OPEN
    )
    raised_at = models.DateTimeField()
    answer = models.CharField(max_length=500, blank=True)
    answered_by = models.CharField(max_length=150, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "reporting"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind", "facts_key"],
                condition=Q(project__isnull=False),
                name="reporting_figure_asked_once",
            ),
            models.UniqueConstraint(
                fields=["organisation", "kind", "facts_key"],
                condition=Q(project__isnull=True),
                name="reporting_unit_asked_once",
            ),
        ]
        indexes = [models.Index(fields=["period", "state"], name="reporting_figure_question")]

    def __str__(self) -> str:
        return f"{self.kind} {self.project_id or self.organisation_id}"
