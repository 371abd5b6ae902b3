"""Assessing 10⁴ … 5·10⁶ invented projects on DuckDB against a bare scan; nine rules, scalar."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from guatu.bench.measure import timed
from guatu.bench.province import FACTS, write_province
from guatu.bench.province_book import nine_rules
from guatu.engines.rulebook import compile_book, start_facts

SIZES = (10_000, 100_000, 1_000_000, 5_000_000)
SUBJECTS = 2_000


def growth(sizes: tuple[int, ...] = SIZES) -> list[dict[str, Any]]:
    """One line a size: seconds of the scan and of the assessment, ratio, peak memory.

    Each size runs in a child process, so that its peak memory is its own.
    """
    return [_one(size) for size in sizes]


def _one(size: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with duckdb.connect() as connection:
            connection.execute("SET enable_progress_bar = false")
            write_province(connection, folder, size)
        ended = subprocess.run(
            [sys.executable, "-m", "guatu.bench.province_run", name, str(size)],
            check=True,
            capture_output=True,
            text=True,
        )
    line: dict[str, Any] = json.loads(ended.stdout)
    return line


def growth_table(lines: list[dict[str, Any]]) -> str:
    """The lines for people: CPU seconds, and microseconds a project."""
    head = (
        f"{'projects':>10} {'scan_s':>8} {'assess_s':>9} {'ratio':>6} {'us each':>8} {'peak_mb':>8}"
    )
    rows = [
        f"{one['subjects']:>10,} {one['scan_s']:>8.3f} {one['assess_s']:>9.3f} {one['ratio']:>6.2f}"
        f" {one['assess_s'] / one['subjects'] * 1e6:>8.2f} {one['peak_mb']:>8.0f}"
        for one in lines
    ]
    return "\n".join((head, *rows))


def scalar_us() -> float:
    """CPU microseconds a project: nine rules judged and explained by the scalar evaluator."""
    evaluator = compile_book(nine_rules())
    subjects = [_invented(number) for number in range(SUBJECTS)]
    assert subjects[0].keys() == FACTS.keys()

    def judge_and_explain() -> None:
        for facts in subjects:
            evaluator.judged(facts)

    judge_and_explain()
    return min(timed(judge_and_explain)[1] for _ in range(3)) / SUBJECTS * 1e6


def _invented(number: int) -> dict[str, object]:
    plan = 10_000_000 + number * 7_919 % 90_000_000
    starts = start_facts(
        planned_on=date(2026, number % 12 + 1, 28),
        actual_on=date(2026, number % 10 + 1, 15) if number % 3 else None,
        as_of=date(2026, 9, 30),
    )
    month_yuan = None if number % 13 == 0 else number % 5 * 1_000_000
    return {
        "年度计划投资": plan,
        "本年累计完成投资": None if number % 13 == 0 else plan * (number % 100) // 90,
        "时间进度": (9, 12),
        "按计划开工": starts["按计划开工"],
        "已开工": starts["已开工"],
        "开工逾期月数": starts["开工逾期月数"],
        "开工后月数": starts["开工后月数"],
        "有正当理由": None if number % 4 else number % 8 == 0,
        "资金支付率": (number % 97, 100),
        "要求支付率": (75, 100),
        "已入库": number % 3 > 0,
        "缺报次数": number % 5,
        "连续缺报月数": number % 4,
        "本月完成投资": month_yuan,
        "上年同期完成投资": plan // 2 + number,
        "行业领域": ("社会民生", "基础设施")[number % 2],
    }
