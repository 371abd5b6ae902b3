"""Addresses of the organisation room."""

from __future__ import annotations

from allauth.account.views import LoginView
from django.urls import path

from guatu.organisation.services import accounts
from guatu.organisation.views import (
    account,
    index,
    journal,
    locks,
    people,
    policy,
    resume,
    set_up,
    units,
    users,
)

urlpatterns = [
    path(
        "login/",
        LoginView.as_view(
            template_name="organisation/login_page.html",
            extra_context={"awaiting_set_up": accounts.awaiting_set_up},
        ),
        name="account_login",
    ),
    path("logout/", account.sign_out, name="account_logout"),
    path("password/", account.change_password, name="password-change"),
    path("resume/", resume.resume, name="resume"),
    path("setup/", set_up.set_up, name="set-up"),
    path("admin/", index.index, name="admin"),
    path("admin/organisations/", units.organisations, name="admin-organisations"),
    path(
        "admin/organisations/export/",
        units.organisations_export,
        name="admin-organisations-export",
    ),
    path("admin/organisations/new/", units.new_organisation, name="admin-organisation-new"),
    path(
        "admin/organisations/<int:organisation_id>/",
        units.organisation,
        name="admin-organisation",
    ),
    path(
        "admin/organisations/<int:organisation_id>/rename/",
        units.rename_organisation,
        name="admin-organisation-rename",
    ),
    path(
        "admin/organisations/<int:organisation_id>/alias/",
        units.add_organisation_alias,
        name="admin-organisation-alias",
    ),
    path(
        "admin/organisations/<int:organisation_id>/end/",
        units.end_organisation,
        name="admin-organisation-end",
    ),
    path("admin/regions/", units.regions, name="admin-regions"),
    path("admin/regions/export/", units.regions_export, name="admin-regions-export"),
    path("admin/regions/new/", units.new_region, name="admin-region-new"),
    path("admin/regions/<int:region_id>/", units.region, name="admin-region"),
    path("admin/regions/<int:region_id>/rename/", units.rename_region, name="admin-region-rename"),
    path("admin/regions/<int:region_id>/alias/", units.add_region_alias, name="admin-region-alias"),
    path("admin/regions/<int:region_id>/end/", units.end_region, name="admin-region-end"),
    path("admin/people/", people.people, name="admin-people"),
    path("admin/people/export/", people.people_export, name="admin-people-export"),
    path("admin/people/new/", people.new_person, name="admin-person-new"),
    path("admin/people/<int:person_id>/", people.person, name="admin-person"),
    path("admin/users/", users.users, name="admin-users"),
    path("admin/users/export/", users.users_export, name="admin-users-export"),
    path("admin/users/new/", users.new_user, name="admin-user-new"),
    path("admin/users/<int:user_id>/", users.user, name="admin-user"),
    path("admin/users/<int:user_id>/change/", users.change, name="admin-user-change"),
    path("admin/users/<int:user_id>/password/", users.password, name="admin-user-password"),
    path("admin/users/<int:user_id>/disable/", users.disable, name="admin-user-disable"),
    path("admin/users/<int:user_id>/enable/", users.enable, name="admin-user-enable"),
    path("admin/users/<int:user_id>/kind/", users.propose_kind, name="admin-user-kind"),
    path("admin/users/<int:user_id>/roles/", users.assign_role, name="admin-role-assign"),
    path("admin/kinds/<int:proposal_id>/", users.decide_kind, name="admin-kind-decide"),
    path("admin/roles/", users.roles, name="admin-roles"),
    path("admin/roles/export/", users.roles_export, name="admin-roles-export"),
    path("admin/roles/<int:assignment_id>/end/", users.end_role, name="admin-role-end"),
    path("admin/settings/", policy.settings, name="admin-settings"),
    path("admin/settings/<slug:key>/", policy.setting, name="admin-setting"),
    path("admin/switches/", policy.switches, name="admin-switches"),
    path("admin/switches/on/", policy.switch_on, name="admin-switch-on"),
    path("admin/switches/off/", policy.switch_off, name="admin-switch-off"),
    path("admin/holidays/", policy.holidays, name="admin-holidays"),
    path("admin/holidays/set/", policy.set_holiday, name="admin-holiday-set"),
    path(
        "admin/holidays/<int:holiday_id>/forget/",
        policy.forget_holiday,
        name="admin-holiday-forget",
    ),
    path("admin/locks/", locks.locks, name="admin-locks"),
    path("admin/locks/open/", locks.unlock, name="admin-lock-open"),
    path("journal/", journal.journal, name="journal"),
    path("journal/export/", journal.export, name="journal-export"),
    path("journal/verify/", journal.verify, name="journal-verify"),
    path("journal/verification/", journal.verification_state, name="journal-verification"),
    path("journal/checkpoints/", journal.checkpoints, name="journal-checkpoints"),
    path("journal/checkpoints/<int:checkpoint_id>/", journal.checkpoint, name="journal-checkpoint"),
    path("journal/<int:seq>/", journal.entry, name="journal-entry"),
]
