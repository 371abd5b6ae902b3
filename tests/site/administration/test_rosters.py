"""Units, regions, people, and what all lists of the administration share."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.engines.sheets import read_workbook
from guatu.files.services import remember_mapping
from guatu.journal import services as journal
from guatu.journal.models import Entry
from guatu.organisation.models import (
    Assignment,
    OrganisationName,
)
from guatu.organisation.queries import root_organisation
from guatu.organisation.services import NewOrganisation, create_user
from guatu.organisation.services.structure import create_organisations, create_persons
from guatu.organisation.types import Role
from tests.factories import OTHER_UNIT, UNIT, Cast
from tests.site.administration.asking import FORMULA, SCRIPT, Browse, post, text


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
