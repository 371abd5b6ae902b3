"""`guatu bench pages`: requests a second of the pages that are opened most, over those of a bare
view behind the same middleware and login, with 10,000 projects and two locked rounds.

Only ratios of one run mean something (trust E-11): rounds of bare – page – bare, the median of
them, and rounds thrown away in which the machine changed its pace.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from guatu.assessment.services.assess import assess_for_record
from guatu.assessment.services.close import close_round
from guatu.bench.intake import ROWS, write_ledger
from guatu.bench.measure import calibration_seconds, scratch_database
from guatu.core.errors import Fault, GuatuError
from guatu.core.periods import month_end, parse_period
from guatu.journal import services as journal
from guatu.ledger.models import Project
from guatu.ledger.queries import find_list
from guatu.organisation import access
from guatu.organisation.models import User
from guatu.organisation.queries import root_organisation
from guatu.organisation.services import assign_role, create_user, install
from guatu.organisation.types import Role
from guatu.planning.services import TakeInList, take_in_list
from guatu.reporting.models import Figure
from guatu.reporting.services.rounds import ensure_indicators, open_round
from guatu.reporting.types import INVESTMENT

HOST = "127.0.0.1"
TODAY = "2026-10-31"
LOCKED = ("2026-08", "2026-09")
"""Two, so that the desk has changes to tell."""
WORKERS = 2
BROWSERS = 8
ROUNDS = 7
SLOT_S = 1.5
WARM_S = 3.0
STEADY = 1.25
"""Two bares of one round that differ by more than this say the machine was busy with others."""
BARE = "/bench/bare/"
NOTHING: Mapping[str, str] = MappingProxyType({})
_BACKEND = "guatu.organisation.backend.Accounts"


def bench_pages() -> dict[str, Any]:
    """Requests a second of desk, list and project page over the bare view's (floor: 0.02)."""
    with scratch_database() as home, today():
        _fill(home)
        user = User.objects.get(login="bench")
        project_id = Project.objects.order_by("pk")[ROWS // 2].pk
        pages = {"desk": "/", "ledger": "/projects/", "project": f"/projects/{project_id}/"}
        queries = _queries(user, pages)
        cookie = signed_in(user)
        connection.close()
        os.replace(home / "bench.sqlite3", home / "guatu.sqlite3")
        with site(home) as port:
            ratios, bares = _measure(port, cookie, pages)
    lowest = min(median(found) for found in ratios.values())
    return {
        "bench": "pages",
        "projects": ROWS,
        "calibration_s": round(calibration_seconds(), 3),
        "bare_rps": round(median(bares), 1),
        **{f"{name}_ratio": round(median(found), 4) for name, found in ratios.items()},
        **{f"{name}_range": f"{min(found):.4f}-{max(found):.4f}" for name, found in ratios.items()},
        **{f"{name}_queries": count for name, count in queries.items()},
        "rounds": min(map(len, ratios.values())),
        "lowest_ratio": round(lowest, 4),
        "floor": 0.02,
        "aim": 0.03,
    }


@contextmanager
def today() -> Iterator[None]:
    """The day that the benchmarks take for today."""
    before = os.environ.get("GUATU_TODAY")
    os.environ["GUATU_TODAY"] = TODAY
    try:
        yield
    finally:
        if before is None:
            del os.environ["GUATU_TODAY"]
        else:
            os.environ["GUATU_TODAY"] = before


def _fill(home: Path) -> None:
    """A list of 10,000 with nine months of figures, August and September locked, October open."""
    actor = access.console_actor()
    install(actor)
    path = home / "ledger.xlsx"
    write_ledger(path, ROWS)
    take_in_list(actor, [path], TakeInList(year=2026, creates_missing=True))
    listing, periods = find_list(2026, None), [parse_period(key) for key in LOCKED]
    with journal.act(actor, "bench.figures") as act:
        for period in periods:
            open_round(act, listing, period)
        indicator = ensure_indicators(act)[INVESTMENT]
        days = [month_end(2026, month) for month in range(1, 10)]
        days.append(date(2025, 9, 30))
        act.add_all(
            [
                Figure(
                    project_id=pk,
                    indicator=indicator,
                    as_of=day,
                    value=(pk % 900 + 100) * 10_000 * day.month,
                    by=actor.text,
                    at=act.at,
                )
                for pk in Project.objects.order_by("pk").values_list("pk", flat=True)
                for day in days
            ]
        )
    for period in periods:
        assess_for_record(actor, close_round(actor, listing, period))
    with journal.act(actor, "bench.opened") as act:
        open_round(act, listing, parse_period("2026-10"))
    root = root_organisation().pk
    user = create_user(actor, "bench", organisation_id=root)
    assign_role(actor, user, Role.OFFICE, scope_organisation_id=root, valid_from=date(2026, 1, 1))
    with journal.act(actor, "bench.login") as act:
        user.is_active = True
        user.must_change_password = False
        act.write(user)


def _queries(user: User, pages: dict[str, str]) -> dict[str, int]:
    """How many queries each page takes, of a second visit; raises where a page does not open."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with (
        override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}),
        warnings.catch_warnings(),
    ):
        # Static files are collected by the site that is measured, not here.
        warnings.simplefilter("ignore", UserWarning)
        browser = Client(SERVER_NAME=HOST)
        browser.force_login(user, backend=_BACKEND)
        counts = {}
        for name, path in pages.items():
            browser.get(path)
            with CaptureQueriesContext(connection) as captured:
                response = browser.get(path)
            if response.status_code != 200:
                raise RuntimeError(f"{path} answered {response.status_code}")
            counts[name] = len(captured)
    return counts


def signed_in(user: User) -> str:
    """The cookie of a session that is signed in."""
    browser = Client(SERVER_NAME=HOST)
    browser.force_login(user, backend=_BACKEND)
    return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"


@contextmanager
def site(home: Path, more: Mapping[str, str] = NOTHING) -> Iterator[int]:
    """The site in its own processes, as `guatu serve` runs it; `more` goes to its environment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    environment = {
        **os.environ,
        "GUATU_HOME": str(home),
        "GUATU_BENCH": "1",
        "GUATU_SECRET_KEY": settings.SECRET_KEY,
        "GUATU_FRONTEND": str(settings.FRONTEND),
        **more,
    }
    words = ["serve", "--port", str(port), "--workers", str(WORKERS)]
    served = subprocess.Popen(
        [sys.executable, "-m", "guatu", *words],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        _wait(port, served)
        yield port
    finally:
        served.terminate()
        served.wait(timeout=40)
        if served.stderr:
            served.stderr.close()


def _wait(port: int, served: subprocess.Popen[bytes], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and served.poll() is None:
        try:
            with socket.create_connection((HOST, port), timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    served.kill()
    said = served.stderr.read().decode(errors="replace").strip() if served.stderr else ""
    raise GuatuError(
        Fault("bench-no-site", f"测速的网站没有启动（{said[-200:]}）", "请先运行guatu frontend")
    )


def _measure(
    port: int, cookie: str, pages: dict[str, str]
) -> tuple[dict[str, list[float]], list[float]]:
    """The ratio of each page in each steady round, and the bare rates."""
    for path in (BARE, *pages.values()):
        rate(port, path, cookie, WARM_S)
    ratios: dict[str, list[float]] = {name: [] for name in pages}
    bares: list[float] = []
    for attempt in range(ROUNDS * 3):
        if attempt >= ROUNDS and all(len(found) >= ROUNDS for found in ratios.values()):
            break
        bare = rate(port, BARE, cookie, SLOT_S)
        for name, path in pages.items():
            page = rate(port, path, cookie, SLOT_S)
            after = rate(port, BARE, cookie, SLOT_S)
            bares.append(after)
            if max(bare, after) <= STEADY * min(bare, after) and len(ratios[name]) < ROUNDS:
                ratios[name].append(2 * page / (bare + after))
            bare = after
    if not all(ratios.values()):
        raise GuatuError(Fault("bench-unsteady", "机器太忙，没有一轮是稳定的", "请在空闲时再测"))
    return ratios, bares


def rate(port: int, path: str, cookie: str, seconds: float) -> float:
    """Requests a second that some browsers get answered one after another."""
    request = (
        f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {cookie}\r\nX-Guatu-Background: 1\r\n\r\n"
    ).encode()
    counts = [0] * BROWSERS
    faults: list[str] = []
    start = time.monotonic()
    end = start + seconds

    def browse(which: int) -> None:
        try:
            counts[which] = _browse(port, request, end)
        except (OSError, RuntimeError, ValueError) as error:
            faults.append(f"{path}: {error}")

    threads = [threading.Thread(target=browse, args=(n,)) for n in range(BROWSERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise RuntimeError(faults[0])
    return sum(counts) / (time.monotonic() - start)


def _browse(port: int, request: bytes, end: float) -> int:
    """How many answers one kept connection brings until the end."""
    count, line = 0, b""
    with socket.create_connection((HOST, port), timeout=60) as wire:
        while time.monotonic() < end:
            wire.sendall(request)
            line = answer_of(wire)
            if not line.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(line.decode(errors="replace"))
            count += 1
    return count


def answer_of(wire: socket.socket) -> bytes:
    """The first line of one answer; its body is read to the end."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(wire)
    head, _, body = data.partition(b"\r\n\r\n")
    lines: Sequence[bytes] = head.split(b"\r\n")
    told = next(one for one in lines if one.lower().startswith(b"content-length:"))
    left = int(told.partition(b":")[2]) - len(body)
    while left > 0:
        left -= len(_more(wire))
    return lines[0]


def _more(wire: socket.socket) -> bytes:
    data = wire.recv(262_144)
    if not data:
        raise RuntimeError("the connection was closed")
    return data
