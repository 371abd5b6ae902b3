from __future__ import annotations

import pytest

from guatu.core.errors import BadInput, NotAllowed, NotFound
from guatu.journal import queries as journal
from guatu.reporting.models import Figure, Report, Round
from guatu.reporting.tests.reports import (
    AS_OF,
    PARK,
    WAN,
    Desk,
    counts,
)
from guatu.reporting.types import ReportState
from tests.factories import UNIT
from tests.tables import (
    codes,
    project_row,
    put_list,
    report_line,
    row_counts,
    take_list,
    take_reports,
)


def test_the_first_report_of_a_period_opens_its_round(desk: Desk) -> None:
    assert counts(desk.take(report_line(PARK, 7_000))) == (1, 0, 0, 0)
    the_round = Round.objects.get()
    assert (the_round.period.key, the_round.state) == ("2026-09", "open")
    stored = Figure.objects.get()
    assert (stored.value, stored.as_of, stored.by) == (7_000 * WAN, AS_OF, "office")
    assert (stored.raw_text, stored.cell) == ("7000", "!C2")
    report = Report.objects.get()
    assert (report.state, report.organisation_id) == (
        ReportState.ACCEPTED,
        desk.people.organisations[UNIT],
    )
    assert stored.report == report
    assert not journal.verify().problems


@pytest.mark.parametrize(
    ("first", "second"),
    [("2026-01+02", "2026-01"), ("2026-01+02", "2026-02"), ("2026-02", "2026-01+02")],
)
def test_a_merged_period_and_its_months_exclude_each_other(
    desk: Desk, first: str, second: str
) -> None:
    desk.take(report_line(PARK, 1_000), period=first)
    before = row_counts()
    with pytest.raises(BadInput, match="重叠"):
        desk.take(report_line(PARK, 1_000), period=second)
    assert row_counts() == before


@pytest.mark.parametrize("period", ["2025-09", "2027-01"])
def test_a_year_without_a_list_is_refused(desk: Desk, period: str) -> None:
    before = row_counts()
    with pytest.raises(NotFound, match=r"年没有清单.*请先导入清单"):
        desk.take(report_line(PARK, 1_000), period=period)
    assert row_counts() == before


def test_with_two_lists_one_must_be_named(desk: Desk) -> None:
    second = put_list(desk.folder / "二.csv", project_row(PARK, "P-1"))
    take_list(desk.people.console, second, list_name="省重点")
    with pytest.raises(NotFound, match="请写明是哪一份"):
        desk.take(report_line(PARK, 1_000))
    assert counts(desk.take(report_line(PARK, 1_000), list_name="省重点")) == (1, 0, 0, 0)


def test_a_project_that_is_not_on_the_list_is_not_reported_on_it(desk: Desk) -> None:
    take_list(
        desk.people.console,
        put_list(desk.folder / "二.csv", project_row("别处", "X-1")),
        list_name="省重点",
    )
    taken = desk.take(report_line("别处", 5, "X-1"), list_name="重点项目")
    assert codes(taken.waiting) == ["unknown-project"]
    assert not Figure.objects.exists()


@pytest.mark.parametrize("who", ["reporter", "reviewer", "leader", "viewer", "outsider"])
def test_only_the_office_takes_reports_in(desk: Desk, who: str) -> None:
    path = desk.file("r.csv", report_line(PARK, 5))
    before = row_counts()
    with pytest.raises(NotAllowed, match=f"账号“{who}”没有这项权限"):
        take_reports(desk.people.act_as(who), path)
    assert row_counts() == before
