"""Reads of the burden: what was really asked of units, forms and complaints; constant queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from guatu.core import clock
from guatu.ledger.making.forms import ApplicationForm, OpinionForm
from guatu.ledger.making.models import Application, OpinionRequest
from guatu.ledger.models import ListEntry, Responsibility
from guatu.ledger.types import ResponsibilityRole
from guatu.organisation import queries as organisation
from guatu.reporting.asking.models import FigureQuestion
from guatu.reporting.burden.meter import (
    Asked,
    Bearer,
    Listed,
    expected,
    fillings,
    reporting_unit,
)
from guatu.reporting.burden.models import Complaint, FormAddressee, FormRequest
from guatu.reporting.burden.types import ComplaintState, ComplaintSubject, FormCadence, Source
from guatu.reporting.due.scope import scopes_of_rounds
from guatu.reporting.models import Round
from guatu.reporting.unit.form import FIELDS

NOT_ASKED = frozenset({"version", "act", "organisation"})
REPORT_CELLS = len(FIELDS)
APPLICATION_CELLS = len(ApplicationForm.base_fields.keys() - NOT_ASKED)
OPINION_CELLS = len(OpinionForm.base_fields.keys() - NOT_ASKED)
"""Cells of one report, application and opinion: the fields of the form itself."""


@dataclass(slots=True)
class Burden:
    """What units were asked for in a year and the year before, and what they complained of.

    `complaints` by unit and by the name of the form; `names` of the units.
    """

    today: date
    asked: list[Asked]
    names: dict[int, str]
    complaints: Counter[int] = field(default_factory=Counter)
    complaints_by_form: Counter[str] = field(default_factory=Counter)


def burden(today: date, units: Iterable[int] | None = None) -> Burden:
    """Everything that was asked of some units (None: all) this year and last. Seven statements."""
    since, until = date(today.year - 1, 1, 1), today
    found = Counter[tuple[int, int, int, Source, str]]()
    for unit, on, what, cells in _reports(since, until):
        found[unit, on.year, on.month, Source.REPORTS, what] += cells
    reporting = {key[0] for key in found}
    complaints, by_form = Counter[int](), Counter[str]()
    for kind, unit, at, what in _dated(since):
        on = at.astimezone(clock.CHINA).date()
        if kind == "complaint":
            if on.year == today.year:
                complaints[unit] += 1
                by_form[what] += 1
            continue
        source, cells = _CELLS[kind]
        found[unit, on.year, on.month, source, source.label] += cells
    for unit, on, what, cells in _forms(since, until, reporting):
        found[unit, on.year, on.month, Source.FORMS, what] += cells
    wanted = None if units is None else set(units)
    asked = [
        Asked(*key, cells) for key, cells in found.items() if wanted is None or key[0] in wanted
    ]
    ids = {one.unit_id for one in asked} | complaints.keys()
    names = organisation.names_of_organisations(ids if wanted is None else wanted)
    return Burden(today, asked, names, complaints, by_form)


_CELLS = {
    "question": (Source.QUESTIONS, 1),
    "application": (Source.APPLICATIONS, APPLICATION_CELLS),
    "opinion": (Source.OPINIONS, OPINION_CELLS),
}


def _reports(since: date, until: date) -> Iterable[tuple[int, date, str, int]]:
    """One line for each report that a round expected of a unit, by the unit of that day."""
    rounds = list(
        Round.objects.select_related("list", "period").filter(
            period__last_on__gte=since, period__last_on__year__lte=until.year
        )
    )
    if not rounds:
        return
    entries: dict[int, list[Listed]] = defaultdict(list)
    rows = ListEntry.objects.filter(list__in={one.list_id for one in rounds}).values_list(
        "list_id", "project_id", "project__package_id", "joined_on", "left_on",
        "project__removed_on",
    )  # fmt: skip
    for row in rows:
        entries[row[0]].append(Listed(*row))
    bearers = _bearers({one.list_id for one in rounds})
    scopes = scopes_of_rounds(rounds)
    for one in rounds:
        on = one.period.last_on
        scope = scopes.get(one.pk)
        for project_id in expected(entries[one.list_id], on):
            unit = reporting_unit(bearers.get(project_id, ()), min(on, until))
            if unit is not None and (scope is None or project_id in scope):
                yield unit, on, f"月报 · {one.list.name}", REPORT_CELLS


def _bearers(list_ids: set[int]) -> dict[int, list[Bearer]]:
    rows = Responsibility.objects.filter(
        role__in=(ResponsibilityRole.REPORTER, ResponsibilityRole.LEAD),
        organisation__isnull=False,
        project__in=ListEntry.objects.filter(list__in=list_ids).values("project_id"),
    ).values_list("project_id", "organisation_id", "role", "valid_from", "valid_to", "pk")
    found: dict[int, list[Bearer]] = defaultdict(list)
    for project_id, unit, role, valid_from, valid_to, pk in rows:
        if unit is not None:
            is_named = role == ResponsibilityRole.REPORTER
            found[project_id].append(Bearer(unit, is_named, valid_from, valid_to, pk))
    return found


def _dated(since: date) -> Iterable[tuple[str, int, datetime, str]]:
    """Questions, applications, opinions asked for and complaints since a day: one statement."""
    start = clock.start_of(since)
    empty = Value("")
    questions = FigureQuestion.objects.filter(
        raised_at__gte=start, organisation__isnull=False
    ).order_by()
    applications = Application.objects.filter(submitted_at__gte=start).order_by()
    opinions = OpinionRequest.objects.filter(at__gte=start).order_by()
    complaints = Complaint.objects.filter(at__gte=start).order_by()
    month = ComplaintSubject.MONTH
    about = Case(
        When(subject=month, then=Value(month.label)),
        default=Coalesce("form__name", "form_name"),
    )
    rows: QuerySet[Any, Any] = questions.values_list(
        Value("question"), "pk", "organisation_id", "raised_at", empty
    )
    return [
        (kind, unit, at, what)
        for kind, _, unit, at, what in rows.union(
            applications.values_list(
                Value("application"), "pk", "organisation_id", "submitted_at", empty
            ),
            opinions.values_list(Value("opinion"), "pk", "organisation_id", "at", empty),
            complaints.values_list(Value("complaint"), "pk", "organisation_id", "at", about),
            all=True,
        )
    ]


def _forms(since: date, until: date, reporting: set[int]) -> Iterable[tuple[int, date, str, int]]:
    rows = FormRequest.objects.filter(from_on__lte=until, until_on__gte=since).annotate(
        unit_id=F("addressees__organisation_id")
    )
    for one in rows:
        last = min(one.last_on, until)
        days = [
            day for day in fillings(FormCadence(one.cadence), one.from_on, last) if day >= since
        ]
        units = reporting if one.is_for_all else {one.unit_id} - {None}
        for day in days:
            for unit in units:
                yield unit, day, one.name, len(one.field_names)


@dataclass(frozen=True, slots=True)
class FormRow:
    """A registered form with what a list shows of it."""

    form: FormRequest
    asked_by: str
    units: tuple[int, ...]
    complaints: int
    is_running: bool

    @property
    def fields(self) -> list[str]:
        """Its fields."""
        return self.form.field_names


def forms(units: Iterable[int] | None = None) -> list[FormRow]:
    """Registered forms, running ones first; of some units those that are for them.

    Four statements.
    """
    rows = FormRequest.objects.all()
    if units is not None:
        mine = FormAddressee.objects.filter(organisation__in=list(units))
        rows = rows.filter(Q(is_for_all=True) | Q(pk__in=mine.values("form_id")))
    found = list(rows)
    addressed: dict[int, list[int]] = defaultdict(list)
    told = FormAddressee.objects.filter(form__in=found).values_list("form_id", "organisation_id")
    for form_id, unit in told:
        addressed[form_id].append(unit)
    counts = Counter(Complaint.objects.filter(form__in=found).values_list("form_id", flat=True))
    names = organisation.names_of_organisations({one.organisation_id for one in found})
    today = clock.today()
    made = [
        FormRow(
            one,
            names.get(one.organisation_id, ""),
            tuple(addressed[one.pk]),
            counts[one.pk],
            one.is_running(today),
        )
        for one in found
    ]
    return sorted(made, key=lambda row: (not row.is_running, row.form.until_on, row.form.pk))


def complaints(units: Iterable[int] | None = None) -> list[tuple[Complaint, str]]:
    """Complaints with the names of their units, open ones first; of some units their own."""
    rows = Complaint.objects.select_related("form")
    if units is not None:
        rows = rows.filter(organisation__in=list(units))
    found = list(rows.order_by("-pk"))
    names = organisation.names_of_organisations({one.organisation_id for one in found})
    found.sort(key=lambda one: one.state != ComplaintState.OPEN)
    return [(one, names.get(one.organisation_id, "")) for one in found]
