"""The site's worker leaves a connection that it has no thread for to the others."""

from __future__ import annotations

import os
import selectors
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from gunicorn.config import Config

from guatu.cli.worker import EvenWorker

THREADS = 2


class Busy(EvenWorker):
    """Its threads take what they are given and are never done."""

    def enqueue_req(self, conn: Any) -> None:
        self.taken.append(conn)


@pytest.fixture
def worker() -> Iterator[Busy]:
    listener = socket.create_server(("127.0.0.1", 0))
    config = Config()
    config.set("threads", THREADS)
    made = Busy(0, os.getppid(), [listener], None, 0, config, None)
    made.taken, made.poller = [], selectors.DefaultSelector()
    made.set_accept_enabled(True)
    yield made
    made.poller.close()
    made.method_queue.close()
    made.tmp.close()
    for conn in made.taken:
        conn.sock.close()
    listener.close()


@pytest.fixture
def callers(worker: Busy) -> Iterator[list[socket.socket]]:
    """More browsers than it has threads."""
    at = worker.sockets[0].getsockname()
    calling = [socket.create_connection(at, timeout=5) for _ in range(THREADS + 2)]
    yield calling
    for one in calling:
        one.close()


def _turn(worker: Busy) -> None:
    """Once round gunicorn's loop."""
    worker.set_accept_enabled(True)
    worker.wait_for_and_dispatch_events(timeout=0.05)


def test_takes_as_many_as_it_has_threads(worker: Busy, callers: list[socket.socket]) -> None:
    for _ in range(6):
        _turn(worker)
    assert len(worker.taken) == THREADS < len(callers)
    assert not worker.poller.get_map()


@pytest.mark.usefixtures("callers")
@pytest.mark.parametrize("left", ["kept", "pending", "closed"])
def test_takes_another_when_a_thread_is_free(worker: Busy, left: str) -> None:
    for _ in range(6):
        _turn(worker)
    if left == "closed":
        worker.nr_conns -= 1
    else:
        # A browser that only stays on the line, or has not said anything yet, needs no thread.
        waiting = worker.keepalived_conns if left == "kept" else worker.pending_conns
        waiting.append(worker.taken[0])
    for _ in range(3):
        _turn(worker)
    assert len(worker.taken) == THREADS + 1


@pytest.mark.usefixtures("callers")
def test_takes_none_when_it_ends(worker: Busy) -> None:
    worker.set_accept_enabled(False)
    worker.wait_for_and_dispatch_events(timeout=0.05)
    assert not worker.taken
