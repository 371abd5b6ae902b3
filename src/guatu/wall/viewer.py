"""Whose eyes look, and which locked rounds there are for them."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from guatu.core import clock
from guatu.core.errors import Fault, NotFound
from guatu.core.ids import is_id
from guatu.ledger import request as ledger
from guatu.ledger.models import Project, ProjectList
from guatu.ledger.queries import lists_seen
from guatu.organisation import request as who
from guatu.organisation.models import RegionName
from guatu.organisation.types import NameKind, Role
from guatu.wall.project.statistics import with_statistics


@dataclass(slots=True)
class Viewer(ledger.Viewer):
    """The user and his roles in force."""

    _lists: list[ProjectList] | None = field(default=None, repr=False)

    @classmethod
    def of(cls, request: HttpRequest) -> Viewer:
        """Who stands behind a request."""
        return cls(who.user_of(request), who.assignments_of(request))

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held today."""
        return frozenset(Role(one.role) for one in self.assignments)

    @property
    def lists(self) -> list[ProjectList]:
        """The lists with a project that he sees, newest year first; read once."""
        if self._lists is None:
            self._lists = lists_seen(self.user, self.assignments)
        return self._lists

    def chosen_list(self, asked: str) -> ProjectList | None:
        """The list that an address names, else the newest; None where he sees none."""
        named = (one for one in self.lists if str(one.pk) == asked)
        return next(named, self.lists[0] if self.lists else None)

    def project(self, project_id: int) -> Project:
        """One visible project with its sector and its region's `region_name`, or NotFound."""
        named = (
            RegionName.objects.filter(
                region_id=OuterRef("region_id"),
                kind=NameKind.OFFICIAL,
                valid_from__lte=clock.today(),
            )
            .order_by("-valid_from")
            .values("name")[:1]
        )
        rows = with_statistics(self.projects.select_related("sector"))
        rows = rows.annotate(region_name=Subquery(named))
        found = rows.filter(pk=project_id).first() if is_id(project_id) else None
        if found is None:
            raise NotFound(Fault("unknown-project", f"没有编号为{project_id}的项目"))
        return found


def address(name: str, *args: object) -> str:
    """The address of a page by name; empty where this installation has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
