"""What taking a book into use changes, said before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from guatu.assessment.books.effect import judges_rounds
from guatu.assessment.books.effect_page import effect_of
from guatu.assessment.books.queries import (
    Version,
    book_in_force,
    in_force,
    last_snapshot,
    own_versions,
)
from guatu.assessment.models import RuleBookVersion
from guatu.core import clock
from guatu.core.errors import GuatuError
from guatu.organisation import queries as organisation
from guatu.reporting.models import Round
from guatu.reporting.types import RoundState


def page(version: Version) -> dict[str, Any]:
    """The context of the page: the book in use, the open rounds, the effect on the last locked."""
    seen = organisation.settings_in_force()["rulebook"]
    try:
        now = book_in_force(seen, clock.today())
    except GuatuError:
        now = None
    is_usable = judges_rounds(version.book)
    rounds = Round.objects.filter(state=RoundState.OPEN).select_related("list", "period")
    rows = own_versions(version.id) if version.is_own else []
    return {
        "version": version,
        "book": version.book,
        "seen": seen,
        "now": now,
        "is_in_use": seen == version.id,
        "is_usable": is_usable,
        "open_rounds": [
            (one, _number(version, rows, one)) for one in rounds.order_by("period__last_on")
        ],
        "later": [one for one in rows if one.valid_from and one.valid_from > clock.today()],
        "effect": effect_of(version.book, last_snapshot()) if is_usable else None,
    }


def _number(version: Version, rows: Sequence[RuleBookVersion], the_round: Round) -> int:
    """Which version of the book judges a round: the one in force on its last day."""
    row = in_force(rows, the_round.period.parsed.as_of)
    return row.book_version if row is not None else version.number
