from __future__ import annotations

from collections.abc import Callable

import pytest

from guatu.assessment.services.close import close_round
from guatu.assessment.services.correct import Corrected, correct_round
from guatu.core.errors import BadInput, RoundClosed
from guatu.core.periods import parse_period
from guatu.journal import queries as journal
from guatu.ledger.queries import find_list
from guatu.planning.models import DateFact
from guatu.reporting.models import Figure
from guatu.reporting.tests.reports import (
    PARK,
    ROAD,
    Desk,
    counts,
)
from tests.tables import (
    codes,
    project_row,
    put_list,
    report_line,
    row_counts,
    take_list,
)


def test_a_closed_round_takes_nothing(desk: Desk) -> None:
    desk.take(report_line(PARK, 700))
    desk.close("2026-09")
    before = row_counts()
    for lines in ((report_line(PARK, 710),), (report_line(ROAD, 5),), (report_line("没有", 1),)):
        with pytest.raises(RoundClosed, match="已锁定，数字不能再改"):
            desk.take(*lines, name="补.csv")
        with pytest.raises(RoundClosed):
            desk.take(*lines, name="补.csv", dry_run=True)
    assert row_counts() == before


def test_a_correction_leaves_parts_as_they_are_and_its_reason_whole(desk: Desk) -> None:
    desk.take(report_line("管网打包", 700))
    desk.close("2026-09")
    path = desk.file(
        "更正.csv",
        report_line("管网打包", 690),
        report_line("一标段", "", 实际开工时间="2026年9月3日"),
    )

    def correct(reason: str) -> Corrected:
        key, actor = parse_period("2026-09"), desk.people.console
        return correct_round(actor, find_list(2026, None), key, [path], reason=reason)

    with pytest.raises(BadInput, match="更正理由超过300字"):
        correct("因" * 301)
    corrected = correct("审计核减")
    assert corrected.changed == ["管网打包"]
    assert "part-not-corrected" in codes(corrected.taken.notices)
    assert not DateFact.objects.filter(project__name="一标段", kind="actual").exists()


def test_a_closed_round_of_another_list_protects_the_projects_they_share(desk: Desk) -> None:
    second = put_list(desk.folder / "二.csv", project_row(PARK, "P-1"))
    take_list(desk.people.console, second, list_name="省重点")
    desk.take(report_line(PARK, 700), list_name="省重点")
    close_round(desk.people.console, find_list(2026, "省重点"), parse_period("2026-09"))
    lines = (report_line(PARK, 710), report_line(ROAD, 5))
    taken = desk.take(*lines, list_name="重点项目")
    assert (counts(taken), codes(taken.waiting)) == ((1, 0, 0, 1), ["locked-elsewhere"])
    held = Figure.objects.get(project__name=PARK, is_current=True, indicator__code="investment")
    assert held.value == 700 * 10_000
    assert codes(desk.take(report_line(PARK, 700), list_name="重点项目").waiting) == []


def test_a_dry_run_tells_everything_and_leaves_nothing(
    desk: Desk, blobs: Callable[[], set[str]]
) -> None:
    before, files = row_counts(), blobs()
    lines = (report_line(PARK, 700, 实际开工时间="2026年9月2日"), report_line("没有的项目", 5))
    trial = desk.take(*lines, dry_run=True)
    assert (counts(trial), codes(trial.waiting)) == ((1, 0, 0, 1), ["unknown-project"])
    assert (row_counts(), blobs()) == (before, files)
    assert counts(desk.take(*lines)) == (1, 0, 0, 1)


@pytest.mark.parametrize(
    "name",
    [
        "9月 进度(最终版2).csv",
        "'; DROP TABLE reporting_figure; --.csv",
        "$(reboot).csv",
        "\u202e表.csv",
        "换\n行.csv",
        "坏\udcff字节.csv",
        "长" * 80 + ".csv",
        ".csv",
    ],
)
def test_odd_file_names_are_only_names(desk: Desk, name: str) -> None:
    taken = desk.take(report_line(PARK, 700), report_line("没有", 1), name=name)
    assert counts(taken) == (1, 0, 0, 1)
    assert all(len(str(fault).splitlines()) == 1 for fault in taken.waiting)
    assert "\u202e" not in str(taken.waiting[0])
    assert not journal.verify().problems
