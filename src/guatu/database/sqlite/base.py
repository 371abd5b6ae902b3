"""Django's SQLite with one thing more: those who want to write stand in a queue (ADR 0003, 0022).

SQLite lets a waiting writer try again after ever longer pauses, so whoever came last gets in
first and the lock often lies idle. Here each of them asks for a file lock in short even steps and
only then begins; they wait about equally long.
"""

from __future__ import annotations

import fcntl
import os
import random
import time
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

STEP_S = 0.002


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection; `_turn` is the file descriptor that holds the lock while it writes."""

    transaction_mode: str | None
    _turn: int | None = None

    def _start_transaction_under_autocommit(self) -> None:
        # Whoever only reads (DEFERRED) waits for nobody.
        if self.transaction_mode == "IMMEDIATE" and not self.is_in_memory_db():
            self._turn = self._wait_for_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._let_next()
            raise

    def _commit(self) -> Any:
        super()._commit()  # type: ignore[misc]
        # Where that fails Django rolls back.
        self._let_next()

    def _rollback(self) -> Any:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._let_next()

    def _close(self) -> Any:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._let_next()

    def _wait_for_turn(self) -> int:
        """The open lock file, locked. Raises OperationalError after the `timeout` of the settings,
        as SQLite itself would."""
        end = time.monotonic() + float(self.settings_dict["OPTIONS"].get("timeout", 5))
        name = f"{self.settings_dict['NAME']}.queue"
        turn = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        while True:
            try:
                fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return turn
            except BlockingIOError:
                if time.monotonic() > end:
                    os.close(turn)
                    raise OperationalError("database is locked") from None
            except BaseException:
                os.close(turn)
                raise
            time.sleep(STEP_S * random.uniform(0.5, 1.5))

    def _let_next(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            os.close(turn)
