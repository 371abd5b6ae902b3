"""Charts: what has no data is no point, and every figure stands in the table too."""

from __future__ import annotations

import pytest

from guatu.ui.charts import Series, _ceiling, bar, line_chart, stacked_bars


def test_a_missing_month_breaks_the_line() -> None:
    drawn = line_chart(
        "曲线", ["1月", "2月", "3月", "4月"],
        [Series("完成", "chart-a", [1.0, None, 3.0, 4.0])], unit="亿元",
    )  # fmt: skip
    assert drawn.count("<polyline") == 1
    assert drawn.count("<circle") == 3
    assert '<td class="num">—</td>' in drawn


def test_bars_stack_and_empty_months_draw_nothing() -> None:
    drawn = stacked_bars(
        "灯", ["1月", "2月"],
        [Series("红", "l-serious", [2, 0]), Series("绿", "l-ok", [8, 0])], unit="个",
    )  # fmt: skip
    assert drawn.count("<title>") == 2
    assert "1月 红 2个" in drawn


def test_words_of_files_are_escaped() -> None:
    drawn = line_chart("<b>", ["<i>"], [Series("<u>", "chart-a", [1])], unit="亿元")
    assert "<b>" not in drawn
    assert "<i>" not in drawn
    assert "<u>" not in drawn


@pytest.mark.parametrize(
    ("highest", "ceiling"), [(0, 1), (0.3, 0.4), (1, 1), (7, 8), (99, 100), (101, 200), (260, 400)]
)
def test_the_axis_ends_on_a_round_number(highest: float, ceiling: float) -> None:
    assert _ceiling([highest]) == pytest.approx(ceiling)


def test_a_bar_stays_within_its_frame_and_says_its_text() -> None:
    drawn = bar(1.7, mark=0.75, label="完成170%，时间进度75%")
    assert 'width="120.0"' in drawn
    assert 'aria-label="完成170%，时间进度75%"' in drawn
