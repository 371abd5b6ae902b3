"""Writes of the organisation room, by intention."""

from guatu.organisation.services.install import Installation, install
from guatu.organisation.services.naming import (
    add_organisation_alias,
    add_region_alias,
    create_organisation,
    create_region,
    end_organisation,
    end_region,
    rename_organisation,
    rename_region,
    withdraw_region_alias,
)
from guatu.organisation.services.policy import (
    change_settings,
    forget_holiday,
    set_holiday,
    switch_off,
    switch_on,
)
from guatu.organisation.services.roles import assign_role, end_role
from guatu.organisation.services.structure import (
    NewOrganisation,
    NewRegion,
    create_organisations,
    create_persons,
    create_regions,
)
from guatu.organisation.services.users import (
    change_person,
    change_user,
    create_person,
    create_user,
    decide_kind,
    disable_user,
    enable_user,
    open_account,
    propose_kind,
    reissue_password,
)

__all__ = [
    "Installation",
    "NewOrganisation",
    "NewRegion",
    "add_organisation_alias",
    "add_region_alias",
    "assign_role",
    "change_person",
    "change_settings",
    "change_user",
    "create_organisation",
    "create_organisations",
    "create_person",
    "create_persons",
    "create_region",
    "create_regions",
    "create_user",
    "decide_kind",
    "disable_user",
    "enable_user",
    "end_organisation",
    "end_region",
    "end_role",
    "forget_holiday",
    "install",
    "open_account",
    "propose_kind",
    "reissue_password",
    "rename_organisation",
    "rename_region",
    "set_holiday",
    "switch_off",
    "switch_on",
    "withdraw_region_alias",
]
