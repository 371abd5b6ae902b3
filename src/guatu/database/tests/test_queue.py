"""Writers of one SQLite database stand in a queue: threads with a connection each."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.db import OperationalError, connections

from guatu.database.sqlite.base import DatabaseWrapper

type Connect = Callable[[], DatabaseWrapper]


@pytest.fixture
def connect(db: None, tmp_path: Path) -> Connect:
    def made() -> DatabaseWrapper:
        return opened(tmp_path / "queue.sqlite3")

    with closing(made()) as first, first.cursor() as cursor:
        cursor.execute("CREATE TABLE told (who integer, at integer)")
    return made


def opened(name: Path | str) -> DatabaseWrapper:
    options = {"timeout": 5, "transaction_mode": "IMMEDIATE"}
    told = {"ENGINE": "guatu.database.sqlite", "NAME": name, "OPTIONS": options}
    return DatabaseWrapper(connections.configure_settings({"default": told})["default"], "default")


@contextmanager
def writing(wrapper: DatabaseWrapper) -> Iterator[None]:
    """A transaction as `atomic` makes it."""
    wrapper.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    try:
        yield
    except BaseException:
        wrapper.rollback()
        raise
    else:
        wrapper.commit()
    finally:
        wrapper.autocommit = True


def test_many_writers_lose_nothing_and_wait_alike(connect: Connect) -> None:
    writers, each = 6, 10
    waits: list[float] = []
    faults: list[BaseException] = []

    def write(who: int) -> None:
        with closing(connect()) as wrapper:
            try:
                for at in range(each):
                    start = time.monotonic()
                    with writing(wrapper), wrapper.cursor() as cursor:
                        waits.append(time.monotonic() - start)
                        cursor.execute("SELECT count(*) FROM told WHERE who = %s", [who])
                        assert cursor.fetchone() == (at,)
                        time.sleep(0.005)
                        cursor.execute("INSERT INTO told VALUES (%s, %s)", [who, at])
            except BaseException as error:
                faults.append(error)

    threads = [threading.Thread(target=write, args=(who,)) for who in range(writers)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not faults
    with closing(connect()) as wrapper, wrapper.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM told")
        assert cursor.fetchone() == (writers * each,)
    assert len(waits) == writers * each


@pytest.mark.parametrize("how", ["commit", "rollback", "close"])
def test_whoever_ends_lets_the_next_one_in(connect: Connect, how: str) -> None:
    with closing(connect()) as first, closing(connect()) as second:
        first.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        getattr(first, how)()
        with writing(second), second.cursor() as cursor:
            cursor.execute("INSERT INTO told VALUES (1, 1)")


def test_who_waits_too_long_is_told_that_it_is_locked(connect: Connect) -> None:
    with closing(connect()) as first, closing(connect()) as second:
        second.settings_dict["OPTIONS"] = {**second.settings_dict["OPTIONS"], "timeout": 0.05}
        with writing(first), pytest.raises(OperationalError, match="is locked"), writing(second):
            pass
        with writing(second):
            pass


def test_one_in_memory_stands_in_no_queue(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    alone = opened(":memory:")
    with writing(alone):
        assert not list(tmp_path.iterdir())
    alone.connection.close()  # Django keeps one in memory open
