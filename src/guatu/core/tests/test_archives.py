"""Whatever reading a damaged archive raises is expected."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from guatu.core.archives import DAMAGED

METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


def archive(method: int) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as opened:
        opened.writestr("a.txt", "挂图" * 500)
    return target.getvalue()


def read(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return opened.read("a.txt")


@pytest.mark.parametrize("method", METHODS)
def test_what_a_damaged_archive_raises_is_among_them(method: int) -> None:
    whole, dice, refused = archive(method), random.Random(method), 0
    for _ in range(400):
        data = bytearray(whole[: dice.randrange(20, len(whole) + 1)])
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        try:
            read(bytes(data))
        except KeyError:
            pass  # the name was hit: the member is not there
        except DAMAGED:
            refused += 1
    assert refused > 200


def test_a_fault_of_ones_own_is_not_taken_for_damage() -> None:
    with pytest.raises(KeyError):
        read_other(archive(zipfile.ZIP_DEFLATED))


def read_other(data: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            return opened.read("b.txt")
    except DAMAGED:
        return b""
