"""The grid and our counting, measured by LibreOffice."""

from dataclasses import replace

import pytest

from guatu.engines.gongwen import render as render_module
from guatu.engines.gongwen import styles
from guatu.engines.gongwen.layout import count_pages, fill, paginate
from guatu.engines.gongwen.pieces import parts
from guatu.engines.gongwen.render import render
from guatu.engines.gongwen.tests.reader import Line, needs_soffice, printed
from guatu.engines.gongwen.tests.samples import (
    FIGURES,
    ISSUER,
    letter,
    long_rows,
    mixed,
    region_table,
)
from guatu.engines.gongwen.types import Document, Imprint, Paragraph

pytestmark = needs_soffice

GRID = Document("关于推进情况的通报", "各县", (Paragraph.of("国" * 28 * 70),), None)
IMPRINT = Imprint("市委办公室，市人大常委会办公室，市政协办公室，各民主党派，市监委", ISSUER)
LONG_NAME = "江源市重点项目工作领导小组办公室"
IMPRINTED = {
    "imprint": letter("正文。"),
    "imprint-two-pages": letter(*[FIGURES] * 12),
    **{f"imprint-{lines}": letter(*["字" * 20] * lines) for lines in range(9, 16)},
    "imprint-table": letter("正文。", annexes=(region_table(19), long_rows(9))),
    "imprint-alone": letter("正文。", annexes=(region_table(22),)),
}
DOCUMENTS = {
    **{name: replace(one, imprint=IMPRINT) for name, one in IMPRINTED.items()},
    "imprint-blank": replace(
        letter("正文。"), imprint=Imprint("", "江源市重点项目工作领导小组办公室")
    ),
    "grid": GRID,
    "one-page": letter("正文。"),
    "unsealed": letter(*[FIGURES * 3] * 5, sealed=False),
    "table": letter("正文。", annexes=(region_table(60), long_rows(14))),
    "two-pages-of-table": letter(FIGURES, annexes=(region_table(24),)),
    **{f"mixed-{seed}": mixed(seed, 6 + 3 * seed) for seed in range(8)},
    # The signature falls on the end of a page in some of these.
    **{f"closing-{lines}": letter(*["字" * 20] * lines) for lines in range(2, 9)},
}

type Pages = list[list[Line]]


WRONG_GRIDS = {"no-spacing": (0, 579, 27, 22), "wide-pitch": (-5, 600, 28, 21)}
"""Spacing and line pitch as they must not be, and what then fits on a page."""


def on_a_wrong_grid(spacing: int, pitch: int) -> bytes:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(styles, "SPACING", spacing)
        patch.setattr(styles, "LINE", pitch)
        patch.setattr(render_module, "LINE", pitch)
        # Without its own style the body follows Normal, where the numbers are.
        own = tuple(style for style in styles._STYLES if style.role != "GwBody")
        patch.setattr(styles, "_STYLES", own)
        return render(GRID)


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Pages]:
    """Everything converted in one run: starting the office is what takes time."""
    rendered = {name: render(document) for name, document in DOCUMENTS.items()}
    for name, (spacing, pitch, _, _) in WRONG_GRIDS.items():
        rendered[name] = on_a_wrong_grid(spacing, pitch)
    return printed(rendered, tmp_path_factory.mktemp("read"))


def full_page(pages: Pages) -> list[Line]:
    """The second page without its number: nothing but body text."""
    return pages[1][:-1]


def test_a_page_holds_22_lines_of_28_characters(read: dict[str, Pages]) -> None:
    lines = full_page(read["grid"])
    assert [len(line.text) for line in lines] == [28] * 22


def test_lines_fill_the_text_area(read: dict[str, Pages]) -> None:
    for line in full_page(read["grid"]):
        assert line.left == pytest.approx(79.4, abs=0.5)
        assert line.right == pytest.approx(79.4 + 442.2, abs=1.5)


def test_our_page_count_is_the_word_processor_s(read: dict[str, Pages]) -> None:
    assert {name: count_pages(document) for name, document in DOCUMENTS.items()} == {
        name: len(pages) for name, pages in read.items() if name in DOCUMENTS
    }


@pytest.mark.parametrize("name", ["grid", "unsealed", *(f"mixed-{seed}" for seed in range(8))])
def test_our_lines_are_the_word_processor_s(read: dict[str, Pages], name: str) -> None:
    document = DOCUMENTS[name]
    ours = [
        [line for line in page.lines if line.strip()]
        for page in paginate(parts(document, fill(document)))
    ]
    assert ours == [[line.text for line in page[:-1]] for page in read[name]]


def test_odd_pages_are_numbered_right_and_even_ones_left(read: dict[str, Pages]) -> None:
    for at, page in enumerate(read["mixed-7"], start=1):
        number = page[-1]
        assert number.text == f"—{at}—"
        # Left and right edge of the text area, one character inside.
        if at % 2:
            assert number.right == pytest.approx(79.4 + 442.2 - 15.8, abs=1.5)
        else:
            assert number.left == pytest.approx(79.4 + 15.8, abs=1.5)
        # The dash stands 7 mm under the text area, which ends 35 mm above the edge.
        assert number.top + 8 == pytest.approx(841.9 - 99.2 + 19.8, abs=5)


def test_the_head_of_a_table_is_repeated(read: dict[str, Pages]) -> None:
    heads = [any("年度计划" in line.text for line in page) for page in read["table"]]
    assert heads == [False, True, True, True, False, False]


@pytest.mark.parametrize("name", IMPRINTED)
def test_the_imprint_stands_at_the_foot_of_the_last_page(read: dict[str, Pages], name: str) -> None:
    *_, before, office, _ = read[name][-1]
    assert office.text == f"{ISSUER}年月日印发"
    # One character in from the left edge; the text area ends 35 mm above the paper's.
    assert office.left == pytest.approx(79.4 + 15.8, abs=1.5)
    assert office.top == pytest.approx(841.9 - 99.2 - 24, abs=8)
    assert before.text.endswith("市监委。")


def test_an_imprint_with_nothing_known_leaves_blanks(read: dict[str, Pages]) -> None:
    *_, before, office, _ = read["imprint-blank"][-1]
    assert before.text == "抄送："
    assert office.text == f"{LONG_NAME}年月日印发"


@pytest.mark.parametrize("name", WRONG_GRIDS)
def test_a_wrong_grid_is_seen(read: dict[str, Pages], name: str) -> None:
    _, _, characters, lines = WRONG_GRIDS[name]
    page = full_page(read[name])
    assert max(len(line.text) for line in page) == characters
    assert len(page) == lines
