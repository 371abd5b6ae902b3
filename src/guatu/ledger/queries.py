"""Reads of the ledger: lists, entries, the index that matches rows to projects."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.urls import reverse

from guatu.core import clock
from guatu.core.errors import Fault, NotFound
from guatu.core.names import match_form
from guatu.ledger.access import visible_lists
from guatu.ledger.matching import KnownProject, ProjectIndex, code_form, stem_form
from guatu.ledger.models import (
    BulkChange,
    ListEntry,
    Project,
    ProjectAlias,
    ProjectList,
    RecordedValue,
    Responsibility,
    SavedView,
    Term,
)
from guatu.ledger.types import VIEW_NAMES, BulkField, ResponsibilityRole, SubjectKind, Vocabulary
from guatu.organisation import queries as organisation
from guatu.organisation.models import Assignment, User


def project_index(list_id: int | None = None) -> ProjectIndex:
    """All projects of the installation, or those of one list, ready for matching."""
    projects = Project.objects.filter(removed_on__isnull=True)
    aliases: dict[int, list[str]] = defaultdict(list)
    known = ProjectAlias.objects.filter(withdrawal__isnull=True)
    for project_id, name in known.values_list("project_id", "name"):
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
                remedy=f"现有清单：{there}" if there else "请先导入清单",
            )
        )
    if len(lists) > 1:
        names = "、".join(one.name for one in lists)
        raise NotFound(
            Fault(
                code="list-required",
                what=f"{year}年有{len(lists)}份清单：{names}",
                remedy="请写明是哪一份",
            )
        )
    return lists[0]


def entries_of(list_id: int) -> dict[int, ListEntry]:
    """Entries of a list by project id, those that left included."""
    return {e.project_id: e for e in ListEntry.objects.filter(list_id=list_id)}


def sector_terms() -> dict[str, Term]:
    """Sectors by name."""
    return {t.name: t for t in Term.objects.filter(vocabulary=Vocabulary.SECTOR)}


def words_of(*vocabularies: Vocabulary) -> list[Term]:
    """The words of some vocabularies in their order, ladders of sectors after the common one."""
    rows = Term.objects.filter(vocabulary__in=vocabularies).select_related("parent")
    return list(rows.order_by("vocabulary", F("parent_id").asc(nulls_first=True), "place", "pk"))


def ladder_of(words: Iterable[Term], sector_id: int | None) -> list[Term]:
    """The nodes that a sector's projects climb: its own ladder, else the common one (M-C3)."""
    nodes = [one for one in words if one.vocabulary == Vocabulary.NODE]
    own = [one for one in nodes if sector_id is not None and one.parent_id == sector_id]
    return own or [one for one in nodes if one.parent_id is None]


def in_force(on: date) -> Q:
    """Responsibilities that hold on a day: begun, and not ended before it (M-A6)."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))


def current_responsibilities() -> dict[tuple[int, str], Responsibility]:
    """The responsibility in force by project id and role (the newest where there are several)."""
    rows = Responsibility.objects.filter(in_force(clock.today())).order_by("valid_from", "pk")
    return {(row.project_id, row.role): row for row in rows}


def with_reporting_units(entries: QuerySet[ListEntry], on: date) -> QuerySet[ListEntry]:
    """List entries with `reporting_unit`, `named_reviewer` and `territory_unit`, ids of
    organisations or None.

    One reports a project (office.md 8): the unit named for it, else the lead unit. Who reviews it
    says `reporting.review.rules`. Of several bearers the one who came last holds, as everywhere.
    """

    def bearer(role: ResponsibilityRole) -> Subquery:
        rows = Responsibility.objects.filter(
            in_force(on),
            project_id=OuterRef("project_id"),
            role=role,
            organisation__isnull=False,
        )
        return Subquery(rows.order_by("-valid_from", "-pk").values("organisation_id")[:1])

    return entries.annotate(
        reporting_unit=Coalesce(
            bearer(ResponsibilityRole.REPORTER), bearer(ResponsibilityRole.LEAD)
        ),
        named_reviewer=bearer(ResponsibilityRole.REVIEWER),
        territory_unit=bearer(ResponsibilityRole.TERRITORY),
    )


def reporting_unit_of(entry: ListEntry) -> int | None:
    """The unit that reports an entry's project, of an entry read `with_reporting_units`."""
    unit: int | None = entry.__dict__["reporting_unit"]
    return unit


def lists_seen(user: User, assignments: list[Assignment]) -> list[ProjectList]:
    """Lists on which this user sees at least one project, newest year first."""
    return list(visible_lists(user, assignments).order_by("-year", "pk"))


def ordered(
    found: QuerySet[ListEntry], column: str | None, *, is_descending: bool
) -> QuerySet[ListEntry]:
    """In the order asked for, empty values last, the list's own number last of all."""
    asked = F(column or "serial_no")
    order = asked.desc(nulls_last=True) if is_descending else asked.asc(nulls_last=True)
    return found.order_by(order, "serial_no", "pk")


def next_serial(list_id: int) -> int:
    """The next free number of a list; numbers of those that left are not given again."""
    last = ListEntry.objects.filter(list_id=list_id).aggregate(last=Max("serial_no"))["last"]
    return (last or 0) + 1


def sub_lists_holding(entry: ListEntry) -> tuple[str, ...]:
    """The lists inside this one that still hold the entry's project."""
    rows = ListEntry.objects.filter(
        list__parent_id=entry.list_id, project_id=entry.project_id, left_on__isnull=True
    ).select_related("list")
    return tuple(str(row.list) for row in rows)


def lists_above(list_id: int) -> set[int]:
    """The lists that a list lies in, the nearest and theirs."""
    return _above(list_id, dict(ProjectList.objects.values_list("pk", "parent_id")))


def holder_of_code(code: str) -> Project | None:
    """The project that has a code, however wide or spaced it is written; removed ones too."""
    form = code_form(code)
    rows = Project.objects.filter(national_code__isnull=False).values_list("pk", "national_code")
    found = next((pk for pk, held in rows.iterator() if code_form(held or "") == form), None)
    return None if found is None else Project.objects.get(pk=found)


def part_names(project_id: int) -> tuple[str, ...]:
    """The parts that name a project as their package."""
    rows = Project.objects.filter(package_id=project_id, removed_on__isnull=True)
    return tuple(rows.order_by("pk").values_list("name", flat=True))


def phases_above(project_id: int | None) -> frozenset[int]:
    """A project and everything that it is a phase of."""
    if project_id is None:
        return frozenset()
    rows = Project.objects.filter(phase_of__isnull=False)
    links = dict(rows.values_list("pk", "phase_of_id"))
    return frozenset({project_id} | _above(project_id, links))


def _above(start: int, links: Mapping[int, int | None]) -> set[int]:
    found: set[int] = set()
    at = links.get(start)
    while at is not None and at not in found:
        found.add(at)
        at = links.get(at)
    return found


def named_projects(seen: QuerySet[Project], text: str) -> list[Project]:
    """The projects that a typed code, name or alias means; more than one is a question."""
    text = text.strip()
    by_code = list(seen.filter(national_code=text)[:1]) if text else []
    if by_code or not text:
        return by_code
    alias = ProjectAlias.objects.filter(project_id=OuterRef("pk"), name=text)
    return list(seen.filter(Q(name=text) | Exists(alias)).order_by("pk")[:3])


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A project that a new one may be, and why one thinks so."""

    project: Project
    why: str


def look_alikes(name: str, site: str, owner_id: int | None) -> list[LookAlike]:
    """Projects that a new one may be a second row of: by name, place, owner (M-A2)."""
    index = project_index()
    why: dict[int, list[str]] = defaultdict(list)
    for pk in index.named(name):
        why[pk].append("同名或曾用此名")
    for known in index.look_alikes(name):
        if known.id not in why:
            why[known.id].append("名称相近")
    place = match_form(site)
    if len(place) >= 4:
        rows = Project.objects.filter(removed_on__isnull=True).exclude(site="")
        for pk, other in rows.values_list("pk", "site").iterator():
            if match_form(other) == place:
                why[pk].append("地点相同")
    if owner_id is not None:
        form = stem_form(name)
        rows_of_owner = Responsibility.objects.filter(
            in_force(clock.today()), role=ResponsibilityRole.OWNER, organisation_id=owner_id
        )
        for pk in rows_of_owner.values_list("project_id", flat=True):
            known_here = index.by_id.get(pk)
            if known_here is None:
                continue
            alike = difflib.SequenceMatcher(None, form, stem_form(known_here.name)).ratio()
            if pk in why or alike >= 0.5:
                why[pk].append("业主相同")
    projects = Project.objects.in_bulk(list(why)[:20])
    return [LookAlike(projects[pk], "、".join(why[pk])) for pk in list(why)[:20] if pk in projects]


def states_of(field: str, entries: Sequence[ListEntry]) -> dict[int, tuple[str, str]]:
    """What each entry (with its project) has in a field now, as compared and as shown."""
    match BulkField(field):
        case BulkField.LEAD:
            return _bearers(ResponsibilityRole.LEAD, entries)
        case BulkField.LEADER:
            return _bearers(ResponsibilityRole.LEADER, entries)
        case BulkField.SECTOR:
            names = dict(Term.objects.values_list("pk", "name"))
            return {
                one.pk: (
                    str(one.project.sector_id or ""),
                    names.get(one.project.sector_id or 0, ""),
                )
                for one in entries
            }
        case BulkField.STAGE:
            return {one.pk: (one.project.stage, one.project.stage) for one in entries}
        case BulkField.TIER:
            return {one.pk: (one.tier, one.tier) for one in entries}
        case BulkField.CLASS:
            return {one.pk: (one.project_class, one.project_class) for one in entries}


def _bearers(role: ResponsibilityRole, entries: Sequence[ListEntry]) -> dict[int, tuple[str, str]]:
    wanted = {one.project_id for one in entries}
    held: dict[int, list[Responsibility]] = defaultdict(list)
    rows = Responsibility.objects.filter(role=role, valid_to__isnull=True)
    for row in rows.select_related("person").order_by("pk"):
        if row.project_id in wanted:
            held[row.project_id].append(row)
    units = {row.organisation_id for many in held.values() for row in many}
    names = organisation.names_of_organisations(pk for pk in units if pk is not None)
    found = {}
    for one in entries:
        bearers = held.get(one.project_id, [])
        value = ",".join(f"{b.organisation_id or ''}/{b.person_id or ''}" for b in bearers)
        shown = "、".join(bearer_text(b, names) for b in bearers)
        found[one.pk] = (value, shown)
    return found


def bearer_text(duty: Responsibility, names: Mapping[int, str]) -> str:
    """Who bears a duty, in words."""
    if duty.person is not None:
        return duty.person.name
    return names.get(duty.organisation_id or 0, "")


def sector_counts(seen: QuerySet[Project] | None) -> list[tuple[Term, int]]:
    """The sectors with the number of visible projects; only those he sees where he sees some."""
    counts = dict(
        (Project.objects.filter(removed_on__isnull=True) if seen is None else seen)
        .order_by()
        .values_list("sector_id")
        .annotate(count=Count("pk"))
    )
    terms = Term.objects.filter(vocabulary=Vocabulary.SECTOR).order_by("pk")
    return [(term, counts.get(term.pk, 0)) for term in terms if seen is None or term.pk in counts]


def own_views(user: User) -> list[SavedView]:
    """A user's own saved views by name."""
    return list(SavedView.objects.filter(user=user).select_related("list").order_by("name"))


def views_of_list(user: User, list_id: int) -> list[SavedView]:
    """The views of one list that a user has: his own, then those the office shares."""
    views = SavedView.objects.filter(Q(user=user) | Q(is_shared=True), list_id=list_id)
    return sorted(views.order_by("name"), key=lambda view: view.user_id != user.pk)


def clean_query(text: str) -> str:
    """What of a query a view may hold: known names only, each value bounded (trust B-10)."""
    kept = QueryDict(mutable=True)
    for name, values in QueryDict(text[:4000]).lists():
        if name in VIEW_NAMES:
            kept.setlist(name, [value[:100] for value in values[:40] if value])
    return kept.urlencode()


def address_of(view: SavedView) -> str:
    """The library's address that a view stands for; its query is cleaned again."""
    query = clean_query(view.query)
    return f"{reverse('library')}?list={view.list_id}" + (f"&{query}" if query else "")


def last_bulk_change() -> BulkChange | None:
    """The newest bulk change that can still be taken back."""
    standing = BulkChange.objects.filter(undone_at__isnull=True)
    return standing.defer("before").order_by("-pk").first()


def values_in_force() -> QuerySet[RecordedValue]:
    """Recorded values that nobody has corrected or withdrawn."""
    return RecordedValue.objects.filter(is_withdrawal=False, replaced_by__isnull=True)


def values_of(kind: SubjectKind, subject_ids: Sequence[int]) -> QuerySet[RecordedValue]:
    """Everything ever recorded of some subjects, replaced and withdrawn too, oldest first."""
    rows = RecordedValue.objects.filter(**{"subject": kind, f"{kind.value}_id__in": subject_ids})
    return rows.select_related("replaced_by").order_by("on", "pk")


def holding(values: Iterable[RecordedValue], on: date) -> RecordedValue | None:
    """Of one measure's values of one subject the one that holds on a day: the newest that has
    begun and not ended, of one day the last recorded."""
    begun = [one for one in values if one.on <= on and (one.valid_to is None or on <= one.valid_to)]
    return max(begun, key=lambda one: (one.on, one.pk), default=None)
