"""Who is the same person: of one name and one unit."""

from __future__ import annotations

import pytest

from guatu.journal import services as journal
from guatu.organisation.models import Person
from guatu.organisation.queries import person_ids
from guatu.organisation.services import create_persons
from tests.factories import LEADER, OTHER_UNIT, UNIT, Cast

pytestmark = pytest.mark.django_db


def test_two_of_one_name_in_different_units_are_two(people: Cast) -> None:
    own, other = people.organisations[UNIT], people.organisations[OTHER_UNIT]
    with journal.act(people.console, "person.made") as act:
        first = create_persons(act, ["张伟"], organisation_id=own)["张伟"]
        second = create_persons(act, ["张伟"], organisation_id=other)["张伟"]
        nobody_s = create_persons(act, ["张伟"])["张伟"]
    known = person_ids()
    assert known["张伟", own] == first
    assert known["张伟", other] == second
    assert known["张伟", None] == nobody_s
    assert len({first, second, nobody_s}) == 3
    assert known[LEADER, None] == people.persons[LEADER]
    assert (LEADER, own) not in known


def test_of_two_alike_the_first_is_meant(people: Cast) -> None:
    with journal.act(people.console, "person.made") as act:
        first = create_persons(act, ["李娜"])["李娜"]
        create_persons(act, ["李娜"])
    assert person_ids()["李娜", None] == first
    assert Person.objects.filter(name="李娜").count() == 2
