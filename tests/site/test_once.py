"""One form token, one effect (trust D-8): retries, double clicks, refusals, parallel posts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.test import RequestFactory

from guatu.core.errors import BadInput, Conflict
from guatu.journal import services as journal
from guatu.journal.models import Entry, Idempotency
from guatu.journal.once import once, sweep_tokens
from guatu.organisation.access import console_actor
from guatu.organisation.models import Holiday, User
from tests.factories import Cast

TOKEN = "a-form-token-of-one-form"
DAY = date(2026, 10, 9)


@once
def declare(request: HttpRequest) -> HttpResponse:
    """A view that acts: each call adds a line to the calendar."""
    if request.POST.get("note") == "":
        return HttpResponse("备注必填", status=422)
    with journal.act(console_actor(), "holiday.set") as act:
        count = Holiday.objects.count()
        act.write(Holiday(day=DAY.replace(day=1 + count), is_workday=True, note="调休"))
    return redirect(f"/days/{count}/")


def post(user: User, **fields: str) -> HttpRequest:
    request = RequestFactory().post("/days/", fields)
    request.user = user
    return request


def test_a_second_post_repeats_the_answer_and_does_nothing(people: Cast) -> None:
    first = declare(post(people.office, form_token=TOKEN, note="a"))
    second = declare(post(people.office, form_token=TOKEN, note="a"))
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert Holiday.objects.count() == 1
    declare(post(people.office, form_token=TOKEN + "2", note="a"))
    assert Holiday.objects.count() == 2


def test_a_token_belongs_to_its_user(people: Cast) -> None:
    declare(post(people.office, form_token=TOKEN, note="a"))
    declare(post(people.second_office, form_token=TOKEN, note="a"))
    assert Holiday.objects.count() == 2


def test_another_content_under_a_used_token_is_told(people: Cast) -> None:
    declare(post(people.office, form_token=TOKEN, note="a"))
    with pytest.raises(Conflict):
        declare(post(people.office, form_token=TOKEN, note="b"))
    assert Holiday.objects.count() == 1


def test_a_refused_form_may_be_mended_and_sent_again(people: Cast) -> None:
    entries = Entry.objects.count()
    assert declare(post(people.office, form_token=TOKEN, note="")).status_code == 422
    assert Idempotency.objects.count() == 0
    assert declare(post(people.office, form_token=TOKEN, note="a")).status_code == 302
    assert Entry.objects.count() == entries + 1


@pytest.mark.parametrize("token", ["", "short", "x" * 65])
def test_a_form_without_a_token_is_refused(people: Cast, token: str) -> None:
    with pytest.raises(BadInput):
        declare(post(people.office, form_token=token, note="a"))


def test_old_tokens_are_swept(people: Cast, today: Callable[[date], None]) -> None:
    declare(post(people.office, form_token=TOKEN, note="a"))
    assert sweep_tokens() == 0
    Idempotency.objects.update(at="2020-01-01T00:00:00Z")
    assert sweep_tokens() == 1


def in_parallel(user: User, view: Callable[[HttpRequest], HttpResponse]) -> list[str]:
    """Twenty posts of one token at the same moment; the answers, refusals by their class."""
    answers: list[str] = []
    start = threading.Barrier(20)

    def one() -> None:
        start.wait()
        try:
            response = view(post(user, form_token=TOKEN, note="a"))
            answers.append(f"{response.status_code} {response['Location']}")
        except Exception as error:
            answers.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_twenty_parallel_posts_have_one_effect_and_equal_answers(people: Cast) -> None:
    answers = in_parallel(people.office, declare)
    assert answers == ["302 /days/0/"] * 20
    assert Holiday.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_guard_twenty_posts_have_more_effects(people: Cast) -> None:
    """The twin: the same view without its decorator."""
    bare: Callable[[HttpRequest], HttpResponse] = declare.__wrapped__  # type: ignore[attr-defined]
    answers = in_parallel(people.office, bare)
    assert len(set(answers)) > 1
