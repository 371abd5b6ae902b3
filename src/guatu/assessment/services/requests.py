"""Locking and correcting by two people: one asks, another confirms within a day (trust B-7)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from guatu.assessment import queries
from guatu.assessment.content import digest_of, freeze
from guatu.assessment.freezing import content_of
from guatu.assessment.models import RoundRequest, RoundRequestEnd, Snapshot
from guatu.assessment.services.assess import assess_for_record
from guatu.assessment.services.close import (
    SNAPSHOT_MIME,
    changed_fault,
    freeze_round,
    require_closable,
)
from guatu.assessment.services.correct import Corrected, Correction, apply_correction
from guatu.assessment.services.reasons import told_reason
from guatu.assessment.types import Content, RequestEnd, RequestKind
from guatu.core.errors import BadInput, Conflict, Fault, GuatuError, NotAllowed
from guatu.files import services as files
from guatu.files.intake import read_contents
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.organisation import access
from guatu.organisation import queries as organisation
from guatu.organisation.types import Right
from guatu.reporting.models import Round

_NAMED = 8
RIGHTS = {RequestKind.CLOSE: Right.CLOSE_ROUND, RequestKind.CORRECT: Right.CORRECT_ROUND}
"""What asks for the right of each kind of request, confirms, returns and withdraws it."""


def ask_to_close(actor: Actor, the_round: Round, *, seen: str) -> RoundRequest:
    """Ask a second person to lock what this one looked at, whose digest is `seen`.

    Raises Conflict where the round is locked, an earlier one is open, or the content is another.
    """
    access.require(actor, Right.CLOSE_ROUND)
    require_closable(the_round)
    content = content_of(the_round, 1)
    if digest_of(content) != seen:
        raise Conflict(changed_fault())
    return _keep(actor, the_round, RequestKind.CLOSE, content)


def close_seen(actor: Actor, the_round: Round, *, seen: str) -> Snapshot:
    """Lock a round by two people, or by one where the city runs a small office.

    `seen` is the digest of what the confirming person looked at. What was asked for, what he
    looked at and what stands now must be the same; else Conflict, which names the changes.
    """
    access.require(actor, Right.CLOSE_ROUND)
    with transaction.atomic():
        return _close_seen(actor, _held(the_round), seen)


def _close_seen(actor: Actor, the_round: Round, seen: str) -> Snapshot:
    asked = queries.request_in_force(the_round, RequestKind.CLOSE)
    if asked is None:
        require_closable(the_round)
        approved_by = _alone(actor, Right.CLOSE_ROUND)
        return freeze_round(
            actor, the_round, asked_by=actor.text, approved_by=approved_by, seen=seen
        )
    approved_by = _second(asked, actor, Right.CLOSE_ROUND)
    require_closable(the_round)
    if seen != asked.content_sm3:
        raise Conflict(*_what_changed(asked, content_of(the_round, 1)))
    try:
        return freeze_round(actor, the_round, asked_by=asked.by, approved_by=approved_by, seen=seen)
    except Conflict as error:
        if error.faults[0].code != "content-changed":
            raise
        raise Conflict(*_what_changed(asked, content_of(the_round, 1))) from error


def return_request(
    actor: Actor, the_round: Round, kind: RequestKind, *, seen: str, reason: str
) -> RoundRequestEnd:
    """Send a request back to who made it (退回): nobody can confirm it any more.

    By another person than the one who asked, with a reason. Raises Conflict where another
    request waits, or none.
    """
    right = RIGHTS[kind]
    access.require(actor, right)
    with transaction.atomic():
        asked = _waiting(the_round, kind, seen)
        if _is_own(asked, actor):
            raise NotAllowed(
                Fault("own-request", "自己的申请不能由自己退回", "不想办了请点“撤回申请”")
            )
        return _end(actor, asked, RequestEnd.RETURNED, told_reason(reason, "退回"))


def withdraw_request(
    actor: Actor, the_round: Round, kind: RequestKind, *, seen: str
) -> RoundRequestEnd:
    """Take back one's own request (撤回申请). Raises Conflict as `return_request` does."""
    access.require(actor, RIGHTS[kind])
    with transaction.atomic():
        asked = _waiting(the_round, kind, seen)
        if not _is_own(asked, actor):
            raise NotAllowed(
                Fault("not-own-request", "只有申请人能撤回自己的申请", "不同意请点“退回”，写明理由")
            )
        return _end(actor, asked, RequestEnd.WITHDRAWN, "")


def _is_own(asked: RoundRequest, actor: Actor) -> bool:
    """Whether who acts is who asked, be it by another account of his."""
    return access.is_same_person(asked.by_user_id, actor.user_id)


def _held(the_round: Round) -> Round:
    """The round as it stands, under the lock that every close takes first: of a confirmation and
    the end of its request one comes first, and the other is told."""
    organisation.lock_root()
    return Round.objects.select_related("list", "period").get(pk=the_round.pk)


def _waiting(the_round: Round, kind: RequestKind, seen: str) -> RoundRequest:
    asked = queries.request_in_force(_held(the_round), kind)
    if asked is None:
        what = f"没有等待确认的{kind.label}申请"
        raise Conflict(Fault("no-request", what, "可能已被确认、退回、撤回，或已过24小时"))
    if asked.content_sm3 != seen:
        what = f"等待确认的已是另一份{kind.label}申请"
        raise Conflict(Fault("other-request", what, "请返回重新核对"))
    return asked


def _end(actor: Actor, asked: RoundRequest, how: RequestEnd, reason: str) -> RoundRequestEnd:
    is_returned = how is RequestEnd.RETURNED
    with journal.act(
        actor, "round.request_returned" if is_returned else "round.request_withdrawn"
    ) as act:
        act.detail.update({"asked_by": asked.by, "reason": reason})
        end = RoundRequestEnd(request=asked, how=how, reason=reason, by=actor.text, at=act.at)
        act.write(end)
    return end


def make_results(actor: Actor, snapshot: Snapshot) -> tuple[Fault, ...]:
    """Make the run that pages show; the round is locked whether it comes out or not."""
    try:
        assess_for_record(actor, snapshot)
    except GuatuError as error:
        return error.faults
    return ()


def ask_to_correct(
    actor: Actor, the_round: Round, *, name: str, workbook: bytes, reason: str
) -> RoundRequest:
    """Try a correction workbook and ask a second person for what it would make.

    Nothing is corrected yet. Raises BadInput for a workbook with a row that cannot be taken, and
    where nothing differs.
    """
    access.require(actor, Right.CORRECT_ROUND)
    reason = told_reason(reason, "更正")
    command = Correction(reason, actor.text, "", is_trial=True)
    tried = apply_correction(actor, the_round, lambda: read_contents([(name, workbook)]), command)
    if tried.content is None or not tried.changed:
        what = "更正表里的数与定版数据没有不同"
        raise BadInput(Fault("nothing-differs", what, "请核对是否选错了文件", name))
    return _keep(
        actor, the_round, RequestKind.CORRECT, tried.content, workbook=(name, workbook),
        reason=reason,
    )  # fmt: skip


def correct_asked(actor: Actor, the_round: Round, *, seen: str) -> Corrected:
    """Make the correction that another person asked for, as both have looked at it."""
    access.require(actor, Right.CORRECT_ROUND)
    with transaction.atomic():
        return _correct_asked(actor, _held(the_round), seen)


def _correct_asked(actor: Actor, the_round: Round, seen: str) -> Corrected:
    asked = queries.request_in_force(the_round, RequestKind.CORRECT)
    if asked is None or asked.workbook is None:
        raise Conflict(
            Fault("no-request", "没有等待确认的更正申请", "申请24小时内有效，请重新上传更正表")
        )
    if seen != asked.content_sm3:
        what = "等待确认的已是另一份更正申请"
        raise Conflict(Fault("other-request", what, "请返回重新核对"))
    approved_by = _second(asked, actor, Right.CORRECT_ROUND)
    named = [(asked.workbook_name, files.read_blob(asked.workbook.sm3))]
    command = Correction(asked.reason, asked.by, approved_by, seen=asked.content_sm3)
    return apply_correction(actor, the_round, lambda: read_contents(named), command)


def _keep(
    actor: Actor,
    the_round: Round,
    kind: RequestKind,
    content: Content,
    *,
    workbook: tuple[str, bytes] | None = None,
    reason: str = "",
) -> RoundRequest:
    digest, stored = freeze(content)
    with journal.act(actor, f"round.{kind.value}_asked") as act:
        row = RoundRequest(
            round=the_round,
            kind=kind,
            base_revision=the_round.revision,
            content_sm3=digest.removeprefix("sm3:"),
            content=files.store_blob(act, stored, SNAPSHOT_MIME),
            workbook=(
                files.store_blob(act, workbook[1], "application/octet-stream") if workbook else None
            ),
            workbook_name=workbook[0][:255] if workbook else "",
            reason=reason,
            by_user_id=actor.user_id,
            by=actor.text,
            at=act.at,
        )
        act.write(row)
    return row


def _second(asked: RoundRequest, actor: Actor, right: Right) -> str:
    """The text of the approver: another person than the one who asked, both with the right."""
    asker = Actor(asked.by_user_id, asked.by)
    access.require(asker, right)
    return access.require_second_person(asker, actor, right)


def _alone(actor: Actor, right: Right) -> str:
    """One person only: the console, or a small office."""
    if not actor.is_console and not access.is_small_office():
        what = "没有有效的锁定申请，锁定须两人办理"
        raise Conflict(
            Fault("no-request", what, "请先申请锁定，由另一人在24小时内确认；超过时限要重新申请")
        )
    return access.require_second_person(actor, None, right)


def _what_changed(asked: RoundRequest, now: Content) -> Sequence[Fault]:
    """The refusal, and a line for each of the first changes since the request."""
    changes = queries.told_differences(queries.request_content(asked), now)
    faults = [
        Fault("content-changed", f"{one.name}：{one.what}由{one.old}改为{one.new}")
        for one in changes[:_NAMED]
    ]
    more = len(changes) - _NAMED
    if more > 0:
        faults.append(Fault("content-changed", f"另有{more}处变化"))
    return [changed_fault(), *faults]
