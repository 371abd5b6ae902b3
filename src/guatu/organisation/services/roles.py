"""Roles with scope and dates, given and ended by the security administrator."""

from __future__ import annotations

from datetime import date

from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, Fault, NotAllowed
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.organisation import access, queries
from guatu.organisation.models import Assignment, AssignmentEnd, User
from guatu.organisation.types import Right, Role, UserKind


def assign_role(
    actor: Actor, user: User, role: Role, *, scope_organisation_id: int, valid_from: date
) -> Assignment:
    """Give a business user a role within a scope, from a day on."""
    access.require(actor, Right.GRANT_ROLES)
    if user.kind != UserKind.BUSINESS:
        raise BadInput(
            Fault(
                code="administrator-has-no-role",
                what=f"“{user.login}”是管理员账号，不能有业务角色",
                remedy="请用业务账号",
            )
        )
    if user.pk == actor.user_id:
        raise NotAllowed(Fault("own-account", "不能给自己授权", "请由另一名安全管理员办理"))
    access.get_organisation(scope_organisation_id)
    held = access.current_assignments(user.pk, max(valid_from, clock.today()))
    if any((one.role, one.scope_organisation_id) == (role, scope_organisation_id) for one in held):
        raise BadInput(
            Fault("has-role", f"“{user.login}”在这个范围已经是{role.label}", "请选别的角色或范围")
        )
    with journal.act(actor, "role.assigned") as act:
        row = Assignment(
            user=user,
            role=role,
            scope_organisation_id=scope_organisation_id,
            valid_from=valid_from,
            granted_by=actor.text,
        )
        act.write(row)
    return row


def end_role(actor: Actor, assignment_id: int, *, on: date) -> AssignmentEnd:
    """End a role on a day: on that day its holder has it no more."""
    access.require(actor, Right.GRANT_ROLES)
    row = access.get_assignment(assignment_id)
    if on < row.valid_from:
        raise BadInput(
            Fault(
                "ends-before", f"结束日期早于开始日期{row.valid_from}", "请写开始日期或以后的日期"
            )
        )
    with journal.act(actor, "role.ended") as act:
        queries.lock_root()
        if AssignmentEnd.objects.filter(assignment=row).exists():
            raise Conflict(Fault("ended", "这个角色已经结束", "请刷新页面"))
        end = AssignmentEnd(assignment=row, on=on, by=actor.text)
        act.write(end)
    return end
