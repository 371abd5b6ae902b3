"""Reading handed-in files: bytes, name, kind and content or the reasons why it cannot be read."""

from __future__ import annotations

import mimetypes
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from guatu.core.errors import BadInput, Fault
from guatu.core.names import match_form
from guatu.engines.sheets import (
    ColumnMapping,
    SheetsError,
    Table,
    Vocabulary,
    Workbook,
    read_workbooks,
    recognise,
)

LONGEST_NAME = 200
LONGEST_SHEET = 80
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
        Fault("no-file", "没有这个文件", "请核对路径", readable_name(path.name or str(path)))
        for path in paths
        if not _is_file(path)
    ]
    if missing:
        raise BadInput(*missing)
    paths = list({path.resolve(): path for path in paths}.values())
    return _read(paths, _names(paths))


def _say_nothing(done: int) -> None:
    """Whoever calls does not want to know how far it is."""


def read_contents(
    files: Sequence[tuple[str, bytes]], *, told: Callable[[int], None] = _say_nothing
) -> list[ReadFile]:
    """Read uploaded or stored files, each a name and its bytes; the name is never a path.

    `told` is called with the number of files begun, before each.
    """
    with tempfile.TemporaryDirectory(prefix="guatu-read-") as folder:
        paths = [Path(folder) / str(at) for at, _ in enumerate(files)]
        for path, (_, content) in zip(paths, files, strict=True):
            path.write_bytes(content)
        return _read(paths, [readable_name(name) for name, _ in files], told)


def _read(
    paths: Sequence[Path], names: Sequence[str], told: Callable[[int], None] = _say_nothing
) -> list[ReadFile]:
    contents = [
        _with_short_names(name, content)
        for name, content in zip(names, read_workbooks(paths, names=names, told=told), strict=True)
    ]
    return [
        ReadFile(
            name,
            # Those that were read: a file that changes meanwhile is kept as it was understood.
            content.data if isinstance(content, Workbook) else b"",
            mimetypes.guess_type(name)[0] or "application/octet-stream",
            content,
        )
        for name, content in zip(names, contents, strict=True)
    ]


def _with_short_names(name: str, content: Workbook | SheetsError) -> Workbook | SheetsError:
    """The content, or its refusal where the names that are kept with it would be cut off."""
    if isinstance(content, SheetsError):
        return content
    faults = []
    if max(len(name), len(match_form(name))) > LONGEST_NAME:
        what = f"文件名超过{LONGEST_NAME}字"
        faults.append(Fault("name-too-long", what, "请改用简短的文件名", name))
    for sheet in content.sheets:
        if len(sheet.name) > LONGEST_SHEET:
            what = f"工作表名超过{LONGEST_SHEET}字"
            faults.append(Fault("name-too-long", what, "请改短后再导入", name, sheet.name))
    return SheetsError(*faults) if faults else content


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long, a folder that may not be entered
        return False


def readable_name(name: str) -> str:
    """A file name as text that can be stored and printed on one line.

    Bytes that are no UTF-8, line breaks and signs that turn the direction become �.
    """
    return "".join("�" if unicodedata.category(c) in _UNPRINTABLE else c for c in name)


def _names(paths: Sequence[Path]) -> list[str]:
    often = Counter(path.name for path in paths)
    names: list[str] = []
    for path in paths:
        told = path.name if often[path.name] == 1 else f"{path.resolve().parent.name}/{path.name}"
        name = readable_name(told)
        again = names.count(name)
        while name in names:
            again += 1
            name = f"{readable_name(told)} #{again}"
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
