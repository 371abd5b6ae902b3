"""Regions, units and ranks in the text and in the annexes."""

import pytest

from guatu.core.ratio import Ratio
from guatu.engines.gongwen.breaking import break_lines
from guatu.engines.gongwen.grid import CELL_MARGIN, SIZE_TABLE
from guatu.engines.gongwen.tables import column_widths
from guatu.publishing.circular.compose import compose
from guatu.publishing.circular.tests.samples import (
    RANKINGS,
    YI,
    body,
    figures,
    group,
    project,
    region,
)
from guatu.publishing.circular.types import (
    CircularFigures,
    StartRate,
    Starts,
)


def test_units_are_told_by_number_and_stand_in_an_annex() -> None:
    units = (
        region("市水利局", 10 * YI, 9 * YI),
        region("市交通局", 10 * YI, 2 * YI, serious=3, warning=1),
        region("市教育局", done=None),
    )
    document = compose(figures(None, region("甲县"), units=units))
    text = "\n".join(block.text for block in document.blocks)
    assert (
        "按责任单位统计，3个单位中高于时间进度的1个、低于时间进度的1个、没有完成率的1个。"
        "红灯项目涉及1个单位，黄灯项目涉及1个单位。各单位完成情况见附件2。"
    ) in text
    assert "分地区分单位情况" in text
    assert document.annexes[1].title == "2026年1—10月重点项目分责任单位完成情况表"
    rows = [row.cells for row in document.annexes[1].table.rows]
    assert [row[0] for row in rows] == ["合计", "市水利局", "市交通局", "市教育局"]
    assert rows[2][-2:] == ("3", "1")


def test_of_a_single_unit_nothing_is_told() -> None:
    document = compose(figures(None, region("甲县"), units=(region("市水利局"),)))
    assert "责任单位" not in "".join(block.text for block in document.blocks)
    assert len(document.annexes) == 1


def test_the_imprint_names_who_gets_copies_and_leaves_the_rest_blank() -> None:
    told = compose(figures(copied_to="市委办公室，市人大常委会办公室")).imprint
    assert told is not None
    assert told.copies == "抄送：市委办公室，市人大常委会办公室。"
    assert told.office == "江源市重点项目建设办公室"
    blank = compose(figures()).imprint
    assert blank is not None
    assert (blank.copies, blank.date_text.strip()) == ("抄送：", "年　　月　　日印发")


def test_no_figure_and_no_name_of_a_region_is_broken_more_than_once() -> None:
    names = ("江源高新技术产业开发区", "江源经济技术开发区", "白鹭县")
    starts = Starts(6, 5, 6, early=1, overdue=0, rate=Ratio(6, 6))
    of = figures(
        group(444, 647 * YI, 629 * YI, starts=starts),
        *(region(name, 47 * YI, 20 * YI, starts=starts, projects=38) for name in names),
    )
    table = compose(of).annexes[0].table
    for row in table.rows:
        for text, width in zip(row.cells, column_widths(table), strict=True):
            lines = break_lines(text, available=width - 2 * CELL_MARGIN, size=SIZE_TABLE, spacing=0)
            assert len(lines) <= (2 if text in names else 1), (text, lines)


def test_regions_without_projects_are_left_out() -> None:
    of = figures(None, region("甲县"), region("乙县", 0, None, projects=0))
    assert "乙县" not in body(of)
    assert [row.cells[0] for row in compose(of).annexes[0].table.rows] == ["合计", "甲县"]


def ranked(**style: object) -> CircularFigures:
    places = {"甲县": 3, "乙县": 1, "丙县": 2, "丁县": 4}
    regions = [region(name, 10 * YI, (10 - at) * YI, rank=at) for name, at in places.items()]
    return figures(None, *regions, style=style)


def test_ranks_stay_out_without_the_switch() -> None:
    document = compose(ranked())
    assert "居前" not in body(ranked())
    assert [row.cells[0] for row in document.annexes[0].table.rows[1:]] == [
        "甲县",
        "乙县",
        "丙县",
        "丁县",
    ]
    assert any("不表示排名" in note for note in document.annexes[0].notes)


def test_ranks_order_the_regions_while_the_switch_is_on() -> None:
    assert "完成率居前的为乙县、丙县，完成率居后的为甲县、丁县。" in body(ranked(rankings=RANKINGS))
    rows = compose(ranked(rankings=RANKINGS)).annexes[0].table.rows
    assert [row.cells[:2] for row in rows] == [
        ("合计", "—"), ("乙县", "1"), ("丙县", "2"), ("甲县", "3"), ("丁县", "4")
    ]  # fmt: skip


def test_ranks_bear_their_basis_scope_and_end() -> None:
    [note] = [n for n in compose(ranked(rankings=RANKINGS)).annexes[0].notes if "名次" in n]
    assert note == (
        "3.名次按完成率排列；排名依据：江政办〔2026〕1号，适用范围：全市，有效期至2026年12月31日。"
    )
    assert not any("江政办" in note for note in compose(ranked()).annexes[0].notes)


@pytest.mark.parametrize(
    ("start_rate", "word"),
    [(StartRate.PLANNED, "开工率"), (StartRate.DUE, "开工率"), (StartRate.RESUMED, "开复工率")],
)
def test_a_list_of_starts_alone_is_ranked_by_starts(start_rate: StartRate, word: str) -> None:
    regions = [
        region(f"{name}县", 0, None, rank=at, ranked_by="start_rate")
        for at, name in enumerate("甲乙丙", 1)
    ]
    of = figures(
        group(15, 0, None), *regions, style={"rankings": RANKINGS, "start_rate": start_rate}
    )
    text = body(of)
    assert f"{word}居前的为甲县，{word}居后的为丙县。" in text
    assert "完成率居" not in text
    [note] = [n for n in compose(of).annexes[0].notes if "名次" in n]
    assert f"名次按{word}排列" in note


def test_ties_have_no_front_and_no_end() -> None:
    regions = [region(f"{name}县", rank=1) for name in "甲乙丙丁"]
    assert "居" not in body(figures(None, *regions, style={"rankings": RANKINGS}))


def test_counties_and_zones_are_ranked_apart() -> None:
    regions = [
        region(f"{name}县", 10 * YI, done * YI, rank=11 - done, rank_class="县（市、区）")
        for name, done in (("甲", 9), ("乙", 10))
    ]
    regions.append(region("高新区", rank=1, rank_class="功能区"))
    text = body(figures(None, *regions, style={"rankings": RANKINGS}))
    assert "县（市、区）中，完成率居前的为乙县，完成率居后的为甲县。" in text
    assert "功能区中" not in text


def test_what_the_body_leaves_out_stands_in_an_annex() -> None:
    lagging = tuple(project(f"第{at}项目", problem="征地未完成") for at in range(1, 7))
    of = figures(lagging=lagging, style={"named_projects": 2})
    document = compose(of)
    assert "其余第3项目、第4项目、第5项目等4个红灯项目的情况见附件2。" in body(of)
    assert [annex.title for annex in document.annexes] == [
        "2026年1—10月重点项目分地区完成情况表",
        "2026年1—10月重点项目滞后项目清单",
    ]
    assert len(document.annexes[1].table.rows) == 6
    assert len(compose(figures(lagging=lagging)).annexes) == 1
