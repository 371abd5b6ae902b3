"""An invented province in Parquet, and the portable SQL that makes its wide fact rows (M-D2).

`subjects`: one row a project; `months`: one row a project and month, clustered by project, so
that grouping meets each project's rows together. Amounts in yuan; 8 % of everything is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from guatu.engines.rulebook.sql import Column, Dialect, starts_sql

YEAR, MONTH, MONTHS = 2026, 9, 12
AS_OF = date(YEAR, MONTH, 30)
REQUIRED = (75, 100)
SECTORS = ("社会民生", "基础设施", "先进制造业", "商贸物流", "总部经济", "生态环境")
CLASSES = ("省重点", "市重点", "县重点", "储备")
DIMENSIONS = ("region", "unit", "sector", "class")
KEPT = ("id", *DIMENSIONS, "plan", "completed")
"""What the results keep of a project beside its verdict."""
LARGEST_YUAN = 10**13
"""A cell above is refused when it is taken in (architecture §5.1)."""
SUBJECT_COLUMNS = (
    "id", "region", "unit", "sector", "class", "total", "plan", "planned_start",
    "actual_start", "registered", "paid", "allotted", "has_reason",
)  # fmt: skip
MONTH_COLUMNS = ("subject", "month", "completed", "last_year", "reported")


def write_province(connection: Any, folder: Path, subjects: int) -> None:
    """Write `subjects.parquet` and `months.parquet`; the same numbers give the same rows."""

    def drawn(salt: int, until: int) -> str:
        return f"(hash(i * 31 + {salt}) % {until})::BIGINT"

    def mostly(salt: int, value: str) -> str:
        return f"CASE WHEN {drawn(salt, 100)} < 8 THEN NULL ELSE {value} END"

    def one_of(salt: int, words: Sequence[str]) -> str:
        return f"[{', '.join(repr(word) for word in words)}][1 + {drawn(salt, len(words))}]"

    def day(salt: int) -> str:
        return f"DATE '{YEAR - 1}-06-01' + {drawn(salt, 600)}::INTEGER"

    columns = {
        "id": "i::INTEGER",
        "region": f"{drawn(1, 120)}::SMALLINT",
        "unit": f"{drawn(2, 2000)}::SMALLINT",
        "sector": one_of(3, SECTORS),
        "class": one_of(4, CLASSES),
        "total": mostly(5, f"{drawn(6, 10**9)} * 10 + 10000000"),
        "plan": mostly(7, f"{drawn(8, 10**9)} + 1000000"),
        "planned_start": mostly(9, day(10)),
        "actual_start": f"CASE WHEN {drawn(11, 100)} < 30 THEN NULL ELSE {day(12)} END",
        "registered": mostly(13, f"{drawn(14, 3)} > 0"),
        "paid": mostly(15, f"{drawn(16, 10**8)}"),
        "allotted": mostly(17, f"{drawn(18, 10**8)} + 20000000"),
        "has_reason": f"CASE WHEN {drawn(19, 100)} < 70 THEN NULL ELSE {drawn(20, 2)} = 0 END",
    }
    listed = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
    _copy(connection, f"SELECT {listed} FROM range({subjects}) AS r(i)", folder / "subjects")
    by_month = (
        f"SELECT (i // {MONTHS})::INTEGER AS subject, (i % {MONTHS} + 1)::TINYINT AS month,"
        f" {mostly(21, _grown('i', 8, 1))} AS completed,"
        f" {mostly(22, _grown('i', 9, 2))} AS last_year,"
        f" {drawn(21, 100)} >= 8 AS reported FROM range({subjects * MONTHS}) AS r(i)"
    )
    _copy(connection, by_month, folder / "months")


def _grown(index: str, salt: int, jitter: int) -> str:
    """A sum that grows with the months towards about the plan."""
    base = f"hash(({index} // {MONTHS}) * 31 + {salt}) % 1000000000"
    return (
        f"(({base})::BIGINT * ({index} % {MONTHS} + 1)) // 12"
        f" + (hash({index} * 7 + {jitter}) % 100000000)::BIGINT"
    )


def _copy(connection: Any, query: str, stem: Path) -> None:
    file = str(stem.with_suffix(".parquet")).replace("'", "''")
    connection.execute(f"COPY ({query}) TO '{file}' (FORMAT parquet, COMPRESSION snappy)")


STEPS: Mapping[str, str] = {
    # 1. One pass over the months: figures of this month, the one before, last year; how many
    # months were reported and which was the last.
    "by_subject": """
SELECT subject,
  MAX(CASE WHEN month = {month} THEN completed END) AS completed,
  MAX(CASE WHEN month = {month} - 1 THEN completed END) AS before_yuan,
  MAX(CASE WHEN month = {month} THEN last_year END) AS last_year,
  COUNT(CASE WHEN reported THEN 1 END) AS reported,
  MAX(CASE WHEN reported THEN month END) AS last_reported
FROM {months} WHERE month <= {month} GROUP BY subject""",
    # 2. How many months are missing, how many in a run up to the last one, what this month did.
    "missed": """
SELECT subject, completed, last_year, completed - before_yuan AS month_yuan,
  {month} - reported AS missed, {month} - COALESCE(last_reported, 0) AS run
FROM {by_subject}""",
    # 3. Projects with what their months say: the only join.
    "joined": """
SELECT s.*, m.completed, m.last_year, m.month_yuan,
  COALESCE(m.missed, {month}) AS missed, COALESCE(m.run, {month}) AS run
FROM {subjects} AS s LEFT JOIN {missed} ON m.subject = s.id""",
    # 4.–8. `starts_sql`: started, as planned, in the planned month, months overdue and running.
    # 9. What the round itself sets: time progress and the paid share asked for.
    "paced": """
SELECT *, {month} AS pace_n, 12 AS pace_d,
  {required_n} AS required_n, {required_d} AS required_d
FROM {starts}""",
}
"""Hand-written steps that DuckDB, PostgreSQL and Spark read alike; `facts_sql` renames."""

FACTS: Mapping[str, tuple[str, ...]] = {
    "年度计划投资": ("plan",),
    "本年累计完成投资": ("completed",),
    "时间进度": ("pace_n", "pace_d"),
    "按计划开工": ("as_planned",),
    "已开工": ("started",),
    "开工逾期月数": ("months_overdue",),
    "开工后月数": ("months_running",),
    "有正当理由": ("has_reason",),
    "资金支付率": ("paid", "allotted"),
    "要求支付率": ("required_n", "required_d"),
    "已入库": ("registered",),
    "缺报次数": ("missed",),
    "连续缺报月数": ("run",),
    "本月完成投资": ("month_yuan",),
    "上年同期完成投资": ("last_year",),
    "行业领域": ("sector",),
}
"""Which columns of the last step hold which measure."""


def facts_sql(dialect: Dialect, subjects: str, months: str, columns: Sequence[Column]) -> str:
    """The wide fact rows from two sources, with the `columns` of an emitted book."""
    words = {
        "subjects": subjects,
        "months": months,
        "month": str(MONTH),
        "required_n": str(REQUIRED[0]),
        "required_d": str(REQUIRED[1]),
    }
    for name, step in STEPS.items():
        words[name] = f"({step.format_map(words)}) AS {name[0]}"
        if name == "joined":
            words["starts"] = starts_sql(
                dialect, words[name], planned="planned_start", actual="actual_start", as_of=AS_OF
            )
    named = [
        f"{FACTS[column.measure][1 if column.part == 'd' else 0]} AS {column.name}"
        for column in columns
    ]
    return f"(SELECT {', '.join((*KEPT, *named))} FROM {words['paced']}) AS facts"
