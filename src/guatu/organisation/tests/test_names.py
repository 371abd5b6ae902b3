"""Names and parents have dates; every spelling ever used still matches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from guatu.core.errors import BadInput
from guatu.organisation import queries
from guatu.organisation.access import organisations_below
from guatu.organisation.models import OrganisationClosure, OrganisationName
from guatu.organisation.services import (
    add_organisation_alias,
    add_region_alias,
    create_user,
    rename_organisation,
)
from tests.factories import CITY, UNIT, Cast


@pytest.mark.parametrize("spelling", ["江北区", "江北", " 江 北 区 ", "“江北区”"])
def test_a_region_is_found_by_name_and_alias_however_it_is_typed(
    people: Cast, spelling: str
) -> None:
    assert queries.region_names().find(spelling) == people.regions["江北区"]


@pytest.mark.parametrize("spelling", ["江北县", "", "北江区"])
def test_what_is_no_name_is_not_found(people: Cast, spelling: str) -> None:
    assert queries.region_names().find(spelling) is None


def test_the_nearest_official_names_are_suggested(people: Cast) -> None:
    assert "江北区" in queries.region_names().suggest("江北县").split("、")


@pytest.mark.parametrize("spelling", [CITY, "市本级", "市直", "跨区域"])
def test_the_citys_own_spellings_mean_the_root(people: Cast, spelling: str) -> None:
    assert queries.region_names().find(spelling) == queries.root_region().pk


def test_a_renamed_unit_has_each_name_on_its_days_and_both_match(people: Cast) -> None:
    unit = people.organisations[UNIT]
    rename_organisation(people.console, unit, "江北区发展和改革委员会", valid_from=date(2026, 7, 1))
    before, after = date(2026, 6, 30), date(2026, 7, 1)
    assert queries.organisation_names(before).official[unit] == UNIT
    assert queries.organisation_names(after).official[unit] == "江北区发展和改革委员会"
    for spelling in (UNIT, "江北区发展和改革委员会", "江北发改局"):
        assert queries.organisation_names(after).find(spelling) == unit


def test_a_renamed_unit_keeps_its_parent(people: Cast) -> None:
    unit = people.organisations[UNIT]
    row = rename_organisation(people.console, unit, "新名", valid_from=date(2026, 7, 1))
    assert row.parent_id == queries.root_organisation().pk


def test_two_official_names_from_one_day_are_refused(people: Cast) -> None:
    unit = people.organisations[UNIT]
    rename_organisation(people.console, unit, "新名", valid_from=date(2026, 7, 1))
    with pytest.raises(BadInput, match="已有一个名称"):
        rename_organisation(people.console, unit, "又一名", valid_from=date(2026, 7, 1))
    assert not OrganisationName.objects.filter(name="又一名").exists()


def test_an_alias_is_remembered_and_is_no_official_name(
    people: Cast, today: Callable[[date], None]
) -> None:
    today(date(2026, 10, 31))
    add_region_alias(people.console, people.regions["临江区"], "临江")
    add_organisation_alias(people.console, people.organisations[UNIT], "江北发改")
    assert queries.region_names().find("临江") == people.regions["临江区"]
    names = queries.organisation_names()
    assert names.find("江北发改") == people.organisations[UNIT]
    assert names.official[people.organisations[UNIT]] == UNIT


def test_a_name_in_use_stays_with_who_had_it_first(people: Cast) -> None:
    with pytest.raises(BadInput, match="江北区"):
        add_region_alias(people.console, people.regions["临江区"], "江北")
    assert queries.region_names().find("江北") == people.regions["江北区"]


def test_the_closure_holds_every_unit_under_itself_and_the_root(people: Cast) -> None:
    root = queries.root_organisation().pk
    everything = {root, *people.organisations.values()}
    assert set(organisations_below([root])) == everything
    for unit in people.organisations.values():
        assert organisations_below([unit]) == [unit]
    depths = OrganisationClosure.objects.values_list("ancestor_id", "descendant_id", "depth")
    assert all((depth == 0) == (above == below) for above, below, depth in depths)


def test_codes_and_kinds_of_regions_are_known(people: Cast) -> None:
    assert queries.region_codes() == {
        people.regions["江北区"]: "990102",
        people.regions["临江区"]: "990103",
    }
    assert queries.region_kinds()[people.regions["高新区"]] == "zone"


@pytest.mark.parametrize("login", ["", "  ", "office"])
def test_an_empty_or_used_login_is_refused(people: Cast, login: str) -> None:
    with pytest.raises(BadInput, match="登录名"):
        create_user(people.console, login, organisation_id=people.organisations[UNIT])
