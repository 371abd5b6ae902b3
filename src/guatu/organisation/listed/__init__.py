"""What the administrators' lists show: rows with everything in a constant number of queries."""

from guatu.organisation.listed.people import (
    STATES,
    AccountRow,
    PersonRow,
    ProposalRow,
    RoleRow,
    accounts,
    open_proposals,
    person_choices,
    persons,
    roles,
    roles_in_force,
)
from guatu.organisation.listed.policy import (
    DayRow,
    SettingRow,
    SwitchRow,
    calendar_of,
    is_year_known,
    setting_history,
    settings,
    switches,
    value_label,
)
from guatu.organisation.listed.units import UnitRow, organisations, regions, unit_choices

__all__ = [
    "STATES",
    "AccountRow",
    "DayRow",
    "PersonRow",
    "ProposalRow",
    "RoleRow",
    "SettingRow",
    "SwitchRow",
    "UnitRow",
    "accounts",
    "calendar_of",
    "is_year_known",
    "open_proposals",
    "organisations",
    "person_choices",
    "persons",
    "regions",
    "roles",
    "roles_in_force",
    "setting_history",
    "settings",
    "switches",
    "unit_choices",
    "value_label",
]
