"""Reads of one project's page: each section one query, whatever the project's history."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import F, Q, QuerySet

from guatu.assessment.models import Result
from guatu.ledger.models import ListEntry, Project, Responsibility
from guatu.organisation.queries import official_name_of
from guatu.planning.models import DateFact, PlanSlice
from guatu.planning.queries import SLICED
from guatu.planning.types import PlanKind
from guatu.reporting.models import Figure, Report
from guatu.wall.project.people import name_behind, shown_name


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """One version of a year's plan, in yuan."""

    plan_id: int
    version: int
    amount_yuan: int
    at: datetime
    by: str


@dataclass(slots=True)
class EntryPlans:
    """The project on one list, with the versions of its assigned plan, the newest last."""

    entry: ListEntry
    plans: list[PlanVersion] = field(default_factory=list)


def entries(project_id: int) -> list[EntryPlans]:
    """The lists that a project stands or stood on, newest year first, with its plans there."""
    rows = (
        ListEntry.objects.filter(project_id=project_id)
        .select_related("list")
        .annotate(
            plan_id=F("plans__pk"),
            plan_kind=F("plans__kind"),
            plan_version=F("plans__plan_version"),
            plan_yuan=F("plans__amount_yuan"),
            plan_at=F("plans__at"),
            plan_by=F("plans__by"),
            plan_by_name=name_behind("plans__by"),
        )
        .order_by("-list__year", "pk", "plan_version")
    )
    found: dict[int, EntryPlans] = {}
    for row in rows:
        one = found.setdefault(row.pk, EntryPlans(row))
        told = row.__dict__
        if told["plan_id"] is not None and told["plan_kind"] == PlanKind.ASSIGNED:
            one.plans.append(
                PlanVersion(
                    told["plan_id"],
                    told["plan_version"],
                    told["plan_yuan"],
                    told["plan_at"],
                    shown_name(told["plan_by"], told["plan_by_name"]),
                )
            )
    return list(found.values())


def slices(plan_id: int | None) -> dict[date, int]:
    """What a plan expects to be done by a day, cumulative yuan; one query."""
    rows = PlanSlice.objects.filter(plan_id=plan_id or 0, indicator=SLICED)
    return dict(rows.order_by("as_of").values_list("as_of", "cumulative"))


def results(project_id: int) -> list[Result]:
    """What each locked round found for the project, newest revision of each, newest round first."""
    rows = (
        Result.objects.filter(project_id=project_id, run__is_of_record=True)
        .select_related(
            "run__snapshot__round__period", "run__snapshot__round__list", "run__rulebook_version"
        )
        .defer("run__rulebook_version__toml")
        .order_by(
            "-run__snapshot__round__period__last_on",
            "-run__snapshot__round__list__year",
            "-run__snapshot__round__list_id",
            "-run__snapshot__revision",
            "-run__at",
        )
    )
    newest: dict[int, Result] = {}
    for row in rows:
        newest.setdefault(row.run.snapshot.round_id, row)
    return list(newest.values())


def duties(project_id: int) -> list[Responsibility]:
    """Everybody who answers or answered for the project, with the unit's name as `unit_name`."""
    return list(
        Responsibility.objects.filter(project_id=project_id)
        .select_related("person")
        .annotate(unit_name=official_name_of("organisation_id"))
        .order_by("valid_from", "pk")
    )


def bearer(duty: Responsibility) -> str:
    """The name that a responsibility of `duties` is shown under."""
    unit = duty.__dict__.get("unit_name") or ""
    if duty.person is None:
        return str(unit)
    return f"{duty.person.name}（{unit}）" if unit else duty.person.name


def by_of(row: DateFact | Figure | Report) -> str:
    """Who told a row that was read here, by name."""
    return shown_name(row.by, row.__dict__.get("by_name"))


def dates(project_id: int) -> dict[tuple[str, str], list[DateFact]]:
    """Every date ever given, by milestone and kind, the first promise first."""
    found: dict[tuple[str, str], list[DateFact]] = defaultdict(list)
    rows = DateFact.objects.filter(project_id=project_id).annotate(by_name=name_behind("by"))
    for fact in rows.order_by("seq"):
        found[fact.milestone, fact.kind].append(fact)
    return found


def reports(project_id: int, count: int = 3) -> list[Report]:
    """The newest reports, newest first."""
    rows = Report.objects.filter(project_id=project_id).select_related("period")
    return list(rows.order_by("-period__last_on", "-pk")[:count])


def relatives(project: Project, seen: QuerySet[Project]) -> list[Project]:
    """Package, parts and phases of a project that the user sees; one query."""
    above = [pk for pk in (project.package_id, project.phase_of_id) if pk is not None]
    kin = Q(package=project.pk) | Q(phase_of=project.pk) | Q(pk__in=above)
    if project.phase_of_id is not None:
        kin |= Q(phase_of=project.phase_of_id)
    return list(seen.filter(kin).exclude(pk=project.pk).order_by("pk")[:200])


def figures(project_id: int, as_of: date | None = None) -> list[Figure]:
    """Every figure ever taken in, or those of one day, superseded ones too, newest day first."""
    rows = Figure.objects.filter(project_id=project_id).select_related(
        "indicator", "imported", "report"
    )
    if as_of is not None:
        rows = rows.filter(as_of=as_of)
    rows = rows.annotate(by_name=name_behind("by"))
    return list(rows.order_by("-as_of", "indicator_id", "-at", "-pk"))
