"""Whatever stands in a sheet: read or flagged, never an error."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.engines.sheets import (
    Cell,
    Merge,
    Sheet,
    check_subtotals,
    header_signature,
    recognise,
)
from guatu.engines.sheets.tests.build import VOCABULARY

TEXTS = [
    "",
    "",
    "项目名称",
    "序号",
    "总投资（万元）",
    "存在问题",
    "其中：",
    "其中：甲",
    "合计（2个）",
    "小计",
    "一、甲",
    "（一）",
    "1.1",
    "①",
    "注：甲",
    "（万元）",
    "单位：万元",
    "2026年1-9月",
    "约5",
    "停工",
    "3月底",
    "2024.1",
    "#REF!",
    "1e999",
    "٣",
    "²",
    "½",
    "〇〇〇〇年十三月四十日",
    "十季度",
    "第一部分",
    "截至2026年2月30日",
    "99月",
    "0-0月",
    "合计合计合计合计合计合计合计合计合计",
    "99999999999999999999999999999999",
]
NUMBERS: list[Cell] = [None, True, 1, -1, 0.1, 2024.1, 1e308, 10**30, 10**400]
OTHERS: list[Cell] = [
    float("nan"),
    float("-inf"),
    datetime(2026, 1, 1, 5),
    date(9999, 12, 31),
    time(1),
    timedelta(5),
]
WORDS: st.SearchStrategy[Cell] = st.sampled_from([*TEXTS, *NUMBERS, *OTHERS])
RANGES = st.tuples(*[st.integers(0, 8)] * 4).map(
    lambda n: Merge(min(n[0], n[1]), min(n[2], n[3]), max(n[0], n[1]), max(n[2], n[3]))
)


@given(st.lists(st.lists(WORDS, max_size=7), max_size=12), st.lists(RANGES, max_size=4))
@settings(max_examples=400, deadline=None)
def test_whatever_stands_in_a_sheet_it_is_read_or_flagged_never_an_error(
    rows: list[list[Cell]], merges: list[Merge]
) -> None:
    head: list[Cell] = [
        "序号",
        "项目名称",
        "总投资（万元）",
        "计划开工时间",
        "项目代码",
        "完成率",
        "子项目数",
    ]
    for grid in (rows, [head, *rows]):
        table = recognise(Sheet("表", grid, tuple(merges)), VOCABULARY, file="x")
        if table is not None:
            check_subtotals(table)
            header_signature(table)
            numbers = [row.number for row in table.rows]
            assert numbers == sorted(set(numbers))
