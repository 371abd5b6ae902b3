"""Reading handed-in files: bytes, name, kind and content or the reasons why it cannot be read."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from guatu.core.errors import BadInput, Fault
from guatu.engines.sheets import (
    ColumnMapping,
    SheetsError,
    Table,
    Vocabulary,
    Workbook,
    read_workbooks,
    recognise,
)


@dataclass(frozen=True, slots=True)
class ReadFile:
    """One file as handed in. `content` is the workbook, or why it could not be read."""

    name: str
    bytes: bytes
    mime: str
    content: Workbook | SheetsError


def read_files(paths: Sequence[Path]) -> list[ReadFile]:
    """Read all files; a path that does not exist refuses the call before anything is done."""
    missing = [
        Fault("no-file", "没有这个文件", "请核对路径", path.name or str(path))
        for path in paths
        if not path.is_file()
    ]
    if missing:
        raise BadInput(*missing)
    return [
        ReadFile(
            path.name,
            # A file over the limit is refused by the guard; its bytes are not kept either.
            path.read_bytes() if isinstance(content, Workbook) else b"",
            mimetypes.guess_type(path.name)[0] or "application/octet-stream",
            content,
        )
        for path, content in zip(paths, read_workbooks(list(paths)), strict=True)
    ]


def tables_of(
    read: ReadFile, vocabulary: Vocabulary, *, mapping: ColumnMapping | None, year: int
) -> Iterator[Table]:
    """The tables in a file's visible sheets; sheets without one are passed over."""
    if isinstance(read.content, SheetsError):
        return
    for sheet in read.content.sheets:
        table = recognise(sheet, vocabulary, file=read.name, mapping=mapping, default_year=year)
        if table is not None:
            yield table
