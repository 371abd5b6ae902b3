"""Whatever stands in the journal has a Chinese name: acts, tables, columns, what acts note."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.db import models
from django.test import Client
from django.urls import reverse

import guatu
from guatu.assessment.types import RequestKind
from guatu.journal import services as journal
from guatu.journal.columns import COLUMNS, column_label, value_label
from guatu.journal.models import Entry
from guatu.journal.triggers import journalled_models
from guatu.journal.words import act_label, detail_label, table_label
from guatu.ledger.models import Project
from tests.factories import Cast

SOURCES = Path(guatu.__file__).parent
COMPOSED = {"round._asked": {f"round.{kind.value}_asked" for kind in RequestKind}}
"""Acts whose name is put together, by what is fixed of it."""


def acts_in(source: str) -> Iterator[str]:
    """The names of the acts that a module begins."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call) or len(call.args) < 2:
            continue
        called = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if isinstance(call.func, ast.Name):
            called = call.func.id
        if called != "act":
            continue
        yield from _names(call.args[1])


def _names(told: ast.expr) -> Iterator[str]:
    match told:
        case ast.Constant(value=str(name)):
            yield name
        case ast.IfExp(body=one, orelse=other):
            yield from (*_names(one), *_names(other))
        case ast.JoinedStr(values=parts):
            fixed = "".join(str(p.value) for p in parts if isinstance(p, ast.Constant))
            yield from COMPOSED[fixed]
        case other:
            yield ast.unparse(other)


def noted_in(source: str) -> Iterator[str]:
    """The keys of what acts note: `detail={…}`, `detail = {…}`, `act.detail.update({…})`."""
    for node in ast.walk(ast.parse(source)):
        told: ast.expr | None = None
        if isinstance(node, ast.keyword) and node.arg == "detail":
            told = node.value
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name) and target.id == "detail":
                told = node.value
            elif isinstance(target, ast.Subscript) and ast.unparse(target.value) == "act.detail":
                told = ast.Dict([target.slice], [])
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "act.detail.update":
            told = node.args[0]
        dicts = [] if told is None else [n for n in ast.walk(told) if isinstance(n, ast.Dict)]
        for one in dicts:
            yield from (str(key.value) for key in one.keys if isinstance(key, ast.Constant))


def modules() -> Iterator[str]:
    """Every module of a site; the benchmarks write databases that nobody reads."""
    for path in sorted(SOURCES.rglob("*.py")):
        if not {"tests", "bench"} & set(path.relative_to(SOURCES).parts):
            yield path.read_text(encoding="utf-8")


def nameless(names: Iterable[str], label: object) -> list[str]:
    """Those of some stored names that stand on a page as they are stored."""
    assert callable(label)
    return sorted(name for name in set(names) if not re.search("[一-鿿]", label(name)))


def columns_of(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def nameless_columns(model: type[models.Model]) -> list[str]:
    table = model._meta.db_table
    return nameless(columns_of(model), lambda name: column_label(table, name))


def test_every_act_has_a_chinese_name() -> None:
    acts = [act for source in modules() for act in acts_in(source)]
    assert len(set(acts)) > 60
    assert nameless(acts, act_label) == []


def test_an_act_without_a_name_would_be_found() -> None:
    source = 'with journal.act(actor, "thing.twisted") as act:\n    pass'
    assert nameless(acts_in(source), act_label) == ["thing.twisted"]
    source = "with act(actor, chosen):\n    pass"
    assert nameless(acts_in(source), act_label) == ["chosen"]


def test_everything_that_acts_note_has_a_chinese_name() -> None:
    keys = [key for source in modules() for key in noted_in(source)]
    assert len(set(keys)) > 15
    assert nameless(keys, lambda key: detail_label(key, "")[0]) == []


@pytest.mark.parametrize(
    "source",
    [
        'detail = {"odd": 1}',
        'act.detail["odd"] = 1',
        'act.detail.update({"odd": 1})',
        'journal.act(actor, "x.y", detail={"odd": 1})',
    ],
)
def test_a_note_without_a_name_would_be_found(source: str) -> None:
    assert nameless(noted_in(source), lambda key: detail_label(key, "")[0]) == ["odd"]


@pytest.mark.parametrize("model", journalled_models(), ids=lambda model: model._meta.db_table)
def test_every_table_and_column_has_a_chinese_name(model: type[models.Model]) -> None:
    assert nameless([model._meta.db_table], table_label) == []
    assert nameless_columns(model) == []


def test_a_column_without_a_name_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(COLUMNS, "total_yuan")
    assert nameless_columns(Project) == ["total_yuan"]


def test_no_column_is_named_that_does_not_exist() -> None:
    known = {name for model in journalled_models() for name in columns_of(model)}
    assert set(COLUMNS) <= known


def test_stored_values_read_as_pages_say_them() -> None:
    assert value_label("reporting_round", "state", "closed") == "已锁定"
    assert value_label("ledger_project", "is_package", False) == "否"
    assert value_label("files_import", "at", "2026-10-31T16:00:00.000000+00:00") == (
        "2026-11-01 00:00:00"
    )
    assert value_label("files_import", "at", "不是时间") == "不是时间"
    assert value_label("no_table", "state", "closed") == "closed"
    assert value_label("ledger_project", "total_yuan", None) == ""


@pytest.mark.django_db
def test_the_page_of_an_entry_says_it_in_chinese(people: Cast) -> None:
    with journal.act(
        people.console, "project.changed", detail={"fields": ["name", "total_yuan"]}
    ) as act:
        act.write(Project(uid="e" * 32, name="滨江路", region_id=people.regions["江北区"]))
    with journal.act(people.console, "administrator.activated") as act:
        people.audit.is_active, people.audit.set_up_due = True, False
        act.write(people.audit)
    browser = Client()
    browser.force_login(people.audit, backend="guatu.organisation.backend.Accounts")
    seq = Entry.objects.filter(act="project.changed").values_list("seq", flat=True)[0]
    page = browser.get(reverse("journal-entry", args=[seq])).content.decode()
    for words in ("修改项目", "修改的内容", "名称、总投资（元）", "所属打包项目", "建设项目"):
        assert words in page, words
    for code in ("project.changed", ">fields", "total_yuan", "package_id", "construction"):
        assert code not in page, code
