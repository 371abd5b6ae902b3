"""Who sees which criteria and who fills them in (house.md 2).

Whoever sees every project sees every scheme; a unit sees its own criteria, whoever stands above
it those of the units below, a leader those that name him.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from guatu.appraisal.models import Criterion, Evidence, Scheme
from guatu.core import clock
from guatu.core.errors import Fault, NotAllowed, NotFound
from guatu.core.ids import is_id
from guatu.journal.types import Actor
from guatu.ledger.request import Viewer
from guatu.organisation.access import current_assignments, organisations_below, rights_of
from guatu.organisation.models import Assignment, User
from guatu.organisation.types import Right, Role, UserKind

_FILLING = frozenset({Role.REPORTER, Role.DEPARTMENT})
_ABOVE = frozenset({Role.OFFICE, Role.VIEWER, Role.REVIEWER})
_NAMED = frozenset({Role.LEADER, Role.LIAISON})


def criteria_seen(viewer: Viewer) -> QuerySet[Criterion]:
    """The criteria that exist for somebody."""
    rows = Criterion.objects.all()
    if viewer.user.kind != UserKind.BUSINESS:
        return rows.none()
    if viewer.sees_everything:
        return rows
    seen = Q(organisation__in=own_units(viewer.assignments))
    above = [one.scope_organisation_id for one in viewer.assignments if Role(one.role) in _ABOVE]
    if above:
        seen |= Q(organisation__in=organisations_below(above))
    if viewer.user.person_id and any(Role(one.role) in _NAMED for one in viewer.assignments):
        seen |= Q(person=viewer.user.person_id)
    return rows.filter(seen)


def own_units(assignments: list[Assignment]) -> list[int]:
    """The units whose criteria somebody fills in."""
    return [one.scope_organisation_id for one in assignments if Role(one.role) in _FILLING]


def schemes_seen(viewer: Viewer) -> QuerySet[Scheme]:
    """The schemes of which somebody sees at least one criterion; of who sees all, every one."""
    if viewer.sees_everything and viewer.user.kind == UserKind.BUSINESS:
        return Scheme.objects.all()
    mine = criteria_seen(viewer).filter(scheme=OuterRef("pk"))
    return Scheme.objects.filter(Exists(mine))


def get_scheme(viewer: Viewer, scheme_id: int) -> Scheme:
    """One scheme, or NotFound."""
    rows = schemes_seen(viewer)
    found = rows.filter(pk=scheme_id).first() if is_id(scheme_id) else None
    if found is None:
        raise NotFound(Fault("unknown-scheme", "没有这个考核方案", "请从上级考核进入"))
    return found


def get_criterion(viewer: Viewer, criterion_id: int) -> Criterion:
    """One criterion with its scheme, or NotFound."""
    rows = criteria_seen(viewer).select_related("scheme", "person")
    found = rows.filter(pk=criterion_id).first() if is_id(criterion_id) else None
    if found is None:
        raise NotFound(Fault("unknown-criterion", "没有这项指标", "请从上级考核进入"))
    return found


def get_evidence(viewer: Viewer, evidence_id: int) -> Evidence:
    """One paper of evidence of a criterion that is seen, or NotFound."""
    rows = Evidence.objects.select_related("criterion__scheme", "blob")
    seen = rows.filter(criterion__in=criteria_seen(viewer))
    found = seen.filter(pk=evidence_id).first() if is_id(evidence_id) else None
    if found is None:
        raise NotFound(Fault("unknown-evidence", "没有这份佐证材料", "请从指标进入"))
    return found


def may_fill(viewer: Viewer, criterion: Criterion) -> bool:
    """Whether somebody writes how a criterion stands: the office, or the unit that answers."""
    if Right.EDIT_PROJECTS in viewer.rights:
        return True
    return criterion.organisation_id in own_units(viewer.assignments)


def require_fill(actor: Actor, criterion: Criterion) -> None:
    """The same for an actor. Raises NotAllowed."""
    if actor.user_id is None:
        return
    user = User.objects.get(pk=actor.user_id)
    held = current_assignments(user.pk, clock.today())
    may = user.is_active and (
        Right.EDIT_PROJECTS in rights_of(user, held) or criterion.organisation_id in own_units(held)
    )
    if not may:
        raise NotAllowed(Fault("not-allowed", "您没有填这项指标的权限", "由责任单位或项目办填写"))
