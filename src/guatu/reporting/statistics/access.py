"""Statisticians by id; what a project has in the statistics system goes by the project."""

from __future__ import annotations

from guatu.core.errors import Fault, NotFound
from guatu.core.ids import is_id
from guatu.journal.types import Actor
from guatu.organisation.access import require
from guatu.organisation.types import Right
from guatu.reporting.statistics.models import Statistician


def get_statistician(actor: Actor, statistician_id: int) -> Statistician:
    """One statistician, for whoever keeps them; else NotFound."""
    require(actor, Right.IMPORT_REPORTS)
    rows = Statistician.objects.filter(pk=statistician_id)
    found = rows.first() if is_id(statistician_id) else None
    if found is None:
        raise NotFound(Fault("unknown-statistician", "没有这位统计员", "请从统计员进入"))
    return found
