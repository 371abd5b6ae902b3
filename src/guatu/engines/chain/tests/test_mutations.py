"""Trust F-2: every way to tamper with 300 entries is caught and located.

Against the outside mark (count and head of the untouched chain). A mutation at row k leaves the
rows before it as they were, so it is verified from the mark of row k - 1 on; every 97th one is
verified from the first row as well, with the same finding.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count

import pytest

from guatu.engines import chain
from guatu.engines.chain import Link, Mark
from guatu.engines.chain.tests.test_chain import make_links

ENTRIES = 300
EVERY_BIT = 5
LINKS = make_links(ENTRIES)
MARKS = [Mark(0, chain.GENESIS), *(Mark(link.seq, link.hash) for link in LINKS)]
HEAD = MARKS[-1]


@dataclass(frozen=True, slots=True)
class Mutation:
    """`rows` replaces everything from row `start` on; `first_wrong` is where it must be seen."""

    kind: str
    start: int
    rows: list[Link]
    first_wrong: int


def flipped(text: str, step: Iterator[int]) -> Iterator[str]:
    """The text with one bit flipped, for every fifth bit over all fields of all rows."""
    for place, sign in enumerate(text):
        for bit in range(7 if sign < "\x80" else 16):
            if next(step) % EVERY_BIT == 0:
                yield f"{text[:place]}{chr(ord(sign) ^ 1 << bit)}{text[place + 1 :]}"


def bit_flips() -> Iterator[Mutation]:
    step = count()
    for k, link in enumerate(LINKS, start=1):
        for bit in range(32):
            if next(step) % EVERY_BIT == 0:
                yield _changed(k, replace(link, seq=link.seq ^ 1 << bit))
        for text in flipped(link.alg, step):
            yield _changed(k, replace(link, alg=text))
        for text in flipped(link.body, step):
            yield _changed(k, replace(link, body=text))
        for text in flipped(link.prev, step):
            yield _changed(k, replace(link, prev=text))
        for text in flipped(link.hash, step):
            yield _changed(k, replace(link, hash=text))


def _changed(k: int, link: Link) -> Mutation:
    return Mutation("bit flipped", k, [link, *LINKS[k : k + 1]], k)


def rehashed_edits() -> Iterator[Mutation]:
    """A body edited and its own hash made to fit: the next row, or the mark, gives it away."""
    for k, link in enumerate(LINKS, start=1):
        body = link.body.replace("report.submitted", "report.returned")
        forged = replace(link, body=body, hash=chain.link_hash(link.alg, link.prev, body))
        yield Mutation("edited, own hash made to fit", k, [forged, *LINKS[k:]], min(k + 1, ENTRIES))


def deletions() -> Iterator[Mutation]:
    for k in range(1, ENTRIES + 1):
        yield Mutation("deleted", k, LINKS[k:], k)


def insertions() -> Iterator[Mutation]:
    """A forged row with a valid hash put before row k, the later ones moved or not."""
    for k in range(1, ENTRIES + 2):
        forged = chain.append(MARKS[k - 1], {"act": "forged"})
        rest = LINKS[k - 1 :]
        # At the very end the row is one more than the mark counts, which is no fault by itself;
        # in the place of the marked row the mark itself gives it away.
        if rest:
            seen = min(k + 1, ENTRIES)
            yield Mutation("inserted", k, [forged, *rest], seen)
            moved = [replace(link, seq=link.seq + 1) for link in rest]
            yield Mutation("inserted, rest renumbered", k, [forged, *moved], seen)
        unfitting = replace(forged, prev=chain.GENESIS if k > 1 else "1" * 64)
        yield Mutation("inserted without fitting", k, [unfitting, *rest], k)


def swaps() -> Iterator[Mutation]:
    pairs = [(k, k + 1) for k in range(1, ENTRIES)]
    choice = random.Random(9)
    pairs += [
        (i, choice.randrange(i + 1, ENTRIES + 1))
        for i in choice.choices(range(1, ENTRIES), k=1_000)
    ]
    for i, j in pairs:
        rows = LINKS[i - 1 :]
        rows[0], rows[j - i] = rows[j - i], rows[0]
        yield Mutation("swapped", i, rows, i)
        rows = list(rows)
        rows[0] = replace(rows[0], seq=i)
        rows[j - i] = replace(rows[j - i], seq=j)
        yield Mutation("swapped and renumbered", i, rows, i)


def duplicates() -> Iterator[Mutation]:
    for k, link in enumerate(LINKS, start=1):
        yield Mutation("duplicated", k, [link, link, *LINKS[k:]], k + 1)
        again = replace(link, seq=k + 1)
        yield Mutation("duplicated and renumbered", k, [link, again, *LINKS[k:]], k + 1)


def cut_tails() -> Iterator[Mutation]:
    for k in range(1, ENTRIES + 1):
        yield Mutation("tail cut", k, [], k)


def cut_heads() -> Iterator[Mutation]:
    for k in range(2, ENTRIES + 1):
        yield Mutation("head cut", 1, LINKS[k - 1 :], 1)
        moved = [replace(link, seq=n) for n, link in enumerate(LINKS[k - 1 :], start=1)]
        yield Mutation("head cut, rest renumbered", 1, moved, 1)


def rewritten(start: int, links: list[Link]) -> list[Link]:
    """The same bodies with one changed, all hashes valid again from row `start` on."""
    rows, before = [], MARKS[start - 1]
    for link in links:
        act = "forged" if link.seq == start else "report.submitted"
        rows.append(chain.append(before, {"act": act, "changes": link.seq}, link.alg))
        before = Mark(rows[-1].seq, rows[-1].hash)
    return rows


def rewrites() -> Iterator[Mutation]:
    """Valid from end to end: only the mark outside gives it away, at the row it names."""
    for k in range(1, ENTRIES + 1):
        rows = rewritten(k, LINKS[k - 1 :])
        yield Mutation("rewritten with valid hashes", k, rows, ENTRIES)
        yield Mutation("rewritten and shorter", k, rows[:-1], ENTRIES)


KINDS: list[Callable[[], Iterator[Mutation]]] = [
    bit_flips, rehashed_edits, deletions, insertions, swaps, duplicates, cut_tails, cut_heads,
    rewrites,
]  # fmt: skip


def verdict(mutation: Mutation, marks: list[Mark]) -> int | None:
    since = MARKS[mutation.start - 1] if mutation.start > 1 else None
    broken = chain.first_break(mutation.rows, marks, since=since)
    return broken.seq if broken else None


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_mutation_is_caught_and_located(
    kind: Callable[[], Iterator[Mutation]], say: Callable[[str], None]
) -> None:
    tried, wrong = Counter[str](), []
    for n, mutation in enumerate(kind()):
        tried[mutation.kind] += 1
        if verdict(mutation, [HEAD]) != mutation.first_wrong:
            wrong.append(mutation)
        if n % 97 == 0:
            whole = [*LINKS[: mutation.start - 1], *mutation.rows]
            broken = chain.first_break(whole, [HEAD])
            assert broken is not None
            assert broken.seq == mutation.first_wrong
    missed = Counter(mutation.kind for mutation in wrong)
    for name, total in tried.items():
        caught = total - missed[name]
        say(f"journal, {ENTRIES} entries: {name}: {caught:,} of {total:,} caught and located")
    assert not wrong, wrong[:3]


def test_verification_without_the_hash_misses_edits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: with the comparison of hashes off, an edited body passes unseen."""
    monkeypatch.setattr(chain, "_recomputed", lambda link: link.hash)
    edits = [
        _changed(k, replace(link, body=link.body.replace("submitted", "returned")))
        for k, link in enumerate(LINKS, start=1)
    ]
    found = [chain.first_break([*LINKS[: m.start - 1], *m.rows], MARKS[: m.start]) for m in edits]
    assert found == [None] * ENTRIES


def test_verification_without_the_mark_misses_cut_tails_and_rewrites() -> None:
    """The twin: nothing inside the chain tells that it was cut or written anew."""
    for kind in (cut_tails, rewrites):
        mutations = list(kind())
        assert all(verdict(mutation, []) is None for mutation in mutations)
