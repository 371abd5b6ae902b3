"""One change of many projects at once: one act, all or nothing, and its counter-act (M-A6)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, Fault, NotFound
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger import access, queries
from guatu.ledger.models import BulkChange, ListEntry, Responsibility, Term
from guatu.ledger.services.duties import (
    AssignDuty,
    end_duties,
    open_duties,
    person_of,
    require_whole,
)
from guatu.ledger.types import BulkField, ResponsibilityRole, Vocabulary
from guatu.organisation import queries as organisation
from guatu.organisation.access import require
from guatu.organisation.types import Right

_DUTIES = {
    BulkField.LEAD: ResponsibilityRole.LEAD,
    BulkField.LEADER: ResponsibilityRole.LEADER,
}
_TEXTS = {
    BulkField.STAGE: "stage",
    BulkField.TIER: "tier",
    BulkField.CLASS: "project_class",
}
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class ChangeMany:
    """What to change of which entries of a list.

    `before` gives for each entry the value (see `queries.states_of`) that the person saw.
    `target_id` is the sector or the organisation; `text` the words or the leader's name.
    """

    list_id: int
    field: BulkField
    before: Mapping[int, str]
    target_id: int | None = None
    text: str = ""
    valid_from: date | None = None
    basis: str = ""
    creates_person: bool = False


def change_many(actor: Actor, command: ChangeMany) -> BulkChange:
    """Change one field of many projects; those that have it already are left alone.

    Raises Conflict naming the projects whose value is not what the person saw any more, BadInput
    where there is nothing to change or a bearer cannot take over; then nothing is changed.
    """
    require(actor, Right.EDIT_PROJECTS)
    listing = access.get_list(actor, command.list_id)
    entries = _entries(actor, listing.pk, command.before)
    _require_as_seen(command.field, entries, command.before)
    duty = _duty(command)
    with journal.act(actor, "projects.changed_together") as act:
        undo: list[Any]
        if duty is not None:
            undo, new_text = _change_duties(act, entries, duty)
        else:
            undo, new_text = _change_words(act, entries, command)
        if not undo:
            raise BadInput(Fault("nothing-to-change", "所选项目现在就是这样", "不必再改"))
        row = BulkChange(
            list=listing,
            field=command.field,
            new_text=new_text,
            count=len(undo),
            before=json.dumps(undo, ensure_ascii=False, separators=(",", ":")),
            at=act.at,
            by=actor.text,
        )
        act.write(row)
    return row


def undo_bulk_change(actor: Actor, bulk_id: int) -> BulkChange:
    """Give everything back as it was before the last bulk change, where nobody touched it since.

    Raises Conflict naming the projects that somebody changed in between; then nothing changes.
    """
    require(actor, Right.EDIT_PROJECTS)
    row = BulkChange.objects.filter(pk=bulk_id).first()
    if row is None:
        raise NotFound(Fault("unknown-bulk-change", "没有这次批量修改"))
    if (
        row.undone_at is not None
        or BulkChange.objects.filter(pk__gt=bulk_id, undone_at__isnull=True).exists()
    ):
        raise BadInput(Fault("not-the-last", "只能撤销最近一次批量修改", "请刷新页面"))
    undo = json.loads(row.before)
    entries = {
        one.pk: one
        for one in ListEntry.objects.filter(list_id=row.list_id).select_related("project")
    }
    with journal.act(actor, "projects.change_undone", detail={"bulk_change": row.pk}) as act:
        if BulkField(row.field) in _DUTIES:
            _undo_duties(act, undo, entries, _DUTIES[BulkField(row.field)])
        else:
            _undo_words(act, undo, entries, BulkField(row.field))
        row.undone_at, row.undone_by = act.at, actor.text
        act.write(row)
    return row


def _entries(actor: Actor, list_id: int, wanted: Mapping[int, str]) -> list[ListEntry]:
    found = [
        one
        for one in ListEntry.objects.filter(
            list_id=list_id, left_on__isnull=True, project__in=access.visible_to(actor)
        )
        .select_related("project")
        .order_by("serial_no", "pk")
        if one.pk in wanted
    ]
    if len(found) != len(wanted):
        what = f"所选的{len(wanted)}个项目中有{len(wanted) - len(found)}个已不在清单上"
        raise Conflict(Fault("left-meanwhile", what, "请重新选择"))
    if not found:
        raise BadInput(Fault("nothing-chosen", "没有选项目", "请先勾选项目"))
    return found


def _require_as_seen(
    field: BulkField, entries: Sequence[ListEntry], before: Mapping[int, str]
) -> None:
    now = queries.states_of(field, entries)
    changed = [one for one in entries if now[one.pk][0] != before[one.pk]]
    if changed:
        _refuse_changed(changed, field)


def _refuse_changed(changed: Sequence[ListEntry], field: BulkField) -> None:
    names = "、".join(f"“{one.project.name}”" for one in changed[:_MOST_NAMED])
    more = f"等{len(changed)}个项目" if len(changed) > _MOST_NAMED else ""
    what = f"{names}{more}的{field.label}刚被别人改过"
    raise Conflict(Fault("changed-meanwhile", what, "什么都没有改；请重新选择后再核对"))


def _duty(command: ChangeMany) -> AssignDuty | None:
    role = _DUTIES.get(command.field)
    if role is None:
        return None
    duty = AssignDuty(
        role=role,
        valid_from=command.valid_from or clock.today(),
        basis=command.basis.strip(),
        organisation_id=command.target_id if role is ResponsibilityRole.LEAD else None,
        person_name=command.text.strip() if role is ResponsibilityRole.LEADER else "",
        creates_person=command.creates_person,
    )
    require_whole(duty)
    return duty


def _change_duties(
    act: journal.Act, entries: Sequence[ListEntry], duty: AssignDuty
) -> tuple[list[Any], str]:
    """For each entry: its id, the new duty, those ended, and those taken away whole."""
    person_id = person_of(act, duty)
    held: dict[int, list[Responsibility]] = {}
    wanted = {one.project_id for one in entries}
    for row in open_duties(list(wanted), duty.role):
        held.setdefault(row.project_id, []).append(row)
    undo: list[Any] = []
    for entry in entries:
        old = held.get(entry.project_id, [])
        if [(o.organisation_id, o.person_id) for o in old] == [(duty.organisation_id, person_id)]:
            continue
        ended = [o.pk for o in old if o.valid_from != duty.valid_from]
        gone = [
            [o.organisation_id, o.person_id, o.valid_from.isoformat(), o.basis]
            for o in old
            if o.valid_from == duty.valid_from
        ]
        end_duties(act, old, duty.valid_from)
        new = Responsibility(
            project=entry.project,
            role=duty.role,
            organisation_id=duty.organisation_id,
            person_id=person_id,
            valid_from=duty.valid_from,
            basis=duty.basis,
        )
        act.write(new)
        undo.append([entry.pk, new.pk, ended, gone])
    text = duty.person_name or organisation.names_of_organisations([duty.organisation_id or 0]).get(
        duty.organisation_id or 0, ""
    )
    return undo, text


def _undo_duties(
    act: journal.Act, undo: list[Any], entries: Mapping[int, ListEntry], role: ResponsibilityRole
) -> None:
    rows = Responsibility.objects.filter(role=role).in_bulk()
    later: dict[int, list[int]] = {}
    for row in rows.values():
        if row.valid_to is None:
            later.setdefault(row.project_id, []).append(row.pk)
    changed = [
        entries[entry_id]
        for entry_id, new, _, _ in undo
        if later.get(entries[entry_id].project_id, []) != [new]
    ]
    if changed:
        _refuse_changed(changed, BulkField(role.value))
    for entry_id, new, ended, gone in undo:
        act.remove(rows[new])
        for pk in ended:
            rows[pk].valid_to = None
            act.write(rows[pk])
        for organisation_id, person_id, since, basis in gone:
            act.write(
                Responsibility(
                    project_id=entries[entry_id].project_id,
                    role=role,
                    organisation_id=organisation_id,
                    person_id=person_id,
                    valid_from=date.fromisoformat(since),
                    basis=basis,
                )
            )


def _change_words(
    act: journal.Act, entries: Sequence[ListEntry], command: ChangeMany
) -> tuple[list[Any], str]:
    """For each entry: its id, the old value, the new one."""
    undo: list[Any] = []
    if command.field is BulkField.SECTOR:
        term = Term.objects.filter(pk=command.target_id or 0, vocabulary=Vocabulary.SECTOR).first()
        if command.target_id is not None and term is None:
            raise BadInput(Fault("unknown-term", "没有这个行业", "请重选"))
        for entry in entries:
            old = entry.project.sector_id
            if old != command.target_id:
                undo.append([entry.pk, old, command.target_id])
                entry.project.sector = term
                act.write(entry.project)
        return undo, term.name if term else ""
    name, text = _TEXTS[command.field], command.text.strip()
    if len(text) > 40:
        raise BadInput(Fault("text-too-long", f"{command.field.label}超过40字", "请改短"))
    for entry in entries:
        row = entry.project if command.field is BulkField.STAGE else entry
        if getattr(row, name) != text:
            undo.append([entry.pk, getattr(row, name), text])
            setattr(row, name, text)
            act.write(row)
    return undo, text


def _undo_words(
    act: journal.Act, undo: list[Any], entries: Mapping[int, ListEntry], field: BulkField
) -> None:
    name = "sector_id" if field is BulkField.SECTOR else _TEXTS[field]
    of_project = field in (BulkField.SECTOR, BulkField.STAGE)

    def row_of(entry_id: int) -> Any:
        return entries[entry_id].project if of_project else entries[entry_id]

    changed = [entries[pk] for pk, _, new in undo if getattr(row_of(pk), name) != new]
    if changed:
        _refuse_changed(changed, field)
    if field is BulkField.SECTOR:
        wanted = {old for _, old, _ in undo if old is not None}
        if Term.objects.filter(pk__in=wanted).count() != len(wanted):
            raise Conflict(Fault("term-gone", "原来的行业已被并入或删去", "请另行修改"))
    for pk, old, _ in undo:
        row = row_of(pk)
        setattr(row, name, old)
        act.write(row)
