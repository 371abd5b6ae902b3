"""Lists: what a URL may ask for, paging at the edges, escaping."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.html import format_html

from guatu.ui.tables import Column, Grid, Page, listing, without
from guatu.ui.templatetags.guatu import grid, light, money, points

COLUMNS: list[Column[dict[str, object]]] = [
    Column("name", "名称", lambda r: r["name"], is_sortable=True),
    Column("plan", "计划", lambda r: r.get("plan"), "num", is_sortable=True),
    Column("note", "备注", lambda r: r.get("note"), is_default=False),
]


@pytest.mark.parametrize(
    ("query", "sort", "page", "columns"),
    [
        ("", "name", 1, ("name", "plan")),
        ("sort=-plan&page=3", "-plan", 3, ("name", "plan")),
        ("sort=note", "name", 1, ("name", "plan")),
        ("sort=password__startswith&page=-1", "name", 1, ("name", "plan")),
        ("page=1e9&col=nothing", "name", 1, ("name", "plan")),
        ("page=99999999999999999999&col=note", "name", 1, ("note",)),
        ("page=٣", "name", 1, ("name", "plan")),
    ],
)
def test_a_url_asks_for_what_there_is(
    query: str, sort: str, page: int, columns: tuple[str, ...]
) -> None:
    asked = listing(QueryDict(query), COLUMNS, default_sort="name")
    assert (asked.sort_text, asked.columns) == (sort, columns)
    assert asked.page == page


@pytest.mark.parametrize(
    ("number", "count", "first", "last", "before", "after"),
    [
        (1, 0, 0, 0, None, None),
        (1, 50, 1, 50, None, None),
        (1, 51, 1, 50, None, 2),
        (2, 51, 51, 51, 1, None),
        (9, 51, 51, 51, 1, None),
    ],
)
def test_pages_stay_within_the_list(
    number: int, count: int, first: int, last: int, before: int | None, after: int | None
) -> None:
    page = Page(number, count)
    assert (page.first, page.last, page.before, page.after) == (first, last, before, after)


def test_a_query_is_kept_without_some_names() -> None:
    assert without(QueryDict("q=%26a&page=2&sort=x"), "page", "sort") == "q=%26a&"
    assert without(QueryDict("page=2"), "page") == ""


def test_what_a_file_brought_is_escaped_and_components_are_not() -> None:
    rows: list[dict[str, object]] = [
        {"name": "<script>alert(1)</script>", "plan": format_html("<b>{}</b>", "<i>")}
    ]
    shown = grid(Grid(COLUMNS[:2], rows, caption="<u>"))
    assert "<script>" not in shown
    assert "<b>&lt;i&gt;</b>" in shown
    assert "<u>" not in shown


def test_a_light_has_shape_word_and_colour() -> None:
    shown = light("serious", "红")
    assert "◆" in shown
    assert "红" in shown
    assert "light-serious" in shown


def test_money_and_points_as_papers_print_them() -> None:
    assert (money(62_900_000_000), money(123_456_789, "万元"), money(None)) == (
        "629.00", "12,346", "—",
    )  # fmt: skip
    assert (points("-3.2"), points("0.0"), points(None)) == (
        '<span class="below">低3.2</span>', "持平", '<span class="faint">—</span>',
    )  # fmt: skip


def test_the_whole_list_is_asked_for_to_be_printed() -> None:
    part = Page.of(QueryDict("q=a&page=2"), 120)
    assert (part.first, part.last, part.is_parted, part.is_whole) == (51, 100, True, False)
    whole = Page.of(QueryDict("q=a&page=1&rows=all"), 120)
    assert (whole.first, whole.last, whole.query, whole.way) == (1, 120, "q=a&", "q=a&rows=all&")
    assert (Page.of(QueryDict("rows=all"), 5_001).last, Page.of(QueryDict(""), 50).is_parted) == (
        5_000, False,
    )  # fmt: skip
    shown = render_to_string("ui/_pager.html", {"page": part, "address": "/x/"})
    assert 'href="/x/?q=a&amp;rows=all" data-all' in shown
    back = render_to_string("ui/_pager.html", {"page": whole})
    assert "data-all" not in back
    assert 'href="?q=a&amp;"' in back


def test_paper_leaves_out_boxes_and_acts() -> None:
    columns: list[Column[dict[str, object]]] = [
        Column("serial", "序号", lambda r: 1, "num"),
        Column("name", "项目名称", lambda r: r["name"], "wide"),
        Column("acts", "办理", lambda r: "改", "tight no-print"),
    ]
    shown = grid(
        Grid(columns, [{"name": "甲"}], select=lambda r: 1, total={"name": "合计"}, caption="表")
    )
    assert shown.count('class="pick no-print"') == 3  # head, row, total: none is a cell short
    assert '<td class="wide names">甲</td>' in shown
    assert "no-print" in columns[2].kind
    assert 'class="grid"' in shown


def test_a_table_too_wide_for_a_sheet_is_laid_crosswise() -> None:
    many: list[Column[dict[str, object]]] = [
        Column(f"n{at}", "年度计划（亿元）", lambda r: 1, "num") for at in range(11)
    ]
    assert not Grid(many[:9], []).is_wide
    shown = grid(Grid(many, []))
    assert 'class="grid is-wide"' in shown
    assert "年度计划<wbr>（亿元）" in shown
