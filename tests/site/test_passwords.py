"""Passwords over time, and what guessing them comes to (trust A-3, A-5)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.test import Client, override_settings

from guatu.core import clock
from guatu.core.errors import BadInput
from guatu.journal.models import Entry
from guatu.organisation.models import UsedPassword, User
from guatu.organisation.services import change_settings
from guatu.organisation.services.accounts import NOT_AGAIN, change_password
from tests.factories import Cast
from tests.site.test_login import HERE, PASSWORD, THERE, WRONG, Move, is_in, sign_in


@pytest.fixture
def people(people: Cast) -> Cast:
    User.objects.update(password=make_password(PASSWORD), is_active=True, set_up_due=False)
    return people


def own_password(people: Cast, number: int) -> str:
    password = f"{PASSWORD}-{number}x"
    change_password(User.objects.get(pk=people.office.pk), password)
    return password


def test_after_ninety_days_only_the_page_that_changes_it_opens(people: Cast, move: Move) -> None:
    move(timedelta())
    password = own_password(people, 1)
    move(timedelta(days=82))
    browser, _, _ = sign_in("office", password)
    assert "到期" not in browser.get("/projects/").content.decode()
    move(timedelta(days=7))
    browser, _, _ = sign_in("office", password)
    assert "密码还有1天到期" in browser.get("/projects/").content.decode()
    move(timedelta(days=1))
    browser, _, _ = sign_in("office", password)
    assert browser.get("/projects/").headers["Location"] == "/password/"
    assert "密码用满90天" in browser.get("/password/").content.decode()
    assert Entry.objects.filter(act="password.expired").count() == 1


def test_a_city_may_let_passwords_live_for_ever(people: Cast, move: Move) -> None:
    move(timedelta())
    password = own_password(people, 1)
    change_settings(people.console, {"password-days": "0"})
    move(timedelta(days=900))
    browser, _, _ = sign_in("office", password)
    assert browser.get("/projects/").status_code == 200


def test_the_last_five_do_not_come_back(people: Cast, move: Move) -> None:
    move(timedelta())
    used = []
    for number in range(NOT_AGAIN + 1):
        used.append(own_password(people, number))
        move(timedelta(seconds=1))
    user = User.objects.get(pk=people.office.pk)
    for password in used[1:]:
        with pytest.raises(BadInput, match="最近用过"):
            change_password(user, password)
    change_password(user, used[0])
    assert UsedPassword.objects.filter(user=user).count() == NOT_AGAIN


def test_guessing_at_an_open_screen_ends_after_five_tries(people: Cast) -> None:
    browser, _, _ = sign_in("office")
    told = {"old": WRONG, "new": f"{PASSWORD}-9x", "again": f"{PASSWORD}-9x"}
    for _ in range(5):
        page = browser.post("/password/", told)
        assert page.status_code == 422
        assert "现在的密码不对" in page.content.decode()
    assert browser.post("/password/", {**told, "old": PASSWORD}).status_code == 422
    assert Entry.objects.filter(act="session.refused").count() == 6
    assert User.objects.get(pk=people.office.pk).check_password(PASSWORD)


@override_settings(GUATU_FAILURES_OF_ACCOUNT=8)
def test_many_addresses_get_no_more_tries_and_the_office_s_own_desk_stays_open(
    people: Cast,
) -> None:
    assert sign_in("office", address=HERE)[1] == 302
    for number in range(8):
        sign_in("office", WRONG, address=f"10.9.9.{number}")
    assert sign_in("office", address=THERE)[1] == 200
    assert sign_in("viewer", address=THERE)[1] == 302
    assert is_in(sign_in("office", address=HERE)[0])


@override_settings(GUATU_FAILURES_OF_ADDRESS=8)
def test_one_address_cannot_try_every_account(people: Cast) -> None:
    assert sign_in("viewer", address=THERE)[1] == 302
    for login in ("office", "office2", "leader", "reporter"):
        for _ in range(2):
            sign_in(login, WRONG, address=THERE)
    assert sign_in("reviewer", address=THERE)[1] == 200
    assert sign_in("reviewer", address=HERE)[1] == 302
    assert sign_in("viewer", address=THERE)[1] == 302


def test_without_the_wider_count_guessing_would_go_on(people: Cast) -> None:
    for number in range(8):
        sign_in("office", WRONG, address=f"10.9.9.{number}")
    assert sign_in("office", address=THERE)[1] == 302


def test_a_login_sweeps_sessions_that_are_over(people: Cast) -> None:
    sign_in("viewer")
    assert Session.objects.count() == 1
    Session.objects.update(expire_date=clock.real_now() - timedelta(minutes=1))
    sign_in("office")
    assert Session.objects.filter(expire_date__lt=clock.real_now()).count() == 0
    assert Session.objects.count() == 1


def test_a_form_that_this_site_never_showed_is_not_kept(people: Cast) -> None:
    stranger = Client()
    for token in ("x" * 30, "abcdefghijklmnop.1.0123456789abcdef", ""):
        told = {"name": "长" * 1000, "form_token": token}
        assert stranger.post("/terms/add/", told).headers["Location"] == "/login/?next=%2F"
    assert Session.objects.count() == 0


def test_a_foreign_alphabet_is_refused_before_it_is_read(people: Cast) -> None:
    kind = "multipart/form-data; boundary=x; charset=idna"
    body = b'--x\r\nContent-Disposition: form-data; name="login"\r\n\r\n\xff\r\n--x--\r\n'
    answer = Client().generic("POST", "/login/", body, kind)
    assert answer.status_code == 400
    assert "不完整" in answer.content.decode()
    fine = Client().generic("POST", "/login/", body, kind.replace("idna", "utf-8"))
    assert fine.status_code == 200
