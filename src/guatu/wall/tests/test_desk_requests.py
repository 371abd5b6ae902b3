"""工作台: what was asked of a second person, and what came back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from guatu.assessment.content import digest_of
from guatu.assessment.freezing import content_of
from guatu.assessment.services import requests
from guatu.assessment.types import RequestKind
from guatu.core import clock
from guatu.organisation.models import User
from guatu.wall.tests.city import OPEN, City

REASON = "临江区两个项目还在核对"


def needs_of(city: City, who: str) -> str:
    """What needs the reader first, as his desk says it."""
    page = city.browser(who).get("/").content.decode()
    return page[page.index('id="needs"') : page.index("</section>")]


def ask(city: City, who: str = "office") -> str:
    digest = digest_of(content_of(city.rounds[OPEN], 1))
    requests.ask_to_close(city.people.act_as(who), city.rounds[OPEN], seen=digest)
    return digest


def send_back(city: City, digest: str) -> None:
    actor, kind = city.people.act_as("second_office"), RequestKind.CLOSE
    requests.return_request(actor, city.rounds[OPEN], kind, seen=digest, reason=REASON)


def test_what_was_sent_back_stands_first_on_the_desk_of_who_asked(city: City) -> None:
    send_back(city, ask(city))
    told = needs_of(city, "office")
    assert "您申请的2026年10月锁定被office2退回" in told
    assert REASON in told
    assert told.index("被退回") < told.index("报送截止")
    assert f'href="/months/{city.rounds[OPEN].pk}/"' in told


def test_a_request_that_ended_is_on_no_second_desk(city: City) -> None:
    digest = ask(city)
    assert "等第二人" in needs_of(city, "second_office")
    send_back(city, digest)
    for who in ("second_office", "viewer", "leader"):
        told = needs_of(city, who)
        assert "等第二人" not in told
        assert REASON not in told
    ask(city)
    # The newer request takes the place of the one that came back.
    assert REASON not in needs_of(city, "office")
    assert "等第二人" in needs_of(city, "second_office")


def test_what_was_withdrawn_is_on_no_desk(city: City) -> None:
    digest = ask(city)
    actor = city.people.act_as("office")
    requests.withdraw_request(actor, city.rounds[OPEN], RequestKind.CLOSE, seen=digest)
    for who in ("office", "second_office"):
        assert "等第二人" not in needs_of(city, who)
        assert "被退回" not in needs_of(city, who)


def test_a_second_account_of_one_person_is_told_as_himself(city: City) -> None:
    both = User.objects.filter(login__in=("office", "office2"))
    both.update(person_id=next(iter(city.people.persons.values())))
    ask(city)
    assert "等第二人" not in needs_of(city, "second_office")


def test_what_came_back_is_told_beyond_a_weekend(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_back(city, ask(city))
    real = clock.now()

    def moved() -> datetime:
        return real + timedelta(days=3)

    monkeypatch.setattr(clock, "now", moved)
    assert REASON in needs_of(city, "office")
    page = city.browser("office").get(f"/months/{city.rounds[OPEN].pk}/preview/")
    assert REASON in page.content.decode()
