"""Reading the record rooms into the content of a snapshot: the tables as they stand now."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db.models import Q

from guatu.assessment.freezing_issued import Called, freeze_curve, freeze_issued
from guatu.assessment.types import (
    MARK_PROXY,
    MARK_QUESTIONED,
    MARK_UNREVIEWED,
    Content,
    FrozenEntry,
    FrozenFigure,
    Recorded,
    RegionRow,
    Spoken,
    Subject,
)
from guatu.core.periods import PeriodKey
from guatu.ledger.models import Judgement, ListEntry, Project, Responsibility
from guatu.ledger.queries import values_in_force
from guatu.ledger.types import ResponsibilityRole, SubjectKind
from guatu.organisation import queries as organisation
from guatu.planning import queries as planning
from guatu.planning.types import DateKind, Milestone
from guatu.reporting import queries as reporting
from guatu.reporting.due.scope import within
from guatu.reporting.models import Figure, Report, Round
from guatu.reporting.statistics.queries import registered_on
from guatu.reporting.types import (
    INVESTMENT,
    INVESTMENT_TOTAL,
    FigureSource,
    ReportState,
)

_MARKS = {
    ReportState.SUBMITTED.value: MARK_UNREVIEWED,
    ReportState.QUESTIONED.value: MARK_QUESTIONED,
    ReportState.PROXY_UNCONFIRMED.value: MARK_PROXY,
}
_COUNTED = (
    ReportState.ACCEPTED.value,
    ReportState.SUBMITTED.value,
    ReportState.QUESTIONED.value,
    ReportState.PROXY_UNCONFIRMED.value,
)


def mark_of(report_state: str) -> str:
    """The mark that a figure bears in a snapshot, from its report's state."""
    return _MARKS.get(report_state, "")


def content_of(the_round: Round, revision: int) -> Content:
    """Everything a closed round freezes: subjects as of its last day, names as printed, accepted
    figures of this and last year with their marks (tables.md, Snapshot). What a unit sent in
    counts before anybody reviewed it, marked; what was returned does not until it is sent again.
    A limited round freezes the projects of its scope alone.

    What the tables date is read as of the period's last day: who is on the list, the bearers,
    judgements, the names and codes of regions and units. What they only have in its newest form
    is read as it stands at closing: the project's own row, plans, promised and actual dates, the
    office's own working days, the issued version of the list, the decreed curve.
    The caller holds the journal's head, so that nothing is written between the reads.
    """
    period = the_round.period.parsed
    as_of = period.as_of
    entries = ListEntry.objects.filter(list=the_round.list, joined_on__lte=as_of).filter(
        Q(left_on__isnull=True) | Q(left_on__gt=as_of),
        Q(project__removed_on__isnull=True) | Q(project__removed_on__gt=as_of),
    )
    entries = within(entries, the_round).select_related("project", "project__sector")
    rows = list(entries.order_by("serial_no", "pk"))
    parts = _parts_by_package(the_round.list_id)
    plans = planning.plans_in_force(the_round.list_id)
    slices = planning.slices_at(the_round.list_id, as_of)
    dates = planning.dates_promised(the_round.list)
    units = _units(as_of)
    reports = _reports(the_round)
    judgements = _judgements(as_of)
    figures = _figures(period)
    recorded = recorded_until(as_of)
    registered = registered_on(as_of)
    called = Called(organisation.region_names(as_of), organisation.organisation_names(as_of))
    region_names, unit_names = called.regions.official, called.units.official
    listed = set(ListEntry.objects.filter(list=the_round.list).values_list("project_id", flat=True))

    def subject_of(entry: ListEntry) -> Subject:
        project = entry.project
        pk = project.pk
        plan = plans.get(entry.pk)
        unit_id = units.get(pk)
        report = reports.get(pk)
        investment, total = figures.get(pk, ([], []))
        return Subject(
            id=pk,
            serial=entry.serial_no,
            code=project.national_code,
            name=project.name,
            region_id=project.region_id,
            region=region_names.get(project.region_id, ""),
            unit_id=unit_id,
            unit=unit_names.get(unit_id, "") if unit_id is not None else "",
            sector=project.sector.name if project.sector else "",
            nature=entry.nature,
            is_appraised=entry.is_appraised,
            parts=_unfolded(project, parts),
            total_yuan=project.total_yuan,
            plan_yuan=plan.amount_yuan if plan else None,
            slice_yuan=slices.get(plan.pk) if plan else None,
            planned_start=dates.get((pk, Milestone.START, DateKind.PLANNED)),
            actual_start=dates.get((pk, Milestone.START, DateKind.ACTUAL)),
            planned_completion=dates.get((pk, Milestone.COMPLETION, DateKind.PLANNED)),
            actual_completion=dates.get((pk, Milestone.COMPLETION, DateKind.ACTUAL)),
            is_registered=registered.get(pk),
            judgements=judgements.get(pk, {}),
            report_state=report[0] if report else "",
            progress=report[1] if report else "",
            problem=report[2] if report else "",
            investment=investment,
            investment_total=total,
            recorded=recorded[SubjectKind.PROJECT].get(pk, ()),
        )

    content = Content(
        list_name=the_round.list.name,
        year=period.year,
        period=period.key,
        as_of=as_of,
        cut_off_on=the_round.cut_off_on,
        revision=revision,
        regions=_regions(region_names, as_of),
        # A part whose package is not on this list stands here for itself.
        subjects=[subject_of(one) for one in rows if one.project.package_id not in listed],
        others=[
            *_spoken(recorded, SubjectKind.ORGANISATION, unit_names),
            *_spoken(recorded, SubjectKind.REGION, region_names),
        ],
        workdays=organisation.own_workdays(),
    )
    freeze_issued(content, the_round, called, subject_of)
    freeze_curve(content, the_round.list_id)
    return content


type Speaking = dict[SubjectKind, dict[int, tuple[Recorded, ...]]]


def recorded_until(as_of: date) -> Speaking:
    """What stands recorded up to a day, by kind of subject and its id; one query.

    Of a measure that no longer holds on the day its earlier values stand too: rules look back.
    """
    rows = (
        values_in_force()
        .filter(on__lte=as_of)
        .order_by("measure", "form", "on", "pk")
        .values_list(
            "subject", *(f"{kind.value}_id" for kind in SubjectKind),
            "measure", "form", "on", "valid_to", "value",
        )
    )  # fmt: skip
    found: dict[SubjectKind, dict[int, dict[tuple[str, str], list[FrozenEntry]]]]
    found = {kind: defaultdict(dict) for kind in SubjectKind}
    for subject, *ids, measure, form, on, valid_to, value in rows.iterator(chunk_size=10_000):
        pk = next(one for one in ids if one is not None)
        entries = found[SubjectKind(subject)][pk].setdefault((measure, form), [])
        entries.append(FrozenEntry(on, valid_to, value))
    return {
        kind: {
            pk: tuple(Recorded(*key, tuple(entries)) for key, entries in sorted(measures.items()))
            for pk, measures in told.items()
        }
        for kind, told in found.items()
    }


def _spoken(told: Speaking, kind: SubjectKind, names: dict[int, str]) -> list[Spoken]:
    return [
        Spoken(kind.label, pk, names.get(pk, ""), recorded)
        for pk, recorded in sorted(told[kind].items())
    ]


def _regions(names: dict[int, str], as_of: date) -> list[RegionRow]:
    kinds, codes = organisation.region_kinds(), organisation.region_codes(as_of)
    return [RegionRow(pk, name, codes.get(pk, ""), kinds[pk]) for pk, name in names.items()]


def _parts_by_package(list_id: int) -> dict[int, int]:
    """How many sub-projects of each package stand on the list."""
    counts: dict[int, int] = defaultdict(int)
    rows = Project.objects.filter(
        package__isnull=False, removed_on__isnull=True, entries__list_id=list_id
    )
    for package_id in rows.values_list("package_id", flat=True):
        if package_id is not None:
            counts[package_id] += 1
    return counts


def _unfolded(project: Project, parts: dict[int, int]) -> int:
    """max(1, children or the number declared) (architecture §7)."""
    return max(1, parts.get(project.pk) or project.declared_parts or 1)


def _units(as_of: date) -> dict[int, int]:
    rows = (
        Responsibility.objects.filter(role=ResponsibilityRole.LEAD, organisation__isnull=False)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=as_of))
        .order_by("-valid_from", "-pk")
        .values_list("project_id", "organisation_id")
    )
    # The earliest bearer still in office on the day wins over one appointed after it.
    return {project: unit for project, unit in rows if unit is not None}


def _reports(the_round: Round) -> dict[int, tuple[str, str, str]]:
    rows = Report.objects.filter(period=the_round.period).values_list(
        "project_id", "state", "progress_text", "problem_text"
    )
    return {pk: (state, progress, problem) for pk, state, progress, problem in rows}


def _judgements(as_of: date) -> dict[int, dict[str, bool]]:
    found: dict[int, dict[str, bool]] = defaultdict(dict)
    rows = Judgement.objects.filter(valid_from__lte=as_of).order_by("pk")
    for row in rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=as_of)):
        found[row.project_id][row.code] = row.value
    return found


def _figures(period: PeriodKey) -> dict[int, tuple[list[FrozenFigure], list[FrozenFigure]]]:
    """Known figures of this and last year by project: the year's investment, and since start."""
    as_of, years = period.as_of, (period.year - 1, period.year)
    across = reporting.weeks_across_new_year()
    rows = (
        Figure.objects.filter(
            is_current=True,
            source=FigureSource.UNIT,
            value__isnull=False,
            as_of__lte=as_of,
            as_of__gte=date(years[0], 1, 1),
            indicator__code__in=(INVESTMENT, INVESTMENT_TOTAL),
        )
        .filter(Q(report__isnull=True) | Q(report__state__in=_COUNTED))
        .order_by("as_of")
        .values_list(
            "project_id", "indicator__code", "as_of", "value", "report__state", "report__period_id"
        )
    )
    found: dict[int, tuple[list[FrozenFigure], list[FrozenFigure]]] = {}
    for project_id, code, day, value, state, told_for in rows.iterator(chunk_size=10_000):
        year = across.get(told_for, day.year)
        if year not in years or (day == as_of and year != period.year):
            continue  # told of another year, in the days where a week reaches into the next
        pair = found.get(project_id)
        if pair is None:
            pair = found[project_id] = ([], [])
        figure = FrozenFigure(day, value or 0, mark_of(state or ""))
        pair[0 if code == INVESTMENT else 1].append(figure)
    return found
