"""Who is the same person: of one name and one unit."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from guatu.core.errors import BadInput
from guatu.journal import services as journal
from guatu.journal.images import imager
from guatu.journal.models import Change
from guatu.journal.queries import _differing, verify
from guatu.organisation.models import Person, User
from guatu.organisation.queries import contacts_of, person_ids
from guatu.organisation.services import change_person, create_person, create_persons
from guatu.ui.tokens import TOKEN_FIELD, new_token
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


def test_who_has_a_number_is_the_contact_of_his_unit(people: Cast) -> None:
    office, unit = people.act_as("office"), people.organisations[UNIT]
    person = create_person(office, "赵三", organisation_id=unit, phone=" 0791－8888666 转 801 ")
    create_person(office, "没有电话的", organisation_id=unit)
    asked = [unit, people.organisations[OTHER_UNIT]]
    assert contacts_of(asked) == {unit: ["赵三 0791-8888666 转 801"]}
    change_person(office, person.pk, "赵三", organisation_id=unit, phone="")
    assert contacts_of(asked) == {}
    assert not verify().problems


@pytest.mark.parametrize("phone", ["张三", "<b>1</b>", "=1+1", "1" * 41, "1\x002", "转8"])
def test_a_number_that_is_none_is_refused(people: Cast, phone: str) -> None:
    with pytest.raises(BadInput) as error:
        create_person(people.act_as("office"), "赵三", organisation_id=None, phone=phone)
    assert [one.code for one in error.value.faults] == ["bad-phone"]


def test_the_journal_keeps_no_number_and_old_rows_without_one_agree(people: Cast) -> None:
    person = create_person(
        people.act_as("office"), "赵三", organisation_id=None, phone="0791-8888666"
    )
    row = Change.objects.get(table="organisation_person", row_id=person.pk)
    assert "8888666" not in row.after
    # A row journalled before there was a number has none in its image, and none now.
    older = Person.objects.get(pk=people.persons[LEADER])
    told = json.loads(imager(Person)(older))
    assert told["phone"] is None
    assert not _differing(json.dumps({k: v for k, v in told.items() if k != "phone"}),
                          json.dumps(told))  # fmt: skip


def test_the_page_of_a_person_keeps_a_number(people: Cast) -> None:
    client = Client()
    client.force_login(
        User.objects.get(pk=people.office.pk),
        backend="guatu.organisation.backend.Accounts",
    )
    address = reverse("admin-person", args=[people.persons[LEADER]])
    posted = {"name": LEADER, "unit": "", "phone": "0791-8888666", TOKEN_FIELD: new_token()}
    assert client.post(address, posted).status_code == 302
    assert 'value="0791-8888666"' in client.get(address).content.decode()
    assert "0791-8888666" in client.get(reverse("admin-people")).content.decode()
    wrong = client.post(address, {**posted, "phone": "不知道", TOKEN_FIELD: new_token()})
    assert wrong.status_code == 422
    assert "不知道" in wrong.content.decode()
