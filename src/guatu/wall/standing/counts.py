"""How many projects there are, and why one page counts more of them than another."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from guatu.ledger.models import ListEntry, Project
from guatu.wall.standing.runs import Standing


def listed(list_id: int, seen: QuerySet[Project] | None) -> tuple[int, int]:
    """How many projects stand on a list now, and how many of them are sub-projects; one query."""
    told = _standing_on(list_id, seen).aggregate(**_COUNTS)
    return told["every"], told["parts"]


def listed_columns(list_id: int, seen: QuerySet[Project] | None) -> dict[str, Coalesce]:
    """The same two numbers as columns `every` and `parts` of another query's rows."""
    told = _standing_on(list_id, seen).order_by().values("list").annotate(**_COUNTS)
    return {name: Coalesce(Subquery(told.values(name)), 0) for name in _COUNTS}


def _standing_on(list_id: int, seen: QuerySet[Project] | None) -> QuerySet[ListEntry]:
    found = ListEntry.objects.filter(
        list_id=list_id, left_on__isnull=True, project__removed_on__isnull=True
    )
    return found if seen is None else found.filter(project__in=seen)


def is_part() -> Q:
    """Whether an entry's project is a sub-project of a package that its list has or had: no
    figure counts it beside its package."""
    packages = ListEntry.objects.filter(list=OuterRef("list"), project=OuterRef("project__package"))
    return Q(Exists(packages))


_COUNTS = {"every": Count("pk"), "parts": Count("pk", filter=is_part())}


def apart(every: int, parts: int) -> str:
    """`351个＝统计320个＋打包项目的子项目31个`, and what that means."""
    if not parts:
        return f"{every}个"
    told = f"{every}个＝统计{every - parts}个＋打包项目的子项目{parts}个"
    return f"{told}（随打包项目统计，不另计）"


def counted(told: dict[str, Any]) -> str:
    """What a round's number of projects counts: `打包项目按1个计，拆开算389个`."""
    if told["projects_unpacked"] == told["projects"]:
        return ""
    return f"打包项目按1个计，拆开算{told['projects_unpacked']}个"


def reconciled(
    standing: Standing, told: dict[str, Any], on_list: tuple[int, int], *, of_all: bool
) -> str:
    """One line that leads from the list's number of projects (`listed`) to the round's."""
    every, parts = on_list
    whole, here = told["projects"], every - parts
    line = f"{'清单现在册' if of_all else '清单上您看得到的'}{apart(every, parts)}"
    if whole != here:
        change = f"多{here - whole}个" if here > whole else f"少{whole - here}个"
        line += f"；{standing.round.period.label}锁定时统计{whole}个，现在{change}"
    return "；".join(filter(None, (line, counted(told)))) + "。"
