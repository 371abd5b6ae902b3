"""Pace, half-year test and targets against the small city's locked rounds."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.http import QueryDict
from django.urls import reverse
from openpyxl import load_workbook

from guatu.core import clock
from guatu.core.ratio import Ratio
from guatu.organisation.access import current_assignments
from guatu.organisation.models import User
from guatu.planning.halves import Half
from guatu.planning.services import SetTarget, StatePlan, decree_curve, set_target, state_plan
from guatu.planning.types import PlanKind, TargetIndicator, TargetSubject
from guatu.wall.targets.halves import Halves
from guatu.wall.targets.paces import Paces
from guatu.wall.targets.tracked import Tracked
from guatu.wall.tests.city import PLAN, WAN, YEAR, City
from guatu.wall.viewer import Viewer
from tests.factories import OTHER_UNIT, UNIT

BASIS = "江重办〔2026〕1号"
SEPTEMBER, DECEMBER = date(YEAR, 9, 30), date(YEAR, 12, 31)


def viewer(city: City, who: str) -> Viewer:
    user = User.objects.get(pk=getattr(city.people, who).pk)
    return Viewer(user, current_assignments(user.pk, clock.today()))


NO_QUERY = QueryDict()


def page(city: City, name: str, who: str = "office", words: str = "") -> str:
    answer = city.browser(who).get(reverse(name, args=[city.listing.pk]) + words)
    assert answer.status_code == 200
    return answer.content.decode()


def test_halves_agree_with_a_count_by_hand(city: City) -> None:
    found = Halves.of(viewer(city, "office"), city.listing, NO_QUERY)
    whole, *regions = found.rows
    plan = sum(row.sums.totals.annual_plan_yuan for row in regions)
    done = sum(row.sums.totals.completed_yuan or 0 for row in regions)
    assert (whole.item(0).task, whole.item(0).done) == (plan, done)
    assert plan == PLAN * whole.sums.totals.in_scope
    assert (whole.item(0).half is Half.PASSED) == (2 * done >= plan)


def test_stretch_is_compared_with_the_same_projects(city: City) -> None:
    office, project = city.people.act_as("office"), city.projects[-1]
    entry = project.entries.get()
    state_plan(office, entry.pk, StatePlan(PlanKind.STRETCH, 2 * PLAN, BASIS, 0))
    found = Halves.of(viewer(city, "office"), city.listing, NO_QUERY)
    item = found.rows[0].item(3)
    assert item.task == 2 * PLAN
    assert item.done is not None
    assert item.done <= PLAN


def test_half_pages_narrow_to_what_one_sees(city: City) -> None:
    assert "全部" in page(city, "list-halves")
    assert "您能看到的项目" in page(city, "list-halves", "leader")
    assert page(city, "list-halves", words="?by=unit&round=x&half=<script>")


def test_the_pace_and_the_gap_to_a_curve(city: City) -> None:
    points = {SEPTEMBER: Ratio(9, 10), DECEMBER: Ratio(1, 1)}
    office = city.people.act_as("office")
    decree_curve(office, city.listing.pk, name="九月九成", basis=BASIS, points=points)
    found = Paces.of(viewer(city, "office"), city.listing, NO_QUERY)
    told = [row.told for row in found.rows if row.told is not None]
    assert told
    for one in told:
        assert sum(step.needed_yuan for step in one.months) == one.left_yuan
        assert one.due_yuan - one.done_yuan <= one.behind_yuan
    row = next(row for row in found.rows if row.told is not None)
    assert row.curve_gap is not None
    assert row.told is not None
    gap = row.curve_gap.as_fraction()
    assert (
        gap == Ratio(row.told.done_yuan, row.plan_yuan).as_fraction() - Ratio(9, 10).as_fraction()
    )
    assert "九月九成" in page(city, "list-pace")
    answer = city.browser("office").get(reverse("list-pace-export", args=[city.listing.pk]))
    assert load_workbook(io.BytesIO(answer.content)).worksheets[0].max_row > len(told)


def test_each_sees_the_pace_of_his_own(city: City) -> None:
    shown = page(city, "list-pace", "leader")
    assert city.mine[0].name in shown
    assert all(one.name not in shown for one in city.others)


@pytest.mark.parametrize(
    ("amount", "due_on", "state"),
    [(1, SEPTEMBER, "met"), (10_000, SEPTEMBER, "short"), (10_000, DECEMBER, "open")],
)
def test_targets_against_what_was_locked(city: City, amount: int, due_on: date, state: str) -> None:
    office = city.people.act_as("office")
    for kind in (PlanKind.ASSIGNED, PlanKind.PROMISED):
        target = SetTarget(
            TargetSubject.TOTAL, None, TargetIndicator.RATE, kind, due_on, amount, BASIS
        )
        set_target(office, city.listing.pk, target)
    (row,) = Tracked.of(viewer(city, "office"), city.listing).rows
    assert set(row.targets) == {PlanKind.ASSIGNED, PlanKind.PROMISED}
    assert (row.state, row.missing(PlanKind.STRETCH)) == (state, None)
    assert row.reached is not None
    assert "差" in page(city, "list-targets") or state == "met"
    assert "还没有您单位的目标" in page(city, "list-targets", "leader")


def test_a_units_target_is_shown_to_the_unit(city: City) -> None:
    office = city.people.act_as("office")
    for unit in (UNIT, OTHER_UNIT):
        target = SetTarget(
            TargetSubject.ORGANISATION, city.people.organisations[unit],
            TargetIndicator.INVESTMENT, PlanKind.ASSIGNED, DECEMBER, 123 * WAN, BASIS,
        )  # fmt: skip
        set_target(office, city.listing.pk, target)
    shown = page(city, "list-targets", "reporter")
    assert UNIT in shown
    assert OTHER_UNIT not in shown


def test_a_project_page_tells_the_pace(city: City) -> None:
    answer = city.browser("office").get(reverse("project", args=[city.mine[0].pk]))
    shown = answer.content.decode()
    assert "全年还差" in shown or "已完成全年计划" in shown
    assert "年度计划和分期" in shown
