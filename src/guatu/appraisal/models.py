"""Tables of the appraisal from above (M-G8)."""

from __future__ import annotations

from django.db import models

from guatu.appraisal.types import CriterionState
from guatu.files.models import Blob
from guatu.journal.models import AppendOnly, Versioned
from guatu.organisation.models import Organisation, Person


class Scheme(Versioned):
    """One year's scheme by which somebody above judges us: who issued it, what hangs on it."""

    year = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100)
    issuer = models.CharField(max_length=100)
    outside_number = models.CharField(max_length=100, blank=True)
    stake_text = models.CharField(max_length=300, blank=True)
    stake_yuan = models.BigIntegerField(null=True, blank=True)
    from_on = models.DateField()
    until_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "name"], name="appraisal_scheme_once")
        ]

    def __str__(self) -> str:
        return f"{self.year}年{self.name}"


class Criterion(Versioned):
    """One thing the scheme asks: full points, target, and which of our units answers for it.

    `target_milli` and `full_points_milli` are thousandths of `unit` and of a point; without a
    `target_milli` the target is words alone, and whoever answers says whether it is met.
    """

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="criteria")
    number = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    group = models.CharField(max_length=100, blank=True)
    full_points_milli = models.PositiveIntegerField()
    target_text = models.CharField(max_length=300, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    target_milli = models.BigIntegerField(null=True, blank=True)
    is_lower_better = models.BooleanField(default=False)
    basis = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "number"], name="appraisal_criterion_once")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class CriterionValue(AppendOnly):
    """How a criterion stood on a day, as its owner says; the newest one holds.

    `points_milli` are the points that the owner expects, null where he does not say.
    """

    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="values")
    as_of = models.DateField()
    value_milli = models.BigIntegerField(null=True, blank=True)
    points_milli = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=CriterionState)
    note = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.criterion_id} {self.as_of}"


class Evidence(Versioned):
    """A paper that shows how a criterion stands: a stored file, or where the paper is kept.

    One that was put in by mistake is taken out with a reason, and stays on record.
    """

    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="evidence")
    title = models.CharField(max_length=200)
    blob = models.ForeignKey(Blob, models.PROTECT, null=True, blank=True, related_name="+")
    file_name = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    on = models.DateField()
    removed_reason = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title
