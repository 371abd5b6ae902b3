"""`guatu bench assess`: closing and assessing 10,000 projects × 12 months of figures; then the
same work on DuckDB from 10⁴ to 5·10⁶ invented projects, and nine rules by the scalar evaluator.
"""

from __future__ import annotations

import sys
from datetime import date
from typing import Any

from django.db import connection

from guatu.assessment.services.assess import AssessRound, assess_round
from guatu.assessment.services.close import close_round
from guatu.bench.growth import growth, growth_table, scalar_us
from guatu.bench.intake import ROWS, write_ledger
from guatu.bench.measure import calibration_seconds, scratch_database, timed
from guatu.core.periods import month_end, parse_period
from guatu.journal import services as journal
from guatu.ledger.models import Project
from guatu.ledger.queries import find_list
from guatu.organisation import access
from guatu.organisation.services import install
from guatu.planning.services import TakeInList, take_in_list
from guatu.reporting.models import Figure
from guatu.reporting.services.rounds import ensure_indicators, open_round
from guatu.reporting.types import INVESTMENT

MONTHS = 12


def bench_assess() -> dict[str, Any]:
    """CPU seconds of close + assess over a bare read of the same figure rows (bar: 20).

    Beside it the growth on DuckDB (bars: 8 at a million, 10 at five, 3 GB) and microseconds a
    project for nine rules with reasons (bar: 100).
    """
    with scratch_database() as home:
        path = home / "ledger.xlsx"
        write_ledger(path, ROWS)
        actor = access.console_actor()
        install(actor)
        take_in_list(actor, [path], TakeInList(year=2026, creates_missing=True))
        listing = find_list(2026, None)
        period = parse_period("2026-12")
        with journal.act(actor, "bench.figures") as act:
            open_round(act, listing, period)
            indicator = ensure_indicators(act)[INVESTMENT]
            act.add_all(
                [
                    Figure(
                        project_id=pk,
                        indicator=indicator,
                        as_of=month_end(2026, month),
                        value=(pk % 900 + 100) * 10_000 * month,
                        by=actor.text,
                        at=act.at,
                    )
                    for pk in Project.objects.order_by("pk").values_list("pk", flat=True)
                    for month in range(1, MONTHS + 1)
                ]
            )
        rows, read_s = timed(_bare_read)
        snapshot, close_s = timed(lambda: close_round(actor, listing, period))
        assessed, assess_s = timed(lambda: assess_round(actor, snapshot, AssessRound()))
        if rows != ROWS * MONTHS or assessed.total.projects != ROWS:
            raise RuntimeError(f"read {rows} figures, assessed {assessed.total.projects} projects")
    lines = growth()
    sys.stderr.write(growth_table(lines) + "\n")
    million, five = (next(x for x in lines if x["subjects"] == n) for n in (1_000_000, 5_000_000))
    return {
        "bench": "assess",
        "projects": ROWS,
        "figures": rows,
        "calibration_s": round(calibration_seconds(), 3),
        "bare_read_s": round(read_s, 3),
        "close_s": round(close_s, 3),
        "assess_s": round(assess_s, 3),
        "ratio_1e4": round((close_s + assess_s) / read_s, 2),
        "bar": 20,
        "scan_s_1e6": million["scan_s"],
        "assess_s_1e6": million["assess_s"],
        "ratio_1e6": round(million["ratio"], 2),
        "bar_1e6": 8,
        "ratio_5e6": round(five["ratio"], 2),
        "bar_5e6": 10,
        "peak_mb_5e6": round(five["peak_mb"]),
        "bar_mb_5e6": 3_000,
        "scalar_us": round(scalar_us(), 1),
        "bar_scalar_us": 100,
    }


def _bare_read() -> int:
    """The figure rows by Django's cursor, as the snapshot needs them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT project_id, indicator_id, as_of, value, state FROM reporting_figure"
            " WHERE is_current AND as_of BETWEEN %s AND %s ORDER BY project_id, as_of",
            [date(2026, 1, 1), date(2026, 12, 31)],
        )
        return len(cursor.fetchall())
