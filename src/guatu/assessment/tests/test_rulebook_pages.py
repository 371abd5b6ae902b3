"""The pages of rule books: finding and reading."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.assessment import queries as kept
from guatu.assessment.books import queries
from guatu.assessment.models import RuleBookVersion
from guatu.assessment.services.drafts import start_draft
from guatu.assessment.tests.books import (
    OWN,
    drafted,
    moved,
    published,
    saved,
    texts_of,
)
from guatu.assessment.tests.rulebook_browser import (
    READERS,
    SCRIPT,
    at,
    browser,
    page,
    plain,
    text_of,
)
from guatu.core.errors import Fault
from guatu.engines.rulebook import Book, RulebookError, load_book
from guatu.journal import services as journal
from tests.factories import Cast

# The list.


@pytest.mark.parametrize("name", READERS)
def test_everybody_in_the_house_reads(people: Cast, name: str) -> None:
    for path in ("", "export/", "of/default/", "of/default/history/", "of/default/compare/"):
        assert page(people, path, name).status_code == 200, path


@pytest.mark.parametrize("name", ["system", "security", "audit"])
def test_administrators_read_no_rules(people: Cast, name: str) -> None:
    for path in ("", "export/", "of/default/", "of/default/history/", "of/default/compare/"):
        assert page(people, path, name).status_code == 403, path


def test_the_list_is_searched_filtered_sorted_and_exported(people: Cast) -> None:
    published(people, drafted(people))
    told = plain(page(people, ""))
    assert "在用" in told
    assert OWN in told
    assert "随程序" in told
    only = plain(page(people, "", origin="own"))
    assert "共1部" in only
    assert "RB01" not in plain(page(people, "", q="三亚"))
    for kind in ("lights", "points", "lists", "procedures", "nonsense"):
        assert page(people, "", kind=kind, sort="-rules").status_code == 200
    assert "没有符合条件的办法" in plain(page(people, "", q=SCRIPT + "x" * 10_000))
    response = page(people, "export/", origin="own")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[4]][:2] == ["通用进度亮灯办法", OWN]


def test_drafts_stand_on_the_list_for_the_office_alone(people: Cast) -> None:
    drafted(people)
    assert "正在起草" in plain(page(people, ""))
    assert "正在起草" not in plain(page(people, "", "viewer"))


def test_a_book_that_cannot_be_read_is_named_and_the_others_stand(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept._BOOKS.clear()
    published(people, drafted(people))
    row = RuleBookVersion.objects.get(book=OWN)
    broken = RuleBookVersion(
        book="broken", book_version=1, toml="format = 99\n", digest="0" * 64, is_own=True,
        published_by="office", at=row.at, valid_from=row.valid_from,
    )  # fmt: skip
    with journal.act(people.console, "rulebook.published") as act:
        act.write(broken)

    def load(folder: Path) -> Book:
        if folder.name == "RB01-yinchuan-lights":
            raise RulebookError(Fault("no-file", "文件打不开", "请重装"))
        return load_book(folder)

    monkeypatch.setattr(queries, "load_book", load)
    queries.shelf_version.cache_clear()
    told = plain(page(people, ""))
    assert "broken" in told
    assert told.count("读不出来：") == 2
    assert "读不出来：文件打不开" in told
    assert OWN in told
    assert page(people, "", sort="-from").status_code == 200
    assert page(people, "export/").status_code == 200
    tried = page(people, "simulate/", old="default:0", new=f"{OWN}:1")
    assert tried.status_code == 200
    assert "broken" not in plain(tried)
    assert page(people, f"of/{OWN}/compare/").status_code == 200
    assert page(people, "of/broken/").status_code == 422
    queries.shelf_version.cache_clear()


def test_the_list_costs_no_more_queries_with_more_books(people: Cast) -> None:
    def cost() -> int:
        client = browser(people)
        client.get("/rulebooks/")
        kept._BOOKS.clear()
        with CaptureQueriesContext(connection) as seen:
            client.get("/rulebooks/")
        return len(seen)

    published(people, drafted(people))
    first = cost()
    for number in range(4):
        published(people, drafted(people, own_id=f"more-{number}"))
    assert cost() == first <= 12


# One book.


def test_a_book_is_read_with_its_rules_beside_each_clause(people: Cast) -> None:
    told = plain(page(people, "of/RB01-yinchuan-lights/"))
    for words in (
        "原文未明", "须另行登记", "原文没有写的", "算例（", "亮红灯", "本期应报", "更新清单.1",
    ):  # fmt: skip
        assert words in told, words
    assert "不符" not in told
    assert "照此起草" not in plain(page(people, "of/default/", "viewer"))


def test_books_and_versions_that_are_not_there_are_not_found(people: Cast) -> None:
    for path in ("of/nothing/", "of/nothing/history/", "of/nothing/compare/"):
        assert page(people, path).status_code == 404, path
    assert page(people, "of/default/", version="9").status_code == 404
    assert page(people, "of/default/", version="x" * 10_000).status_code == 200
    assert page(people, "of/a b/").status_code == 404


def test_an_older_version_says_which_is_in_force(people: Cast) -> None:
    published(people, drafted(people))
    draft = start_draft(people.act_as("office"), OWN, None)
    published(people, saved(people, draft, moved(draft)))
    assert "现在有效的是第2版" in plain(page(people, f"of/{OWN}/", version="1"))
    assert "现在有效的是" not in plain(page(people, f"of/{OWN}/"))


def test_script_in_names_and_clauses_is_shown_as_text(people: Cast) -> None:
    draft = drafted(people)
    toml = draft.toml.replace("通用进度亮灯办法", f"{SCRIPT}办法").replace('"绿"', f'"{SCRIPT}"')
    text = draft.text.replace("完成率＝", f"{SCRIPT}<img src=x onerror=y>")
    draft = saved(people, draft, type(texts_of(draft))(toml, text, draft.examples))
    for path in (at(draft), at(draft, "read/"), ""):
        told = text_of(page(people, path))
        assert "<script>alert" not in told
        assert "<img" not in told
    assert "&lt;script&gt;" in text_of(page(people, at(draft, "read/")))
