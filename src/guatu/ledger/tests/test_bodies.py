from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from guatu.core.errors import BadInput, Conflict, NotAllowed
from guatu.ledger.bodies import queries, services
from guatu.ledger.bodies.models import Body
from guatu.ledger.bodies.types import BodyKind, BodyState, MemberRole, SaveBody
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import LEADER, Cast, make_cast

pytestmark = pytest.mark.django_db
FOUNDED = date(2026, 3, 1)


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setenv("GUATU_TODAY", "2026-10-10")
    return make_cast()


def found(people: Cast, name: str = "领导小组", *, term_to: date | None = None) -> Body:
    kind = BodyKind.LEADING_GROUP
    command = SaveBody(name, kind, "成立通知", "江办〔2026〕1号", None, FOUNDED, term_to)
    return services.save_body(people.act_as("office"), command)


def test_the_living_are_counted_and_those_past_their_term_named(people: Cast) -> None:
    found(people)
    found(people, "指挥部", term_to=date(2026, 9, 30))
    ended = found(people, "专班")
    services.end_body(people.act_as("office"), ended, 1, on=date(2026, 10, 1), reason="任务完成")
    rows = queries.body_rows()
    assert queries.living(rows) == (2, 1)
    assert [row.body.name for row in rows] == ["领导小组", "指挥部", "专班"]
    states = {row.body.name: row.body.state_on(date(2026, 10, 10)) for row in rows}
    assert states["指挥部"] is BodyState.OVERDUE
    assert states["专班"] is BodyState.ENDED
    assert ended.state_on(date(2026, 2, 1)) is BodyState.COMING


@pytest.mark.parametrize(
    ("name", "paper", "term_to", "code"),
    [
        ("", "通知", None, "name-empty"),
        ("长" * 101, "通知", None, "text-too-long"),
        ("专班", " ", None, "no-paper"),
        ("专班", "通知", date(2026, 1, 1), "term-too-early"),
        ("领导小组", "通知", None, "name-taken"),
    ],
)
def test_what_cannot_be_is_refused(
    people: Cast, name: str, paper: str, term_to: date | None, code: str
) -> None:
    found(people)
    command = SaveBody(name, BodyKind.TASK_FORCE, paper, "", None, FOUNDED, term_to)
    with pytest.raises(BadInput) as refused:
        services.save_body(people.act_as("office"), command)
    assert refused.value.faults[0].code == code


def test_members_come_once_and_leave_with_the_body(people: Cast) -> None:
    office, body = people.act_as("office"), found(people)
    person, head = people.persons[LEADER], MemberRole.HEAD
    member = services.add_member(office, body, person_id=person, role=head, from_on=FOUNDED)
    with pytest.raises(BadInput):
        services.add_member(office, body, person_id=person, role=head, from_on=FOUNDED)
    with pytest.raises(BadInput):
        services.add_member(office, body, person_id=person + 999, role=head, from_on=FOUNDED)
    assert queries.body_rows()[0].members == 1
    services.end_body(office, body, body.version, on=date(2026, 10, 10), reason="文件")
    member.refresh_from_db()
    assert member.ended_on == date(2026, 10, 10)
    with pytest.raises(BadInput):
        services.end_member(office, member, member.version, on=date(2026, 10, 10))
    with pytest.raises(BadInput):
        services.end_body(office, body, body.version, on=date(2026, 10, 10), reason="文件")


def test_others_may_not_and_two_do_not_at_once(people: Cast) -> None:
    body = found(people)
    command = SaveBody("新名", BodyKind.OFFICE, "通知", "", None, FOUNDED, None)
    with pytest.raises(NotAllowed):
        services.save_body(people.act_as("viewer"), command)
    with pytest.raises(Conflict):
        services.save_body(people.act_as("office"), command, body, 7)


def test_the_pages_found_change_and_dissolve(people: Cast, client: Client) -> None:
    client.force_login(people.office, backend="guatu.organisation.backend.Accounts")

    def post(page: str, *ids: int, **typed: str) -> int:
        address = reverse(page, args=ids)
        return client.post(address, {TOKEN_FIELD: new_token(), **typed}).status_code

    told = {"kind": "office", "founding_paper": "通知", "from_on": "2026-03-01"}
    assert post("body-new", name="<script>alert(1)</script>", **told) == 302
    body = Body.objects.get()
    page = client.get(reverse("body", args=[body.pk])).content.decode()
    assert "<script>alert" not in page
    for odd in ({}, {**told, "name": "长" * 10_000}, {**told, "name": "x", "from_on": "=1"}):
        assert post("body-new", **odd) == 422
    version = str(body.version)
    assert post("body-edit", body.pk, name="办公室", version=version, **told) == 302
    assert post("body-edit", body.pk, name="办公室", version=version, **told) == 409
    person = str(people.persons[LEADER])
    joined = {"person": person, "role": "head", "from_on": "2026-03-01"}
    assert post("body-member-add", body.pk, **joined) == 302
    assert post("body-member-add", body.pk, **{**joined, "person": "999999"}) == 422
    member = body.members.get()
    for wrong in ("", "2099-01-01", "1949-10-02", "=1+1"):
        assert post("body-member-end", body.pk, member.pk, version="1", on=wrong) == 422
    left = {"version": "1", "on": str(member.from_on)}
    assert post("body-member-end", body.pk, member.pk, **left) == 302
    member.refresh_from_db()
    assert member.ended_on == member.from_on
    assert post("body-member-end", body.pk, 999_999, **left) == 404
    ended = {"on": "2026-10-10", "reason": "文件", "version": "2"}
    assert post("body-end", body.pk, **ended) == 302
    assert client.get(reverse("bodies-export")).status_code == 200


def test_the_list_asks_no_more_when_it_grows(
    people: Cast, client: Client, django_assert_max_num_queries: object
) -> None:
    client.force_login(people.viewer, backend="guatu.organisation.backend.Accounts")
    for number in range(12):
        found(people, f"专班{number}")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert client.get(reverse("bodies")).status_code == 200
