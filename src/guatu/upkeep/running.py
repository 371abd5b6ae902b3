"""A backup made by the site's button: in the background, with its outcome in a file to look at."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connections, transaction

from guatu.core import clock
from guatu.core.errors import Conflict, Fault, GuatuError
from guatu.core.kept import keep
from guatu.journal import verification
from guatu.journal.types import Actor
from guatu.organisation import access
from guatu.organisation.types import Right
from guatu.upkeep.archive import Manifest, checked, manifest_of
from guatu.upkeep.backup import SUFFIX, backup_folder, make_backup, new_name

_LONGEST = timedelta(hours=2)


@dataclass(slots=True)
class State:
    """How the newest backup of the button stands. `state`: none, running, done or failed."""

    state: str = "none"
    name: str = ""
    by: str = ""
    started_at: str = ""
    told: list[str] = field(default_factory=list)

    @property
    def is_running(self) -> bool:
        """Whether it runs now; one that began very long ago was broken off."""
        if self.state != "running" or not self.started_at:
            return False
        return clock.real_now() - datetime.fromisoformat(self.started_at) < _LONGEST


@dataclass(frozen=True, slots=True)
class Kept:
    """One backup in the folder."""

    name: str
    size: int
    at: datetime
    manifest: Manifest | None


def state() -> State:
    """The newest backup of the button, running or ended."""
    try:
        return State(**json.loads(_file().read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return State()


def kept() -> list[Kept]:
    """The backups in the folder, the newest first."""
    found = []
    for path in backup_folder().glob(f"*{SUFFIX}"):
        told = path.stat()
        at = datetime.fromtimestamp(told.st_mtime, tz=clock.CHINA)
        found.append(Kept(path.name, told.st_size, at, manifest_of(path)))
    return sorted(found, key=lambda one: one.at, reverse=True)


def start(actor: Actor) -> None:
    """Begin a backup in the background. Raises Conflict where one runs already."""
    access.require(actor, Right.BACK_UP)
    if state().is_running:
        raise Conflict(Fault("backing-up", "正在备份", "请等这一次做完"))
    begun = State("running", new_name(), actor.text, clock.real_now().isoformat(timespec="seconds"))

    def begin() -> None:
        _keep(begun)
        verification.launch(in_background, actor, begun)

    transaction.on_commit(begin)


def in_background(actor: Actor, begun: State) -> None:
    """Make the backup, read it back, and leave the outcome."""
    try:
        path = backup_folder() / begun.name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        manifest = make_backup(actor, path)
        checked(path)
        begun.state, begun.told = "done", manifest.missing
    except GuatuError as error:
        begun.state, begun.told = "failed", [str(fault) for fault in error.faults]
    except (DatabaseError, OSError, ValueError) as error:
        begun.state, begun.told = "failed", [f"没有做完（{type(error).__name__}）。"]
    finally:
        _keep(begun)
        connections.close_all()


def _file() -> Path:
    return Path(settings.HOME) / "state" / "backup.json"


def _keep(one: State) -> None:
    keep(_file(), asdict(one))
