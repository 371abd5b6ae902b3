"""What the issued version of a list (印发稿) said, frozen beside what stands at closing (M-A10)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from guatu.assessment.types import Content, FrozenCurve, IssuedPlan, Subject
from guatu.core.periods import month_end
from guatu.ledger.making.queries import issued_version, rows_in
from guatu.ledger.making.types import Decision, ListedRow
from guatu.ledger.models import ListEntry
from guatu.ledger.types import Nature
from guatu.organisation.queries import NameIndex
from guatu.planning.queries import curves_of
from guatu.reporting.due.scope import within
from guatu.reporting.models import Round

_NATURES = {str(one.label): one.value for one in Nature}


@dataclass(frozen=True, slots=True)
class Called:
    """How regions and units are called on the day of closing, whatever a paper called them."""

    regions: NameIndex
    units: NameIndex

    def of(self, row: ListedRow) -> tuple[str, str]:
        """A line's region and unit; a name that nobody bears stays as printed."""
        told = ((self.regions, row.region), (self.units, row.unit))
        region, unit = (names.official.get(names.find(text) or 0, text) for names, text in told)
        return region, unit


def freeze_issued(
    content: Content,
    the_round: Round,
    called: Called,
    subject_of: Callable[[ListEntry], Subject],
) -> None:
    """Add to a content what the issued version of the round's list says; nothing where there is
    none. Two queries, or one.

    A project that has left stands among `exited` with everything that a subject has: `subject_of`
    makes it. Of a part whose package is in the version too the package's line speaks.
    """
    version = issued_version(the_round.list_id)
    if version is None:
        return
    rows = {
        row.project_id: row
        for row in rows_in(version)
        if row.project_id is not None and row.decision == Decision.IN
    }
    content.issue = version.outside_number or version.basis
    standing = {subject.id: subject for subject in content.subjects}
    entries = {one.project_id: one for one in _not_subjects(the_round, standing)}
    parts = _parts(entries.values(), rows)
    for project_id, row in rows.items():
        subject = standing.get(project_id)
        if subject is None and project_id in entries and project_id not in parts:
            subject = subject_of(entries[project_id])
            content.exited.append(subject)
        if subject is not None:
            subject.issued = _issued(row, subject, called)
    content.exited.sort(key=lambda one: one.serial)


def _not_subjects(the_round: Round, standing: Mapping[int, Subject]) -> list[ListEntry]:
    """The entries of the round's scope, ever on the list, that are no subjects: who left, who was
    removed, and parts of packages."""
    as_of = the_round.period.parsed.as_of
    entries = ListEntry.objects.filter(list=the_round.list_id).filter(
        Q(left_on__lte=as_of)
        | Q(joined_on__gt=as_of)
        | Q(project__removed_on__lte=as_of)
        | Q(project__package__isnull=False)
    )
    found = within(entries, the_round).select_related("project__sector").order_by("serial_no", "pk")
    return [one for one in found if one.project_id not in standing]


def _parts(entries: Iterable[ListEntry], rows: Mapping[int, ListedRow]) -> set[int]:
    return {one.project_id for one in entries if one.project.package_id in rows}


def _issued(row: ListedRow, subject: Subject, called: Called) -> IssuedPlan:
    """What the version leaves open is as the project has it: a blank says nothing else."""
    region, unit = called.of(row)
    return IssuedPlan(
        row.plan_yuan,
        region or subject.region,
        unit or subject.unit,
        row.sector or subject.sector,
        _NATURES.get(row.nature, subject.nature) if row.nature else subject.nature,
        _start(row.starts_by, subject.planned_start),
    )


def _start(month: str, now: date | None) -> date | None:
    """The day by which a start was promised: a month is kept on its last day (M-A5). The day that
    is promised now, where the version names no month or the same one."""
    if not month or (now is not None and month == f"{now:%Y-%m}"):
        return now
    year, _, number = month.partition("-")
    return month_end(int(year), int(number))


def freeze_curve(content: Content, list_id: int) -> None:
    """Add the decreed curve in force: of curves of several names the one decreed last; one query.

    What it was decreed by stands in the table under its name and version (M-B2).
    """
    newest = max(curves_of(list_id), key=lambda one: (one.kept.at, one.kept.pk), default=None)
    if newest is not None:
        points = sorted(newest.points.items())
        content.curve = FrozenCurve(
            newest.kept.name,
            newest.kept.curve_version,
            tuple((on, share.numerator, share.denominator) for on, share in points),
        )
