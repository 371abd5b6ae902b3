"""Reads of schemes and criteria: a constant number of statements."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from guatu.appraisal.access import criteria_seen, own_units, schemes_seen
from guatu.appraisal.models import Criterion, CriterionValue, Evidence, Scheme
from guatu.appraisal.rules import Totals, expected_points, gap
from guatu.appraisal.types import CriterionState
from guatu.ledger.request import Viewer
from guatu.organisation import queries as organisation


@dataclass(frozen=True, slots=True)
class Row:
    """A criterion with its newest value, its owner and how much evidence it has."""

    one: Criterion
    now: CriterionValue | None
    owner: str
    evidence: int

    @property
    def state(self) -> CriterionState:
        """How it stands; what nobody has filled in has no data."""
        return CriterionState(self.now.state) if self.now else CriterionState.NO_DATA

    @property
    def own_points(self) -> int | None:
        """The points that its owner expects, where he says."""
        return self.now.points_milli if self.now else None

    @property
    def points(self) -> int | None:
        """The points expected, None where nobody can say."""
        return expected_points(self.state, self.one.full_points_milli, self.own_points)

    @property
    def gap(self) -> int | None:
        """How far it is from its target; better is positive."""
        value = self.now.value_milli if self.now else None
        return gap(value, self.one.target_milli, is_lower_better=self.one.is_lower_better)


def rows_of(viewer: Viewer, scheme: Scheme) -> list[Row]:
    """The criteria of a scheme that somebody sees, in the scheme's order. Three statements."""
    newest = CriterionValue.objects.filter(criterion=OuterRef("pk")).order_by("-pk").values("pk")
    found = list(
        criteria_seen(viewer)
        .filter(scheme=scheme)
        .select_related("person")
        .annotate(
            newest_id=Subquery(newest[:1]),
            papers=Count("evidence", filter=Q(evidence__removed_reason="")),
        )
    )
    values = CriterionValue.objects.in_bulk([getattr(one, "newest_id") for one in found])  # noqa: B009
    names = organisation.names_of_organisations(
        {one.organisation_id for one in found if one.organisation_id}
    )
    rows = [
        Row(
            one,
            values.get(getattr(one, "newest_id")),  # noqa: B009 (an annotation)
            names.get(one.organisation_id or 0, ""),
            getattr(one, "papers"),  # noqa: B009
        )
        for one in found
    ]
    return sorted(rows, key=lambda row: _order(row.one.number))


def _order(number: str) -> list[tuple[int, int | str]]:
    """1.10 after 1.9; parts that are no number after those that are."""
    parts = number.replace("．", ".").split(".")
    return [(0, int(part)) if part.isascii() and part.isdecimal() else (1, part) for part in parts]


def totals_of(rows: list[Row]) -> Totals:
    """The points of some criteria together."""
    return Totals.of((row.state, row.one.full_points_milli, row.own_points) for row in rows)


def schemes(viewer: Viewer) -> list[tuple[Scheme, int]]:
    """The schemes that somebody sees, newest first, with how many criteria he sees of each."""
    found = list(schemes_seen(viewer).order_by("-year", "pk"))
    rows = criteria_seen(viewer).filter(scheme__in=found)
    counts = Counter(rows.values_list("scheme_id", flat=True))
    return [(one, counts[one.pk]) for one in found]


def has_schemes(viewer: Viewer) -> bool:
    """Whether there is anything to see for somebody. One statement."""
    return schemes_seen(viewer).exists()


def history(criterion: Criterion) -> QuerySet[CriterionValue]:
    """How a criterion stood, newest first."""
    return criterion.values.order_by("-pk")


def folder(criterion: Criterion) -> QuerySet[Evidence]:
    """The evidence of a criterion, what was taken out last."""
    return criterion.evidence.order_by("removed_reason", "-pk")


def to_do(viewer: Viewer) -> list[tuple[Scheme, int]]:
    """The schemes of which the viewer's unit has criteria that nobody has filled in or that are
    missed, with how many. Two statements; none for who has no unit of his own."""
    units = own_units(viewer.assignments)
    if not units:
        return []
    newest = CriterionValue.objects.filter(criterion=OuterRef("pk")).order_by("-pk")
    mine = Criterion.objects.filter(organisation__in=units).annotate(
        state=Subquery(newest.values("state")[:1])
    )
    open_ones = mine.filter(
        Q(state__isnull=True) | Q(state__in=(CriterionState.NO_DATA, CriterionState.MISSED))
    )
    counts = Counter(open_ones.values_list("scheme_id", flat=True))
    found = Scheme.objects.filter(pk__in=counts).order_by("-year", "pk") if counts else []
    return [(one, counts[one.pk]) for one in found]
