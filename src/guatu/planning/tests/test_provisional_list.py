"""The list that is in use before it is issued, and what becomes of it (M-B11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from guatu.core.errors import BadInput
from guatu.journal import services as journal
from guatu.ledger.making import queries
from guatu.ledger.models import ListEntry, Project, ProjectList
from guatu.ledger.types import ListState
from guatu.organisation.queries import root_organisation
from guatu.planning.making.services import issue_list
from guatu.planning.tests.making_town import TODAY, YI, Making, make_making
from tests.factories import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def making(people: Cast, monkeypatch: pytest.MonkeyPatch) -> Making:
    monkeypatch.setenv("GUATU_TODAY", TODAY.isoformat())
    return make_making(people)


def test_the_provisional_list_becomes_the_issued_one(making: Making) -> None:
    with journal.act(making.office, "list.made") as act:
        listing = ProjectList(
            owner_organisation=root_organisation(), year=2027, name="重点项目",
            state=ListState.DRAFT,
        )  # fmt: skip
        act.write(listing)
        old = Project(uid="b" * 32, name="旧项目", region_id=making.people.regions["江北区"])
        act.write(old)
        act.write(ListEntry(list=listing, project=old, serial_no=1, joined_on=date(2027, 1, 1)))
    making.decide(making.apply(), making.apply("临江港区", who="outsider", plan_yuan=2 * YI))
    making.review()
    version = issue_list(making.office, making.call.pk, making.issuing())
    assert version.list == listing
    entry = ListEntry.objects.get(project=old)
    assert (entry.left_on, entry.reason) == (date(2027, 1, 1), "未列入江重办〔2027〕1号")
    standing = [one.serial_no for one in queries.standing_on(listing.pk)]
    assert (standing, entry.serial_no) == ([1, 2], 3)


def other_named(making: Making) -> ProjectList:
    with journal.act(making.office, "list.made") as act:
        listing = ProjectList(
            owner_organisation=root_organisation(), year=2027, name="重大项目",
            state=ListState.DRAFT,
        )  # fmt: skip
        act.write(listing)
    return listing


def test_a_provisional_list_of_another_name_is_asked_about(making: Making) -> None:
    listing = other_named(making)
    making.decide(making.apply())
    making.review()
    for wrong in (None, 2**62):
        with pytest.raises(BadInput, match="暂用的清单") as refused:
            issue_list(making.office, making.call.pk, replace(making.issuing(), replaces=wrong))
        assert [fault.code for fault in refused.value.faults] == ["other-provisional"]
    version = issue_list(
        making.office, making.call.pk, replace(making.issuing(), replaces=listing.pk)
    )
    assert version.list == listing
    listing.refresh_from_db()
    assert (listing.name, listing.state) == ("重点项目", ListState.ISSUED)


def test_a_provisional_list_of_another_name_may_stay(making: Making) -> None:
    listing = other_named(making)
    making.decide(making.apply())
    making.review()
    version = issue_list(making.office, making.call.pk, replace(making.issuing(), replaces=0))
    assert version.list != listing
    listing.refresh_from_db()
    assert listing.state == ListState.DRAFT
