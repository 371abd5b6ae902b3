"""The one writer: `with act(actor, "report.submitted") as a: a.write(obj)` (trust A-20, F-1).

Row, after-image and entry are stored in one transaction, or nothing is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby

from django.db import connection, transaction

from guatu.core import clock
from guatu.core.errors import Conflict, Fault
from guatu.engines import chain
from guatu.journal.images import imager
from guatu.journal.models import AppendOnly, Change, Checkpoint, Entry, Head, Journalled, Versioned
from guatu.journal.types import Actor

BATCH = 2_000
ACT_VERSION = 1


ChangeRow = tuple[int, str, int, str, str]
"""Number within the act, table, row id, operation, after-image."""


class Act:
    """One act being written. Made by `act()`; of no use after its block ends."""

    def __init__(self, actor: Actor, name: str) -> None:
        self.actor = actor
        self.name = name
        self.at = clock.now()
        self.detail: dict[str, object] = {}
        self.seq: int | None = None
        self._changes: list[ChangeRow] = []
        self._digest = hashlib.new("sm3")
        self._open = True

    @property
    def written(self) -> int:
        """How many rows this act has written so far."""
        return len(self._changes)

    def write(self, row: Journalled) -> None:
        """Insert or change one row. A versioned row that somebody changed raises Conflict."""
        self._require_open()
        adding = row._state.adding
        if adding:
            row.save(force_insert=True)
        elif isinstance(row, AppendOnly):
            raise TypeError(f"{type(row).__name__} is append-only")
        elif isinstance(row, Versioned):
            _swap(row)
        else:
            row.save(force_update=True)
        self._record(row, "insert" if adding else "update")

    def remove(self, row: Journalled) -> None:
        """Delete one row; the journal keeps its last image. Rows that others name stay."""
        self._require_open()
        if isinstance(row, AppendOnly):
            raise TypeError(f"{type(row).__name__} is append-only")
        self._record(row, "delete")
        seen = {"version": row.version} if isinstance(row, Versioned) else {}
        if type(row)._base_manager.filter(pk=row.pk, **seen).delete()[0] != 1:
            raise _changed_meanwhile(row)

    def add_all(self, rows: Sequence[Journalled]) -> None:
        """Insert many new rows, table by table in the order given."""
        self._require_open()
        for model, group in groupby(rows, key=lambda row: type(row)):
            batch = list(group)
            model._base_manager.bulk_create(batch, batch_size=BATCH)
            self._record_all(model, batch, "insert")

    def change_all(self, rows: Sequence[Journalled], fields: Iterable[str]) -> None:
        """Change the same columns of many unversioned rows of one table."""
        self._require_open()
        if not rows:
            return
        model = type(rows[0])
        if issubclass(model, (AppendOnly, Versioned)):
            raise TypeError(f"{model.__name__} does not change in bulk")
        model._base_manager.bulk_update(rows, list(fields), batch_size=BATCH)
        self._record_all(model, rows, "update")

    def reserve_seq(self) -> int:
        """The number this act's entry will have. Locks the head until the transaction ends."""
        head = Head.objects.select_for_update().filter(pk=1).first()
        return head.seq + 1 if head else 1

    def _require_open(self) -> None:
        if not self._open:
            raise RuntimeError("this act has ended")

    def _record(self, row: Journalled, op: str) -> None:
        self._record_all(type(row), [row], op)

    def _record_all(self, model: type[Journalled], rows: Sequence[Journalled], op: str) -> None:
        table, image, update = model._meta.db_table, imager(model), self._digest.update
        n = len(self._changes)
        append = self._changes.append
        for row in rows:
            n += 1
            after = image(row)
            row_id = row.pk
            update(f"{n}\t{table}\t{row_id}\t{op}\t{after}\n".encode())
            append((n, table, row_id, op, after))

    def _seal(self) -> None:
        """Append the entry. The head is locked last, so acts wait for each other only here."""
        self._open = False
        head = Head.objects.select_for_update().filter(pk=1).first()
        before = chain.Mark(head.seq, head.hash) if head else None
        changes_sm3 = self._digest.hexdigest()
        link = chain.append(
            before,
            {
                "act": self.name,
                "act_version": ACT_VERSION,
                "actor": self.actor.text,
                "at": self.at.isoformat(timespec="microseconds"),
                "changes": len(self._changes),
                "changes_sm3": changes_sm3,
                "detail": self.detail,
                "organisation": self.actor.organisation_text,
                "os_user": self.actor.os_user,
                "session": self.actor.session_hash,
                "user": self.actor.user_id,
            },
        )
        entry = Entry.objects.create(
            seq=link.seq,
            at=self.at,
            act=self.name,
            act_version=ACT_VERSION,
            actor_text=self.actor.text,
            organisation_text=self.actor.organisation_text,
            session_hash=self.actor.session_hash,
            alg=link.alg,
            body=link.body,
            changes_sm3=changes_sm3,
            prev=link.prev,
            hash=link.hash,
        )
        _insert_changes(link.seq, self._changes)
        self.seq = entry.seq
        if head is None:
            # Two first acts at once: the second insert of row 1 fails and its act rolls back.
            Head.objects.bulk_create([Head(pk=1, seq=link.seq, hash=link.hash)])
        elif Head.objects.filter(pk=1, seq=head.seq).update(seq=link.seq, hash=link.hash) != 1:
            raise Conflict(
                Fault(code="journal-race", what="日志同时被别人写入", remedy="请再试一次")
            )


def _insert_changes(seq: int, changes: Iterable[ChangeRow]) -> None:
    """The rows of `Change` by plain SQL: half of all rows a big import writes stand here, and
    nobody needs them as objects."""
    quote = connection.ops.quote_name
    columns = ", ".join(map(quote, ("entry_id", "n", "table", "row_id", "op", "after")))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(Change._meta.db_table)} ({columns})"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            [(seq, *change) for change in changes],
        )


def _swap(row: Versioned) -> None:
    """Write the row only where its version is still the one that was read."""
    seen = row.version
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
    values["version"] = seen + 1
    changed = type(row)._base_manager.filter(pk=row.pk, version=seen).update(**values)
    if changed != 1:
        raise _changed_meanwhile(row)
    row.version = seen + 1


def require_version(row: Versioned | None, version: int, name: object = None) -> None:
    """Raise Conflict where a row is not the one that the page before has shown; 0 is the version
    of a row that is not there yet."""
    if (row.version if row else 0) != version:
        raise _changed_meanwhile(name or row)


def _changed_meanwhile(name: object) -> Conflict:
    return Conflict(Fault("changed-meanwhile", f"“{name}”刚被别人修改", "请核对后再办"))


@contextmanager
def act(actor: Actor, name: str, *, detail: Mapping[str, object] | None = None) -> Iterator[Act]:
    """One act in one transaction; its entry is appended when the block ends without an error.

    `name` is `noun.verb` in English (`round.closed`); `detail` is small canonical JSON that a
    reader of the journal needs beside the changes. An act that changed nothing leaves no entry
    unless it has a detail; neither does one that is to be rolled back (a trial).
    """
    with transaction.atomic():
        writer = Act(actor, name)
        writer.detail.update(detail or {})
        yield writer
        if (writer.written or writer.detail) and not transaction.get_rollback():
            writer._seal()
        writer._open = False


def record_checkpoint(actor: Actor, *, kept_at: str) -> chain.Mark:
    """Note that the present count and head leave the database, and return them (trust F-3)."""
    with act(actor, "journal.checkpointed") as writer:
        head = Head.objects.select_for_update().filter(pk=1).first()
        mark = chain.Mark(head.seq, head.hash) if head else chain.Mark(0, chain.GENESIS)
        writer.write(Checkpoint(seq=mark.seq, hash=mark.hash, printed_on=kept_at))
    return mark
