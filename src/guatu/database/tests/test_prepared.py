from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.query import ModelIterable
from django.test.utils import CaptureQueriesContext

from guatu.database.prepared import prepared
from guatu.organisation.models import Assignment, Organisation, OrganisationName, User
from tests.factories import Cast, make_cast

DAY = date(2026, 9, 30)


def _plain(user_id: int, on: date) -> QuerySet[Assignment]:
    named = OrganisationName.objects.filter(
        organisation_id=OuterRef("scope_organisation_id"), valid_from__lte=on
    )
    rows = Assignment.objects.filter(user_id=user_id, valid_from__lte=on)
    return rows.select_related("user__person").annotate(is_named=Exists(named)).order_by("pk")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_rows_are_those_of_the_plain_query_whatever_the_values(cast: Cast) -> None:
    held = prepared(_plain)
    seen = 0
    for user_id in User.objects.order_by("pk").values_list("pk", flat=True):
        for day in (DAY, DAY - timedelta(days=40_000), DAY):
            rows, plain = held(user_id, day), list(_plain(user_id, day))
            assert [_told(one) for one in rows] == [_told(one) for one in plain]
            seen += len(rows)
    assert seen


def _told(row: Assignment) -> dict[str, object]:
    return {name: value for name, value in vars(row).items() if name != "_state"}


def test_what_is_selected_with_it_needs_no_statement_more(cast: Cast) -> None:
    held = prepared(_plain)
    user = Assignment.objects.order_by("pk")[0].user
    held(user.pk, DAY)
    with CaptureQueriesContext(connection) as asked:
        assert held(user.pk, DAY)[0].user.login == user.login
    assert len(asked) == 1


def test_values_come_as_tuples(cast: Cast) -> None:
    @prepared
    def names(organisation_id: int) -> QuerySet[OrganisationName, tuple[str, date]]:
        rows = OrganisationName.objects.filter(organisation_id=organisation_id).order_by("pk")
        return rows.values_list("name", "valid_from")

    for one in Organisation.objects.all():
        plain = OrganisationName.objects.filter(organisation=one).order_by("pk")
        assert names(one.pk) == list(plain.values_list("name", "valid_from"))


def test_a_query_is_made_once(cast: Cast) -> None:
    made = []

    @prepared
    def users(pk: int) -> QuerySet[User]:
        made.append(pk)
        return User.objects.filter(pk=pk)

    ids = list(User.objects.values_list("pk", flat=True))
    assert [users(pk)[0].pk for pk in ids] == ids
    assert len(made) == 1
    assert made[0] not in ids


def test_a_value_that_is_computed_with_is_refused(db: None) -> None:
    @prepared
    def later(pk: int, on: date) -> QuerySet[Assignment]:
        return Assignment.objects.filter(user_id=pk, valid_from__lte=on + timedelta(days=1))

    with pytest.raises(TypeError, match=r"changes its values \[1\]"):
        later(1, DAY)


@pytest.mark.parametrize("value", [None, True, "1", F("pk")])
def test_only_numbers_and_days_are_values(db: None, value: object) -> None:
    @prepared
    def users(pk: int) -> QuerySet[User]:
        return User.objects.filter(pk=pk)

    with pytest.raises(TypeError, match="numbers and days"):
        users(value)  # type: ignore[arg-type]


def test_what_never_changes_is_written_as_it_is(cast: Cast) -> None:
    odd = "50%$1::bigint %s '\\"

    @prepared
    def told(pk: int) -> QuerySet[User, tuple[int, str]]:
        rows = User.objects.filter(~Q(login=odd), pk=pk)
        return rows.annotate(odd=Value(odd)).values_list("pk", "odd")

    pk = cast.reporter.pk
    assert told(pk) == told(pk) == [(pk, odd)]


def test_goes_on_after_what_was_taken_back(cast: Cast) -> None:
    held, user_id = prepared(_plain), cast.reporter.pk
    rows = len(held(user_id, DAY))
    for _ in range(2):
        with transaction.atomic():
            assert len(held(user_id, DAY)) == rows
            transaction.set_rollback(True)
        assert len(held(user_id, DAY)) == rows


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL keeps statements")
def test_is_one_statement_of_the_server_however_large_the_number(cast: Cast) -> None:
    held = prepared(_plain)
    for number in (1, 40_000, 2**40, -1):
        held(number, DAY)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements"
            " WHERE statement LIKE '%is_named%$1::bigint%'"
        )
        assert cursor.fetchone() == (1,)


def test_another_database_is_refused(db: None) -> None:
    @prepared
    def users(pk: int) -> QuerySet[User]:
        return User.objects.using("other").filter(pk=pk)

    with pytest.raises(TypeError, match="another database"):
        users(1)


def test_a_django_that_asks_otherwise_finds_nothing_to_ask(db: None) -> None:
    class Otherwise(ModelIterable):  # type: ignore[type-arg]
        def __iter__(self):  # type: ignore[no-untyped-def]
            yield self.queryset.query.get_compiler(using="default").as_sql()

    @prepared
    def users(pk: int) -> QuerySet[User]:
        rows = User.objects.filter(pk=pk)
        rows._iterable_class = Otherwise
        return rows

    with pytest.raises(TypeError, match="not callable"):
        users(1)
