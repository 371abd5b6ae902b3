from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import pytest

from guatu.engines.rulebook import compile_book, find_book
from guatu.engines.rulebook.sql import Relation, compile_sql, ranked, ratio_order, rolled_up
from guatu.engines.rulebook.sql.tests.databases import Database, Schema
from guatu.engines.rulebook.sql.tests.invented import facts_of, row_of, schema_of
from guatu.engines.rulebook.types import Severity

SCHEMA: Schema = [("id", "bigint"), ("region", "text"), ("n", "bigint"), ("d", "bigint")]
SHARES = ((1, 2), (4, 5))


def invented(number: int) -> list[tuple[int, str, int | None, int | None]]:
    """Subjects of three regions with many ties, some without a ratio."""
    chance = random.Random(number)
    rows: list[tuple[int, str, int | None, int | None]] = []
    for key in range(number):
        d = chance.choice((None, 0, 4, 8, 12, 10**13 - 1))
        n = chance.choice((None, 0, 1, 2, 3, 6, 9, 10**12))
        rows.append((key, chance.choice("甲乙丙"), n, d))
    return rows


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 10, 11, 400])
@pytest.mark.parametrize("lowest_first", [False, True])
def test_ranks_and_percentiles(database: Database, number: int, lowest_first: bool) -> None:
    """Ties share a rank and the next is skipped; P50 and P80 by nearest rank."""
    rows = invented(number)
    source = database.load(SCHEMA, rows)
    order = ratio_order(database.dialect, "n", "d", largest=(10**13, 10**13))
    sql = ranked(
        database.dialect,
        source,
        order,
        keep=("id", "region"),
        within=("region",),
        lowest_first=lowest_first,
        percentiles=SHARES,
    )
    found = {row[0]: row[2:] for row in database.rows(sql)}
    assert len(found) == number
    for region in "甲乙丙":
        members = {k: Fraction(n, d) for k, r, n, d in rows if r == region and n is not None and d}
        values = sorted(members.values())
        for key, value in members.items():
            better = sum((v < value) if lowest_first else (v > value) for v in values)
            assert found[key][:2] == (better + 1, len(values))
        for place, (top, bottom) in enumerate(SHARES, start=2):
            marked = [key for key in members if found[key][place]]
            assert len(marked) == (1 if values else 0)
            nearest = -(-len(values) * top // bottom)
            assert [members[key] for key in marked] == values[nearest - 1 : nearest]
    unranked = [key for key, _, n, d in rows if n is None or not d]
    assert all(found[key][0] is None for key in unranked)


def test_roll_ups_are_the_sums_of_their_members(database: Database) -> None:
    book = find_book("default")
    plan = compile_sql(
        book,
        dialect=database.dialect,
        relation=Relation(
            keep=("id", "region", "plan_yuan", "completed_yuan"),
            bounds={"年度计划投资": 10**16, "本年累计完成投资": 10**16},
        ),
    )
    evaluator = compile_book(book)
    schema = [*schema_of(plan.columns), ("region", "text")]
    schema += [("plan_yuan", "bigint"), ("completed_yuan", "bigint")]
    everyone, rows = [], []
    for key in range(600):
        facts = facts_of(key, plan.columns)
        for name in ("年度计划投资", "本年累计完成投资"):
            facts[name] = None if facts[name] is None else facts[name] % 10**14
        region = None if key % 11 == 0 else "甲乙丙"[key % 3]
        amounts = (facts["年度计划投资"], facts["本年累计完成投资"])
        everyone.append((region, *amounts, evaluator.verdict(facts).overall))
        rows.append((*row_of(key, facts, plan.columns), region, *amounts))
    source = database.load(schema, rows)
    judged = f"({plan.sql(source)}) AS judged"
    sql = rolled_up(
        database.dialect, judged, ("region",), plan="plan_yuan", completed="completed_yuan"
    )
    found = {row[1]: row for row in database.rows(sql)}
    assert found.keys() == {None, "甲", "乙", "丙"}
    for region, row in found.items():
        members = [one for one in everyone if one[0] == region]
        inside = [one for one in members if one[3] is not Severity.NOT_IN_SCOPE]
        outside = [one for one in members if one[3] is Severity.NOT_IN_SCOPE]
        done = sum(one[2] for one in inside if one[2] is not None)
        planned = sum(one[1] or 0 for one in inside)
        counts = Counter(one[3] for one in members)
        assert row[:3] == ("region", region, len(members))
        assert row[3:5] == (len(inside), sum(one[2] is None for one in inside))
        assert row[5:8] == (planned, done, sum(one[2] or 0 for one in outside))
        shown = [counts[severity] for severity in (
            Severity.NOT_IN_SCOPE, Severity.NOT_DUE, Severity.NO_DATA, Severity.UNDECIDED,
            Severity.OK, Severity.NOTICE, Severity.WARNING, Severity.SERIOUS,
        )]  # fmt: skip
        assert list(row[8:16]) == shown
        assert row[16:] == (done, planned)
