"""Reading the journal page by page: entries under filters, one entry with its changes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from guatu.core import clock
from guatu.journal.columns import column_label, value_label
from guatu.journal.models import Change, Checkpoint, Entry


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows the journal; empty means all."""

    since: date | None = None
    until: date | None = None
    actor: str = ""
    act: str = ""
    table: str = ""
    row_id: int | None = None

    @property
    def is_any(self) -> bool:
        """Whether anything narrows it."""
        return self != Filters()


@dataclass(slots=True)
class Cell:
    """One column of a changed row by its word: what it is now and what it was."""

    name: str
    label: str
    now: str
    before: str = ""
    is_changed: bool = False
    is_personal: bool = False


@dataclass(slots=True)
class ChangedRow:
    """One row that an act wrote."""

    n: int
    table: str
    row_id: int
    op: str
    cells: list[Cell] = field(default_factory=list)
    knows_before: bool = False


def entries(filters: Filters) -> QuerySet[Entry]:
    """The entries under the filters, the newest first."""
    found = Entry.objects.order_by("-seq")
    if filters.since:
        found = found.filter(at__gte=clock.start_of(filters.since))
    if filters.until:
        found = found.filter(at__lt=clock.start_of(filters.until + timedelta(days=1)))
    if filters.actor:
        found = found.filter(
            Q(actor_text__icontains=filters.actor) | Q(organisation_text__icontains=filters.actor)
        )
    if filters.act:
        found = found.filter(act__startswith=filters.act)
    if filters.table:
        changes = Change.objects.filter(entry_id=OuterRef("seq"), table=filters.table)
        if filters.row_id is not None:
            changes = changes.filter(row_id=filters.row_id)
        found = found.filter(Exists(changes))
    return found


def detail_of(entry: Entry) -> dict[str, object]:
    """What the act noted beside its changes, and how many changes there are."""
    try:
        body = json.loads(entry.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def count_of_changes(entry: Entry) -> int:
    """How many rows the act wrote."""
    return Change.objects.filter(entry_id=entry.seq).count()


def changes_of(entry: Entry, *, start: int, size: int) -> list[ChangedRow]:
    """A page of the rows that the act wrote, each with what its columns were before."""
    rows = list(Change.objects.filter(entry_id=entry.seq).order_by("n")[start : start + size])
    before = _images_before(entry.seq, [row for row in rows if row.op != "insert"])
    return [_changed_row(row, before) for row in rows]


def _images_before(seq: int, rows: Sequence[Change]) -> dict[tuple[str, int], str]:
    if not rows:
        return {}
    found = Change.objects.filter(
        entry_id__lt=seq,
        table__in={row.table for row in rows},
        row_id__in={row.row_id for row in rows},
    ).order_by("entry_id", "n")
    wanted = {(row.table, row.row_id) for row in rows}
    return {
        (table, row_id): after
        for table, row_id, after in found.values_list("table", "row_id", "after")
        if (table, row_id) in wanted
    }


def _changed_row(row: Change, before: Mapping[tuple[str, int], str]) -> ChangedRow:
    now = _columns(row.table, row.after)
    then = _columns(row.table, before.get((row.table, row.row_id), ""))
    cells = [
        Cell(
            name,
            column_label(row.table, name),
            value,
            then.get(name, ""),
            is_changed=bool(then) and then.get(name) != value,
            is_personal=value.startswith("commit:"),
        )
        for name, value in now.items()
        if name != "id"
    ]
    return ChangedRow(row.n, row.table, row.row_id, row.op, cells, knows_before=bool(then))


def _columns(table: str, image: str) -> dict[str, str]:
    try:
        told = json.loads(image)
    except ValueError:
        return {"": image} if image else {}
    if not isinstance(told, dict):
        return {"": image}
    return {name: value_label(table, name, value) for name, value in told.items()}


def checkpoints() -> QuerySet[Checkpoint]:
    """Checkpoints that left the database, the newest first."""
    return Checkpoint.objects.order_by("-pk")


def acts_used() -> list[str]:
    """The names of all acts that occur."""
    return list(Entry.objects.order_by("act").values_list("act", flat=True).distinct())
