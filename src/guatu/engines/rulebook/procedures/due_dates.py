"""From a calendar to its due days between two days, and sessions that are held together.

Working days and calendar days stand side by side; the day of an anchor is never counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from guatu.core.periods import month_end
from guatu.core.workdays import CalendarUnknown, WorkCalendar
from guatu.engines.rulebook.procedures.calendars import Calendar, Deadline, Sequel, Shift
from guatu.engines.rulebook.procedures.durations import (
    add_span,
    longest_days,
    moved_within,
    take_span,
    workday_from,
    workday_until,
)
from guatu.engines.rulebook.procedures.positions import (
    MonthDays,
    OneDay,
    PeriodEnd,
    WeekDay,
    days_of,
)
from guatu.engines.rulebook.procedures.reading import Holds, decide, nothing_known
from guatu.engines.rulebook.procedures.terms import Rhythm, Term

_REACH = timedelta(days=430)
_MARGIN = timedelta(days=20)
_FORTNIGHT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Due:
    """One due day: of which act, about which period, moved from where and why."""

    on: date
    act: str
    period: str
    at: time | None = None
    half: str = ""
    opens_on: date | None = None
    lasts_until: date | None = None
    moved_from: date | None = None
    by: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    why: str = ""


def in_order(due: Due) -> tuple[date, time, str, str]:
    """The key that due days are sorted by: day, hour, act, period."""
    return due.on, due.at or time.max, due.act, due.period


@dataclass(frozen=True, slots=True)
class Plan:
    """Due days in order, and what could not be said, as Chinese sentences."""

    dues: tuple[Due, ...]
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Session:
    """Meetings held as one: the day, and every agenda that keeps its name."""

    on: date
    agenda: tuple[str, ...]
    dues: tuple[Due, ...]


def due_dates(
    calendar: Calendar,
    first: date,
    last: date,
    *,
    days: WorkCalendar,
    holds: Holds = nothing_known,
    events: Mapping[str, Sequence[date]] | None = None,
) -> Plan:
    """The due days of one calendar from `first` to `last`, in order, one per period and act.

    `events` gives the days of external events and nodes by name; an event that has not come
    yet gives no due day and a doubt. Unknown holidays give a doubt, never a guess.
    """
    doubts: list[str] = []
    applies = decide(calendar.when, holds, doubts)
    if not applies:
        return Plan((), tuple(doubts))
    rhythm, deadlines = calendar.rhythm, calendar.deadlines
    if calendar.denser and decide(calendar.denser.when, holds, doubts):
        rhythm, deadlines = calendar.denser.rhythm, calendar.denser.deadlines
    deadline = _chosen(deadlines, holds, doubts)
    if deadline is None:
        return Plan((), tuple(dict.fromkeys(doubts)))
    run = _Run(calendar, rhythm, first, last, days, holds, events or {}, doubts)
    dues = (due for due in run.of(deadline) if first <= due.on <= last)
    return Plan(tuple(sorted(dues, key=in_order)), tuple(dict.fromkeys(doubts)))


def plan_all(
    calendars: Sequence[Calendar],
    first: date,
    last: date,
    *,
    days: WorkCalendar,
    holds: Holds = nothing_known,
    events: Mapping[str, Sequence[date]] | None = None,
) -> Plan:
    """All calendars together; one may be counted from another's act (会前2个工作日).

    Days that `events` gives for such an act are those it is counted from.
    """
    known = dict(events or {})
    anchors = {name for calendar in calendars for name in calendar.events}
    acts = anchors & {act for calendar in calendars for act in calendar.acts}
    dues: list[Due] = []
    doubts: list[str] = []
    waiting = list(calendars)
    while waiting:
        ready = [one for one in waiting if not one.events & acts - known.keys()] or waiting
        for calendar in ready:
            if acts.isdisjoint(calendar.acts):
                continue
            wide = due_dates(
                calendar,
                moved_within(first, -_MARGIN),
                moved_within(last, _REACH),
                days=days,
                holds=holds,
                events=known,
            )
            for act in calendar.acts:
                known.setdefault(act, [due.on for due in wide.dues if due.act == act])
        for calendar in ready:
            plan = due_dates(calendar, first, last, days=days, holds=holds, events=known)
            dues += plan.dues
            doubts += plan.doubts
        waiting = [one for one in waiting if one not in ready]
    return Plan(tuple(sorted(dues, key=in_order)), tuple(dict.fromkeys(doubts)))


def _chosen(deadlines: Sequence[Deadline], holds: Holds, doubts: list[str]) -> Deadline | None:
    for deadline in deadlines:
        answer = decide(deadline.when, holds, doubts)
        if answer is None:
            return None
        if answer:
            return deadline
    return None


@dataclass(frozen=True, slots=True)
class _Run:
    """One calendar walked over a stretch of time."""

    calendar: Calendar
    rhythm: Rhythm
    first: date
    last: date
    days: WorkCalendar
    holds: Holds
    events: Mapping[str, Sequence[date]]
    doubts: list[str]

    def of(self, deadline: Deadline) -> Iterator[Due]:
        """The due days of one deadline, a doubt for each that cannot be told."""
        for term, base in self._bases(deadline):
            told = term.label
            try:
                about = self.rhythm.previous(term) if deadline.about_previous else term
                told = about.label
                if not self._in_force(about):
                    continue
                due = self._due(deadline, term, about, base)
                if due is None:
                    continue
                yield due
                yield from self._sequels(due, term, about)
            except CalendarUnknown as error:
                self.doubts.append(f"{self.calendar.act}（{told}）：{error.faults[0].what}")

    def _bases(self, deadline: Deadline) -> Iterator[tuple[Term, date | None]]:
        if deadline.event:
            if deadline.event not in self.events:
                self.doubts.append(f"{self.calendar.act}：还没有“{deadline.event}”的日期")
            for on in sorted(set(self.events.get(deadline.event, ()))):
                for term in self.rhythm.between(on, on):
                    yield term, on
        elif isinstance(deadline.position, OneDay):
            yield self.rhythm.term_of(deadline.position.on), None
        else:
            for term in self.rhythm.between(*self._stretch(deadline)):
                yield term, None

    def _stretch(self, deadline: Deadline) -> tuple[date, date]:
        span = longest_days(deadline.span) if deadline.span else 0
        reach = _REACH + timedelta(days=span)
        return moved_within(self.first, -reach), moved_within(self.last, reach)

    def _in_force(self, term: Term) -> bool:
        calendar = self.calendar
        return not (
            (calendar.from_on and term.last_on < calendar.from_on)
            or (calendar.until_on and term.first_on > calendar.until_on)
        )

    def _due(self, deadline: Deadline, term: Term, about: Term, base: date | None) -> Due | None:
        """One due day, None when the period has none or it lies outside the stretch."""
        where = (base, base) if base else _days(deadline, term)
        if where is None or self._is_far(deadline, where[1]):
            return None
        return self._placed(deadline, about, *self._counted(deadline, term, where))

    def _counted(
        self, deadline: Deadline, term: Term, where: tuple[date, date]
    ) -> tuple[date, date]:
        """From where a deadline is counted to when it opens and the day it falls on."""
        opens, on = where
        if deadline.span:
            move = take_span if deadline.backwards else add_span
            on = move(on, deadline.span, self.days)
            opens = on
        if deadline.opens and (window := days_of(deadline.opens, term)):
            opens = window[0]
        return opens, on

    def _is_far(self, deadline: Deadline, on: date) -> bool:
        """Whether the due day cannot lie in the stretch, so that no holidays are asked for."""
        span = timedelta(days=longest_days(deadline.span) if deadline.span else 0)
        sequel = max(map(_reach_of, self.calendar.sequels), default=timedelta())
        early = moved_within(on, -_MARGIN - (span if deadline.backwards else timedelta()))
        late = on if deadline.backwards else moved_within(on, span)
        return early > self.last or moved_within(late, _MARGIN + sequel) < self.first

    def _placed(self, deadline: Deadline, about: Term, opens: date, on: date) -> Due | None:
        moved = self._shifted(on, deadline.shift)
        if moved is None:
            return None
        why = f"{about.label}：{deadline.text}{deadline.moment}"
        if moved != on:
            why += f"，{on.isoformat()}不上班，{deadline.shift.value}"
        return Due(
            on=moved,
            act=self.calendar.act,
            period=about.key,
            at=deadline.moment.at,
            half=deadline.moment.half,
            opens_on=min(opens, moved) if opens != on else None,
            lasts_until=add_span(moved, deadline.lasts, self.days) if deadline.lasts else None,
            moved_from=on if moved != on else None,
            by=self.calendar.by,
            to=self.calendar.to,
            why=why,
        )

    def _shifted(self, on: date, shift: Shift) -> date | None:
        match shift:
            case Shift.STAYS:
                return on
            case Shift.LATER:
                return workday_from(on, self.days)
            case Shift.EARLIER:
                return workday_until(on, self.days)
        return on if self.days.is_workday(on) else None

    def _sequels(self, main: Due, term: Term, about: Term) -> Iterator[Due]:
        for sequel in self.calendar.sequels:
            if not decide(sequel.deadline.when, self.holds, self.doubts):
                continue
            due = self._sequel(sequel, main, term, about)
            if due is not None:
                yield due

    def _sequel(self, sequel: Sequel, main: Due, term: Term, about: Term) -> Due | None:
        """What follows the main act, about the same period unless it says the one before.

        It is never before what it follows, even when that was postponed.
        """
        deadline = sequel.deadline
        if deadline.about_previous:
            about = self.rhythm.previous(term)
        where = _days(deadline, term) if deadline.position else (main.on, main.on)
        if where is None:
            return None
        opens, on = self._counted(deadline, term, where)
        due = self._placed(deadline, about, max(opens, main.on), max(on, main.on))
        return due and replace(
            due, act=sequel.act, by=sequel.by or self.calendar.by, to=sequel.to or self.calendar.to
        )


def _days(deadline: Deadline, term: Term) -> tuple[date, date] | None:
    position = deadline.position or PeriodEnd()
    if deadline.about_previous and isinstance(position, MonthDays):
        # 每季度10日前报上季度 means the quarter's first month, 10 January for 1—2月.
        term = replace(term, last_on=month_end(term.first_on.year, term.first_on.month))
    return days_of(position, term)


def _reach_of(sequel: Sequel) -> timedelta:
    """How long after the main act what follows it may be due."""
    deadline = sequel.deadline
    span = timedelta(days=longest_days(deadline.span) if deadline.span else 0)
    if deadline.position is None:
        return span
    return span + (_FORTNIGHT if isinstance(deadline.position, WeekDay) else _REACH)


def sessions(calendars: Sequence[Calendar], dues: Sequence[Due]) -> tuple[Session, ...]:
    """Meetings of one week that may be merged are one session on the earliest of their days.

    Two may be merged when either calendar names the other in `may_merge`. Every agenda keeps
    its name, so that one set of minutes answers for all of them (RB39).
    """
    partners: dict[str, set[str]] = {}
    for calendar in calendars:
        for other in calendar.may_merge:
            partners.setdefault(calendar.act, set()).add(other)
            partners.setdefault(other, set()).add(calendar.act)
    groups: list[list[Due]] = []
    for due in sorted(dues, key=in_order):
        for group in groups:
            if all(_may_sit(due, other, partners) for other in group):
                group.append(due)
                break
        else:
            groups.append([due])
    return tuple(
        Session(group[0].on, tuple(dict.fromkeys(due.act for due in group)), tuple(group))
        for group in groups
    )


def _may_sit(due: Due, other: Due, partners: Mapping[str, set[str]]) -> bool:
    same_week = due.on.isocalendar()[:2] == other.on.isocalendar()[:2]
    return same_week and other.act in partners.get(due.act, ())
