"""`guatu bench import`: 10,000 ledger rows against calamine's read and plain bulk_create."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import models, transaction
from python_calamine import CalamineWorkbook

from guatu.bench.measure import calibration_seconds, scratch_database, timed
from guatu.engines.sheets import new_workbook
from guatu.journal.models import Change, Entry
from guatu.journal.triggers import journalled_models
from guatu.organisation import access
from guatu.organisation.models import OrganisationClosure
from guatu.organisation.services import install
from guatu.planning.services import TakeInList, take_in_list

ROWS = 10_000
HEADERS = (
    "项目名称", "项目代码", "所属地区", "责任单位", "行业领域", "建设性质", "是否打包", "子项目数",
    "总投资", "年度计划投资", "计划开工时间", "实际开工时间", "计划竣工时间", "建设内容",
)  # fmt: skip


def bench_import() -> dict[str, Any]:
    """CPU seconds of the import and of its bare parts, and their ratio (bar: 2)."""
    with scratch_database() as home:
        path = home / "ledger.xlsx"
        write_ledger(path, ROWS)
        actor = access.console_actor()
        install(actor)
        before = {model: set(_keys(model)) for model in _tables()}
        taken, import_s = timed(
            lambda: take_in_list(actor, [path], TakeInList(year=2026, creates_missing=True))
        )
        if taken.new != ROWS:
            raise RuntimeError(f"imported {taken.new} of {ROWS} rows")
        _, read_s = timed(lambda: _bare_read(path))
        left = [
            [row for row in model._base_manager.order_by("pk") if row.pk not in before[model]]
            for model in _tables()
        ]
    with scratch_database():
        install(access.console_actor())
        _, create_s = timed(lambda: _bare_create(left))
    return {
        "bench": "import",
        "rows": ROWS,
        "records": sum(map(len, left)),
        "calibration_s": round(calibration_seconds(), 3),
        "import_s": round(import_s, 3),
        "bare_read_s": round(read_s, 3),
        "bare_create_s": round(create_s, 3),
        "ratio": round(import_s / (read_s + create_s), 2),
        "bar": 2,
    }


def write_ledger(path: Path, rows: int) -> None:
    """A ledger workbook of invented projects under the standard headers, in 万元."""
    book = new_workbook(path)
    sheet = book.add_worksheet("清单")
    sheet.write_string(0, 0, "2026年重点项目清单（虚构，测速用）  单位：万元")
    for column, header in enumerate(HEADERS):
        sheet.write_string(1, column, header)
    for n in range(rows):
        values = (
            f"测速项目{n:05d}建设工程", f"2601-990101-04-01-{n:06d}", f"测速{n % 13}区",
            f"测速单位{n % 60}", f"测速行业{n % 8}", "新建" if n % 3 else "续建", "否", None,
            10_000 + n * 7, 1_000 + n % 5_000, f"2026-{n % 12 + 1:02d}", None,
            f"2027-{n % 12 + 1:02d}", f"新建厂房{n % 90 + 1}栋及配套设施",
        )  # fmt: skip
        for column, value in enumerate(values):
            if isinstance(value, int):
                sheet.write_number(n + 2, column, value)
            elif value is not None:
                sheet.write_string(n + 2, column, value)
    book.close()


def _tables() -> list[type[models.Model]]:
    return [*journalled_models(), OrganisationClosure, Entry, Change]


def _keys(model: type[models.Model]) -> Sequence[Any]:
    return list(model._base_manager.values_list("pk", flat=True))


def _bare_read(path: Path) -> int:
    book = CalamineWorkbook.from_path(path)
    return sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)


def _bare_create(left: Sequence[list[models.Model]]) -> None:
    with transaction.atomic():
        for rows in left:
            if rows:
                type(rows[0])._base_manager.bulk_create(rows, batch_size=2_000)
