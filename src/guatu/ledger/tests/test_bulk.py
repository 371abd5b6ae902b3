from __future__ import annotations

from datetime import date

import pytest

from guatu.core.errors import BadInput, Conflict, NotAllowed
from guatu.journal.models import Entry
from guatu.journal.queries import verify
from guatu.ledger import queries, services
from guatu.ledger.models import BulkChange, ListEntry, Project, Responsibility, Term
from guatu.ledger.services.bulk import ChangeMany
from guatu.ledger.tests.town import LINKED, OTHERS, OWN, TODAY, Town
from guatu.ledger.types import BulkField
from tests.factories import DEPARTMENT_UNIT, LEADER, UNIT

NAMES = (OWN, LINKED, OTHERS)


def command(town: Town, field: BulkField, **values: object) -> ChangeMany:
    entries = list(ListEntry.objects.filter(project__name__in=NAMES).select_related("project"))
    before = {pk: state[0] for pk, state in queries.states_of(field, entries).items()}
    return ChangeMany(town.listing.pk, field, before, **values)  # type: ignore[arg-type]


def leads() -> dict[str, list[tuple[int | None, date | None]]]:
    return {
        name: [
            (row.organisation_id, row.valid_to)
            for row in Responsibility.objects.filter(project__name=name, role="lead").order_by("pk")
        ]
        for name in NAMES
    }


def test_one_act_changes_all_and_its_counter_act_gives_all_back(town: Town) -> None:
    unit = town.people.organisations[DEPARTMENT_UNIT]
    before, acts = leads(), Entry.objects.count()
    row = services.change_many(
        town.office,
        command(town, BulkField.LEAD, target_id=unit, valid_from=TODAY, basis="8号文"),
    )
    assert (row.count, Entry.objects.count()) == (3, acts + 1)
    assert all(held[-1] == (unit, None) for held in leads().values())
    assert all(held[0][1] == date(2026, 10, 30) for held in leads().values())
    services.undo_bulk_change(town.office, row.pk)
    assert leads() == before
    assert not verify().problems


def test_a_second_change_on_the_same_day_is_undone_to_the_first(town: Town) -> None:
    one, two = town.people.organisations[DEPARTMENT_UNIT], town.people.organisations[UNIT]
    for unit in (one, two):
        row = services.change_many(
            town.office,
            command(town, BulkField.LEAD, target_id=unit, valid_from=TODAY, basis="8号文"),
        )
    services.undo_bulk_change(town.office, row.pk)
    assert all(held[-1] == (one, None) for held in leads().values())
    assert not verify().problems


@pytest.mark.parametrize(
    ("field", "values", "read"),
    [
        (BulkField.STAGE, {"text": "在建"}, "project__stage"),
        (BulkField.TIER, {"text": "省级"}, "tier"),
        (BulkField.CLASS, {"text": "A类"}, "project_class"),
    ],
)
def test_words_change_and_come_back(
    town: Town, field: BulkField, values: dict[str, str], read: str
) -> None:
    row = services.change_many(town.office, command(town, field, **values))
    entries = ListEntry.objects.filter(project__name__in=NAMES)
    assert set(entries.values_list(read, flat=True)) == {values["text"]}
    services.undo_bulk_change(town.office, row.pk)
    assert set(entries.values_list(read, flat=True)) == {""}
    assert not verify().problems


def test_the_sector_changes_only_where_it_is_another(town: Town) -> None:
    industry = Term.objects.get(name="工业")
    row = services.change_many(town.office, command(town, BulkField.SECTOR, target_id=industry.pk))
    assert row.count == 1
    services.undo_bulk_change(town.office, row.pk)
    assert Project.objects.get(name=OTHERS).sector == Term.objects.get(name="环保")


def test_a_new_leader_for_many(town: Town) -> None:
    wanted = command(town, BulkField.LEADER, text="李向前", valid_from=TODAY, basis="8号文")
    with pytest.raises(BadInput, match="还没有叫"):
        services.change_many(town.office, wanted)
    wanted = command(town, BulkField.LEADER, text=LEADER, valid_from=TODAY, basis="8号文")
    assert services.change_many(town.office, wanted).count == 2


def test_what_somebody_changed_meanwhile_refuses_the_whole(town: Town) -> None:
    wanted = command(town, BulkField.STAGE, text="在建")
    only = [town.entry(OWN)]
    services.change_many(
        town.office, ChangeMany(town.listing.pk, BulkField.STAGE, {only[0].pk: ""}, text="前期")
    )
    with pytest.raises(Conflict, match=OWN):
        services.change_many(town.office, wanted)
    assert Project.objects.get(name=LINKED).stage == ""


def test_a_project_that_left_refuses_the_whole(town: Town) -> None:
    wanted = command(town, BulkField.STAGE, text="在建")
    entry = town.entry(OTHERS)
    services.leave_list(town.office, entry.pk, left_on=TODAY, reason="调", version=entry.version)
    with pytest.raises(Conflict):
        services.change_many(town.office, wanted)


def test_only_the_last_change_is_undone_and_not_over_others_work(town: Town) -> None:
    first = services.change_many(town.office, command(town, BulkField.STAGE, text="在建"))
    second = services.change_many(town.office, command(town, BulkField.TIER, text="市级"))
    with pytest.raises(BadInput, match="最近一次"):
        services.undo_bulk_change(town.office, first.pk)
    services.undo_bulk_change(town.office, second.pk)
    one = ChangeMany(town.listing.pk, BulkField.STAGE, {town.entry(OWN).pk: "在建"}, text="完工")
    third = services.change_many(town.office, one)
    services.undo_bulk_change(town.office, third.pk)
    with pytest.raises(BadInput):
        services.undo_bulk_change(town.office, third.pk)
    project = town.project()
    words = services.ProjectWords(
        name=project.name,
        national_code=project.national_code,
        region_id=project.region_id,
        stage="停工",
    )
    services.edit_project(town.office, project.pk, words, version=project.version)
    with pytest.raises(Conflict, match=OWN):
        services.undo_bulk_change(town.office, first.pk)
    assert BulkChange.objects.get(pk=first.pk).undone_at is None


def test_nothing_to_change_and_no_basis_are_refused(town: Town) -> None:
    with pytest.raises(BadInput, match="现在就是这样"):
        services.change_many(town.office, command(town, BulkField.STAGE, text=""))
    with pytest.raises(BadInput, match="没有写依据"):
        services.change_many(town.office, command(town, BulkField.LEADER, text=LEADER))


@pytest.mark.parametrize("who", ["viewer", "reporter", "leader", "outsider", "audit"])
def test_bulk_changes_are_the_offices(town: Town, who: str) -> None:
    with pytest.raises(NotAllowed):
        services.change_many(town.people.act_as(who), command(town, BulkField.STAGE, text="在建"))


def test_a_day_that_cannot_be_meant_is_refused_for_many_as_for_one(town: Town) -> None:
    unit = town.people.organisations[DEPARTMENT_UNIT]
    far = command(town, BulkField.LEAD, target_id=unit, valid_from=date(2206, 1, 1), basis="8号文")
    with pytest.raises(BadInput) as error:
        services.change_many(town.office, far)
    assert [one.code for one in error.value.faults] == ["far-future"]
