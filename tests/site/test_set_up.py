"""First set-up: three one-time codes, three accounts, and the page is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from guatu.core import clock
from guatu.journal.models import Change, Entry
from guatu.organisation.access import console_actor
from guatu.organisation.models import User
from guatu.organisation.services import install
from guatu.organisation.services.users import reissue_password

OWN = "Jiang-Yuan2026"
pytestmark = pytest.mark.django_db


@pytest.fixture
def codes() -> dict[str, str]:
    return install(console_actor(), city="江源市").codes


def post(login: str, code: str, new: str = OWN, again: str = "", address: str = "10.1.1.1") -> int:
    told = {"login": login, "code": code, "new": new, "again": again or new}
    response = Client(REMOTE_ADDR=address).post("/setup/", told)
    assert new not in response.content.decode()
    assert code not in response.content.decode()
    return response.status_code


def test_each_administrator_opens_the_own_account_and_the_page_is_gone(
    codes: dict[str, str],
) -> None:
    browser = Client()
    for left, (login, code) in zip((3, 2, 1), codes.items(), strict=True):
        assert f"还剩{left}个" in browser.get("/setup/").content.decode()
        assert "/setup/" in browser.get("/login/").content.decode()
        assert post(login, code) == 200
        user = User.objects.get(login=login)
        assert user.is_active
        assert user.check_password(OWN)
        assert not user.check_password(code)
    assert browser.get("/setup/").status_code == 404
    assert post("sysadmin", codes["sysadmin"]) == 404
    assert "/setup/" not in browser.get("/login/").content.decode()
    assert browser.post("/login/", {"login": "sysadmin", "password": OWN}).status_code == 302
    assert browser.get("/admin/").status_code == 200


def test_before_the_set_up_the_code_is_no_password(codes: dict[str, str]) -> None:
    told = {"login": "sysadmin", "password": codes["sysadmin"]}
    assert Client().post("/login/", told).status_code == 200


def test_there_is_no_page_before_init() -> None:
    assert Client().get("/setup/").status_code == 404


@pytest.mark.parametrize("login", ["sysadmin", "nobody", "console", ""])
def test_a_wrong_code_opens_nothing(codes: dict[str, str], login: str) -> None:
    assert post(login, "wrong-code") == 422
    assert not User.objects.filter(is_active=True).exists()


def test_a_weak_or_repeated_password_is_refused_and_the_code_lives_on(
    codes: dict[str, str],
) -> None:
    code = codes["sysadmin"]
    assert post("sysadmin", code, new="weak") == 422
    assert post("sysadmin", code, new="Sysadmin-2026x") == 422
    assert post("sysadmin", code, again="Another-One-7") == 422
    assert post("sysadmin", code, new=code) == 422
    assert post("sysadmin", code) == 200


def test_five_wrong_codes_lock_until_a_quarter_of_an_hour_is_over(
    codes: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        assert post("sysadmin", "wrong-code") == 422
    assert post("sysadmin", codes["sysadmin"]) == 422
    assert post("secadmin", codes["secadmin"]) == 200
    later = clock.real_now() + timedelta(minutes=15, seconds=5)
    monkeypatch.setattr("axes.handlers.proxy.now", lambda: later)
    assert post("sysadmin", codes["sysadmin"]) == 200


def test_locked_wrong_and_unknown_look_alike(codes: dict[str, str]) -> None:
    def told(login: str, code: str) -> str:
        body = (
            Client()
            .post("/setup/", {"login": login, "code": code, "new": OWN, "again": OWN})
            .content.decode()
        )
        return body[body.index("role=") : body.index("</ul>", body.index("role="))]

    wrong = told("secadmin", "x" * 16)
    for _ in range(5):
        told("sysadmin", "x" * 16)
    assert told("sysadmin", codes["sysadmin"]) == wrong == told("nobody", "x" * 16)


def test_no_secret_is_in_the_journal_or_a_log(
    codes: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    post("sysadmin", "a-wrong-code-77")
    post("sysadmin", codes["sysadmin"])
    written = " ".join(
        [
            *Entry.objects.values_list("body", flat=True),
            *Change.objects.values_list("after", flat=True),
        ]
    )
    from axes.models import AccessAttempt

    kept = " ".join(AccessAttempt.objects.values_list("post_data", flat=True))
    for secret in (OWN, codes["sysadmin"], "a-wrong-code-77"):
        assert secret not in written + kept + caplog.text
    assert Entry.objects.filter(act="administrator.activated").count() == 1
    assert Entry.objects.filter(act="session.refused").count() == 1


def test_the_console_gives_another_code_where_one_was_lost(codes: dict[str, str]) -> None:
    made = reissue_password(console_actor(), User.objects.get(login="sysadmin").pk)
    assert post("sysadmin", codes["sysadmin"]) == 422
    assert post("sysadmin", made.password) == 200
    user = User.objects.get(login="sysadmin")
    assert not user.must_change_password
    assert user.password_until is None
