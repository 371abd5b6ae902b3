"""Files dropped on the intake desk: kept first, read afterwards, taken in together (D-1, D-5).

A file is acknowledged once its bytes are synced and its row is committed. Reading happens outside
any transaction under a lease; what came of it is one transaction. A server that dies in between
leaves the delivery as received, and whoever opens the desk next goes on with it.
"""

from __future__ import annotations

import logging
import mimetypes
import os
import secrets
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models import Q, Sum

from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, Fault, GuatuError
from guatu.engines.sheets import DEFAULT
from guatu.files import services as files
from guatu.files.intake import ReadFile, read_contents, readable_name
from guatu.journal import services as journal
from guatu.journal.services import Act
from guatu.journal.types import Actor
from guatu.organisation import access
from guatu.organisation.types import Right
from guatu.reporting.models import DeliveredFile, Delivery, DeliveryLease, Round
from guatu.reporting.services.figure_questions import ask_about
from guatu.reporting.services.intake import FileTaken, ReportsTaken, take_in_read
from guatu.reporting.services.rounds import require_open
from guatu.reporting.types import DeliveryState, FileState

log = logging.getLogger("guatu.reporting")
INTERNAL = Fault(
    "internal", "这一批没有入库，程序出了故障", "原件都留着；请把服务日志交给系统管理员"
)
MOST_FILES = 200
MOST_BYTES = 300 * 1024 * 1024
LEASE = timedelta(seconds=DEFAULT.wall_seconds + 30)
"""Longer than the reading of one file may take; every file renews it."""
LEFT_AFTER = timedelta(minutes=3)
"""A drop that lies so long with nobody at work was left, as by a browser that was closed."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it arrives: its name, its bytes; without bytes where it is over the limit."""

    name: str
    content: bytes | None


def receive(actor: Actor, the_round: Round, key: str, uploads: Sequence[Upload]) -> Delivery:
    """Keep files of one drop; when this returns and commits they are acknowledged.

    `key` names the drop, so that files sent one by one come together. A file over the limits is
    noted by name and not kept. Raises RoundClosed for a locked round, Conflict where the drop was
    taken in already, BadInput without any file.
    """
    access.require(actor, Right.IMPORT_REPORTS)
    require_open([the_round])
    if not uploads:
        raise BadInput(Fault("no-file", "没有选文件", "请把单位发来的表格拖进来，或点选文件"))
    with journal.act(actor, "delivery.received") as act:
        delivery = Delivery.objects.filter(round=the_round, by=actor.text, key=key).first()
        if delivery is None:
            delivery = Delivery(round=the_round, by=actor.text, key=key, at=act.at)
            act.write(delivery)
        if delivery.state != DeliveryState.RECEIVED:
            raise Conflict(
                Fault("delivery-done", "这一批已经处理", "请刷新页面后把其余文件再拖进来")
            )
        if delivery.at != act.at:
            delivery.at = act.at  # of its newest file, so that a long drop is not taken for left
            act.write(delivery)
        held = DeliveredFile.objects.filter(delivery=delivery)
        names = set(held.values_list("name", flat=True))
        total = held.aggregate(total=Sum("blob__size"))["total"] or 0
        for upload in uploads:
            row = _kept(act, delivery, upload, names, total)
            act.write(row)
            names.add(row.name)
            total += row.blob.size if row.blob else 0
        act.detail["files"] = [upload.name for upload in uploads][:40]
    return delivery


def _kept(
    act: Act, delivery: Delivery, upload: Upload, names: set[str], total: int
) -> DeliveredFile:
    row = DeliveredFile(delivery=delivery, name=_free_name(upload.name, names))
    if upload.content is None or len(upload.content) > DEFAULT.upload_bytes:
        limit = DEFAULT.upload_bytes // 1024 // 1024
        row.faults = f"文件超过{limit}MB，没有收下。请删去图片和空白行列，另存后再交"
    elif len(names) >= MOST_FILES:
        row.faults = f"一次最多{MOST_FILES}个文件，没有收下。请下一次再交"
    elif total + len(upload.content) > MOST_BYTES:
        row.faults = f"一次最多{MOST_BYTES // 1024 // 1024}MB，没有收下。请下一次再交"
    else:
        mime = mimetypes.guess_type(row.name)[0] or "application/octet-stream"
        row.blob = files.store_blob(act, upload.content, mime)
        return row
    row.state = FileState.REFUSED
    return row


def _free_name(told: str, names: set[str]) -> str:
    """The file's own name; a second file of the same name is numbered."""
    name = readable_name(Path(told).name)[:240] or "未命名"
    free, again = name, 1
    while free in names:
        again += 1
        free = f"{name} #{again}"
    return free


def take_in_delivery(actor: Actor, the_round: Round, delivery_id: int) -> Delivery:
    """Read the files of a drop and take them in, once, whoever asks how often.

    Where somebody else is at it, or it is done, it is returned as it stands. A locked round makes
    it failed, with the reason; its files stay kept. Earlier drops that lie unfinished go first, and
    one that is being read is waited for (the page goes on by itself), so that an older file never
    replaces a newer one.
    """
    access.require(actor, Right.IMPORT_REPORTS)
    delivery = Delivery.objects.get(pk=delivery_id, round=the_round)
    if delivery.state == DeliveryState.RECEIVED:
        for earlier in _unfinished_before(actor, delivery):
            _take_in(actor, the_round, earlier)
        if _is_read_before(delivery):
            DeliveryLease.objects.get_or_create(
                delivery=delivery, defaults={"holder": "", "until": clock.real_now()}
            )
            return delivery
    return _take_in(actor, the_round, delivery)


def _unfinished_before(actor: Actor, delivery: Delivery) -> list[Delivery]:
    """Drops of the round from before: one's own, and those of others that were left."""
    is_ours = Q(by=actor.text) | Q(at__lt=clock.now() - LEFT_AFTER)
    earlier = Delivery.objects.filter(is_ours, round=delivery.round_id, pk__lt=delivery.pk)
    return list(earlier.filter(state=DeliveryState.RECEIVED).order_by("pk"))


def _is_read_before(delivery: Delivery) -> bool:
    """Whether somebody is reading an earlier drop of the round at this moment."""
    earlier = Delivery.objects.filter(
        round=delivery.round_id, pk__lt=delivery.pk, state=DeliveryState.RECEIVED
    ).select_related("lease")
    return any(not is_resting(getattr(one, "lease", None)) for one in earlier)


def _take_in(actor: Actor, the_round: Round, delivery: Delivery) -> Delivery:
    if delivery.state != DeliveryState.RECEIVED or not (holder := _claim(delivery)):
        return delivery
    try:
        waiting = delivery.files.filter(state=FileState.RECEIVED)
        rows = list(waiting.select_related("blob").order_by("pk"))
        try:
            read = _read(delivery, rows, holder)
            with transaction.atomic():
                taken = take_in_read(actor, the_round, read)
                _finish(actor, delivery, rows, taken)
            _ask(actor, the_round, taken)
        except GuatuError as error:
            _fail(actor, delivery, error)
        except Exception:  # whatever a file holds, the drop must not stay half-way
            log.exception("delivery %s could not be taken in", delivery.pk)
            _fail(actor, delivery, BadInput(INTERNAL))
    finally:
        _release(delivery, holder)
    return delivery


def _ask(actor: Actor, the_round: Round, taken: ReportsTaken) -> None:
    """Ask about the figures that came; what is taken in stays so whatever becomes of asking."""
    came = {one.project_id for one in taken.written.figures} if taken.written else set()
    if not came:
        return
    try:
        ask_about(actor, the_round, came)
    except Exception:
        log.exception("figures of round %s could not be asked about", the_round.pk)


def _read(delivery: Delivery, rows: Sequence[DeliveredFile], holder: str) -> list[ReadFile]:
    contents = []
    for row in rows:
        assert row.blob is not None
        try:
            contents.append((row.name, files.read_blob(row.blob.sm3)))
        except OSError as error:
            what = "文件库里没有这个文件"
            raise BadInput(Fault("blob-lost", what, "请重新交一次", row.name)) from error

    def told(done: int) -> None:
        DeliveryLease.objects.filter(delivery=delivery, holder=holder).update(
            files_read=done, until=clock.real_now() + LEASE
        )

    return read_contents(contents, told=told)


def _finish(
    actor: Actor, delivery: Delivery, rows: Sequence[DeliveredFile], taken: ReportsTaken
) -> None:
    """Write what became of each file, in the transaction that took them in."""
    by_name = {one.name: one for one in taken.files}
    told = [*taken.refused, *taken.notices]
    with journal.act(actor, "delivery.taken_in") as act:
        for row in rows:
            lines = [
                f"{f.what}。{f.remedy}" if f.remedy else f.what for f in told if f.file == row.name
            ]
            _outcome(row, by_name.get(row.name), lines)
            act.write(row)
        delivery.state = DeliveryState.DONE
        act.write(delivery)


def _outcome(row: DeliveredFile, one: FileTaken | None, lines: list[str]) -> None:
    row.faults = "\n".join(lines)
    if one is None or one.is_refused:
        row.state = FileState.REFUSED
        return
    row.sender, row.replaces, row.replaced_by = one.sender, one.replaces, one.replaced_by
    row.rows, row.new, row.changed = one.rows, one.new, one.changed
    row.same, row.waiting = one.same, one.waiting
    row.state = FileState.WAITING if one.waiting else FileState.TAKEN


def _fail(actor: Actor, delivery: Delivery, error: GuatuError) -> None:
    fresh = Delivery.objects.get(pk=delivery.pk)
    if fresh.state != DeliveryState.RECEIVED:
        return
    with journal.act(actor, "delivery.failed") as act:
        fresh.state = DeliveryState.FAILED
        fresh.fault = "\n".join(str(fault) for fault in error.faults)
        act.write(fresh)


def is_resting(lease: DeliveryLease | None) -> bool:
    """Whether nobody is at work: never begun, let go, timed out, or its process is gone."""
    return (
        lease is None
        or not lease.holder
        or lease.until <= clock.real_now()
        or _is_dead(lease.holder)
    )


def _holder() -> str:
    return f"{socket.gethostname()[:30]} {os.getpid()} {secrets.token_hex(6)}"


def _is_dead(holder: str) -> bool:
    """Whether the holder is a process of this machine that is no more."""
    host, pid, _ = holder.split(" ")
    if host != socket.gethostname()[:30]:
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _claim(delivery: Delivery) -> str:
    """Take the lease by compare-and-swap; empty where somebody else holds it."""
    holder, until = _holder(), clock.real_now() + LEASE
    lease = DeliveryLease.objects.filter(delivery=delivery).first()
    if lease is None:
        try:
            with transaction.atomic():
                DeliveryLease.objects.create(delivery=delivery, holder=holder, until=until)
        except IntegrityError:
            return ""
        return holder
    if not is_resting(lease):
        return ""
    same = Q(holder=lease.holder, until=lease.until)
    taken = DeliveryLease.objects.filter(same, delivery=delivery).update(
        holder=holder, until=until, files_read=0
    )
    return holder if taken else ""


def _release(delivery: Delivery, holder: str) -> None:
    DeliveryLease.objects.filter(delivery=delivery, holder=holder).update(holder="")
