"""`guatu bench submit`: units sending in reports over HTTP, beside a bare view with two inserts.

On the database of `DATABASE_URL` (a scratch database of its own in that server) or on SQLite. One
after another for the ratio; fifty units at once for errors and waiting; one form token many times.
"""

from __future__ import annotations

import os
import secrets
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from guatu.bench.intake import write_ledger
from guatu.bench.measure import calibration_seconds, scratch_database
from guatu.bench.pages import HOST, TODAY, answer_of, signed_in, site, today
from guatu.core.errors import Fault, GuatuError
from guatu.core.periods import month_end, parse_period
from guatu.journal import services as journal
from guatu.journal.models import Entry
from guatu.journal.types import Actor
from guatu.ledger.models import Responsibility
from guatu.ledger.queries import find_list
from guatu.ledger.types import ResponsibilityRole
from guatu.organisation import access
from guatu.organisation.models import User
from guatu.organisation.services import assign_role, create_user, install
from guatu.organisation.types import Role
from guatu.planning.services import TakeInList, take_in_list
from guatu.reporting.models import Figure, Report, Round
from guatu.reporting.queries import entry_versions
from guatu.reporting.services.rounds import ensure_indicators, open_round
from guatu.reporting.types import INVESTMENT, INVESTMENT_TOTAL
from guatu.ui.tokens import TOKEN_FIELD

PROJECTS = 2_000
UNITS = 50
EACH = 4
"""Reports that each unit sends in while the others do."""
SAME = 20
"""Times that one form is sent at once."""
SLOTS, IN_SLOT = 9, 12
MONTHS = 9
CSRF = "c" * 32
BARE = "/bench/bare-inserts/"
WAN = 10_000


@dataclass(frozen=True, slots=True)
class Sending:
    """One report that a unit is about to send in: as whom, where, and the form's fields."""

    cookie: str
    path: str
    fields: dict[str, str]
    project_id: int

    def request(self, *, bare: bool = False, token: str = "") -> bytes:
        """The bytes of its POST; `bare` sends the same to the bare view."""
        fields = {
            **self.fields,
            TOKEN_FIELD: token or secrets.token_urlsafe(18),
            "csrfmiddlewaretoken": CSRF,
        }
        body = urlencode(fields).encode()
        cookie = f"{self.cookie}; {settings.CSRF_COOKIE_NAME}={CSRF}"
        head = (
            f"POST {BARE if bare else self.path} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {cookie}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


def bench_submit() -> dict[str, Any]:
    """Submits a second over the bare view's (floor 0.20), and the slowest of a hundred of fifty
    units' at once (bar 2 s, as the calibration loop counts them)."""
    with scratch() as (home, more), today():
        sendings = _fill(home)
        connection.close()
        _settle(home)
        with site(home, more) as port:
            ratios, times = _one_after_another(port, sendings)
            waits = _at_once(port, sendings)
            _same_token(port, sendings)
        _verify(sendings)
    ordered = sorted(waits)
    return {
        "bench": "submit",
        "database": connection.vendor,
        "projects": PROJECTS,
        "calibration_s": round(calibration_seconds(), 3),
        "bare_ms": round(1_000 * median(times), 2),
        "submit_ratio": round(median(ratios), 3),
        "submit_ratio_range": f"{min(ratios):.3f}-{max(ratios):.3f}",
        "floor_submit_ratio": 0.2,
        "units_at_once": UNITS,
        "sent_at_once": len(waits),
        "median_s": round(median(ordered), 3),
        "p99_s": round(quantiles(ordered, n=100, method="inclusive")[98], 3),
        "bar_p99_s": 2,
    }


@contextmanager
def scratch() -> Iterator[tuple[Path, dict[str, str]]]:
    """An empty database of its own, gone afterwards: the folder of the site, and what its
    environment needs besides."""
    if connection.vendor == "sqlite":
        with scratch_database() as home:
            yield home, {}
        return
    name, url = f"guatu_bench_{secrets.token_hex(4)}", os.environ["DATABASE_URL"]
    before = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        with _folder() as home:
            call_command("migrate", verbosity=0, interactive=False)
            yield home, {"DATABASE_URL": f"{url.rpartition('/')[0]}/{name}"}
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def _folder() -> Iterator[Path]:
    before = settings.HOME
    with tempfile.TemporaryDirectory() as name:
        settings.HOME = Path(name)
        try:
            yield Path(name)
        finally:
            settings.HOME = before


def _settle(home: Path) -> None:
    """Give the database the name that the site looks for; on PostgreSQL have it know its tables,
    as a server that has been up for a day does."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        connection.close()
    if connection.vendor == "sqlite":
        os.replace(home / "bench.sqlite3", home / "guatu.sqlite3")
        connection.settings_dict["NAME"] = home / "guatu.sqlite3"


def _fill(home: Path) -> list[Sending]:
    """A list with nine months of figures, October open, and a reporter signed in for each of the
    units; returns what each may send in, unit by unit in turn."""
    actor = access.console_actor()
    install(actor)
    path = home / "ledger.xlsx"
    write_ledger(path, PROJECTS)
    take_in_list(actor, [path], TakeInList(year=2026, creates_missing=True))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_row (told varchar(200) NOT NULL)")
    leads = dict(
        Responsibility.objects.filter(
            role=ResponsibilityRole.LEAD, organisation__isnull=False
        ).values_list("project_id", "organisation_id")
    )
    the_round = _figures(actor, sorted(leads))
    units = sorted({pk for pk in leads.values() if pk is not None})[:UNITS]
    cookies = {unit: signed_in(_reporter(actor, unit)) for unit in units}
    own: dict[int, list[int]] = {unit: [] for unit in units}
    for project_id, unit in sorted(leads.items()):
        if unit in own:
            own[unit].append(project_id)
    seen = entry_versions(the_round, list(leads))
    turns = zip(*(own[unit] for unit in units), strict=False)
    return [
        _sending(the_round, project_id, cookies[unit], seen[project_id])
        for turn in turns
        for unit, project_id in zip(units, turn, strict=True)
    ]


def _figures(actor: Actor, project_ids: Sequence[int]) -> Round:
    listing = find_list(2026, None)
    with journal.act(actor, "bench.figures") as act:
        indicators = ensure_indicators(act)
        act.add_all(
            [
                Figure(
                    project_id=pk,
                    indicator=indicators[code],
                    as_of=month_end(2026, month),
                    value=_yuan(pk, month),
                    by=actor.text,
                    at=act.at,
                )
                for pk in project_ids
                for month in range(1, MONTHS + 1)
                for code in (INVESTMENT, INVESTMENT_TOTAL)
            ]
        )
        return open_round(act, listing, parse_period(TODAY[:7]))


def _yuan(project_id: int, month: int) -> int:
    return (project_id % 700 + 103) * WAN * month


def _reporter(actor: Actor, unit: int) -> User:
    user = create_user(actor, f"bench{unit}", organisation_id=unit)
    assign_role(actor, user, Role.REPORTER, scope_organisation_id=unit, valid_from=date(2026, 1, 1))
    with journal.act(actor, "bench.login") as act:
        user.is_active, user.must_change_password = True, False
        act.write(user)
    return user


def _sending(the_round: Round, project_id: int, cookie: str, seen: str) -> Sending:
    wan = str(_yuan(project_id, MONTHS + 1) // WAN)
    fields = {
        "year": wan,
        "month": "",
        "life": wan,
        "progress": "厂房主体施工到三层",
        "problem": "",
        "next_plan": "100",
        "explanation": "已逐笔核对",
        "seen": seen,
    }
    path = f"/my-reports/{the_round.pk}/{project_id}/"
    return Sending(cookie, path, fields, project_id)


class Wire:
    """One kept connection of a browser."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._wire = socket.create_connection((HOST, port), timeout=120)

    def send(self, request: bytes) -> float:
        """Send it and read the answer, which must lead on; returns the seconds it took."""
        start = time.perf_counter()
        self._wire.sendall(request)
        line = answer_of(self._wire)
        if not line.startswith(b"HTTP/1.1 302"):
            raise RuntimeError(line.decode(errors="replace"))
        return time.perf_counter() - start

    def close(self) -> None:
        """Hang up."""
        self._wire.close()


def _one_after_another(port: int, sendings: list[Sending]) -> tuple[list[float], list[float]]:
    """By slots of bare – submit – bare the ratio of their rates, and a bare one's seconds. What is
    sent is taken from the list."""
    wire = Wire(port)
    ratios, bares = [], []
    for slot in range(SLOTS + 1):
        some = [sendings.pop() for _ in range(IN_SLOT)]
        before = sum(wire.send(one.request(bare=True)) for one in some)
        sent = sum(wire.send(one.request()) for one in some)
        after = sum(wire.send(one.request(bare=True)) for one in some)
        if slot:  # the first one warms up
            ratios.append((before + after) / 2 / sent)
            bares.append((before + after) / 2 / IN_SLOT)
    wire.close()
    return ratios, bares


def _at_once(port: int, sendings: list[Sending]) -> list[float]:
    """Seconds of each report that fifty units send in at once, each several one after another."""
    mine = [[sendings[at + UNITS * turn] for turn in range(EACH)] for at in range(UNITS)]
    del sendings[: UNITS * EACH]
    waits: list[float] = []

    def send(which: int) -> None:
        for one in mine[which]:
            # People think between two reports longer than a connection is kept.
            wire = Wire(port)
            waits.append(wire.send(one.request()))
            wire.close()

    _in_parallel(UNITS, send)
    return waits


def _same_token(port: int, sendings: list[Sending]) -> None:
    """One form sent many times at once has one effect, and every answer is the same."""
    one = sendings[0]
    request = one.request(token=secrets.token_urlsafe(18))

    def send(_: int) -> None:
        wire = Wire(port)
        wire.send(request)
        wire.close()

    _in_parallel(SAME, send)
    del sendings[1:]


def _in_parallel(count: int, work: Callable[[int], None]) -> None:
    start, faults = threading.Barrier(count), []

    def run(which: int) -> None:
        start.wait()
        try:
            work(which)
        except (OSError, RuntimeError, ValueError) as error:
            faults.append(str(error))

    threads = [threading.Thread(target=run, args=(which,)) for which in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        what = f"{len(faults)}个请求没有办成（{faults[0][:200]}）"
        raise GuatuError(Fault("bench-refused", what, "请看网站的错误记录"))


def _verify(sendings: Sequence[Sending]) -> None:
    """Every report that was answered is there, and the repeated one was made once."""
    expected = (SLOTS + 1) * IN_SLOT + UNITS * EACH + 1
    sent = Entry.objects.filter(act="report.submitted").count()
    made = Report.objects.count()
    same = Report.objects.get(project_id=sendings[0].project_id)
    if not sent == made == expected or same.version != 1:
        raise RuntimeError(f"{expected} reports were sent in, {made} made by {sent} acts")
