"""Persons, accounts, roles, and changes of kind that wait for a second person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from guatu.core import clock
from guatu.organisation import queries, rules
from guatu.organisation.models import Assignment, KindProposal, Person, User
from guatu.organisation.types import Role, UserKind


@dataclass(slots=True)
class PersonRow:
    """A person, the unit, and the accounts that are his."""

    person: Person
    unit: str
    accounts: list[tuple[int, str]]


def persons() -> list[PersonRow]:
    """All persons, by unit and name."""
    units = queries.organisation_names().official
    accounts: dict[int, list[tuple[int, str]]] = {}
    for pk, person_id, login in User.objects.filter(person__isnull=False).values_list(
        "pk", "person_id", "login"
    ):
        accounts.setdefault(person_id or 0, []).append((pk, login))
    return [
        PersonRow(one, units.get(one.organisation_id or 0, ""), accounts.get(one.pk, []))
        for one in Person.objects.order_by("organisation_id", "name", "pk")
    ]


def person_choices(units: Mapping[int, str]) -> list[tuple[int, str]]:
    """Persons to choose from, with their unit; `units` are the names of organisations."""
    rows = Person.objects.order_by("organisation_id", "name", "pk")
    return [
        (
            one.pk,
            f"{one.name}（{unit}）" if (unit := units.get(one.organisation_id or 0)) else one.name,
        )
        for one in rows
    ]


@dataclass(slots=True)
class AccountRow:
    """An account with its unit, person and roles of today."""

    user: User
    unit: str
    roles: list[str]

    @property
    def kind(self) -> str:
        """Its kind in Chinese."""
        return UserKind(self.user.kind).label

    @property
    def state(self) -> str:
        """Whether it can be used."""
        if self.user.set_up_due and not self.user.is_active:
            return "待首次设置"
        if not self.user.is_active:
            return "停用"
        if not self.user.password or self.user.password.startswith("!"):
            return "未发密码"
        if self.user.password_until and self.user.password_until < clock.now():
            return "一次性密码过期"
        return "待改密码" if self.user.must_change_password else "正常"


STATES = ("正常", "待改密码", "一次性密码过期", "未发密码", "停用", "待首次设置")


def accounts() -> list[AccountRow]:
    """All accounts, by login."""
    units = queries.organisation_names().official
    roles: dict[int, list[str]] = {}
    for one in roles_in_force(clock.today()):
        label = Role(one.role).label
        held = roles.setdefault(one.user_id, [])
        if label not in held:
            held.append(label)
    return [
        AccountRow(user, units.get(user.organisation_id or 0, ""), roles.get(user.pk, []))
        for user in User.objects.select_related("person").order_by("login")
    ]


def roles_in_force(on: date) -> Iterable[Assignment]:
    """Roles that hold on a day."""
    return [row for row in _roles() if row.valid_from <= on and not _is_over(row, on)]


def _roles(user_id: int | None = None) -> list[Assignment]:
    rows = Assignment.objects.select_related("user", "end").order_by("user__login", "pk")
    return list(rows if user_id is None else rows.filter(user_id=user_id))


def _is_over(row: Assignment, on: date) -> bool:
    end = getattr(row, "end", None)
    return end is not None and end.on <= on


@dataclass(slots=True)
class RoleRow:
    """A role that was given, with its scope and its days."""

    assignment: Assignment
    scope: str
    ended_on: date | None
    ended_by: str
    state: str

    @property
    def role(self) -> str:
        """The role in Chinese."""
        return Role(self.assignment.role).label


def roles(user_id: int | None = None, units: Mapping[int, str] | None = None) -> list[RoleRow]:
    """All roles ever given, of one user or of all; `units` are the names of organisations."""
    if units is None:
        units = queries.organisation_names().official
    today = clock.today()
    found = []
    for row in _roles(user_id):
        end = getattr(row, "end", None)
        state = "已结束" if _is_over(row, today) else "未开始" if row.valid_from > today else "有效"
        found.append(
            RoleRow(
                row,
                units.get(row.scope_organisation_id, ""),
                end.on if end else None,
                end.by if end else "",
                state,
            )
        )
    return found


@dataclass(slots=True)
class ProposalRow:
    """A change of an account's kind that waits for the second person."""

    proposal: KindProposal
    kind: str
    until: datetime
    is_over: bool


def open_proposals() -> list[ProposalRow]:
    """Proposals not yet decided, the newest first; those past their day are marked."""
    rows = KindProposal.objects.filter(decision__isnull=True).select_related("user")
    return [
        ProposalRow(
            row,
            UserKind(row.kind).label,
            row.at + rules.PROPOSAL_HOLDS,
            clock.now() > row.at + rules.PROPOSAL_HOLDS,
        )
        for row in rows.order_by("-pk")
    ]
