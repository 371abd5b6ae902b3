"""The context of the intake desk's page, its fragments and its export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.http import QueryDict

from guatu.core import clock
from guatu.core.periods import PeriodKey, days_progress, months_progress
from guatu.core.ratio import Ratio, percent_text
from guatu.organisation import queries as organisation
from guatu.reporting.access import Viewer
from guatu.reporting.desk import queries
from guatu.reporting.desk.queries import Expected, Unit
from guatu.reporting.intake.asking import Choice, choices_of, kinds_of, title_of
from guatu.reporting.intake.facts import Facts
from guatu.reporting.models import DeliveredFile, Delivery, DeliveryLease, IntakeQuestion, Round
from guatu.reporting.services.deliveries import is_resting
from guatu.reporting.types import AnswerKind, DeliveryState, FileState, RoundState
from guatu.ui.tables import Column, Page, without

QUESTIONS_A_PAGE = 40
LEFT_AFTER = timedelta(minutes=3)


@dataclass(slots=True)
class Drop:
    """One drop of files and how far it is."""

    delivery: Delivery
    files: list[DeliveredFile]
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
        """Whether somebody was at work and is no more: the page goes on with it by itself."""
        return self.is_resting and self.lease is not None and bool(self.lease.holder)

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
        return max(1, sum(file.state != FileState.REFUSED for file in self.files))

    @property
    def totals(self) -> dict[str, int]:
        """Rows of the whole drop."""
        names = ("new", "changed", "same", "waiting")
        return {name: sum(getattr(file, name) for file in self.files) for name in names}


def drops_of(the_round: Round) -> list[Drop]:
    """The drops of a round, newest first."""
    found = []
    for _, group in groupby(queries.delivered(the_round), key=lambda file: file.delivery_id):
        files = list(group)
        delivery = files[0].delivery
        found.append(Drop(delivery, files, getattr(delivery, "lease", None)))
    return found


def files(the_round: Round) -> dict[str, Any]:
    """The drops of a round, and whether the page should ask again how far they are."""
    drops = drops_of(the_round)
    is_working = any(drop.is_open and not drop.is_resting for drop in drops)
    return {"round": the_round, "drops": drops, "is_working": is_working}


@dataclass(slots=True)
class Asked:
    """One question as the page shows it, with the answers it takes."""

    question: IntakeQuestion
    facts: Facts
    title: str
    kinds: frozenset[AnswerKind]
    choices: list[Choice]
    near: list[tuple[int, str]] = field(default_factory=list)

    def takes(self, kind: AnswerKind) -> bool:
        """Whether an answer of this kind fits."""
        return kind in self.kinds

    @property
    def takes_project(self) -> bool:
        """Whether a project is to be chosen."""
        return AnswerKind.PROJECT in self.kinds

    @property
    def takes_region(self) -> bool:
        """Whether a region is to be chosen."""
        return AnswerKind.REGION in self.kinds

    @property
    def takes_reason(self) -> bool:
        """Whether it may stand as it is, with a reason."""
        return AnswerKind.ACCEPT in self.kinds

    @property
    def takes_figure(self) -> bool:
        """Whether the right figure can be typed for the cell."""
        return AnswerKind.CELL in self.kinds and self.facts.field.endswith("投资")

    @property
    def takes_day(self) -> bool:
        """Whether the right day can be typed for the cell."""
        return AnswerKind.CELL in self.kinds and self.facts.field.endswith("时间")

    @property
    def may_be_dismissed(self) -> bool:
        """Whether the row can be left out."""
        return AnswerKind.DISMISS in self.kinds

    @property
    def place(self) -> str:
        """Sheet and cell."""
        where = self.question.cell or f"第{self.question.row_no}行"
        return f"{self.question.sheet} {where}".strip()


def asked(question: IntakeQuestion, names: dict[int, str]) -> Asked:
    """A question with its choices; `names` are the projects that the user sees."""
    facts = Facts.from_json(question.facts)
    kinds = kinds_of(question.code, facts, is_waiting=question.is_waiting)
    return Asked(
        question,
        facts,
        title_of(question.code, facts),
        kinds,
        choices_of(question.code, facts, kinds),
        [(pk, names[pk]) for pk in facts.near if pk in names],
    )


def page(viewer: Viewer, the_round: Round, query: QueryDict) -> dict[str, Any]:
    """The context of the desk."""
    every = list(queries.open_questions(the_round))
    expected = queries.expected(viewer, the_round, every)
    notes = queries.notes_of(the_round)
    for unit in expected.units:
        unit.notes = notes.get(unit.organisation_id or 0, [])
    missing = [unit for unit in expected.units if unit.missing]
    return {
        **head(the_round),
        "expected": expected,
        **files(the_round),
        "missing": missing,
        "reminder_all": reminder(the_round, missing),
        "reminders": [(unit, reminder(the_round, [unit])) for unit in missing],
        **questions(every, expected, query),
    }


def head(the_round: Round) -> dict[str, Any]:
    """Period, days and the countdown, as every page of the round shows them."""
    period = the_round.period.parsed
    due_on = the_round.due_at.astimezone(clock.CHINA).date()
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


def questions(
    every: Sequence[IntakeQuestion], expected: Expected, query: QueryDict
) -> dict[str, Any]:
    """The questions under the filters of the address, a page of them."""
    text = query.get("q", "").strip()[:100]
    file = query.get("file", "")[:255]
    found = [
        one
        for one in every
        if (not file or one.imported.name == file)
        and (not text or text in one.question or text in one.imported.name)
    ]
    number = query.get("page", "1")
    place = Page(
        int(number) if number.isdecimal() and int(number[:9]) > 0 else 1,
        len(found),
        QUESTIONS_A_PAGE,
        without(query, "page"),
    )
    shown = found[place.start : place.start + place.size]
    return {
        "questions": [asked(one, expected.names) for one in shown],
        "questions_count": len(every),
        "waiting_count": sum(one.is_waiting for one in every),
        "question_files": sorted({one.imported.name for one in every}),
        "filter_text": text,
        "filter_file": file,
        "page": place,
    }


def reminder(the_round: Round, units: Sequence[Unit]) -> str:
    """The text for the group chat: unit, period, due day, projects."""
    period = the_round.period.parsed
    due = the_round.due_at.astimezone(clock.CHINA)
    head_line = (
        f"【催报】{the_round.list}{period.key}月报，数据截至{the_round.cut_off_on.month}月"
        f"{the_round.cut_off_on.day}日，请于{due.month}月{due.day}日前报送。以下尚未收到："
    )
    lines = [head_line]
    for unit in units:
        names = "、".join(one.name for one in unit.missing)
        lines.append(f"{unit.name}（{len(unit.missing)}个）：{names}")
    lines.append("已报送的请忽略；无变化的也请回复“本期无变化”。")
    return "\n".join(lines)


MISSING_COLUMNS: list[Column[tuple[Unit, int, str]]] = [
    Column("unit", "责任单位", lambda row: row[0].name),
    Column("serial", "序号", lambda row: row[1], "num"),
    Column("project", "未报项目", lambda row: row[2]),
    Column("contacts", "联系人", lambda row: "、".join(row[0].contacts)),
    Column("note", "最近催报", lambda row: row[0].notes[0].text if row[0].notes else ""),
]


def missing_rows(viewer: Viewer, the_round: Round) -> list[tuple[Unit, int, str]]:
    """One row for each project that is missing, for the export."""
    every = list(queries.open_questions(the_round))
    expected = queries.expected(viewer, the_round, every)
    notes = queries.notes_of(the_round)
    for unit in expected.units:
        unit.notes = notes.get(unit.organisation_id or 0, [])
    return [(unit, one.serial_no, one.name) for unit in expected.units for one in unit.missing]
