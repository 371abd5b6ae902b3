"""What stands behind a printed rate: its two numbers, what they count, how it was subtracted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from guatu.assessment.conventions import Conventions
from guatu.assessment.presenters import EXACT, gap_note
from guatu.wall.standing.runs import Found

_STARTS = {
    "planned": (("started", "已开工"), ("planned", "计划本年开工")),
    "due": (("started", "已开工"), ("due", "应开工")),
    "all": (("with-start", "已开工（含续建）"), ("", "全部项目")),
    "underway": (("under-way", "在建和已完工"), ("", "全部项目")),
    "resumed": (("resumed", "已开工新建和已复工续建"), ("", "全部项目")),
}
"""Numerator and denominator of the start rate by the city's choice: which rows, and their word."""
_TOLD = {"planned": ("started", "planned_starts"), "due": ("started", "due_starts")}
"""Where the figures of a run hold the two; runs of former days hold no others."""
_OTHERS = ("start_rate_numerator", "start_rate_denominator")


@dataclass(frozen=True, slots=True)
class Pair:
    """The two numbers of a rate of projects, and the rows that each of them counts."""

    of: int
    among: int
    of_rows: str
    among_rows: str
    of_word: str
    among_word: str

    @property
    def words(self) -> str:
        """`已开工÷计划本年开工`."""
        return f"{self.of_word}÷{self.among_word}"


def start_words(conventions: Conventions) -> tuple[str, str]:
    """What the numerator and the denominator of the start rate count."""
    (_, of), (_, among) = _STARTS[conventions.start_rate]
    return of, among


def start_pair(told: dict[str, Any], conventions: Conventions) -> Pair | None:
    """The numbers of a printed start rate; None where there is none, or where a run of former
    days kept only the rate."""
    (of_rows, of_word), (among_rows, among_word) = _STARTS[conventions.start_rate]
    of, among = (told.get(name) for name in _TOLD.get(conventions.start_rate, _OTHERS))
    if told["start_rate"] is None or of is None or not among:
        return None
    return Pair(of, among, of_rows, among_rows, of_word, among_word)


def gaps_note(conventions: Conventions) -> str:
    """The same for a table of gaps: one sentence for all of them."""
    if conventions.gap == "rounded":
        return ""
    return f"差额（百分点）{EXACT}，可能与印出的两数相减差一个末位"


def behind(found: Found) -> dict[str, Any]:
    """What stands behind the head figures of a page: where their rows are, the two numbers of the
    start rate, and why a gap may look wrong."""
    return {
        "behind": reverse("results-rows", args=[found.standing.round.pk]),
        "starts": start_pair(found.figures, found.standing.conventions),
        "gap_note": gap_note(found.figures),
    }
