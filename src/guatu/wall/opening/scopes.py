"""Which projects a short round would expect, worked out before it is opened (M-C1, M-A11)."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from django.db.models import Q

from guatu.assessment import queries as assessment
from guatu.core import clock
from guatu.core.periods import PeriodKey
from guatu.engines.rulebook.types import LAGGING
from guatu.ledger.campaigns.models import Campaign
from guatu.ledger.campaigns.types import CampaignState
from guatu.ledger.models import ListEntry, Project, ProjectList
from guatu.reporting.due.limiting import counted
from guatu.reporting.due.types import InScope, ScopeReason
from guatu.reporting.queries import expected_entries
from guatu.wall.standing.runs import Standing, project_results
from guatu.wall.viewer import Viewer


class Scope(StrEnum):
    """What the office may ask of a short round."""

    WHOLE = "whole"
    LAGGING = "lagging"
    CAMPAIGN = "campaign"
    BOTH = "both"

    @property
    def label(self) -> str:
        """As the page calls it."""
        return _LABELS[self]

    @property
    def takes_lagging(self) -> bool:
        """Whether projects that lag are in it."""
        return self in (Scope.LAGGING, Scope.BOTH)

    @property
    def takes_campaign(self) -> bool:
        """Whether the projects of a campaign are in it."""
        return self in (Scope.CAMPAIGN, Scope.BOTH)


_LABELS = {
    Scope.WHOLE: "整份清单",
    Scope.LAGGING: "滞后项目",
    Scope.CAMPAIGN: "专项行动的项目",
    Scope.BOTH: "滞后项目和专项行动的项目",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One project that the round would expect, as the page shows it."""

    project: Project
    scoped: InScope


@dataclass
class Opening:
    """A list and a short period, what the office has chosen, and what would be expected."""

    viewer: Viewer
    listing: ProjectList
    period: PeriodKey
    scope: Scope
    campaigns: list[Campaign]
    campaign: Campaign | None
    standing: Standing | None

    @classmethod
    def of(
        cls, viewer: Viewer, listing: ProjectList, period: PeriodKey, scope: str, campaign: str
    ) -> Opening:
        """Read what was chosen; what is unknown is the lagging projects, and the only campaign."""
        chosen = Scope(scope) if scope in list(Scope) else Scope.LAGGING
        running = running_campaigns(listing)
        named = next((one for one in running if str(one.pk) == campaign), None)
        if named is None and len(running) == 1:
            named = running[0]
        run = assessment.run_of_record(listing.pk)
        standing = Standing(run) if run is not None else None
        return cls(viewer, listing, period, chosen, running, named, standing)

    @cached_property
    def expected(self) -> list[int]:
        """The projects that the whole list would be; one query."""
        entries = expected_entries([self.listing.pk]).order_by("serial_no", "pk")
        return list(entries.values_list("project_id", flat=True))

    @cached_property
    def lines(self) -> list[Line]:
        """The projects that would be expected, each once, in the list's order, as far as the user
        sees them. Four queries."""
        scoped: dict[int, InScope] = {}
        for one in self._lagging() if self.scope.takes_lagging else ():
            scoped[one.project_id] = one
        for pk in self._of_campaign() if self.scope.takes_campaign else ():
            basis, lags = str(self.campaign), scoped.get(pk)
            scoped[pk] = (
                InScope(pk, lags.why, f"{lags.basis}；{basis}")
                if lags
                else InScope(pk, ScopeReason.CAMPAIGN, basis)
            )
        wanted = [pk for pk in self.expected if pk in scoped] if scoped else []
        seen = self.viewer.projects.filter(pk__in=wanted)
        found = {one.pk: one for one in seen}
        return [Line(found[pk], scoped[pk]) for pk in wanted if pk in found]

    def _lagging(self) -> list[InScope]:
        if self.standing is None:
            return []
        results = project_results(self.standing.run, None).filter(verdict__in=LAGGING)
        basis = f"{self.standing.round.period.label}定版数据"
        return [
            InScope(pk, ScopeReason.LAGGING, f"{label}（{basis}）")
            for pk, label in results.values_list("project_id", "label")
            if pk is not None
        ]

    def _of_campaign(self) -> list[int]:
        """The projects of the campaign as the list is reported: a part by its package."""
        if self.campaign is None:
            return []
        entries = ListEntry.objects.filter(list_id=self.campaign.list_id, left_on__isnull=True)
        ids = entries.values_list("project_id", flat=True)
        told = [InScope(pk, ScopeReason.CAMPAIGN, "") for pk in ids]
        return [one.project_id for one in counted(told, self.expected)]


def running_campaigns(listing: ProjectList) -> list[Campaign]:
    """The campaigns over a list or its sub-lists that run today; one query."""
    rows = Campaign.objects.filter(Q(list=listing) | Q(list__parent=listing))
    today = clock.today()
    found = rows.select_related("list").order_by("from_on", "pk")
    return [one for one in found if one.state_on(today) is CampaignState.RUNNING]


def mark_of(lines: list[Line]) -> str:
    """What a form carries of the projects it showed, to tell whether they are still the same."""
    ids = ",".join(str(one.project.pk) for one in lines)
    return f"{len(lines)}.{zlib.crc32(ids.encode())}"
