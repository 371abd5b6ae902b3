"""Tables of papers beside reports."""

from __future__ import annotations

from django.db import models

from guatu.files.models import Blob
from guatu.journal.models import AppendOnly
from guatu.ledger.models import Project
from guatu.organisation.models import Organisation


class ReportPaper(AppendOnly):
    """A photo or voucher that a unit put beside its report of a project and period.

    It stands beside the project and period, so that it may be there before the report is sent in.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="report_papers")
    period = models.ForeignKey("reporting.Period", models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class ReportPaperRemoval(AppendOnly):
    """That a paper was taken away again, as put in by mistake; it stays kept and is not shown."""

    paper = models.OneToOneField(ReportPaper, models.PROTECT, related_name="removal")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.paper_id)
