"""工作台: a version of a rule book that waits for a second person, and what its author is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from guatu.assessment.models import RuleBookDraft
from guatu.assessment.services.drafts import return_draft, withdraw_draft
from guatu.assessment.services.publish_book import publish_draft
from guatu.assessment.tests.books import REASON, drafted, submitted
from guatu.core import clock
from guatu.organisation.models import User
from guatu.wall.tests.city import City
from guatu.wall.tests.test_desk_requests import needs_of

ASKED, OWN = "等您发布或退回", "您送审的《通用进度亮灯办法》第1版，等第二人发布"


@pytest.fixture
def waiting(city: City) -> RuleBookDraft:
    return submitted(city.people, drafted(city.people))


def test_the_second_person_is_asked_and_the_author_sees_where_it_stands(
    city: City, waiting: RuleBookDraft
) -> None:
    assert waiting.asked_at is not None
    until = f"{clock.minute(waiting.asked_at + timedelta(days=1))}前有效"
    told, own = needs_of(city, "second_office"), needs_of(city, "office")
    assert f"办法《通用进度亮灯办法》第1版，{ASKED}" in told
    assert OWN in own
    assert ASKED not in own
    for page in (told, own):
        assert until in page
        assert f'href="/rulebooks/drafts/{waiting.pk}/"' in page
    assert REASON in told


def test_it_is_on_nobody_elses_desk_and_not_before_it_is_sent_in(city: City) -> None:
    draft = drafted(city.people)
    assert "第1版" not in needs_of(city, "second_office")
    submitted(city.people, draft)
    assert ASKED in needs_of(city, "second_office")
    for who in ("leader", "viewer", "reviewer"):
        assert "送审" not in needs_of(city, who)


def test_what_was_published_or_withdrawn_waits_no_more(city: City, waiting: RuleBookDraft) -> None:
    office, second = city.people.act_as("office"), city.people.act_as("second_office")
    back = withdraw_draft(office, waiting.pk, version=waiting.version)
    assert "送审" not in needs_of(city, "office") + needs_of(city, "second_office")
    again = submitted(city.people, back)
    assert ASKED in needs_of(city, "second_office")
    publish_draft(second, again.pk, version=again.version)
    assert "送审" not in needs_of(city, "office") + needs_of(city, "second_office")


def test_what_was_sent_back_is_told_to_its_author_with_the_reason(
    city: City, waiting: RuleBookDraft
) -> None:
    second = city.people.act_as("second_office")
    return_draft(second, waiting.pk, version=waiting.version, reason="红线没有依据")
    own = needs_of(city, "office")
    assert "您送审的《通用进度亮灯办法》第1版被office2退回" in own
    assert "红线没有依据" in own
    assert "红线没有依据" not in needs_of(city, "second_office")


def test_after_a_day_it_has_to_be_sent_in_again(
    city: City, waiting: RuleBookDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = clock.now()
    monkeypatch.setattr(clock, "now", lambda: real + timedelta(hours=25))
    assert "没有人发布" in needs_of(city, "office")
    told = needs_of(city, "second_office")
    assert ASKED not in told
    assert "重新送审" in told


def test_a_second_account_of_the_author_is_not_asked(city: City, waiting: RuleBookDraft) -> None:
    both = User.objects.filter(login__in=("office", "office2"))
    both.update(person_id=next(iter(city.people.persons.values())))
    told = needs_of(city, "second_office")
    assert ASKED not in told
    assert OWN in told
