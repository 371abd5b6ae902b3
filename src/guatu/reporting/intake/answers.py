"""What somebody has answered already: reading and judging ask here before they ask a person.

Subjects are plain texts, so that an answer holds for the same words in next month's file. What a
cell's date means, which project is meant and what is not ours hold for the list's later rounds;
everything about a figure holds for its own round only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from guatu.core.names import match_form
from guatu.core.periods import PeriodKey
from guatu.engines.sheets import Flag
from guatu.files.models import Import
from guatu.files.senders import stem_of
from guatu.ledger.models import ProjectList
from guatu.reporting.intake.judge import Question, Settled
from guatu.reporting.intake.rows import ANSWERS, DATES, ActualDate, Amount, ReportRow
from guatu.reporting.models import IntakeAnswer
from guatu.reporting.types import AnswerKind

NOT_TAKEN = "-"
"""The value of a cell that is left aside."""
TAKEN = "+"
FOR_GOOD = "*"
"""The value of a row that is not ours: it is not asked about again next month."""
SEPARATOR = "\x1f"
LONGEST_SUBJECT = 1000


def subject(*parts: object) -> str:
    """The parts of a subject as one text."""
    return SEPARATOR.join(str(part) for part in parts)[:LONGEST_SUBJECT]


def row_subject(sender: str, row_name: str, code: str, region: str) -> str:
    """A row of a sender by the words that name its project."""
    return subject(sender, match_form(row_name), match_form(code), match_form(region))


def cell_subject(project_id: int | None, row_name: str, field_name: str, raw: str) -> str:
    """A cell of a project by its field and its words."""
    return subject(project_id or match_form(row_name), field_name, raw)


def date_value(on: date, precision: str) -> str:
    """An answered date as it is kept."""
    return f"{on.isoformat()}/{precision}"


@dataclass(slots=True)
class Answers:
    """The answers that hold for one round."""

    remembered: dict[tuple[str, str], str] = field(default_factory=dict)
    here: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, listing: ProjectList, period: PeriodKey) -> Answers:
        """Those given in any round of the list, and those given in this one; not what was taken
        back."""
        found = cls()
        rows = IntakeAnswer.objects.filter(round__list=listing, withdrawal__isnull=True)
        for kind, about, value, key in rows.order_by("pk").values_list(
            "kind", "subject", "value", "round__period__key"
        ):
            found.remembered[kind, about] = value
            if key == period.key:
                found.here[kind, about] = value
        return found

    def project_of(self, row: ReportRow) -> int | None:
        """The project that somebody said a sender's row means."""
        for about in row.subjects:
            if told := self.remembered.get((AnswerKind.PROJECT, about)):
                return int(told)
        return None

    def leaves_out(self, row: ReportRow) -> bool:
        """Whether somebody said that this row is not taken: for good, or in this round."""
        keys = [(AnswerKind.DISMISS, about) for about in row.subjects]
        return any(
            self.remembered.get(key) == FOR_GOOD or self.here.get(key) == NOT_TAKEN for key in keys
        )

    def file_sender(self, digest: str, stem: str) -> int:
        """The organisation that somebody said a file is from, by its content or the stem of its
        name; 0 where nobody did."""
        for about in (digest, stem):
            if told := self.remembered.get((AnswerKind.FILE, about)):
                return int(told)
        return 0

    def sender_of_import(self, imported: Import) -> int:
        """The organisation that somebody said an earlier file is from; 0 where nobody did."""
        return self.file_sender(imported.blob.sm3, stem_of(imported.name))

    def table(self, digest: str, sheet: str, code: str) -> str | None:
        """Whether a table that waits as a whole is taken or left out."""
        return self.here.get((AnswerKind.TABLE, subject(digest, sheet, code)))

    def row_of(self, project_id: int) -> str | None:
        """Which of several rows of a project holds: content, sheet and row."""
        return self.here.get((AnswerKind.ROW, str(project_id)))

    def sender_of(self, project_id: int) -> str | None:
        """Whose figure holds where two senders differ."""
        return self.here.get((AnswerKind.SENDER, str(project_id)))

    def settled_for(self, project_id: int) -> Settled:
        """Which questions to a project's figures somebody has accepted as they are."""

        def settled(question: Question) -> bool:
            about = subject(project_id, question.code, question.text)
            return (AnswerKind.ACCEPT, about) in self.here

        return settled

    def fill(self, row: ReportRow, project_id: int | None, *, is_told: bool) -> None:
        """Put answered cells in place of what stood there; their doubts are gone.

        `is_told`: somebody said which project it is, so name and code are not asked about.
        """
        if not self.remembered:
            return
        for cell, text in list(row.cells.items()):
            told = self._cell(row, project_id, text.field, text.raw)
            if told is None:
                continue
            row.flags = [(at, flag) for at, flag in row.flags if at != cell]
            _put(row, text.field, text.raw, cell, told)
        self._fill_empty(row, project_id)
        if is_told:
            row.flags = list(_without_names(row))

    def _fill_empty(self, row: ReportRow, project_id: int | None) -> None:
        """Put the year's figure where its cell holds none (nothing, or a dash) and somebody told
        it."""
        name = ANSWERS[0]
        if name in row.amounts:
            return
        told = self._cell(row, project_id, name, "")
        if told is not None:
            _put(row, name, "", row.empty_cell, told)

    def _cell(
        self, row: ReportRow, project_id: int | None, field_name: str, raw: str
    ) -> str | None:
        held = self.remembered if field_name in DATES else self.here
        for about in {
            cell_subject(project_id, row.name, field_name, raw),
            cell_subject(None, row.name, field_name, raw),
        }:
            told = held.get((AnswerKind.CELL, about))
            if told is not None:
                return told
        return None


def _without_names(row: ReportRow) -> Iterable[tuple[str, Flag]]:
    for cell, flag in row.flags:
        text = row.cells.get(cell)
        if text is None or text.field not in ("项目名称", "项目代码"):
            yield cell, flag


def _put(row: ReportRow, field_name: str, raw: str, cell: str, told: str) -> None:
    if field_name in ANSWERS:
        row.amounts.pop(field_name, None)
        if told != NOT_TAKEN:
            row.amounts[field_name] = Amount(int(told), raw, cell)
    elif field_name in DATES:
        row.dates.pop(DATES[field_name], None)
        if told != NOT_TAKEN:
            on, precision = told.split("/")
            row.dates[DATES[field_name]] = ActualDate(date.fromisoformat(on), precision, raw, cell)
    elif field_name == "项目代码":
        row.code = None
