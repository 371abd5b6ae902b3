from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.core.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.core.ratio import Ratio
from guatu.journal import services as journal
from guatu.ledger.models import ListEntry, ProjectList
from guatu.organisation.models import Region, User
from guatu.planning import queries
from guatu.planning.models import AnnualPlan, DecreedCurve, PlanSlice, Target
from guatu.planning.services import (
    CutPlan,
    SetTarget,
    StatePlan,
    cut_plans,
    decree_curve,
    set_target,
    state_plan,
)
from guatu.planning.slices import Cut, cumulative, ends
from guatu.planning.types import PlanKind, TargetIndicator, TargetSubject
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import Cast
from tests.tables import codes, project_row, put_list, take_list

WAN = 10_000
YEAR = 2026
OWN, OTHERS = "江北新材料产业园", "临江污水处理厂"
BASIS = "江重办〔2026〕1号"
PLAN = 12_000 * WAN
QUARTERS = ends(YEAR, Cut.QUARTER)


@pytest.fixture
def listing(people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProjectList:
    monkeypatch.setenv("GUATU_TODAY", "2026-10-31")
    money = {"年度计划投资（万元）": "12000"}
    path = put_list(
        tmp_path / "清单.csv",
        project_row(OWN, "P-1", **money),
        project_row(OTHERS, "P-3", 所属地区="临江区", 责任单位="临江区发改局", **money),
    )
    take_list(people.console, path)
    return ProjectList.objects.get()


def entry(name: str = OWN) -> ListEntry:
    return ListEntry.objects.get(project__name=name)


def cut(amounts: list[int], name: str = OWN, seen: int = 1) -> CutPlan:
    return CutPlan(entry(name).pk, cumulative(QUARTERS, [one * WAN for one in amounts]), seen)


def client(people: Cast, who: str = "office") -> Client:
    browser = Client()
    user = User.objects.get(pk=getattr(people, who).pk)
    browser.force_login(user, backend="guatu.organisation.backend.Accounts")
    return browser


def post(people: Cast, page: str, pk: int, who: str = "office", **data: Any) -> Any:
    told = {**data, TOKEN_FIELD: new_token()}
    return client(people, who).post(reverse(page, args=[pk]), told)


def cut_data(**data: str) -> dict[str, str]:
    usual = {"kind": "assigned", "cut": "quarter", "how": "pasted", "unit": "万元", "sums": "each",
             "text": "3000\t3000\t3000\t3000", "basis": BASIS,
             "seen": "assigned:1,promised:0,stretch:0"}  # fmt: skip
    return {f"cut-{name}": value for name, value in {**usual, **data}.items()}


def test_promises_stand_beside_what_was_assigned(people: Cast, listing: ProjectList) -> None:
    office = people.act_as("office")
    state_plan(office, entry().pk, StatePlan(PlanKind.PROMISED, PLAN + WAN, BASIS, 0))
    state_plan(office, entry().pk, StatePlan(PlanKind.PROMISED, PLAN + 2 * WAN, BASIS, 1))
    state_plan(office, entry().pk, StatePlan(PlanKind.STRETCH, PLAN + 9 * WAN, BASIS, 0))
    told = {(p.kind, p.plan_version): p.amount_yuan for p in queries.plan_versions(entry().pk)}
    assert told == {
        ("assigned", 1): PLAN,
        ("promised", 1): PLAN + WAN,
        ("promised", 2): PLAN + 2 * WAN,
        ("stretch", 1): PLAN + 9 * WAN,
    }
    assert queries.plans_in_force(listing.pk)[entry().pk].amount_yuan == PLAN


@pytest.mark.parametrize(
    ("kind", "amount", "basis", "code"),
    [
        (PlanKind.ASSIGNED, 1, BASIS, "assigned-by-list"),
        (PlanKind.PROMISED, 1, " ", "no-basis"),
        (PlanKind.PROMISED, 1, "字" * 301, "text-too-long"),
        (PlanKind.STRETCH, -1, BASIS, "plan-below-zero"),
    ],
)
def test_what_cannot_be_stated(
    people: Cast, listing: ProjectList, kind: PlanKind, amount: int, basis: str, code: str
) -> None:
    with pytest.raises(BadInput) as error:
        state_plan(people.act_as("office"), entry().pk, StatePlan(kind, amount, basis, 0))
    assert codes(error.value.faults) == [code]


def test_only_the_office_states_and_an_outsider_finds_nothing(
    people: Cast, listing: ProjectList
) -> None:
    command = StatePlan(PlanKind.PROMISED, PLAN, BASIS, 0)
    with pytest.raises(NotAllowed):
        state_plan(people.act_as("viewer"), entry().pk, command)
    with pytest.raises(NotFound):
        state_plan(people.act_as("outsider"), entry().pk, command)


def test_two_who_state_at_once(people: Cast, listing: ProjectList) -> None:
    office = people.act_as("office")
    state_plan(office, entry().pk, StatePlan(PlanKind.PROMISED, PLAN, BASIS, 0))
    with pytest.raises(Conflict):
        state_plan(office, entry().pk, StatePlan(PlanKind.PROMISED, PLAN + 1, BASIS, 0))


def test_a_cut_is_a_new_version_with_its_paper(people: Cast, listing: ProjectList) -> None:
    office = people.act_as("office")
    cut_plans(office, [cut([1000, 2000, 4000, 5000])], basis=BASIS)
    newest = queries.plans_in_force(listing.pk)[entry().pk]
    assert (newest.plan_version, newest.amount_yuan, newest.basis) == (2, PLAN, BASIS)
    assert queries.slices_of(listing.pk)[newest.pk][date(YEAR, 9, 30)] == 7000 * WAN
    with pytest.raises(BadInput) as error:
        cut_plans(office, [cut([1000, 2000, 4000, 5000], seen=2)], basis=BASIS)
    assert codes(error.value.faults) == ["nothing-to-change"]
    with pytest.raises(Conflict):
        cut_plans(office, [cut([2000, 1000, 4000, 5000])], basis=BASIS)
    cut_plans(office, [CutPlan(entry().pk, {}, 2)], basis=BASIS)
    assert (
        queries.slices_of(listing.pk).get(queries.plans_in_force(listing.pk)[entry().pk].pk) is None
    )


def test_a_sum_that_differs_cuts_nothing(people: Cast, listing: ProjectList) -> None:
    before = AnnualPlan.objects.count()
    with pytest.raises(BadInput) as error:
        cut_plans(
            people.act_as("office"),
            [cut([3000] * 4), cut([3000, 3000, 3000, 2999], OTHERS)],
            basis=BASIS,
        )
    (fault,) = error.value.faults
    assert fault.what == f"“{OTHERS}”：各期合计11,999万元，比年度计划12,000万元少1万元"
    assert (AnnualPlan.objects.count(), PlanSlice.objects.count()) == (before, 0)


def test_a_day_of_another_year_is_refused(people: Cast, listing: ProjectList) -> None:
    with pytest.raises(BadInput) as error:
        cut_plans(
            people.act_as("office"),
            [CutPlan(entry().pk, {date(YEAR + 1, 1, 31): PLAN}, 1)],
            basis=BASIS,
        )
    assert codes(error.value.faults) == ["other-year"]


def test_a_pasted_row_enters_by_the_page(people: Cast, listing: ProjectList) -> None:
    text = "１，０００\t2,000.5\t\t8,999.5"
    page = post(people, "entry-plan-cut", entry().pk, **cut_data(text=text))
    assert page.status_code == 302
    newest = queries.plans_in_force(listing.pk)[entry().pk]
    told = queries.slices_of(listing.pk)[newest.pk]
    assert [told[day] // 1000 for day in QUARTERS] == [10_000, 30_005, 30_005, 120_000]
    shown = client(people).get(reverse("entry-plan", args=[entry().pk])).content.decode()
    assert "二季度" in shown
    assert "2,000.5<" in shown


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"text": "1\t2"}, "要有4期的数，粘贴了2个"),
        ({"text": "a\t0\t0\t12000"}, "“a”不是万元数"),
        ({"text": "=1\t0\t0\t<script>"}, "不是万元数"),
        ({"text": "0\t0\t0\t11999"}, "少1万元"),
        ({"text": "12000\t-1\t1\t0"}, "累计计划比上一期少1万元"),
        ({"basis": ""}, "请填写依据"),
        ({"cut": "year"}, "从列表里选"),
        ({"how": "curve-999"}, "从列表里选"),
        ({"text": "1" * 500_000}, "粘贴的内容太多"),
    ],
)
def test_a_paste_that_does_not_fit_is_told_and_kept(
    people: Cast, listing: ProjectList, data: dict[str, str], told: str
) -> None:
    page = post(people, "entry-plan-cut", entry().pk, **cut_data(**data))
    assert page.status_code == 422
    assert told in page.content.decode()
    assert "<script>" not in page.content.decode().replace("<script src", "")
    assert PlanSlice.objects.count() == 0


def test_even_and_by_a_decreed_curve(people: Cast, listing: ProjectList) -> None:
    points = {date(YEAR, 6, 30): Ratio(1, 2), date(YEAR, 10, 31): Ratio(1, 1)}
    curve = decree_curve(
        people.act_as("office"), listing.pk, name="十月底前完成", basis=BASIS, points=points
    )
    data = cut_data(cut="month", how=f"curve-{curve.pk}", text="")
    assert post(people, "entry-plan-cut", entry().pk, **data).status_code == 302
    newest = queries.plans_in_force(listing.pk)[entry().pk]
    told = queries.slices_of(listing.pk)[newest.pk]
    assert (told[date(YEAR, 6, 30)], told[date(YEAR, 10, 31)]) == (PLAN // 2, PLAN)
    data = cut_data(cut="ten-day", how="even", text="", seen="assigned:2")
    assert post(people, "entry-plan-cut", entry().pk, **data).status_code == 302
    newest = queries.plans_in_force(listing.pk)[entry().pk]
    assert len(queries.slices_of(listing.pk)[newest.pk]) == 36


def test_a_copied_table_comes_back_as_it_went_out(people: Cast, listing: ProjectList) -> None:
    cut_plans(
        people.act_as("office"), [cut([1000, 2000, 4000, 5000]), cut([3000] * 4, OTHERS)],
        basis=BASIS,
    )  # fmt: skip
    lines = [
        "序号\t项目名称\t项目代码\t年度计划（万元）\t一季度\t二季度\t三季度\t四季度",
        f"1\t{OWN}\tP-1\t12,000.00\t2,000.00\t1,000.00\t4,000.00\t5,000.00",
        f"2\t{OTHERS}\tP-3\t12,000.00\t3,000.00\t3,000.00\t3,000.00\t3,000.00",
    ]
    data = {key.removeprefix("cut-"): value for key, value in cut_data().items()}
    data |= {"text": "\r\n".join(lines)}
    page = post(people, "list-cuts-edit", listing.pk, **data)
    assert page.status_code == 302
    plans = queries.plans_in_force(listing.pk)
    # What came back unchanged is no new version.
    assert (plans[entry().pk].plan_version, plans[entry(OTHERS).pk].plan_version) == (3, 2)
    told = queries.slices_of(listing.pk)[plans[entry().pk].pk]
    assert told[QUARTERS[0]] == 2000 * WAN


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("P-1\t3000\t3000", "只有3格"),
        ("没有的项目\t3000\t3000\t3000\t3000", "不是清单上的项目"),
        (f"{OWN}\tP-3\t3000\t3000\t3000\t3000", "分不清是哪个项目"),
        ("P-1\t3000\t3000\t3000\t300", "少2,700万元"),
        ("P-1\t3000\t3000\t3000\t3000\nP-1\t3000\t3000\t3000\t3000", "写了两行"),
        ("", "没有可用的行"),
    ],
)
def test_a_table_with_a_fault_changes_nothing(
    people: Cast, listing: ProjectList, line: str, told: str
) -> None:
    data = {key.removeprefix("cut-"): value for key, value in cut_data(text=line).items()}
    page = post(people, "list-cuts-edit", listing.pk, **data)
    assert page.status_code == 422
    assert told in page.content.decode()
    assert PlanSlice.objects.count() == 0


def test_a_whole_list_is_cut_evenly(people: Cast, listing: ProjectList) -> None:
    data = {key.removeprefix("cut-"): v for key, v in cut_data(how="even", text="").items()}
    assert post(people, "list-cuts-edit", listing.pk, **data).status_code == 302
    assert PlanSlice.objects.count() == 8


def test_the_page_of_cuts_and_its_export(people: Cast, listing: ProjectList) -> None:
    cut_plans(people.act_as("office"), [cut([1000, 2000, 4000, 5000])], basis=BASIS)
    address = reverse("list-cuts", args=[listing.pk])
    page = client(people).get(address).content.decode()
    assert ">4,000<" in page
    assert ">7,000<" in client(people).get(f"{address}?sums=cumulative").content.decode()
    assert OTHERS not in client(people).get(f"{address}?has=yes").content.decode()
    assert OTHERS not in client(people, "reporter").get(address).content.decode()
    export = client(people).get(reverse("list-cuts-export", args=[listing.pk]))
    assert export.status_code == 200
    assert client(people).post(address, {TOKEN_FIELD: new_token()}).status_code == 405


def test_pages_ask_a_constant_number_of_queries(
    people: Cast, listing: ProjectList, tmp_path: Path
) -> None:
    def count(name: str) -> int:
        browser = client(people)
        with CaptureQueriesContext(
            connection,
        ) as told:
            assert browser.get(reverse(name, args=[listing.pk])).status_code == 200
        return len(told)

    names = ("list-cuts", "list-pace", "list-halves", "list-targets", "list-curves")
    before = {name: count(name) for name in names}
    more = [project_row(f"项目{n}", f"Q-{n}", **{"年度计划投资（万元）": "100"}) for n in range(8)]
    take_list(people.console, put_list(tmp_path / "更多.csv", *more))
    assert {name: count(name) for name in names} == before
    assert max(before.values()) <= 12


def test_curves_have_versions(people: Cast, listing: ProjectList) -> None:
    data = {"name": "十月底前完成", "text": "6月30日 50%\n10月31日 100%", "basis": BASIS}
    assert post(people, "list-curves", listing.pk, **data).status_code == 302
    assert post(people, "list-curves", listing.pk, **data).status_code == 422
    data["text"] = "6月30日 55.5%\n12月31日 100%"
    assert post(people, "list-curves", listing.pk, **data).status_code == 302
    (curve,) = queries.curves_of(listing.pk)
    assert curve.kept.curve_version == 2
    assert curve.points[date(YEAR, 6, 30)] == Ratio(111, 200)
    assert DecreedCurve.objects.count() == 2
    page = client(people).get(reverse("list-curves", args=[listing.pk])).content.decode()
    assert "55.5" in page
    assert post(people, "list-curves", listing.pk, "viewer", **data).status_code == 403


def test_targets_stand_side_by_side_and_are_taken_back(people: Cast, listing: ProjectList) -> None:
    office = people.act_as("office")

    def target(due: date, amount: int | None, kind: PlanKind = PlanKind.ASSIGNED) -> SetTarget:
        return SetTarget(TargetSubject.TOTAL, None, TargetIndicator.RATE, kind, due, amount, BASIS)

    set_target(office, listing.pk, target(date(YEAR, 9, 30), 7_500))
    set_target(office, listing.pk, target(date(YEAR, 12, 31), 10_000))
    set_target(office, listing.pk, target(date(YEAR, 12, 31), 10_500, PlanKind.STRETCH))
    assert len(queries.targets_of(listing.pk)) == 3
    page = client(people).get(reverse("list-targets", args=[listing.pk])).content.decode()
    assert ">75<" in page
    assert ">105<" in page
    assert "没有数据" in page
    set_target(office, listing.pk, target(date(YEAR, 9, 30), None))
    assert len(queries.targets_of(listing.pk)) == 2
    assert Target.objects.count() == 4
    with pytest.raises(BadInput):
        set_target(office, listing.pk, target(date(YEAR + 1, 9, 30), 0))


def test_a_region_that_has_ended_is_given_no_target(people: Cast, listing: ProjectList) -> None:
    office, due = people.act_as("office"), date(YEAR, 12, 31)

    def target(pk: int, amount: int | None) -> SetTarget:
        return SetTarget(
            TargetSubject.REGION, pk, TargetIndicator.STARTS, PlanKind.ASSIGNED, due, amount, BASIS
        )

    region = Region.objects.get(pk=people.regions["江北区"])
    set_target(office, listing.pk, target(region.pk, 3))
    with journal.act(office, "test.made") as act:
        region.ended_on = date(YEAR, 5, 1)
        act.write(region)
    for pk in (region.pk, 2**62):
        with pytest.raises(BadInput, match="已撤并"):
            set_target(office, listing.pk, target(pk, 4))
    set_target(office, listing.pk, target(region.pk, None))
    assert not queries.targets_of(listing.pk)


@pytest.mark.parametrize(
    ("indicator", "amount", "kept"),
    [("rate", "75%", 7_500), ("investment", "1.5亿元", 150_000_000), ("starts", "３个", 3)],
)
def test_targets_are_typed_in_their_unit(
    people: Cast, listing: ProjectList, indicator: str, amount: str, kept: int
) -> None:
    data = {"body": f"region-{entry().project.region_id}", "indicator": indicator,
            "kind": "assigned", "due_on": "2026-09-30", "amount": amount,
            "basis": BASIS}  # fmt: skip
    assert post(people, "list-targets-set", listing.pk, **data).status_code == 302
    assert Target.objects.get().amount == kept
    data["amount"] = "10<script>"
    assert post(people, "list-targets-set", listing.pk, **data).status_code == 422
