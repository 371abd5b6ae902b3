"""Opening rounds, and the lock that keeps a report and a close apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import date, timedelta

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from guatu.core import clock
from guatu.core.errors import BadInput, Fault, RoundClosed
from guatu.core.periods import Grain, PeriodKey, month_end, parse_period
from guatu.core.workdays import CalendarUnknown
from guatu.database.prepared import prepared
from guatu.journal import services as journal
from guatu.journal.queries import newest_at
from guatu.journal.services import Act
from guatu.journal.types import Actor
from guatu.ledger.models import ListEntry, ProjectList
from guatu.ledger.services import ensure_words
from guatu.organisation import access
from guatu.organisation import queries as organisation
from guatu.organisation.types import Right
from guatu.reporting.due.scope import expecting
from guatu.reporting.models import Indicator, Period, Round
from guatu.reporting.types import (
    INVESTMENT,
    INVESTMENT_MONTH,
    INVESTMENT_TOTAL,
    Accumulates,
    IndicatorUnit,
    RoundState,
)

DUE_WORKDAYS = 3
"""Reports are due this many working days after the cut-off, closing follows (office.md)."""

IDS_AT_ONCE = 500
"""Databases take only so many values in one query."""

_INDICATORS = (
    (INVESTMENT, "本年累计完成投资", Accumulates.YEAR, "自年初起累计完成的固定资产投资"),
    (INVESTMENT_MONTH, "本月完成投资", Accumulates.NONE, "当月完成的固定资产投资"),
    (INVESTMENT_TOTAL, "自开工累计完成投资", Accumulates.LIFE, "自项目开工起累计完成的投资"),
)


def ensure_indicators(act: Act) -> dict[str, Indicator]:
    """The built-in indicators, made on first use."""
    known = {row.code: row for row in _indicators()}
    for code, name, accumulates, method in _INDICATORS:
        if code not in known:
            row = Indicator(
                code=code,
                name=name,
                unit=IndicatorUnit.YUAN,
                accumulates=accumulates,
                scope="全口径",
                method=method,
            )
            act.write(row)
            known[code] = row
    return known


@prepared
def _indicators() -> QuerySet[Indicator]:
    return Indicator.objects.all()


def open_round(
    act: Act, listing: ProjectList, period: PeriodKey, *, is_limited: bool = False
) -> Round:
    """The round of a list for a period, opened on first use; `is_limited` says of a new one that
    it expects a part of the list, which the caller writes.

    Refuses a period of another year, and months that overlap a merged one on the same list
    (`2021-01+02` excludes `2021-01` and `2021-02`).
    """
    if period.year != listing.year:
        raise BadInput(
            Fault(
                code="wrong-year",
                what=f"{period.label}不属于{listing}的年度",
                remedy="请核对期别，或先导入该年清单",
            )
        )
    existing = (
        Round.objects.select_related("list", "period")
        .filter(list=listing, period__key=period.key)
        .first()
    )
    if existing is not None:
        return existing
    organisation.lock_root()  # of two first reports one opens the round, the other finds it
    existing = Round.objects.filter(list=listing, period__key=period.key).first()
    if existing is not None:
        return existing
    _refuse_overlap(listing, period)
    row = Period.objects.filter(key=period.key).first()
    if row is None:
        row = Period(
            key=period.key, grain=period.grain, first_on=period.first_on, last_on=period.last_on
        )
        act.write(row)
    cut_off = _cut_off(period)
    opened = Round(
        list=listing,
        period=row,
        cut_off_on=cut_off,
        opens_at=clock.start_of(period.first_on),
        due_at=clock.start_of(_due(cut_off)),
        is_limited=is_limited,
    )
    act.write(opened)
    ensure_words(act)
    return opened


def _refuse_overlap(listing: ProjectList, period: PeriodKey) -> None:
    if period.grain is not Grain.MONTH:
        return
    others = Round.objects.filter(list=listing, period__grain=Grain.MONTH).select_related("period")
    clash = [r.period.label for r in others if r.period.parsed.overlaps(period)]
    if clash:
        raise BadInput(
            Fault(
                code="overlapping-period",
                what=f"{period.label}与已有的{'、'.join(clash)}重叠",
                remedy="1—2月要么合并为一期，要么分为两期，不能并存",
            )
        )


def _cut_off(period: PeriodKey) -> date:
    """The day figures are counted to: the setting's day of the month, else the period's last."""
    day = int(organisation.settings_in_force()["cut-off-day"])
    if (
        day
        and period.grain is Grain.MONTH
        and period.last_on == month_end(period.last_on.year, period.last_on.month)
    ):
        return period.last_on.replace(day=day)
    return period.last_on


def _due(cut_off: date) -> date:
    try:
        return organisation.work_calendar().add_workdays(cut_off, DUE_WORKDAYS)
    except CalendarUnknown:
        # Opening must not wait for next year's holiday paper; weekends are counted in.
        return cut_off + timedelta(days=DUE_WORKDAYS + 2)


def lock_rounds(rounds: Iterable[int]) -> list[Round]:
    """Lock rounds in id order and read their state again, inside the caller's transaction.

    On SQLite the transaction itself is the lock (IMMEDIATE); on PostgreSQL the rows are.
    """
    assert connection.in_atomic_block, "a lock without a transaction locks nothing"
    return list(
        Round.objects.select_for_update(of=("self",))
        .select_related("list", "period")
        .filter(pk__in=list(rounds))
        .order_by("pk")
    )


def lock_rounds_holding(
    project_ids: Iterable[int], *days: date, also: Iterable[int] = ()
) -> list[Round]:
    """Lock every round that holds one of the projects at one of the days (architecture §6).

    `also` are further rounds to lock with them: all in one go, because only one order of ids
    keeps two writers from waiting for each other.
    """
    wanted = sorted(set(project_ids))
    rounds = Round.objects.filter(period__last_on__in=days)
    holding = set(also)
    for start in range(0, len(wanted), IDS_AT_ONCE):
        some = wanted[start : start + IDS_AT_ONCE]
        found = rounds.filter(expecting(some), list__entries__project_id__in=some)
        holding.update(found.values_list("pk", flat=True))
    return lock_rounds(sorted(holding))


def lock_rounds_of(round_id: int, project_id: int) -> list[Round]:
    """Lock a round and every other that holds the project on the same day, in id order; one
    statement (architecture §6)."""
    assert connection.in_atomic_block, "a lock without a transaction locks nothing"
    return _rounds_of(round_id, project_id)


@prepared
def _rounds_of(round_id: int, project_id: int) -> QuerySet[Round]:
    day = Period.objects.filter(rounds=round_id).values("last_on")[:1]
    holding = ListEntry.objects.filter(list_id=OuterRef("list_id"), project_id=project_id)
    rounds = Round.objects.select_for_update(of=("self",)).select_related("list", "period")
    return rounds.filter(
        Q(pk=round_id) | Q(Exists(holding), expecting([project_id]), period__last_on=Subquery(day))
    ).order_by("pk")


def require_open(rounds: Iterable[Round]) -> None:
    """Raise RoundClosed naming the locked rounds among those given."""
    closed = [r for r in rounds if r.state == RoundState.CLOSED]
    if closed:
        names = "、".join(str(r) for r in closed)
        raise RoundClosed(
            Fault(
                code="round-closed",
                what=f"{names}已锁定，数字不能再改",
                remedy="确需更正请办理更正，写明理由并由第二人批准",
            )
        )


def start_round(actor: Actor, listing: ProjectList, period: PeriodKey) -> Round:
    """Open a round before its first report comes; the one that is there where it is open already.

    Refuses a period that has not begun, of another year, or that overlaps another.
    """
    access.require(actor, Right.IMPORT_REPORTS)
    require_begun(period)
    with journal.act(actor, "round.opened") as act:
        return open_round(act, listing, period)


def require_begun(period: PeriodKey) -> None:
    """Raise BadInput for a period that has not begun by the server's day, and say so where that
    clock is doubtful."""
    if period.first_on <= clock.today():
        return
    fault = clock_fault()
    remedy = f"请核对期别；{fault.what}，{fault.remedy}" if fault else "请核对期别"
    what = f"{period.label}还没有到，服务器今天是{clock.today()}"
    raise BadInput(Fault("too-early", what, remedy))


CLOCK_MAY_DIFFER = timedelta(minutes=5)


def clock_fault() -> Fault | None:
    """That the server's clock stands behind what the journal has seen: days left, due days and
    lateness are wrong then. None where it does not, or the calendar is moved on purpose."""
    newest = None if clock.is_pretended() else newest_at()
    if newest is None or newest <= clock.now() + CLOCK_MAY_DIFFER:
        return None
    what = f"日志里有{clock.minute(newest)}的条目，比服务器现在的{clock.minute(clock.now())}还晚"
    return Fault("clock-back", what, "请系统管理员核对服务器时间")


def next_period(listing: ProjectList, last: Round | None) -> str:
    """The key of the period that a list's reports are due for next; 1—2月 is one (office.md)."""
    if last is None:
        return f"{listing.year}-01+02"
    on = last.period.last_on
    return last.period.key if on.month == 12 else f"{on.year}-{on.month + 1:02}"


def next_periods(
    today: date, lists: Iterable[tuple[int, int]], opened: Collection[tuple[int, str]]
) -> list[tuple[str, list[PeriodKey]]]:
    """The periods that a round may be opened for on a day, by kind, the newest few of each.

    Those that have begun and that one of the lists (id and year) of their year has no round for;
    `opened` are the rounds there are, by list and period.
    """
    by_year: dict[int, list[int]] = defaultdict(list)
    for list_id, year in lists:
        by_year[year].append(list_id)
    keys_of = {
        pk: {key for at, key in opened if at == pk} for pks in by_year.values() for pk in pks
    }
    found = []
    for words, keys in _KINDS:
        periods = [parse_period(key) for year in by_year for key in keys(year)]
        free = sorted(
            one
            for one in periods
            if one.first_on <= today and any(_is_free(one, keys_of[pk]) for pk in by_year[one.year])
        )
        if free:
            found.append((words, free[: -NEWEST_PERIODS - 1 : -1]))
    return found


NEWEST_PERIODS = 6
_JANUARY_TO_FEBRUARY = "-01+02"
_KINDS: tuple[tuple[str, Callable[[int], list[str]]], ...] = (
    (
        "月",
        lambda year: [
            f"{year}{_JANUARY_TO_FEBRUARY}",
            *(f"{year}-{month:02}" for month in range(1, 13)),
        ],
    ),
    ("半月", lambda year: [f"{year}-{m:02}-B{n}" for m in range(1, 13) for n in (1, 2)]),
    ("旬", lambda year: [f"{year}-{m:02}-T{n}" for m in range(1, 13) for n in (1, 2, 3)]),
    ("周", lambda year: [f"{year}-W{n:02}" for n in range(1, _weeks(year) + 1)]),
    ("季", lambda year: [f"{year}-Q{n}" for n in (1, 2, 3, 4)]),
    ("半年", lambda year: [f"{year}-H1", f"{year}-H2"]),
    ("年", lambda year: [f"{year}"]),
)


def _weeks(year: int) -> int:
    return date(year, 12, 28).isocalendar().week


def _is_free(period: PeriodKey, opened: Collection[str]) -> bool:
    """Whether a list has no round for the period, nor January and February the other way: merged
    or apart."""
    merged = f"{period.year}{_JANUARY_TO_FEBRUARY}"
    apart = {f"{period.year}-01", f"{period.year}-02"}
    other = {merged} if period.key in apart else apart if period.key == merged else set()
    return not ({period.key} | other) & set(opened)
