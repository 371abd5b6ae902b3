import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.engines.gongwen.breaking import NO_END, NO_START, break_lines, may_break, text_width
from guatu.engines.gongwen.grid import CHARACTER, cells


@pytest.mark.parametrize(
    ("text", "width"), [("汉字", 2.0), ("2026年", 3.0), ("97.2%", 2.5), ("“双”——", 5.0), ("", 0.0)]
)
def test_half_width_counts_half(text: str, width: float) -> None:
    assert cells(text) == width


@pytest.mark.parametrize(("count", "lines"), [(1, 1), (28, 1), (29, 2), (56, 2), (57, 3)])
def test_a_line_holds_28_characters(count: int, lines: int) -> None:
    assert len(break_lines("字" * count)) == lines


def test_an_indented_first_line_holds_26() -> None:
    assert [len(x) for x in break_lines("字" * 60, first_indent=2 * CHARACTER)] == [26, 28, 6]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("字" * 28 + "。", ("字" * 27, "字。")),
        ("字" * 27 + "（甲）", ("字" * 27, "（甲）")),
        ("字" * 27 + "97.2%", ("字" * 27, "97.2%")),
        ("字" * 27 + "——甲", ("字" * 27, "——甲")),
        ("字" * 27 + "》。甲", ("字" * 26, "字》。甲")),
        ("1" * 60, ("1" * 57, "1" * 3)),
        ("", ("",)),
    ],
)
def test_lines_end_where_they_may(text: str, lines: tuple[str, ...]) -> None:
    assert break_lines(text) == lines


def test_figures_stand_off_from_characters_but_not_from_stops() -> None:
    assert text_width("年10月", 16, 0) == 320 * 3 + 2 * 64
    assert text_width("。10%。", 16, 0) == 320 * 2 + 480


@given(st.text("字国一，。（）《》“”12.5%—、：A", max_size=300))
def test_nothing_is_lost_and_no_line_starts_with_a_stop(text: str) -> None:
    lines = break_lines(text)
    assert "".join(lines) == text
    position = 0
    for line in lines[:-1]:
        position += len(line)
        # Where a run of marks fills the line there is no better place.
        if any(may_break(text, at) for at in range(position - len(line) + 1, position + 1)):
            assert text[position] not in NO_START
            assert text[position - 1] not in NO_END
