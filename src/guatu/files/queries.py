"""Reads of the files room."""

from __future__ import annotations

from guatu.engines.sheets import ColumnMapping
from guatu.files.models import Mapping


def remembered_mapping(sender: str) -> ColumnMapping | None:
    """The column mapping somebody decided for a sender, or None."""
    row = Mapping.objects.filter(sender=sender).order_by("-pk").first()
    return ColumnMapping.from_json(row.columns) if row else None
