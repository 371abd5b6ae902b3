"""Forty units' signed workbooks there and back: written, filled in, delivered, all equal."""

from __future__ import annotations

import io
from typing import Any

import openpyxl

from guatu.bench.measure import scratch_database, timed
from guatu.bench.pages import TODAY, today
from guatu.core.periods import parse_period
from guatu.engines.sheets import new_workbook
from guatu.ledger.queries import find_list
from guatu.organisation import access
from guatu.organisation.services import install
from guatu.planning.services import TakeInList, take_in_list
from guatu.reporting.models import DeliveredFile, Figure, IntakeQuestion, Round
from guatu.reporting.services.deliveries import Upload, receive, take_in_delivery
from guatu.reporting.services.rounds import start_round
from guatu.reporting.types import INVESTMENT, FileState
from guatu.reporting.workbook.issuing import Made, workbooks_of
from guatu.reporting.workbook.layout import AT, FIRST_LINE, SHEET

UNITS, EACH = 40, 8
WAN = 10_000
HEADERS = (
    "项目名称", "项目代码", "所属地区", "责任单位", "行业领域", "建设性质",
    "总投资", "年度计划投资", "计划开工时间",
)  # fmt: skip


def bench_round_trip() -> dict[str, Any]:
    """CPU seconds of writing and of taking in the workbooks of 40 units × 8 projects (M-C1).

    Filling them in is the units' work and not counted. Raises RuntimeError where anything has to
    be asked, or a figure is not the one that was filled in.
    """
    with scratch_database() as home, today():
        the_round = _opened(home / "list.xlsx")
        made, written_s = timed(lambda: workbooks_of(the_round, None))
        sent = [_filled(one) for one in made]
        _, taken_s = timed(lambda: _delivered(the_round, sent))
        equal = _equal(the_round)
    return {
        "workbook_round_trip": f"{len(made)}×{EACH}",
        "workbook_equal": equal,
        "workbook_written_s": round(written_s, 3),
        "workbook_taken_s": round(taken_s, 3),
    }


def _opened(path: Any) -> Round:
    """A round of a list with every unit's projects, open."""
    actor = access.console_actor()
    install(actor)
    book = new_workbook(path)
    sheet = book.add_worksheet("清单")
    sheet.write_string(0, 0, "2026年重点项目清单（虚构，测速用）  单位：万元")
    rows = [HEADERS, *(_project(unit, one) for unit in range(UNITS) for one in range(EACH))]
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            sheet.write(line, column, value)
    book.close()
    taken = take_in_list(actor, [path], TakeInList(year=2026, creates_missing=True))
    if taken.new != UNITS * EACH:
        raise RuntimeError(f"imported {taken.new} of {UNITS * EACH} rows")
    return start_round(actor, find_list(2026, None), parse_period(TODAY[:7]))


def _project(unit: int, one: int) -> tuple[str | int, ...]:
    return (
        _named(unit, one), f"2601-990101-04-01-{unit * EACH + one:06d}", f"测速{unit % 13}区",
        f"测速单位{unit:02}", f"测速行业{unit % 8}", "新建", 50_000, 12_000, "2026-03",
    )  # fmt: skip


def _named(unit: int, one: int) -> str:
    return f"第{unit:02}单位{one}号测速工程"


def _yuan(name: str) -> int:
    """The year's figure of a project: another for each, to the fen of 万元."""
    return (100 * int(name[1:3]) + int(name[5]) + 1) * WAN + 2_500


def _filled(made: Made) -> Upload:
    """The workbook as its unit sends it back."""
    book = openpyxl.load_workbook(io.BytesIO(made.content))
    sheet = book[SHEET]
    for line in range(FIRST_LINE + 1, FIRST_LINE + 1 + made.projects):
        name = str(sheet.cell(line, AT["name"] + 1).value)
        sheet.cell(line, AT["year"] + 1).value = _yuan(name) / WAN
        sheet.cell(line, AT["progress"] + 1).value = "正在施工"
    saved = io.BytesIO()
    book.save(saved)
    return Upload(made.name, saved.getvalue())


def _delivered(the_round: Round, uploads: list[Upload]) -> None:
    """One drop of all files, taken in."""
    actor = access.console_actor()
    delivery = receive(actor, the_round, "round-trip", uploads)
    take_in_delivery(actor, the_round, delivery.pk)


def _equal(the_round: Round) -> int:
    """How many figures are what was filled in; all of them, with nothing to ask."""
    states = set(DeliveredFile.objects.values_list("state", flat=True))
    told = dict(
        Figure.objects.filter(
            indicator__code=INVESTMENT, as_of=the_round.period.last_on, is_current=True
        ).values_list("project__name", "value")
    )
    wanted = {
        name: _yuan(name)
        for unit in range(UNITS)
        for one in range(EACH)
        if (name := _named(unit, one))
    }
    if states != {FileState.TAKEN} or IntakeQuestion.objects.exists() or told != wanted:
        wrong = sum(told.get(name) != yuan for name, yuan in wanted.items())
        raise RuntimeError(f"{wrong} of {len(wanted)} figures differ; files {sorted(states)}")
    return len(told)
