"""Who joins or leaves a list that was issued by number does so by a numbered adjustment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from guatu.core.errors import Conflict
from guatu.ledger.making import queries
from guatu.ledger.models import ListEntry, Project
from guatu.ledger.services import add_to_list, leave_list, rejoin_list
from guatu.planning.making.services import AdjustList, adjust_list, issue_list
from guatu.planning.tests.making_town import TODAY, YI, Making, make_making
from tests.factories import Cast
from tests.tables import project_row, put_list, row_counts, take_list


@pytest.fixture
def making(people: Cast, today: Callable[[date], None]) -> Making:
    """A list of one project, issued."""
    today(TODAY)
    made = make_making(people)
    made.decide(made.apply())
    made.review()
    issue_list(made.office, made.call.pk, made.issuing())
    return made


def test_nothing_passes_the_numbering_by(
    making: Making, tmp_path: Path, today: Callable[[date], None]
) -> None:
    today(date(2027, 5, 6))
    entry = ListEntry.objects.get()
    other = Project.objects.create(uid="other", name="另一个", region=entry.project.region)
    path = put_list(tmp_path / "清单.csv", project_row("第三个", 计划开工时间=""))
    before = row_counts()
    acts: list[Callable[[], object]] = [
        lambda: leave_list(
            making.office, entry.pk, left_on=date(2027, 5, 1), reason="停建", version=1
        ),
        lambda: add_to_list(making.office, entry.list_id, [other], basis="增列"),
        lambda: take_list(making.office, path, year=2027),
    ]
    for act in acts:
        with pytest.raises(Conflict, match="增列和退出要有文号"):
            act()
    assert row_counts() == before


def test_what_left_by_number_comes_back_by_number(
    making: Making, today: Callable[[date], None]
) -> None:
    today(date(2027, 5, 6))
    entry = ListEntry.objects.get()
    gone = AdjustList("江重办〔2027〕9号", date(2027, 5, 1), "停建", exits=[entry.pk])
    adjust_list(making.office, entry.list_id, gone)
    entry.refresh_from_db()
    with pytest.raises(Conflict, match="增列和退出要有文号"):
        rejoin_list(making.office, entry.pk, basis="复工", version=entry.version)
    back = AdjustList("江重办〔2027〕10号", date(2027, 5, 5), "复工", joins={entry.project_id: YI})
    adjust_list(making.office, entry.list_id, back)
    assert [one.pk for one in queries.standing_on(entry.list_id)] == [entry.pk]


def test_the_same_list_taken_in_again_changes_what_it_may(
    making: Making, tmp_path: Path, today: Callable[[date], None]
) -> None:
    today(date(2027, 5, 6))
    name = ListEntry.objects.get().project.name
    path = put_list(
        tmp_path / "清单.csv", project_row(name, **{"总投资（万元）": "60000", "计划开工时间": ""})
    )
    assert take_list(making.office, path, year=2027).changed == 1
    assert Project.objects.get(name=name).total_yuan == 6 * YI
