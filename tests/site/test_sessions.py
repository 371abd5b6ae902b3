"""One's open logins, ended by oneself or by the system administrator; what was refused is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.journal.models import Entry
from guatu.organisation.models import User
from guatu.organisation.services import accounts
from guatu.organisation.services.accounts import REFUSALS
from guatu.organisation.services.accounts import REFUSALS_WINDOW as WINDOW
from guatu.organisation.sessions import device_of, sessions_of
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import Cast

PASSWORD = "Xun-Cha#2026"
OWN, END = "/sessions/", "/sessions/end/"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0 Safari/537.36 Edg/126.0"
type Move = Callable[[timedelta], None]


def signed_in(login: str, device: str = EDGE, address: str = "10.1.2.3") -> Client:
    user = User.objects.get(login=login)
    User.objects.filter(pk=user.pk).update(
        password=make_password(PASSWORD), must_change_password=False, is_active=True
    )
    browser = Client(headers={"User-Agent": device}, REMOTE_ADDR=address)
    user.refresh_from_db()
    browser.force_login(user, backend="guatu.organisation.backend.Accounts")
    browser.get(OWN)
    return browser


def token() -> dict[str, str]:
    return {TOKEN_FIELD: new_token()}


def told(act: str) -> list[dict[str, object]]:
    rows = Entry.objects.filter(act=act).order_by("seq").values_list("body", flat=True)
    return [json.loads(body)["detail"] for body in rows]


def test_one_sees_where_one_is_signed_in_and_ends_the_others(people: Cast) -> None:
    here = signed_in("office")
    other = Client(headers={"User-Agent": "Mozilla/5.0 (Linux; Android 14) Firefox/130"})
    other.force_login(User.objects.get(login="office"), "guatu.organisation.backend.Accounts")
    other.get("/")
    stranger = signed_in("outsider", address="10.9.9.9")
    page = here.get(OWN).content.decode()
    for words in ("Edge浏览器，Windows", "火狐浏览器，安卓", "10.1.2.3", "就是这里"):
        assert words in page, words
    assert "10.9.9.9" not in page
    assert here.get(END).status_code == 405
    assert here.post(END, token()).status_code == 302
    assert other.get("/").headers["Location"].startswith("/login/")
    assert here.get(OWN).status_code == 200
    assert stranger.get(OWN).status_code == 200
    assert told("session.ended") == [{"login": "office", "sessions": 1}]
    assert f'action="{END}"' not in here.get(OWN).content.decode()


def test_a_changed_password_and_idle_time_end_a_login(people: Cast, move: Move) -> None:
    signed_in("office")
    user = User.objects.get(login="office")
    assert len(sessions_of(user)) == 1
    accounts.change_password(user, PASSWORD + "7")
    assert sessions_of(user) == []
    signed_in("office")
    user.refresh_from_db()
    assert len(sessions_of(user)) == 1
    move(timedelta(minutes=31))
    assert sessions_of(user) == []


def test_the_system_administrator_ends_all_logins_of_an_account(people: Cast) -> None:
    office, system = signed_in("office"), signed_in(people.system.login)
    page = system.get(f"/admin/users/{people.office.pk}/").content.decode()
    assert "结束所有登录" in page
    end = reverse("admin-user-sessions-end", args=[people.office.pk])
    assert office.post(end, token()).status_code == 403
    assert system.post(end, token()).status_code == 302
    assert office.get("/").headers["Location"].startswith("/login/")
    assert system.get("/").status_code == 200
    gone = reverse("admin-user-sessions-end", args=[2**62])
    assert system.post(gone, token()).status_code == 404


@pytest.mark.parametrize(
    ("sent", "known"),
    [(EDGE, "Edge浏览器，Windows"), ("", "未知"), ("<script>" * 5_000, "未知"), ("curl/8", "未知")],
)
def test_of_a_device_only_its_kind_is_kept(sent: str, known: str) -> None:
    assert device_of(sent) == known


def test_what_was_refused_stands_in_the_journal(people: Cast) -> None:
    outsider = signed_in("outsider")
    assert outsider.get("/projects/999999/").status_code == 404
    assert outsider.get("/admin/users/?q=1").status_code == 403
    assert outsider.get("/no-such-page/").status_code == 404
    assert Client().get("/projects/999999/").status_code == 302
    assert [(one["path"], one["refusal"]) for one in told("access.refused")] == [
        ("GET /projects/999999/", "没有，或不给他看"),
        ("GET /admin/users/", "没有权限"),
    ]
    entry = Entry.objects.filter(act="access.refused")[0]
    assert (entry.actor_text, told("access.refused")[0]["address"]) == ("outsider", "10.1.2.3")
    page = signed_in(people.audit.login).get("/journal/", {"act": "access.refused"})
    assert "访问被拒绝" in page.content.decode()
    assert "GET /projects/999999/" in page.content.decode()


def test_a_loop_of_refusals_does_not_flood_the_journal(people: Cast, move: Move) -> None:
    outsider = signed_in("outsider")
    for _ in range(REFUSALS + 30):
        assert outsider.get("/projects/999999/").status_code == 404
    noted = told("access.refused")
    assert len(noted) == REFUSALS
    assert "note" not in noted[0]
    assert "不再逐条记" in str(noted[-1]["note"])
    with CaptureQueriesContext(connection) as more:
        outsider.get("/projects/999999/")
    # What PostgreSQL has prepared is told with a word before it.
    asked = [one["sql"].removeprefix("QUERY = '") for one in more]
    assert not [sql for sql in asked if not sql.startswith("SELECT")]
    move(WINDOW + timedelta(seconds=1))
    outsider.get("/projects/999999/")
    assert len(told("access.refused")) == REFUSALS + 1
    assert Session.objects.exists()


def test_another_login_brings_no_further_refusals_into_the_journal(people: Cast) -> None:
    for _ in range(3):
        browser = signed_in("outsider")
        for _ in range(REFUSALS - 5):
            browser.get("/projects/999999/")
    assert len(told("access.refused")) == REFUSALS
    signed_in("office").get("/projects/999999/")
    assert len(told("access.refused")) == REFUSALS + 1
