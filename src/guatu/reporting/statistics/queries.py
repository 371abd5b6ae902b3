"""Reads: our figures beside those of the statistics system, registrations, statisticians."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from guatu.core import clock
from guatu.ledger.models import ListEntry, Project
from guatu.ledger.queries import reporting_unit_of, with_reporting_units, words_of
from guatu.ledger.types import Nature, Vocabulary
from guatu.organisation.models import RegionName
from guatu.organisation.queries import official_name_of
from guatu.organisation.types import NameKind
from guatu.planning.models import DateFact
from guatu.planning.types import DateKind, Milestone
from guatu.reporting.basis.queries import Known, basis_of
from guatu.reporting.basis.rules import comparable
from guatu.reporting.basis.rules import words_of as basis_words
from guatu.reporting.models import Figure, Round
from guatu.reporting.queries import expected_of, that_count
from guatu.reporting.statistics.models import Material, Registration, Statistician
from guatu.reporting.statistics.rules import Pair, Standing, is_counted, standing_of
from guatu.reporting.statistics.types import MaterialState
from guatu.reporting.types import INVESTMENT, FigureSource


@dataclass(frozen=True, slots=True)
class Compared:
    """One project of a list: both figures on the round's day, and how it stands."""

    project: Project
    region: str
    unit_id: int | None
    unit: str
    pair: Pair
    registration: Registration | None
    is_counted: bool
    started_on: date | None
    is_begun: bool
    statistician: Statistician | None
    missing: int

    @property
    def standing(self) -> Standing:
        """How it stands in the statistics system."""
        return standing_of(self.pair, is_counted=self.is_counted, is_begun=self.is_begun)

    @property
    def days_begun(self) -> int | None:
        """Days since it started, where it is begun and not counted; None where nobody told."""
        if self.standing is not Standing.UNCOUNTED or self.started_on is None:
            return None
        return (clock.today() - self.started_on).days


def compared(the_round: Round, seen: QuerySet[Project] | None) -> list[Compared]:
    """The projects of a round's list with both figures on its last day; four queries.

    What was returned to its unit is no figure of ours until it is sent again.
    """
    as_of = the_round.period.last_on
    entries = _entries(the_round, seen, as_of)
    ours, theirs = _figures(the_round, as_of)
    people = statisticians_on(as_of)
    known = basis_of(INVESTMENT)
    verdict = comparable(known.on(as_of), known.on(as_of, FigureSource.STATISTICS))
    rows = []
    for entry in entries:
        project, told = entry.project, entry.__dict__
        registration = registration_of(project)
        started_on = told["started_on"]
        is_started = started_on is not None and started_on <= as_of
        unit_id = reporting_unit_of(entry)
        rows.append(
            Compared(
                project,
                told["region_name"] or "",
                unit_id,
                told["unit_name"] or "",
                Pair(ours.get(project.pk), theirs.get(project.pk), verdict),
                registration,
                registration is not None and counted_on(registration, as_of),
                started_on if is_started else None,
                is_started or entry.nature == Nature.CONTINUING,
                people.get(unit_id or 0),
                told["missing"],
            )
        )
    return rows


def _entries(the_round: Round, seen: QuerySet[Project] | None, as_of: date) -> Iterable[ListEntry]:
    named = RegionName.objects.filter(
        region_id=OuterRef("project__region_id"), kind=NameKind.OFFICIAL, valid_from__lte=as_of
    )
    starts = DateFact.objects.filter(
        project_id=OuterRef("project_id"), milestone=Milestone.START, kind=DateKind.ACTUAL
    )
    lacking = (
        Material.objects.filter(project_id=OuterRef("project_id"), state=MaterialState.MISSING)
        .order_by()
        .values("project_id")
        .annotate(n=Count("pk"))
    )
    rows = with_reporting_units(expected_of(the_round), as_of)
    if seen is not None:
        rows = rows.filter(project__in=seen)
    return (
        rows.select_related("project__registration")
        .annotate(
            unit_name=official_name_of("reporting_unit"),
            region_name=Subquery(named.order_by("-valid_from").values("name")[:1]),
            started_on=Subquery(starts.order_by("-seq").values("on")[:1]),
            missing=Coalesce(Subquery(lacking.values("n"), output_field=IntegerField()), 0),
        )
        .order_by("serial_no", "pk")
    )


def _figures(the_round: Round, as_of: date) -> tuple[dict[int, int], dict[int, int]]:
    rows = Figure.objects.filter(
        that_count(),
        indicator__code=INVESTMENT,
        as_of=as_of,
        is_current=True,
        value__isnull=False,
        source__in=(FigureSource.UNIT, FigureSource.STATISTICS),
        project__entries__list_id=the_round.list_id,
    )
    ours: dict[int, int] = {}
    theirs: dict[int, int] = {}
    for pk, source, value in rows.values_list("project_id", "source", "value"):
        (ours if source == FigureSource.UNIT else theirs)[pk] = value or 0
    return ours, theirs


def registration_of(project: Project) -> Registration | None:
    """What is known of a project in the statistics system; None: nobody has said."""
    found: Registration | None = getattr(project, "registration", None)
    return found


def counted_on(registration: Registration, day: date) -> bool:
    """Whether the statistics system counts a registered project on a day."""
    return is_counted(day, is_registered=registration.is_counted, since=registration.counted_since)


def registered_on(day: date) -> dict[int, bool]:
    """Whether each project of which anybody said so is counted on a day; one query (M-C3)."""
    return {row.project_id: counted_on(row, day) for row in Registration.objects.all()}


def statisticians_on(day: date) -> dict[int, Statistician]:
    """The statistician of each unit on a day; of several the one who came last."""
    rows = Statistician.objects.filter(valid_from__lte=day)
    rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    return {row.organisation_id: row for row in rows.order_by("valid_from", "pk")}


def statistics_figures(project_id: int) -> list[Figure]:
    """Every figure of the statistics system for a project, superseded ones too, newest first."""
    rows = Figure.objects.filter(project_id=project_id, source=FigureSource.STATISTICS)
    return list(rows.select_related("indicator").order_by("-as_of", "-at", "-pk"))


def ours_on(project_id: int, days: Collection[date]) -> dict[date, int | None]:
    """A unit's cumulative figures of the year of one project on some days, those that count."""
    rows = Figure.objects.filter(
        that_count(),
        project_id=project_id,
        indicator__code=INVESTMENT,
        source=FigureSource.UNIT,
        is_current=True,
        as_of__in=days,
    )
    return dict(rows.values_list("as_of", "value"))


def both_words(known: Known, day: date) -> list[str]:
    """The basis of our figures and of theirs on a day, as pages say it."""
    return [basis_words(known.on(day, one)) for one in (FigureSource.UNIT, FigureSource.STATISTICS)]


@dataclass(frozen=True, slots=True)
class MaterialLine:
    """One kind of paper of the list, and what is known of it for a project."""

    kind_id: int
    kind: str
    held: Material | None


def materials_of(project_id: int) -> list[MaterialLine]:
    """The list of materials of a project, in the order of the vocabulary; two queries."""
    held = {one.kind_id: one for one in Material.objects.filter(project_id=project_id)}
    words = words_of(Vocabulary.MATERIAL)
    return [MaterialLine(one.pk, one.name, held.get(one.pk)) for one in words]


def state_key(project_ids: Collection[int], as_of: date) -> str:
    """How figures and registrations of some projects stand, to tell whether somebody changed them
    between a preview and its confirmation; two queries."""
    figures = current_figures(project_ids, as_of)
    told = [f"f{pk}" for pk in sorted(one.pk for one in figures.values())]
    rows = Registration.objects.filter(project__in=project_ids).order_by("pk")
    told += [f"r{pk}.{version}" for pk, version in rows.values_list("pk", "version")]
    return hashlib.new("sm3", " ".join(told).encode()).hexdigest()


def current_figures(project_ids: Collection[int], as_of: date) -> Mapping[int, Figure]:
    """The statistics figures in force on a day, by project."""
    rows = Figure.objects.filter(
        project__in=project_ids,
        indicator__code=INVESTMENT,
        as_of=as_of,
        source=FigureSource.STATISTICS,
        is_current=True,
    )
    return {row.project_id: row for row in rows}


def registrations(project_ids: Collection[int]) -> Mapping[int, Registration]:
    """What is known of some projects in the statistics system."""
    rows = Registration.objects.filter(project__in=project_ids)
    return {row.project_id: row for row in rows}
