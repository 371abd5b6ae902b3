"""What taking a book into use changes, said before it is done."""

from __future__ import annotations

from typing import Any

from guatu.assessment.books.effect import has_lights
from guatu.assessment.books.effect_page import effect_of
from guatu.assessment.books.queries import Version, book_in_force
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
    is_usable = has_lights(version.book) and version.book.subject == "项目"
    rounds = Round.objects.filter(state=RoundState.OPEN).select_related("list", "period")
    return {
        "version": version,
        "book": version.book,
        "seen": seen,
        "now": now,
        "is_in_use": seen == version.id,
        "is_usable": is_usable,
        "open_rounds": list(rounds.order_by("period__last_on")),
        "effect": effect_of(version.book) if is_usable else None,
    }
