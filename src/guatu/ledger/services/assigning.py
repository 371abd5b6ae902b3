"""Who answers for many projects, by one paper on one day: one act, all or none (M-A6, M-B11)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from guatu.core.errors import BadInput, Conflict, Fault
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger import access, rules
from guatu.ledger.models import Project, Responsibility
from guatu.ledger.services.duties import (
    AssignDuty,
    end_duties,
    open_duties,
    person_of,
    require_whole,
)
from guatu.ledger.types import ResponsibilityRole
from guatu.organisation.access import require
from guatu.organisation.types import Right


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who is to bear a role of a project; `before` are the ids that were seen to bear it."""

    project_id: int
    role: ResponsibilityRole
    organisation_id: int | None = None
    person_name: str = ""
    before: tuple[tuple[int | None, int | None], ...] = ()


@dataclass(frozen=True, slots=True)
class AssignTogether:
    """One paper: from which day, on what basis, whom to which projects."""

    valid_from: date
    basis: str
    bearers: Sequence[Bearer]
    creates_persons: bool = False


def bearers_of(held: Sequence[Responsibility]) -> tuple[tuple[int | None, int | None], ...]:
    """Who bears some duties, as `Bearer.before` keeps it: organisation and person."""
    return tuple((one.organisation_id, one.person_id) for one in held)


def assign_together(actor: Actor, command: AssignTogether) -> int:
    """Give roles of many projects their bearers; those who bore them end the day before.

    Returns how many duties are new. Raises Conflict where a bearer is not who was seen any more,
    BadInput naming each project whose bearer cannot be followed from that day.
    """
    require(actor, Right.EDIT_PROJECTS)
    if not command.bearers:
        raise BadInput(Fault("nothing-to-change", "没有要改的责任", "请核对粘贴的表"))
    duties = {one: _duty(command, one) for one in command.bearers}
    for duty in duties.values():
        require_whole(duty)
    projects = _projects(actor, command)
    held = _held(command)
    _require_possible(command, projects, held)
    detail = {"reason": command.basis.strip()}
    with journal.act(actor, "duties.assigned_together", detail=detail) as act:
        people: dict[str, int | None] = {}
        for one, duty in duties.items():
            if duty.person_name not in people:
                people[duty.person_name] = person_of(act, duty)
            end_duties(act, held[one.project_id, one.role], command.valid_from)
            act.write(
                Responsibility(
                    project=projects[one.project_id],
                    role=one.role,
                    organisation_id=one.organisation_id,
                    person_id=people[duty.person_name],
                    valid_from=command.valid_from,
                    basis=command.basis.strip(),
                )
            )
    return len(duties)


def _duty(command: AssignTogether, one: Bearer) -> AssignDuty:
    return AssignDuty(
        role=one.role,
        valid_from=command.valid_from,
        basis=command.basis,
        organisation_id=one.organisation_id,
        person_name=one.person_name,
        creates_person=command.creates_persons,
    )


def _projects(actor: Actor, command: AssignTogether) -> dict[int, Project]:
    wanted = {one.project_id for one in command.bearers}
    found = access.visible_to(actor).in_bulk(wanted)
    if len(found) != len(wanted):
        raise Conflict(Fault("left-meanwhile", "有的项目已移出台账", "请重新粘贴核对"))
    return found


def _held(command: AssignTogether) -> dict[tuple[int, str], list[Responsibility]]:
    held: dict[tuple[int, str], list[Responsibility]] = defaultdict(list)
    for role in {one.role for one in command.bearers}:
        ids = [one.project_id for one in command.bearers if one.role == role]
        for row in open_duties(ids, role):
            held[row.project_id, row.role].append(row)
    return held


def _require_possible(
    command: AssignTogether,
    projects: dict[int, Project],
    held: dict[tuple[int, str], list[Responsibility]],
) -> None:
    changed, faults = [], []
    for one in command.bearers:
        rows = held[one.project_id, one.role]
        name = projects[one.project_id].name
        if bearers_of(rows) != one.before:
            changed.append(f"“{name}”的{one.role.label}")
        for row in rows:
            fault = rules.takeover_fault(since=row.valid_from, valid_from=command.valid_from)
            if fault:
                what = f"“{name}”的{one.role.label}：{fault.what}"
                faults.append(Fault(fault.code, what, fault.remedy))
    if changed:
        what = f"{'、'.join(changed[:5])}刚被别人改过"
        raise Conflict(Fault("changed-meanwhile", what, "什么都没有改；请重新预览后再确认"))
    if faults:
        raise BadInput(*faults)
