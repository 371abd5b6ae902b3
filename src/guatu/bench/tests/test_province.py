from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from guatu.bench.growth import growth_table, scalar_us
from guatu.bench.province import (
    FACTS,
    KEPT,
    MONTH,
    MONTH_COLUMNS,
    REQUIRED,
    SUBJECT_COLUMNS,
    YEAR,
    facts_sql,
    write_province,
)
from guatu.bench.province_book import nine_rules
from guatu.bench.province_run import Province, bounds, measured
from guatu.engines.rulebook import compile_book, start_facts
from guatu.engines.rulebook.sql import DUCKDB, POSTGRES, Relation, RowReader, compile_sql
from guatu.engines.rulebook.sql.tests.databases import postgres

SUBJECTS = 300
AS_OF = date(YEAR, MONTH, 30)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("province")
    write_province(duckdb.connect(), made, SUBJECTS)
    return made


def rows_of(file: Path, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    listed = ", ".join(columns)
    found = duckdb.connect().execute(f"SELECT {listed} FROM read_parquet('{file}')").fetchall()
    return [dict(zip(columns, row, strict=True)) for row in found]


def twin(folder: Path) -> dict[int, dict[str, Any]]:
    """The wide facts by plain Python from the same raw rows."""
    months: dict[int, dict[int, dict[str, Any]]] = {}
    for row in rows_of(folder / "months.parquet", MONTH_COLUMNS):
        months.setdefault(row["subject"], {})[row["month"]] = row
    facts = {}
    for one in rows_of(folder / "subjects.parquet", SUBJECT_COLUMNS):
        mine = {m: row for m, row in months[one["id"]].items() if m <= MONTH}
        reported = [m for m, row in mine.items() if row["reported"]]
        now, before = mine[MONTH]["completed"], mine[MONTH - 1]["completed"]
        starts = start_facts(
            planned_on=one["planned_start"], actual_on=one["actual_start"], as_of=AS_OF
        )
        paid = (one["paid"], one["allotted"])
        facts[one["id"]] = {
            "年度计划投资": one["plan"],
            "本年累计完成投资": now,
            "时间进度": (MONTH, 12),
            "按计划开工": starts["按计划开工"],
            "已开工": starts["已开工"],
            "开工逾期月数": starts["开工逾期月数"],
            "开工后月数": starts["开工后月数"],
            "有正当理由": one["has_reason"],
            "资金支付率": None if None in paid else paid,
            "要求支付率": REQUIRED,
            "已入库": one["registered"],
            "缺报次数": MONTH - len(reported),
            "连续缺报月数": MONTH - max(reported, default=0),
            "本月完成投资": None if now is None or before is None else now - before,
            "上年同期完成投资": mine[MONTH]["last_year"],
            "行业领域": one["sector"],
        }
    return facts


def test_the_steps_make_the_facts_that_python_makes(folder: Path) -> None:
    """The wide rows and the verdicts of nine rules, from raw rows, on DuckDB."""
    plan = compile_sql(nine_rules(), relation=Relation(keep=KEPT, bounds=bounds()))
    province = Province(folder)
    sql = plan.sql(facts_sql(DUCKDB, province.subjects, province.months, plan.columns))
    rows = province.connection.execute(sql).fetchall()
    reader, evaluator = RowReader(plan), compile_book(nine_rules())
    expected = twin(folder)
    assert expected[0].keys() == FACTS.keys()
    assert len(rows) == SUBJECTS
    for row in rows:
        facts = expected[row[0]]
        assert reader.verdict(row) == evaluator.verdict(facts)
        frame = evaluator.frame(facts)
        for name, value in reader.values(row).items():
            assert value == frame[evaluator.plan.slots[name]], name


def test_postgres_reads_the_same_steps(folder: Path) -> None:
    plan = compile_sql(
        nine_rules(), relation=Relation(keep=KEPT, bounds=bounds()), dialect=POSTGRES
    )
    evaluator, reader, expected = compile_book(nine_rules()), RowReader(plan), twin(folder)
    kinds = {"sector": "text", "class": "text", "registered": "boolean", "has_reason": "boolean"}
    kinds |= {"reported": "boolean", "planned_start": "date", "actual_start": "date"}
    with postgres() as database:

        def loaded(file: str, columns: tuple[str, ...]) -> str:
            schema = [(name, kinds.get(name, "bigint")) for name in columns]
            rows = [tuple(row.values()) for row in rows_of(folder / f"{file}.parquet", columns)]
            return database.load(schema, rows, name=file)

        subjects, months = loaded("subjects", SUBJECT_COLUMNS), loaded("months", MONTH_COLUMNS)
        found = database.rows(plan.sql(facts_sql(POSTGRES, subjects, months, plan.columns)))
    assert len(found) == SUBJECTS
    for row in found:
        assert reader.verdict(row) == evaluator.verdict(expected[row[0]])


def test_a_run_gives_its_figures(folder: Path) -> None:
    line = measured(folder, SUBJECTS)
    assert {"subjects", "scan_s", "assess_s", "ratio", "peak_mb"} <= line.keys()
    assert f"{SUBJECTS:,}" in growth_table([line])
    assert scalar_us() > 0
