"""The administrators' pages: they work, refuse beside the field, and ask as often for many rows."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks

from guatu.engines.sheets import read_workbook
from guatu.files.models import Mapping
from guatu.files.services import remember_mapping
from guatu.journal import services as journal
from guatu.journal import verification
from guatu.journal.models import Checkpoint, Entry, Idempotency
from guatu.organisation.models import (
    Assignment,
    KindProposal,
    OrganisationName,
    Person,
    Setting,
    Switch,
    User,
)
from guatu.organisation.queries import root_organisation
from guatu.organisation.services import NewOrganisation, create_user, open_account
from guatu.organisation.services.structure import create_organisations, create_persons
from guatu.organisation.types import Role, UserKind
from guatu.ui.tokens import new_token
from tests.factories import OTHER_UNIT, UNIT, Cast

Browse = Callable[[str], Client]
SCRIPT = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("http://evil.example","x")'


@pytest.fixture
def people(people: Cast) -> Cast:
    with journal.act(people.console, "administrator.activated") as act:
        for user in (people.system, people.security, people.audit):
            user.is_active, user.set_up_due = True, False
            act.write(user)
    return people


@pytest.fixture
def browse(people: Cast) -> Browse:
    """A signed-in browser of one of the cast."""

    def of(who: str) -> Client:
        browser = Client()
        user = User.objects.get(pk=getattr(people, who).pk)
        browser.force_login(user, backend="guatu.organisation.backend.Accounts")
        return browser

    return of


def post(browser: Client, path: str, **told: object) -> Any:
    return browser.post(path, {"form_token": new_token(), **told})


def text(response: Any) -> str:
    return str(response.content.decode())


def test_a_unit_is_made_renamed_called_and_ended(people: Cast, browse: Browse) -> None:
    system, root = browse("system"), root_organisation().pk
    made = post(
        system,
        "/admin/organisations/new/",
        name="市数据局",
        kind="bureau",
        parent=root,
        region="",
        aliases="数据局、市数据资源局",
    )
    assert made.status_code == 302
    pk = OrganisationName.objects.get(name="市数据局").organisation_id
    page = f"/admin/organisations/{pk}/"
    assert post(system, f"{page}alias/", name="大数据局").status_code == 302
    renamed = post(
        system, f"{page}rename/", name="市数据和政务局", valid_from="2026-05-01", parent=""
    )
    assert renamed.status_code == 302
    shown = text(system.get(page))
    for name in ("市数据局", "大数据局", "市数据资源局", "市数据和政务局", "2026-05-01"):
        assert name in shown
    assert post(system, f"{page}end/", on="2026-06-01", successor=root).status_code == 302
    assert "2026-06-01撤销" in text(system.get(page))
    assert "市数据和政务局" in text(system.get("/admin/organisations/?q=大数据&state=ended"))
    acts = Entry.objects.order_by("-seq").values_list("act", flat=True)[:4]
    assert list(acts) == [
        "organisation.ended",
        "organisation.renamed",
        "organisation.alias_added",
        "organisation.created",
    ]


def test_a_refused_name_stands_beside_its_field_with_what_was_typed(
    people: Cast, browse: Browse
) -> None:
    page = f"/admin/organisations/{people.organisations[UNIT]}/"
    answer = post(browse("system"), f"{page}rename/", name=OTHER_UNIT, valid_from="2026-05-01")
    assert answer.status_code == 422
    assert f'value="{OTHER_UNIT}"' in text(answer)
    assert "已是" in text(answer)
    assert "id_name-error" in text(answer)


@pytest.mark.parametrize("typed", [SCRIPT, FORMULA, "长" * 10_000, "两\r\n行"])
@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("system", "/admin/organisations/new/"),
        ("system", "/admin/regions/new/"),
        ("system", "/admin/people/new/"),
        ("system", "/admin/users/new/"),
        ("system", "/admin/settings/city/"),
        ("office", "/admin/switches/on/"),
        ("office", "/admin/holidays/set/"),
        ("audit", "/journal/checkpoints/"),
        ("audit", "/journal/verify/"),
        ("security", "/admin/locks/open/"),
    ],
)
def test_bad_text_is_refused_or_shown_as_text(
    people: Cast, browse: Browse, who: str, path: str, typed: str
) -> None:
    browser = browse(who)
    root = root_organisation().pk
    fields = ("name", "login", "code", "aliases", "value", "basis", "scope", "note", "kept_at")
    told = dict.fromkeys((*fields, "marks", "address"), typed) | {
        "parent": root,
        "unit": root,
        "kind": "bureau",
        "until": "2099-01-01",
        "day": "2026-05-05",
        "is_workday": "yes",
        "id": "1",
        "is_active": "0",
        "version": "1",
    }
    answer = post(browser, path, **told)
    assert answer.status_code in (302, 404, 422), text(answer)[:500]
    assert SCRIPT not in text(answer)
    if answer.status_code == 302:
        assert SCRIPT not in text(browser.get(answer.headers["Location"]))


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("system", "/admin/organisations/"),
        ("system", "/admin/regions/"),
        ("system", "/admin/people/"),
        ("system", "/admin/users/"),
        ("security", "/admin/roles/"),
        ("office", "/admin/mappings/"),
        ("audit", "/journal/"),
    ],
)
@pytest.mark.parametrize(
    "query",
    [
        "?q=%3Cscript%3Ealert(1)%3C/script%3E",
        "?sort=-name&page=99999",
        "?sort=password&kind=x&state='&page=-1",
        "?since=2026-13-99&until=x&table=auth_user&row=1;drop&act=%25",
        "?page=９９&row=٣",
    ],
)
def test_any_address_of_a_list_is_answered(
    people: Cast, browse: Browse, who: str, path: str, query: str
) -> None:
    answer = browse(who).get(path + query)
    assert answer.status_code == 200
    assert SCRIPT not in text(answer)


EXPORTS = {
    "/admin/organisations/export/": ("system", UNIT),
    "/admin/regions/export/": ("system", "江北区"),
    "/admin/people/export/": ("system", "周正明"),
    "/admin/users/export/": ("system", "reporter"),
    "/admin/roles/export/": ("security", "填报员"),
    "/admin/mappings/export/": ("office", "江北"),
    "/journal/export/": ("audit", "建库"),
}


@pytest.mark.parametrize("path", EXPORTS)
def test_a_list_is_exported_under_its_filters(
    people: Cast, browse: Browse, path: str, tmp_path: Path
) -> None:
    with journal.act(people.console, "mapping.made") as act:
        remember_mapping(act, sender="江北", columns='{"columns": {}, "sheet": {}}')
        create_persons(act, [FORMULA])
    who, word = EXPORTS[path]
    answer = browse(who).get(path)
    assert "attachment" in answer.headers["Content-Disposition"]
    file = tmp_path / "export.xlsx"
    file.write_bytes(answer.content)
    book = read_workbook(file)
    cells = [str(cell) for sheet in book.sheets for row in sheet.rows for cell in row if cell]
    assert any(word in cell for cell in cells)
    assert io.BytesIO(answer.content).read(2) == b"PK"
    none = browse(who).get(path + "?q=没有这样的&actor=没有这样的")
    assert none.status_code == 200


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("system", "/admin/organisations/"),
        ("system", "/admin/people/"),
        ("system", "/admin/users/"),
        ("security", "/admin/roles/"),
        ("audit", "/journal/"),
        ("system", "/admin/settings/"),
        ("office", "/admin/switches/"),
    ],
)
def test_twice_the_rows_ask_no_more_often(
    people: Cast, browse: Browse, who: str, path: str
) -> None:
    browser = browse(who)

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert browser.get(path).status_code == 200
        return len(found)

    browser.get(path)
    before = asked()
    with journal.act(people.console, "demo.structure") as act:
        create_organisations(act, [NewOrganisation(f"单位{n}") for n in range(30)])
        create_persons(act, [f"人{n}" for n in range(30)])
    for n in range(15):
        user = create_user(people.console, f"u{n}", organisation_id=people.organisations[UNIT])
        with journal.act(people.console, "role.assigned") as act:
            act.write(
                Assignment(
                    user=user,
                    role=Role.VIEWER,
                    scope_organisation_id=people.organisations[UNIT],
                    valid_from=date(2026, 1, 1),
                    granted_by="console",
                )
            )
    assert asked() == before <= 12


def test_detail_pages_ask_at_most_twelve_times(people: Cast, browse: Browse) -> None:
    for who, path in (
        ("system", f"/admin/organisations/{people.organisations[UNIT]}/"),
        ("system", f"/admin/regions/{people.regions['江北区']}/"),
        ("system", f"/admin/users/{people.reporter.pk}/"),
        ("system", f"/admin/people/{people.persons['周正明']}/"),
        ("audit", "/journal/1/"),
        ("system", "/admin/backups/"),
    ):
        browser = browse(who)
        browser.get(path)
        with CaptureQueriesContext(connection) as found:
            assert browser.get(path).status_code == 200
        assert len(found) <= 12, (path, [one["sql"][:90] for one in found])


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


def test_a_setting_is_changed_with_its_basis_and_a_bad_value_is_told(
    people: Cast, browse: Browse
) -> None:
    system = browse("system")
    assert post(system, "/admin/settings/digits/", value="9", basis="").status_code == 422
    done = post(system, "/admin/settings/digits/", value="2", basis="江办〔2026〕3号")
    assert done.status_code == 302
    assert Setting.objects.get(key="digits").basis == "江办〔2026〕3号"
    assert "江办〔2026〕3号" in text(system.get("/admin/settings/digits/"))
    assert system.get("/admin/settings/no-such/").status_code == 404


def test_a_switch_needs_basis_scope_and_end(people: Cast, browse: Browse) -> None:
    office = browse("office")
    bad = post(office, "/admin/switches/on/", name="rankings", basis="", scope="", until="")
    assert bad.status_code == 422
    past = post(
        office, "/admin/switches/on/", name="rankings", basis="a", scope="b", until="2020-01-01"
    )
    assert past.status_code == 422
    told = {"name": "rankings", "basis": "江政办1号", "scope": "重点项目", "until": "2099-12-31"}
    assert post(office, "/admin/switches/on/", **told).status_code == 302
    shown = text(office.get("/admin/switches/"))
    assert "江政办1号" in shown
    assert "2099-12-31" in shown
    assert post(office, "/admin/switches/off/", name="rankings").status_code == 302
    assert Switch.objects.count() == 2


def test_a_mapping_is_shown_and_forgotten(people: Cast, browse: Browse) -> None:
    columns = '{"columns": {"总投资(万元)": {"field": "总投资", "unit": "万元"}}, "sheet": {}}'
    with journal.act(people.console, "mapping.made") as act:
        row = remember_mapping(act, sender="江北区发改局", columns=columns)
        broken = remember_mapping(act, sender="坏的", columns="{")
    office = browse("office")
    assert "总投资(万元)" in text(office.get(f"/admin/mappings/{row.pk}/"))
    assert "读不出" in text(office.get(f"/admin/mappings/{broken.pk}/"))
    path = f"/admin/mappings/{row.pk}/forget/"
    assert post(office, path, version=row.version + 1).status_code == 409
    assert post(office, path, version=row.version).status_code == 302
    assert not Mapping.objects.filter(pk=row.pk).exists()
    assert post(office, path, version=row.version).status_code == 404


def test_the_journal_is_read_filtered_and_shown_with_commitments(
    people: Cast, browse: Browse
) -> None:
    audit = browse("audit")
    page = text(audit.get("/journal/"))
    assert "建库" in page
    assert "建库" not in text(audit.get("/journal/?act=role.assigned")).split("<tbody>")[1]
    assert "没有符合条件" in text(audit.get("/journal/?until=2001-01-01"))
    person = Person.objects.get(pk=people.persons["周正明"])
    found = text(audit.get(f"/journal/?table=organisation_person&row={person.pk}"))
    assert "cast.made" in found
    (seq,) = Entry.objects.filter(act="cast.made").values_list("seq", flat=True)
    shown = "".join(text(audit.get(f"/journal/{seq}/?page={n}")) for n in (1, 2, 3))
    assert "承诺值" in shown
    assert "周正明" not in shown
    assert audit.get("/journal/999999/").status_code == 404


def test_a_changed_row_shows_what_it_was(people: Cast, browse: Browse) -> None:
    post(browse("system"), f"/admin/users/{people.reporter.pk}/disable/")
    entry = Entry.objects.order_by("-seq")[0]
    shown = text(browse("audit").get(f"/journal/{entry.seq}/"))
    assert 'class="changed"' in shown
    assert "原来" in shown


def test_the_journal_is_verified_and_the_outcome_is_shown_and_journalled(
    people: Cast,
    browse: Browse,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    monkeypatch.setattr(verification, "launch", lambda work, *told: verification.run(*told))
    audit = browse("audit")
    assert post(audit, "/journal/verify/", marks="nonsense").status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        assert post(audit, "/journal/verify/", marks="").status_code == 302
    assert "日志完整" in text(audit.get("/journal/verification/"))
    assert Entry.objects.filter(act="journal.verified").count() == 1
    User.objects.filter(pk=people.viewer.pk).update(is_active=False)
    with django_capture_on_commit_callbacks(execute=True):
        post(audit, "/journal/verify/", marks=f"1:{'0' * 64}")
    page = text(audit.get("/journal/verification/"))
    assert "与外部检查点不符" in page
    assert "is_active" in page
    assert "2处不符" in text(audit.get("/journal/"))


def test_progress_of_a_verification_is_told(people: Cast) -> None:
    from guatu.journal import queries

    steps: list[tuple[int, int]] = []
    queries.verify(tell=lambda done, count, step: steps.append((done, count)))
    assert [done for done, _ in steps] == list(range(len(steps)))
    assert {count for _, count in steps} == {len(steps)}


def test_a_checkpoint_is_noted_and_downloaded(people: Cast, browse: Browse) -> None:
    audit = browse("audit")
    assert post(audit, "/journal/checkpoints/", kept_at=" ").status_code == 422
    assert post(audit, "/journal/checkpoints/", kept_at="市纪委办公室").status_code == 302
    row = Checkpoint.objects.get()
    answer = audit.get(f"/journal/checkpoints/{row.pk}/")
    assert answer.content.decode() == f"{row.seq}:{row.hash}\n"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_doctor_and_the_health_endpoint(
    people: Cast, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(settings.HOME).mkdir(parents=True, exist_ok=True)
    page = text(browse("system").get("/admin/doctor/"))
    for name in ("数据库", "磁盘", "备份", "核对日志", "时钟", "加密传输"):
        assert name in page
    anybody = Client()
    assert (anybody.get("/health/").status_code, anybody.get("/health/").content) == (200, b"ok\n")
    monkeypatch.setattr("guatu.upkeep.health.LEAST_FREE", 1 << 62)
    sick = anybody.get("/health/")
    assert (sick.status_code, sick.content) == (503, b"bad\n")
    assert "sessionid" not in anybody.cookies


def test_the_menu_shows_what_one_may_do(people: Cast, browse: Browse) -> None:
    doors = {
        "system": ("单位", "账号", "备份", "体检"),
        "security": ("账号", "角色", "锁定的登录"),
        "office": ("单位", "开关", "列对应关系"),
    }
    for who, labels in doors.items():
        page = text(browse(who).get("/admin/"))
        assert all(f"<strong>{label}</strong>" in page for label in labels), who
    assert "<strong>备份</strong>" not in text(browse("office").get("/admin/"))
    assert "/journal/" in text(browse("audit").get("/password/"))
    assert "/admin/" not in text(browse("reporter").get("/password/"))


def test_every_component_has_its_page_in_debug(rf: object, people: Cast) -> None:
    from django.test import RequestFactory

    from guatu.ui.components import components

    request = RequestFactory().get("/dev/components/")
    page = text(components(request))
    assert SCRIPT not in page
    assert page.count("light-") >= 8
    assert Client().get("/dev/components/").status_code in (302, 404)
