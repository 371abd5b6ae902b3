"""Hash chain over canonical JSON bodies: the form of the journal (trust F-1, F-2).

Not here: storage and who may write. The journal room and any outside verifier build on it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

GENESIS = "0" * 64
ALGORITHMS = ("sm3", "sha256")
DEFAULT_ALGORITHM = "sm3"


@dataclass(frozen=True, slots=True)
class Link:
    """One row of the chain. `prev` and `hash` are lower-case hex."""

    seq: int
    alg: str
    body: str
    prev: str
    hash: str


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where a chain is wrong: the sequence number and why (Chinese)."""

    seq: int
    why: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A checkpoint kept outside: how many rows there were and the hash of the last one."""

    seq: int
    hash: str


def digest(alg: str, *parts: bytes) -> str:
    """Hex digest of the concatenated parts. Raises ValueError for an algorithm we do not use."""
    if alg not in ALGORITHMS:
        raise ValueError(f"unknown digest algorithm {alg!r}")
    h = hashlib.new(alg)
    for part in parts:
        h.update(part)
    return h.hexdigest()


def sm3(data: bytes) -> str:
    """Hex SM3 digest (GB/T 32905-2016)."""
    return hashlib.new("sm3", data).hexdigest()


def canonical(value: object) -> str:
    """Canonical JSON: sorted keys, no spaces, UTF-8 as is. Floats are refused.

    Only None, bool, int, str, list and dict with string keys occur; so the result agrees with
    RFC 8785 for every value whose integers stay below 2⁵³, and stays exact above.
    """
    return json.dumps(
        _checked(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def _checked(value: object) -> object:
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [_checked(item) for item in value]
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"canonical JSON needs string keys, not {type(key).__name__}")
        return {key: _checked(item) for key, item in value.items()}
    raise TypeError(f"canonical JSON has no {type(value).__name__}")


def link_hash(alg: str, prev: str, body: str) -> str:
    """h_n = H(alg ‖ h_{n-1} ‖ canonical(body_n)); the parts are separated by a newline."""
    return digest(alg, alg.encode("ascii"), b"\n", prev.encode("ascii"), b"\n", body.encode())


def append(prev: Mark | None, body: dict[str, object], alg: str = DEFAULT_ALGORITHM) -> Link:
    """The next link; `seq` is put into the body, so a moved row no longer fits its number."""
    seq = prev.seq + 1 if prev else 1
    before = prev.hash if prev else GENESIS
    text = canonical({**body, "seq": seq})
    return Link(seq, alg, text, before, link_hash(alg, before, text))


def first_break(
    links: Iterable[Link], marks: Iterable[Mark] = (), *, since: Mark | None = None
) -> Break | None:
    """The first wrong place of a chain, or None.

    Without `marks` a cut tail and a chain rewritten from some row on stay unseen (trust, fact
    7): the count and head must come from outside. Every mark must hold, also where two speak of
    the same row. With `since`, a mark up to which the chain is known to be good, `links` begins
    with the row after it, so that a long chain need not be read again.
    """
    expected: dict[int, set[str]] = {}
    for mark in marks:
        expected.setdefault(mark.seq, set()).add(mark.hash)
    seq, prev = (since.seq, since.hash) if since else (0, GENESIS)
    for link in links:
        if problem := _problem(link, seq + 1, prev, expected):
            return Break(seq + 1, problem)
        seq, prev = link.seq, link.hash
    beyond = max(expected, default=0)
    if beyond > seq:
        return Break(seq + 1, f"链尾缺失：检查点记有{beyond}条，现只有{seq}条")
    return None


def _problem(link: Link, seq: int, prev: str, expected: dict[int, set[str]]) -> str:
    if link.seq != seq:
        return f"序号不连续：应为{seq}，实为{link.seq}"
    if link.alg not in ALGORITHMS:
        return f"摘要算法不认识：{link.alg!r}"
    if link.prev != prev:
        return "与上一条的摘要对不上"
    if link.hash != _recomputed(link):
        return "内容与摘要不符"
    if not _has_form(link.body, seq):
        return "内容不是规范形式，或序号与内容不符"
    if any(link.hash != told for told in expected.get(seq, ())):
        return "与外部检查点不符"
    return ""


def _recomputed(link: Link) -> str:
    """The hash the body has now; damaged storage may hand out text that is no text any more."""
    try:
        return link_hash(link.alg, link.prev, link.body)
    except (UnicodeEncodeError, AttributeError):
        return ""


def _has_form(text: str, seq: int) -> bool:
    try:
        body = json.loads(text)
        return canonical(body) == text and body.get("seq") == seq
    except (ValueError, TypeError, AttributeError, RecursionError):
        return False
