"""Naming a programme's milestones, moving their days with a reason, dropping them (M-A9, M-B1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from guatu.core.errors import BadInput, Conflict, Fault
from guatu.core.names import has_hidden_signs
from guatu.journal import services as journal
from guatu.journal.services import Act
from guatu.journal.types import Actor
from guatu.ledger.access import get_project
from guatu.ledger.models import Project
from guatu.ledger.types import ProjectKind
from guatu.organisation.access import require
from guatu.organisation.types import Right
from guatu.planning.models import DateFact
from guatu.planning.types import DateKind, Milestone
from guatu.reporting.quantities.access import get_milestone
from guatu.reporting.quantities.milestones import MOST, Promised, promised_in

LONGEST_NAME, LONGEST_REASON = 20, 300
_TAKEN = {*Milestone.values, *(str(label) for label in Milestone.labels)}


def name_milestone(actor: Actor, project_id: int, name: str, due_on: date) -> DateFact:
    """Give a programme a milestone with the day that is promised for it.

    Raises NotFound, BadInput for construction, which reports physical nodes, and for a name that
    is none, Conflict where the programme has one of that name or too many.
    """
    require(actor, Right.EDIT_PROJECTS)
    project = get_project(actor, project_id)
    name = " ".join(name.split())
    if project.kind != ProjectKind.PROGRAMME:
        raise BadInput(Fault("no-programme", "建设项目不设节点", "建设项目报形象节点和开竣工时间"))
    if not 0 < len(name) <= LONGEST_NAME or has_hidden_signs(name) or name in _TAKEN:
        remedy = f"{LONGEST_NAME}字以内，开工、竣工另有时间"
        raise BadInput(Fault("bad-name", "节点名称不对", remedy))
    with journal.act(actor, "milestone.named") as act:
        list(Project.objects.select_for_update().filter(pk=project.pk))  # one at a time per project
        standing = promised_in([project.pk]).get(project.pk, [])
        if any(one.name == name for one in standing):
            raise Conflict(Fault("named-already", f"已有节点“{name}”", "可修改它的计划时间"))
        if len(standing) >= MOST:
            raise Conflict(Fault("too-many", f"一个项目最多{MOST}个节点", "请合并或取消一些"))
        return _tell(act, project.pk, name, DateKind.PLANNED, due_on)


def move_milestone(
    actor: Actor, milestone_id: int, due_on: date, *, reason: str, seen: int
) -> DateFact:
    """Promise another day, with the reason; the first promise stays in sight. `seen` is the number
    of the promise that the page showed. Raises NotFound, BadInput, Conflict."""
    require(actor, Right.EDIT_PROJECTS)
    reason = _reason(reason, "改期")
    with journal.act(actor, "milestone.moved") as act:
        one = _held(actor, milestone_id, seen)
        if one.due_on == due_on:
            raise BadInput(Fault("same-day", "与现在的计划时间一样", "没有变的不用保存"))
        return _tell(act, one.first.project_id, one.name, DateKind.PLANNED, due_on, reason)


def drop_milestone(actor: Actor, milestone_id: int, *, reason: str, seen: int) -> DateFact:
    """Ask for a milestone no more. Raises as above, and Conflict where it is reached."""
    require(actor, Right.EDIT_PROJECTS)
    reason = _reason(reason, "取消")
    with journal.act(actor, "milestone.dropped") as act:
        one = _held(actor, milestone_id, seen)
        if one.reached_on is not None:
            raise Conflict(Fault("reached-already", f"“{one.name}”已完成", "已完成的不能取消"))
        return _tell(act, one.first.project_id, one.name, DateKind.PLANNED, None, reason)


def _held(actor: Actor, milestone_id: int, seen: int) -> Promised:
    one = get_milestone(actor, milestone_id)
    if one.planned.seq != seen:
        raise _moved()
    return one


def _moved() -> Conflict:
    return Conflict(Fault("changed-meanwhile", "这个节点刚被别人改过", "请刷新核对后再改"))


def _reason(text: str, act: str) -> str:
    told = " ".join(text.split())
    if not 0 < len(told) <= LONGEST_REASON:
        what = f"没有写{act}的原因" if not told else "原因太长"
        raise BadInput(Fault("no-reason", what, f"请写明，{LONGEST_REASON}字以内"))
    return told


def _tell(
    act: Act, project_id: int, name: str, kind: DateKind, on: date | None, reason: str = ""
) -> DateFact:
    facts = DateFact.objects.filter(project_id=project_id, milestone=name, kind=kind)
    before = facts.order_by("-seq").values_list("seq", flat=True).first()
    row = _fact(act, project_id, name, kind, on, (before or 0) + 1, reason)
    try:
        with transaction.atomic():
            act.write(row)
    except IntegrityError as error:
        raise _moved() from error
    return row


def _fact(
    act: Act, project_id: int, name: str, kind: DateKind, on: date | None, seq: int, reason: str
) -> DateFact:
    return DateFact(
        project_id=project_id,
        milestone=name,
        kind=kind,
        on=on,
        seq=seq,
        reason=reason,
        by=act.actor.text,
        at=act.at,
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What a report says of milestones: the days reached by their keys, None taken back."""

    standing: Mapping[int, Promised]
    reached: Mapping[int, date | None]

    def faults(self, as_of: date) -> list[Fault]:
        """What no explanation makes right."""
        if not set(self.reached) <= set(self.standing):
            return [Fault("no-such-milestone", "有的节点本项目没有", "请刷新页面后再填")]
        return [
            Fault("reached-later", f"“{self.standing[key].name}”的完成日期晚于本期末", "请核对")
            for key, on in self.reached.items()
            if on is not None and on > as_of
        ]

    def store(self, act: Act) -> None:
        """Write what is new. One statement where something is."""
        rows = []
        for key, on in self.reached.items():
            one = self.standing[key]
            if on == one.reached_on:
                continue
            seq = one.actual.seq + 1 if one.actual else 1
            rows.append(_fact(act, one.first.project_id, one.name, DateKind.ACTUAL, on, seq, ""))
        act.add_all(rows)
