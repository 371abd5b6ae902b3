from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction
from django.urls import reverse

from conftest import Today
from guatu.assessment.queries import newest_snapshot, run_of_record, snapshot_content
from guatu.assessment.services.assess import assess_for_record
from guatu.assessment.services.close import close_round
from guatu.core.errors import BadInput, Conflict, NotAllowed, RoundClosed
from guatu.core.periods import parse_period
from guatu.reporting import queries as reporting
from guatu.reporting.due.limiting import add_to_round, start_limited_round
from guatu.reporting.due.types import InScope, ScopeReason
from guatu.reporting.models import Round
from guatu.reporting.services.rounds import lock_rounds_holding
from guatu.ui.tokens import TOKEN_FIELD, new_token
from guatu.wall.standing.runs import standings
from guatu.wall.tests.city import City
from guatu.wall.tests.test_campaigns_page import started, sub_list

pytestmark = pytest.mark.django_db

WEEK = "2026-W43"


def limited(city: City, *places: int, key: str = WEEK) -> Round:
    scope = [InScope(city.projects[n].pk, ScopeReason.LAGGING, "红灯") for n in places]
    office = city.people.act_as("office")
    return start_limited_round(office, city.listing, parse_period(key), scope)


def asked(city: City, **typed: str) -> dict[str, str]:
    return {"list": str(city.listing.pk), "period": WEEK, **typed}


def test_who_lags_by_the_run_of_record_is_shown_and_then_expected(city: City) -> None:
    office = city.browser("office")
    answer = office.post(
        reverse("months-open"), {TOKEN_FIELD: new_token(), "list": city.listing.pk, "period": WEEK}
    )
    assert answer.status_code == 302
    page = office.get(answer["Location"])
    text = page.content.decode()
    # The first of each half has fallen far behind in September.
    assert "本期只收2个项目（整份清单6个）" in text
    for n in (0, 3):
        assert city.projects[n].name in text
    assert city.projects[1].name not in text
    assert not Round.objects.filter(period__key=WEEK).exists()
    seen = page.context["seen"]
    post = asked(city, scope="lagging", seen=seen)
    opened = office.post(reverse("round-opening"), {TOKEN_FIELD: new_token(), **post})
    the_round = Round.objects.get(period__key=WEEK)
    assert opened["Location"] == reverse("intake", args=[the_round.pk])
    assert the_round.is_limited
    assert reporting.standings([the_round])[the_round.pk].expected == 2
    desk = office.get(opened["Location"]).content.decode()
    assert city.projects[0].name in desk
    assert city.projects[1].name not in desk
    scope = office.get(reverse("round-scope", args=[the_round.pk])).content.decode()
    assert "2026年9月定版数据" in scope
    assert office.get(reverse("round-scope-export", args=[the_round.pk])).status_code == 200


def test_a_campaign_and_both_are_taken_from_its_sub_list(city: City) -> None:
    campaign = started(city, sub_list(city, 0, 1))
    office = city.browser("office")
    page = reverse("round-opening")

    def count(scope: str) -> int:
        told = asked(city, scope=scope, campaign=str(campaign.pk))
        return len(office.get(page, told).context["lines"])

    assert (count("lagging"), count("campaign"), count("both")) == (2, 2, 3)
    assert "整份清单，共6个" in office.get(page, asked(city, scope="whole")).content.decode()


def test_an_empty_set_and_a_changed_one_are_refused_with_a_line(city: City) -> None:
    office = city.browser("office")
    page = reverse("round-opening")

    def post(**typed: str) -> tuple[int, str]:
        told = {TOKEN_FIELD: new_token(), **asked(city, **typed)}
        answer = office.post(page, told)
        return answer.status_code, answer.content.decode()

    status, text = post(scope="campaign")
    assert (status, "没有选专项行动" in text) == (422, True)
    campaign = started(city, sub_list(city))
    status, text = post(scope="campaign", campaign=str(campaign.pk))
    assert (status, "按所选条件没有项目" in text) == (422, True)
    status, text = post(scope="lagging", seen="9.1")
    assert (status, "名单又有变化" in text) == (409, True)
    assert post(period="2026-11-T1", scope="whole")[0] == 422
    assert post(period="2026-10", scope="lagging")[0] == 422
    assert post(period="<script>", scope="lagging")[0] == 422
    assert not Round.objects.filter(is_limited=True).exists()
    assert city.browser("viewer").get(page, asked(city)).status_code == 403


def test_the_service_refuses_what_the_page_never_sends(city: City) -> None:
    with pytest.raises(BadInput, match="按所选条件没有项目"):
        limited(city)
    with pytest.raises(BadInput, match="收整份清单"):
        limited(city, 0, key="2026-10")
    with pytest.raises(BadInput, match="还没有到"):
        limited(city, 0, key="2026-W50")
    scope = [InScope(city.projects[0].pk, ScopeReason.LAGGING, "")]
    viewer = city.people.act_as("viewer")
    with pytest.raises(NotAllowed):
        start_limited_round(viewer, city.listing, parse_period(WEEK), scope)
    limited(city, 0)
    with pytest.raises(Conflict, match="已经开始收报"):
        limited(city, 1)


def test_a_project_is_added_with_a_reason_while_the_round_is_open(city: City) -> None:
    the_round, office = limited(city, 0), city.browser("office")
    page = reverse("round-scope-add", args=[the_round.pk])
    name = city.projects[1].name

    def post(names: str, reason: str) -> int:
        typed = {TOKEN_FIELD: new_token(), "names": names, "reason": reason}
        return office.post(page, typed).status_code

    assert post(name, " ") == 422
    assert post("没有的项目\n=1+1", "会议") == 422
    assert post(city.projects[0].name, "会议") == 422
    assert post(f"{name}\n{city.projects[2].national_code}\n{name}", "列入攻坚") == 302
    assert reporting.standings([the_round])[the_round.pk].expected == 3
    text = office.get(reverse("round-scope", args=[the_round.pk])).content.decode()
    assert "增补" in text
    assert "列入攻坚" in text
    whole = city.rounds["2026-10"]
    actor = city.people.act_as("office")
    with pytest.raises(BadInput, match="不用增补"):
        add_to_round(actor, whole, [city.projects[1].pk], "会议")
    close_round(city.people.console, city.listing, parse_period(WEEK))
    with pytest.raises(RoundClosed):
        add_to_round(actor, the_round, [city.projects[3].pk], "会议")


def test_closing_freezes_the_scope_and_the_list_s_pages_keep_to_whole_rounds(
    city: City, today: Today
) -> None:
    the_round = limited(city, 0, 3)
    snapshot = close_round(city.people.console, city.listing, parse_period(WEEK))
    assess_for_record(city.people.console, snapshot)
    the_round.refresh_from_db()
    content = snapshot_content(newest_snapshot(the_round))
    assert {one.id for one in content.subjects} == {city.projects[n].pk for n in (0, 3)}
    newest = run_of_record(city.listing.pk)
    assert newest is not None
    assert newest.snapshot.round.period.key == "2026-09"
    assert [one.period.key for one in standings(city.listing)] == ["2026-08", "2026-09"]
    office = city.browser("office")
    own = office.get(reverse("results", args=[the_round.pk]))
    assert "只含该期收报的项目" in own.content.decode()
    assert "2026年9月" in office.get(reverse("desk")).content.decode()
    assert office.get(reverse("circular", args=[the_round.pk])).status_code == 404
    assert "circular" not in office.get(reverse("intake", args=[the_round.pk])).content.decode()


def test_a_locked_limited_round_locks_its_own_projects_alone(city: City) -> None:
    one = limited(city, 0, key="2026-10-T1")
    with transaction.atomic():
        assert lock_rounds_holding([city.projects[0].pk], date(2026, 10, 10)) == [one]
        assert lock_rounds_holding([city.projects[1].pk], date(2026, 10, 10)) == []


def test_pages_ask_a_constant_number_of_questions(
    city: City, django_assert_max_num_queries: object
) -> None:
    started(city, sub_list(city, 0, 1))
    the_round, office = limited(city, 0, 3, key="2026-10-B1"), city.browser("office")
    opening = f"{reverse('round-opening')}?list={city.listing.pk}&period={WEEK}&scope=both"
    for address in (opening, reverse("round-scope", args=[the_round.pk])):
        office.get(address)
        with django_assert_max_num_queries(12):  # type: ignore[operator]
            assert office.get(address).status_code == 200
