"""Assessing a locked round on request: whose eyes, which book, which conventions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from guatu.assessment import queries
from guatu.assessment.books.queries import book_among, versions_like
from guatu.assessment.conventions import Conventions
from guatu.assessment.judging import GROUPINGS, Assessed
from guatu.assessment.judging import assess as judge
from guatu.assessment.models import Snapshot
from guatu.assessment.services.forecast import keep_forecasts
from guatu.assessment.services.runs import require_same_text, run
from guatu.assessment.types import Content
from guatu.engines.rulebook import Book
from guatu.journal.types import Actor
from guatu.ledger.access import visible_to
from guatu.organisation import access
from guatu.organisation import queries as organisation
from guatu.organisation.models import Switch
from guatu.organisation.services.policy import check_settings
from guatu.organisation.types import Right, SwitchName


@dataclass(frozen=True, slots=True)
class AssessRound:
    """A trial: grouping, another rule book, conventions over the city's (None: the city's)."""

    by: tuple[str, ...] = GROUPINGS
    rulebook: str | None = None
    overrides: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Terms:
    """The city's settings, and the switch `rankings` while it is on."""

    settings: Mapping[str, str]
    rankings: Switch | None

    @classmethod
    def in_force(cls) -> Terms:
        """Those of now; two queries."""
        return cls(organisation.settings_in_force(), organisation.switch_state(SwitchName.RANKINGS))


def assess_round(actor: Actor, snapshot: Snapshot, command: AssessRound) -> Assessed:
    """Assess a snapshot for an actor (M-D1, M-D3, M-D4).

    Somebody who sees only part of the projects gets figures of these alone, and no run is kept.
    Raises BadInput for an unknown book or setting, or a book changed under its version number.
    """
    access.require(actor, Right.ASSESS)
    check_settings({k: v for k, v in command.overrides.items() if v is not None})
    settings = organisation.settings_in_force()
    conventions = Conventions.of(settings, command.overrides)
    content = queries.snapshot_content(snapshot)
    book = _book(command.rulebook or settings["rulebook"], content.as_of)
    is_ranked = organisation.switch_state(SwitchName.RANKINGS) is not None
    if not actor.is_console:
        visible = set(visible_to(actor, with_removed=True).values_list("pk", flat=True))
        if any(one.id not in visible for one in (*content.subjects, *content.exited)):
            content = content.narrowed(visible)
            return judge(
                content,
                book,
                conventions,
                by=command.by,
                is_ranked=False,
                past=lambda: queries.past_lights(snapshot.round.list_id, content.period_key),
                is_whole=False,
            )
    return run(actor, snapshot, content, book, conventions, is_ranked=is_ranked, by=command.by)


def assessment_for_papers(actor: Actor, snapshot: Snapshot) -> Assessed:
    """The run that feeds tables and circulars: the city's own settings, no trial flags."""
    access.require(actor, Right.ISSUE_PAPERS)
    return assess_for_record(actor, snapshot)


def assess_for_record(actor: Actor, snapshot: Snapshot) -> Assessed:
    """Make the run that pages and papers show, with the city's settings of today, and the
    forecasts beside it.

    Derived: whoever locked, corrected or looks makes the same one.
    """
    settings = organisation.settings_in_force()
    content = queries.snapshot_content(snapshot)
    assessed = run(
        actor,
        snapshot,
        content,
        _book(settings["rulebook"], content.as_of),
        Conventions.of(settings, {}),
        is_ranked=organisation.switch_state(SwitchName.RANKINGS) is not None,
        is_of_record=True,
    )
    keep_forecasts(snapshot, assessed)
    return assessed


def assess_unkept(content: Content, list_id: int) -> Assessed:
    """A content of a list judged as it would be for the record, and kept nowhere: for previews."""
    return live_judge(list_id)(content)


def live_judge(list_id: int, terms: Terms | None = None) -> Callable[[Content], Assessed]:
    """Judges contents of a list by the city's settings of now, read once for all of them."""
    terms = terms or Terms.in_force()
    settings, is_ranked = terms.settings, terms.rankings is not None
    conventions = Conventions.of(settings, {})
    books: dict[date, Book] = {}

    def judged(content: Content) -> Assessed:
        book = books.get(content.as_of)
        if book is None:
            book = books[content.as_of] = _book(settings["rulebook"], content.as_of)
        return judge(
            content,
            book,
            conventions,
            by=GROUPINGS,
            is_ranked=is_ranked,
            past=lambda: queries.past_lights(list_id, content.period_key),
        )

    return judged


def _book(word: str, on: date) -> Book:
    """The book that holds on the last day of what is judged."""
    rows = versions_like(word)
    book = book_among(rows, word, on)
    require_same_text(book, rows)
    return book
