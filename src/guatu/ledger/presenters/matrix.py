"""The responsibility matrix: projects × roles, gaps flagged (M-A6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.core import clock
from guatu.ledger import queries
from guatu.ledger.models import ListEntry, Project, ProjectList, Responsibility
from guatu.ledger.types import MATRIX_ROLES, ResponsibilityRole
from guatu.organisation import queries as organisation
from guatu.ui.tables import Column, Grid, Page, without

ANY_GAP = "any"
_LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; unknown values ask for nothing."""

    search: str
    region: int | None
    gap: str

    @classmethod
    def of(cls, query: QueryDict) -> Asked:
        """Read the address."""
        region, gap = query.get("region", ""), query.get("gap", "")
        known = {ANY_GAP, *(role.value for role in MATRIX_ROLES)}
        return cls(
            query.get("q", "").strip()[:_LONGEST_SEARCH],
            int(region) if region.isascii() and region.isdecimal() and len(region) < 10 else None,
            gap if gap in known else "",
        )

    @property
    def is_any(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.search or self.region or self.gap)


@dataclass(slots=True)
class Row:
    """One project with who bears each role today."""

    entry: ListEntry
    region: str
    bearers: dict[str, str]
    contacts: str = ""


@dataclass(slots=True)
class Matrix:
    """One list's matrix as one user sees it under one address."""

    query: QueryDict
    lists: list[ProjectList]
    chosen: ProjectList | None
    seen: QuerySet[Project] | None
    may_edit: bool
    asked: Asked

    @classmethod
    def of(
        cls,
        query: QueryDict,
        lists: Iterable[ProjectList],
        *,
        seen: QuerySet[Project] | None,
        may_edit: bool,
    ) -> Matrix:
        """Read the address; without a list in it the newest one is meant."""
        lists = list(lists)
        told = query.get("list", "")
        chosen = next((one for one in lists if str(one.pk) == told), lists[0] if lists else None)
        return cls(query, lists, chosen, seen, may_edit, Asked.of(query))

    def entries(self) -> QuerySet[ListEntry]:
        """The entries that this user sees, each annotated with which roles are borne."""
        assert self.chosen is not None
        found = ListEntry.objects.filter(
            list_id=self.chosen.pk, left_on__isnull=True, project__removed_on__isnull=True
        )
        if self.seen is not None:
            found = found.filter(project__in=self.seen)
        today = clock.today()
        borne = Responsibility.objects.filter(
            queries.in_force(today), project_id=OuterRef("project_id")
        )
        return found.annotate(
            **{f"has_{role.value}": Exists(borne.filter(role=role)) for role in MATRIX_ROLES}
        )

    def narrowed(self) -> QuerySet[ListEntry]:
        """The entries that the filters leave, in the order of the list."""
        found = self.entries()
        if self.asked.search:
            found = found.filter(
                Q(project__name__icontains=self.asked.search)
                | Q(project__national_code__icontains=self.asked.search)
            )
        if self.asked.region:
            found = found.filter(project__region_id=self.asked.region)
        if self.asked.gap == ANY_GAP:
            lacking = Q()
            for role in MATRIX_ROLES:
                lacking |= Q(**{f"has_{role.value}": False})
            found = found.filter(lacking)
        elif self.asked.gap:
            found = found.filter(**{f"has_{self.asked.gap}": False})
        return found.select_related("project").order_by("serial_no", "pk")


def page(matrix: Matrix) -> dict[str, Any]:
    """The context of the page and of its rows."""
    context: dict[str, Any] = {
        "lists": matrix.lists,
        "chosen": matrix.chosen,
        "asked": matrix.asked,
        "query": matrix.query,
    }
    if matrix.chosen is None:
        return context
    found = matrix.narrowed()
    place = Page.of(matrix.query, found.count())
    gaps = _gaps(matrix)
    regions = organisation.region_names().official
    grid = Grid(
        columns(may_edit=matrix.may_edit),
        rows(found[place.start : place.start + place.size], regions),
        total={"name": "缺（全清单）", **{role: f"{count}个" for role, count in gaps.items()}},
    )
    return {
        **context,
        "grid": grid,
        "page": place,
        "regions": sorted(regions.items()),
        "gaps": [(role.value, f"缺{role.label}（{gaps[role.value]}）") for role in MATRIX_ROLES],
        "export": f"{reverse('responsibilities-export')}?{without(matrix.query, 'page')}",
    }


def exported(matrix: Matrix) -> tuple[str, list[Column[Row]], list[Row]]:
    """Title, columns and all rows under the same filters."""
    title = f"{matrix.chosen}责任矩阵" if matrix.chosen else "责任矩阵"
    found = matrix.narrowed() if matrix.chosen else ListEntry.objects.none()
    regions = organisation.region_names().official
    return title, columns(may_edit=False), rows(found, regions)


def rows(found: QuerySet[ListEntry], regions: dict[int, str]) -> list[Row]:
    """Entries with their bearers of today, in two more queries."""
    entries = list(found)
    duties = Responsibility.objects.filter(
        queries.in_force(clock.today()),
        project_id__in=[one.project_id for one in entries],
        role__in=[role.value for role in MATRIX_ROLES],
    )
    held: dict[int, dict[str, list[Responsibility]]] = defaultdict(lambda: defaultdict(list))
    units = set()
    for duty in duties.select_related("person").order_by("valid_from", "pk"):
        held[duty.project_id][duty.role].append(duty)
        units.add(duty.organisation_id or 0)
    names = organisation.names_of_organisations(units)
    contacts = organisation.contacts_of(units)
    return [
        Row(
            one,
            regions.get(one.project.region_id, ""),
            {
                role: "、".join(queries.bearer_text(duty, names) for duty in many)
                for role, many in held[one.project_id].items()
            },
            _contacts(held[one.project_id], contacts),
        )
        for one in entries
    ]


def _contacts(
    duties: Mapping[str, Sequence[Responsibility]], contacts: Mapping[int, Sequence[str]]
) -> str:
    """Whom to call: the liaison where his number is known, then the lead unit's contacts."""
    liaisons = [duty.person for duty in duties.get(ResponsibilityRole.LIAISON.value, ())]
    told = [f"{one.name} {one.phone}" for one in liaisons if one is not None and one.phone]
    for duty in duties.get(ResponsibilityRole.LEAD.value, ()):
        told += contacts.get(duty.organisation_id or 0, ())
    return "、".join(dict.fromkeys(told))


def columns(*, may_edit: bool) -> list[Column[Row]]:
    """Project, place, then one column for each role."""
    return [
        Column("serial", "序号", lambda r: r.entry.serial_no, "num"),
        Column("name", "项目名称", _link, "wide", value=lambda r: r.entry.project.name),
        Column("region", "地区", lambda r: r.region, "tight"),
        *(
            Column(
                role.value,
                role.label,
                _cell(role, may_edit=may_edit),
                value=_value(role),
            )
            for role in MATRIX_ROLES
        ),
        Column("contacts", "联系人", lambda r: r.contacts),
    ]


def _gaps(matrix: Matrix) -> dict[str, int]:
    lacking = {role.value: Q(**{f"has_{role.value}": False}) for role in MATRIX_ROLES}
    counts = {name: Count("pk", filter=condition) for name, condition in lacking.items()}
    return matrix.entries().aggregate(**counts)


def _link(row: Row) -> SafeString:
    address = reverse("project-duties", args=[row.entry.project_id])
    return format_html('<a href="{}">{}</a>', address, row.entry.project.name)


def _value(role: ResponsibilityRole) -> Callable[[Row], object]:
    return lambda row: row.bearers.get(role.value) or "缺"


def _cell(role: ResponsibilityRole, *, may_edit: bool) -> Callable[[Row], object]:
    def shown(row: Row) -> object:
        bearer = row.bearers.get(role.value)
        if bearer:
            return bearer
        if not may_edit:
            return format_html('<span class="gap">{}</span>', "缺")
        address = f"{reverse('project-duties', args=[row.entry.project_id])}?role={role.value}"
        return format_html('<a class="gap" href="{}">{}</a>', address, "缺")

    return shown
