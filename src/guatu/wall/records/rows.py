"""The subjects of one measure with the value that holds of each: constant queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from guatu.assessment.recordable import Recordable
from guatu.core import clock
from guatu.engines.rulebook.types import Kind
from guatu.ledger.models import ListEntry, RecordedValue
from guatu.ledger.queries import holding, values_in_force
from guatu.ledger.types import SubjectKind
from guatu.organisation import queries as organisation
from guatu.organisation.models import Organisation, Region
from guatu.reporting.queries import expected_entries
from guatu.wall.project.people import name_behind, shown_name
from guatu.wall.records.words import shown
from guatu.wall.viewer import Viewer

STATES = {"missing": "没有登记", "held": "已登记"}
ORDER = {"serial": "serial_no", "name": "project__name", "region": "project__region_id"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address narrows the table to."""

    search: str = ""
    state: str = ""
    region: int | None = None

    @property
    def is_any(self) -> bool:
        """Whether anything narrows it."""
        return self != Asked()


@dataclass(slots=True)
class Row:
    """One project, unit or region, and what holds of it today."""

    pk: int
    serial: int | None
    name: str
    region: str
    text: str = ""
    value: RecordedValue | None = None
    by: str = ""
    typed: str = ""
    faults: tuple[str, ...] = field(default=())


def live_of(asked: Recordable) -> QuerySet[RecordedValue]:
    """What stands recorded of the measure and has begun."""
    return values_in_force().filter(
        subject=asked.kind, measure=asked.measure.name, on__lte=clock.today()
    )


def _held(asked: Recordable, subject: str) -> Exists:
    """Whether a value holds today of the subject that a row's field names."""
    today = clock.today()
    held = live_of(asked).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today))
    return Exists(held.filter(**{f"{asked.kind.value}_id": OuterRef(subject)}))


def projects(viewer: Viewer, list_id: int, asked: Recordable, by: Asked) -> QuerySet[ListEntry]:
    """The projects that stand on a list today, that the user sees and that are judged by
    themselves: a part of a package on the same list is not."""
    found = expected_entries([list_id]).filter(project__in=viewer.projects)
    if by.search:
        found = found.filter(
            Q(project__name__icontains=by.search) | Q(project__national_code__icontains=by.search)
        )
    if by.region is not None:
        found = found.filter(project__region_id=by.region)
    if by.state:
        held = _held(asked, "project_id")
        found = found.filter(held if by.state == "held" else ~held)
    return found.select_related("project")


def project_rows(
    entries: Sequence[ListEntry], asked: Recordable, regions: Mapping[int, str]
) -> list[Row]:
    """These entries as rows; `regions` are the names by id."""
    rows = [
        Row(
            one.project_id,
            one.serial_no,
            one.project.name,
            regions.get(one.project.region_id, ""),
        )
        for one in entries
    ]
    return with_values(rows, asked)


def ordered(found: QuerySet[ListEntry], sort: str, *, is_descending: bool) -> QuerySet[ListEntry]:
    """In the order asked for, then by number."""
    column = F(ORDER.get(sort, "serial_no"))
    return found.order_by(column.desc() if is_descending else column.asc(), "serial_no", "pk")


def other_rows(asked: Recordable, by: Asked) -> list[Row]:
    """All units or regions, by name."""
    if asked.kind == SubjectKind.REGION:
        names = organisation.region_names().official
        ids = list(Region.objects.values_list("pk", flat=True))
    else:
        names = organisation.organisation_names().official
        ids = list(Organisation.objects.values_list("pk", flat=True))
    rows = [Row(pk, None, names[pk], "") for pk in ids if by.search in names.get(pk, "")]
    rows = with_values([row for row in rows if row.name], asked)
    if by.state:
        rows = [row for row in rows if bool(row.text) is (by.state == "held")]
    return sorted(rows, key=lambda row: row.name)


def with_values(rows: list[Row], asked: Recordable) -> list[Row]:
    """The rows with what holds today; one query."""
    ids = [row.pk for row in rows]
    live = live_of(asked).annotate(by_name=name_behind("by")).order_by("on", "pk")
    if len(ids) <= 1000:
        live = live.filter(**{f"{asked.kind.value}_id__in": ids})
    found: dict[Any, list[RecordedValue]] = defaultdict(list)
    for one in live:
        found[getattr(one, f"{asked.kind.value}_id")].append(one)
    for row in rows:
        own = found.get(row.pk, [])
        if asked.measure.kind is Kind.RECORDS:
            row.value = own[-1] if own else None
            row.text = f"{len(own)}次" if own else ""
        else:
            row.value = holding(own, clock.today())
            row.text = shown(row.value, asked.measure) if row.value is not None else ""
        if row.value is not None:
            row.by = shown_name(row.value.by, row.value.__dict__.get("by_name"))
    return rows
