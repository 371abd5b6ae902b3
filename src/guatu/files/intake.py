"""Reading handed-in files: bytes, name, kind and content or the reasons why it cannot be read."""

from __future__ import annotations

import mimetypes
import unicodedata
from collections import Counter
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

_UNPRINTABLE = ("Cc", "Cf", "Cs", "Zl", "Zp")


@dataclass(frozen=True, slots=True)
class ReadFile:
    """One file as handed in. `content` is the workbook, or why it could not be read."""

    name: str
    bytes: bytes
    mime: str
    content: Workbook | SheetsError


def read_files(paths: Sequence[Path]) -> list[ReadFile]:
    """Read all files; a path that does not exist refuses the call before anything is done.

    A file given twice is read once. Files of one name from several folders bear the folder too:
    units send `9月.xlsx`, and each has its own.
    """
    missing = [
        Fault("no-file", "没有这个文件", "请核对路径", _readable(path.name or str(path)))
        for path in paths
        if not _is_file(path)
    ]
    if missing:
        raise BadInput(*missing)
    paths = list({path.resolve(): path for path in paths}.values())
    names = _names(paths)
    return [
        ReadFile(
            name,
            # A file over the limit is refused by the guard; its bytes are not kept either.
            path.read_bytes() if isinstance(content, Workbook) else b"",
            mimetypes.guess_type(name)[0] or "application/octet-stream",
            content,
        )
        for name, path, content in zip(
            names, paths, read_workbooks(paths, names=names), strict=True
        )
    ]


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long, a folder that may not be entered
        return False


def _readable(name: str) -> str:
    """A file name as text that can be stored and printed on one line.

    Bytes that are no UTF-8, line breaks and signs that turn the direction become �.
    """
    return "".join("�" if unicodedata.category(c) in _UNPRINTABLE else c for c in name)


def _names(paths: Sequence[Path]) -> list[str]:
    often = Counter(path.name for path in paths)
    names: list[str] = []
    for path in paths:
        told = path.name if often[path.name] == 1 else f"{path.resolve().parent.name}/{path.name}"
        name = _readable(told)
        again = names.count(name)
        while name in names:
            again += 1
            name = f"{_readable(told)} #{again}"
        names.append(name)
    return names


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
