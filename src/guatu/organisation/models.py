"""Tables of the organisation room (tables.md). Names, codes and parents have dates."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.db import models
from django.db.models import Q

from guatu.journal.models import AppendOnly, Journalled, Versioned
from guatu.organisation.types import (
    NameKind,
    OrganisationKind,
    RegionKind,
    Role,
    SwitchName,
    UserKind,
)


class Region(Journalled):
    """A territory. Its names are in RegionName; the id stays for ever."""

    kind = models.CharField(max_length=12, choices=RegionKind, default=RegionKind.COUNTY)
    ended_on = models.DateField(null=True, blank=True)
    succeeded_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True)

    def __str__(self) -> str:
        return f"地区{self.pk}"


class RegionName(AppendOnly):
    """What a region is called from a day on; an alias is another spelling that files use."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="names")
    kind = models.CharField(max_length=10, choices=NameKind, default=NameKind.OFFICIAL)
    code = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=100)
    parent = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="children"
    )
    valid_from = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "valid_from"],
                condition=Q(kind=NameKind.OFFICIAL),
                name="organisation_region_one_name_a_day",
            )
        ]

    def __str__(self) -> str:
        return self.name


class RegionNameWithdrawal(AppendOnly):
    """That another spelling of a region was a slip: files that say it are asked about again."""

    name = models.OneToOneField(RegionName, models.PROTECT, related_name="withdrawal")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.name_id)


class Organisation(Journalled):
    """A government, bureau, park, company, owner or builder."""

    kind = models.CharField(max_length=12, choices=OrganisationKind)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    succeeded_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True)

    def __str__(self) -> str:
        return f"单位{self.pk}"


class OrganisationName(AppendOnly):
    """What an organisation is called from a day on, and under whom it stands."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="names")
    kind = models.CharField(max_length=10, choices=NameKind, default=NameKind.OFFICIAL)
    name = models.CharField(max_length=200)
    credit_code = models.CharField(max_length=18, blank=True)
    parent = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="children"
    )
    valid_from = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "valid_from"],
                condition=Q(kind=NameKind.OFFICIAL),
                name="organisation_one_name_a_day",
            )
        ]

    def __str__(self) -> str:
        return self.name


class OrganisationClosure(models.Model):
    """Every ancestor of every organisation, itself included. Derived; rebuilt with the names."""

    ancestor = models.ForeignKey(Organisation, models.CASCADE, related_name="below")
    descendant = models.ForeignKey(Organisation, models.CASCADE, related_name="above")
    depth = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ancestor", "descendant"], name="organisation_closure_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.ancestor_id}>{self.descendant_id}"


class Person(Journalled):
    """A person with a duty, known by name and unit: people of one name are many. Of most, nobody
    says the unit (None). `phone` is the number at the office. The journal keeps only commitments
    of both (trust F-9)."""

    journal_personal: ClassVar[frozenset[str]] = frozenset({"name", "phone"})

    name = models.CharField(max_length=100)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True)
    phone = models.CharField(max_length=40, null=True, blank=True)
    salt = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Looks users up by login, as django.contrib.auth expects."""


class User(AbstractBaseUser, Versioned):
    """An account of exactly one kind; what a business user may do is in Assignment."""

    journal_personal: ClassVar[frozenset[str]] = frozenset({"password"})

    # Kept out of this table: the moment of a login is an act in the journal, not a column.
    last_login = None
    login = models.CharField(max_length=60, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True)
    kind = models.CharField(max_length=10, choices=UserKind, default=UserKind.BUSINESS)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    password_until = models.DateTimeField(null=True, blank=True)
    set_up_due = models.BooleanField(default=False)
    salt = models.CharField(max_length=32)

    USERNAME_FIELD = "login"
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=UserKind.values), name="organisation_user_of_one_kind"
            )
        ]

    def __str__(self) -> str:
        return self.login

    def check_password(self, raw_password: str | None) -> bool:
        """Whether the password is right. Django would re-hash here, past the journal."""
        return check_password(raw_password, self.password)


class UsedPassword(models.Model):
    """A password that its user chose himself, hashed, and since when (trust A-3). No record."""

    user = models.ForeignKey(User, models.CASCADE, related_name="used_passwords")
    password = models.CharField(max_length=128)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id} {self.at:%Y-%m-%d}"


class KindProposal(AppendOnly):
    """The system administrator asks that an account become, or cease to be, an administrator.

    Nothing changes before the security administrator has decided (trust A-14).
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=10, choices=UserKind)
    by = models.CharField(max_length=150)
    by_user_id = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"


class KindDecision(AppendOnly):
    """What the second person said to such a proposal."""

    proposal = models.OneToOneField(KindProposal, models.PROTECT, related_name="decision")
    is_granted = models.BooleanField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.proposal_id} {'准' if self.is_granted else '不准'}"


class Assignment(AppendOnly):
    """A role given to a user within an organisation's scope, from a day on."""

    user = models.ForeignKey(User, models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=12, choices=Role)
    scope_organisation = models.ForeignKey(Organisation, models.PROTECT)
    valid_from = models.DateField()
    granted_by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class AssignmentEnd(AppendOnly):
    """The day on which an assignment ended, and who ended it."""

    assignment = models.OneToOneField(Assignment, models.PROTECT, related_name="end")
    on = models.DateField()
    by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.on}"


class Setting(AppendOnly):
    """A city setting from a moment on; the newest row of a key holds."""

    key = models.CharField(max_length=40)
    value = models.CharField(max_length=500)
    valid_from = models.DateField()
    basis = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return f"{self.key}={self.value}"


class Switch(AppendOnly):
    """A switch turned on with basis, scope and end date, or off; the newest row holds."""

    name = models.CharField(max_length=20, choices=SwitchName)
    is_on = models.BooleanField()
    basis = models.CharField(max_length=500, blank=True)
    scope = models.CharField(max_length=200, blank=True)
    until = models.DateField(null=True, blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {'开' if self.is_on else '关'}"


class Holiday(Journalled):
    """One line of the office's own calendar: it wins over the package's holiday tables."""

    day = models.DateField(unique=True)
    is_workday = models.BooleanField()
    note = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return f"{self.day} {'班' if self.is_workday else '休'}"
