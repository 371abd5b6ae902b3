"""Founding, changing and dissolving bodies; their members."""

from __future__ import annotations

from datetime import date

from guatu.core import clock
from guatu.core.errors import BadInput, Fault
from guatu.journal import services as journal
from guatu.journal.services import require_version
from guatu.journal.types import Actor
from guatu.ledger.bodies.models import Body, BodyMember
from guatu.ledger.bodies.types import MemberRole, SaveBody
from guatu.organisation import access
from guatu.organisation.models import Person
from guatu.organisation.rules import name_fault
from guatu.organisation.types import Right


def save_body(actor: Actor, command: SaveBody, body: Body | None = None, version: int = 0) -> Body:
    """Enter or change a body. Raises BadInput for a second one of a name among the living, a
    term that ends before it begins, or no founding paper; Conflict where somebody was faster."""
    access.require(actor, Right.EDIT_PROJECTS)
    if body is not None:
        require_version(body, version)
        _require_living(body)
    if faults := _faults(command, body):
        raise BadInput(*faults)
    row = body or Body()
    row.name, row.kind = command.name.strip(), command.kind
    row.founding_paper = command.founding_paper.strip()
    row.founding_number = command.founding_number.strip()
    row.organisation_id = command.organisation_id
    row.from_on, row.term_to = command.from_on, command.term_to
    with journal.act(actor, "body.changed" if body else "body.added") as act:
        act.write(row)
    return row


def _faults(command: SaveBody, body: Body | None) -> list[Fault]:
    others = Body.objects.filter(name=command.name.strip(), ended_on__isnull=True)
    taken = others.exclude(pk=body.pk if body else 0).exists()
    found = [
        name_fault(command.name, 100),
        Fault("name-taken", "已有同名的在册机构", "请核对，或先撤销原来的") if taken else None,
        None
        if command.founding_paper.strip()
        else Fault("no-paper", "没有写成立文件", "请写文件名称"),
        Fault("term-too-early", "期限早于成立日期", "请核对两个日期")
        if command.term_to and command.term_to < command.from_on
        else None,
    ]
    return [one for one in found if one]


def end_body(actor: Actor, body: Body, version: int, *, on: date, reason: str) -> None:
    """Dissolve a body by a paper (`reason`); its members leave on the same day."""
    access.require(actor, Right.EDIT_PROJECTS)
    require_version(body, version)
    _require_living(body)
    if not reason.strip():
        raise BadInput(Fault("no-reason", "没有写撤销依据", "请写文件名称或会议"))
    if not body.from_on <= on <= clock.today():
        raise BadInput(Fault("day-outside", "撤销日期不在成立和今天之间", "请核对日期"))
    body.ended_on, body.end_reason = on, reason.strip()
    with journal.act(actor, "body.ended") as act:
        act.write(body)
        for member in body.members.filter(ended_on__isnull=True):
            member.ended_on = max(on, member.from_on)
            act.write(member)


def add_member(
    actor: Actor, body: Body, *, person_id: int, role: MemberRole, from_on: date
) -> BodyMember:
    """Put a person into a body. Raises BadInput for one who is in it, or before its founding."""
    access.require(actor, Right.EDIT_PROJECTS)
    _require_living(body)
    if not Person.objects.filter(pk=person_id).exists():
        raise BadInput(Fault("no-person", "没有选人员", "请从列表里选"))
    if body.members.filter(person_id=person_id, ended_on__isnull=True).exists():
        raise BadInput(Fault("member-there", "这个人已是成员", "换职务请先结束原来的"))
    if from_on < body.from_on:
        raise BadInput(Fault("day-outside", "起始日期早于机构成立", "请核对日期"))
    with journal.act(actor, "member.added") as act:
        row = BodyMember(body=body, person_id=person_id, role=role, from_on=from_on)
        act.write(row)
    return row


def end_member(actor: Actor, member: BodyMember, version: int, *, on: date) -> None:
    """Let a person leave a body on a day: not before he came, not in the future."""
    access.require(actor, Right.EDIT_PROJECTS)
    require_version(member, version, "成员")
    if member.ended_on is not None:
        raise BadInput(Fault("left-already", "这个人已不是成员", "请刷新页面"))
    if not member.from_on <= on <= max(clock.today(), member.from_on):
        what = f"{member.person}退出的日期不在{member.from_on}和今天之间"
        raise BadInput(Fault("day-outside", what, "请核对日期"))
    member.ended_on = on
    with journal.act(actor, "member.ended") as act:
        act.write(member)


def _require_living(body: Body) -> None:
    if body.ended_on is not None:
        raise BadInput(Fault("body-ended", f"“{body}”已撤销", "撤销后不再改"))
