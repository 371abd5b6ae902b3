"""Reads of the files room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from guatu.core.errors import Fault, NotFound
from guatu.engines.chain import sm3
from guatu.engines.sheets import ColumnMapping, SheetsError
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


@dataclass(slots=True)
class MappingRow:
    """A remembered mapping as its page shows it: header, field and unit of each column."""

    pk: int
    sender: str
    version: int
    columns: list[tuple[str, str, str]] = field(default_factory=list)
    sheet: str = ""
    unit: str = ""
    is_damaged: bool = False


def mapping_rows() -> list[MappingRow]:
    """All remembered mappings."""
    return [_mapping_row(row) for row in Mapping.objects.order_by("sender", "pk")]


def mapping_row(pk: int) -> MappingRow:
    """One remembered mapping, or NotFound."""
    row = Mapping.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound(Fault("not-found", "没有这条列对应关系", "请回到列表重新选"))
    return _mapping_row(row)


def _mapping_row(row: Mapping) -> MappingRow:
    try:
        told = ColumnMapping.from_json(row.columns)
    except SheetsError:
        return MappingRow(row.pk, row.sender, row.version, is_damaged=True)
    columns = [(head, one.field or "", one.unit or "") for head, one in told.columns.items()]
    return MappingRow(row.pk, row.sender, row.version, columns, told.sheet or "", told.unit or "")
