from __future__ import annotations

import json
import stat
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, NotAllowed
from guatu.journal import services as journal
from guatu.journal.models import Change, Entry
from guatu.notices import delivery, keys, services
from guatu.notices.models import Channel, Message
from guatu.notices.types import ChannelKind, MessageState, Notice, SaveChannel, Target
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import OTHER_UNIT, UNIT, Cast, make_cast

pytestmark = pytest.mark.django_db
KEY = "0123456789abcdef-robot"


@pytest.fixture
def people(settings: Any, tmp_path: Path) -> Cast:
    settings.HOME = tmp_path
    return make_cast()


@pytest.fixture
def channel(people: Cast) -> Channel:
    command = SaveChannel("江北群", ChannelKind.WECOM, people.organisations[UNIT], secret=KEY)
    return services.save_channel(people.act_as("office"), command)


class Platform(BaseHTTPRequestHandler):
    """A robot's platform on this machine: keeps what came, answers what it is told."""

    came: list[tuple[str, dict[str, Any]]] = []
    answer: tuple[int, bytes] = (200, b'{"errcode": 0}')

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.came.append((self.path, json.loads(body)))
        status, content = self.answer
        self.send_response(status)
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *told: object) -> None:
        pass


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[type[Platform]]:
    class Own(Platform):
        came: list[tuple[str, dict[str, Any]]] = []

    server = HTTPServer(("127.0.0.1", 0), Own)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    place = delivery.Endpoint("127.0.0.1", server.server_port, is_tls=False)
    for kind in list(delivery.ENDPOINTS):
        monkeypatch.setitem(delivery.ENDPOINTS, kind, place)
    settings.NOTICE_HOSTS = frozenset({"127.0.0.1"})
    yield Own
    server.shutdown()
    server.server_close()
    thread.join()


def queue(people: Cast, *units: str) -> services.Queued:
    with journal.act(people.console, "test.queued") as act:
        notices = [Notice(people.organisations[one], "催报", "请报送") for one in units]
        return services.queue_messages(act, notices)


def test_a_key_is_in_no_table_and_readable_by_its_owner_only(
    people: Cast, channel: Channel, tmp_path: Path
) -> None:
    assert keys.read(channel.secret) == KEY
    file = next((tmp_path / "secrets").iterdir())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    held = [*Channel.objects.values_list("secret", "address", "name")]
    assert KEY not in str(held)
    assert not [one for one in Change.objects.all() if KEY in one.after]
    assert not [one for one in Entry.objects.all() if KEY in one.body]


def test_an_empty_key_leaves_the_old_one(people: Cast, channel: Channel) -> None:
    command = SaveChannel("新名称", ChannelKind.WECOM, channel.organisation_id)
    services.save_channel(people.act_as("office"), command, channel, channel.version)
    assert keys.read(Channel.objects.get().secret) == KEY


def test_a_channel_that_somebody_changed_meanwhile_is_refused(
    people: Cast, channel: Channel
) -> None:
    with pytest.raises(Conflict):
        services.switch_channel(people.act_as("office"), channel, 7, on=False)


def test_only_who_changes_settings_keeps_channels(people: Cast) -> None:
    command = SaveChannel("群", ChannelKind.WECOM, people.organisations[UNIT], secret=KEY)
    with pytest.raises(NotAllowed):
        services.save_channel(people.act_as("reporter"), command)


def test_a_unit_without_a_channel_is_told_by_hand(people: Cast, channel: Channel) -> None:
    done = queue(people, UNIT, OTHER_UNIT)
    assert [one.state for one in done.to_send] == [MessageState.QUEUED]
    assert [one.state for one in done.to_copy] == [MessageState.COPIED]


def test_what_is_queued_goes_out_once(
    people: Cast, channel: Channel, platform: type[Platform]
) -> None:
    queue(people, UNIT)
    sent = services.sweep(people.console, clock.now())
    assert [one.state for one in sent] == [MessageState.SENT]
    assert services.sweep(people.console, clock.now()) == []
    assert platform.came == [
        (
            f"/cgi-bin/webhook/send?key={KEY}",
            {"msgtype": "text", "text": {"content": "催报\n请报送"}},
        )
    ]


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (200, b'{"errcode": 93000, "errmsg": "invalid key 0123"}', "密钥无效"),
        (200, b'{"errcode": 12345}', "代码12345"),
        (200, b"<html>", "看不懂"),
        (200, b"[]", "看不懂"),
        (302, b"", "HTTP 302"),
        (500, b"", "HTTP 500"),
    ],
)
def test_a_refusal_is_told_without_the_key_and_tried_again_later(
    people: Cast,
    channel: Channel,
    platform: type[Platform],
    status: int,
    body: bytes,
    told: str,
) -> None:
    platform.answer = (status, body)
    queue(people, UNIT)
    (row,) = services.sweep(people.console, clock.now())
    assert (row.state, row.attempts) == (MessageState.QUEUED, 1)
    assert told in row.fault
    assert "0123" not in row.fault
    assert services.sweep(people.console, clock.now()) == []
    for n in range(2, 6):
        (row,) = services.sweep(people.console, clock.now() + timedelta(days=n))
        Message.objects.update(next_at=clock.now())
    assert row.state == MessageState.FAILED
    services.retry_message(people.act_as("office"), row, row.version)
    assert Message.objects.get().state == MessageState.QUEUED


def test_what_a_dead_process_left_is_taken_up_again(
    people: Cast, channel: Channel, platform: type[Platform]
) -> None:
    queue(people, UNIT)
    past = clock.now() - timedelta(minutes=1)
    Message.objects.update(state=MessageState.SENDING, leased_until=past, attempts=1)
    assert len(services.sweep(people.console, clock.now())) == 1


def test_what_another_sweeper_has_is_left_to_it(
    people: Cast, channel: Channel, platform: type[Platform]
) -> None:
    (row,) = queue(people, UNIT).to_send
    Message.objects.update(version=5)
    assert services._send(people.console, row) is None
    assert platform.came == []


def test_an_inner_host_is_refused_unless_it_was_named(
    people: Cast, channel: Channel, platform: type[Platform], settings: Any
) -> None:
    settings.NOTICE_HOSTS = frozenset()
    queue(people, UNIT)
    (row,) = services.sweep(people.console, clock.now())
    assert "GUATU_NOTICE_HOSTS" in row.fault
    assert platform.came == []


def test_a_lost_key_is_told(people: Cast, channel: Channel, platform: type[Platform]) -> None:
    keys.forget(channel.secret)
    queue(people, UNIT)
    (row,) = services.sweep(people.console, clock.now())
    assert "重新填写" in row.fault


def test_a_signed_robot_signs(platform: type[Platform]) -> None:
    target = Target(ChannelKind.DINGTALK, "", "SECabcdefgh@0123456789abcdef")
    delivery.deliver(target, "催报", "请报送")
    assert platform.came[0][0].startswith("/robot/send?access_token=0123456789abcdef&timestamp=")
    platform.answer = (200, b'{"code": 0}')
    delivery.deliver(Target(ChannelKind.FEISHU, "", "0123456789abcdef"), "催报", "请报送")
    assert platform.came[1][1] == {"msg_type": "text", "content": {"text": "催报\n请报送"}}


def test_mail_without_an_account_says_what_to_do(settings: Any) -> None:
    settings.MAIL_URL = ""
    with pytest.raises(delivery.NotDelivered, match="GUATU_MAIL_URL"):
        delivery.deliver(Target(ChannelKind.MAIL, "a@example.cn", ""), "催报", "请报送")


def test_a_test_of_a_channel_that_is_off_is_refused(people: Cast, channel: Channel) -> None:
    office = people.act_as("office")
    services.switch_channel(office, channel, channel.version, on=False)
    with pytest.raises(BadInput):
        services.queue_test(office, channel)


def test_the_page_never_shows_the_key(
    people: Cast, channel: Channel, platform: type[Platform], client: Client
) -> None:
    client.force_login(people.office)
    page = reverse("admin-channel", args=[channel.pk])
    for address in (page, reverse("admin-channels"), reverse("admin-messages")):
        answer = client.get(address)
        assert answer.status_code == 200
        assert KEY not in answer.content.decode()
        assert channel.secret not in answer.content.decode()
    typed = {TOKEN_FIELD: new_token(), "name": "", "kind": "wecom", "robot_key": "坏" * 9}
    refused = client.post(page, {**typed, "version": channel.version})
    assert refused.status_code == 422
    assert "坏坏" not in refused.content.decode()


def test_the_button_sends_a_test_once(
    people: Cast, channel: Channel, platform: type[Platform], client: Client
) -> None:
    client.force_login(people.office)
    token = {TOKEN_FIELD: new_token()}
    for _ in range(2):
        client.post(reverse("admin-channel-test", args=[channel.pk]), token)
    assert len(platform.came) == 1
    assert Message.objects.get().state == MessageState.SENT
