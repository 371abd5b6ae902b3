"""The form of a backup: one file, every byte of it under a digest.

A ZIP of parts (database, stored contents, secret key, manifest) and one closing line with the SM3
and length of all before it. So a flipped byte and a cut tail are found before anything is read
from it, and the part that is damaged is named.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from guatu.core.errors import BadInput, Fault

FORMAT = 1
MANIFEST = "manifest.json"
SQLITE, POSTGRES = "database.sqlite3", "database.pgdump"
SECRET_KEY = "secret_key"
_PART = re.compile(r"database\.(?:sqlite3|pgdump)|secret_key|blobs/[0-9a-f]{2}/[0-9a-f]{64}")
_CLOSING = re.compile(rb"\nguatu-backup sm3:([0-9a-f]{64}) ([0-9]{20})\n")
_CLOSING_LENGTH = len("\nguatu-backup sm3:") + 64 + 1 + 20 + 1
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a backup: how long it is and its SM3."""

    size: int
    sm3: str


@dataclass(slots=True)
class Manifest:
    """What a backup says of itself."""

    version: str
    made_at: str
    vendor: str
    format: int = FORMAT
    parts: dict[str, Part] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    migrations: list[str] = field(default_factory=list)
    entries: int = 0
    head: str = ""
    missing: list[str] = field(default_factory=list)

    def to_json(self) -> bytes:
        """Canonical text."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, indent=1).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Manifest:
        """Read what `to_json` wrote; raises ValueError or TypeError where it is none."""
        told = json.loads(text)
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise ValueError("format")
        told["parts"] = {name: Part(**part) for name, part in told["parts"].items()}
        return cls(**told)


class Writer:
    """Writes a backup part by part; `close` adds manifest and closing line."""

    def __init__(self, file: IO[bytes], manifest: Manifest) -> None:
        self.file, self.manifest = file, manifest
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True)

    def add(self, name: str, source: IO[bytes]) -> Part:
        """Copy one part in."""
        digest, size = hashlib.new("sm3"), 0
        entry = zipfile.ZipInfo(name)
        entry.compress_type = zipfile.ZIP_DEFLATED
        with self._zip.open(entry, "w", force_zip64=True) as target:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
        part = Part(size, digest.hexdigest())
        self.manifest.parts[name] = part
        return part

    def close(self) -> None:
        """Write the manifest and the closing line."""
        self._zip.writestr(zipfile.ZipInfo(MANIFEST), self.manifest.to_json())
        self._zip.close()
        length = self.file.seek(0, io.SEEK_END)
        self.file.seek(0)
        digest = _digest(self.file, length)
        self.file.seek(length)
        self.file.write(f"\nguatu-backup sm3:{digest} {length:020d}\n".encode())


def checked(path: Path) -> Manifest:
    """The manifest of a backup whose every byte and part is whole; BadInput names what is not."""
    try:
        with path.open("rb") as file:
            return _checked(file, path.name)
    except OSError as error:
        raise BadInput(
            Fault("no-backup", f"备份文件打不开（{error.strerror}）", "请核对路径和权限", path.name)
        ) from error


def manifest_of(path: Path) -> Manifest | None:
    """What a backup says of itself, unchecked: for lists."""
    try:
        with zipfile.ZipFile(path) as archive:
            return Manifest.from_json(archive.read(MANIFEST))
    except (OSError, ValueError, TypeError, KeyError, zipfile.BadZipFile):
        return None


def extract(path: Path, name: str, target: IO[bytes]) -> None:
    """Copy one part out of a checked backup."""
    with zipfile.ZipFile(path) as archive, archive.open(name) as source:
        while chunk := source.read(_CHUNK):
            target.write(chunk)


def _checked(file: IO[bytes], name: str) -> Manifest:
    total = file.seek(0, io.SEEK_END)
    file.seek(max(0, total - _CLOSING_LENGTH))
    closing = _CLOSING.fullmatch(file.read())
    if closing is None:
        raise _damaged(name, "末尾不完整：文件被截断，或不是guatu的备份")
    length = int(closing[2])
    if length != total - _CLOSING_LENGTH:
        raise _damaged(name, f"长度不符：应为{length}字节，实为{total - _CLOSING_LENGTH}字节")
    file.seek(0)
    is_whole = _digest(file, length) == closing[1].decode()
    manifest, problems = _parts_checked(file)
    if problems or not is_whole or manifest is None:
        raise _damaged(name, "；".join(list(problems)[:5]) or "内容与摘要不符")
    return manifest


def _parts_checked(file: IO[bytes]) -> tuple[Manifest | None, list[str]]:
    """The manifest, and which parts are not what it says."""
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = Manifest.from_json(archive.read(MANIFEST))
            return manifest, list(_wrong_parts(archive, manifest))
    except Exception:  # whatever a damaged archive raises, it is damaged
        return None, ["目录或清单损坏"]


def _wrong_parts(archive: zipfile.ZipFile, manifest: Manifest) -> Iterator[str]:
    names = set(archive.namelist()) - {MANIFEST}
    for name in sorted(set(manifest.parts) - names):
        yield f"缺少{name}"
    for name in sorted(names - set(manifest.parts)):
        yield f"多出{name[:80]}"
    for name, part in manifest.parts.items():
        if not _PART.fullmatch(name):
            yield f"名称不对{name[:80]}"
        elif name in names and _digest_of(archive, name) != (part.size, part.sm3):
            yield f"{name}损坏"


def _digest_of(archive: zipfile.ZipFile, name: str) -> tuple[int, str]:
    digest, size = hashlib.new("sm3"), 0
    try:
        with archive.open(name) as source:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except Exception:  # whatever a damaged stream raises, it is damaged
        return -1, ""
    return size, digest.hexdigest()


def _digest(file: IO[bytes], length: int) -> str:
    digest, left = hashlib.new("sm3"), length
    while left > 0 and (chunk := file.read(min(_CHUNK, left))):
        digest.update(chunk)
        left -= len(chunk)
    return digest.hexdigest()


def _damaged(name: str, what: str) -> BadInput:
    return BadInput(
        Fault("damaged-backup", f"备份损坏：{what}", "没有恢复任何内容，请换另一份备份", name)
    )
