"""Who acts, and may he? The one place for rights that do not hang on a single project."""

from __future__ import annotations

import getpass
import os
from datetime import date

from django.db.models import Exists, OuterRef, Q

from guatu.core import clock
from guatu.core.errors import Fault, NotAllowed, NotFound
from guatu.journal.types import Actor, console
from guatu.organisation import rules
from guatu.organisation.models import Assignment, OrganisationClosure, OrganisationName, User
from guatu.organisation.types import NameKind, Right, Role, UserKind


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
                remedy="请核对登录名；不写账号就由console办理",
            )
        )
    return actor_of(user)


def actor_of(user: User, *, session_hash: str = "") -> Actor:
    """The actor a user is; `session_hash` where he came by the site, not by the command line."""
    os_user = "" if session_hash else _os_user()
    if user.organisation_id is None:
        return Actor(user.pk, user.login, "", os_user, session_hash)
    name = (
        OrganisationName.objects.filter(
            organisation_id=user.organisation_id,
            kind=NameKind.OFFICIAL,
            valid_from__lte=clock.today(),
        )
        .order_by("-valid_from")
        .values_list("name", flat=True)
        .first()
    )
    return Actor(user.pk, user.login, name or "", os_user, session_hash)


def current_assignments(user_id: int, on: date) -> list[Assignment]:
    """Roles the user holds on a day. Administrators of the platform hold none.

    Each row says in `is_of_root` whether its scope is the whole installation.
    """
    above = OrganisationClosure.objects.filter(
        descendant_id=OuterRef("scope_organisation_id"), depth__gt=0
    )
    return list(
        Assignment.objects.annotate(is_of_root=~Exists(above))
        .filter(
            user_id=user_id,
            user__kind=UserKind.BUSINESS,
            user__is_active=True,
            valid_from__lte=on,
        )
        .filter(Q(end__isnull=True) | Q(end__on__gt=on))
        .order_by("pk")
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
                what=f"账号“{actor.text}”没有这项权限（{right.value}）",
                remedy="请由有这项权限的账号或console办理",
            )
        )


def require_second_person(actor: Actor, approver: Actor | None, right: Right) -> str:
    """Acts that need two people (architecture §6): returns the text to record as approver.

    The console acts alone and is recorded as such; a user needs somebody else with the right.
    """
    if approver is None:
        if actor.is_console:
            return "console（一人办理）"
        raise NotAllowed(
            Fault(
                code="second-person",
                what="这项操作须两人办理",
                remedy="请用--approved-by写明另一名有权限的账号",
            )
        )
    if approver.user_id == actor.user_id:
        raise NotAllowed(
            Fault(
                code="second-person",
                what="办理人和批准人是同一账号",
                remedy="请由另一名有权限的人批准",
            )
        )
    require(approver, right)
    return approver.text


def organisations_below(scope_ids: list[int]) -> list[int]:
    """Ids of the organisations under the given ones, themselves included."""
    return list(
        OrganisationClosure.objects.filter(ancestor_id__in=scope_ids)
        .values_list("descendant_id", flat=True)
        .distinct()
    )
