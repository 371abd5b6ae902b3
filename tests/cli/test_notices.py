"""guatu notices send."""

from __future__ import annotations

from typing import Any

import pytest

from guatu.core import clock
from guatu.notices import services
from guatu.notices.models import Channel, Message
from guatu.notices.types import ChannelKind, MessageState
from tests.cli.calls import Guatu
from tests.factories import UNIT


def queue(guatu: Guatu) -> Message:
    unit, now = guatu.people.organisations[UNIT], clock.now()
    channel = Channel(
        name="邮箱",
        kind=ChannelKind.MAIL,
        organisation_id=unit,
        address="zdb@example.gov.cn",
        salt="0" * 32,
    )
    channel.save()
    return Message.objects.create(
        organisation_id=unit,
        channel=channel,
        subject="催报",
        text="请报送",
        state=MessageState.QUEUED,
        next_at=now,
        by="office",
        at=now,
    )


def test_nothing_queued_is_no_fault(guatu: Guatu) -> None:
    ran = guatu("notices", "send")
    assert (ran.code, ran.out) == (0, "没有要发的消息。\n")


def test_what_went_out_has_one_line(guatu: Guatu, monkeypatch: pytest.MonkeyPatch) -> None:
    queue(guatu)
    monkeypatch.setattr(services, "deliver", lambda *told: None)
    ran = guatu("notices", "send")
    assert ran.code == 0
    assert ran.out.endswith("邮箱\t催报\t已发出\n")
    assert guatu("notices", "send").out == "没有要发的消息。\n"


def test_what_did_not_go_out_says_why_and_exits_three(guatu: Guatu, settings: Any) -> None:
    settings.MAIL_URL = ""
    queue(guatu)
    ran = guatu("notices", "send")
    assert ran.code == 3
    assert len(ran.faults) == 1
    assert "GUATU_MAIL_URL" in ran.faults[0]
