"""What the intake asked, as the desk shows it: each thing once, with the answers it takes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict

from guatu.core.yuan import wan_words
from guatu.reporting.desk.queries import figures_before
from guatu.reporting.intake.asking import Choice, choices_of, kinds_of, title_of, words_of
from guatu.reporting.intake.facts import Facts
from guatu.reporting.models import IntakeQuestion, Round
from guatu.reporting.queries import question_key
from guatu.reporting.types import AnswerKind
from guatu.ui.tables import Page

A_PAGE = 40
NAMES_SHOWN = 3
_USUAL_SHEET = re.compile(r"(?:sheet|工作表)\d*", re.IGNORECASE)


@dataclass(slots=True)
class Asked:
    """One question with the answers it takes; `others` are settled by the same answer."""

    question: IntakeQuestion
    facts: Facts
    title: str
    kinds: frozenset[AnswerKind]
    choices: list[Choice]
    near: list[tuple[int, str]] = field(default_factory=list)
    others: list[IntakeQuestion] = field(default_factory=list)
    before: tuple[date, int] | None = None
    """The year's last figure before this period, with its day."""

    @property
    def about(self) -> str:
        """The project in question as the ledger or the table calls it; of a column the file's
        projects."""
        if self.others:
            names = [_name(one) for one in (self.question, *self.others)]
            more = f"等{len(names)}行" if len(names) > NAMES_SHOWN else f"，共{len(names)}行"
            return "、".join(names[:NAMES_SHOWN]) + more
        return "" if self.facts.is_whole else _name(self.question, self.facts)

    @property
    def words(self) -> str:
        """What is asked and what to do."""
        return words_of(self.question.code, self.facts, self.question.question)

    @property
    def values(self) -> list[tuple[str, str]]:
        """What is known and what the table says, where the words do not say it."""
        pairs = [("原有", self.facts.old), ("表中", self.facts.new if not self.facts.raw else "")]
        if self.before is not None:
            day, yuan = self.before
            pairs.append((f"{day.month}月底累计", wan_words(yuan)))
        return [(head, text) for head, text in pairs if text and text not in self.words]

    @property
    def main(self) -> str:
        """The likeliest answer, the one that stands out: `near`, `choice`, `region`, `search`,
        `figure`, `day`, `accept`, or nothing where only the unit can say."""
        if self.near:
            return "near"
        if self.choices:
            return "choice"
        order = (
            ("region", self.takes_region),
            ("search", self.takes_project),
            ("figure", self.takes_figure),
            ("day", self.takes_day),
            ("accept", self.takes_reason),
        )
        return next((name for name, fits in order if fits), "")

    @property
    def has_more(self) -> bool:
        """Whether there are answers besides the one that stands out and leaving the row out."""
        rest = [self.takes_region, self.takes_project, self.takes_figure, self.takes_day]
        rest.append(self.takes_reason)
        shown = self.main in ("region", "search", "figure", "day", "accept")
        return sum(rest) > shown

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
        """Sheet and cell, or the column; a sheet that nobody named is not told."""
        sheet = self.question.sheet
        sheet = "" if _USUAL_SHEET.fullmatch(sheet) else sheet
        where = self.question.cell or f"第{self.question.row_no}行"
        if self.facts.field and not self.others:
            where = f"{where}（{self.facts.field}）"
        if self.others:
            where = f"{where.rstrip('0123456789')}列"
        return f"{sheet} {'' if self.facts.is_whole else where}".strip()


def _name(question: IntakeQuestion, facts: Facts | None = None) -> str:
    if question.project is not None:
        return str(question.project)
    return (facts or Facts.from_json(question.facts)).name


def asked(
    question: IntakeQuestion, names: dict[int, str], others: Sequence[IntakeQuestion] = ()
) -> Asked:
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
        list(others),
    )


def grouped(questions: Sequence[IntakeQuestion]) -> list[list[IntakeQuestion]]:
    """Questions that one answer settles stand together."""
    groups: dict[tuple[int, str], list[IntakeQuestion]] = {}
    for one in questions:
        key = question_key(one.pk, one.imported_id, one.code, one.facts)
        groups.setdefault(key, []).append(one)
    return list(groups.values())


def listed(
    the_round: Round, every: Sequence[IntakeQuestion], names: dict[int, str], query: QueryDict
) -> dict[str, Any]:
    """The questions under the filters of the address, a page of them."""
    text = query.get("q", "").strip()[:100]
    file = query.get("file", "")[:255]
    found = [
        group
        for group in grouped(every)
        if (not file or group[0].imported.name == file)
        and (not text or any(_holds(one, text) for one in group))
    ]
    place = Page.of(query, len(found), A_PAGE)
    shown = found[place.start : place.start + place.size]
    questions = [asked(first, names, others) for first, *others in shown]
    alone = [one.question.project_id for one in questions if not one.others]
    before, _ = figures_before(the_round, [pk for pk in alone if pk])
    for one in questions:
        one.before = None if one.others else before.get(one.question.project_id or 0)
    return {
        "questions": questions,
        "question_files": sorted({one.imported.name for one in every}),
        "filter_text": text,
        "filter_file": file,
        "page": place,
    }


def _holds(one: IntakeQuestion, text: str) -> bool:
    name = str(one.project) if one.project is not None else ""
    return any(text in where for where in (one.question, one.imported.name, name))
