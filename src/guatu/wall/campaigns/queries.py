"""Which campaigns a user sees, and what the closed rounds say of their projects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from guatu.core import clock
from guatu.core.errors import Fault, NotFound
from guatu.core.ids import is_id
from guatu.ledger.campaigns.models import Campaign
from guatu.ledger.campaigns.types import CampaignState
from guatu.ledger.models import Project
from guatu.organisation.queries import organisation_names
from guatu.organisation.types import Right
from guatu.publishing.results.types import Light
from guatu.wall.standing.runs import (
    Standing,
    measured_of,
    project_results,
    standings,
    totals_text,
)
from guatu.wall.viewer import Viewer

UNKNOWN = Fault("unknown-campaign", "没有这项专项行动", "请从列表进入")


@dataclass(slots=True)
class CampaignRow:
    """A campaign as its list shows it."""

    campaign: Campaign
    unit: str
    projects: int

    @property
    def state(self) -> CampaignState:
        """How it stands today."""
        return self.campaign.state_on(clock.today())

    @property
    def days_left(self) -> int | None:
        """Days left of one that runs."""
        running = self.state is CampaignState.RUNNING
        return self.campaign.days_left(clock.today()) if running else None


def campaign_rows(viewer: Viewer) -> list[CampaignRow]:
    """Campaigns over lists on which the user sees a project, the newest first."""
    names = organisation_names().official
    standing = Q(list__entries__left_on__isnull=True)
    if viewer.seen is not None:
        standing &= Q(list__entries__project__in=viewer.seen)
    rows = (
        Campaign.objects.filter(list__in=[one.pk for one in viewer.lists])
        .select_related("list", "body")
        .annotate(held=Count("list__entries", filter=standing))
        .order_by("-from_on", "-pk")
    )
    return [CampaignRow(one, names.get(one.organisation_id or 0, ""), one.held) for one in rows]


def get_campaign(viewer: Viewer, pk: int) -> Campaign:
    """One campaign over a list that the user sees, or NotFound, as for who assesses nothing."""
    rows = Campaign.objects.select_related("list__parent", "body", "organisation")
    lists = [one.pk for one in viewer.lists]
    found = rows.filter(pk=pk, list__in=lists).first() if is_id(pk) else None
    if found is None or Right.ASSESS not in viewer.rights:
        raise NotFound(UNKNOWN)
    return found


@dataclass(slots=True)
class ProjectLine:
    """One project of a campaign: its figures in the newest round."""

    project_id: int
    name: str
    plan_yuan: int | None
    completed_yuan: int | None
    now: Light
    before: Light
    before_yuan: int | None = None

    @property
    def since_yuan(self) -> int | None:
        """What was done since the campaign began, where both figures are known."""
        if self.completed_yuan is None or self.before_yuan is None:
            return None
        return self.completed_yuan - self.before_yuan


@dataclass(slots=True)
class Progress:
    """What a campaign's list says in the newest closed round up to its end, and in the last
    round before it began, where that is of the same year."""

    standing: Standing
    figures: dict[str, Any]
    lines: list[ProjectLine]
    before: Standing | None

    @property
    def since_yuan(self) -> int | None:
        """What its projects did since it began: of those alone that have both figures."""
        known = [one.since_yuan for one in self.lines if one.since_yuan is not None]
        return sum(known) if known else None


def progress_of(viewer: Viewer, campaign: Campaign) -> Progress | None:
    """The figures of a campaign for one user; None before any round of its list is closed.

    The projects of a sub-list are read from its own rounds (weekly, half-monthly) and from those
    of the list that it is in, whichever is newer.
    """
    lists = [campaign.list, *([campaign.list.parent] if campaign.list.parent else [])]
    row = [
        one
        for one in standings(*lists, with_limited=True)
        if one.round.period.first_on <= campaign.last_on
    ]
    if not row:
        return None
    now = row[-1]
    earlier = [one for one in row if one.round.period.last_on < campaign.from_on]
    before = earlier[-1] if earlier and earlier[-1].period.year == now.period.year else None
    scope = Project.objects.filter(entries__list_id=campaign.list_id, entries__left_on__isnull=True)
    if viewer.seen_locked is not None:
        scope = scope.filter(pk__in=viewer.seen_locked.values("pk"))
    results = list(project_results(now.run, scope).select_related("project"))
    past: dict[int | None, tuple[int | None, Light]] = (
        {
            pk: (yuan, Light(verdict=verdict, label=label))
            for pk, yuan, verdict, label in project_results(before.run, scope).values_list(
                "project_id", "numerator", "verdict", "label"
            )
        }
        if before
        else {}
    )
    nothing: tuple[int | None, Light] = (None, Light())
    # Before any round of its year nothing was done; a project without a figure stays unknown.
    starts_year = before is None and campaign.from_on.year == now.period.year
    lines = [
        ProjectLine(
            one.project_id or 0,
            str(one.project),
            one.denominator,
            one.numerator,
            Light(verdict=one.verdict, label=one.label),
            past.get(one.project_id, nothing)[1],
            0 if starts_year and not earlier else past.get(one.project_id, nothing)[0],
        )
        for one in results
    ]
    return Progress(now, totals_text(measured_of(results, now), now), lines, before)
