"""Writes of the organisation room, by intention."""

from guatu.organisation.services.install import Installation, install
from guatu.organisation.services.policy import (
    change_settings,
    set_holiday,
    switch_off,
    switch_on,
)
from guatu.organisation.services.structure import (
    NewOrganisation,
    NewRegion,
    add_organisation_alias,
    add_region_alias,
    assign_role,
    create_organisations,
    create_persons,
    create_regions,
    create_user,
    rename_organisation,
)

__all__ = [
    "Installation",
    "NewOrganisation",
    "NewRegion",
    "add_organisation_alias",
    "add_region_alias",
    "assign_role",
    "change_settings",
    "create_organisations",
    "create_persons",
    "create_regions",
    "create_user",
    "install",
    "rename_organisation",
    "set_holiday",
    "switch_off",
    "switch_on",
]
