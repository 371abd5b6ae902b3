"""Who acts, and may he? The one place for rights that do not hang on a single project."""

from __future__ import annotations

import getpass
import os
from datetime import date
from typing import NoReturn

from django.db.models import Exists, OuterRef, Q, QuerySet

from guatu.core import clock
from guatu.core.errors import Fault, NotAllowed, NotFound
from guatu.database.prepared import prepared
from guatu.journal.types import Actor, console
from guatu.organisation import queries, rules
from guatu.organisation.models import (
    Assignment,
    Organisation,
    OrganisationClosure,
    Person,
    Region,
    User,
)
from guatu.organisation.types import Right, Role, UserKind


def _os_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def console_actor() -> Actor:
    """The built-in actor of the command line."""
    return console(_os_user())


def actor_for_login(login: str) -> Actor:
    """The actor of `--as LOGIN`. Unknown and disabled accounts get the same answer."""
    user = User.objects.filter(login=login, is_active=True).first()
    if user is None:
        raise NotFound(
            Fault(
                code="unknown-user",
                what=f"没有可用的账号“{login}”",
                remedy="请核对登录名；不写账号就由控制台办理",
            )
        )
    return actor_of(user)


def actor_of(user: User, *, session_hash: str = "") -> Actor:
    """The actor a user is; `session_hash` where he came by the site, not by the command line."""
    os_user = "" if session_hash else _os_user()
    if user.organisation_id is None:
        return Actor(user.pk, user.login, "", os_user, session_hash)
    known: str | None = getattr(user, "unit_name", None)  # the user of a session brings it along
    name = known or queries.names_of_organisations([user.organisation_id]).get(
        user.organisation_id, ""
    )
    return Actor(user.pk, user.login, name, os_user, session_hash)


def current_assignments(user_id: int, on: date) -> list[Assignment]:
    """Roles the user holds on a day. Administrators of the platform hold none.

    Each row says in `is_of_root` whether its scope is the whole installation.
    """
    return _assignments_held(user_id, on)


@prepared
def _assignments_held(user_id: int, on: date) -> QuerySet[Assignment]:
    above = OrganisationClosure.objects.filter(
        descendant_id=OuterRef("scope_organisation_id"), depth__gt=0
    )
    held = assignments_held(user_id, on)
    return held.annotate(is_of_root=~Exists(above)).order_by("pk")


def assignments_held(user_id: int, on: date) -> QuerySet[Assignment]:
    """The same as a query, for a statement that asks for more than them."""
    return Assignment.objects.filter(
        Q(end__isnull=True) | Q(end__on__gt=on),
        user_id=user_id,
        user__kind=UserKind.BUSINESS,
        user__is_active=True,
        valid_from__lte=on,
    )


def roles_of(actor: Actor) -> frozenset[Role]:
    """The actor's roles today; the console has none, it needs none."""
    if actor.user_id is None:
        return frozenset()
    return frozenset(Role(a.role) for a in current_assignments(actor.user_id, clock.today()))


def may(actor: Actor, right: Right) -> bool:
    """Whether the actor holds a right. The console holds all, and is journalled as such.

    Rounds, lists, papers and settings are the whole installation's: only a role whose scope is
    the root organisation reaches them. Looking at figures goes with any scope, narrowed to what
    the actor sees.
    """
    if actor.user_id is None:
        return True
    user = User.objects.filter(pk=actor.user_id, is_active=True).first()
    if user is None:
        return False
    return right in rights_of(user, current_assignments(user.pk, clock.today()))


def rights_of(user: User, assignments: list[Assignment]) -> frozenset[Right]:
    """Every right of a user, from his kind and the roles in force."""
    if user.kind != UserKind.BUSINESS:
        return rules.RIGHTS_OF_KIND[UserKind(user.kind)]
    held = {right for one in assignments for right in rules.RIGHTS[Role(one.role)]}
    whole = {
        right for one in assignments if is_of_root(one) for right in rules.RIGHTS[Role(one.role)]
    }
    return frozenset(whole | (held & rules.RIGHTS_OF_ANY_SCOPE))


def is_of_root(assignment: Assignment) -> bool:
    """Whether a role's scope is the whole installation, as `current_assignments` found it."""
    return bool(getattr(assignment, "is_of_root"))  # noqa: B009 (an annotation)


def require(actor: Actor, right: Right) -> None:
    """Raise NotAllowed unless the actor holds the right."""
    if not may(actor, right):
        raise NotAllowed(
            Fault(
                code="not-allowed",
                what=f"账号“{actor.text}”没有这项权限",
                remedy=f"请由{rules.holders_of(right)}办理",
            )
        )


def require_any(actor: Actor, *rights: Right) -> None:
    """Raise NotAllowed unless the actor holds one of the rights."""
    if not any(may(actor, right) for right in rights):
        require(actor, rights[0])


def get_organisation(pk: int) -> Organisation:
    """One organisation, or NotFound. Whoever manages units or users may look at all of them."""
    found = Organisation.objects.filter(pk=pk).first()
    return found or _missing("单位")


def get_region(pk: int) -> Region:
    """One region, or NotFound."""
    return Region.objects.filter(pk=pk).first() or _missing("地区")


def get_person(pk: int) -> Person:
    """One person, or NotFound."""
    return Person.objects.filter(pk=pk).first() or _missing("人员")


def get_user(pk: int) -> User:
    """One account, or NotFound."""
    return User.objects.filter(pk=pk).first() or _missing("账号")


def get_assignment(pk: int) -> Assignment:
    """One role that was given, or NotFound."""
    found = Assignment.objects.select_related("user", "end").filter(pk=pk).first()
    return found or _missing("角色")


def _missing(what: str) -> NoReturn:
    raise NotFound(Fault("not-found", f"没有这个{what}", "请回到列表重新选"))


def require_second_person(actor: Actor, approver: Actor | None, right: Right) -> str:
    """Acts that need two people (architecture §6): returns the text to record as approver.

    The console acts alone and is recorded as such; a user needs somebody else with the right,
    unless the city runs a small office (setting `small-office`): then he is recorded as alone.
    """
    if approver is None and actor.is_console:
        return "控制台（一人办理）"
    if approver is None or is_same_person(approver.user_id, actor.user_id):
        if is_small_office():
            require(actor, right)
            return f"{actor.text}（小办公室，一人办理）"
        raise NotAllowed(_second_person_fault(is_same=approver is not None))
    require(approver, right)
    return approver.text


def is_same_person(one: int | None, other: int | None) -> bool:
    """Whether two accounts are one, or belong to one person: he is no second person to himself."""
    if one == other:
        return True
    persons = User.objects.filter(pk__in=[one or 0, other or 0]).values_list("person_id", flat=True)
    return len(persons) == 2 and persons[0] is not None and persons[0] == persons[1]


def is_small_office() -> bool:
    """Whether one person may do what usually takes two."""
    return queries.settings_in_force()["small-office"] == "yes"


def _second_person_fault(*, is_same: bool) -> Fault:
    if is_same:
        what, remedy = "办理人和批准人是同一账号", "请由另一名有权限的人批准"
    else:
        what, remedy = "这项操作须两人办理", "请写明另一名有权限的账号"
    return Fault(code="second-person", what=what, remedy=remedy)


def organisations_below(scope_ids: list[int]) -> list[int]:
    """Ids of the organisations under the given ones, themselves included."""
    return list(
        OrganisationClosure.objects.filter(ancestor_id__in=scope_ids)
        .values_list("descendant_id", flat=True)
        .distinct()
    )
