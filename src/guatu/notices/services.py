"""Keeping channels, queueing messages, and sending what is queued."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex

from django.db import transaction
from django.db.models import Q

from guatu.core.errors import BadInput, Conflict, Fault
from guatu.journal import services as journal
from guatu.journal.services import Act, require_version
from guatu.journal.types import Actor
from guatu.notices import keys, queries
from guatu.notices.delivery import NotDelivered, deliver
from guatu.notices.models import Channel, Message
from guatu.notices.rules import address_fault, rest_after, secret_fault
from guatu.notices.types import (
    LEASE,
    LONGEST_SUBJECT,
    LONGEST_TEXT,
    ChannelKind,
    MessageState,
    Notice,
    SaveChannel,
    Target,
)
from guatu.organisation import access
from guatu.organisation.models import Organisation
from guatu.organisation.rules import name_fault
from guatu.organisation.types import Right

AT_ONCE = 200
"""Messages that one sweep sends at most."""
TEST_SUBJECT = "【通知渠道测试】"
TEST_TEXT = "这是挂图平台的测试消息，请忽略。能看到这一条，说明催报消息可以送到。"


def save_channel(
    actor: Actor, command: SaveChannel, channel: Channel | None = None, version: int = 0
) -> Channel:
    """Add or change a channel. Raises BadInput for a name, address or key that cannot be; the
    old key is forgotten only after the new one is in force."""
    access.require(actor, Right.CHANGE_SETTINGS)
    if channel is not None:
        require_version(channel, version)
    _check(command, channel)
    row = channel or Channel(salt=token_hex(16))
    before, is_robot = row.secret, command.kind != ChannelKind.MAIL
    row.name, row.kind = command.name.strip(), command.kind
    row.organisation_id = command.organisation_id
    row.address = "" if is_robot else command.address.strip()
    if command.secret or not is_robot:
        row.secret = keys.keep(command.secret.strip()) if is_robot else ""
    try:
        with journal.act(actor, "channel.changed" if channel else "channel.added") as act:
            act.write(row)
    except Exception:
        if row.secret != before:
            keys.forget(row.secret)
        raise
    if row.secret != before:
        transaction.on_commit(lambda: keys.forget(before))
    return row


def _check(command: SaveChannel, channel: Channel | None) -> None:
    others = Channel.objects.exclude(pk=channel.pk if channel else 0)
    has_key = channel is not None and channel.kind == command.kind and channel.secret
    faults = [
        name_fault(command.name, 60),
        address_fault(command.kind, command.address.strip()),
        None if has_key and not command.secret else secret_fault(command.kind, command.secret),
        Fault("name-taken", "已有同名的通知渠道", "请换一个名称")
        if others.filter(name=command.name.strip()).exists()
        else None,
        None
        if Organisation.objects.filter(pk=command.organisation_id, ended_on=None).exists()
        else Fault("no-unit", "没有选单位", "请选一个在用的单位"),
    ]
    if found := [one for one in faults if one]:
        raise BadInput(*found)


def switch_channel(actor: Actor, channel: Channel, version: int, *, on: bool) -> None:
    """Let messages go through a channel, or no more. What is queued in it stays queued."""
    access.require(actor, Right.CHANGE_SETTINGS)
    require_version(channel, version)
    channel.is_on = on
    with journal.act(actor, "channel.enabled" if on else "channel.disabled") as act:
        act.write(channel)


@dataclass(frozen=True, slots=True)
class Queued:
    """What became of some notices: rows to be sent, and those that somebody copies by hand."""

    to_send: list[Message]
    to_copy: list[Message]


def queue_messages(act: Act, notices: Sequence[Notice]) -> Queued:
    """Put notices into the outbox, inside the caller's act (M-C1).

    A unit gets one message by each of its channels in use; a unit without any gets one that is
    marked to be copied by hand, so that the list of messages is whole.
    """
    ways = queries.channels_of([one.organisation_id for one in notices])
    to_send: list[Message] = []
    to_copy: list[Message] = []
    for one in notices:
        for channel in ways.get(one.organisation_id) or (None,):
            (to_send if channel else to_copy).append(_message(act, one, channel))
    act.add_all([*to_send, *to_copy])
    return Queued(to_send, to_copy)


def _message(act: Act, notice: Notice, channel: Channel | None) -> Message:
    return Message(
        organisation_id=notice.organisation_id,
        channel=channel,
        subject=notice.subject[:LONGEST_SUBJECT],
        text=notice.text[:LONGEST_TEXT],
        state=MessageState.QUEUED if channel else MessageState.COPIED,
        next_at=act.at,
        by=act.actor.text,
        at=act.at,
    )


def queue_test(actor: Actor, channel: Channel) -> Message:
    """Queue a test message to a channel in use; `send_now` sends it at once."""
    access.require(actor, Right.CHANGE_SETTINGS)
    if not channel.is_on:
        raise BadInput(Fault("channel-off", "这个渠道已停用", "请先启用再测试"))
    with journal.act(actor, "channel.tested") as act:
        row = _message(act, Notice(channel.organisation_id, TEST_SUBJECT, TEST_TEXT), channel)
        act.write(row)
    return row


def retry_message(actor: Actor, message: Message, version: int) -> None:
    """Queue a message again that was given up."""
    access.require(actor, Right.IMPORT_REPORTS)
    require_version(message, version)
    if message.state != MessageState.FAILED:
        raise BadInput(Fault("not-failed", "这条消息没有发送失败", "请刷新页面"))
    with journal.act(actor, "message.requeued") as act:
        message.state, message.attempts, message.next_at = MessageState.QUEUED, 0, act.at
        act.write(message)


def send_now(actor: Actor, message: Message) -> Message:
    """Send one queued message at once, outside any transaction: a slow platform must not hold
    the database. Where a sweeper has it already, it is returned as it stands."""
    _send(actor, message)
    return Message.objects.get(pk=message.pk)


def sweep(actor: Actor, now: datetime, *, most: int = AT_ONCE) -> list[Message]:
    """Send what is due at `now`, and what a process left half-way. Several may sweep at once.

    Each message is claimed, sent and finished in acts of its own: one that fails keeps no other.
    """
    is_due = Q(state=MessageState.QUEUED, next_at__lte=now)
    is_left = Q(state=MessageState.SENDING, leased_until__lte=now)
    rows = Message.objects.filter(is_due | is_left, channel__is_on=True)
    found = rows.select_related("channel").order_by("next_at", "pk")[:most]
    return [sent for one in list(found) if (sent := _send(actor, one)) is not None]


def _send(actor: Actor, message: Message) -> Message | None:
    """Claim, deliver and finish one message; None where somebody else has it."""
    assert message.channel is not None, "a message without a channel is never queued"
    try:
        with journal.act(actor, "message.claimed") as act:
            message.state, message.leased_until = MessageState.SENDING, act.at + LEASE
            message.attempts += 1
            act.write(message)
    except Conflict:
        return None
    channel = message.channel
    fault = ""
    try:
        target = Target(ChannelKind(channel.kind), channel.address, keys.read(channel.secret))
        deliver(target, message.subject, message.text)
    except NotDelivered as error:
        fault = str(error.faults[0])
    return _finish(actor, message, fault)


def _finish(actor: Actor, message: Message, fault: str) -> Message | None:
    rest = rest_after(message.attempts)
    try:
        with journal.act(actor, "message.failed" if fault else "message.sent") as act:
            message.fault, message.leased_until = fault[:200], None
            if not fault:
                message.state, message.sent_at = MessageState.SENT, act.at
            elif rest is None:
                message.state = MessageState.FAILED
            else:
                message.state, message.next_at = MessageState.QUEUED, act.at + rest
            act.write(message)
    except Conflict:
        # It took longer than its lease and another sweeper has it now.
        return None
    return message
