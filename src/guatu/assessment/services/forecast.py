"""Forecasting the year's end of every project of a locked round, with its own test (M-D7).

Kept and not computed for each page: a class needs every round of up to three years, a second of
reading for 10,000 projects, and a page has twelve queries. Derived like the run it belongs to: it
goes with the run, and is made again with it.
"""

from __future__ import annotations

from collections import Counter

from django.db import IntegrityError, transaction

from guatu.assessment.forecast.backtest import back_test
from guatu.assessment.forecast.rules import Pool, forecast, group_of, state_of
from guatu.assessment.forecast.types import Estimate, Reason, Record
from guatu.assessment.forecasting import History, history, month_of, own_record
from guatu.assessment.judging import Assessed
from guatu.assessment.models import Forecast, ForecastBasis, ForecastTest, Run, Snapshot
from guatu.core import clock

METHOD = "near-share-pace-2"
"""Names the formula of `forecast.rules`: another formula is another name."""
BATCH = 2_000


def keep_forecasts(snapshot: Snapshot, assessed: Assessed) -> ForecastBasis | None:
    """Make the forecasts of a snapshot's run of record, unless it has them; None where there is
    no such run. Past years are those known now: a forecast that is kept is not moved by a later
    correction of them.
    """
    run = (
        Run.objects.filter(snapshot=snapshot, is_of_record=True)
        .select_related("snapshot__round__list", "forecast_basis")
        .first()
    )
    if run is None:
        return None
    kept: ForecastBasis | None = getattr(run, "forecast_basis", None)
    if kept is not None and kept.method == METHOD:
        return kept
    try:
        with transaction.atomic():
            ForecastBasis.objects.filter(run=run).delete()
            return _keep(run, assessed)
    except IntegrityError:
        # Another command keeps the same ones in this very moment.
        return ForecastBasis.objects.filter(run=run).first()


def _keep(run: Run, assessed: Assessed) -> ForecastBasis:
    listing, period = run.snapshot.round.list, assessed.content.period_key
    month = month_of(period)
    past = history(listing) if month is not None else History([], [])
    pool = Pool(past.records, month or 0)
    rows = [_row(own_record(one, period), month, pool) for one in assessed.measured]
    basis = ForecastBasis.objects.create(
        run=run,
        method=METHOD,
        class_name=f"往年{listing.name}",
        years="、".join(str(year) for year in past.years),
        pool=len(pool),
        left_out=past.left_out(month) if month is not None else 0,
        reason=_reason_of_all(rows),
        at=clock.now(),
    )
    for row in rows:
        row.basis = basis
    Forecast.objects.bulk_create(rows, batch_size=BATCH)
    ForecastTest.objects.bulk_create(
        ForecastTest(
            basis=basis,
            year=one.year,
            month=one.month,
            way=one.way.value,
            tested=one.tested,
            covered=one.covered,
            error=one.error,
            naive_error=one.naive_error,
            untold=one.untold,
            group=one.group or "",
        )
        for one in back_test(past.records)
    )
    return basis


def _row(own: Record, month: int | None, pool: Pool) -> Forecast:
    told = Reason.NOT_MONTH_END if month is None else forecast(own, month, pool)
    row = Forecast(project_id=own.project, months=own.months(month or 12))
    if month is not None and own.is_told(month):
        row.group = group_of(own, month).value
    if not isinstance(told, Estimate):
        row.reason = told.value
        if told is Reason.NONE_NEAR and month is not None:
            # How few were near is worth telling.
            row.like = len(pool.like(state_of(own, month)).rests)
        return row
    row.p80_yuan, row.p50_yuan, row.p20_yuan = told.p80, told.p50, told.p20
    row.like, row.is_capped, row.is_finished = told.like, told.is_capped, told.is_finished
    (row.stood_least, row.stood_most), (row.ended_least, row.ended_most) = told.stood, told.ended
    return row


def _reason_of_all(rows: list[Forecast]) -> str:
    """Why nobody has a forecast: the commonest reason; empty where somebody at work has one."""
    if any(not one.reason and not one.is_finished for one in rows):
        return ""
    common = Counter(one.reason for one in rows if one.reason)
    # That one project lacks its own figures says nothing of the class.
    for own in (Reason.NO_PLAN, Reason.NO_DATA):
        if len(common) > 1:
            del common[own.value]
    return common.most_common(1)[0][0] if common else ""
