"""Changing the days of an open round, and reminding units of what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from guatu.core import clock
from guatu.core.errors import BadInput, Fault
from guatu.journal import services as journal
from guatu.journal.services import require_version
from guatu.journal.types import Actor
from guatu.notices.services import queue_messages
from guatu.notices.types import Notice
from guatu.organisation import access
from guatu.organisation import queries as organisation
from guatu.organisation.types import Right
from guatu.reporting.due.models import Reminder, RoundDays
from guatu.reporting.due.rules import deadline_fault, is_workday
from guatu.reporting.models import Round
from guatu.reporting.services.rounds import lock_rounds, require_open

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class ChangeDays:
    """The new days of a round, why, and who signed for a deadline shorter than allowed."""

    cut_off_on: date
    due_on: date
    reason: str
    signed_by: str = ""


def change_days(actor: Actor, the_round: Round, command: ChangeDays, version: int) -> Round:
    """Move the cut-off and the due day of an open round, with a reason (M-C1).

    A nearer due day leaves two working days at least and is a working day, unless somebody signed
    for an emergency. Raises BadInput, RoundClosed, or Conflict where somebody was faster.
    """
    access.require(actor, Right.IMPORT_REPORTS)
    if faults := _days_faults(the_round, command):
        raise BadInput(*faults)
    with journal.act(actor, "round.days_changed", detail={"reason": command.reason}) as act:
        (held,) = lock_rounds([the_round.pk])
        require_open([held])
        require_version(held, version, the_round)
        held.cut_off_on, held.due_at = command.cut_off_on, clock.start_of(command.due_on)
        act.write(held)
        act.write(
            RoundDays(
                round=held,
                cut_off_on=command.cut_off_on,
                due_on=command.due_on,
                reason=command.reason,
                signed_by=command.signed_by,
                by=actor.text,
                at=act.at,
            )
        )
    return held


def _days_faults(the_round: Round, command: ChangeDays) -> list[Fault]:
    period = the_round.period
    old = the_round.due_on
    faults = []
    if not 0 < len(command.reason) <= LONGEST_REASON:
        faults.append(Fault("no-reason", "没有写理由", "请写明为什么改，如推迟到节后"))
    if not period.first_on <= command.cut_off_on <= period.last_on:
        faults.append(
            Fault(
                "cut-off-outside",
                f"数据截止日不在{period.label}之内",
                f"请写{period.first_on}到{period.last_on}之间的一天",
            )
        )
    if command.due_on < command.cut_off_on:
        faults.append(Fault("due-too-early", "报送截止早于数据截止", "请核对两个日期"))
    elif command.due_on > command.cut_off_on + timedelta(days=120):
        faults.append(Fault("due-too-late", "报送截止晚于数据截止120天以上", "请核对日期"))
    elif command.due_on != old and not command.signed_by:
        faults += _short(old, command.due_on)
    if (command.cut_off_on, command.due_on) == (the_round.cut_off_on, old):
        faults.append(Fault("no-change", "两个日期都没有变", "请写新的日期"))
    return faults


def _short(old: date, due_on: date) -> list[Fault]:
    today, calendar = clock.today(), organisation.work_calendar()
    if due_on > old:
        # More time than before is never too little, but it must not end on a day of rest.
        rest = Fault("rest-day", "报送截止不是工作日", "请写一个工作日，紧急的写明签批人")
        return [] if is_workday(due_on, calendar) else [rest]
    fault = deadline_fault(due_on, today=today, due_on=old, calendar=calendar)
    return [Fault(fault.code, fault.what, f"{fault.remedy}，紧急的写明签批人")] if fault else []


@dataclass(frozen=True, slots=True)
class Missing:
    """One unit with what it owes: how many projects, and the reminder's words."""

    organisation_id: int
    projects: int
    text: str


@dataclass(slots=True)
class Reminded:
    """What became of reminders: units told by a channel, units whose text is to be copied, units
    that were reminded today already."""

    sent: list[Reminder] = field(default_factory=list)
    to_copy: list[Reminder] = field(default_factory=list)
    skipped: int = 0


def remind(
    actor: Actor, the_round: Round, missing: Sequence[Missing], deadline_on: date
) -> Reminded:
    """Queue a reminder to each unit that has a channel, and keep the text for the others.

    A unit is reminded once a day of a round at most. Raises BadInput for a deadline that leaves
    less than two working days, RoundClosed after closing.
    """
    access.require(actor, Right.IMPORT_REPORTS)
    today = clock.today()
    fault = deadline_fault(
        deadline_on,
        today=today,
        due_on=the_round.due_on,
        calendar=organisation.work_calendar(),
    )
    if fault:
        raise BadInput(fault)
    if not missing:
        raise BadInput(Fault("nothing-missing", "没有未报的单位", "不用催报"))
    with journal.act(actor, "units.reminded") as act:
        require_open(lock_rounds([the_round.pk]))
        told = set(
            Reminder.objects.filter(round=the_round, at__gte=clock.start_of(today)).values_list(
                "organisation_id", flat=True
            )
        )
        left = [one for one in missing if one.organisation_id not in told]
        subject = f"{the_round.period.label}报送提醒"
        queued = queue_messages(act, [Notice(m.organisation_id, subject, m.text) for m in left])
        ways: dict[int, list[str]] = {}
        for row in queued.to_send:
            ways.setdefault(row.organisation_id, []).append(str(row.channel))
        rows = [
            Reminder(
                round=the_round,
                organisation_id=one.organisation_id,
                deadline_on=deadline_on,
                projects=one.projects,
                ways="、".join(ways.get(one.organisation_id, ()))[:200],
                text=one.text,
                by=actor.text,
                at=act.at,
            )
            for one in left
        ]
        act.add_all(rows)
    return Reminded(
        [one for one in rows if one.ways],
        [one for one in rows if not one.ways],
        len(missing) - len(left),
    )
