"""Charts: what has no data is no point, and every figure stands in the table too."""

from __future__ import annotations

import pytest

from guatu.ui.charts import Series, _axis, bar, line_chart, stacked_bars


def wide(drawn: str) -> str:
    """The drawing for a wide place; the one for a narrow place says the same."""
    start = drawn.index('<svg class="chart-wide"')
    return drawn[start : drawn.index("</svg>", start)]


def test_a_missing_month_breaks_the_line() -> None:
    drawn = line_chart(
        "曲线", ["1月", "2月", "3月", "4月"],
        [Series("完成", "chart-a", [1.0, None, 3.0, 4.0])], unit="亿元",
    )  # fmt: skip
    assert wide(drawn).count("<polyline") == 1
    assert wide(drawn).count("<circle") == 3
    assert '<td class="num">—</td>' in drawn


def test_bars_stack_and_empty_months_draw_nothing() -> None:
    drawn = stacked_bars(
        "灯", ["1月", "2月"],
        [Series("红", "l-serious", [2, 0]), Series("绿", "l-ok", [8, 0])], unit="个",
    )  # fmt: skip
    assert wide(drawn).count("<title>") == 2
    assert "1月 红 2个" in drawn


def test_a_marked_point_is_hollow_named_and_led_to_by_a_broken_line() -> None:
    line = Series("完成", "chart-a", [1.0, 2.0, 1.5], {2: "未收齐（52个无数据）"})
    drawn = line_chart("曲线", ["8月", "9月", "10月"], [line], unit="亿元")
    for one in (wide(drawn), drawn[drawn.index('<svg class="chart-narrow"') :]):
        assert "未收齐（52个无数据）" in one
        assert one.count("doubtful") == 1
        assert one.count("hollow") == 1


def test_without_colours_lines_and_bars_still_differ() -> None:
    """On a black and white print a plan has no points, last year square ones; bars are hatched."""
    styles = ("chart-a", "chart-b", "chart-c")
    curves = line_chart("曲线", ["1月"], [Series(s, s, [1.0]) for s in styles], unit="亿元")
    assert wide(curves).count("<circle") == 1
    assert wide(curves).count('<rect class="chart-c dot"') == 1
    lights = ("l-serious", "l-warning", "l-notice", "l-ok", "l-no_data")
    bars = stacked_bars("灯", ["1月"], [Series(s, s, [9]) for s in lights], unit="个")
    assert wide(bars).count("<pattern") == 3
    assert wide(bars).count('<text class="chart-text chart-count"') == 5
    names = [part.split('"')[0] for part in bars.split('id="')[1:]]
    assert len(names) == len(set(names))


def test_the_newest_place_is_named_and_the_unit_stands_at_the_axis() -> None:
    months = ["1—2月", *(f"{n}月" for n in range(3, 13))]
    drawn = line_chart("曲线", months, [Series("a", "chart-a", [1.0] * 11)], unit="万元")
    for start in ('<svg class="chart-wide"', '<svg class="chart-narrow"'):
        one = drawn[drawn.index(start) :].split("</svg>")[0]
        assert ">12月</text>" in one
        assert ">万元</text>" in one


def test_words_of_files_are_escaped() -> None:
    drawn = line_chart("<b>", ["<i>"], [Series("<u>", "chart-a", [1])], unit="亿元")
    assert "<b>" not in drawn
    assert "<i>" not in drawn
    assert "<u>" not in drawn


@pytest.mark.parametrize(
    ("lowest", "highest", "ticks"),
    [
        (0, 0, [0, 0.5, 1]),
        (0, 0.3, [0, 0.1, 0.2, 0.3]),
        (0, 1, [0, 0.5, 1]),
        (0, 7, [0, 2, 4, 6, 8]),
        (0, 48.8, [0, 20, 40, 60]),
        (0, 101, [0, 50, 100, 150]),
        (0, 260, [0, 100, 200, 300]),
        (-3, 9, [-5, 0, 5, 10]),
    ],
)
def test_the_axis_goes_in_steps_of_one_two_or_five(
    lowest: float, highest: float, ticks: list[float]
) -> None:
    assert _axis([lowest, highest]).ticks == pytest.approx(ticks)


def test_an_axis_of_projects_counts_whole_ones() -> None:
    assert _axis([0, 2], least=1).ticks == [0, 1, 2]


def test_a_bar_stays_within_its_frame_and_says_its_text() -> None:
    drawn = bar(1.7, mark=0.75, label="完成170%，时间进度75%")
    assert 'width="120.0"' in drawn
    assert 'aria-label="完成170%，时间进度75%"' in drawn
