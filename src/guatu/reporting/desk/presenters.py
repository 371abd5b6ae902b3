"""The context of the intake desk's page, its fragments and its export."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.http import QueryDict

from guatu.core import clock
from guatu.core.periods import PeriodKey, days_progress, months_progress
from guatu.core.ratio import Ratio, percent_text
from guatu.ledger.request import Viewer
from guatu.organisation import queries as organisation
from guatu.reporting import queries as reporting
from guatu.reporting.desk import queries
from guatu.reporting.desk.asked import Ground
from guatu.reporting.desk.queries import Awaited, Expected, Unit
from guatu.reporting.desk.questions import grouped, listed, shown
from guatu.reporting.due.rules import earliest_deadline, is_late, workdays_late
from guatu.reporting.models import (
    DeliveredFile,
    Delivery,
    DeliveryLease,
    IntakeQuestion,
    Round,
)
from guatu.reporting.queries import OpenQuestion, standing_of
from guatu.reporting.services.deliveries import LEFT_AFTER, is_resting
from guatu.reporting.types import DeliveryState, FileState, RoundState
from guatu.ui.tables import Column

REPORT_WORDS = {"week": "周报", "ten-day": "旬报", "quarter": "季报", "day": "日报"}


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file with what is still asked about it (待答复) and about rows that are in (待核实)."""

    file: DeliveredFile
    to_answer: int
    to_verify: int
    entered: int = 0
    """Rows that entered since by answers."""

    @property
    def is_sender_asked(self) -> bool:
        """Whether somebody has to say who sent it."""
        return self.file.state in (FileState.TAKEN, FileState.WAITING) and not self.file.sender


@dataclass(slots=True)
class Drop:
    """One drop of files and how far it is."""

    delivery: Delivery
    rows: list[FileRow]
    lease: DeliveryLease | None

    @property
    def is_open(self) -> bool:
        """Whether its files have not been taken in yet."""
        return self.delivery.state == DeliveryState.RECEIVED

    @property
    def is_resting(self) -> bool:
        """Whether it is not done and nobody is at work on it."""
        return self.is_open and is_resting(self.lease)

    @property
    def was_cut_off(self) -> bool:
        """Whether somebody was at work and is no more, or waited for an earlier drop: the page
        goes on with it by itself as soon as no other is being read."""
        return self.is_resting and self.lease is not None

    @property
    def is_left(self) -> bool:
        """Whether it has been lying for a while, as after a browser that was closed."""
        return self.is_resting and clock.now() - self.delivery.at > LEFT_AFTER

    @property
    def read(self) -> int:
        """How many files were begun, of those that can be read."""
        return self.lease.files_read if self.lease and not self.is_resting else 0

    @property
    def readable(self) -> int:
        """How many files there are to read."""
        return max(1, sum(row.file.state != FileState.REFUSED for row in self.rows))

    @property
    def totals(self) -> dict[str, int]:
        """Rows of the whole drop as they came in, and what is asked about them now."""
        names = ("new", "changed", "same")
        return {
            **{name: sum(getattr(row.file, name) for row in self.rows) for name in names},
            "entered": sum(row.entered for row in self.rows),
            "to_answer": sum(row.to_answer for row in self.rows),
            "to_verify": sum(row.to_verify for row in self.rows),
        }


def drops_of(the_round: Round, asked: Sequence[OpenQuestion]) -> list[Drop]:
    """The drops of a round, newest first. Of a content that came twice the newest file shows
    what is asked about it."""
    found = []
    left = {(one.blob_id, one.is_waiting): 0 for one in asked}
    for one in asked:
        left[one.blob_id, one.is_waiting] += 1
    delivered = queries.delivered(the_round)
    entered = {one.blob_id: one.__dict__["entered"] or 0 for one in delivered}
    for _, group in groupby(delivered, key=lambda file: file.delivery_id):
        rows = [
            FileRow(
                file,
                left.pop((file.blob_id or 0, True), 0),
                left.pop((file.blob_id or 0, False), 0),
                entered.pop(file.blob_id, 0),
            )
            for file in group
        ]
        delivery = rows[0].file.delivery
        found.append(Drop(delivery, rows, getattr(delivery, "lease", None)))
    return found


def files(
    the_round: Round,
    asked: Sequence[OpenQuestion] | None = None,
    units: Mapping[int, str] | None = None,
) -> dict[str, Any]:
    """The drops of a round, and whether the page should ask again how far they are."""
    drops = drops_of(the_round, reporting.open_questions([the_round]) if asked is None else asked)
    is_working = any(drop.is_open and not drop.is_resting for drop in drops)
    is_asked = any(row.is_sender_asked for drop in drops for row in drop.rows)
    return {
        "round": the_round,
        "drops": drops,
        "is_working": is_working,
        "is_open": the_round.state == RoundState.OPEN,
        "senders": senders(units) if is_asked else [],
    }


def senders(units: Mapping[int, str] | None = None) -> list[tuple[int, str]]:
    """Every unit that may have sent a file: all but the root, which was made first."""
    names = units if units is not None else organisation.organisation_names().official
    return sorted(names.items())[1:]


def page(viewer: Viewer, the_round: Round, query: QueryDict) -> dict[str, Any]:
    """The context of the desk."""
    every, ground, context = _standing(viewer, the_round)
    return {**context, **listed(every, ground, query)}


def _standing(
    viewer: Viewer, the_round: Round
) -> tuple[list[IntakeQuestion], Ground, dict[str, Any]]:
    """The open questions, what is known around them, and how everything else stands."""
    every = list(queries.open_questions(the_round))
    open_now = reporting.open_now(the_round, every)
    units = organisation.organisation_names().official
    expected = queries.expected(viewer, the_round, open_now, units)
    came = files(the_round, open_now, units)
    context = {
        **head(the_round),
        "expected": expected,
        "standing": standing_of(expected.ids, expected.reported, open_now),
        "figures_asked": getattr(the_round, "figures_asked", None) or 0,
        **came,
        **_missing(the_round, expected),
    }
    return every, _ground(expected, units, came["drops"]), context


def _missing(the_round: Round, expected: Expected) -> dict[str, Any]:
    notes = queries.notes_of(the_round)
    for unit in expected.units:
        unit.notes = notes.get(unit.organisation_id or 0, [])
    missing = [unit for unit in expected.units if unit.missing]
    return {
        "missing": missing,
        "complete": [unit for unit in expected.units if not unit.missing],
        "reminder_all": reminder(the_round, missing),
        "reminders": [(unit, reminder(the_round, [unit])) for unit in missing],
        "deadline": default_deadline(the_round) if missing else None,
        **late_and_returned(the_round, expected),
    }


def late_and_returned(the_round: Round, expected: Expected) -> dict[str, Any]:
    """What came after the due day (迟报), and what the reviewer gave back (退回), with units."""
    due_on = the_round.due_on
    every = [(unit, one) for unit in expected.units for one in unit.projects]
    late = [(unit, one) for unit, one in every if is_late(due_on, one.came_on)]
    calendar = organisation.work_calendar() if late else None
    return {
        "late": [
            (unit, one, workdays_late(due_on, one.came_on, calendar))
            for unit, one in late
            if one.came_on and calendar
        ],
        "returned": [(unit, one) for unit, one in every if one.is_returned],
    }


def default_deadline(the_round: Round) -> date:
    """Until when a reminder asks unless somebody says otherwise: the due day, once it is over
    the next day that leaves two working days."""
    due_on, today = the_round.due_on, clock.today()
    return due_on if due_on >= today else earliest_deadline(today, organisation.work_calendar())


def _ground(expected: Expected, units: Mapping[int, str], drops: Sequence[Drop]) -> Ground:
    leads = {
        one.project_id: unit.organisation_id
        for unit in expected.units
        for one in unit.projects
        if unit.organisation_id is not None
    }
    # Newest first: of a content that came twice the newest row holds.
    files = [row.file for drop in reversed(drops) for row in drop.rows]
    senders = {one.blob_id: one.sender for one in files if one.blob_id and one.sender}
    return Ground(expected.names, leads, units, senders)


def after_answer(viewer: Viewer, the_round: Round, touched: Iterable[int]) -> dict[str, Any]:
    """What changes on the desk when questions (`touched`) were answered, raised, opened again or
    settled: the sums, the rows of their files, the questions that are open now or no more."""
    ids = set(touched)
    every, ground, context = _standing(viewer, the_round)
    about = queries.questions_of(ids)
    blobs = {one.imported.blob_id for one in about}
    changed = [
        drop for drop in context["drops"] if any(row.file.blob_id in blobs for row in drop.rows)
    ]
    is_open = {one.pk for one in every}
    groups = [group for group in grouped(every) if any(one.pk in ids for one in group)]
    return {
        **context,
        "changed": [
            (drop, row, at)
            for drop in changed
            for at, row in enumerate(drop.rows)
            if row.file.blob_id in blobs
        ],
        "changed_drops": changed,
        "fresh": shown(groups, ground),
        # Of questions that stood together the first one names their place on the page.
        "settled": [one.pk for one, *_ in grouped(about) if one.pk not in is_open],
    }


def head(the_round: Round) -> dict[str, Any]:
    """Period, days and the countdown, as every page of the round shows them."""
    period = the_round.period.parsed
    due_on = the_round.due_on
    left = (due_on - clock.today()).days
    return {
        "round": the_round,
        "period": period,
        "is_open": the_round.state == RoundState.OPEN,
        "due_on": due_on,
        "days_left": left,
        "days_over": -left,
        "progress": time_progress(period),
    }


def time_progress(period: PeriodKey) -> str:
    """Time progress by the city's setting, in percent with one digit; empty where it hangs on
    each project's own plan."""
    setting = organisation.settings_in_force()["time-progress"]
    if setting == "plan":
        return ""
    if setting.startswith("decreed:"):
        return setting.removeprefix("decreed:")
    ratio: Ratio = days_progress(period) if setting == "days" else months_progress(period)
    return percent_text(*ratio, 1)


def reminder(the_round: Round, units: Sequence[Unit], deadline: date | None = None) -> str:
    """The text for the group chat: unit, period, projects, and until when: the due day as long
    as it is not over, else a `deadline` where one is set."""
    due = the_round.due_on
    is_over = due < clock.today()
    until = deadline or due
    asked = f"请于{until.month}月{until.day}日前报送" if until >= clock.today() else "请尽快报送"
    over = f"，报送截止{due.month}月{due.day}日已过" if is_over else ""
    kind = REPORT_WORDS.get(the_round.period.grain, "月报")
    head_line = (
        f"【催报】{the_round}{kind}，数据截至{the_round.cut_off_on.month}月"
        f"{the_round.cut_off_on.day}日{over}，{asked}。以下尚未收到："
    )
    lines = [head_line]
    for unit in units:
        names = "、".join(one.name for one in unit.missing)
        lines.append(f"{unit.name}（{len(unit.missing)}个）：{names}")
    lines.append("已报送的请忽略；无变化的也请回复“本期无变化”。")
    return "\n".join(lines)


MISSING_COLUMNS: list[Column[tuple[Unit, Awaited, str]]] = [
    Column("unit", "责任单位", lambda row: row[0].name),
    Column("serial", "序号", lambda row: row[1].serial_no, "num"),
    Column("project", "项目", lambda row: row[1].name),
    Column("what", "情况", lambda row: row[2]),
    Column("came", "报来日期", lambda row: row[1].came_on, "date"),
    Column("contacts", "联系人", lambda row: "、".join(row[0].contacts)),
    Column("note", "最近催报", lambda row: row[0].notes[0].text if row[0].notes else ""),
]


def missing_rows(viewer: Viewer, the_round: Round) -> list[tuple[Unit, Awaited, str]]:
    """One row for each project that is missing, late or returned, for the export."""
    expected = awaited(viewer, the_round)
    due_on = the_round.due_on
    rows = []
    for unit in expected.units:
        for one in unit.projects:
            words = [
                "未报" if one.is_missing else "",
                "迟报" if is_late(due_on, one.came_on) else "",
                f"退回：{one.returned_for}" if one.is_returned else "",
            ]
            if told := "，".join(filter(None, words)):
                rows.append((unit, one, told))
    return rows


def awaited(viewer: Viewer, the_round: Round) -> Expected:
    """What the round expects, with the notes of calls, outside the desk's own page."""
    units = organisation.organisation_names().official
    expected = queries.expected(viewer, the_round, reporting.open_questions([the_round]), units)
    notes = queries.notes_of(the_round)
    for unit in expected.units:
        unit.notes = notes.get(unit.organisation_id or 0, [])
    return expected
