"""One question as the desk shows it: where it comes from, what it takes, what speaks for what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from guatu.core.names import match_form
from guatu.core.yuan import wan_words
from guatu.reporting.intake.asking import (
    EMPTY,
    Choice,
    choices_of,
    kinds_of,
    title_of,
    words_of,
)
from guatu.reporting.intake.facts import Facts
from guatu.reporting.models import IntakeQuestion
from guatu.reporting.types import AnswerKind

NAMES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Ground:
    """What is known around the questions: names of the projects seen, lead units of projects,
    names of units, and who sent each file, by its content."""

    names: Mapping[int, str] = field(default_factory=dict)
    leads: Mapping[int, int] = field(default_factory=dict)
    units: Mapping[int, str] = field(default_factory=dict)
    senders: Mapping[int, str] = field(default_factory=dict)

    def sender_of(self, question: IntakeQuestion) -> int | None:
        """The unit that sent the question's file, where anybody knows."""
        source = question.imported
        told = match_form(self.senders.get(source.blob_id, "") or source.sender)
        return next((pk for pk, name in self.units.items() if match_form(name) == told), None)

    def lead_form(self, project_id: int | None) -> str:
        """A project's lead unit as files' senders are compared; empty where nobody leads it."""
        lead = self.leads.get(project_id or 0)
        return match_form(self.units.get(lead, "")) if lead else ""


@dataclass(frozen=True, slots=True)
class Offer:
    """An answer that one press gives: what the form posts, and its words."""

    value: str
    words: str


@dataclass(slots=True)
class Asked:
    """One question with the answers it takes; `others` are settled by the same answer.

    `likely` is the offer that something speaks for (`why`), empty where nothing does.
    """

    question: IntakeQuestion
    facts: Facts
    title: str
    kinds: frozenset[AnswerKind]
    choices: list[Choice]
    near: list[Offer] = field(default_factory=list)
    others: list[IntakeQuestion] = field(default_factory=list)
    before: tuple[date, int] | None = None
    """The year's last figure before this period, with its day."""
    likely: str = ""
    why: str = ""

    @property
    def about(self) -> str:
        """The project in question as the ledger or the table calls it; of a column the file's
        projects."""
        if self.others:
            names = [name_of(one) for one in (self.question, *self.others)]
            more = f"等{len(names)}行" if len(names) > NAMES_SHOWN else f"，共{len(names)}行"
            return "、".join(names[:NAMES_SHOWN]) + more
        return "" if self.facts.is_whole else name_of(self.question, self.facts)

    @property
    def words(self) -> str:
        """What is asked and what to do."""
        return words_of(self.question.code, self.facts, self.question.question)

    @property
    def quotes(self) -> list[tuple[str, str]]:
        """What the row itself says, where it gives no figure."""
        return list(self.facts.texts) if self.question.code in EMPTY else []

    @property
    def values(self) -> list[tuple[str, str]]:
        """What is known and what the table says, where the words do not say it."""
        pairs = [
            ("对照" if self.facts.is_whole else "原有", self.facts.old),
            ("表中", self.facts.new if not self.facts.raw else ""),
        ]
        if self.before is not None:
            day, yuan = self.before
            pairs.append((f"{day.month}月底累计", wan_words(yuan)))
        return [(head, text) for head, text in pairs if text and text not in self.words]

    @property
    def offers(self) -> list[Offer]:
        """Every answer that one press gives."""
        choices = [Offer(f"choice:{at}", one.words) for at, one in enumerate(self.choices)]
        return [*self.near, *choices]

    @property
    def main(self) -> str:
        """What is asked for in sight: `offer`, else `region`, `search`, `figure`, `day`, `accept`;
        or nothing where only the unit can say."""
        if self.offers:
            return "offer"
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
        """Whether there are answers besides those in sight and leaving the row out."""
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
        """Sheet, row and cell in the file; of a column its rows."""
        return place_of(self.question, self.facts, self.others)


def place_of(question: IntakeQuestion, facts: Facts, others: Sequence[IntakeQuestion] = ()) -> str:
    """Where in its file a question stands: sheet, row and cell; of a column its rows."""
    if facts.is_whole:
        return f"{question.sheet} 整张表".strip()
    if others:
        rows = sorted({one.row_no for one in (question, *others)})
        more = "等行" if len(rows) > NAMES_SHOWN else "行"
        column = question.cell.rstrip("0123456789")
        numbers = "、".join(map(str, rows[:NAMES_SHOWN]))
        where = f"第{numbers}{more}{f' {column}列' if column else ''}"
    else:
        where = f"第{question.row_no}行{f' {question.cell}' if question.cell else ''}"
        where += f"（{facts.field}）" if facts.field else ""
    return f"{question.sheet} {where}".strip()


def name_of(question: IntakeQuestion, facts: Facts | None = None) -> str:
    """The project of a question as the ledger calls it, else as the table does."""
    if question.project is not None:
        return str(question.project)
    return (facts or Facts.from_json(question.facts)).name


def asked(question: IntakeQuestion, ground: Ground, others: Sequence[IntakeQuestion] = ()) -> Asked:
    """A question with its choices, the sender's own projects first."""
    facts = Facts.from_json(question.facts)
    kinds = kinds_of(question.code, facts, is_waiting=question.is_waiting)
    sender = ground.sender_of(question) if facts.near else None
    near = [pk for pk in facts.near if pk in ground.names]
    own = [pk for pk in near if sender is not None and ground.leads.get(pk) == sender]
    one = Asked(
        question,
        facts,
        title_of(question.code, facts),
        kinds,
        choices_of(question.code, facts, kinds),
        [_near(pk, ground) for pk in [*own, *(pk for pk in near if pk not in own)]],
        list(others),
    )
    if len(own) == 1:
        one.likely, one.why = f"project:{own[0]}", "发送单位自己的项目"
    elif not near:
        one.likely, one.why = _likely_choice(one, ground)
    return one


def _near(project_id: int, ground: Ground) -> Offer:
    unit = ground.units.get(ground.leads.get(project_id, 0), "")
    whose = f"（{unit}）" if unit else ""
    return Offer(f"project:{project_id}", f"是{ground.names[project_id]}{whose}")


def _likely_choice(one: Asked, ground: Ground) -> tuple[str, str]:
    """The choice that something speaks for: the context of the cell, the unit that leads the
    project, a name that tells the project where its code is ruined."""
    every = [Facts.from_json(other.facts) for other in one.others] + [one.facts]
    spoken = {facts.likely for facts in every if facts.likely}
    lead = ground.lead_form(one.question.project_id)
    for at, choice in enumerate(one.choices):
        value = f"choice:{at}"
        if choice.kind == AnswerKind.SENDER and lead and choice.value == lead:
            return value, "项目的责任单位"
        if choice.kind in (AnswerKind.CELL, AnswerKind.UNIT) and spoken == {choice.value}:
            own = next(facts for facts in (one.facts, *every) if facts.likely)
            # The offer shows the amount of the first row: the evidence of another names its own.
            whose = f"“{own.name}”一行" if own is not one.facts else ""
            return value, f"{whose}{own.why}"
        if choice.kind == AnswerKind.TABLE and one.facts.likely == choice.value:
            return value, one.facts.why
        if one.facts.field == "项目代码" and one.question.project_id:
            return value, "名称认得出"
    return "", ""
