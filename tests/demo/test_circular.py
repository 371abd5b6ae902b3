"""Must hold: the circular of the forty workbooks says the generator's own arithmetic."""

from __future__ import annotations

import io
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import docx
import pytest
from django.db import transaction

from guatu.assessment.services.close import close_round
from guatu.core.periods import parse_period
from guatu.demo.arithmetic import expected
from guatu.demo.city import OPEN_PERIOD
from guatu.ledger.queries import find_list
from guatu.publishing.services.bulletin import write_circular
from tests.demo.conftest import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def circular(desk: Desk) -> Any:
    """The circular of October as python-docx reads it."""
    listing, period = find_list(2026, None), parse_period(OPEN_PERIOD)
    with transaction.atomic():
        close_round(desk.actor, listing, period)
        made = write_circular(desk.actor, listing, period)
        transaction.set_rollback(True)
    return docx.Document(io.BytesIO(made.content))


def yi(yuan: int) -> str:
    """亿元 with two digits, half up, by fractions alone."""
    hundredths = Fraction(yuan, 10**6)
    rounded = int(hundredths + Fraction(1, 2))
    return f"{rounded // 100}.{rounded % 100:02d}"


def against(gap: str) -> str:
    """The word a printed gap takes."""
    if float(gap) == 0:
        return "持平"
    return f"{'低于' if gap.startswith('-') else '高于'}{gap.lstrip('-')}"


def test_the_totals_are_the_generators_own(desk: Desk, circular: Any) -> None:
    total = expected(desk.city, desk.planted)["total"]
    text = "\n".join(paragraph.text for paragraph in circular.paragraphs)
    for said in (
        f"重点项目{total['projects']}个（打包项目拆分后{total['projects_unpacked']}个）",
        f"年度计划投资{yi(total['annual_plan_yuan'])}亿元",
        f"累计完成投资{yi(total['completed_yuan'])}亿元，年度计划完成率{total['completion_rate']}%",
        f"低于时间进度{total['gap_to_time_progress'].lstrip('-')}个百分点",
        f"同比增长{total['year_on_year']}%",
        f"{total['without_data']}个项目本期无数据",
        f"计划新开工项目{total['planned_starts']}个",
        f"应开工{total['due_starts']}个，已开工{total['started']}个",
        f"逾期未开工{total['overdue_starts']}个：",
        f"等{total['overdue_starts']}个项目。开工率{total['start_rate']}%",
        f"红灯项目{total['lights']['serious']}个，黄灯项目{total['lights']['warning']}个",
    ):
        assert said in text


def test_every_cell_of_the_region_annex_is_the_generators_own(
    desk: Desk, circular: Any, say: Callable[[str], None]
) -> None:
    own = expected(desk.city, desk.planted)
    rows = {
        row.cells[0].text.strip(): [cell.text.strip() for cell in row.cells[1:]]
        for row in circular.tables[0].rows[2:]
    }
    wanted = {
        group["key"]: [
            str(group["projects"]),
            str(group["without_data"]),
            yi(group["annual_plan_yuan"]),
            yi(group["completed_yuan"]),
            group["completion_rate"],
            against(group["gap_to_time_progress"]),
            str(group["planned_starts"]),
            str(group["started"]),
            group["start_rate"],
            str(group["lights"]["serious"]),
            str(group["lights"]["warning"]),
        ]
        for group in [{"key": "合计", **own["total"]}, *own["groups"]["region"]]
    }
    assert rows == wanted
    cells = sum(map(len, wanted.values()))
    say(f"circular: annex cells equal to the generator's own {cells} of {cells}")


def test_every_lagging_project_is_named_and_no_other(desk: Desk, circular: Any) -> None:
    own = expected(desk.city, desk.planted)
    lagging = {p["name"] for p in own["projects"] if p["light"] in ("serious", "warning")}
    [table] = [one for one in circular.tables if one.cell(0, 1).text == "项目名称"]
    named = {row.cells[1].text.strip() for row in table.rows[1:]}
    assert named == lagging


def test_no_sentence_is_empty_or_contradicts_itself(circular: Any) -> None:
    text = "\n".join(paragraph.text for paragraph in circular.paragraphs)
    for slip in ("None", "（）", "高于-", "低于-", "。。", "，。", "0个项目本期无数据"):
        assert slip not in text
