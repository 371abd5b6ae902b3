"""A project's place on a list: put on, taken off with day and reason, put on again (M-A10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, Fault
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger import access, queries, rules
from guatu.ledger.making.queries import is_numbered, numbered_fault
from guatu.ledger.models import ListEntry, Project, ProjectList
from guatu.organisation.access import require
from guatu.organisation.queries import lock_root
from guatu.organisation.types import Right


def require_unnumbered(listing: ProjectList) -> None:
    """Raise Conflict where a list was issued by number: one by one would pass the numbering by."""
    if is_numbered(listing.pk):
        raise Conflict(numbered_fault(listing))


def leave_list(
    actor: Actor, entry_id: int, *, left_on: date, reason: str, version: int
) -> ListEntry:
    """Take a project off a list from a day on; its number and history stay.

    Raises BadInput without a reason, for an impossible day, or while a sub-list holds it.
    """
    entry = access.get_entry(actor, entry_id)
    require(actor, Right.EDIT_PROJECTS)
    journal.require_version(entry, version, entry.project)
    if entry.left_on is not None:
        raise BadInput(Fault("left-already", f"已于{entry.left_on}退出清单", "不必再办"))
    require_unnumbered(entry.list)
    faults = rules.leaving_faults(
        joined_on=entry.joined_on,
        left_on=left_on,
        today=clock.today(),
        sub_lists=queries.sub_lists_holding(entry),
    )
    if not reason.strip():
        faults.append(Fault("no-reason", "没有写原因", "请写退出的原因或文号"))
    if faults:
        raise BadInput(*faults)
    entry.left_on, entry.reason = left_on, reason.strip()
    with journal.act(actor, "entry.left") as act:
        act.write(entry)
    return entry


def rejoin_list(actor: Actor, entry_id: int, *, basis: str, version: int) -> ListEntry:
    """Put a project on a list again, under the number it had. A sub-list asks for its parent."""
    entry = access.get_entry(actor, entry_id)
    require(actor, Right.EDIT_PROJECTS)
    journal.require_version(entry, version, entry.project)
    if entry.left_on is None:
        raise BadInput(Fault("on-list", "它就在清单上", "不必再办"))
    require_unnumbered(entry.list)
    if not basis.strip():
        raise BadInput(Fault("no-basis", "没有写依据", "请写重新列入的依据"))
    _require_on_parent(entry.list.parent_id, [entry.project])
    detail = {"left_on": entry.left_on.isoformat(), "reason": entry.reason}
    entry.left_on, entry.reason, entry.joined_by = None, "", basis.strip()
    with journal.act(actor, "entry.rejoined", detail=detail) as act:
        act.write(entry)
    return entry


@transaction.atomic
def add_to_list(
    actor: Actor, list_id: int, projects: Sequence[Project], *, basis: str
) -> list[ListEntry]:
    """Put known projects on a list, all or none; those of a sub-list stand on its parent.

    Raises BadInput naming each project that is on the list already, or not on the parent.
    """
    listing = access.get_list(actor, list_id)
    require(actor, Right.EDIT_PROJECTS)
    lock_root()  # who stands on the list and the next number are read before they are written
    require_unnumbered(listing)
    projects = list(dict.fromkeys(projects))
    held = queries.entries_of(listing.pk)
    again = [one for one in projects if one.pk in held]
    if again:
        raise BadInput(
            *(
                Fault("on-list", f"“{one.name}”已在或曾在{listing}上", "曾退出的请办重新列入")
                for one in again
            )
        )
    _require_on_parent(listing.parent_id, projects)
    serial = queries.next_serial(listing.pk)
    today = clock.today()
    joined_on = today if today.year == listing.year else date(listing.year, 1, 1)
    upper = queries.entries_of(listing.parent_id) if listing.parent_id else {}
    rows = []
    for at, one in enumerate(projects):
        above = upper.get(one.pk)
        rows.append(
            ListEntry(
                list=listing,
                project=one,
                serial_no=serial + at,
                nature=above.nature if above else "",
                tier=above.tier if above else "",
                project_class=above.project_class if above else "",
                joined_on=joined_on,
                joined_by=basis.strip(),
            )
        )
    with journal.act(actor, "entries.added") as act:
        act.add_all(rows)
    return rows


def _require_on_parent(parent_id: int | None, projects: Sequence[Project]) -> None:
    if parent_id is None:
        return
    above = {pk for pk, one in queries.entries_of(parent_id).items() if one.left_on is None}
    missing = [one for one in projects if one.pk not in above]
    if missing:
        raise BadInput(
            *(
                Fault("not-on-parent", f"“{one.name}”不在上级清单上", "请先列入上级清单")
                for one in missing
            )
        )
