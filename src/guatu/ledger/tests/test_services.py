from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from guatu.core.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.journal.models import Change, Entry
from guatu.journal.queries import verify
from guatu.ledger import services
from guatu.ledger.models import ListEntry, Project, ProjectAlias, Responsibility, SavedView, Term
from guatu.ledger.services import AssignDuty, ListWords, NewProject, ProjectWords
from guatu.ledger.tests.town import BIG, LINKED, OTHERS, OWN, PART, TODAY, Town
from guatu.ledger.types import Bearing, ResponsibilityRole
from tests.factories import DEPARTMENT_UNIT, LEADER, OTHER_UNIT, UNIT


def words_of(project: Project, **changes: object) -> ProjectWords:
    held = ProjectWords(
        name=project.name,
        national_code=project.national_code,
        region_id=project.region_id,
        sector_id=project.sector_id,
        site=project.site,
        content=project.content,
        total_yuan=project.total_yuan,
        stage=project.stage,
        is_package=project.is_package,
        declared_parts=project.declared_parts,
        package_id=project.package_id,
        phase_of_id=project.phase_of_id,
    )
    return replace(held, **changes)  # type: ignore[arg-type]


def edit(town: Town, project: Project, **changes: object) -> Project:
    words = words_of(project, **changes)
    return services.edit_project(town.office, project.pk, words, version=project.version)


def codes(error: pytest.ExceptionInfo[BadInput] | pytest.ExceptionInfo[Conflict]) -> list[str]:
    return [fault.code for fault in error.value.faults]


def last_act() -> str:
    return Entry.objects.order_by("-seq")[0].act


# Projects.


def test_an_edit_is_one_act_and_the_old_name_becomes_an_alias(town: Town) -> None:
    project = town.project()
    words = words_of(project, name="江北新材料产业基地", stage="在建")
    services.edit_project(town.office, project.pk, words, version=project.version)
    project.refresh_from_db()
    assert (project.name, project.stage) == ("江北新材料产业基地", "在建")
    assert [alias.name for alias in project.aliases.all()] == [OWN]
    assert last_act() == "project.changed"
    assert not verify().problems


def test_a_name_that_is_only_spaced_otherwise_makes_no_alias(town: Town) -> None:
    project = town.project()
    words = words_of(project, name="江北 新材料产业园")
    services.edit_project(town.office, project.pk, words, version=project.version)
    assert not ProjectAlias.objects.exists()


def test_nothing_new_writes_nothing(town: Town) -> None:
    project, before = town.project(), Entry.objects.count()
    services.edit_project(town.office, project.pk, words_of(project), version=project.version)
    assert Entry.objects.count() == before


def test_a_stale_version_is_a_conflict(town: Town) -> None:
    project = town.project()
    words = words_of(project, stage="在建")
    services.edit_project(town.office, project.pk, words, version=project.version)
    with pytest.raises(Conflict):
        edit(town, project, stage="完工")
    assert town.project().stage == "在建"


def test_a_taken_code_is_refused_however_it_is_written(town: Town) -> None:
    project = town.project()
    with pytest.raises(BadInput) as error:
        edit(town, project, national_code="ｐ-2")
    assert codes(error) == ["code-taken"]


def test_a_part_holds_no_money_and_a_package_keeps_its_parts(town: Town) -> None:
    part, package = town.project(PART), town.project(BIG)
    with pytest.raises(BadInput) as error:
        edit(town, part, total_yuan=10_000)
    assert codes(error) == ["money-on-part"]
    with pytest.raises(BadInput) as error:
        edit(town, package, is_package=False)
    assert codes(error) == ["has-parts"]
    own = town.project()
    words = words_of(own, package_id=package.pk, total_yuan=None)
    services.edit_project(town.office, own.pk, words, version=own.version)
    assert set(package.parts.values_list("name", flat=True)) == {OWN, PART}


def test_a_phase_does_not_turn_in_a_circle(town: Town) -> None:
    first, second = town.project(), town.project(LINKED)
    words = words_of(second, phase_of_id=first.pk)
    services.edit_project(town.office, second.pk, words, version=second.version)
    with pytest.raises(BadInput) as error:
        edit(town, first, phase_of_id=second.pk)
    assert codes(error) == ["phase-circle"]


@pytest.mark.parametrize("who", ["viewer", "reporter", "leader"])
def test_whoever_only_sees_may_not_edit(town: Town, who: str) -> None:
    project = town.project(LINKED)
    words, actor = words_of(project, stage="在建"), town.people.act_as(who)
    with pytest.raises(NotAllowed):
        services.edit_project(actor, project.pk, words, version=project.version)


def test_for_an_outsider_there_is_nothing_to_edit(town: Town) -> None:
    project, outsider = town.project(), town.people.act_as("outsider")
    with pytest.raises(NotFound):
        services.edit_project(outsider, project.pk, words_of(project), version=1)
    with pytest.raises(NotFound):
        services.add_alias(outsider, project.pk, "别名")


def new_project(town: Town, name: str, **changes: object) -> NewProject:
    words = ProjectWords(name=name, national_code=None, region_id=town.project().region_id)
    new = NewProject(words, town.listing.pk, basis="常务会议纪要")
    return replace(new, **changes)  # type: ignore[arg-type]


def test_a_new_project_stands_on_the_list_with_the_next_number(town: Town) -> None:
    unit = town.people.organisations[UNIT]
    entry = services.add_project(town.office, new_project(town, "全新的湖底隧道", lead_id=unit))
    assert entry.serial_no == 6
    assert entry.joined_on == TODAY
    assert entry.project.responsibilities.get().organisation_id == unit
    assert not verify().problems


@pytest.mark.parametrize(
    ("name", "site", "owner", "like"),
    [
        (OWN, "", None, OWN),
        ("江北新材料产业园项目", "", None, OWN),
        ("毫不相干之所在", "江北大道 1号", None, OWN),
        ("江北快速道路", "", "江源城投集团", LINKED),
    ],
)
def test_a_look_alike_must_be_ruled_out_first(
    town: Town, name: str, site: str, owner: str | None, like: str
) -> None:
    owner_id = town.people.organisations[owner] if owner else None
    new = new_project(town, name, owner_id=owner_id)
    new = replace(new, words=replace(new.words, site=site))
    with pytest.raises(Conflict) as error:
        services.add_project(town.office, new)
    assert any(like in fault.what for fault in error.value.faults)
    every = frozenset(Project.objects.values_list("pk", flat=True))
    assert services.add_project(town.office, replace(new, seen=every)).project.name == name


def test_an_alias_is_remembered_once_and_names_one_project(town: Town) -> None:
    project = town.project()
    services.add_alias(town.office, project.pk, "新材料园")
    with pytest.raises(BadInput) as error:
        services.add_alias(town.office, project.pk, "新材料园 ")
    assert codes(error) == ["alias-known"]
    with pytest.raises(BadInput) as error:
        services.add_alias(town.office, town.project(LINKED).pk, "新材料园")
    assert codes(error) == ["alias-of-other"]


# Entries and lists.


def test_leaving_keeps_number_and_reason_and_rejoining_takes_them_up(town: Town) -> None:
    entry = town.entry()
    services.leave_list(town.office, entry.pk, left_on=TODAY, reason="调整", version=entry.version)
    entry.refresh_from_db()
    assert (entry.left_on, entry.reason, entry.serial_no) == (TODAY, "调整", 1)
    services.rejoin_list(town.office, entry.pk, basis="会议纪要", version=entry.version)
    entry.refresh_from_db()
    assert (entry.left_on, entry.reason, entry.joined_by) == (None, "", "会议纪要")
    assert not verify().problems


def test_leaving_asks_for_a_reason_and_a_possible_day(town: Town) -> None:
    entry = town.entry()
    with pytest.raises(BadInput) as error:
        services.leave_list(
            town.office, entry.pk, left_on=date(2027, 1, 1), reason=" ", version=entry.version
        )
    assert codes(error) == ["future-leaving", "no-reason"]
    with pytest.raises(Conflict):
        services.leave_list(town.office, entry.pk, left_on=TODAY, reason="调整", version=99)


def campaign(town: Town) -> int:
    words = ListWords(2026, "大会战", state="issued", parent_id=town.listing.pk)
    return services.make_list(town.office, words).pk


def test_the_projects_of_a_sub_list_stand_on_its_parent(town: Town) -> None:
    sub = campaign(town)
    rows = services.add_to_list(
        town.office, sub, [town.project(), town.project(LINKED)], basis="方案"
    )
    assert [row.serial_no for row in rows] == [1, 2]
    assert rows[0].nature == "new"
    entry = town.entry()
    with pytest.raises(BadInput) as error:
        services.leave_list(
            town.office, entry.pk, left_on=TODAY, reason="调整", version=entry.version
        )
    assert codes(error) == ["on-sub-list"]
    other = town.entry(OTHERS)
    services.leave_list(town.office, other.pk, left_on=TODAY, reason="调", version=other.version)
    with pytest.raises(BadInput) as error:
        services.add_to_list(town.office, sub, [town.project(OTHERS)], basis="方案")
    assert codes(error) == ["not-on-parent"]
    with pytest.raises(BadInput) as error:
        services.add_project(town.office, new_project(town, "湖底隧道", list_id=sub))
    assert codes(error) == ["sub-list"]


def test_adding_to_a_list_is_all_or_nothing(town: Town) -> None:
    sub = campaign(town)
    services.add_to_list(town.office, sub, [town.project()], basis="方案")
    both = [town.project(LINKED), town.project()]
    with pytest.raises(BadInput) as error:
        services.add_to_list(town.office, sub, both, basis="方案")
    assert codes(error) == ["on-list"]
    assert ListEntry.objects.filter(list_id=sub).count() == 1


def test_lists_do_not_lie_in_themselves_nor_in_another_year(town: Town) -> None:
    sub = campaign(town)
    top = town.listing
    for list_id, parent, name in ((top.pk, sub, top.name), (top.pk, top.pk, top.name)):
        words = ListWords(2026, name, state="issued", parent_id=parent)
        with pytest.raises(BadInput) as error:
            services.change_list(town.office, list_id, words, version=1)
        assert codes(error) == ["list-circle"]
    with pytest.raises(BadInput) as error:
        services.make_list(town.office, ListWords(2027, "明年", state="draft", parent_id=top.pk))
    assert codes(error) == ["other-year"]
    with pytest.raises(BadInput) as error:
        services.make_list(town.office, ListWords(2026, "大会战", state="draft"))
    assert codes(error) == ["list-taken"]
    with pytest.raises(BadInput) as error:
        services.change_list(town.office, top.pk, ListWords(2027, top.name), version=1)
    assert codes(error) == ["year-of-list"]


def test_a_list_does_not_move_under_one_that_lacks_its_projects(town: Town) -> None:
    empty = services.make_list(town.office, ListWords(2026, "备选", state="draft"))
    words = ListWords(2026, town.listing.name, state="issued", parent_id=empty.pk)
    with pytest.raises(BadInput) as error:
        services.change_list(town.office, town.listing.pk, words, version=1)
    assert codes(error) == ["not-on-parent"]


# Duties.


def duty(town: Town, **changes: object) -> AssignDuty:
    unit = town.people.organisations[DEPARTMENT_UNIT]
    held = AssignDuty(ResponsibilityRole.LEAD, TODAY, "市委办〔2026〕8号", organisation_id=unit)
    return replace(held, **changes)  # type: ignore[arg-type]


def held(town: Town, role: str = "lead") -> list[tuple[int | None, date, date | None]]:
    rows = Responsibility.objects.filter(project=town.project(), role=role).order_by("pk")
    return [(row.organisation_id, row.valid_from, row.valid_to) for row in rows]


def test_the_old_bearer_ends_the_day_before(town: Town) -> None:
    services.assign_duty(town.office, town.project().pk, duty(town))
    old, new = town.people.organisations[UNIT], town.people.organisations[DEPARTMENT_UNIT]
    assert held(town) == [(old, date(2026, 1, 1), date(2026, 10, 30)), (new, TODAY, None)]


def test_the_same_day_is_a_correction_and_an_earlier_day_is_refused(town: Town) -> None:
    pk = town.project().pk
    services.assign_duty(town.office, pk, duty(town))
    third = town.people.organisations[OTHER_UNIT]
    services.assign_duty(town.office, pk, duty(town, organisation_id=third))
    assert [(row[0], row[1]) for row in held(town)][1:] == [(third, TODAY)]
    with pytest.raises(BadInput) as error:
        services.assign_duty(town.office, pk, duty(town, valid_from=date(2026, 10, 1)))
    assert codes(error) == ["takeover-too-early"]
    assert not verify().problems


def test_a_bearer_beside_and_a_duty_that_just_ends(town: Town) -> None:
    pk = town.project().pk
    services.assign_duty(town.office, pk, duty(town, bearing=Bearing.ADD))
    assert [row[2] for row in held(town)] == [None, None]
    with pytest.raises(BadInput) as error:
        services.assign_duty(town.office, pk, duty(town, bearing=Bearing.ADD))
    assert codes(error) == ["bears-already"]
    nobody = duty(town, bearing=Bearing.END, organisation_id=None, valid_from=date(2026, 11, 1))
    services.assign_duty(town.office, pk, nobody)
    assert [row[2] for row in held(town)] == [TODAY, TODAY]


def test_a_leader_is_named_and_made_only_where_wanted(town: Town) -> None:
    pk = town.project().pk
    wanted = duty(town, role=ResponsibilityRole.LEADER, organisation_id=None, person_name="李向前")
    with pytest.raises(BadInput) as error:
        services.assign_duty(town.office, pk, wanted)
    assert codes(error) == ["unknown-person"]
    services.assign_duty(town.office, pk, replace(wanted, creates_person=True))
    known = replace(wanted, person_name=LEADER, bearing=Bearing.ADD)
    services.assign_duty(town.office, pk, known)
    rows = Responsibility.objects.filter(project=town.project(), role="leader").order_by("pk")
    assert [row.person.name for row in rows if row.person] == ["李向前", LEADER]


def test_a_duty_needs_a_bearer_and_a_basis(town: Town) -> None:
    wanted = duty(town, organisation_id=None, basis=" ", valid_from=date(2036, 1, 1))
    with pytest.raises(BadInput) as error:
        services.assign_duty(town.office, town.project().pk, wanted)
    assert codes(error) == ["no-organisation", "no-basis", "far-future"]


# Vocabularies.


def test_terms_are_added_renamed_merged_and_removed(town: Town) -> None:
    office = town.office
    added = services.add_term(office, "文旅")
    with pytest.raises(BadInput) as error:
        services.add_term(office, " 文 旅")
    assert codes(error) == ["term-taken"]
    services.rename_term(office, added.pk, "文化旅游")
    services.add_term(office, "文旅")
    industry, green = Term.objects.get(name="工业"), Term.objects.get(name="环保")
    assert services.merge_term(office, green.pk, industry.pk) == 1
    assert town.project(OTHERS).sector_id == industry.pk
    with pytest.raises(BadInput) as error:
        services.remove_term(office, industry.pk)
    assert codes(error) == ["term-in-use"]
    services.remove_term(office, added.pk)
    assert set(Term.objects.values_list("name", flat=True)) == {"工业", "文旅"}
    assert Change.objects.filter(table="ledger_term", op="delete").count() == 2
    assert not verify().problems


@pytest.mark.parametrize("who", ["viewer", "reporter", "outsider", "system"])
def test_words_are_the_offices(town: Town, who: str) -> None:
    with pytest.raises(NotAllowed):
        services.add_term(town.people.act_as(who), "文旅")


# Saved views.


def test_a_view_is_its_owners_and_only_the_office_shares(town: Town) -> None:
    reporter, office = town.people.act_as("reporter"), town.office
    view = services.save_view(reporter, "红灯", list_id=town.listing.pk, query="light=serious")
    services.save_view(reporter, "红灯", list_id=town.listing.pk, query="light=warning")
    assert SavedView.objects.get().query == "light=warning"
    with pytest.raises(NotFound):
        services.remove_view(office, view.pk)
    with pytest.raises(NotAllowed):
        services.save_view(reporter, "共享", list_id=town.listing.pk, query="", is_shared=True)
    services.rename_view(reporter, view.pk, "黄灯")
    services.remove_view(reporter, view.pk)
    assert not SavedView.objects.exists()
    assert not verify().problems
