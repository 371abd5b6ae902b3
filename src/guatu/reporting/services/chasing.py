"""Notes of calls to units that have not reported, and figures of the evening call (office.md)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from guatu.core import clock
from guatu.core.errors import BadInput, Fault
from guatu.core.yuan import LIMIT
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.organisation import access
from guatu.organisation.models import Organisation
from guatu.organisation.types import Right
from guatu.reporting.models import CallNote, QuickFigure, Round
from guatu.reporting.services.rounds import ensure_indicators, lock_rounds, require_open
from guatu.reporting.types import INVESTMENT

LONGEST_NOTE = 300


def note_call(
    actor: Actor,
    the_round: Round,
    organisation: Organisation,
    *,
    text: str,
    promised_on: date | None = None,
) -> CallNote:
    """Keep what a unit said when it was called. Raises BadInput for an empty or overlong note."""
    access.require(actor, Right.IMPORT_REPORTS)
    text = text.strip()
    if not 0 < len(text) <= LONGEST_NOTE:
        what = "没有写催报情况" if not text else f"催报情况超过{LONGEST_NOTE}字"
        raise BadInput(Fault("bad-note", what, "请写一句话，如“答应下午报”"))
    with journal.act(actor, "unit.chased") as act:
        require_open(lock_rounds([the_round.pk]))
        note = CallNote(
            round=the_round,
            organisation=organisation,
            text=text,
            promised_on=promised_on,
            by=actor.text,
            at=act.at,
        )
        act.write(note)
    return note


def note_quick_figures(
    actor: Actor, the_round: Round, figures: Mapping[int, int]
) -> list[QuickFigure]:
    """Keep unreviewed figures (yuan by project) with their hour (快报数): never judged, gone at
    closing. Raises BadInput for an amount that no project has; then none is kept."""
    access.require(actor, Right.IMPORT_REPORTS)
    if any(abs(yuan) > LIMIT for yuan in figures.values()):
        raise BadInput(Fault("too-large", "超过10万亿元，单位可能写错", "请核对单位，这里按万元填"))
    with journal.act(actor, "figure.noted_quickly") as act:
        require_open(lock_rounds([the_round.pk]))
        investment = ensure_indicators(act)[INVESTMENT]
        rows = [
            QuickFigure(
                project_id=project_id,
                indicator=investment,
                at_hour=_hour(act.at),
                value=yuan,
                by=actor.text,
            )
            for project_id, yuan in figures.items()
        ]
        act.add_all(rows)
    return rows


def _hour(at: datetime) -> datetime:
    return at.astimezone(clock.CHINA).replace(minute=0, second=0, microsecond=0)
