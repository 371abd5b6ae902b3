"""Reads of channels and messages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from guatu.core.errors import Fault, NotFound
from guatu.core.ids import is_id
from guatu.notices.models import Channel, Message
from guatu.notices.types import ChannelKind, MessageState
from guatu.organisation import queries as organisation

MOST_MESSAGES = 2_000


@dataclass(slots=True)
class ChannelRow:
    """A channel with the name of its unit. What it must not show it does not hold."""

    channel: Channel
    unit: str

    @property
    def kind(self) -> str:
        """Its kind in Chinese."""
        return ChannelKind(self.channel.kind).label

    @property
    def state(self) -> str:
        """Whether messages go through it."""
        return "在用" if self.channel.is_on else "停用"

    @property
    def where(self) -> str:
        """Where it leads, without the key."""
        if self.channel.kind == ChannelKind.MAIL:
            return self.channel.address
        return self.channel.secret if self.channel.secret.startswith("env:") else "密钥已存"


@dataclass(slots=True)
class MessageRow:
    """A message with the names around it."""

    message: Message
    unit: str
    channel: str

    @property
    def state(self) -> str:
        """Its state in Chinese."""
        return MessageState(self.message.state).label


def channel_rows() -> list[ChannelRow]:
    """All channels by unit and name."""
    names = organisation.organisation_names().official
    rows = Channel.objects.order_by("organisation_id", "name")
    return [ChannelRow(one, names.get(one.organisation_id, "")) for one in rows]


def message_rows() -> list[MessageRow]:
    """The newest messages, newest first."""
    names = organisation.organisation_names().official
    newest = Message.objects.select_related("channel").defer("text").order_by("-pk")
    return [
        MessageRow(
            one,
            names.get(one.organisation_id, ""),
            one.channel.name if one.channel else "复制文字",
        )
        for one in newest[:MOST_MESSAGES]
    ]


def get_channel(pk: int) -> Channel:
    """One channel, or NotFound."""
    found = Channel.objects.filter(pk=pk).first() if is_id(pk) else None
    if found is None:
        raise NotFound(Fault("unknown-channel", "没有这个通知渠道", "请从列表进入"))
    return found


def get_message(pk: int) -> Message:
    """One message, or NotFound."""
    rows = Message.objects.select_related("channel")
    found = rows.filter(pk=pk).first() if is_id(pk) else None
    if found is None:
        raise NotFound(Fault("unknown-message", "没有这条消息", "请从列表进入"))
    return found


def channels_of(organisation_ids: Collection[int]) -> dict[int, list[Channel]]:
    """The channels in use of some organisations, in one query."""
    found: dict[int, list[Channel]] = defaultdict(list)
    rows = Channel.objects.filter(organisation_id__in=set(organisation_ids), is_on=True)
    for one in rows.order_by("pk"):
        found[one.organisation_id].append(one)
    return dict(found)
