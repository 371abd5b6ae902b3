"""Indicators by id, for whoever reads their bases."""

from __future__ import annotations

from guatu.core.errors import Fault, NotFound
from guatu.core.ids import is_id
from guatu.reporting.models import Indicator


def get_indicator(indicator_id: int) -> Indicator:
    """One indicator, or NotFound; which pages tell of indicators is decided for all at once."""
    rows = Indicator.objects.filter(pk=indicator_id)
    found = rows.first() if is_id(indicator_id) else None
    if found is None:
        raise NotFound(Fault("unknown-indicator", "没有这个指标", "请从口径进入"))
    return found
