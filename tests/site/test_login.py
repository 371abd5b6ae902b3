"""Signing in: lock-out, limits of a session, one answer for every refusal."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.test import Client

from guatu.core import clock
from guatu.journal import services as journal
from guatu.journal.models import Entry
from guatu.organisation.middleware import BACKGROUND
from guatu.organisation.models import Assignment, User
from guatu.organisation.services import disable_user, end_role
from guatu.organisation.services.accounts import one_time_password
from guatu.organisation.services.users import reissue_password
from guatu.reporting.forms import MOST_ENTRIES
from guatu.reporting.intake.rows import LONGEST_TEXT
from guatu.ui.tokens import new_token
from tests.factories import Cast

PASSWORD = "Jiang-Yuan2026"
WRONG = "Not-This-One77"
HERE, THERE = "10.1.1.1", "10.2.2.2"

Move = Callable[[timedelta], None]


@pytest.fixture
def people(people: Cast) -> Cast:
    """The cast, each with the same password; the administrators opened."""
    User.objects.update(password=make_password(PASSWORD), is_active=True, set_up_due=False)
    return people


def sign_in(
    login: str, password: str = PASSWORD, address: str = HERE, next_page: str = ""
) -> tuple[Client, int, str]:
    browser = Client(REMOTE_ADDR=address)
    browser.get("/login/")
    told = {"login": login, "password": password}
    if next_page:
        told["next"] = next_page
    response = browser.post("/login/", told)
    return browser, response.status_code, response.headers.get("Location", "")


def is_in(browser: Client) -> bool:
    return browser.get("/password/").status_code == 200


def bare(body: bytes) -> str:
    """A page without what differs from answer to answer: nonce and CSRF mask."""
    text = re.sub(r'nonce="[^"]*"', "", body.decode())
    return re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]*', r"\1", text)


def answer(login: str, password: str, address: str = HERE) -> tuple[int, str]:
    response = Client(REMOTE_ADDR=address).post("/login/", {"login": login, "password": password})
    return response.status_code, bare(response.content)


def test_the_right_password_leads_in(people: Cast) -> None:
    browser, status, _ = sign_in("office")
    assert status == 302
    assert is_in(browser)
    assert Entry.objects.filter(act="session.opened").count() == 1


def test_five_wrong_ones_lock_this_account_from_this_address_only(people: Cast) -> None:
    for _ in range(5):
        assert sign_in("office", WRONG)[1] == 200
    assert sign_in("office")[1] == 200
    assert sign_in("office", address=THERE)[1] == 302
    assert sign_in("viewer")[1] == 302


def test_four_wrong_ones_do_not_lock(people: Cast) -> None:
    for _ in range(4):
        sign_in("office", WRONG)
    assert sign_in("office")[1] == 302


def test_a_lock_opens_after_fifteen_minutes_and_trying_does_not_lengthen_it(
    people: Cast, move: Move
) -> None:
    for _ in range(5):
        sign_in("office", WRONG)
    move(timedelta(minutes=14))
    assert sign_in("office")[1] == 200
    move(timedelta(minutes=1, seconds=5))
    assert sign_in("office")[1] == 302


def test_wide_letters_count_for_the_same_account(people: Cast) -> None:
    for typed in ("office", "ｏｆｆｉｃｅ", " office", "office", "ｏffice"):
        sign_in(typed, WRONG)
    assert sign_in("office")[1] == 200


def test_unknown_wrong_locked_and_disabled_get_the_same_bytes(people: Cast) -> None:
    User.objects.filter(login="viewer").update(is_active=False)
    for _ in range(6):
        sign_in("leader", WRONG)
    answers = {
        answer("nobody-here", WRONG),
        answer("office", WRONG),
        answer("leader", PASSWORD),
        answer("viewer", PASSWORD),
        answer("viewer", WRONG),
    }
    assert len(answers) == 1


def test_a_failed_try_is_journalled_without_the_password(people: Cast) -> None:
    sign_in("office", WRONG)
    entry = Entry.objects.get(act="session.refused")
    assert "office" in entry.body
    assert HERE in entry.body
    assert WRONG not in entry.body


def test_the_security_administrator_unlocks_and_it_is_journalled(people: Cast) -> None:
    for _ in range(5):
        sign_in("office", WRONG)
    security, _, _ = sign_in("secadmin", address=THERE)
    page = security.get("/admin/locks/").content.decode()
    assert "office" in page
    assert HERE in page
    token = {"form_token": "x" * 20, "login": "office", "address": HERE}
    assert security.post("/admin/locks/open/", token).status_code == 302
    assert sign_in("office")[1] == 302
    assert Entry.objects.get(act="login.unlocked").actor_text == "secadmin"


@pytest.mark.parametrize(("login", "minutes"), [("office", 30), ("secadmin", 15)])
def test_an_idle_session_ends(people: Cast, move: Move, login: str, minutes: int) -> None:
    browser, _, _ = sign_in(login)
    assert is_in(browser)
    move(timedelta(minutes=minutes - 1))
    assert is_in(browser)
    move(timedelta(minutes=minutes, seconds=1))
    assert not is_in(browser)


def test_no_session_outlives_twelve_hours(people: Cast, move: Move) -> None:
    browser, _, _ = sign_in("office")
    assert is_in(browser)
    for _ in range(36):
        move(timedelta(minutes=19, seconds=50))
        assert is_in(browser)
    move(timedelta(minutes=15))
    assert not is_in(browser)


def test_a_poll_in_the_background_keeps_no_session_alive(people: Cast, move: Move) -> None:
    browser, _, _ = sign_in("auditadmin")
    assert is_in(browser)
    for _ in range(3):
        move(timedelta(minutes=4))
        polled = browser.get("/journal/verification/", headers={BACKGROUND: "1"})
        assert polled.status_code == 200
    move(timedelta(minutes=4))
    assert not is_in(browser)


def test_a_disabled_user_is_out_with_the_next_request(people: Cast) -> None:
    browser, _, _ = sign_in("office")
    assert is_in(browser)
    disable_user(people.console, people.office.pk)
    assert not is_in(browser)


def test_another_password_ends_every_session(people: Cast) -> None:
    browser, _, _ = sign_in("office")
    assert is_in(browser)
    reissue_password(people.console, people.office.pk)
    assert not is_in(browser)


def test_a_role_that_ended_is_gone_with_the_next_request(people: Cast) -> None:
    browser, _, _ = sign_in("office")
    assert browser.get("/admin/organisations/").status_code == 200
    end_role(people.console, Assignment.objects.get(user=people.office).pk, on=clock.today())
    assert browser.get("/admin/organisations/").status_code == 403


def test_the_session_has_another_name_after_the_login(people: Cast) -> None:
    browser = Client(REMOTE_ADDR=HERE)
    browser.post("/months/", {"note": "写了一半", "form_token": new_token(people.office.pk)})
    before = browser.cookies["sessionid"].value
    browser.post("/login/", {"login": "office", "password": PASSWORD})
    after = browser.cookies["sessionid"].value
    assert before != after
    assert not Session.objects.filter(session_key=before).exists()


def test_a_logged_out_session_is_gone_from_the_server(people: Cast) -> None:
    browser, _, _ = sign_in("office")
    cookie = browser.cookies["sessionid"].value
    browser.post("/logout/")
    replay = Client(REMOTE_ADDR=HERE)
    replay.cookies["sessionid"] = cookie
    assert not is_in(replay)
    assert not Session.objects.filter(session_key=cookie).exists()


def test_nothing_typed_is_lost_when_a_session_ends_in_the_middle_of_a_form(
    people: Cast, move: Move
) -> None:
    browser, _, _ = sign_in("sysadmin")
    assert is_in(browser)
    move(timedelta(minutes=16))
    token = new_token(User.objects.get(login="sysadmin").pk)
    typed = {"name": "写了很久的单位", "form_token": token}
    sent = browser.post("/admin/organisations/new/", typed)
    assert sent.status_code == 302
    assert sent.headers["Location"].startswith("/login/?next=%2Fresume%2F")
    assert "已保留" in browser.get("/login/").content.decode()
    browser.post("/login/", {"login": "sysadmin", "password": PASSWORD, "next": "/resume/"})
    page = browser.get("/resume/").content.decode()
    assert "写了很久的单位" in page
    assert 'action="/admin/organisations/new/"' in page


def test_a_full_page_of_entering_for_a_unit_is_kept_too(people: Cast, move: Move) -> None:
    browser, _, _ = sign_in("office")
    move(timedelta(minutes=31))
    typed = {"form_token": new_token(people.office.pk)}
    for at in range(MOST_ENTRIES):
        typed |= {f"p{at}-progress": "进" * LONGEST_TEXT, f"p{at}-problem": "问" * LONGEST_TEXT}
    assert "resume" in browser.post("/months/1/proxy/units/1/", typed).headers["Location"]


def test_what_one_typed_is_not_shown_to_another_at_the_same_browser(
    people: Cast, move: Move
) -> None:
    browser, _, _ = sign_in("office")
    move(timedelta(minutes=31))
    typed = {"note": "只给本人看的话", "form_token": new_token(people.office.pk)}
    assert "resume" in browser.post("/admin/organisations/new/", typed).headers["Location"]
    other = {"login": "sysadmin", "password": PASSWORD, "next": "/resume/"}
    assert browser.post("/login/", other).headers["Location"] == "/resume/"
    assert browser.get("/resume/").headers["Location"] == "/"
    assert "typed" not in browser.session


def test_a_password_typed_after_the_session_ended_is_not_kept(people: Cast, move: Move) -> None:
    browser, _, _ = sign_in("office")
    move(timedelta(minutes=31))
    typed = {"old": PASSWORD, "new": PASSWORD + "!", "again": PASSWORD + "!"}
    sent = browser.post("/password/", typed)
    assert sent.headers["Location"] == "/login/?next=%2F"
    assert "typed" not in browser.session


def test_a_page_with_an_old_token_offers_the_same_form_again(people: Cast) -> None:
    browser = Client(REMOTE_ADDR=HERE, enforce_csrf_checks=True)
    browser.get("/login/")
    token = browser.cookies["csrftoken"].value
    browser.post(
        "/login/", {"login": "sysadmin", "password": PASSWORD, "csrfmiddlewaretoken": token}
    )
    typed = {"name": "另一页写的单位", "csrfmiddlewaretoken": token}
    typed["form_token"] = new_token(User.objects.get(login="sysadmin").pk)
    sent = browser.post(
        "/admin/organisations/new/", typed, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert sent.headers.get("Location") == "/resume/"
    assert "另一页写的单位" in browser.get("/resume/").content.decode()
    foreign = browser.post(
        "/admin/organisations/new/", typed, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert foreign.status_code == 403


ELSEWHERE = (
    "https://evil.example/",
    "http://evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "ftp://evil.example/",
    "file:///etc/passwd",
    "mailto:a@evil.example",
    "evil.example",
    "www.evil.example/path",
    "?next=//evil.example",
    "https:evil.example",
    "http:///evil.example",
    "http://127.0.0.1@evil.example/",
    "//127.0.0.1@evil.example",
    "https://127.0.0.1/",
    "/%09/evil.example\r\nX: y",
    "//evil。example",
    "..//evil.example",
)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_login_leads_to_own_paths_only(people: Cast, target: str) -> None:
    _, status, location = sign_in("office", next_page=target)
    assert status == 302
    joined = urlsplit(urljoin("http://testserver/login/", location))
    assert (joined.scheme, joined.netloc) == ("http", "testserver")
    assert not location.startswith(("//", "/\\"))


def test_a_login_leads_back_to_where_one_wanted_to_go(people: Cast) -> None:
    assert sign_in("office", next_page="/projects/?q=1")[2] == "/projects/?q=1"


def test_a_one_time_password_opens_only_the_page_that_changes_it(people: Cast) -> None:
    made = reissue_password(people.console, people.office.pk)
    browser, status, _ = sign_in("office", made.password)
    assert status == 302
    for path in ("/", "/projects/", "/admin/", "/resume/"):
        assert browser.get(path).headers.get("Location") == "/password/"
    own = {"old": made.password, "new": PASSWORD + "!", "again": PASSWORD + "!"}
    assert browser.post("/password/", own).status_code == 302
    assert browser.get("/projects/").status_code == 200
    assert sign_in("office", made.password)[1] == 200


def test_a_one_time_password_dies_after_seven_days(people: Cast, move: Move) -> None:
    made = reissue_password(people.console, people.office.pk)
    move(timedelta(days=7, minutes=1))
    assert answer("office", made.password) == answer("nobody-here", WRONG)


def test_a_hundred_one_time_passwords_differ_and_none_is_stored_or_logged(
    people: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    made = {one_time_password() for _ in range(100)}
    assert len(made) == 100
    assert all(re.fullmatch(r"([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}", one) for one in made)
    password = reissue_password(people.console, people.office.pk).password
    sign_in("office", password)
    stored = User.objects.get(login="office").password
    assert password not in stored
    bodies = " ".join(Entry.objects.values_list("body", flat=True))
    assert password not in bodies
    assert password not in caplog.text


def test_the_last_moment_of_a_login_is_an_act(people: Cast, today: Callable[[date], None]) -> None:
    sign_in("office")
    entry = Entry.objects.get(act="session.opened")
    assert isinstance(entry.at, datetime)
    assert entry.actor_text == "office"


def test_an_administrator_made_by_the_journal_alone_cannot_sign_in(people: Cast) -> None:
    with journal.act(people.console, "test.made") as act:
        act.write(User(login="ghost", password="!", salt="x" * 32, kind="system"))
    assert sign_in("ghost", "!")[1] == 200
