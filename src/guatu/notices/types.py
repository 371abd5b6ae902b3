"""Kinds of channels, states of messages, and the shapes that services take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import models

LONGEST_SUBJECT = 120
LONGEST_TEXT = 8_000
MOST_ATTEMPTS = 5
LEASE = timedelta(minutes=5)
"""How long one delivery may take before another sweeper thinks its process gone."""
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
)
"""How long a message rests after its first, second, … failure."""


class ChannelKind(models.TextChoices):
    """By which way a channel reaches its unit."""

    MAIL = "mail", "邮件"
    WECOM = "wecom", "企业微信群机器人"
    DINGTALK = "dingtalk", "钉钉群机器人"
    FEISHU = "feishu", "飞书群机器人"


class MessageState(models.TextChoices):
    QUEUED = "queued", "待发"
    SENDING = "sending", "正在发"
    SENT = "sent", "已发出"
    FAILED = "failed", "没有发出"
    COPIED = "copied", "由人转发"


@dataclass(frozen=True, slots=True)
class Notice:
    """What is to be told to one unit."""

    organisation_id: int
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class SaveChannel:
    """What a form says of a channel. `secret` empty: the one that is kept stays."""

    name: str
    kind: ChannelKind
    organisation_id: int
    address: str = ""
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """Where one message goes: what `delivery` needs to know of a channel."""

    kind: ChannelKind
    address: str
    secret: str
