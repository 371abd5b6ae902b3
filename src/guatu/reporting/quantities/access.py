"""What a project reports besides money, by id: it exists for whoever sees the project."""

from __future__ import annotations

from guatu.core.errors import Fault, NotFound
from guatu.core.ids import is_id
from guatu.journal.types import Actor
from guatu.ledger.access import get_project
from guatu.planning.models import DateFact
from guatu.planning.types import Milestone
from guatu.reporting.quantities.milestones import Promised, promised_in
from guatu.reporting.quantities.models import Tracked


def get_tracked(actor: Actor, tracked_id: int) -> Tracked:
    """What a visible project reports now, or NotFound."""
    rows = Tracked.objects.select_related("indicator", "project").filter(ended_on__isnull=True)
    row = rows.filter(pk=tracked_id).first() if is_id(tracked_id) else None
    if row is None:
        raise NotFound(Fault("unknown-quantity", "没有这个报送指标", "请从项目的指标进入"))
    get_project(actor, row.project_id)
    return row


def get_milestone(actor: Actor, milestone_id: int) -> Promised:
    """A standing milestone of a visible project, by the id of its first promise; or NotFound."""
    named = DateFact.objects.exclude(milestone__in=Milestone.values)
    fact = named.filter(pk=milestone_id).first() if is_id(milestone_id) else None
    standing = promised_in([fact.project_id]).get(fact.project_id, []) if fact else []
    found = next((one for one in standing if one.key == milestone_id), None)
    if found is None:
        raise NotFound(Fault("unknown-milestone", "没有这个节点", "请从项目的指标和节点进入"))
    get_project(actor, found.first.project_id)
    return found
