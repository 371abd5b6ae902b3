from __future__ import annotations

from datetime import date

import pytest

from guatu.core.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.journal import services as journal
from guatu.ledger.making import comparing, queries, services
from guatu.ledger.making.models import Application, ListCall, ListVersion
from guatu.ledger.making.services import SaveApplication
from guatu.ledger.making.types import ApplicationState, CallState, Decision, Stance, VersionKind
from guatu.ledger.models import (
    ListEntry,
    Project,
    ProjectAlias,
    ProjectList,
    Responsibility,
)
from guatu.ledger.types import ListState, Nature
from guatu.planning.making.services import AdjustList, adjust_list, issue_list
from guatu.planning.models import AnnualPlan, DateFact, PlanSlice
from guatu.planning.tests.making_town import TODAY, YI, Making, make_making
from tests.factories import DEPARTMENT_UNIT, OTHER_UNIT, UNIT, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def making(people: Cast, monkeypatch: pytest.MonkeyPatch) -> Making:
    monkeypatch.setenv("GUATU_TODAY", TODAY.isoformat())
    return make_making(people)


def codes(error: pytest.ExceptionInfo[BadInput]) -> set[str]:
    return {fault.code for fault in error.value.faults}


def issued(making: Making) -> ProjectList:
    one, other = making.apply(), making.apply("临江港区", who="outsider", plan_yuan=2 * YI)
    making.decide(one, other)
    making.review()
    version = issue_list(making.office, making.call.pk, making.issuing())
    assert version.list is not None
    return version.list


def issued_plans(listing: ProjectList) -> dict[int | None, int | None]:
    version = queries.issued_version(listing.pk)
    assert version is not None
    return {row.project_id: row.plan_yuan for row in queries.rows_in(version)}


def in_2027(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUATU_TODAY", "2027-08-20")


def test_issuing_makes_projects_entries_plans_and_dates(making: Making) -> None:
    listing = issued(making)
    assert (listing.state, str(listing)) == (ListState.ISSUED, "2027年重点项目")
    entries = {one.project.name: one for one in queries.standing_on(listing.pk)}
    assert set(entries) == {"江北智算中心", "临江港区"}
    own = entries["江北智算中心"]
    assert (own.serial_no, own.joined_on, own.joined_by) == (
        1,
        date(2027, 1, 1),
        "江重办〔2027〕1号",
    )
    plan = AnnualPlan.objects.get(entry=own)
    assert (plan.amount_yuan, plan.plan_version, plan.basis) == (YI, 1, "江重办〔2027〕1号")
    dates = {fact.milestone: fact.on for fact in DateFact.objects.filter(entry=own)}
    assert dates == {"start": date(2027, 3, 31), "completion": date(2028, 12, 31)}
    duties = Responsibility.objects.filter(project=own.project)
    assert {(one.role, one.organisation_id) for one in duties} == {
        ("lead", making.people.organisations[UNIT]),
        ("owner", making.people.organisations["江源城投集团"]),
    }
    assert issued_plans(listing) == {
        own.project_id: YI,
        entries["临江港区"].project_id: 2 * YI,
    }
    call = ListCall.objects.get()
    assert (call.state, call.list_id) == (CallState.ISSUED, listing.pk)


def test_a_list_is_issued_once(making: Making) -> None:
    issued(making)
    with pytest.raises(Conflict, match="已经印发"):
        issue_list(making.office, making.call.pk, making.issuing("江重办〔2027〕2号"))
    assert ProjectList.objects.count() == 1


def test_nothing_is_issued_without_what_was_reviewed(making: Making) -> None:
    one = making.apply()
    making.decide(one)
    with pytest.raises(BadInput) as refused:
        issue_list(making.office, making.call.pk, making.issuing("", on=date(2026, 12, 1)))
    assert codes(refused) == {"no-reviewed", "no-number", "future-issue"}
    making.review()
    late = making.apply("临江港区", who="outsider")
    making.decide(late)
    with pytest.raises(BadInput) as refused:
        issue_list(making.office, making.call.pk, making.issuing())
    assert codes(refused) == {"changed-since-review"}
    assert not ProjectList.objects.exists()


def test_only_the_office_issues_and_decides(making: Making) -> None:
    one = making.apply()
    for who in ("reporter", "reviewer", "viewer", "department"):
        actor = making.people.act_as(who)
        with pytest.raises((NotAllowed, NotFound)):
            services.decide(actor, making.call.pk, {one.pk: 1}, decision=Decision.IN, reason="")
        with pytest.raises((NotAllowed, NotFound)):
            issue_list(actor, making.call.pk, making.issuing())


def test_a_unit_applies_for_itself_only(making: Making) -> None:
    outsider = making.people.act_as("outsider")
    with pytest.raises(NotAllowed, match="替别的单位"):
        services.submit_application(outsider, making.command())
    one = making.apply()
    words = making.words("改名")
    command = SaveApplication(
        making.call.pk, making.people.organisations[OTHER_UNIT], words, one.pk, one.version
    )
    with pytest.raises(NotFound):
        services.save_application(outsider, command)
    with pytest.raises(NotFound):
        services.withdraw_application(outsider, one.pk, reason="", version=one.version)


def test_the_way_of_an_application(making: Making) -> None:
    reporter = making.people.act_as("reporter")
    draft = services.save_application(
        reporter, making.command(making.words(total_yuan=None, plan_yuan=None))
    )
    assert draft.state == ApplicationState.DRAFT
    assert queries.applications_of(making.call.pk) == []
    organisation = making.people.organisations[UNIT]

    def write(version: int) -> Application:
        command = SaveApplication(making.call.pk, organisation, making.words(), draft.pk, version)
        return services.submit_application(reporter, command)

    with pytest.raises(Conflict):
        write(version=99)
    sent = write(draft.version)
    assert sent.state == ApplicationState.SUBMITTED
    with pytest.raises(Conflict, match="不能再改"):
        write(sent.version)
    services.return_applications(
        making.office, making.call.pk, {sent.pk: sent.version}, reason="补土地批文"
    )
    services.close_call(making.office, making.call.pk, version=making.call.version)
    with pytest.raises(Conflict, match="截止"):
        making.apply("迟来的项目")
    back = write(Application.objects.get().version)
    assert (back.state, back.state_reason) == (ApplicationState.SUBMITTED, "")
    making.decide(back)
    with pytest.raises(Conflict, match="已审定"):
        services.withdraw_application(
            reporter, back.pk, reason="", version=Application.objects.get().version
        )
    making.decide(back, decision=Decision.NONE)
    gone = services.withdraw_application(
        reporter, back.pk, reason="不建了", version=Application.objects.get().version
    )
    assert gone.state == ApplicationState.WITHDRAWN
    with pytest.raises(BadInput):
        making.decide(gone)


def test_a_decision_needs_its_reason_and_is_all_or_nothing(making: Making) -> None:
    one, other = making.apply(), making.apply("临江港区", who="outsider")
    with pytest.raises(BadInput, match="没有写原因"):
        making.decide(one, decision=Decision.OUT)
    with pytest.raises(Conflict):
        services.decide(
            making.office,
            making.call.pk,
            {one.pk: one.version, other.pk: 99},
            decision=Decision.IN,
            reason="",
        )
    assert not Application.objects.exclude(decision="").exists()
    with pytest.raises(BadInput, match="没有审定"):
        making.review()


def test_the_same_project_twice_is_asked_about(making: Making) -> None:
    one, again = making.apply(), making.apply("江北智算中心项目", who="outsider", site="")
    making.decide(one)
    with pytest.raises(BadInput, match="重复") as refused:
        making.decide(again)
    assert codes(refused) == {"look-alike"}
    services.settle_identity(making.office, again.pk, project_id=None, version=again.version)
    making.decide(again)


def test_a_known_project_is_taken_under_its_new_name(making: Making) -> None:
    with journal.act(making.office, "project.added") as act:
        project = Project(
            uid="a" * 32, name="江北数据中心", national_code="P-9",
            region_id=making.people.regions["江北区"],
        )  # fmt: skip
        act.write(project)
    one = making.apply("江北智算中心", national_code="P-9", nature=Nature.CONTINUING)
    with pytest.raises(BadInput, match="代码相同"):
        making.decide(one)
    services.settle_identity(making.office, one.pk, project_id=project.pk, version=one.version)
    making.decide(one)
    making.review()
    issue_list(making.office, making.call.pk, making.issuing())
    project.refresh_from_db()
    assert project.name == "江北智算中心"
    assert ProjectAlias.objects.get(project=project).name == "江北数据中心"
    assert Project.objects.count() == 1


def test_a_list_is_numbered_by_region_and_an_adjusted_one_keeps_its_months(
    making: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    regions = making.people.regions
    making.decide(
        making.apply("甲", region_id=regions["临江区"]),
        making.apply("乙", region_id=regions["江北区"]),
    )
    making.review()
    version = issue_list(making.office, making.call.pk, making.issuing())
    assert [(row.serial_no, row.name) for row in queries.rows_in(version)] == [
        (1, "乙"), (2, "甲"),
    ]  # fmt: skip
    assert version.list is not None
    in_2027(monkeypatch)
    entry = queries.standing_on(version.list.pk)[0]
    command = AdjustList("9号", date(2027, 8, 1), "加码", plans={entry.pk: 2 * YI})
    adjusted = adjust_list(making.office, version.list.pk, command).version
    changes = comparing.compared_versions(queries.rows_in(version), queries.rows_in(adjusted))
    assert [(one.name, [label for label, *_ in one.fields]) for one in changes] == [
        ("乙", ["年度计划投资"])
    ]
    assert {row.starts_by for row in queries.rows_in(adjusted)} == {"2027-03"}


def test_departments_are_asked_and_their_last_word_holds(making: Making) -> None:
    one = making.apply()
    department = making.people.act_as("department")
    unit = making.people.organisations[DEPARTMENT_UNIT]
    with pytest.raises(NotFound):
        services.give_opinion(department, one.pk, unit, stance=Stance.AGREE, text="")
    picked = {one.pk: one.version}
    assert services.ask_opinions(making.office, making.call.pk, picked, [unit, unit]) == 1
    assert services.ask_opinions(making.office, making.call.pk, picked, [unit]) == 0
    with pytest.raises(BadInput, match="条件或理由"):
        services.give_opinion(department, one.pk, unit, stance=Stance.DISAGREE, text=" ")
    with pytest.raises(NotAllowed):
        services.give_opinion(
            department, one.pk, making.people.organisations[UNIT], stance=Stance.AGREE, text=""
        )
    services.give_opinion(department, one.pk, unit, stance=Stance.DISAGREE, text="压占红线")
    services.give_opinion(department, one.pk, unit, stance=Stance.AGREE, text="")
    heard = queries.heard_of([one.pk])[one.pk]
    assert [said.stance for said in heard.history] == [Stance.DISAGREE, Stance.AGREE]
    assert heard.said[unit].stance == Stance.AGREE


def test_two_adjustments_leave_the_list_as_issued(
    making: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    spare = making.apply("江北储能站", plan_yuan=YI // 2)
    making.decide(spare, decision=Decision.RESERVE, reason="资金未落实")
    listing = issued(making)
    in_2027(monkeypatch)
    before = issued_plans(listing)
    first, second = queries.standing_on(listing.pk)
    command = AdjustList(
        "江重办〔2027〕30号", date(2027, 8, 15), "年中调整", admits=[spare.pk],
        exits=[second.pk], plans={first.pk: 3 * YI},
    )  # fmt: skip
    done = adjust_list(making.office, listing.pk, command)
    assert (done.adjustment.number, done.version.kind) == (1, VersionKind.ADJUSTED)
    second.refresh_from_db()
    assert second.left_on == date(2027, 8, 15)
    assert second.reason == "第1次调整 江重办〔2027〕30号：年中调整"
    plans = {row.name: row.plan_yuan for row in queries.rows_in(done.version)}
    assert plans == {"江北智算中心": 3 * YI, "江北储能站": YI // 2}
    newest = AnnualPlan.objects.filter(entry=first).order_by("-plan_version")[0]
    assert (newest.plan_version, newest.basis) == (2, "第1次调整 江重办〔2027〕30号")
    again = adjust_list(
        making.office,
        listing.pk,
        AdjustList("江重办〔2027〕44号", date(2027, 8, 20), "恢复", joins={second.project_id: YI}),
    )
    assert again.adjustment.number == 2
    back = ListEntry.objects.get(pk=second.pk)
    assert (back.left_on, back.joined_by) == (None, "第2次调整 江重办〔2027〕44号")
    assert issued_plans(listing) == before
    kinds = [version.kind for version in queries.versions_of(ListCall.objects.get())]
    assert kinds == ["reviewed", "issued", "adjusted", "adjusted"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"outside_number": " "}, "no-number"),
        ({"reason": ""}, "no-reason"),
        ({"on": date(2027, 8, 21)}, "future-adjustment"),
        ({"on": date(2026, 8, 21)}, "other-year"),
        ({"plans": {}}, "nothing-adjusted"),
        ({"plans": {0: 1}}, "not-on-list"),
        ({"exits": [2**62]}, "not-on-list"),
        ({"admits": [2**62]}, "not-admissible"),
        ({"plans": "same"}, "same-plan"),
        ({"plans": 10**18}, "bad-plan"),
        ({"plans": -1}, "bad-plan"),
    ],
)
def test_an_impossible_adjustment_changes_nothing(
    making: Making, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object], code: str
) -> None:
    listing = issued(making)
    in_2027(monkeypatch)
    entry = queries.standing_on(listing.pk)[0]
    given: dict[str, object] = {
        "outside_number": "1号", "on": date(2027, 8, 1), "reason": "调整",
        "plans": {entry.pk: 5}, **changes,
    }  # fmt: skip
    if not isinstance(given["plans"], dict):
        amount = YI if given["plans"] == "same" else given["plans"]
        given["plans"] = {entry.pk: amount}
    with pytest.raises(BadInput) as refused:
        adjust_list(making.office, listing.pk, AdjustList(**given))  # type: ignore[arg-type]
    assert code in codes(refused)
    assert not listing.adjustments.exists()


def test_one_paper_adjusts_once_and_slices_that_no_longer_fit_are_told(
    making: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = issued(making)
    in_2027(monkeypatch)
    entry = queries.standing_on(listing.pk)[0]
    with journal.act(making.office, "plan.sliced") as act:
        act.write(
            PlanSlice(
                plan=AnnualPlan.objects.get(entry=entry),
                indicator="investment",
                as_of=date(2027, 6, 30),
                cumulative=YI // 2,
            )
        )
    command = AdjustList("9号", date(2027, 8, 1), "压减", plans={entry.pk: YI // 4})
    assert adjust_list(making.office, listing.pk, command).unsliced == [entry.project.name]
    with pytest.raises(BadInput, match="已经办过"):
        adjust_list(making.office, listing.pk, command)


def test_a_version_holds_what_its_digest_says(making: Making) -> None:
    making.apply()
    version = services.make_version(
        making.office, making.call.pk, VersionKind.APPLIED, basis="送联审"
    )
    same = services.make_version(making.office, making.call.pk, VersionKind.APPLIED, basis="")
    assert (version.number, same.number) == (1, 2)
    assert version.sm3 == same.sm3
    assert ListVersion.objects.count() == 2
