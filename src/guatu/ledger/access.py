"""Which projects a user sees: the one place (house.md 2)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from guatu.core import clock
from guatu.core.errors import Fault, NotAllowed, NotFound
from guatu.core.ids import is_id
from guatu.engines.rulebook.types import Measure
from guatu.journal.types import Actor
from guatu.ledger.models import ListEntry, Participation, Project, ProjectList, Responsibility
from guatu.ledger.types import ResponsibilityRole, SubjectKind
from guatu.organisation.access import (
    current_assignments,
    is_of_root,
    organisations_below,
    rights_of,
)
from guatu.organisation.models import Assignment, Organisation, Region, User
from guatu.organisation.types import Right, Role, UserKind

_UNIT_ROLES = (
    ResponsibilityRole.LEAD,
    ResponsibilityRole.REPORTER,
    ResponsibilityRole.REVIEWER,
    ResponsibilityRole.TERRITORY,
    ResponsibilityRole.OWNER,
)


_WHOLE_SCOPE_ROLES = frozenset({Role.OFFICE, Role.VIEWER, Role.REVIEWER})


def visible_projects(
    user: User, assignments: Sequence[Assignment] | None = None, *, with_removed: bool = False
) -> QuerySet[Project]:
    """Projects that exist for this user; administrators and strangers see none (trust C).

    Office and viewer see what organisations within their scope answer for, and everything when
    the scope is the root; reporters their own unit's; leaders and liaisons the linked ones;
    departments those they assist in or wait for. `assignments` are the user's roles in force,
    where the caller has read them already; `with_removed` is for the figures of locked rounds,
    which do not change when a project is removed.
    """
    seen = _seen_by(user, assignments)
    return seen if with_removed else seen.filter(removed_on__isnull=True)


def sees_everything(user: User, assignments: Sequence[Assignment]) -> bool:
    """Whether every project exists for this user: totals stored for all may be shown."""
    return (
        user.kind == UserKind.BUSINESS
        and user.is_active
        and any(is_of_root(one) and Role(one.role) in _WHOLE_SCOPE_ROLES for one in assignments)
    )


def _seen_by(user: User, assignments: Sequence[Assignment] | None = None) -> QuerySet[Project]:
    """The same, with the projects that have been removed since."""
    if user.kind != UserKind.BUSINESS or not user.is_active or user.pk is None:
        return Project.objects.none()
    today = clock.today()
    if assignments is None:
        assignments = current_assignments(user.pk, today)
    if sees_everything(user, assignments):
        return Project.objects.all()
    seen = Q(pk__in=())
    for assignment in assignments:
        seen |= _condition(assignment, user, today)
    return Project.objects.filter(seen)


def visible_to(actor: Actor, *, with_removed: bool = False) -> QuerySet[Project]:
    """The same for an actor; the console sees everything.

    `with_removed` is for what was closed before a project was removed.
    """
    if actor.user_id is None:
        seen = Project.objects.all()
    else:
        seen = _seen_by(User.objects.get(pk=actor.user_id))
    return seen if with_removed else seen.filter(removed_on__isnull=True)


def get_project(actor: Actor, project_id: int) -> Project:
    """One visible project, or NotFound: what may not be seen does not exist."""
    project = visible_to(actor).filter(pk=project_id).first() if is_id(project_id) else None
    if project is None:
        raise NotFound(Fault(code="unknown-project", what=f"没有编号为{project_id}的项目"))
    return project


def visible_lists(
    user: User, assignments: Sequence[Assignment] | None = None
) -> QuerySet[ProjectList]:
    """Lists on which a project stands or stood that this user sees; all where he sees every one.

    Also after its only one left: the list's locked rounds remain his.
    """
    if user.kind != UserKind.BUSINESS or not user.is_active:
        return ProjectList.objects.none()
    if assignments is None:
        assignments = current_assignments(user.pk, clock.today())
    if sees_everything(user, assignments):
        return ProjectList.objects.all()
    seen = ListEntry.objects.filter(
        list_id=OuterRef("pk"),
        project__in=visible_projects(user, assignments, with_removed=True),
    )
    return ProjectList.objects.filter(Exists(seen))


def get_list(actor: Actor, list_id: int) -> ProjectList:
    """One list that exists for the actor, or NotFound."""
    lists = (
        ProjectList.objects.all()
        if actor.user_id is None
        else visible_lists(User.objects.get(pk=actor.user_id))
    )
    listing = lists.filter(pk=list_id).first() if is_id(list_id) else None
    if listing is None:
        raise NotFound(Fault(code="unknown-list", what=f"没有编号为{list_id}的清单"))
    return listing


def get_entry(actor: Actor, entry_id: int) -> ListEntry:
    """One entry of a visible project, with its list and project, or NotFound."""
    entry = (
        ListEntry.objects.filter(pk=entry_id, project__in=visible_to(actor))
        .select_related("list", "project")
        .first()
        if is_id(entry_id)
        else None
    )
    if entry is None:
        raise NotFound(Fault(code="unknown-entry", what=f"没有编号为{entry_id}的清单项"))
    return entry


def _responsible(today: date, **where: object) -> Q:
    current = Responsibility.objects.filter(valid_from__lte=today, **where).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    )
    return Q(pk__in=current.values("project_id"))


def _participating(today: date, organisation_id: int) -> Q:
    current = Participation.objects.filter(
        organisation_id=organisation_id, valid_from__lte=today
    ).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today))
    return Q(pk__in=current.values("project_id"))


def _condition(assignment: Assignment, user: User, today: date) -> Q:
    """What one assignment shows, where it does not show everything."""
    scope = assignment.scope_organisation_id
    match Role(assignment.role):
        case Role.OFFICE | Role.VIEWER | Role.REVIEWER:
            below = organisations_below([scope])
            return _responsible(today, organisation_id__in=below, role__in=_UNIT_ROLES)
        case Role.REPORTER:
            return _responsible(today, organisation_id=scope, role__in=_UNIT_ROLES)
        case Role.LEADER | Role.LIAISON:
            # A top leader who is to see everything also holds the role viewer at the root.
            return _responsible(today, person_id=user.person_id or 0)
        case Role.DEPARTMENT:
            return _participating(today, scope) | _responsible(
                today, organisation_id=scope, role=ResponsibilityRole.ASSISTING
            )
        case Role.INSPECTOR:
            return Q(pk__in=())  # visits assign projects; that room comes later


_JUDGING_ROLES = frozenset({Role.OFFICE, Role.REVIEWER, Role.REPORTER, Role.DEPARTMENT})


def may_record(
    measure: Measure, *, rights: Collection[Right], roles: Collection[Role], organisation: str
) -> bool:
    """Whether somebody may record a measure, of the subjects that he sees.

    Figures that somebody gives: who holds the right, the office and reviewers. A judgement: the
    office, or the organisation that the book names, by who acts for it there.
    """
    if Right.EDIT_PROJECTS in rights:
        return True
    if measure.judged_by:
        return organisation == measure.judged_by and bool(_JUDGING_ROLES.intersection(roles))
    return Right.RECORD_VALUES in rights


def require_recorder(actor: Actor, measure: Measure) -> None:
    """Raise NotAllowed unless the actor may record the measure."""
    if actor.user_id is None:
        return
    user = User.objects.get(pk=actor.user_id)
    assignments = current_assignments(user.pk, clock.today())
    if not may_record(
        measure,
        rights=rights_of(user, assignments),
        roles={Role(one.role) for one in assignments},
        organisation=actor.organisation_text,
    ):
        by = f"项目办或{measure.judged_by}" if measure.judged_by else "项目办或审核员"
        what = f"账号“{actor.text}”不能登记“{measure.name}”"
        raise NotAllowed(Fault("not-allowed", what, f"请由{by}办理"))


def require_subject(actor: Actor, kind: SubjectKind, ids: Collection[int]) -> None:
    """Raise NotFound unless the actor sees these projects; NotAllowed for units and regions
    unless he sees everything: they are nobody's own."""
    if kind == SubjectKind.PROJECT:
        wanted = {pk for pk in ids if is_id(pk)}
        found = set(visible_to(actor).filter(pk__in=wanted).values_list("pk", flat=True))
        missing = next((pk for pk in ids if pk not in found), None)
        if missing is not None:
            raise NotFound(Fault(code="unknown-project", what=f"没有编号为{missing}的项目"))
        return
    if actor.user_id is not None:
        user = User.objects.get(pk=actor.user_id)
        if not sees_everything(user, current_assignments(user.pk, clock.today())):
            what = f"账号“{actor.text}”不能登记{kind.label}的量"
            raise NotAllowed(Fault("not-allowed", what, "请由项目办办理"))
    model = Organisation if kind == SubjectKind.ORGANISATION else Region
    if model.objects.filter(pk__in=set(ids)).count() != len(set(ids)):
        raise NotFound(Fault("unknown-subject", f"没有这个{kind.label}", "请回到列表重新选"))
