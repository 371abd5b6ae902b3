import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.engines.gongwen.grid import TITLE_CHARACTERS, cells
from guatu.engines.gongwen.titles import title_lines
from guatu.engines.gongwen.types import GongwenError


@pytest.mark.parametrize(
    ("title", "keep", "lines"),
    [
        ("关于推进情况的通报", (), ("关于推进情况的通报",)),
        (
            "关于江源市2026年1—10月重点项目推进情况的通报",
            ("江源市",),
            ("关于江源市2026年1—10月", "重点项目推进情况的通报"),
        ),
        (
            "关于江源市2026年度重点项目推进情况的通报",
            ("江源市",),
            ("关于江源市2026年度", "重点项目推进情况的通报"),
        ),
        (
            "关于印发《江源市重点项目管理办法》的通知",
            (),
            ("关于印发《江源市重点项目管理办法》的通知",),
        ),
    ],
)
def test_titles_break_between_words(
    title: str, keep: tuple[str, ...], lines: tuple[str, ...]
) -> None:
    assert title_lines(title, keep) == lines


def test_the_last_line_is_never_the_kind_alone() -> None:
    for city in ("江源市", "江源高新技术产业开发区", "江源市经济技术开发区", "云溪土家族自治县"):
        lines = title_lines(f"关于{city}2026年1—10月重点项目推进情况的通报", (city,))
        assert lines[-1] not in ("通报", "的通报", "情况的通报")
        assert any(city in line for line in lines)


@pytest.mark.parametrize(
    ("title", "code"),
    [
        (("字" * 21,), "title-line-too-long"),
        (("",), "title-empty"),
        ((), "title-empty"),
        ("", "title-empty"),
        ("国" * 30, "title-unbreakable"),
    ],
)
def test_titles_that_cannot_stand_are_refused(title: str | tuple[str, ...], code: str) -> None:
    keep = ("国" * 30,)
    with pytest.raises(GongwenError) as caught:
        title_lines(title, keep)
    assert caught.value.faults[0].code == code


@given(st.text("江源市重点项目建设推进情况", min_size=1, max_size=45))
def test_lines_hold_the_whole_title(middle: str) -> None:
    title = f"关于{middle}的通报"
    lines = title_lines(title)
    assert "".join(lines) == title
    assert all(cells(line) <= TITLE_CHARACTERS for line in lines)
