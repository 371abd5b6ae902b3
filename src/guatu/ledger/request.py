"""What the user behind a request sees of the ledger, from his roles as read for the request."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest

from guatu.core.errors import Fault, NotAllowed, NotFound
from guatu.core.ids import is_id
from guatu.ledger import access
from guatu.ledger.models import ListEntry, Project, ProjectList
from guatu.organisation import request as who
from guatu.organisation.access import rights_of
from guatu.organisation.models import Assignment, User
from guatu.organisation.types import Right


@dataclass(slots=True)
class Viewer:
    """Whose eyes look: the user and his roles in force."""

    user: User
    assignments: list[Assignment]

    @property
    def rights(self) -> frozenset[Right]:
        """Everything he may do, for what is offered to him; services ask again."""
        return rights_of(self.user, self.assignments)

    @property
    def sees_everything(self) -> bool:
        """Whether what is stored of all projects together may be shown."""
        return access.sees_everything(self.user, self.assignments)

    @property
    def projects(self) -> QuerySet[Project]:
        """The projects that exist for him."""
        return access.visible_projects(self.user, self.assignments)

    @property
    def seen(self) -> QuerySet[Project] | None:
        """The same as a narrowing; None where there is nothing to narrow."""
        return None if self.sees_everything else self.projects

    @property
    def seen_locked(self) -> QuerySet[Project] | None:
        """The narrowing of locked figures: they do not change when a project is removed later."""
        if self.sees_everything:
            return None
        return access.visible_projects(self.user, self.assignments, with_removed=True)


def viewer_of(request: HttpRequest) -> Viewer:
    """Who stands behind a request."""
    return Viewer(who.user_of(request), who.assignments_of(request))


def projects_of(request: HttpRequest) -> QuerySet[Project]:
    """The projects that exist for this user."""
    return viewer_of(request).projects


def narrowing_of(request: HttpRequest) -> QuerySet[Project] | None:
    """The same as a narrowing; None where he sees every project."""
    return viewer_of(request).seen


def lists_of(request: HttpRequest) -> QuerySet[ProjectList]:
    """The lists that exist for this user, newest year first."""
    lists = access.visible_lists(who.user_of(request), who.assignments_of(request))
    return lists.order_by("-year", "pk")


def project_for(request: HttpRequest, project_id: int) -> Project:
    """One visible project with what it names, or NotFound."""
    seen = projects_of(request).select_related("sector", "package", "phase_of")
    found = seen.filter(pk=project_id).first() if is_id(project_id) else None
    if found is None:
        raise NotFound(Fault("unknown-project", f"没有编号为{project_id}的项目"))
    return found


def list_for(request: HttpRequest, list_id: int) -> ProjectList:
    """One visible list, or NotFound."""
    lists = lists_of(request).select_related("parent")
    found = lists.filter(pk=list_id).first() if is_id(list_id) else None
    if found is None:
        raise NotFound(Fault("unknown-list", f"没有编号为{list_id}的清单"))
    return found


def entry_for(request: HttpRequest, entry_id: int) -> ListEntry:
    """One entry of a visible project, or NotFound."""
    seen = ListEntry.objects.filter(project__in=projects_of(request))
    entries = seen.select_related("list", "project")
    found = entries.filter(pk=entry_id).first() if is_id(entry_id) else None
    if found is None:
        raise NotFound(Fault("unknown-entry", f"没有编号为{entry_id}的清单项"))
    return found


def require(request: HttpRequest, right: Right = Right.EDIT_PROJECTS) -> None:
    """Raise NotAllowed unless the user holds the right; the service asks again."""
    if right not in who.rights_of(request):
        raise NotAllowed(Fault("not-allowed", "您没有修改台账的权限", "请由项目办办理"))
