"""The SQL back-end of the rule language: text for DuckDB, PostgreSQL and Spark from one tree walk.

Pure text: no database is imported here; the same verdicts as the scalar evaluator, row by row.
Rooms above run it (`assessment`, `bench`); procedures (ladders, calendars, clocks) stay scalar.
"""

from guatu.engines.rulebook.sql.dialects import DUCKDB, POSTGRES, SPARK, Dialect, NotInSql
from guatu.engines.rulebook.sql.emit import Relation, SqlLights, compile_sql
from guatu.engines.rulebook.sql.frame import Column
from guatu.engines.rulebook.sql.ordering import Ordering, ratio_order
from guatu.engines.rulebook.sql.population import ranked, rolled_up
from guatu.engines.rulebook.sql.reading import RowReader
from guatu.engines.rulebook.sql.starts import START_COLUMNS, starts_sql

__all__ = [
    "DUCKDB",
    "POSTGRES",
    "SPARK",
    "START_COLUMNS",
    "Column",
    "Dialect",
    "NotInSql",
    "Ordering",
    "Relation",
    "RowReader",
    "SqlLights",
    "compile_sql",
    "ranked",
    "ratio_order",
    "rolled_up",
    "starts_sql",
]
