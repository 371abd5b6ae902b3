"""Who answers for a project: assigned, replaced and ended from a day on, with the paper (M-A6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from guatu.core import clock
from guatu.core.errors import BadInput, Fault
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger import access, rules
from guatu.ledger.models import Responsibility
from guatu.ledger.types import PERSON_ROLES, Bearing, ResponsibilityRole
from guatu.organisation.access import require
from guatu.organisation.queries import person_named
from guatu.organisation.services import create_persons
from guatu.organisation.types import Right


@dataclass(frozen=True, slots=True)
class AssignDuty:
    """Who is to bear a role from a day on, on what basis.

    An organisation for most roles; a person, named, for 包联领导 and 联络员. Nobody where the
    present bearer's duty just ends.
    """

    role: ResponsibilityRole
    valid_from: date
    basis: str
    organisation_id: int | None = None
    person_name: str = ""
    bearing: Bearing = Bearing.REPLACE
    creates_person: bool = False


def assign_duty(actor: Actor, project_id: int, command: AssignDuty) -> Responsibility | None:
    """Give a project's role a bearer from a day on; who bore it ends the day before."""
    project = access.get_project(actor, project_id)
    require(actor, Right.EDIT_PROJECTS)
    require_whole(command)
    held = open_duties([project.pk], command.role)
    with journal.act(actor, "duty.assigned") as act:
        person_id = person_of(act, command)
        bearer = (command.organisation_id, person_id)
        if command.bearing != Bearing.END and bearer in {
            (one.organisation_id, one.person_id) for one in held
        }:
            raise BadInput(Fault("bears-already", "现在就由它承担", "不必再办"))
        if command.bearing != Bearing.ADD:
            end_duties(act, held, command.valid_from)
        if command.bearing == Bearing.END:
            return None
        row = Responsibility(
            project=project,
            role=command.role,
            organisation_id=command.organisation_id,
            person_id=person_id,
            valid_from=command.valid_from,
            basis=command.basis.strip(),
        )
        act.write(row)
    return row


def open_duties(project_ids: Sequence[int], role: str) -> list[Responsibility]:
    """The duties of a role that have no end yet, those that begin later included."""
    held = Responsibility.objects.filter(
        project_id__in=project_ids, role=role, valid_to__isnull=True
    )
    return list(held.order_by("project_id", "pk"))


def end_duties(act: journal.Act, held: Sequence[Responsibility], valid_from: date) -> None:
    """End duties the day before; one that begins on that very day was a slip and goes."""
    for duty in held:
        fault = rules.takeover_fault(since=duty.valid_from, valid_from=valid_from)
        if fault:
            raise BadInput(fault)
        if duty.valid_from == valid_from:
            act.remove(duty)
        else:
            duty.valid_to = valid_from - timedelta(days=1)
            act.write(duty)


def person_of(act: journal.Act, command: AssignDuty) -> int | None:
    """The person named, of the city's own (no unit); made where the caller allows it."""
    name = command.person_name.strip()
    if not name:
        return None
    known = person_named(name)
    if known is not None:
        return known[0]
    if not command.creates_person:
        what, remedy = f"还没有叫“{name}”的人", "确属新增，请勾选“新增此人”"
        raise BadInput(Fault("unknown-person", what, remedy))
    return create_persons(act, [name])[name]


def require_whole(command: AssignDuty) -> None:
    """Raise BadInput with everything that a duty lacks: bearer, basis, a day that can be meant."""
    faults = []
    is_person = command.role in PERSON_ROLES
    if command.bearing != Bearing.END:
        if is_person and not command.person_name.strip():
            faults.append(Fault("no-person", "没有写姓名", "请写姓名"))
        if not is_person and command.organisation_id is None:
            faults.append(Fault("no-organisation", "没有写单位", "请写单位名称"))
    if not command.basis.strip():
        faults.append(Fault("no-basis", "没有写依据", "请写文件名称和文号，或写明哪次会议"))
    if command.valid_from.year > clock.today().year + 1:
        faults.append(Fault("far-future", "日期太远", "请核对年份"))
    if faults:
        raise BadInput(*faults)
