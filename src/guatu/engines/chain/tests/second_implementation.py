"""The chain written a second time from its description, with nothing but the standard library.

It shares no line with the engine, SM3 (GB/T 32905-2016) and canonical JSON included, and is what
an auditor could write: `python second_implementation.py FILE` prints the first wrong row of a
file with one `{"seq": …, "alg": …, "body": …, "prev": …, "hash": …}` a line, or the head.
"""

from __future__ import annotations

import hashlib
import json
import struct
import sys

_MASK = 0xFFFFFFFF
_START = (
    0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600,
    0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E,
)  # fmt: skip


def _rotate(word: int, by: int) -> int:
    by %= 32
    return ((word << by) | (word >> (32 - by))) & _MASK


def _permute0(word: int) -> int:
    return word ^ _rotate(word, 9) ^ _rotate(word, 17)


def _permute1(word: int) -> int:
    return word ^ _rotate(word, 15) ^ _rotate(word, 23)


def _compress(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    words = list(struct.unpack(">16I", block))
    for j in range(16, 68):
        mixed = words[j - 16] ^ words[j - 9] ^ _rotate(words[j - 3], 15)
        words.append(_permute1(mixed) ^ _rotate(words[j - 13], 7) ^ words[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        constant = 0x79CC4519 if j < 16 else 0x7A879D8A
        first = _rotate((_rotate(a, 12) + e + _rotate(constant, j)) & _MASK, 7)
        second = first ^ _rotate(a, 12)
        if j < 16:
            ff, gg = a ^ b ^ c, e ^ f ^ g
        else:
            ff, gg = (a & b) | (a & c) | (b & c), (e & f) | (~e & _MASK & g)
        left = (ff + d + second + (words[j] ^ words[j + 4])) & _MASK
        right = (gg + h + first + words[j]) & _MASK
        a, b, c, d = left, a, _rotate(b, 9), c
        e, f, g, h = _permute0(right), e, _rotate(f, 19), g
    return tuple(x ^ y for x, y in zip(state, (a, b, c, d, e, f, g, h), strict=True))


def sm3(message: bytes) -> str:
    """SM3 by the book."""
    padded = message + b"\x80"
    padded += b"\x00" * ((56 - len(padded)) % 64) + struct.pack(">Q", 8 * len(message))
    state: tuple[int, ...] = _START
    for start in range(0, len(padded), 64):
        state = _compress(state, padded[start : start + 64])
    return "".join(f"{word:08x}" for word in state)


_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
}


def canonical(value: object) -> str:
    """RFC 8785 for the values that occur: null, true, false, integers, strings, lists, objects."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        signs = (
            _ESCAPES.get(sign) or (f"\\u{ord(sign):04x}" if ord(sign) < 32 else sign)
            for sign in value
        )
        return '"' + "".join(signs) + '"'
    if isinstance(value, list):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    if isinstance(value, dict):
        pairs = (f"{canonical(key)}:{canonical(value[key])}" for key in sorted(value))
        return "{" + ",".join(pairs) + "}"
    raise TypeError(type(value).__name__)


def link_hash(alg: str, prev: str, body: str) -> str:
    """The digest of algorithm, previous digest and body, one a line, the last without an end."""
    message = "\n".join((alg, prev, body)).encode()
    if alg == "sha256":
        return hashlib.sha256(message).hexdigest()
    if alg == "sm3":
        return sm3(message)
    raise ValueError(alg)


def first_wrong(rows: list[dict[str, object]]) -> int | None:
    """The number of the first row that does not fit, or None."""
    prev = "0" * 64
    for number, row in enumerate(rows, start=1):
        body = str(row["body"])
        fits = (
            row["seq"] == number
            and row["prev"] == prev
            and row["hash"] == link_hash(str(row["alg"]), prev, body)
            and canonical(json.loads(body)) == body
            and json.loads(body)["seq"] == number
        )
        if not fits:
            return number
        prev = str(row["hash"])
    return None


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    sys.stdout.write(f"{first_wrong(lines) or lines[-1]['hash']}\n")
