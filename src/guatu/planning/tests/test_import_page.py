from __future__ import annotations

import html
import os
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from guatu.journal.models import Entry
from guatu.ledger.models import Project, ProjectList
from guatu.ledger.services import ListWords, make_list
from guatu.organisation.models import User
from guatu.ui.tokens import TOKEN_FIELD, new_token
from tests.factories import UNIT, Cast
from tests.ground import own_store
from tests.tables import project_row, put_list

PAGE, PREVIEW, CONFIRM = (reverse(f"list-import{end}") for end in ("", "-preview", "-confirm"))


@pytest.fixture
def office(people: Cast, settings: Settings, tmp_path: Path) -> Client:
    own_store(settings, tmp_path / "home")
    return browser(people, "office")


def browser(people: Cast, who: str) -> Client:
    client = Client()
    user = User.objects.get(pk=getattr(people, who).pk)
    client.force_login(user, backend="guatu.organisation.backend.Accounts")
    return client


def upload(path: Path) -> SimpleUploadedFile:
    return SimpleUploadedFile(path.name, path.read_bytes())


def send(client: Client, *paths: Path, **values: object) -> int:
    posted = {"workbooks": [upload(path) for path in paths], "year": 2026, **values}
    return client.post(PAGE, posted).status_code


def counts(client: Client) -> dict[str, str]:
    page = client.get(PREVIEW).content.decode()
    found = re.search(r'name="counts" value="([^"]*)"', page)
    return {"counts": html.unescape(found[1]) if found else "", TOKEN_FIELD: new_token()}


def test_preview_changes_nothing_and_confirmation_imports(office: Client, tmp_path: Path) -> None:
    path = put_list(
        tmp_path / "清单.csv", project_row("甲项目"), project_row("乙项目", 责任单位="没见过的局")
    )
    assert send(office, path) == 302
    acts = Entry.objects.count()
    page = office.get(PREVIEW).content.decode()
    assert "甲项目" not in page
    assert "在导入时选“照表新增”" in page
    assert ">A3</td>" in page
    assert send(office, path, creates_missing="on") == 302
    page = office.get(PREVIEW).content.decode()
    assert "新增的项目（2个）" in page
    assert re.findall(r"<td[^>]*>([甲乙]项目)</td>", page) == ["甲项目", "乙项目"]
    assert "没见过的局" in page
    assert Entry.objects.count() == acts
    assert not Project.objects.exists()
    done = office.post(CONFIRM, counts(office))
    listing = ProjectList.objects.get()
    assert (done.status_code, done["Location"]) == (302, reverse("list", args=[listing.pk]))
    assert Project.objects.count() == 2
    assert office.get(PREVIEW).status_code == 404


def test_doubtful_rows_stay_out(office: Client, tmp_path: Path) -> None:
    first = put_list(tmp_path / "清单.csv", project_row("甲项目"))
    send(office, first, creates_missing="on")
    office.post(CONFIRM, counts(office))
    path = put_list(
        tmp_path / "清单二.csv",
        project_row("甲项目", **{"总投资（万元）": "60000"}),
        project_row("乙项目", **{"总投资（万元）": "约5亿"}),
        project_row("丙项目"),
    )
    send(office, path)
    page = office.get(PREVIEW).content.decode()
    assert "G3" in page
    assert "丙项目" in page
    office.post(CONFIRM, counts(office))
    assert set(Project.objects.values_list("name", flat=True)) == {"甲项目", "丙项目"}
    assert Project.objects.get(name="甲项目").total_yuan == 600_000_000


def test_a_ledger_that_changed_since_asks_again(office: Client, tmp_path: Path) -> None:
    path = put_list(tmp_path / "清单.csv", project_row("甲项目"))
    send(office, path, creates_missing="on")
    old = counts(office)
    other = office.post(CONFIRM, {**old, "counts": "9/0/0/0"})
    assert other.status_code == 409
    assert not Project.objects.exists()
    assert office.post(CONFIRM, old).status_code == 302
    repeated = office.post(CONFIRM, old)
    assert repeated.status_code == 302
    assert Project.objects.count() == 1


def test_a_project_of_a_sub_list_stands_on_its_parent(
    office: Client, people: Cast, tmp_path: Path
) -> None:
    send(office, put_list(tmp_path / "清单.csv", project_row("甲项目")), creates_missing="on")
    office.post(CONFIRM, counts(office))
    parent = ProjectList.objects.get()
    words = ListWords(2026, "大会战", state="issued", parent_id=parent.pk)
    make_list(people.act_as("office"), words)
    path = put_list(tmp_path / "大会战.csv", project_row("甲项目"), project_row("乙项目"))
    send(office, path, list_name="大会战")
    page = office.get(PREVIEW).content.decode()
    assert "“乙项目”不在上级清单上" in page
    office.post(CONFIRM, counts(office))
    assert Project.objects.count() == 1


def test_wrong_uploads_are_told(office: Client, tmp_path: Path) -> None:
    path = put_list(tmp_path / "清单.csv", project_row("甲项目"))
    assert send(office) == 422
    assert send(office, path, path) == 422
    assert send(office, path, year="x") == 422
    assert send(office, path, list_name="长" * 10_000) == 422
    assert office.post(PAGE, {"workbooks": upload(path), "year": 2026}).status_code == 302
    picture = tmp_path / "图.xlsx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 100)
    assert send(office, picture) == 302
    page = office.get(PREVIEW)
    assert page.status_code == 200
    assert "图片" in page.content.decode()
    assert "没有可以导入的内容" in page.content.decode()
    big = SimpleUploadedFile("大.csv", b"0" * (20 * 1024 * 1024 + 1))
    answer = office.post(PAGE, {"workbooks": big, "year": 2026})
    assert answer.status_code == 422
    assert "20MB" in answer.content.decode()


def test_what_nobody_confirms_is_swept(office: Client, people: Cast, tmp_path: Path) -> None:
    path = put_list(tmp_path / "清单.csv", project_row("甲项目"))
    send(office, path)
    staged = tmp_path / "home" / "staged"
    (first,) = staged.iterdir()
    os.utime(first, (0, 0))
    assert send(browser(people, "second_office"), path) == 302
    assert first not in staged.iterdir()
    assert office.get(PREVIEW).status_code == 404


def test_it_is_the_offices(office: Client, people: Cast) -> None:
    for who in ("viewer", "reporter", "outsider"):
        client = browser(people, who)
        assert client.get(PAGE).status_code == 403
        assert client.get(PREVIEW).status_code == 403
        assert client.post(CONFIRM, {TOKEN_FIELD: new_token()}).status_code == 403
    assert office.get(CONFIRM).status_code == 405
    assert office.get(PREVIEW).status_code == 404


def test_the_preview_shows_what_is_new_and_what_changes_in_tables(
    office: Client, tmp_path: Path
) -> None:
    first = [project_row(f"老项目{n}") for n in range(3)]
    send(office, put_list(tmp_path / "一.csv", *first), creates_missing="on")
    office.post(CONFIRM, counts(office))
    changed = project_row("老项目0", **{"总投资（万元）": "60000"})
    elsewhere = project_row("老项目1", 所属地区="临江区")
    many = [project_row(f"新项目{n}") for n in range(21)]
    send(office, put_list(tmp_path / "二.csv", changed, elsewhere, *many))
    page = office.get(PREVIEW).content.decode()
    assert "表中大多数行（21行）会成为新项目" in page
    assert "已有3个项目" in page
    assert '<details class="section"><summary><h2>新增的项目（21个）' in page
    assert '<details class="section" open><summary><h2>更新的项目（1个，1处）' in page
    assert '<details class="section" open><summary><h2>待核对，不导入（1处）' in page
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", page)
    at = cells.index("老项目0")
    assert cells[at + 1 : at + 4] == ["总投资", "50,000万元（5.00亿元）", "60,000万元（6.00亿元）"]
    at = cells.index("新项目20")
    assert cells[at + 1 : at + 4] == ["江北区", UNIT, "12,000"]
    assert "、新项目1、" not in page
    office.post(CONFIRM, counts(office))
    assert Project.objects.count() == 24


def test_no_page_of_an_import_tells_a_clerk_to_type_a_command(
    office: Client, tmp_path: Path
) -> None:
    line = project_row("甲项目", 形象进度="封顶", 没听过的列="1", 入库状态="是")
    line |= {"所属地区": "没听过的区", "总投资": "5"}
    send(office, put_list(tmp_path / "清单.csv", line))
    page = office.get(PREVIEW).content.decode()
    assert "没有采用的列" in page
    assert "不随清单导入" in page
    text = re.sub(r"<[^>]+>", " ", page)
    assert not re.search(r"guatu|--[a-z]", text)
