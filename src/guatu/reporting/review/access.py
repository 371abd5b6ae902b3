"""Who reviews which reports: the office all of them, a unit those that it reviews (office.md 8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from guatu.core import clock
from guatu.core.errors import Fault, NotFound
from guatu.core.ids import is_id
from guatu.journal.types import Actor
from guatu.ledger import queries as ledger
from guatu.ledger.models import ListEntry
from guatu.organisation.access import (
    current_assignments,
    is_of_root,
    organisations_below,
    require,
)
from guatu.organisation.models import Assignment
from guatu.organisation.rules import RIGHTS
from guatu.organisation.types import Right, Role
from guatu.reporting.access import scopes_of
from guatu.reporting.due.scope import is_expected, scopes_of_rounds
from guatu.reporting.models import Report, Round
from guatu.reporting.queries import expected_entries
from guatu.reporting.review.models import ReviewNote
from guatu.reporting.review.queries import first_reviewer
from guatu.reporting.types import ReportSource, ReportState


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One report that the actor may review, in which round. `unit`: who reviews its project
    first; None: the office alone. `reporting_unit`: who answers for it. `is_office`: the actor
    decides for the office."""

    report: Report
    round_id: int
    unit: int | None
    reporting_unit: int | None
    is_office: bool

    @property
    def as_unit(self) -> int | None:
        """The unit that the actor decides for; None: the office."""
        return None if self.is_office else self.unit


def review_scopes(
    actor: Actor, assignments: Iterable[Assignment] | None = None
) -> list[int] | None:
    """The organisations for which an actor reviews, with those below; None: the office, which
    reviews everything. Raises NotAllowed where there is none."""
    if actor.user_id is None:
        return None
    held = list(assignments or current_assignments(actor.user_id, clock.today()))
    if any(is_of_root(one) and Right.REVIEW in RIGHTS[Role(one.role)] for one in held):
        return None
    scopes = scopes_of(held, Right.REVIEW)
    if not scopes:
        require(actor, Right.REVIEW)
    return organisations_below(scopes)


def review_entries(
    rounds: Iterable[Round], scopes: list[int] | None, levels: int, *more: Q | Exists
) -> dict[ListEntry, int | None]:
    """The entries of the rounds' lists that some units review (None: all of them), in the list's
    order, each with the unit that reviews it first; `more` narrows them. One statement."""
    lists = {one.list_id for one in rounds}
    entries = ledger.with_reporting_units(expected_entries(lists), clock.today()).filter(*more)
    if scopes is not None:
        named, territory = Q(("named_reviewer__in", scopes)), Q(("territory_unit__in", scopes))
        entries = entries.filter(named | territory)
    found = {
        one: first_reviewer(one, levels)
        for one in entries.select_related("project").order_by("serial_no", "pk")
    }
    return {one: unit for one, unit in found.items() if scopes is None or unit in scopes}


def under_review() -> Q:
    """Reports that reviewers see: what units sent in on their pages, what else is 待核实, and what
    a reviewer had a word about. What the office took in without a question is reviewed already."""
    noted = ReviewNote.objects.filter(report=OuterRef("pk"))
    return Q(source=ReportSource.UNIT) | Q(state=ReportState.QUESTIONED) | Q(Exists(noted))


def reports_to_review(actor: Actor, chosen: Iterable[int], levels: int) -> list[Reviewed]:
    """The chosen reports, each with its round; NotFound where one is not the actor's to review or
    does not come before reviewers (`under_review`)."""
    scopes = review_scopes(actor)
    wanted = {pk for pk in chosen if is_id(pk)}
    rows = Report.objects.filter(under_review(), pk__in=wanted)
    reports = list(rows.select_related("project", "period").order_by("pk"))
    rounds = list(Round.objects.filter(period__in={one.period_id for one in reports}))
    limits = scopes_of_rounds(rounds)
    here = Q(project__in={one.project_id for one in reports})
    units = {
        (entry.list_id, entry.project_id): (unit, ledger.reporting_unit_of(entry))
        for entry, unit in review_entries(rounds, scopes, levels, here).items()
    }
    found = [
        Reviewed(report, one.pk, *units[one.list_id, report.project_id], scopes is None)
        for report in reports
        for one in rounds
        if one.period_id == report.period_id
        and (one.list_id, report.project_id) in units
        and is_expected(limits, one.pk, report.project_id)
    ]
    first = {one.report.pk: one for one in reversed(found)}
    if len(first) != len(set(chosen)):
        raise NotFound(Fault("unknown-report", "没有这个要您审核的月报", "请从审核进入"))
    return [first[pk] for pk in sorted(first)]
