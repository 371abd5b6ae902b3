"""The measures about starts in SQL: the twin of `rulebook.starts`, alike on every database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from guatu.engines.rulebook.sql.dialects import Dialect, identifier

START_COLUMNS: Mapping[str, str] = {
    "已开工": "started",
    "按计划开工": "as_planned",
    "计划开工本月": "planned_this_month",
    "开工逾期月数": "months_overdue",
    "开工后月数": "months_running",
}
"""Which column of `starts_sql` holds which measure."""


def starts_sql(dialect: Dialect, source: str, *, planned: str, actual: str, as_of: date) -> str:
    """The relation with a column for each measure of `start_facts` added (figures.md 12, M-D1).

    `planned`, `actual`: the relation's DATE columns. A start after `as_of` has not happened yet.
    """
    now = as_of.year * 12 + as_of.month
    planned, actual = identifier(planned), identifier(actual)
    months = "CAST({now} - (EXTRACT(YEAR FROM {day}) * 12 + EXTRACT(MONTH FROM {day})) AS BIGINT)"
    stages = (
        (
            f"{months.format(now=now, day=planned)} AS since_planned",
            f"{months.format(now=now, day=actual)} AS since_actual",
            f"CASE WHEN {actual} IS NOT NULL THEN {actual} <= DATE '{as_of.isoformat()}'"
            f" WHEN {planned} IS NOT NULL THEN FALSE END AS started",
        ),
        (
            "CASE WHEN NOT started THEN FALSE WHEN started AND since_planned IS NOT NULL"
            " THEN since_actual >= since_planned END AS as_planned",
            "since_planned = 0 AS planned_this_month",
            "CASE WHEN started THEN 0 WHEN since_planned >= 0 THEN since_planned + 1"
            " WHEN since_planned < 0 THEN 0 END AS months_overdue",
            "CASE WHEN started THEN since_actual END AS months_running",
        ),
    )
    for number, stage in enumerate(stages):
        source = f"(SELECT *, {', '.join(stage)} FROM {source}{dialect.fence}) AS t{number}"
    return source
