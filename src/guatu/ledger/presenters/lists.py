"""The contexts of the lists' page, of one list, and of its export."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from guatu.core.yuan import UNITS
from guatu.ledger import queries
from guatu.ledger.making.queries import is_numbered
from guatu.ledger.models import ListEntry, Project, ProjectList
from guatu.ledger.types import ListState, Nature
from guatu.organisation import queries as organisation
from guatu.ui.rosters import Choice, Roster
from guatu.ui.tables import Column, Grid, Page, listing, without
from guatu.ui.templatetags.guatu import money

UNIT = "亿元"
_LONGEST_SEARCH = 100


@dataclass(slots=True)
class ListRow:
    """A list with what this user sees on it; money in yuan, parts counted beside the projects."""

    listing: ProjectList
    depth: int = 0
    owner: str = ""
    projects: int = 0
    packages: int = 0
    parts: int = 0
    total_yuan: int | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """Which entries of a list are asked for."""

    search: str
    state: str

    @classmethod
    def of(cls, query: QueryDict) -> Shown:
        """Read the address; what is unknown asks for all that stand on the list."""
        state = query.get("state", "")
        return cls(query.get("q", "").strip()[:_LONGEST_SEARCH], state if state in STATES else "")


STATES = {"left": "已退出", "packages": "打包项目", "parts": "子项目", "phases": "分期项目"}


def standing(seen: QuerySet[Project] | None) -> QuerySet[ListEntry]:
    """Entries in force of projects that a user sees; `is_part` where the package is there too.

    Money stands on the package: sums leave the parts out (M-A4).
    """
    entries = ListEntry.objects.filter(left_on__isnull=True, project__removed_on__isnull=True)
    if seen is not None:
        entries = entries.filter(project__in=seen)
    package_there = ListEntry.objects.filter(
        list_id=OuterRef("list_id"), project_id=OuterRef("project__package_id"), left_on=None
    )
    return entries.annotate(is_part=Exists(package_there))


def rows(lists: Iterable[ProjectList], seen: QuerySet[Project] | None) -> list[ListRow]:
    """The lists in the order of the papers, each with the ones that lie in it below."""
    lists = list(lists)
    counted = (
        standing(seen)
        .order_by()
        .values("list_id")
        .annotate(
            projects=Count("pk", filter=Q(is_part=False)),
            packages=Count("pk", filter=Q(project__is_package=True)),
            parts=Count("pk", filter=Q(is_part=True)),
            total=Sum("project__total_yuan", filter=Q(is_part=False)),
        )
    )
    sums = {
        row["list_id"]: (row["projects"], row["packages"], row["parts"], row["total"])
        for row in counted
    }
    owners = organisation.names_of_organisations(one.owner_organisation_id for one in lists)
    return [
        ListRow(
            one,
            depth,
            owners.get(one.owner_organisation_id, ""),
            *sums.get(one.pk, (0, 0, 0, None)),
        )
        for one, depth in _tree(lists)
    ]


def _tree(lists: Sequence[ProjectList]) -> Iterator[tuple[ProjectList, int]]:
    ids = {one.pk for one in lists}

    def below(parent: int | None, depth: int) -> Iterator[tuple[ProjectList, int]]:
        for one in lists:
            above = one.parent_id if one.parent_id in ids else None
            if above == parent:
                yield one, depth
                yield from below(one.pk, depth + 1)

    return below(None, 0)


def lists_roster(
    lists: Iterable[ProjectList], seen: QuerySet[Project] | None, query: QueryDict
) -> Roster[ListRow]:
    """All lists with counts and totals, in the order of the papers."""
    found = rows(lists, seen)
    years = sorted({row.listing.year for row in found}, reverse=True)
    return Roster(
        "清单",
        list_columns(),
        found,
        lambda r: f"{r.listing}\n{r.owner}\n{r.listing.level}",
        [
            Choice("year", "年度", [(str(one), f"{one}年") for one in years],
                   lambda r: str(r.listing.year)),
            Choice("state", "状态", ListState.choices, lambda r: r.listing.state),
        ],
        search_label="清单、制定单位或层级",
        empty="还没有清单",
        query=query,
    )  # fmt: skip


def list_columns(*, is_sortable: bool = True) -> list[Column[ListRow]]:
    """What the page of lists and its export show, and a list's page of those inside it."""
    return [
        Column("name", "清单", _list_link, "wide", is_sortable=is_sortable,
               value=lambda r: str(r.listing)),
        Column("owner", "制定单位", lambda r: r.owner, "tight", is_sortable=is_sortable),
        Column("level", "层级", lambda r: r.listing.level, "tight", is_sortable=is_sortable),
        Column("state", "状态", lambda r: ListState(r.listing.state).label, "tight",
               is_sortable=is_sortable),
        Column("projects", "项目（个）", lambda r: r.projects, "num", is_sortable=is_sortable),
        Column("packages", "其中打包（个）", lambda r: r.packages, "num", is_sortable=is_sortable),
        Column("parts", "子项目（个）", lambda r: r.parts, "num", is_sortable=is_sortable),
        Column(
            "total", f"总投资（{UNIT}）", lambda r: money(r.total_yuan, UNIT), "num",
            is_sortable=is_sortable,
            value=lambda r: None if r.total_yuan is None else r.total_yuan / UNITS[UNIT],
        ),
    ]  # fmt: skip


def _list_link(row: ListRow) -> SafeString:
    address = reverse("list", args=[row.listing.pk])
    link = format_html('<a href="{}">{}</a>', address, row.listing)
    return below_another(link, depth=row.depth)


def below_another(link: SafeString, *, depth: int) -> SafeString:
    """A link set in under the row that it belongs to."""
    if not depth:
        return link
    return format_html('<span class="set-in">{}└ {}</span>', "　" * (depth - 1), link)


def entries(list_id: int, seen: QuerySet[Project] | None, shown: Shown) -> QuerySet[ListEntry]:
    """The entries asked for, of projects that this user sees."""
    found = ListEntry.objects.filter(list_id=list_id, project__removed_on__isnull=True)
    if seen is not None:
        found = found.filter(project__in=seen)
    match shown.state:
        case "left":
            found = found.filter(left_on__isnull=False)
        case "packages":
            found = found.filter(left_on__isnull=True, project__is_package=True)
        case "parts":
            found = found.filter(left_on__isnull=True, project__package__isnull=False)
        case "phases":
            phase = Q(project__phase_of__isnull=False) | Q(project__phases__isnull=False)
            found = found.filter(phase, left_on__isnull=True).distinct()
        case _:
            found = found.filter(left_on__isnull=True)
    if shown.search:
        found = found.filter(
            Q(project__name__icontains=shown.search)
            | Q(project__national_code__icontains=shown.search)
        )
    return found.select_related("project__package", "project__phase_of")


ORDER = {
    "serial": "serial_no",
    "name": "project__name",
    "code": "project__national_code",
    "total": "project__total_yuan",
    "joined": "joined_on",
}


def entry_columns(*, may_edit: bool, may_move: bool = True) -> list[Column[ListEntry]]:
    """The columns of a list's page; whoever may edit has the acts at the end, with joining and
    leaving where that needs no number."""
    columns: list[Column[ListEntry]] = [
        Column("serial", "序号", lambda e: e.serial_no, "num", is_sortable=True),
        Column("name", "项目名称", _project_link, "wide", is_sortable=True,
               value=lambda e: e.project.name),
        Column("code", "项目代码", lambda e: e.project.national_code, "tight", is_sortable=True),
        Column("nature", "建设性质", lambda e: Nature(e.nature).label, "tight"),
        Column("tier", "层级", lambda e: e.tier, "tight"),
        Column("class", "类别", lambda e: e.project_class, "tight"),
        Column("belongs", "打包和分期", _belongs, value=lambda e: "；".join(_belonging(e))),
        Column("total", f"总投资（{UNIT}）", lambda e: money(e.project.total_yuan, UNIT), "num",
               is_sortable=True, value=lambda e: _in_unit(e.project.total_yuan)),
        Column("joined", "列入", lambda e: e.joined_on, "date", is_sortable=True),
        Column("left", "退出日期", lambda e: e.left_on, "date"),
        Column("reason", "退出原因", lambda e: e.reason),
    ]  # fmt: skip
    if may_edit:
        acts = _acts if may_move else _edit
        columns.append(Column("acts", "办理", acts, "tight no-print"))
    return columns


def _in_unit(yuan: int | None) -> float | None:
    return None if yuan is None else yuan / UNITS[UNIT]


def _project_link(entry: ListEntry) -> SafeString:
    address = reverse("project", args=[entry.project_id])
    link = format_html('<a href="{}">{}</a>', address, entry.project.name)
    project = entry.project
    return below_another(link, depth=int(bool(project.package_id or project.phase_of_id)))


def _belonging(entry: ListEntry) -> list[str]:
    project, told = entry.project, []
    if project.is_package:
        declared = project.declared_parts
        told.append(f"打包{declared}个" if declared else "打包")
    if project.package is not None:
        told.append(f"属于{project.package.name}")
    if project.phase_of is not None:
        told.append(f"{project.phase_of.name}的后期")
    return told


def _belongs(entry: ListEntry) -> SafeString:
    return format_html_join("；", "{}", ((one,) for one in _belonging(entry)))


def _edit(entry: ListEntry) -> SafeString:
    return format_html('<a href="{}">修改</a>', reverse("project-edit", args=[entry.project_id]))


def _acts(entry: ListEntry) -> SafeString:
    name, word = (
        ("entry-leave", "退出清单") if entry.left_on is None else ("entry-rejoin", "重新列入")
    )
    address = reverse(name, args=[entry.pk])
    return format_html('{} <a href="{}">{}</a>', _edit(entry), address, word)


def list_page(
    listing_: ProjectList,
    query: QueryDict,
    *,
    lists: Iterable[ProjectList],
    seen: QuerySet[Project] | None,
    may_edit: bool,
) -> dict[str, Any]:
    """One list: its head, the lists in it, its entries."""
    every = rows(lists, seen)
    own = next(row for row in every if row.listing.pk == listing_.pk)
    below = [row for row in every if row.listing.parent_id == listing_.pk]
    for row in below:
        row.depth = 0
    shown = Shown.of(query)
    numbered = is_numbered(listing_.pk) if may_edit else False
    columns = entry_columns(may_edit=may_edit, may_move=not numbered)
    if shown.state != "left":
        columns = [one for one in columns if one.key not in ("left", "reason")]
    asked = listing(query, columns, default_sort="serial")
    found = entries(listing_.pk, seen, shown)
    place = Page.of(query, found.count())
    ordered = queries.ordered(found, ORDER.get(asked.sort), is_descending=asked.is_descending)
    grid = Grid(
        columns,
        list(ordered[place.start : place.start + place.size]),
        sort=asked.sort_text,
        query=without(query, "sort", "page"),
    )
    return {
        "listing": listing_,
        "is_numbered": numbered,
        "own": own,
        "state": ListState(listing_.state).label,
        "unit": UNIT,
        "below": Grid(list_columns(is_sortable=False), below) if below else None,
        "shown": shown,
        "states": list(STATES.items()),
        "grid": grid,
        "page": place,
        "query": query,
        "export": f"{reverse('list-export', args=[listing_.pk])}?{without(query, 'page')}",
    }


def exported(
    listing_: ProjectList, query: QueryDict, seen: QuerySet[Project] | None
) -> tuple[list[Column[ListEntry]], list[ListEntry]]:
    """Columns and rows of an export under the same filters and order."""
    columns = entry_columns(may_edit=False)
    asked = listing(query, columns, default_sort="serial")
    found = entries(listing_.pk, seen, Shown.of(query))
    return columns, list(
        queries.ordered(found, ORDER.get(asked.sort), is_descending=asked.is_descending)
    )
