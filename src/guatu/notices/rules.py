"""What may stand in a channel, and when a message is tried again. Pure."""

from __future__ import annotations

import re
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import parse_qs, unquote, urlsplit

from guatu.core.errors import Fault
from guatu.notices.types import MOST_ATTEMPTS, WAITS, ChannelKind

_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}", re.ASCII)
_KEY = re.compile(r"[A-Za-z0-9_-]{8,128}", re.ASCII)
_VARIABLE = re.compile(r"env:[A-Z][A-Z0-9_]{0,60}", re.ASCII)
LONGEST_SECRET = 400
HOSTS = {
    ChannelKind.WECOM: ("qyapi.weixin.qq.com", 443),
    ChannelKind.DINGTALK: ("oapi.dingtalk.com", 443),
    ChannelKind.FEISHU: ("open.feishu.cn", 443),
}
"""Whom a robot's message is handed to."""


def address_fault(kind: ChannelKind, address: str) -> Fault | None:
    """What is wrong with the mail address of a channel, or None. Robots have none."""
    if kind != ChannelKind.MAIL or (len(address) <= 254 and _MAIL.fullmatch(address)):
        return None
    return Fault("bad-address", "邮箱地址写得不对", "请写一个地址，如zhongdianban@example.gov.cn")


def secret_fault(kind: ChannelKind, secret: str) -> Fault | None:
    """What is wrong with what was pasted as a robot's key, or None. Never repeats it."""
    if kind == ChannelKind.MAIL or _VARIABLE.fullmatch(secret) or robot_key(kind, secret):
        return None
    return Fault(
        "bad-secret",
        "机器人密钥或Webhook地址写得不对",
        f"请粘贴{kind.label}的完整Webhook地址，或写环境变量如env:GUATU_ROBOT_1",
    )


def robot_key(kind: ChannelKind, secret: str) -> str:
    """The robot's key (钉钉: `签名密钥@令牌` or the token alone) out of a pasted address.

    Empty where the text is none, or where the address is that of another host: a channel must
    not lead anywhere but to its own platform.
    """
    text = secret.strip()
    if len(text) > LONGEST_SECRET:
        return ""
    if not text.startswith(("http://", "https://")):
        parts = text.split("@") if kind == ChannelKind.DINGTALK else [text]
        return text if len(parts) <= 2 and all(_KEY.fullmatch(one) for one in parts) else ""
    try:
        told = urlsplit(text)
        is_own = told.scheme == "https" and told.hostname == HOSTS[kind][0] and not told.port
    except ValueError:
        return ""
    name = {ChannelKind.WECOM: "key", ChannelKind.DINGTALK: "access_token"}.get(kind, "")
    found = parse_qs(told.query).get(name, [""])[0] if name else unquote(told.path).split("/")[-1]
    return found if is_own and _KEY.fullmatch(found) else ""


def rest_after(attempts: int) -> timedelta | None:
    """How long a message rests after so many failures; None: it is given up."""
    return None if attempts >= MOST_ATTEMPTS else WAITS[min(attempts, len(WAITS)) - 1]


def is_private(address: str) -> bool:
    """Whether an IP address is anything but a public one (SSRF): then only a host that the
    operator named may be reached."""
    found = ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    return not (mapped or found).is_global or found.is_multicast
