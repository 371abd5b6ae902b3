"""Tables of the ledger (tables.md)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from guatu.journal.models import AppendOnly, Journalled, Versioned
from guatu.ledger.types import (
    BulkField,
    ListState,
    Nature,
    ProjectKind,
    ResponsibilityRole,
    SubjectKind,
    Vocabulary,
)
from guatu.organisation.models import Organisation, Person, Region, User


class Term(Journalled):
    """A word of a vocabulary, e.g. a sector.

    `parent` is the sector whose ladder of nodes a word belongs to; without one it belongs to the
    common ladder. `place` is its step there, counted from 1; 0 where the order means nothing.
    """

    vocabulary = models.CharField(max_length=20, choices=Vocabulary)
    code = models.CharField(max_length=100)
    name = models.CharField(max_length=100)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="ladder")
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vocabulary", "code"], name="ledger_term_once")
        ]

    def __str__(self) -> str:
        return self.name


class Project(Versioned):
    """A key project or programme. A sub-project names its package; money is on the package."""

    uid = models.CharField(max_length=32, unique=True)
    national_code = models.CharField(max_length=40, null=True, blank=True)
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=12, choices=ProjectKind, default=ProjectKind.CONSTRUCTION)
    region = models.ForeignKey(Region, models.PROTECT)
    sector = models.ForeignKey(Term, models.PROTECT, null=True, blank=True)
    site = models.CharField(max_length=300, blank=True)
    content = models.TextField(blank=True)
    package = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    phase_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="phases"
    )
    is_package = models.BooleanField(default=False)
    declared_parts = models.PositiveIntegerField(null=True, blank=True)
    total_yuan = models.BigIntegerField(null=True, blank=True)
    stage = models.CharField(max_length=40, blank=True)
    removed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["national_code"],
                condition=Q(national_code__isnull=False),
                name="ledger_project_code_once",
            )
        ]
        indexes = [models.Index(fields=["region"])]

    def __str__(self) -> str:
        return self.name


class ProjectAlias(AppendOnly):
    """Another name a project goes by in files, remembered once somebody said so."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="aliases")
    name = models.CharField(max_length=300)
    valid_from = models.DateField()

    def __str__(self) -> str:
        return self.name


class AliasWithdrawal(AppendOnly):
    """That an alias was a slip: files that say it are asked about again."""

    alias = models.OneToOneField(ProjectAlias, models.PROTECT, related_name="withdrawal")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.alias_id)


class ProjectList(Versioned):
    """A year's list of projects, e.g. the city's 重点项目 of 2026 (M-A3).

    A list inside a list holds some of its projects: it is shown beside, never added up.
    """

    owner_organisation = models.ForeignKey(Organisation, models.PROTECT)
    year = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100)
    level = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=10, choices=ListState, default=ListState.ISSUED)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="sub_lists"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner_organisation", "year", "name"], name="ledger_list_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}年{self.name}"


class ListEntry(Versioned):
    """A project on a list, with its number, class and nature there."""

    list = models.ForeignKey(ProjectList, models.PROTECT, related_name="entries")
    project = models.ForeignKey(Project, models.PROTECT, related_name="entries")
    serial_no = models.PositiveIntegerField()
    tier = models.CharField(max_length=40, blank=True)
    project_class = models.CharField(max_length=40, blank=True)
    nature = models.CharField(max_length=12, choices=Nature, blank=True, default=Nature.UNKNOWN)
    is_appraised = models.BooleanField(default=True)
    joined_on = models.DateField()
    joined_by = models.CharField(max_length=200, blank=True)
    left_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "project"], name="ledger_entry_once")
        ]

    def __str__(self) -> str:
        return f"{self.list_id}#{self.serial_no}"


class Responsibility(Versioned):
    """Who answers for a project in a role, from a day to a day, and on what basis (M-A6)."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="responsibilities")
    role = models.CharField(max_length=12, choices=ResponsibilityRole)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "role"])]

    def __str__(self) -> str:
        return f"{self.project_id} {self.role}"


class Participation(Versioned):
    """Written by upper rooms: it makes a project visible to a department."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="participations")
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    why = models.CharField(max_length=40)
    ref = models.CharField(max_length=100, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.project_id} {self.why}"


class Judgement(AppendOnly):
    """A recorded human judgement (有正当理由, 不可抗力) with its basis and term."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="judgements")
    code = models.CharField(max_length=40)
    value = models.BooleanField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=300)
    by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return f"{self.project_id} {self.code}"


class RecordedValue(AppendOnly):
    """A value of a measure that no workbook carries, as somebody recorded it (登记).

    `measure` is the book's word, `form` what the value is (`ratio`, `records:text`), `value`
    canonical JSON, `on` the day it speaks of; it holds until `valid_to`, where that is told. A
    correction is a new row that names the one it replaces; a withdrawal is one without a value.
    """

    subject = models.CharField(max_length=12, choices=SubjectKind)
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="recorded"
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True)
    measure = models.CharField(max_length=100)
    form = models.CharField(max_length=30)
    value = models.TextField(blank=True)
    on = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=300, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    is_withdrawal = models.BooleanField(default=False)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="ledger_value_of_one",
                condition=Q(
                    subject=SubjectKind.PROJECT,
                    project__isnull=False,
                    organisation__isnull=True,
                    region__isnull=True,
                )
                | Q(
                    subject=SubjectKind.ORGANISATION,
                    project__isnull=True,
                    organisation__isnull=False,
                    region__isnull=True,
                )
                | Q(
                    subject=SubjectKind.REGION,
                    project__isnull=True,
                    organisation__isnull=True,
                    region__isnull=False,
                ),
            )
        ]
        indexes = [
            models.Index(fields=["measure", "subject"], name="ledger_value_measure"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.measure} {self.on}"


class SavedView(Versioned):
    """An address of the library under a name: the owner's own, or shared by the office.

    `query` is data: whoever uses it reads it as he reads an address that somebody typed.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="saved_views")
    list = models.ForeignKey(ProjectList, models.PROTECT, related_name="saved_views")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=2000, blank=True)
    is_shared = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="ledger_view_once")]

    def __str__(self) -> str:
        return self.name


class BulkChange(Versioned):
    """One change of many projects at once, with what each of them had before (for undoing it).

    `before` is canonical JSON: for each target its id, the old and the new value.
    """

    list = models.ForeignKey(ProjectList, models.PROTECT)
    field = models.CharField(max_length=12, choices=BulkField)
    new_text = models.CharField(max_length=300)
    count = models.PositiveIntegerField()
    before = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=150, blank=True)

    def __str__(self) -> str:
        return f"{BulkField(self.field).label}→{self.new_text}"


# At the end: its tables name those above, and Django looks for tables here.
from guatu.ledger.bodies import models as bodies_models  # noqa: E402, F401
from guatu.ledger.campaigns import models as campaigns_models  # noqa: E402, F401
from guatu.ledger.making import models as making_models  # noqa: E402, F401
