"""Reads of making a list: applications with what hangs on them, lines, versions, 印发稿."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields

from django.db.models import CharField, Value

from guatu.core import clock
from guatu.core.errors import Fault, NotFound
from guatu.core.ids import LARGEST_ID
from guatu.ledger import queries as ledger
from guatu.ledger.making import comparing, rules
from guatu.ledger.making.models import (
    Adjustment,
    AdjustmentLine,
    Application,
    ListCall,
    ListVersion,
    Opinion,
    OpinionRequest,
)
from guatu.ledger.making.types import (
    ApplicationState,
    ApplicationWords,
    Decision,
    ListedRow,
    VersionKind,
)
from guatu.ledger.models import ListEntry, Project, ProjectList, Responsibility, Term
from guatu.ledger.types import ResponsibilityRole
from guatu.organisation import queries as organisation


def words_of(one: Application) -> ApplicationWords:
    """An application as the rules read it."""
    return ApplicationWords(**{part.name: getattr(one, part.name) for part in _WORDS})


_WORDS = fields(ApplicationWords)


@dataclass(frozen=True, slots=True)
class Names:
    """How organisations and regions are called today."""

    units: dict[int, str]
    regions: dict[int, str]


def names() -> Names:
    """Today's names, two queries."""
    return Names(
        organisation.organisation_names().official,
        organisation.region_names().official,
    )


def applications_of(call_id: int) -> list[Application]:
    """A call's applications but drafts and withdrawn ones, in the order they were written."""
    rows = Application.objects.filter(call_id=call_id)
    states = (ApplicationState.SUBMITTED, ApplicationState.RETURNED)
    return list(
        rows.filter(state__in=states).select_related("sector", "project__sector").order_by("pk")
    )


def likenesses_of(
    applications: Sequence[Application], units: Mapping[int, str] | None = None
) -> dict[int, list[rules.Likeness]]:
    """What each application may be a second row of; three queries, however many there are.

    `units` are today's names of all organisations, where the caller has read them already.
    """
    units = organisation.organisation_names().official if units is None else units
    return likenesses_among(applied_of(applications, units), units)


def likenesses_among(
    applied: Sequence[rules.Applied], units: Mapping[int, str]
) -> dict[int, list[rules.Likeness]]:
    """The same for what is compared of applications, whether they are written or not."""
    return rules.likenesses(applied, ledger.project_index(), places=_places(units))


def applied_of(
    applications: Iterable[Application], units: Mapping[int, str]
) -> list[rules.Applied]:
    """What is compared of applications."""
    return [
        rules.Applied(
            one.pk,
            one.name,
            one.national_code,
            one.site,
            one.owner,
            units.get(one.organisation_id, ""),
            one.project_id,
        )
        for one in applications
    ]


def _places(units: Mapping[int, str]) -> dict[int, tuple[str, str]]:
    """Site and owner of each project that has both."""
    duties = Responsibility.objects.filter(
        ledger.in_force(clock.today()), role=ResponsibilityRole.OWNER, organisation__isnull=False
    ).exclude(project__site="")
    rows = duties.values_list("project_id", "project__site", "organisation_id")
    return {pk: (site, units.get(owner or 0, "")) for pk, site, owner in rows}


@dataclass(slots=True)
class Heard:
    """What departments were asked and what they said of one application, newest word each."""

    asked: dict[int, str] = field(default_factory=dict)
    said: dict[int, Opinion] = field(default_factory=dict)
    history: list[Opinion] = field(default_factory=list)


@dataclass(slots=True)
class Said:
    """Which departments were asked about one application, and the newest stance of each."""

    asked: set[int] = field(default_factory=set)
    said: dict[int, str] = field(default_factory=dict)


def said_of(application_ids: Iterable[int]) -> dict[int, Said]:
    """Requests and stances by application; one query."""
    ids = set(application_ids)
    told = ("application_id", "organisation_id")
    asked = OpinionRequest.objects.filter(application_id__in=ids)
    given = Opinion.objects.filter(application_id__in=ids)
    rows = asked.values_list(*told, Value("", CharField()), "pk").union(
        given.values_list(*told, "stance", "pk"), all=True
    )
    found: dict[int, Said] = defaultdict(Said)
    # By the fourth column, the key: of a department's stances the newest comes last.
    for application_id, unit, stance, _ in sorted(rows, key=lambda row: row[3]):
        one = found[application_id]
        if stance:
            one.said[unit] = stance
        else:
            one.asked.add(unit)
    return found


def heard_of(application_ids: Iterable[int]) -> dict[int, Heard]:
    """Requests and opinions by application; two queries."""
    ids = set(application_ids)
    found: dict[int, Heard] = defaultdict(Heard)
    for request in OpinionRequest.objects.filter(application_id__in=ids).order_by("pk"):
        found[request.application_id].asked[request.organisation_id] = request.by
    for opinion in Opinion.objects.filter(application_id__in=ids).order_by("pk"):
        one = found[opinion.application_id]
        one.said[opinion.organisation_id] = opinion
        one.history.append(opinion)
    return found


def in_list_order(applications: Iterable[Application]) -> list[Application]:
    """Applications as a list prints them: regions by code, sectors, as they came. One query."""
    codes = organisation.region_codes()

    def place(one: Application) -> tuple[str, int, int, int]:
        term = _sector_of(one)
        return codes.get(one.region_id, ""), one.region_id, term.pk if term else LARGEST_ID, one.pk

    return sorted(applications, key=place)


def rows_of(applications: Iterable[Application], told: Names) -> list[ListedRow]:
    """Applications as lines of a version, numbered in their order.

    What the unit left out of code, sector and content is told as the ledger holds it.
    """
    return [
        ListedRow(
            serial_no=at,
            name=one.name,
            project_id=one.project_id,
            application_id=one.pk,
            code=one.national_code or (one.project and one.project.national_code) or "",
            region=told.regions.get(one.region_id, ""),
            sector=term.name if (term := _sector_of(one)) else "",
            unit=told.units.get(one.organisation_id, ""),
            owner=one.owner,
            nature=one.get_nature_display(),
            content=one.content or (one.project.content if one.project else ""),
            total_yuan=one.total_yuan,
            plan_yuan=one.plan_yuan,
            starts_by=f"{one.starts_by:%Y-%m}" if one.starts_by else "",
            completes_by=f"{one.completes_by:%Y-%m}" if one.completes_by else "",
            decision=one.decision,
            reason=one.decision_reason,
        )
        for at, one in enumerate(applications, 1)
    ]


def _sector_of(one: Application) -> Term | None:
    return one.sector or (one.project.sector if one.project else None)


def rows_of_entries(
    entries: Sequence[ListEntry], told: Names, plans: dict[int, int]
) -> list[ListedRow]:
    """What stands on a list as lines of a version; `plans` in yuan by entry id."""
    bearers = ledger.current_responsibilities()
    lead, owner = ResponsibilityRole.LEAD, ResponsibilityRole.OWNER

    def unit(entry: ListEntry, role: ResponsibilityRole) -> str:
        duty = bearers.get((entry.project_id, role))
        return told.units.get(duty.organisation_id or 0, "") if duty else ""

    return [
        ListedRow(
            serial_no=entry.serial_no,
            name=entry.project.name,
            project_id=entry.project_id,
            code=entry.project.national_code or "",
            region=told.regions.get(entry.project.region_id, ""),
            sector=entry.project.sector.name if entry.project.sector else "",
            unit=unit(entry, lead),
            owner=unit(entry, owner),
            nature=entry.get_nature_display(),
            content=entry.project.content,
            total_yuan=entry.project.total_yuan,
            plan_yuan=plans.get(entry.pk),
        )
        for entry in entries
    ]


def counted(rows: Sequence[ListedRow]) -> list[ListedRow]:
    """The lines that count, as `comparing.counted` has it; one query."""
    if all(row.project_id is None for row in rows):
        return list(rows)
    parts = Project.objects.filter(package__isnull=False)
    return comparing.counted(rows, dict(parts.values_list("pk", "package_id")))


def standing_on(list_id: int) -> list[ListEntry]:
    """The entries that stand on a list now, with their projects, by number."""
    rows = ListEntry.objects.filter(
        list_id=list_id, left_on__isnull=True, project__removed_on__isnull=True
    )
    return list(rows.select_related("project__sector").order_by("serial_no", "pk"))


def content_of(rows: Iterable[ListedRow]) -> list[dict[str, object]]:
    """Lines as a version's canonical JSON holds them."""
    return [asdict(row) for row in rows]


def rows_in(version: ListVersion) -> list[ListedRow]:
    """The lines of a frozen version."""
    return [ListedRow(**row) for row in json.loads(version.content)]


def find_call(year: int, name: str | None) -> ListCall:
    """A year's call by the name of its list; without a name the year's only one."""
    every = list(ListCall.objects.filter(year=year).order_by("pk"))
    found = [one for one in every if not name or name in (one.name, str(one))]
    if len(found) == 1:
        return found[0]
    names = "、".join(one.name for one in every)
    if not found:
        what = f"{year}年没有{f'“{name}”的' if name else ''}申报通知"
        remedy = f"现有{names}" if names else "请先在年度清单编制里发出申报通知"
        raise NotFound(Fault("unknown-call", what, remedy))
    raise NotFound(
        Fault("list-required", f"{year}年有{len(found)}份申报通知：{names}", "请写明是哪一份")
    )


def versions_of(call: ListCall) -> list[ListVersion]:
    """Every version of a call, and of the list that came of it, oldest first; no contents."""
    own = ListVersion.objects.filter(call=call)
    if call.list_id is not None:
        own |= ListVersion.objects.filter(list_id=call.list_id)
    return list(own.defer("content").order_by("at", "pk"))


def is_numbered(list_id: int) -> bool:
    """Whether a list was issued under a number, so that who joins or leaves it does so by a
    numbered adjustment (M-A10)."""
    return ListVersion.objects.filter(list_id=list_id, kind=VersionKind.ISSUED).exists()


def numbered_fault(listing: ProjectList) -> Fault:
    """What is said where somebody would pass the numbering by."""
    what = f"{listing}已经印发，增列和退出要有文号"
    return Fault("issued-list", what, "请在“清单调整”里办，逐次编号")


def issued_version(list_id: int) -> ListVersion | None:
    """The 印发稿 of a list: what every rate "as issued" is measured against (M-A10)."""
    kept = ListVersion.objects.filter(list_id=list_id, kind=VersionKind.ISSUED)
    return kept.order_by("number").first()


def adjusted_versions(list_id: int) -> dict[int, int]:
    """The 调整稿 of a list: ids by the number of the adjustment that made each."""
    kept = ListVersion.objects.filter(list_id=list_id, kind=VersionKind.ADJUSTED)
    return dict(kept.values_list("number", "pk"))


def adjustments_of(list_id: int) -> list[tuple[Adjustment, list[AdjustmentLine]]]:
    """Every adjustment of a list with its lines, newest first; two queries."""
    lines: dict[int, list[AdjustmentLine]] = defaultdict(list)
    found = AdjustmentLine.objects.filter(adjustment__list_id=list_id)
    for line in found.select_related("entry__project").order_by("pk"):
        lines[line.adjustment_id].append(line)
    rows = Adjustment.objects.filter(list_id=list_id).order_by("-number")
    return [(one, lines[one.pk]) for one in rows]


def admissible(year: int, list_id: int) -> list[Application]:
    """Applications of a year that are settled, but on no list: a later adjustment may take them."""
    rows = Application.objects.filter(
        call__year=year,
        state=ApplicationState.SUBMITTED,
        decision__in=(Decision.IN, Decision.RESERVE),
    )
    held = ListEntry.objects.filter(list_id=list_id).values("project_id")
    return list(rows.exclude(project_id__in=held).order_by("pk"))
