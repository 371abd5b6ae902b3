"""The databases that the emitted text is tried on: each loads rows of facts and answers queries."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import duckdb
import psycopg
import pytest

from guatu.engines.rulebook.sql import DUCKDB, POSTGRES, SPARK, Dialect
from tools import pg_cluster

type Row = Sequence[Any]
type Schema = Sequence[tuple[str, str]]
"""Column names with a type word: bigint, boolean, text or date."""


class Database(Protocol):
    """What a conformance test needs of a database."""

    dialect: Dialect

    def load(self, schema: Schema, rows: Sequence[Row], *, name: str = "facts") -> str:
        """A fresh table of these rows; gives the source to select from."""

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query."""


class DuckDb:
    """DuckDB in memory."""

    dialect = DUCKDB
    _types = {"bigint": "BIGINT", "boolean": "BOOLEAN", "text": "VARCHAR", "date": "DATE"}

    def __init__(self, folder: Path) -> None:
        self._connection = duckdb.connect(config={"threads": 2})
        self._file = folder / "facts.json"

    def load(self, schema: Schema, rows: Sequence[Row], *, name: str = "facts") -> str:
        columns = ", ".join(f"{column} {self._types[kind]}" for column, kind in schema)
        self._connection.execute(f"CREATE OR REPLACE TABLE {name} ({columns})")
        if rows:
            self._file.write_text(_lines(schema, rows), "utf-8")
            typed = ", ".join(f"{column}: '{self._types[kind]}'" for column, kind in schema)
            self._connection.execute(
                f"INSERT INTO {name} SELECT * FROM read_json('{self._file}', columns={{{typed}}},"
                " format='newline_delimited')"
            )
        return self.dialect.source(name)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql).fetchall()


class Postgres:
    """PostgreSQL; the table is temporary, so nothing stays behind."""

    dialect = POSTGRES

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def load(self, schema: Schema, rows: Sequence[Row], *, name: str = "facts") -> str:
        columns = ", ".join(f"{column} {kind}" for column, kind in schema)
        with self._connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}".encode())
            cursor.execute(f"CREATE TEMP TABLE {name} ({columns})".encode())
            with cursor.copy(f"COPY {name} FROM STDIN".encode()) as copy:
                for row in rows:
                    copy.write_row(row)
        return self.dialect.source(name)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            return cursor.execute(sql.encode()).fetchall()


class Spark:
    """Spark on this machine."""

    dialect = SPARK

    def __init__(self, session: Any, folder: Path) -> None:
        self._session = session
        self._folder = folder
        self._number = 0

    def load(self, schema: Schema, rows: Sequence[Row], *, name: str = "facts") -> str:
        # A file of its own: Spark keeps what it has read by its path.
        self._number += 1
        file = self._folder / f"facts{self._number}.json"
        file.write_text(_lines(schema, rows), "utf-8")
        typed = ", ".join(f"{column} {_SPARK_TYPES[kind]}" for column, kind in schema)
        frame = self._session.read.schema(typed).json(str(file))
        frame.createOrReplaceTempView(name)
        return self.dialect.source(name)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._session.sql(sql).collect()]


_SPARK_TYPES = {"bigint": "BIGINT", "boolean": "BOOLEAN", "text": "STRING", "date": "DATE"}


def _lines(schema: Schema, rows: Sequence[Row]) -> str:
    names = [name for name, _ in schema]
    return "\n".join(json.dumps(dict(zip(names, map(_plain, row), strict=True))) for row in rows)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@contextmanager
def postgres() -> Iterator[Postgres]:
    """The database of DATABASE_URL, else a cluster of the test's own; skips where there is none
    (in CI that is a failure)."""
    url = os.environ.get("DATABASE_URL")
    try:
        if url:
            with psycopg.connect(_conninfo(url), autocommit=True) as connection:
                yield Postgres(connection)
            return
        with (
            pg_cluster.cluster() as made,
            psycopg.connect(_conninfo(made), autocommit=True) as connection,
        ):
            yield Postgres(connection)
    except pg_cluster.PostgresMissing:
        if os.environ.get("CI"):
            raise
        pytest.skip("没有安装PostgreSQL，SQL没有在它上面核对")


def _conninfo(url: str) -> str:
    """libpq reads `postgres://` itself; a socket's folder in the host part stays quoted."""
    return re.sub(r"^postgres(ql)?:", "postgresql:", url)


@contextmanager
def spark(folder: Path) -> Iterator[Spark]:
    """A local session; skips, with what is missing, where pyspark or Java is not there."""
    if importlib.util.find_spec("pyspark") is None:
        pytest.skip("没有安装pyspark（pip install guatu[spark]），SQL没有在Spark上核对")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("没有安装Java，SQL没有在Spark上核对")
    from pyspark.sql import SparkSession  # type: ignore[import-not-found,unused-ignore]

    session = (
        SparkSession.builder.master("local[2]")
        .appName("guatu")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.ansi.enabled", "true")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield Spark(session, folder)
    finally:
        session.stop()
