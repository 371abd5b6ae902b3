"""One run over the invented province, in a process of its own: figures as one JSON line.

python -m guatu.bench.province_run FOLDER SUBJECTS
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import duckdb

from guatu.bench.measure import timed
from guatu.bench.province import (
    DIMENSIONS,
    FACTS,
    KEPT,
    LARGEST_YUAN,
    MONTH_COLUMNS,
    MONTHS,
    REQUIRED,
    SUBJECT_COLUMNS,
    facts_sql,
)
from guatu.bench.province_book import nine_rules
from guatu.engines.rulebook.sql import DUCKDB, Relation, compile_sql, ranked, rolled_up
from guatu.engines.rulebook.sql.ordering import ratio_order

_SUMMED = {"sector": "length(sector)", "class": "length(class)"}
_SUMMED |= {name: f"{name}::INTEGER" for name in ("registered", "has_reason", "reported")}
_SUMMED |= {name: f"{name} - DATE '2020-01-01'" for name in ("planned_start", "actual_start")}


def bounds() -> dict[str, int]:
    """Magnitudes of the given measures: cells, months, and the round's own constants."""
    small = {"时间进度": MONTHS, "要求支付率": max(REQUIRED)}
    return {name: small.get(name, LARGEST_YUAN) for name in FACTS}


class Province:
    """The two files and a database in memory that results are written to."""

    def __init__(self, folder: Path) -> None:
        self.connection = duckdb.connect(
            config={"threads": 2, "memory_limit": "2GB", "temp_directory": str(folder / "tmp")}
        )
        self.connection.execute("SET enable_progress_bar = false")
        self.connection.execute("SET preserve_insertion_order = false")
        # It splits one grouping into a scan for each range of keys: four times the work here.
        self.connection.execute("SET disabled_optimizers = 'partitioned_execution'")
        self.subjects = _parquet(folder / "subjects.parquet")
        self.months = _parquet(folder / "months.parquet")

    def scan(self) -> None:
        """Decode and sum every column that the assessment reads; nothing else."""
        for source, columns in ((self.subjects, SUBJECT_COLUMNS), (self.months, MONTH_COLUMNS)):
            sums = ", ".join(f"SUM({_SUMMED.get(name, name)})" for name in columns)
            self.connection.execute(f"SELECT {sums} FROM {source}").fetchall()

    def judge(self) -> None:
        """Facts, nine lights, the worst, the values behind them: one row a project."""
        plan = compile_sql(nine_rules(), relation=Relation(keep=KEPT, bounds=bounds()))
        facts = facts_sql(DUCKDB, self.subjects, self.months, plan.columns)
        self._store("results", plan.sql(facts))

    def roll_up(self) -> None:
        """Four dimensions, and the exact rank of every group by its completion rate."""
        rolled = rolled_up(DUCKDB, "results", DIMENSIONS, plan="plan", completed="completed")
        self._store("groups", rolled)
        order = ratio_order(
            DUCKDB, "rate_n", "rate_d", largest=self._largest("groups", "rate_n", "rate_d")
        )
        keep, within = ("dimension", "key"), ("dimension",)
        self._store("group_ranks", ranked(DUCKDB, "groups", order, keep=keep, within=within))

    def rank(self) -> None:
        """Every project's exact rank in its region by completion rate, with P50 and P80."""
        order = ratio_order(
            DUCKDB, "completed", "plan", largest=self._largest("results", "completed", "plan")
        )
        self._store(
            "ranks",
            ranked(
                DUCKDB,
                "results",
                order,
                keep=("id", "region", "completed", "plan"),
                within=("region",),
                percentiles=((1, 2), (4, 5)),
            ),
        )

    def _largest(self, table: str, top: str, bottom: str) -> tuple[int, int]:
        row = self.connection.execute(
            f"SELECT COALESCE(MAX(ABS({top})), 0), COALESCE(MAX({bottom}), 1) FROM {table}"
        ).fetchone()
        assert row is not None
        return int(row[0]), max(int(row[1]), 1)

    def _store(self, table: str, query: str) -> None:
        self.connection.execute(f"CREATE OR REPLACE TABLE {table} AS {query}")


def measured(folder: Path, subjects: int) -> dict[str, Any]:
    """CPU and wall seconds of the scan and of each part, and this process's peak memory."""
    province = Province(folder)
    province.scan()
    found: dict[str, Any] = {"subjects": subjects}
    scans = [_both(province.scan) for _ in range(3)]
    found["scan_s"], found["scan_wall_s"] = (min(one) for one in zip(*scans, strict=True))
    total, wall = 0.0, 0.0
    for name in ("judge", "roll_up", "rank"):
        seconds, elapsed = _both(getattr(province, name))
        found[f"{name}_s"] = round(seconds, 3)
        total, wall = total + seconds, wall + elapsed
    found |= {"assess_s": total, "assess_wall_s": wall}
    found["ratio"] = total / found["scan_s"]
    found["wall_ratio"] = wall / found["scan_wall_s"]
    found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        key: round(value, 3) if isinstance(value, float) else value for key, value in found.items()
    }


def _both(work: Callable[[], None]) -> tuple[float, float]:
    before = perf_counter()
    _, seconds = timed(work)
    return seconds, perf_counter() - before


def _parquet(file: Path) -> str:
    return f"read_parquet({DUCKDB.quoted(str(file))})"


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measured(Path(sys.argv[1]), int(sys.argv[2]))))
