"""Reads of the ledger: lists, entries, the index that matches rows to projects."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Exists, OuterRef

from guatu.core.errors import Fault, NotFound
from guatu.ledger.access import sees_everything, visible_projects
from guatu.ledger.matching import KnownProject, ProjectIndex
from guatu.ledger.models import (
    ListEntry,
    Project,
    ProjectAlias,
    ProjectList,
    Responsibility,
    Term,
)
from guatu.ledger.types import Vocabulary
from guatu.organisation.models import Assignment, User


def project_index(list_id: int | None = None) -> ProjectIndex:
    """All projects of the installation, or those of one list, ready for matching."""
    projects = Project.objects.filter(removed_on__isnull=True)
    aliases: dict[int, list[str]] = defaultdict(list)
    for project_id, name in ProjectAlias.objects.values_list("project_id", "name"):
        aliases[project_id].append(name)
    if list_id is not None:
        projects = projects.filter(entries__list_id=list_id, entries__left_on__isnull=True)
    rows = projects.order_by("pk").values_list(
        "pk", "national_code", "name", "region_id", "package_id"
    )
    return ProjectIndex.of(
        KnownProject(pk, code, name, region, package, tuple(aliases.get(pk, ())))
        for pk, code, name, region, package in rows
    )


def find_list(year: int, name: str | None) -> ProjectList:
    """The year's list by name; without a name the year's only list (architecture §7)."""
    every = list(ProjectList.objects.filter(year=year).order_by("pk"))
    # Screens print 2026年重点项目; what is printed may be typed.
    lists = [one for one in every if not name or name in (one.name, str(one))]
    if not lists:
        wanted = f"名为“{name}”的" if name else ""
        there = "、".join(one.name for one in every)
        raise NotFound(
            Fault(
                code="unknown-list",
                what=f"{year}年没有{wanted}清单",
                remedy=f"现有清单：{there}" if there else "请先用guatu import ledger导入清单",
            )
        )
    if len(lists) > 1:
        names = "、".join(one.name for one in lists)
        raise NotFound(
            Fault(
                code="list-required",
                what=f"{year}年有{len(lists)}份清单：{names}",
                remedy="请用--list写明是哪一份",
            )
        )
    return lists[0]


def entries_of(list_id: int) -> dict[int, ListEntry]:
    """Entries of a list by project id, those that left included."""
    return {e.project_id: e for e in ListEntry.objects.filter(list_id=list_id)}


def sector_terms() -> dict[str, Term]:
    """Sectors by name."""
    return {t.name: t for t in Term.objects.filter(vocabulary=Vocabulary.SECTOR)}


def current_responsibilities() -> dict[tuple[int, str], Responsibility]:
    """The responsibility in force by project id and role (the newest where there are several)."""
    rows = Responsibility.objects.filter(valid_to__isnull=True).order_by("valid_from", "pk")
    return {(row.project_id, row.role): row for row in rows}


def lists_seen(user: User, assignments: list[Assignment]) -> list[ProjectList]:
    """Lists on which this user sees at least one project, newest year first."""
    lists = ProjectList.objects.order_by("-year", "pk")
    if not sees_everything(user, assignments):
        seen = ListEntry.objects.filter(
            list_id=OuterRef("pk"),
            left_on__isnull=True,
            project__in=visible_projects(user, assignments),
        )
        lists = lists.filter(Exists(seen))
    return list(lists)
