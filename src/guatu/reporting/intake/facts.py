"""What a question is about, kept beside it so that it can be answered without the workbook."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from guatu.core.yuan import wan_words
from guatu.reporting.intake.judge import Question
from guatu.reporting.intake.rows import ActualDate, Amount, ReportRow, keeps_out

LONGEST_RAW = 1000


@dataclass(frozen=True, slots=True)
class Facts:
    """The row and the cell that a question is about. Texts as they stood; `near` are ids of
    projects with a like name; `rows` what differs: value and words of each choice."""

    what: str = ""
    name: str = ""
    code: str = ""
    region: str = ""
    subject: str = ""
    field: str = ""
    raw: str = ""
    label: str = ""
    old: str = ""
    new: str = ""
    near: tuple[int, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    digest: str = ""
    is_whole: bool = False
    texts: tuple[tuple[str, str], ...] = ()
    """What the whole row says besides money and dates: head and words."""
    read: str = ""
    """What the cell was read as all the same, as an answer would be kept; empty for nothing."""
    likely: str = ""
    """The value of the answer that the context speaks for, and `why`; empty where nothing does."""
    why: str = ""

    def to_json(self) -> str:
        """As it is kept with the question."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Facts:
        """What `to_json` wrote; nothing is known of a question from before there were facts."""
        if not text:
            return cls()
        held = json.loads(text)
        held["near"] = tuple(held.get("near", ()))
        held["choices"] = tuple((value, words) for value, words in held.get("choices", ()))
        held["texts"] = tuple((head, words) for head, words in held.get("texts", ()))
        return cls(**held)


def facts_of(question: Question, row: ReportRow) -> Facts:
    """What is kept of a row's question."""
    cell = row.cells.get(question.cell)
    amount = row.investment
    reported = wan_words(amount.yuan) if amount and amount.yuan is not None else ""
    return Facts(
        what=question.what,
        name=row.name,
        code=row.code or "",
        region=row.region,
        subject=row.subject,
        field=question.fills or (cell.field if cell else ""),
        raw=cell.raw[:LONGEST_RAW] if cell and not question.fills else "",
        label=cell.label if cell else "",
        old=question.old,
        new=question.new or (cell.raw[:100] if cell else "") or reported,
        near=question.near,
        choices=question.choices,
        digest=question.digest,
        is_whole=question.is_whole,
        texts=row.words if question.is_waiting and not question.is_whole else (),
        read=_read(row, question),
        likely=question.likely,
        why=question.why,
    )


def _read(row: ReportRow, question: Question) -> str:
    """A doubtful cell's value, to be taken as it was understood."""
    for amount in row.amounts.values():
        if amount.cell == question.cell and amount.yuan is not None and _is_in(question, amount):
            return str(amount.yuan)
    for given in row.dates.values():
        if given.cell == question.cell and _is_in(question, given):
            return f"{given.on.isoformat()}/{given.precision}"
    return ""


def _is_in(question: Question, value: Amount | ActualDate) -> bool:
    return any(flag.code == question.code and keeps_out(flag) for flag in value.flags)
