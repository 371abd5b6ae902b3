"""Reading the journal back: is the chain whole, and do the tables equal what it tells?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from django.db import DatabaseError, connection, models, transaction
from django.db.models import Max

from guatu.engines import chain
from guatu.journal.images import imager, plain
from guatu.journal.models import Change, Entry, Head
from guatu.journal.triggers import journalled_models


@dataclass(slots=True)
class Verification:
    """What `guatu verify` found. `problems` is empty when everything holds."""

    entries: int = 0
    changes: int = 0
    head: chain.Mark | None = None
    problems: list[str] = field(default_factory=list)


def links() -> Iterator[chain.Link]:
    """The chain in order of its numbers."""
    rows = Entry.objects.order_by("seq").values_list("seq", "alg", "body", "prev", "hash")
    return (chain.Link(*row) for row in rows.iterator(chunk_size=2000))


def newest_at() -> datetime | None:
    """The latest instant that any entry of the journal bears; None where there is none."""
    found: datetime | None = Entry.objects.aggregate(newest=Max("at"))["newest"]
    return found


def head() -> chain.Mark | None:
    """Count and hash of the chain's end."""
    row = Head.objects.filter(pk=1).first()
    return chain.Mark(row.seq, row.hash) if row else None


Tell = Callable[[int, int, str], None]
"""Hears how far a verification is: steps done, steps in all, what comes next."""


def _nobody(done: int, steps: int, step: str) -> None:
    """Nobody wants to hear."""


def verify(marks: Iterable[chain.Mark] = (), *, tell: Tell = _nobody) -> Verification:
    """Check chain, changes and tables (trust F-2, F-5); `marks` are checkpoints from outside.

    Every wrong place is named: entry number, or table, row and column. All is read as of one
    moment, so that an act written meanwhile is no difference.
    """
    outside = list(marks)
    try:
        with one_moment():
            return _verified(outside, tell)
    except DatabaseError:
        # SQLite refuses to hand out text that is not UTF-8; read it as damaged text instead.
        with _damaged_text_readable(), one_moment():
            return _verified(outside, tell)


@contextmanager
def one_moment() -> Iterator[None]:
    """All reads of the block see the database as it is at its first read, whoever writes.

    PostgreSQL: a transaction that repeats its reads. SQLite: a read transaction; who writes waits
    with his commit until it ends. Within a caller's transaction that one decides.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with _reads_begin_deferred(), transaction.atomic():
            yield


@contextmanager
def _reads_begin_deferred() -> Iterator[None]:
    """SQLite: the next transaction takes no write lock at its start."""
    sqlite: Any = connection
    sqlite.ensure_connection()
    usual = sqlite.transaction_mode
    sqlite.transaction_mode = "DEFERRED"
    try:
        yield
    finally:
        sqlite.transaction_mode = usual


def _verified(marks: list[chain.Mark], tell: Tell) -> Verification:
    tables = journalled_models()
    steps = 3 + len(tables)
    tell(0, steps, "日志链")
    result = Verification(entries=Entry.objects.count(), changes=Change.objects.count())
    result.head = head()
    inside = [result.head] if result.head else []
    broken = chain.first_break(links(), [*marks, *inside])
    if broken:
        result.problems.append(f"日志第{broken.seq}条：{broken.why}")
    result.problems += _wrong_head(result.head)
    tell(1, steps, "日志条目")
    result.problems += _wrong_columns()
    tell(2, steps, "变更记录")
    result.problems += _wrong_changes()
    for at, model in enumerate(tables, start=3):
        tell(at, steps, f"表{model._meta.db_table}")
        result.problems += _wrong_rows(model)
    return result


@contextmanager
def _damaged_text_readable() -> Iterator[None]:
    if connection.vendor != "sqlite":
        yield
        return
    raw = connection.connection
    usual = raw.text_factory
    raw.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        raw.text_factory = usual


def _wrong_head(told: chain.Mark | None) -> Iterator[str]:
    """The head must stand at the last entry: behind it, the next act could not be written."""
    last = Entry.objects.aggregate(last=Max("seq"))["last"]
    if last != (told.seq if told else None):
        yield f"日志头：应在第{last or 0}条，实在第{told.seq if told else 0}条"


UNREADABLE = "（无法读取）"
READ_FAULTS = (ValueError, TypeError, OverflowError, DatabaseError)
"""What reading a damaged cell may raise: a date that is none, text where a number stood. Such a
read stands in a savepoint, or PostgreSQL would refuse the next one."""

_BODY_COLUMNS = {
    "act": "act",
    "act_version": "act_version",
    "actor": "actor_text",
    "organisation": "organisation_text",
    "session": "session_hash",
    "changes_sm3": "changes_sm3",
}


def _wrong_columns() -> list[str]:
    """Columns of entries that repeat the body must say the same."""
    names = ["seq", "at", "body", *_BODY_COLUMNS.values()]
    rows = Entry.objects.order_by("seq")
    try:
        with transaction.atomic():
            return list(_unlike_body(rows.values(*names).iterator(chunk_size=2000)))
    except READ_FAULTS:
        keys = rows.values_list("pk", flat=True)
        return list(_unlike_body(_cells(Entry, pk, names) for pk in keys))


def _unlike_body(rows: Iterable[dict[str, object]]) -> Iterator[str]:
    for row in rows:
        try:
            body = json.loads(str(row["body"]))
        except ValueError:
            continue  # the chain check has named it
        if not isinstance(body, dict):
            continue
        wrong = [name for key, name in _BODY_COLUMNS.items() if body.get(key) != row[name]]
        at = row["at"]
        if not isinstance(at, datetime) or body.get("at") != at.isoformat(timespec="microseconds"):
            wrong.append("at")
        if wrong:
            yield f"日志第{row['seq']}条：列{'、'.join(wrong)}与内容不符"


def _cells(model: type[models.Model], pk: object, names: Iterable[str]) -> dict[str, object]:
    """One row cell by cell; a damaged cell that cannot be read stands as UNREADABLE."""
    row = model._base_manager.filter(pk=pk)
    cells: dict[str, object] = {}
    for name in names:
        try:
            with transaction.atomic():
                value = row.values_list(name, flat=True).get()
                str(plain(value)).encode()
        except READ_FAULTS:
            value = UNREADABLE
        cells[name] = value
    return cells


def _wrong_changes() -> Iterator[str]:
    """Each entry's digest must fit its changes, and no change may stand without an entry."""
    expected = {
        seq: (sm3, _count(body))
        for seq, sm3, body in Entry.objects.values_list("seq", "changes_sm3", "body").iterator()
    }
    found: dict[int, tuple[str, int]] = {}
    rows = Change.objects.order_by("entry_id", "n").values_list(
        "entry_id", "n", "table", "row_id", "op", "after"
    )
    current, count, running = -1, 0, hashlib.new("sm3")
    for seq, n, table, row_id, op, after in rows.iterator(chunk_size=5000):
        if seq != current:
            found[current] = (running.hexdigest(), count)
            current, count, running = seq, 0, hashlib.new("sm3")
        count += 1
        line = f"{n}\t{table}\t{row_id}\t{op}\t{after}\n"
        running.update(line.encode(errors="surrogateescape"))
    found[current] = (running.hexdigest(), count)
    empty = hashlib.new("sm3").hexdigest()
    for seq, (digest, n) in expected.items():
        if found.get(seq, (empty, 0)) != (digest, n):
            yield f"日志第{seq}条：所记变更与摘要不符"
    for seq in sorted(set(found) - set(expected) - {-1}, key=str):
        yield f"日志第{seq}条：有变更记录而无此条目"


def _count(body: str) -> int:
    try:
        return cast(int, json.loads(str(body))["changes"])
    except (ValueError, KeyError, TypeError):
        return -1


def _wrong_rows(model: type[models.Model]) -> list[str]:
    """Fold the after-images of one table and compare with its rows."""
    table = model._meta.db_table
    told: dict[int, str] = {}
    changes = Change.objects.filter(table=table).order_by("entry_id", "n")
    for row_id, op, after in changes.values_list("row_id", "op", "after").iterator(chunk_size=5000):
        if op == "delete":
            told.pop(row_id, None)
        else:
            told[row_id] = after
    rows = _images(model)
    try:
        with transaction.atomic():
            wrong = list(_compared(table, told.copy(), rows))
    except READ_FAULTS:
        wrong = list(_compared(table, told, _images_of_damaged(model)))
    return wrong + list(_strange_booleans(model))


def _strange_booleans(model: type[models.Model]) -> Iterator[str]:
    """SQLite keeps a 7 in a boolean column, gives it out as false and filters by it as true."""
    if connection.vendor != "sqlite":
        return
    table = model._meta.db_table
    for column in model._meta.concrete_fields:
        if isinstance(column, models.BooleanField):
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT id FROM {table} WHERE "{column.column}" NOT IN (0, 1)')
                for (pk,) in cursor.fetchall():
                    yield f"表{table}第{pk}行：列{column.attname}与日志不符"


def _compared(table: str, told: dict[int, str], rows: Iterable[tuple[int, str]]) -> Iterator[str]:
    for pk, actual in rows:
        expected = told.pop(pk, None)
        if expected is None:
            yield f"表{table}第{pk}行：日志中没有这一行"
        elif actual != expected and (columns := _differing(expected, actual)):
            yield f"表{table}第{pk}行：列{columns}与日志不符"
    for missing in sorted(told, key=lambda pk: (len(str(pk)), str(pk))):
        yield f"表{table}第{missing}行：日志中有而表中没有"


def _images(model: type[models.Model]) -> Iterator[tuple[int, str]]:
    image = imager(model)
    for row in model._base_manager.order_by("pk").iterator(chunk_size=2000):
        yield cast(int, row.pk), image(row)


def _images_of_damaged(model: type[models.Model]) -> Iterator[tuple[int, str]]:
    names = [field.attname for field in model._meta.concrete_fields]
    image = imager(model)
    for pk in model._base_manager.order_by("pk").values_list("pk", flat=True):
        row = model()
        row.__dict__.update(_cells(model, pk, names))
        yield cast(int, pk), image(row)


_EMPTY = (None, "", False, 0)
"""What an upgrade puts into a new column of rows that were there before."""


def _differing(expected: str, actual: str) -> str:
    """The columns that differ; a column younger than the entry is none as long as it is empty, and
    one that the program has no more stands in the journal alone."""
    try:
        told, now = dict(json.loads(expected)), dict(json.loads(actual))
    except (ValueError, TypeError):
        return "（全部）"
    young = {name for name, value in now.items() if name not in told and value in _EMPTY}
    keys = now.keys() - young
    # As JSON text: to Python, 1, 1.0 and true are equal.
    return "、".join(sorted(k for k in keys if json.dumps(told.get(k)) != json.dumps(now.get(k))))


def details_of(seqs: Iterable[int]) -> dict[int, dict[str, object]]:
    """What some acts told beside their changes, by number, in one query; `actor` is who acted."""
    rows = Entry.objects.filter(seq__in=list(seqs)).values_list("seq", "actor_text", "body")
    return {
        seq: {"actor": actor, **json.loads(body).get("detail", {})} for seq, actor, body in rows
    }


def told_of(act: str) -> list[dict[str, object]]:
    """What every act of a name told beside its changes, oldest first; `actor` and `at` go along."""
    rows = Entry.objects.filter(act=act).order_by("seq").values_list("actor_text", "at", "body")
    return [
        {"actor": actor, "at": at, **json.loads(body).get("detail", {})} for actor, at, body in rows
    ]


def recent_count(act: str, actor_text: str, since: datetime, *, among: int = 2_000) -> int:
    """How often somebody did an act since an instant, as the newest entries tell."""
    mark = head()
    newest = Entry.objects.filter(seq__gt=(mark.seq if mark else 0) - among, at__gt=since)
    return newest.filter(act=act, actor_text=actor_text).count()
