from __future__ import annotations

from datetime import date, timedelta

from guatu.engines.rulebook import start_facts
from guatu.engines.rulebook.sql.starts import START_COLUMNS, starts_sql
from guatu.engines.rulebook.sql.tests.databases import Database, Schema

SCHEMA: Schema = [("id", "bigint"), ("planned_start", "date"), ("actual_start", "date")]


def test_starts_are_as_the_scalar_ones(database: Database) -> None:
    as_of = date(2026, 2, 28)
    days = [None, *(date(2025, 10, 15) + timedelta(days=n * 11) for n in range(20)), as_of]
    pairs = [(planned, actual) for planned in days for actual in days]
    source = database.load(SCHEMA, [(key, *pair) for key, pair in enumerate(pairs)])
    table = starts_sql(
        database.dialect, source, planned="planned_start", actual="actual_start", as_of=as_of
    )
    for key, *found in database.rows(
        f"SELECT id, {', '.join(START_COLUMNS.values())} FROM {table}"
    ):
        planned, actual = pairs[key]
        expected = start_facts(planned_on=planned, actual_on=actual, as_of=as_of)
        assert dict(zip(START_COLUMNS, found, strict=True)) == expected, pairs[key]
