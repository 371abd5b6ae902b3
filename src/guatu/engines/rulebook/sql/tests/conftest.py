"""The databases of these tests, one after the other; Spark in the long run only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from guatu.engines.rulebook.sql.tests.databases import Database, DuckDb, postgres, spark


@pytest.fixture(
    scope="session",
    params=["duckdb", "postgres", pytest.param("spark", marks=pytest.mark.long)],
)
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """Each database in turn."""
    folder: Path = tmp_path_factory.mktemp("sql")
    if request.param == "duckdb":
        yield DuckDb(folder)
    elif request.param == "postgres":
        with postgres() as found:
            yield found
    else:
        with spark(folder) as session:
            yield session
