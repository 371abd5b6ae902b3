"""Who may ask for a correction of what, and who sees a request: its askers and the office."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from guatu.core.errors import Fault, NotFound
from guatu.core.ids import is_id
from guatu.ledger.models import ListEntry
from guatu.ledger.queries import reporting_unit_of
from guatu.ledger.request import Viewer
from guatu.organisation.access import is_of_root, organisations_below
from guatu.organisation.models import Assignment
from guatu.organisation.types import Right
from guatu.reporting.access import own_entries, scopes_of
from guatu.reporting.correcting.models import CorrectionRequest
from guatu.reporting.models import Round
from guatu.reporting.review.access import review_entries
from guatu.reporting.review.queries import levels_in_force

ASKERS = (Right.REPORT, Right.REVIEW)
READERS = (*ASKERS, Right.CORRECT_ROUND)


def entries_to_ask_about(
    assignments: Iterable[Assignment], rounds: list[Round], *more: Q
) -> dict[ListEntry, int]:
    """The entries of the rounds' lists that somebody reports or reviews for a unit, each with the
    unit that would ask. Four statements at most."""
    held = list(assignments)
    reports, reviews = scopes_of(held, Right.REPORT), _reviewing(held)
    found: dict[ListEntry, int] = {}
    if reviews and rounds:
        levels = levels_in_force()
        found = {
            one: unit
            for one, unit in review_entries(rounds, reviews, levels, *more).items()
            if unit is not None
        }
    if reports and rounds:
        own = own_entries({one.list_id for one in rounds}, reports).filter(*more)
        found |= {one: unit for one in own if (unit := reporting_unit_of(one))}
    return found


def _reviewing(assignments: Iterable[Assignment]) -> list[int]:
    """The organisations for which somebody reviews as a unit; the office asks nobody."""
    scopes = scopes_of([one for one in assignments if not is_of_root(one)], Right.REVIEW)
    return organisations_below(scopes) if scopes else []


def units_of(assignments: Iterable[Assignment]) -> list[int]:
    """The units that somebody reports or reviews for."""
    held = list(assignments)
    return [*scopes_of(held, Right.REPORT), *_reviewing(held)]


def requests_seen(viewer: Viewer) -> QuerySet[CorrectionRequest]:
    """Every request for the office, else those of one's own units."""
    rows = CorrectionRequest.objects.select_related("round__list", "round__period", "project")
    if Right.CORRECT_ROUND in viewer.rights:
        return rows
    return rows.filter(organisation__in=units_of(viewer.assignments))


def get_request(viewer: Viewer, correction_id: int) -> CorrectionRequest:
    """One request that the viewer sees, else NotFound."""
    rows = requests_seen(viewer)
    found = rows.filter(pk=correction_id).first() if is_id(correction_id) else None
    if found is None:
        raise NotFound(Fault("unknown-correction", "没有这条更正申请", "请从更正申请进入"))
    return found
