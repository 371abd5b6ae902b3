"""What holds at every address: headers, cookies, reading changes nothing, tokens."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from conftest import Say
from guatu.journal.models import Change, Entry, Head
from guatu.organisation.models import User
from tests.factories import Cast
from tests.site.matrix import MATRIX, Route
from tests.site.test_two_worlds import routes
from tests.site.worlds import ACTORS, Worlds, make_worlds

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def worlds(people: Cast) -> Worlds:
    return make_worlds(people)


def addresses(worlds: Worlds) -> Iterator[tuple[str, Route, str]]:
    """Every route with an address of the own world."""
    ids = worlds.own.ids
    for name, pattern in routes():
        row = MATRIX[name]
        kwargs = {key: ids[row.ids.get(key, key)] for key in pattern.pattern.converters}
        yield name, row, reverse(name, kwargs=kwargs)


def one_of(row: Route) -> str:
    """Somebody who gets an answer, the administrators first."""
    order = (*reversed(ACTORS),)
    return next((actor for actor in order if actor in row.own), "office")


def test_every_address_has_the_headers(worlds: Worlds) -> None:
    wrong = []
    for name, row, address in addresses(worlds):
        for actor in (one_of(row), "anonymous"):
            response = worlds.client(actor).get(address)
            wrong += [f"{name} ({actor}): {line}" for line in lacking(response)]
    assert not wrong, "\n".join(wrong)


def lacking(response: Any) -> Iterator[str]:
    policy = response.headers.get("Content-Security-Policy", "")
    if "sandbox" not in policy:
        for rule in (
            "default-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "object-src 'none'",
        ):
            if rule not in policy:
                yield f"no {rule}"
        if "unsafe" in policy:
            yield "an unsafe source"
        nonces = set(
            re.findall(rb'nonce="([^"]+)"', b"" if response.streaming else response.content)
        )
        if nonces and (len(nonces) != 1 or f"'nonce-{nonces.pop().decode()}'" not in policy):
            yield "a script whose nonce is not the policy's"
    if response.headers.get("X-Content-Type-Options") != "nosniff":
        yield "no nosniff"
    if "no-store" not in response.headers.get("Cache-Control", ""):
        yield "no no-store"
    if response.headers.get("X-Frame-Options") != "DENY":
        yield "frames allowed"
    if response.headers.get("Referrer-Policy") != "same-origin":
        yield "no referrer policy"


INLINE = re.compile(rb"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
OUTSIDE = re.compile(rb"""(?:src|href|action)=["'](?:https?:)?//""")


def test_no_page_has_inline_script_or_style_or_loads_from_elsewhere(worlds: Worlds) -> None:
    wrong = []
    for name, row, address in addresses(worlds):
        response = worlds.client(one_of(row)).get(address)
        if "text/html" not in response.headers.get("Content-Type", "") or response.streaming:
            continue
        for pattern in (INLINE, OUTSIDE):
            wrong += [f"{name}: {found!r}" for found in pattern.findall(response.content)]
    assert not wrong, "\n".join(wrong)


def test_reading_changes_nothing(worlds: Worlds, say: Say) -> None:
    tried = 0
    for name, row, address in addresses(worlds):
        before = state()
        for actor in (one_of(row), "office", "outsider", "anonymous"):
            for method in ("get", "head", "options"):
                getattr(worlds.client(actor), method)(address)
                tried += 1
        assert state() == before, name
    say(f"reading changes nothing: {tried} GET, HEAD and OPTIONS left the journal as it was")


def state() -> tuple[object, ...]:
    """Everything that acts change. That somebody was refused is journalled, and is no act."""
    acts = Entry.objects.exclude(act="access.refused")
    return (
        list(acts.order_by("seq").values_list("act", "body")),
        Head.objects.count(),
        Change.objects.count(),
        list(User.objects.order_by("pk").values_list("version", "is_active", "password")),
    )


def test_no_act_without_the_csrf_token(worlds: Worlds, say: Say) -> None:
    wrong, tried = [], 0
    for name, row, address in addresses(worlds):
        actor = one_of(row)
        browser = Client(enforce_csrf_checks=True)
        user = User.objects.get(pk=getattr(worlds.people, actor).pk)
        browser.force_login(user, backend="guatu.organisation.backend.Accounts")
        before = state()
        for headers in ({}, {"Origin": "https://evil.example"}):
            response = browser.post(address, {"form_token": "x" * 20}, headers=headers)
            tried += 1
            if response.status_code != 403:
                wrong.append(f"{name}: {response.status_code}")
        assert state() == before, name
    assert not wrong, "\n".join(wrong)
    say(f"no act without a CSRF token: {tried} posts answered 403")


def test_a_sign_that_no_text_holds_is_refused_everywhere(worlds: Worlds) -> None:
    wrong = []
    for name, row, address in addresses(worlds):
        client = worlds.client(one_of(row))
        for query in ("?q=%00", "?%00=1"):
            status = client.get(address + query).status_code
            wrong += [f"{name}{query}: {status}"] if status != 400 else []
        if client.get(address + "?q=%01").status_code == 400:
            wrong.append(f"{name}: refused without NUL")
    assert not wrong, "\n".join(wrong)
    said = worlds.client("anonymous").post("/login/", {"login": "off\0ice", "password": "x"})
    assert said.status_code == 400
    assert "不可见的字符" in said.content.decode()


def test_a_strange_host_is_refused(client: Client) -> None:
    assert client.get("/login/", headers={"host": "evil.example"}).status_code == 400


def test_a_head_that_cannot_be_read_is_refused() -> None:
    from guatu.config.wsgi import application

    told: list[str] = []
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/login/",
        "CONTENT_TYPE": "application/x-www-form-urlencoded; charset*=bogus''x",
    }
    setup_testing_defaults(environ)
    body = b"".join(application(environ, lambda status, *_: told.append(status)))  # type: ignore[arg-type]
    assert told == ["400 Bad Request"]
    assert "没有改动任何数据" in body.decode()


def test_pages_that_are_not_there_have_the_headers_too(worlds: Worlds) -> None:
    for actor in ("office", "anonymous"):
        response = worlds.client(actor).get("/no/such/page/")
        assert response.status_code in (302, 404)
        assert not list(lacking(response))


PASSWORDS = {
    "Jiang-Yuan2026": True,
    "tR4ffic.Lights": True,
    "correct Horse 9": True,
    "Xq7mZp2vLk": True,
    "7-Pferde-Traben": True,
    "山高水长Ab3": False,  # nine signs
    "山高水长山高Abc3": True,
    "山高水长Abc3": False,
    "Ab1!Ab1!Ab": True,
    "Zz9zZz9zZz": True,
    "aB3$eF6&hI": True,
    "Winter!Tag!Regen": True,
    "MORGEN&abend&x": True,
    "9tausend.und.eins": True,
    "Kraniche_11_weg": True,
    "": False,
    "Ab1!": False,
    "Ab1!Ab1!A": False,
    "abcdefghij": False,
    "ABCDEFGHIJ": False,
    "1234567890": False,
    "0987654321": False,
    "qwertyuiop": False,
    "Qwertyuiop1": False,
    "Poiuyt-2026": False,
    "Asdfgh.2026": False,
    "Zxcvbn.2026": False,
    "Abcde-2026x": False,
    "Nm12345-xyQ": False,
    "Nm54321-xyQ": False,
    "aaaaAAAA1111": False,
    "Wwwww-2026a": False,
    "alllowercase": False,
    "ALLUPPERCASE": False,
    "lowerand1234": False,
    "UPPERAND1928": False,
    "only!signs!x": False,
    "Password123": False,
    "password1!": False,  # known to everybody
    "Office-2026a": False,  # the login name
    "x9-eciffO-k": False,  # and backwards
    "          ": False,
    "Iloveyou12": False,
    "市重点项目办公室Ab1": False,  # the unit
    "1qaz2wsx3edc": False,  # two classes
}


@pytest.mark.parametrize(("password", "is_good"), PASSWORDS.items())
def test_what_a_password_must_be(people: Cast, password: str, is_good: bool) -> None:
    try:
        validate_password(password, people.office)
    except ValidationError:
        assert not is_good, password
    else:
        assert is_good, password


def with_tls(tmp_path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "GUATU_HOME": str(tmp_path),
        "GUATU_TLS": "1",
        "GUATU_HOSTS": "guatu.example",
        "GUATU_FRONTEND": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "guatu.config.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }
    environment.pop("GUATU_DEBUG", None)
    return subprocess.run(
        [sys.executable, *words], env=environment, capture_output=True, text=True, check=False
    )


def test_the_deployment_check_is_clean_behind_tls(tmp_path: Path) -> None:
    (tmp_path / "node_modules" / "bootstrap" / "dist").mkdir(parents=True)
    words = ("-m", "django", "check", "--deploy", "--fail-level", "WARNING")
    done = with_tls(tmp_path, *words)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues" in done.stdout + done.stderr
    assert "0 silenced" in done.stdout + done.stderr


COOKIES = """
import django
django.setup()
from django.conf import settings
print(settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_PATH,
      settings.SESSION_COOKIE_DOMAIN, settings.SESSION_COOKIE_HTTPONLY,
      settings.SESSION_COOKIE_SAMESITE)
print(settings.CSRF_COOKIE_NAME, settings.CSRF_COOKIE_SECURE, settings.CSRF_COOKIE_PATH,
      settings.CSRF_COOKIE_DOMAIN, settings.CSRF_COOKIE_HTTPONLY, settings.CSRF_COOKIE_SAMESITE)
print(settings.SECURE_HSTS_SECONDS)
"""


def test_cookies_belong_to_this_host_alone_behind_tls(tmp_path: Path) -> None:
    done = with_tls(tmp_path, "-c", COOKIES)
    assert done.stdout.split("\n")[:3] == [
        "__Host-session True / None True Lax",
        "__Host-csrf True / None True Lax",
        str(365 * 24 * 3600),
    ], done.stderr
