"""Putting what was decided into the ledger: projects, entries, who answers (M-A10).

Called within the act that issues or adjusts a list; plans and dates are written above (planning).
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, Fault
from guatu.core.names import match_form
from guatu.journal.services import Act
from guatu.ledger import queries as ledger
from guatu.ledger.making.models import Application, ListCall
from guatu.ledger.making.types import CallState, Decision
from guatu.ledger.models import ListEntry, Project, ProjectAlias, ProjectList, Responsibility
from guatu.ledger.types import ListState, Nature, ResponsibilityRole
from guatu.organisation import queries as organisation
from guatu.organisation.services import NewOrganisation, create_organisations
from guatu.organisation.types import OrganisationKind


@dataclass(frozen=True, slots=True)
class Placing:
    """On what paper projects stand on a list, and since when."""

    basis: str
    joined_on: date
    renumbers: bool = False
    """Whether the paper numbers the whole list: 1 to n in its order."""


def list_of(call: ListCall, taken: ProjectList | None = None) -> ProjectList:
    """The list that a call is for: the provisional one of that name or the one that is taken over
    under its name (M-B11), else a new one.

    Raises Conflict where a list of that year and name is issued already.
    """
    root = organisation.root_organisation()
    held = taken or list_named(call)
    if held is None:
        return ProjectList(
            owner_organisation=root, year=call.year, name=call.name, state=ListState.ISSUED
        )
    if held.state == ListState.ISSUED:
        what = f"已有印发的清单{held}"
        raise Conflict(Fault("issued-already", what, "请办清单调整，或给申报通知换一个名称"))
    held.state, held.name = ListState.ISSUED, call.name
    return held


def list_named(call: ListCall) -> ProjectList | None:
    """The list of a call's year and name, provisional or issued; None where there is none."""
    root = organisation.root_organisation()
    lists = ProjectList.objects.filter(owner_organisation=root, year=call.year, name=call.name)
    return lists.first()


def waiting_lists(call: ListCall) -> list[ProjectList]:
    """The year's provisional lists of other names that the issued one may be meant to replace.

    None where one of the call's own name is there; those that another call is for do not wait.
    """
    if list_named(call) is not None:
        return []
    called = ListCall.objects.filter(year=call.year).values("name")
    lists = ProjectList.objects.filter(
        owner_organisation=organisation.root_organisation(), year=call.year, parent__isnull=True
    )
    return list(lists.exclude(state=ListState.ISSUED).exclude(name__in=called).order_by("pk"))


def place(
    act: Act, listing: ProjectList, applications: Sequence[Application], placing: Placing
) -> dict[int, ListEntry]:
    """Make or find the project of each application and put it on the list.

    Returns the entries by application id. A project's old name becomes an alias; the applying
    unit answers for a project that nobody answers for. Raises BadInput for a code that belongs
    to another project.
    """
    _make_owners(act, applications)
    units = organisation.organisation_names()
    index = ledger.project_index()
    held = ledger.entries_of(listing.pk)
    duties = ledger.current_responsibilities()
    first = 1 if placing.renumbers else ledger.next_serial(listing.pk)
    serials = itertools.count(first)
    placed: dict[int, ListEntry] = {}
    for one in applications:
        _require_own_code(one, index.coded(one.national_code) if one.national_code else None)
        project = _project(act, one)
        entry = held.get(project.pk)
        if entry is None:
            entry = ListEntry(
                list=listing,
                project=project,
                serial_no=next(serials),
                nature=one.nature,
                joined_on=placing.joined_on,
                joined_by=placing.basis,
            )
        else:
            entry.serial_no = next(serials) if placing.renumbers else entry.serial_no
            entry.left_on, entry.reason = None, ""
            entry.nature, entry.joined_by = one.nature or Nature.UNKNOWN, placing.basis
        act.write(entry)
        entry.project = project
        placed[one.pk] = entry
        _answer(act, one, project, duties, units.find(one.owner), placing)
        if one.project_id != project.pk or one.decision != Decision.IN:
            one.project, one.decision = project, Decision.IN
            act.write(one)
    return placed


def _require_own_code(one: Application, holder: int | None) -> None:
    if holder is not None and holder != one.project_id:
        name = Project.objects.get(pk=holder).name
        what = f"“{one.name}”的代码{one.national_code}是台账中的“{name}”"
        raise BadInput(Fault("code-taken", what, "请在它的申报页认定是不是同一个项目"))


def _make_owners(act: Act, applications: Sequence[Application]) -> None:
    known = organisation.organisation_names()
    new = {
        match_form(one.owner): one.owner
        for one in applications
        if one.owner and known.find(one.owner) is None
    }
    create_organisations(
        act, [NewOrganisation(name, OrganisationKind.OWNER) for name in new.values()]
    )


def _project(act: Act, one: Application) -> Project:
    project = one.project
    if project is None:
        project = Project(
            uid=uuid.uuid4().hex, name=one.name, region_id=one.region_id,
            national_code=one.national_code or None,
        )  # fmt: skip
    elif match_form(project.name) != match_form(one.name):
        act.write(ProjectAlias(project=project, name=project.name, valid_from=clock.today()))
    before = {field.attname: getattr(project, field.attname) for field in project._meta.fields}
    project.name = one.name
    project.national_code = project.national_code or one.national_code or None
    project.sector_id = one.sector_id or project.sector_id
    project.site, project.content = one.site or project.site, one.content or project.content
    if project.package_id is None and one.total_yuan is not None:
        project.total_yuan = one.total_yuan  # a part's money stands on its package (M-A4)
    now = {field.attname: getattr(project, field.attname) for field in project._meta.fields}
    if project._state.adding or now != before:
        act.write(project)
    return project


def _answer(
    act: Act,
    one: Application,
    project: Project,
    duties: dict[tuple[int, str], Responsibility],
    owner_id: int | None,
    placing: Placing,
) -> None:
    """Who answers from now on, where nobody does: the unit that applied, the owner it names."""
    for role, unit in (
        (ResponsibilityRole.LEAD, one.organisation_id),
        (ResponsibilityRole.OWNER, owner_id if one.owner else None),
    ):
        if unit is None or (project.pk, role) in duties:
            continue
        act.write(
            Responsibility(
                project=project,
                role=role,
                organisation_id=unit,
                valid_from=placing.joined_on,
                basis=placing.basis[:300],
            )
        )


def take_off(act: Act, entry: ListEntry, *, on: date, reason: str) -> None:
    """Let a project leave a list from a day on, with the paper that says so."""
    entry.left_on, entry.reason = max(on, entry.joined_on), reason[:300]
    act.write(entry)


def mark_issued(act: Act, call: ListCall, listing: ProjectList) -> None:
    """Note at the call which list came of it: it can be issued once."""
    call.state, call.list = CallState.ISSUED, listing
    act.write(call)
