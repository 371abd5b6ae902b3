"""A book's three files: handed in one by one or as one archive, and given out as one."""

from __future__ import annotations

import io
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from guatu.assessment.books.queries import Version
from guatu.assessment.services.drafts import Texts
from guatu.core.archives import DAMAGED
from guatu.core.errors import BadInput, Fault
from guatu.engines.rulebook.books import BOOK, EXAMPLES, MOST_BYTES, TEXT

FILES = {BOOK: "规则", TEXT: "条文", EXAMPLES: "算例"}
_MOST_ENTRIES = 100
_SIZE = f"{MOST_BYTES // 1_000_000}MB"

type Named = tuple[str, bytes]


def texts_handed_in(files: Iterable[UploadedFile[Any]]) -> Texts:
    """The three texts. BadInput, a line for each fault: a file is missing, given twice, unknown,
    too large, or no UTF-8."""
    given: dict[str, str] = {}
    faults: list[Fault] = []
    for name, content in _unpacked(files, faults):
        if name not in FILES:
            faults.append(Fault("unknown-file", f"不认识文件“{name[:80]}”", _wanted()))
        elif name in given:
            faults.append(Fault("file-twice", f"{name}有两份", "请只传一份"))
        else:
            given[name] = _decoded(name, content, faults)
    if not faults:
        faults = [
            Fault("no-file", f"没有{name}（{what}）", _wanted())
            for name, what in FILES.items()
            if name not in given
        ]
    if faults:
        raise BadInput(*faults)
    return Texts.of(*(given[name] for name in FILES))


def id_in(toml: str) -> str:
    """The id that the text of the rules gives itself; empty where it has none."""
    try:
        head = tomllib.loads(toml).get("book")
    except (ValueError, RecursionError):
        return ""
    found = head.get("id") if isinstance(head, dict) else None
    return found if isinstance(found, str) else ""


def archive_of(version: Version) -> bytes:
    """The three files as they are kept, in one archive."""
    buffer = io.BytesIO()
    texts = (version.toml, version.text, version.examples)
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in zip(FILES, texts, strict=True):
            archive.writestr(zipfile.ZipInfo(name), text.encode())
    return buffer.getvalue()


def _unpacked(files: Iterable[UploadedFile[Any]], faults: list[Fault]) -> Iterator[Named]:
    for file in files:
        name = PurePosixPath((file.name or "").replace("\\", "/")).name
        if (file.size or 0) > MOST_BYTES:
            faults.append(_too_large(name))
        elif name.casefold().endswith(".zip"):
            yield from _members(name, file, faults)
        else:
            yield name, file.read()


def _members(name: str, file: UploadedFile[Any], faults: list[Fault]) -> Iterator[Named]:
    """The files of a book in an archive, in whatever folder; other members are passed over."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            if len(members) > _MOST_ENTRIES:
                faults.append(Fault("bad-archive", f"{name}里有{len(members)}个文件", _wanted()))
                return
            for member in members:
                inside = PurePosixPath(member.filename).name
                if inside not in FILES or member.is_dir():
                    continue
                with archive.open(member) as opened:
                    # The size that an archive declares need not be the true one.
                    content = opened.read(MOST_BYTES + 1)
                if len(content) > MOST_BYTES:
                    faults.append(_too_large(inside))
                else:
                    yield inside, content
    except DAMAGED:
        what = f"压缩包“{name[:80]}”打不开"
        faults.append(Fault("bad-archive", what, "请用不加密的zip，或直接传三个文件"))


def _decoded(name: str, content: bytes, faults: list[Fault]) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        faults.append(Fault("bad-encoding", f"{name}不是UTF-8编码", "请用UTF-8编码保存再传"))
        return ""
    if "\x00" in text:
        faults.append(Fault("bad-text", f"{name}里有空字符，不是文本", "请用文本编辑器保存再传"))
    return text


def _too_large(name: str) -> Fault:
    return Fault("too-long", f"{name[:80]}超过{_SIZE}", "请核对是不是办法的文件")


def _wanted() -> str:
    return f"请传{'、'.join(FILES)}，或三个文件的一个zip"
