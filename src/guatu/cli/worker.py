"""gunicorn's threaded worker, sharing fairly with the others."""

from __future__ import annotations

from typing import Any

from gunicorn.workers.gthread import ThreadWorker


class EvenWorker(ThreadWorker):  # type: ignore[misc]
    """Takes a connection only while one of its threads is free.

    gunicorn's own takes as many as come, and whoever comes with it waits for this one process
    while the next is idle. What waits in the listening socket is served in order by whoever is
    free first.
    """

    def accept(self, listener: Any) -> None:
        """Take one connection, then look whether a thread is left for another."""
        super().accept(listener)
        self.set_accept_enabled(True)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Asked by gunicorn's loop after every event."""
        busy = self.nr_conns - len(self.keepalived_conns) - len(self.pending_conns)
        super().set_accept_enabled(enabled and busy < self.cfg.threads)
