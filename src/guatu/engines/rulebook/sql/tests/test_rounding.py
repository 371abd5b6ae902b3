"""Printed figures and comparisons of random pairs, against exact fractions on every database."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import pytest

from conftest import Say
from guatu.core.ratio import Rounding
from guatu.engines.rulebook.sql.frame import rounded_pair
from guatu.engines.rulebook.sql.integers import Arithmetic, Int, Pair
from guatu.engines.rulebook.sql.ordering import ratio_order
from guatu.engines.rulebook.sql.tests.databases import Database, Schema

LARGEST = 4 * 10**18
SCHEMA: Schema = [(name, "bigint") for name in ("id", "a", "b", "c", "d")]
type Four = tuple[int, int, int, int]


def invented(seed: int) -> Four:
    """Two ratios: ties at the rounding, neighbours that a float cannot tell apart, any."""
    chance = random.Random(seed)
    way = chance.randrange(4)
    if way == 0:
        b = chance.randrange(1, 2_000) * 2_000
        a = (2 * chance.randrange(-2_000, 4_000) + 1) * (b // 2_000)
        return a, b, a + chance.choice((-1, 0, 1)), b
    if way == 1:
        b = chance.randrange(2**53, LARGEST // 2)
        a = chance.randrange(-b, b)
        return a, b, a + chance.choice((-1, 0, 1)), b + chance.choice((-1, 0, 1))
    if way == 2:
        b, factor = chance.randrange(1, 10**6), chance.randrange(1, 10**6)
        a = chance.randrange(-(10**6), 10**6)
        return a, b, a * factor, b * factor
    a, c = chance.randrange(-(10**13), 10**13), chance.randrange(-(10**13), 10**13)
    return a, chance.randrange(1, 10**13), c, chance.randrange(1, 10**13)


def half_up(value: Fraction) -> int:
    whole = int(abs(value) + Fraction(1, 2))
    return -whole if value < 0 else whole


def wrong_of(database: Database, number: int, *, start: int = 0) -> int:
    """How many of `number` pairs come out otherwise than by exact fractions."""
    fours = [invented(start + seed) for seed in range(number)]
    source = database.load(SCHEMA, [(key, *four) for key, four in enumerate(fours)])
    arithmetic = Arithmetic(database.dialect)
    a, b, c, d = (Int(name, LARGEST) for name in "abcd")
    one = rounded_pair(arithmetic, Pair(a, b), 1_000, Rounding.HALF_UP).top
    cut = rounded_pair(arithmetic, Pair(a, b), 10_000, Rounding.TRUNCATE).top
    left, right = arithmetic.times(a, d).sql, arithmetic.times(c, b).sql
    order = f"CASE WHEN {left} < {right} THEN -1 WHEN {left} = {right} THEN 0 ELSE 1 END"
    sql = f"SELECT id, {one.sql}, {cut.sql}, {order} FROM {source}"
    wrong = 0
    for key, rounded, truncated, compared in database.rows(sql):
        p, q = Fraction(fours[key][0], fours[key][1]), Fraction(fours[key][2], fours[key][3])
        expected = (half_up(p * 1_000), int(p * 10_000), (p > q) - (p < q))
        wrong += (int(rounded), int(truncated), compared) != expected
    return wrong


def test_none_of_twenty_thousand_pairs_is_wrong(database: Database) -> None:
    assert wrong_of(database, 20_000) == 0


@pytest.mark.long
def test_none_of_a_million_pairs_is_wrong(database: Database, say: Say) -> None:
    slice_ = 100_000
    wrong = sum(wrong_of(database, slice_, start=i * slice_) for i in range(10))
    say(f"{database.dialect.name}: {wrong} wrong of 1,000,000 pairs, rounded and compared")
    assert wrong == 0


def test_floats_would_be_wrong(database: Database) -> None:
    """The same pairs compared as doubles: the twin that shows the pairs are hard enough."""
    fours = [invented(seed) for seed in range(20_000)]
    source = database.load(SCHEMA, [(key, *four) for key, four in enumerate(fours)])
    kind = "DOUBLE PRECISION" if database.dialect.name == "postgres" else "DOUBLE"
    left, right = (f"CAST({n} AS {kind}) / CAST({m} AS {kind})" for n, m in ("ab", "cd"))
    sql = f"SELECT id, CASE WHEN {left} < {right} THEN -1 WHEN {left} = {right} THEN 0 ELSE 1 END"
    wrong = 0
    for key, compared in database.rows(f"{sql} FROM {source}"):
        p, q = Fraction(*fours[key][:2]), Fraction(*fours[key][2:])
        wrong += compared != (p > q) - (p < q)
    assert wrong > 1_000


@pytest.mark.parametrize("largest", [10**6, 10**13, 2**54, LARGEST])
def test_the_order_of_ratios_is_the_order_of_fractions(database: Database, largest: int) -> None:
    """Keys are equal exactly where the ratios are, and sort as the ratios do."""
    chance = random.Random(largest)
    pairs: list[tuple[int, int]] = []
    for _ in range(700):
        b = chance.randrange(2, largest)
        a = chance.randrange(-largest // 2, largest // 2)
        pairs += [(a, b), (max(-largest, a - 1), b), (a, b - 1), (a // 2, b // 2 or 1)]
    schema: Schema = [("id", "bigint"), ("n", "bigint"), ("d", "bigint")]
    missing = [(-1, None, 5), (-2, 5, None), (-3, 5, 0), (-4, 5, -5)]
    rows = [*((key, *pair) for key, pair in enumerate(pairs)), *missing]
    source = database.load(schema, rows)
    ordering = ratio_order(database.dialect, "n", "d", largest=(largest, largest))
    keys = ", ".join(ordering.keys)
    found = database.rows(f"SELECT id, {keys} FROM {ordering.over(source)}")
    assert {row[0] for row in found if row[1] is None} == {-1, -2, -3, -4}
    by_key = sorted((tuple(map(int, row[1:])), row[0]) for row in found if row[0] >= 0)
    fractions = [Fraction(*pairs[key]) for _, key in by_key]
    assert fractions == sorted(fractions)
    for (one, first), (other, second) in itertools.pairwise(by_key):
        assert (one == other) == (Fraction(*pairs[first]) == Fraction(*pairs[second]))
