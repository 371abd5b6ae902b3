"""Handing one message to a mail server or to the platform of a group robot. The one adapter.

Standard library only: `apprise` (2.2) takes every HTTP 200 of a robot's platform for a success,
and these platforms refuse a wrong key, a missing word or too many messages with a 200 and a
number in the answer; here the number is read. Addresses are looked up once, checked, and that
very address is connected to, so that a name cannot lead into the inner network (SSRF); redirects
are not followed. No error carries a key, an address or what the other side wrote.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import smtplib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import parse_qs, quote, unquote, urlsplit

from django.conf import settings

from guatu.core import clock
from guatu.core.errors import Fault, GuatuError
from guatu.notices.rules import HOSTS, is_private, robot_key
from guatu.notices.types import ChannelKind, Target

SECONDS = 10
MOST_ANSWER = 64 * 1024
MOST_BYTES = {ChannelKind.WECOM: 1_900, ChannelKind.DINGTALK: 15_000, ChannelKind.FEISHU: 15_000}
"""What a platform takes as one text, with some room; a longer one goes in parts."""
_REFUSALS = {
    93000: "机器人密钥无效或机器人已被移出群",
    45009: "发得太密，平台暂不接收",
    310000: "不合机器人的安全设置（关键词、签名或来源地址）",
    300005: "机器人密钥无效",
    130101: "发得太密，平台暂不接收",
    19001: "机器人密钥无效",
    19021: "签名不对或本机时间不准",
    19024: "不合机器人的安全设置（关键词）",
    9499: "发得太密，平台暂不接收",
}


class NotDelivered(GuatuError):
    """A message did not go out; the one fault says why, without any secret."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A host to connect to. Only tests go without TLS."""

    host: str
    port: int
    is_tls: bool = True


ENDPOINTS = {kind: Endpoint(*place) for kind, place in HOSTS.items()}


def deliver(target: Target, subject: str, text: str) -> None:
    """Hand over one message. Raises NotDelivered with one Chinese sentence."""
    try:
        if target.kind == ChannelKind.MAIL:
            _mail(target.address, subject, text)
        else:
            for part in parts_of(f"{subject}\n{text}", MOST_BYTES[target.kind]):
                _robot(target, part)
    except (TimeoutError, socket.gaierror) as error:
        is_slow = isinstance(error, TimeoutError)
        raise _failed("对方没有应答，超时" if is_slow else "找不到对方主机", "连不上") from error
    except ssl.SSLError as error:
        raise _failed("对方的证书不可信或不支持加密") from error
    except smtplib.SMTPAuthenticationError as error:
        raise _failed("邮件服务器不认账号或密码") from error
    except smtplib.SMTPRecipientsRefused as error:
        raise _failed("邮件服务器不收这个邮箱地址") from error
    except ValueError as error:  # a host or an address that no protocol can carry
        raise _failed("渠道或发信账号没有设好", "请核对通知渠道和GUATU_MAIL_URL") from error
    except (smtplib.SMTPException, http.client.HTTPException, OSError) as error:
        raise _failed("没有连上或连接中断") from error


def parts_of(text: str, most: int) -> Iterator[str]:
    """A text in parts of at most so many bytes each, cut between lines where it can be."""
    part = ""
    for line in text.split("\n"):
        for piece in _pieces(line, most):
            longer = f"{part}\n{piece}" if part else piece
            if len(longer.encode()) > most:
                yield part
                longer = piece
            part = longer
    if part:
        yield part


def _pieces(line: str, most: int) -> Iterator[str]:
    step = most // 4  # the longest character takes four bytes
    if len(line.encode()) <= most:
        yield line
        return
    for start in range(0, len(line), step):
        yield line[start : start + step]


def connect(host: str, port: int) -> socket.socket:
    """A connection to the first allowed address of a host.

    A host with any address that is not public is refused, unless the operator named it in
    GUATU_NOTICE_HOSTS.
    """
    found = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or (host not in settings.NOTICE_HOSTS and any(map(is_private, found))):
        raise _failed("对方主机在内网，没有获准", "请系统管理员写进GUATU_NOTICE_HOSTS")
    return socket.create_connection((found[0], port), timeout=SECONDS)


def _robot(target: Target, text: str) -> None:
    key = robot_key(target.kind, target.secret)
    if not key:
        raise _failed("机器人密钥不在或读不出", "请在通知渠道里重新填写")
    sign, _, token = key.rpartition("@")
    content: dict[str, object] = {"msgtype": "text", "text": {"content": text}}
    match target.kind:
        case ChannelKind.WECOM:
            path = f"/cgi-bin/webhook/send?key={token}"
        case ChannelKind.DINGTALK:
            path = f"/robot/send?access_token={token}{_dingtalk_signature(sign)}"
        case _:
            path = f"/open-apis/bot/v2/hook/{token}"
            content = {"msg_type": "text", "content": {"text": text}}
    _require_accepted(*_post(ENDPOINTS[target.kind], path, content))


def _dingtalk_signature(sign: str) -> str:
    if not sign:
        return ""
    at = str(int(clock.real_now().timestamp() * 1000))
    digest = hmac.digest(sign.encode(), f"{at}\n{sign}".encode(), hashlib.sha256)
    return f"&timestamp={at}&sign={quote(base64.b64encode(digest), safe='')}"


def _post(place: Endpoint, path: str, content: object) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(place.host, place.port, timeout=SECONDS)
    sock = connect(place.host, place.port)
    try:
        if place.is_tls:
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=place.host)
        connection.sock = sock
        body = json.dumps(content, ensure_ascii=False).encode()
        connection.request("POST", path, body, {"Content-Type": "application/json; charset=utf-8"})
        answer = connection.getresponse()
        return answer.status, answer.read(MOST_ANSWER)
    finally:
        connection.close()
        sock.close()


def _require_accepted(status: int, body: bytes) -> None:
    if status != 200:
        raise _failed(f"平台没有接收（HTTP {status}）")
    try:
        told = json.loads(body)
        number = int(told.get("errcode", told.get("code", told.get("StatusCode"))))
    except (ValueError, TypeError, AttributeError) as error:
        raise _failed("平台的应答看不懂") from error
    if number:
        raise _failed(_REFUSALS.get(number, f"平台没有接收（代码{number}）"))


class _PlainMail(smtplib.SMTP):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return connect(host, port)


class _TlsMail(smtplib.SMTP_SSL):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        context = ssl.create_default_context()
        return context.wrap_socket(connect(host, port), server_hostname=host)


def has_mail() -> bool:
    """Whether the installation has a mail account (GUATU_MAIL_URL)."""
    return bool(settings.MAIL_URL)


@dataclass(frozen=True, slots=True)
class _Account:
    """The installation's mail account."""

    is_tls: bool
    host: str
    port: int
    user: str
    password: str
    sender: str


def _account() -> _Account:
    """What GUATU_MAIL_URL says: `smtps://user:password@host:465/?from=address`."""
    remedy = "请系统管理员设置GUATU_MAIL_URL"
    if not has_mail():
        raise _failed("没有设发信账号", remedy)
    try:
        told = urlsplit(settings.MAIL_URL)
        port = told.port
    except ValueError as error:
        raise _failed("发信账号没有设好", remedy) from error
    user = unquote(told.username or "")
    sender = parse_qs(told.query).get("from", [user])[0]
    if told.scheme not in ("smtp", "smtps") or not told.hostname or "@" not in sender:
        raise _failed("发信账号没有设好", remedy)
    is_tls = told.scheme == "smtps"
    port = port or (465 if is_tls else 25)
    return _Account(is_tls, told.hostname, port, user, unquote(told.password or ""), sender)


def _mail(address: str, subject: str, text: str) -> None:
    account = _account()
    letter = EmailMessage()
    # One line: nothing that stands in a subject may become a head of its own.
    letter["Subject"] = " ".join(subject.split())
    letter["From"], letter["To"] = account.sender, address
    letter["Date"] = formatdate(clock.now().timestamp(), localtime=False)
    letter["Message-ID"] = make_msgid(domain=account.sender.rpartition("@")[2])
    letter.set_content(text)
    opened = _TlsMail if account.is_tls else _PlainMail
    with opened(account.host, account.port, timeout=SECONDS) as server:
        if not account.is_tls and account.host not in settings.NOTICE_HOSTS:
            # Past the machines that the operator named, nothing goes in plain.
            server.starttls(context=ssl.create_default_context())
        if account.user:
            server.login(account.user, account.password)
        server.send_message(letter)


def _failed(what: str, remedy: str = "") -> NotDelivered:
    return NotDelivered(Fault("not-delivered", what, remedy))
