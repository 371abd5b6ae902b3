"""The circular from workbooks to docx: switches, settings, and what changed since last month."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest

from guatu.cli.main import main
from guatu.engines.sheets.fill.tests.samples import simple
from tests.factories import Cast

Today = Callable[[date], None]
HEAD = ["序号", "项目名称", "所属地区", "责任单位", "建设性质", "年度计划投资", "计划开工时间"]
PLACES = ("江北区", "临江区", "江北区", "临江区", "高新区", "高新区")
SEPTEMBER = (9_000, 6_000, 1_000, 1_200, 20_000, 5_000)
OCTOBER = (9_500, 6_500, None, 1_300, 21_000, 6_000)

pytestmark = pytest.mark.django_db


def take_in(
    folder: Path, *, nature: str = "续建", planned: str = "", october: tuple[Any, ...] = OCTOBER
) -> None:
    """Six projects of two counties and a zone; September closed, October reported and closed."""
    rows = [
        [at, f"{'甲乙丙丁戊己'[at - 1]}号工程", place, "江北区发展改革局", nature, 12_000, planned]
        for at, place in enumerate(PLACES, 1)
    ]
    rows[4][5] = 24_000
    simple(folder / "ledger.xlsx", [["2026年重点项目"], ["单位：万元"], HEAD, *rows])
    assert main(["import", "ledger", str(folder / "ledger.xlsx"), "--year", "2026"]) == 0
    for key, done in (("2026-09", SEPTEMBER), ("2026-10", october)):
        lines = [
            [at, row[1], figure, "主体施工"]
            for at, (row, figure) in enumerate(zip(rows, done, strict=True), 1)
            if figure is not None
        ]
        head = ["序号", "项目名称", "本年累计完成投资", "形象进度"]
        file = folder / f"{key}.xlsx"
        simple(file, [["2026年重点项目"], ["单位：万元"], head, *lines])
        assert main(["import", "reports", str(file), "--period", key]) in (0, 3)
        assert main(["close", key]) == 0


def circular(folder: Path) -> Any:
    """October's circular as python-docx reads it."""
    out = folder / "通报.docx"
    assert main(["bulletin", "2026-10", "-o", str(out)]) == 0
    return docx.Document(BytesIO(out.read_bytes()))


def whole(document: Any) -> str:
    """Every word of the document."""
    lines = [paragraph.text for paragraph in document.paragraphs]
    lines += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(lines)


@pytest.fixture
def october(people: Cast, today: Today) -> None:
    """The office's desk in November."""
    today(date(2026, 11, 3))


@pytest.mark.usefixtures("october")
def test_a_ranked_circular_has_no_machine_s_words(tmp_path: Path) -> None:
    take_in(tmp_path)
    switch = ["switch", "on", "rankings", "--basis", "市政府办文件", "--scope", "全市"]
    assert main([*switch, "--until", "2026-12-31"]) == 0
    document = circular(tmp_path)
    text = whole(document)
    assert re.findall(r"[A-Za-z]+", text) == []
    assert "县（市、区）中，完成率居前的为江北区，完成率居后的为临江区。" in text
    rows = {row.cells[0].text: row.cells[1].text for row in document.tables[0].rows}
    places = {"江北区": "1", "临江区": "2", "高新区": "1"}
    assert rows == {"地区": "名次", "合计": "—", **places}
    assert (
        "名次按完成率排列，县（市、区）、功能区分别排列；"
        "排名依据：市政府办文件，适用范围：全市，有效期至2026年12月31日。"
    ) in text


@pytest.mark.usefixtures("october")
def test_a_project_that_fell_silent_has_not_improved(tmp_path: Path) -> None:
    """丙 had a red light in September and reports nothing in October."""
    take_in(tmp_path)
    text = whole(circular(tmp_path))
    assert "红灯项目2个，黄灯项目1个。按两期均有数据的5个项目比较，" in text
    assert "红灯项目个数与1—9月持平，黄灯项目个数持平。" in text


@pytest.mark.usefixtures("october")
def test_a_sum_that_fell_is_told_with_its_reason(tmp_path: Path) -> None:
    take_in(tmp_path, october=(9_500, 6_500, None, 1_300, None, 6_000))
    text = whole(circular(tmp_path))
    assert "因2个1—9月有数据的项目本期无数据，累计完成投资低于1—9月的4.22亿元。" in text


@pytest.mark.usefixtures("october")
def test_without_silence_nothing_is_said_of_it(tmp_path: Path) -> None:
    take_in(tmp_path, october=tuple(figure + 500 for figure in SEPTEMBER))
    text = whole(circular(tmp_path))
    assert "低于1—9月" not in text
    assert "两期均有数据" not in text


@pytest.mark.usefixtures("october")
def test_starts_of_unknown_nature_are_not_denied(tmp_path: Path) -> None:
    take_in(tmp_path, nature="", planned="2026年3月")
    text = whole(circular(tmp_path))
    assert "6个计划本年度开工的项目未注明建设性质，开工情况暂不统计。" in text
    assert "没有计划新开工项目" not in text


@pytest.mark.usefixtures("october")
def test_overdue_projects_are_named(tmp_path: Path) -> None:
    take_in(tmp_path, nature="新建", planned="2026年3月")
    text = whole(circular(tmp_path))
    names = "甲号工程、乙号工程、丙号工程（本期未报）、丁号工程、戊号工程等6个项目"
    assert f"逾期未开工6个：{names}。" in text


@pytest.mark.usefixtures("october")
def test_a_city_that_counts_in_wan_reads_wan_everywhere(tmp_path: Path) -> None:
    take_in(tmp_path)
    assert "年度计划投资8.40亿元" in whole(circular(tmp_path))
    assert main(["settings", "money-unit=万元"]) == 0
    text = whole(circular(tmp_path))
    assert "年度计划投资84000万元" in text
    assert "单位：个、万元、%、百分点" in text
    assert "亿元" not in text
