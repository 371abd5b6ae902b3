"""Mail against a server on this machine."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from typing import Any

import pytest

from guatu.notices import delivery
from guatu.notices.types import ChannelKind, Target

TO = "zdb@example.gov.cn"


class Sink(socketserver.StreamRequestHandler):
    """As much of SMTP as one letter needs."""

    letters: list[bytes] = []
    refuses = False

    def handle(self) -> None:
        self.say(b"220 sink")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"EHLO":
                self.say(b"250 sink")
            elif word == b"RCPT" and self.refuses:
                self.say(b"550 no such box <secret words>")
            elif word == b"DATA":
                self.say(b"354 go on")
                self.letters.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                self.say(b"250 taken")
            elif word == b"QUIT":
                self.say(b"221 bye")
                return
            else:
                self.say(b"250 ok")

    def say(self, words: bytes) -> None:
        self.wfile.write(words + b"\r\n")


@pytest.fixture
def sink(settings: Any) -> Iterator[type[Sink]]:
    class Own(Sink):
        letters: list[bytes] = []

    server = socketserver.TCPServer(("127.0.0.1", 0), Own)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    port = server.server_address[1]
    settings.MAIL_URL = f"smtp://127.0.0.1:{port}/?from=office@example.gov.cn"
    settings.NOTICE_HOSTS = frozenset({"127.0.0.1"})
    yield Own
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_letter_arrives_as_it_was_written(sink: type[Sink]) -> None:
    delivery.deliver(Target(ChannelKind.MAIL, TO, ""), "9月报送提醒", "请报送\n以下尚未收到：")
    (letter,) = sink.letters
    told = message_from_bytes(letter)
    assert str(make_header(decode_header(told["Subject"]))) == "9月报送提醒"
    assert (told["To"], told["From"]) == (TO, "office@example.gov.cn")
    body = told.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert "以下尚未收到：" in body.decode()


def test_a_refused_box_is_told_in_our_words(sink: type[Sink]) -> None:
    sink.refuses = True
    with pytest.raises(delivery.NotDelivered) as refused:
        delivery.deliver(Target(ChannelKind.MAIL, TO, ""), "提醒", "请报送")
    assert "不收这个邮箱" in str(refused.value)
    assert "secret" not in str(refused.value)


def test_a_server_of_the_inner_network_must_be_named(sink: type[Sink], settings: Any) -> None:
    settings.NOTICE_HOSTS = frozenset()
    with pytest.raises(delivery.NotDelivered, match="GUATU_NOTICE_HOSTS"):
        delivery.deliver(Target(ChannelKind.MAIL, TO, ""), "提醒", "请报送")
    assert sink.letters == []


@pytest.mark.parametrize("url", ["http://a.cn", "smtp://", "smtps://a.cn:x/?from=a@b.cn", "乱写"])
def test_an_account_that_cannot_be_is_told_without_its_words(settings: Any, url: str) -> None:
    settings.MAIL_URL = url
    with pytest.raises(delivery.NotDelivered) as refused:
        delivery.deliver(Target(ChannelKind.MAIL, TO, ""), "提醒", "请报送")
    assert url not in str(refused.value)


def test_a_subject_cannot_add_a_head_of_its_own(sink: type[Sink]) -> None:
    delivery.deliver(Target(ChannelKind.MAIL, TO, ""), "提醒\nBcc: x@y.cn", "请报送")
    told = message_from_bytes(sink.letters[0])
    assert told["Bcc"] is None
    assert str(make_header(decode_header(told["Subject"]))) == "提醒 Bcc: x@y.cn"
