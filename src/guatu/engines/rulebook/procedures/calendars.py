"""Calendars (日历): what is due, when in each period, and what holidays do to it. Reading only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from guatu.engines.rulebook.procedures.durations import Span, Unit
from guatu.engines.rulebook.procedures.positions import (
    ENDS,
    Moment,
    MonthDays,
    OneDay,
    PeriodEnd,
    Position,
    WeekDay,
    YearDays,
    parse_moment,
    parse_position,
    parse_weekday,
)
from guatu.engines.rulebook.procedures.reading import (
    Head,
    ReadCondition,
    When,
    read_head,
    read_span,
    read_texts,
    read_when,
)
from guatu.engines.rulebook.procedures.terms import MONTHS, WRITTEN, Every, Rhythm
from guatu.engines.rulebook.sections import Section


class Shift(StrEnum):
    """What happens when the day is not worked."""

    LATER = "顺延"
    EARLIER = "提前"
    STAYS = "不变"
    DROPPED = "取消"


@dataclass(frozen=True, slots=True)
class Deadline:
    """One way of saying when: a position in the period, or a span before or after an anchor.

    `anchor` is an end word (期末 kind, empty position), an external event, or empty: then the
    span runs from the main due day (for what follows it).
    """

    when: When | None
    position: Position | None
    opens: Position | None
    anchor: str
    span: Span | None
    backwards: bool
    about_previous: bool
    shift: Shift
    lasts: Span | None
    moment: Moment
    text: str
    is_shift_said: bool = True

    @property
    def event(self) -> str:
        """The external event it waits for, empty when it follows from the calendar alone."""
        return "" if self.anchor in ENDS else self.anchor


@dataclass(frozen=True, slots=True)
class Sequel:
    """A second act of the same period: Friday's 汇总 is followed by Monday's 报送."""

    act: str
    by: tuple[str, ...]
    to: tuple[str, ...]
    deadline: Deadline


@dataclass(frozen=True, slots=True)
class Denser:
    """While `when` holds the act is due more often."""

    when: When
    rhythm: Rhythm
    deadlines: tuple[Deadline, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """One recurring or single act. Effective from the first period that ends on `from_on`."""

    head: Head
    act: str
    by: tuple[str, ...]
    to: tuple[str, ...]
    fields: tuple[str, ...]
    when: When | None
    rhythm: Rhythm
    deadlines: tuple[Deadline, ...]
    sequels: tuple[Sequel, ...]
    denser: Denser | None
    may_merge: tuple[str, ...]
    from_on: date | None
    until_on: date | None

    @property
    def acts(self) -> tuple[str, ...]:
        """The acts it makes due: its own, and those that follow it."""
        return (self.act, *(one.act for one in self.sequels))

    @property
    def events(self) -> frozenset[str]:
        """The events and other calendars' acts that it is counted from, when denser too."""
        more = self.denser.deadlines if self.denser else ()
        return frozenset(one.event for one in (*self.deadlines, *more) if one.event)


def read_calendar(section: Section, read: ReadCondition) -> Calendar:
    """One `[[calendar]]`. Notes every fault; the result is only good when there is none."""
    head = read_head(section, key="act")
    said = section.choice("every", WRITTEN, default="") if "every" in section else ""
    rows = _deadline_rows(section)
    every = Every(said) if said else _every_of(rows)
    if every is None:
        section.fault("缺少“every”", "多久一次：" + "、".join(WRITTEN), code="missing-every")
        every = Every.MONTH
    rhythm = _rhythm(section, every)
    calendar = Calendar(
        head=head,
        act=head.name,
        by=read_texts(section, "by"),
        to=read_texts(section, "to"),
        fields=read_texts(section, "fields"),
        when=read_when(section, "when", read),
        rhythm=rhythm,
        deadlines=tuple(_deadline(row, read, every) for row in rows) or (_at_end(),),
        sequels=_sequels(section, read, every),
        denser=_denser(section, read),
        may_merge=read_texts(section, "may_merge"),
        from_on=section.day("from", required=False),
        until_on=section.day("until", required=False),
    )
    if calendar.from_on and calendar.until_on and calendar.until_on < calendar.from_on:
        section.fault("“until”早于“from”")
    section.finish()
    return calendar


def _rhythm(section: Section, every: Every) -> Rhythm:
    start_on = section.day("start", required=every is Every.FORTNIGHT)
    merge = section.text("merge", required=False)
    if merge and (merge not in ("1—2月", "1-2月", "1～2月") or every is not Every.MONTH):
        section.fault("“merge”只能是“1—2月”，且every是“月”")
    return Rhythm(every, bool(merge), start_on)


def _deadline_rows(section: Section) -> list[Section]:
    rows = section.tables("due")
    place = f"{section.place}的due"
    many = len(rows) > 1
    return [
        Section(row, f"{place}第{number}项" if many else place, section.faults)
        for number, row in enumerate(rows, 1)
    ]


def _at_end() -> Deadline:
    return Deadline(
        None, PeriodEnd(), None, "", None, False, False, Shift.STAYS, None, Moment(), "期末"
    )


def _every_of(rows: list[Section]) -> Every | None:
    """How often, where only `due` says it: `月末` is each month, `3月31日` each year."""
    for row in rows:
        for key in ("after", "before"):
            word = row.peek(key)
            if isinstance(word, str):
                return ENDS.get(word, Every.EACH)
        value = row.peek("date")
        if isinstance(value, date):
            return Every.ONCE
        if isinstance(value, str):
            return _every_of_date(value)
        if isinstance(row.peek("weekday"), str):
            return Every.MONTH if "nth" in row else Every.WEEK
    return None


def _every_of_date(text: str) -> Every | None:
    try:
        position, _ = parse_position(text)
    except ValueError:
        return Every.MONTH
    match position:
        case OneDay():
            return Every.ONCE
        case YearDays():
            return Every.YEAR
        case MonthDays():
            return Every.MONTH
    return ENDS.get(text)


def _deadline(
    row: Section, read: ReadCondition, every: Every, *, follows: bool = False
) -> Deadline:
    """Exactly one of `date`, `weekday`, `after` + `plus`, `before` + `minus`."""
    ways = [key for key in ("date", "weekday", "after", "before") if key in row]
    if len(ways) > 1:
        row.fault(f"“{ways[0]}”与“{ways[1]}”只能写一个")
    if not ways and not (follows and "plus" in row):
        row.fault("没有写明哪一天", "写date、weekday、after加plus，或before加minus")
    position, moment, anchor = _where(row, ways[0] if ways else "", every)
    backwards = "before" in ways
    span = read_span(row, "minus" if backwards else "plus", required=bool(anchor))
    if span and span.unit is Unit.HOUR:
        row.fault("日历里的期限不能按小时计", "写工作日或日，钟点写在at里")
    own = read_moment(row, "at")
    shift = row.choice("on_holiday", tuple(Shift), default=Shift.STAYS)
    deadline = Deadline(
        when=read_when(row, "when", read),
        position=position,
        opens=_opens(row, every),
        anchor=anchor,
        span=span,
        backwards=backwards,
        about_previous=row.choice("about", ("本期", "上期", "上月"), default="本期") != "本期",
        shift=Shift(shift),
        is_shift_said="on_holiday" in row,
        lasts=read_span(row, "lasts"),
        moment=own if own != Moment() else moment,
        text=_text_of(row, ways, span),
    )
    row.finish()
    return deadline


def _where(row: Section, way: str, every: Every) -> tuple[Position | None, Moment, str]:
    if way in ("after", "before"):
        word = row.text(way)
        of = ENDS.get(word)
        if of is not None and of is not every:
            row.fault(f"“{word}”与every = “{every}”不合")
        return (PeriodEnd() if word in ENDS else None), Moment(), word
    if not way:
        return None, Moment(), ""
    position, moment = _position(row, way, every)
    return position, moment, ""


def _position(row: Section, key: str, every: Every) -> tuple[Position | None, Moment]:
    value = row.peek(key)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool):
        row.fault(f"“{key}”没有写单位", f'写成{key} = "{value}日"')
        return None, Moment()
    if not isinstance(value, str):
        row.fault(f"“{key}”应是文字", f'写成{key} = "25日"')
        return None, Moment()
    position: Position
    try:
        if key == "weekday" or (value.lstrip("下次本")[:1] in ("周", "星") and value != "周末"):
            position, moment = parse_weekday(value, _nth(row))
        else:
            position, moment = parse_position(value)
    except ValueError as error:
        row.fault(f"“{key}”：{error}")
        return None, Moment()
    _fits(row, value, position, every)
    return position, moment


def _nth(row: Section) -> int:
    value = row.peek("nth")
    if value is None:
        return 0
    if isinstance(value, int) and not isinstance(value, bool) and (1 <= value <= 5 or value == -1):
        return value
    row.fault("“nth”应是1到5，最后一个写-1")
    return 0


def _fits(row: Section, text: str, position: Position, every: Every) -> None:
    """Refuse a position that a period of this length does not have."""
    match position:
        case WeekDay(nth=0):
            fits = every in (Every.WEEK, Every.FORTNIGHT)
            remedy = "每月第几个星期几，加nth = 1"
        case WeekDay():
            fits, remedy = every in MONTHS, "nth用于月、季度、半年、年"
        case YearDays():
            fits, remedy = every is Every.YEAR, "写几月几日的，every是“年”"
        case MonthDays():
            fits, remedy = every in MONTHS, "写几日的，every是“月”“季度”等"
        case OneDay():
            fits, remedy = every is Every.ONCE, "一个日子只办一次，不写every"
        case PeriodEnd():
            fits, remedy = ENDS.get(text.strip()) in (None, every), "改成“期末”"
    if not fits:
        row.fault(f"“{text}”与every = “{every}”不合", remedy)


def _opens(row: Section, every: Every) -> Position | None:
    return _position(row, "opens", every)[0] if "opens" in row else None


def read_moment(row: Section, key: str) -> Moment:
    """A time of day under a key; none when absent."""
    text = row.text(key, required=False)
    try:
        return parse_moment(text)
    except ValueError as error:
        row.fault(f"“{key}”：{error}")
        return Moment()


def _text_of(row: Section, ways: list[str], span: Span | None) -> str:
    way = ways[0] if ways else ""
    said = str(row.peek(way) or "") if way else ""
    nth = row.peek("nth")
    if nth:
        return f"{'最后一个' if nth == -1 else f'第{nth}个'}{said}"
    if way in ("after", "before"):
        return f"{said}{'前' if way == 'before' else '后'}{span or ''}"
    return said or f"其后{span or ''}"


def _sequels(section: Section, read: ReadCondition, every: Every) -> tuple[Sequel, ...]:
    sequels = []
    for number, table in enumerate(section.tables("then"), 1):
        row = Section(table, f"{section.place}的then第{number}项", section.faults)
        act, by, to = row.text("act"), read_texts(row, "by"), read_texts(row, "to")
        deadline = _deadline(row, read, every, follows=True)
        if deadline.event:
            main = section.text("act", required=False)
            row.fault(
                f"“then”接着“{main}”做，不能从“{deadline.event}”数起",
                "从本项数起的只写plus；从另一件事数起的，另写一张[[calendar]]",
            )
        sequels.append(Sequel(act, by, to, deadline))
    return tuple(sequels)


def _denser(section: Section, read: ReadCondition) -> Denser | None:
    if "denser" not in section:
        return None
    row = Section(section.peek("denser"), f"{section.place}的denser", section.faults)
    every = Every(row.choice("every", WRITTEN))
    when = read_when(row, "when", read)
    if when is None:
        row.fault("缺少“when”", "写明什么时候加密")
    rows = _deadline_rows(row)
    deadlines = tuple(_deadline(one, read, every) for one in rows) or (_at_end(),)
    start_on = row.day("start", required=every is Every.FORTNIGHT)
    row.finish()
    return Denser(when, Rhythm(every, start_on=start_on), deadlines) if when else None
