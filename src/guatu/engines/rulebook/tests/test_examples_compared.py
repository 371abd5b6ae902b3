"""An example that says a wrong limit, total or content of an act is found out."""

from __future__ import annotations

import pytest

from guatu.engines.rulebook import parse_book, parse_examples
from guatu.engines.rulebook.checking.examples import faults_of_examples

BOOK = """
[book]
id = "compared"
version = 1
from = 2025-01-01
subject = "项目"
compare = "unrounded"
title = "t"
source = "s"

[[measure]]
name = "合并"
kind = "是否"
meaning = "m"
data = "d"

[[item]]
name = "建议书"
clause = "一"

[[item]]
name = "可研"
clause = "一"
limit = "9工作日"
after = "建议书"
merge = {with = ["建议书"], when = "合并", as = "可研（合并）", limit = "8工作日"}

[[total_limit]]
name = "全程"
clause = "一"
limit = "9工作日"

[[act]]
name = "处理"
clause = "二"
when = "合并"
do = [
  {act = "禁止", what = "承接业务", for = "3年"},
  {act = "收取费用", at_most = "20%", base = "出让金"},
  {act = "扣分", points = -0.3, account = "绩效"},
]
"""

EXAMPLE = """
[[example]]
name = "甲"
facts = {{"合并" = {merged}}}
expect = {{{expect}}}
"""

BAN = '{act = "禁止", what = "承接业务", for = "3年"}'
FEE = '{act = "收取费用", at_most = "20%", base = "出让金"}'
CUT = '{act = "扣分", points = -0.3, account = "绩效"}'


def faults(merged: str, expect: str) -> list[str]:
    book = parse_book(BOOK, source="compared")
    examples = parse_examples(
        EXAMPLE.format(merged=merged, expect=expect), book, source="examples.toml"
    )
    return [one.what for one in faults_of_examples(book, examples)]


@pytest.mark.parametrize(
    ("merged", "right", "wrong", "told"),
    [
        ("false", 'items = {"可研" = 9}', 'items = {"可研" = 8}', "算得9个工作日"),
        (
            "false",
            'items = {"建议书" = "没有写时限"}',
            'items = {"建议书" = 1}',
            "算得没有写时限",
        ),
        ("true", 'items = {"可研（合并）" = 8}', 'items = {"可研（合并）" = 9}', "算得8个工作日"),
        ("true", 'items = {"建议书" = "不用办"}', 'items = {"建议书" = "没有写时限"}', "算得不用办"),
        ("true", 'dropped = ["建议书"]', "dropped = []", "算得建议书"),
        ("true", 'totals = {"全程" = true}', 'totals = {"全程" = false}', "算得True"),
        ("false", 'totals = {"全程" = "不能判断"}', 'totals = {"全程" = true}', "算得不能判断"),
        (
            "true",
            'totals = {"全程" = {limit = 9, takes = 8, fits = true}}',
            'totals = {"全程" = {limit = 10, takes = 8, fits = true}}',
            "的limit应为10，算得9",
        ),
        ("true", f"acts = [{BAN}, {FEE}, {CUT}]", f"acts = [{BAN}, {FEE}]", "措施应为"),
        *(
            ("true", f"acts = [{BAN}, {FEE}, {CUT}]", f"acts = [{BAN}, {FEE}, {CUT}]".replace(*two), two[0])
            for two in (("3年", "4年"), ("20%", "21%"), ("-0.3", "-0.31"), ("出让金", "地价"))
        ),
    ],
)  # fmt: skip
def test_a_wrong_example_is_told(merged: str, right: str, wrong: str, told: str) -> None:
    assert faults(merged, right) == []
    found = faults(merged, wrong)
    assert len(found) == 1
    assert told in found[0]
