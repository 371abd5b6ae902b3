"""A backup tells of itself: any byte changed, any tail cut is found, and the part is named."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest

from guatu.core.errors import BadInput
from guatu.upkeep.archive import Manifest, Writer, checked, extract, manifest_of

PARTS = {
    "database.sqlite3": bytes(range(256)) * 400,
    f"blobs/ab/ab{'0' * 62}": b"x" * 1000,
    f"blobs/cd/cd{'1' * 62}": b"",
    "secret_key": b"s" * 50,
}


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    path = tmp_path / "a.guatu"
    manifest = Manifest(version="1", made_at="2026-10-31T00:00:00+00:00", vendor="sqlite")
    with path.open("w+b") as file:
        writer = Writer(file, manifest)
        for name, content in PARTS.items():
            writer.add(name, io.BytesIO(content))
        writer.close()
    return path


def test_what_went_in_comes_out(backup: Path) -> None:
    manifest = checked(backup)
    assert set(manifest.parts) == set(PARTS)
    for name, content in PARTS.items():
        target = io.BytesIO()
        extract(backup, name, target)
        assert target.getvalue() == content
    assert manifest_of(backup) == manifest


def test_a_byte_flipped_anywhere_is_found(backup: Path, tmp_path: Path) -> None:
    whole = backup.read_bytes()
    places = random.Random(7).sample(range(len(whole)), 300)
    places += [0, 1, len(whole) // 2, len(whole) - 1, len(whole) - 2, len(whole) - 100]
    damaged = tmp_path / "b.guatu"
    for place in places:
        changed = bytearray(whole)
        changed[place] ^= 1 << (place % 8)
        damaged.write_bytes(changed)
        with pytest.raises(BadInput, match="备份损坏") as told:
            checked(damaged)
        assert told.value.faults[0].file == "b.guatu"


def test_the_damaged_part_is_named(backup: Path) -> None:
    whole = bytearray(backup.read_bytes())
    at = whole.index(b"secret_key") + len("secret_key") + 25
    whole[at] ^= 0xFF
    backup.write_bytes(whole)
    with pytest.raises(BadInput, match=r"secret_key损坏|目录或清单损坏"):
        checked(backup)


@pytest.mark.parametrize("kept", [0, 1, 50, 111, 112, 500, 0.5, 0.99])
def test_a_cut_tail_is_found(backup: Path, kept: float) -> None:
    whole = backup.read_bytes()
    backup.write_bytes(whole[: int(kept * len(whole)) if kept < 1 else int(kept)])
    with pytest.raises(BadInput, match="备份损坏"):
        checked(backup)


def test_something_added_is_found(backup: Path) -> None:
    backup.write_bytes(backup.read_bytes() + b"\n")
    with pytest.raises(BadInput, match="备份损坏"):
        checked(backup)


@pytest.mark.parametrize("content", [b"", b"PK", b"not a backup" * 100])
def test_another_file_is_no_backup(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "c.guatu"
    path.write_bytes(content)
    with pytest.raises(BadInput, match="不是guatu的备份"):
        checked(path)
    assert manifest_of(path) is None


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/passwd", "blobs/../../evil", "blobs/ab/short", "state/x"]
)
def test_a_part_with_a_strange_name_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "d.guatu"
    manifest = Manifest(version="1", made_at="", vendor="sqlite")
    with path.open("w+b") as file:
        writer = Writer(file, manifest)
        writer.add(name, io.BytesIO(b"x"))
        writer.close()
    with pytest.raises(BadInput, match="名称不对"):
        checked(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="打不开"):
        checked(tmp_path / "none.guatu")
