"""Accounts and roles: passwords shown once, two hands, two editors."""

from __future__ import annotations

import re

from guatu.journal.models import Entry, Idempotency
from guatu.organisation.models import (
    Assignment,
    KindProposal,
    User,
)
from guatu.organisation.queries import root_organisation
from guatu.organisation.services import open_account
from guatu.organisation.types import Role, UserKind
from tests.factories import OTHER_UNIT, UNIT, Cast
from tests.site.administration.asking import Browse, post, text


def test_a_new_account_shows_its_password_once_and_keeps_it_nowhere(
    people: Cast, browse: Browse
) -> None:
    told = {
        "form_token": "the-token-of-one-form",
        "login": "zhang.san",
        "kind": "business",
        "unit": people.organisations[UNIT],
        "person": "",
    }
    system = browse("system")
    answer = system.post("/admin/users/new/", told)
    found = re.search(r'class="secret">([^<]+)<', text(answer))
    assert found
    password = found[1]
    user = User.objects.get(login="zhang.san")
    assert user.check_password(password)
    assert user.must_change_password
    again = system.post("/admin/users/new/", told)
    assert password not in text(again)
    assert "只显示一次" in text(again)
    kept = " ".join(Idempotency.objects.values_list("body", flat=True))
    kept += " ".join(Entry.objects.values_list("body", flat=True))
    assert password not in kept
    assert User.objects.filter(login="zhang.san").count() == 1


def test_an_administrators_account_goes_through_two_hands(people: Cast, browse: Browse) -> None:
    system, security = browse("system"), browse("security")
    told = {"login": "sec2", "kind": "security", "unit": root_organisation().pk, "person": ""}
    assert "由安全管理员" in text(post(system, "/admin/users/new/", **told))
    made = User.objects.get(login="sec2")
    waiting = KindProposal.objects.get(user=made)
    assert "sec2" in text(security.get("/admin/users/"))
    assert post(system, f"/admin/kinds/{waiting.pk}/", decision="grant").status_code == 403
    assert post(security, f"/admin/kinds/{waiting.pk}/", decision="grant").status_code == 302
    made.refresh_from_db()
    assert made.kind == UserKind.SECURITY


def test_a_role_is_given_and_ended_on_the_accounts_page(people: Cast, browse: Browse) -> None:
    security, page = browse("security"), f"/admin/users/{people.viewer.pk}/"
    told = {"role": "reviewer", "scope": people.organisations[UNIT], "valid_from": "2026-01-01"}
    assert post(security, f"{page}roles/", **told).status_code == 302
    assert post(security, f"{page}roles/", **told).status_code == 422
    row = Assignment.objects.get(user=people.viewer, role=Role.REVIEWER)
    early = post(security, f"/admin/roles/{row.pk}/end/", on="2025-01-01")
    assert early.status_code == 422
    assert "早于" in text(early)
    assert post(security, f"/admin/roles/{row.pk}/end/", on="2026-02-01").status_code == 302
    assert "已结束" in text(security.get("/admin/roles/?role=审核员"))


def test_two_editors_of_an_account_do_not_overwrite_each_other(
    people: Cast, browse: Browse
) -> None:
    system = browse("system")
    made = open_account(people.console, "bare", organisation_id=people.organisations[UNIT]).user
    page, version = f"/admin/users/{made.pk}/", made.version
    told = {"unit": people.organisations[OTHER_UNIT], "person": "", "version": version}
    assert post(system, f"{page}change/", **told).status_code == 302
    late = post(system, f"{page}change/", **{**told, "unit": people.organisations[UNIT]})
    assert late.status_code == 409
