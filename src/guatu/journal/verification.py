"""Verifying the journal beside the site: begun by a button, watched while it runs, told afterwards.

What was found lies in a file of GUATU_HOME, not in the database: it is to be read also where the
database is damaged. The command line leaves its result in the same place.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connections, transaction

from guatu.core import clock
from guatu.core.errors import Conflict, Fault, GuatuError
from guatu.core.kept import keep
from guatu.engines.chain import Mark
from guatu.journal import queries
from guatu.journal import services as journal
from guatu.journal.types import Actor

MOST_PROBLEMS = 500
_SILENT = timedelta(minutes=5)
"""A run that has said nothing for so long was broken off with its process."""


@dataclass(slots=True)
class Report:
    """How a verification stands or ended. `state`: none, running, done or failed."""

    state: str = "none"
    started_at: str = ""
    ended_at: str = ""
    by: str = ""
    step: str = ""
    done: int = 0
    steps: int = 1
    entries: int = 0
    changes: int = 0
    head: str = ""
    marks: int = 0
    problem_count: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def is_running(self) -> bool:
        """Whether it runs now; one whose process has died does not."""
        return self.state == "running" and clock.real_now() - _touched() < _SILENT

    @property
    def is_broken_off(self) -> bool:
        """Whether it began and never ended."""
        return self.state == "running" and not self.is_running

    @property
    def is_good(self) -> bool:
        """Whether it ended and found nothing wrong."""
        return self.state == "done" and not self.problem_count

    @property
    def ended(self) -> datetime | None:
        """When it ended."""
        return datetime.fromisoformat(self.ended_at) if self.ended_at else None


def last_report() -> Report:
    """The newest verification, running or ended."""
    try:
        told = json.loads(_file().read_text(encoding="utf-8"))
        return Report(**told)
    except (OSError, ValueError, TypeError):
        return Report()


def start(actor: Actor, marks: Sequence[Mark]) -> None:
    """Begin in the background. Raises Conflict where one runs already."""
    if last_report().is_running:
        raise Conflict(Fault("verifying", "正在核对", "请等这一次核对完"))

    def begin() -> None:
        _keep(begun(actor, marks))
        launch(_in_background, actor, list(marks))

    transaction.on_commit(begin)


def launch(work: Callable[..., None], *told: object) -> None:
    """Let work run beside the request that began it; tests put their own in its place."""
    threading.Thread(target=work, args=told, daemon=True).start()


def run(actor: Actor, marks: Sequence[Mark]) -> Report:
    """Verify now, keep and journal the outcome, and return it."""
    report = begun(actor, marks)
    _keep(report)

    def tell(done: int, steps: int, step: str) -> None:
        report.done, report.steps, report.step = done, steps, step
        _keep(report)

    found = queries.verify(marks, tell=tell)
    keep_result(report, found)
    detail: dict[str, object] = {
        "entries": found.entries,
        "marks": len(marks),
        "problems": len(found.problems),
    }
    with journal.act(actor, "journal.verified", detail=detail):
        pass
    return report


def keep_result(report: Report, found: queries.Verification) -> None:
    """Note the end of a verification, also of one by the command line."""
    report.state, report.step = "done", ""
    report.done = report.steps
    report.ended_at = clock.now().isoformat(timespec="seconds")
    report.entries, report.changes = found.entries, found.changes
    report.head = f"{found.head.seq}:{found.head.hash}" if found.head else ""
    report.problem_count = len(found.problems)
    report.problems = found.problems[:MOST_PROBLEMS]
    _keep(report)


def begun(actor: Actor, marks: Sequence[Mark]) -> Report:
    """The report of a verification that begins now."""
    return Report(
        state="running",
        started_at=clock.now().isoformat(timespec="seconds"),
        by=actor.text,
        marks=len(marks),
    )


def _in_background(actor: Actor, marks: Sequence[Mark]) -> None:
    try:
        run(actor, marks)
    except (DatabaseError, GuatuError, OSError, ValueError) as error:
        report = last_report()
        report.state, report.step = "failed", type(error).__name__
        report.ended_at = clock.now().isoformat(timespec="seconds")
        _keep(report)
    finally:
        connections.close_all()


def _file() -> Path:
    return Path(settings.HOME) / "state" / "verification.json"


def _touched() -> datetime:
    try:
        return datetime.fromtimestamp(_file().stat().st_mtime, tz=clock.CHINA)
    except OSError:
        return datetime.min.replace(tzinfo=clock.CHINA)


def _keep(report: Report) -> None:
    keep(_file(), asdict(report))
