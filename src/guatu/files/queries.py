"""Reads of the files room."""

from __future__ import annotations

from collections.abc import Iterator

from guatu.engines.chain import sm3
from guatu.engines.sheets import ColumnMapping
from guatu.files.models import Blob, Mapping
from guatu.files.services import read_blob


def remembered_mapping(sender: str) -> ColumnMapping | None:
    """The column mapping somebody decided for a sender, or None."""
    row = Mapping.objects.filter(sender=sender).order_by("-pk").first()
    return ColumnMapping.from_json(row.columns) if row else None


def damaged_blobs() -> Iterator[str]:
    """One line for each stored content that is missing, or no longer what its address says."""
    for digest in Blob.objects.order_by("pk").values_list("sm3", flat=True):
        try:
            content = read_blob(digest)
        except OSError:
            yield f"文件库缺少blobs/{digest[:2]}/{digest}"
            continue
        if sm3(content) != digest:
            yield f"文件库的blobs/{digest[:2]}/{digest}被改动"
