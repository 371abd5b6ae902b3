"""The guard of the one writer: silent on the project, loud on each way around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.trees import plant
from tools.check_writes import ALLOWED_FILES, DERIVED, main, problems

ROOT = Path(__file__).parents[2]


def test_the_project_writes_through_the_journal_only() -> None:
    assert problems(ROOT) == []


@pytest.mark.parametrize(
    "statement",
    [
        "row.save()",
        "row.save(update_fields=['name'])",
        "row.delete()",
        "Project.objects.create(name='x')",
        "Project.objects.get_or_create(name='x')",
        "Project.objects.update_or_create(name='x')",
        "Project._base_manager.bulk_create(rows)",
        "project.dates.bulk_update(rows, ['on'])",
        "Project.objects.filter(pk=1).update(name='x')",
        "rows.update(**values)",
        "Project.objects.filter(pk=1).delete()",
        "await row.asave()",
        "await Project.objects.acreate(name='x')",
        "cursor.execute('UPDATE ledger_project SET name = 1')",
        "cursor.execute(f'delete from {table}')",
        "members = models.ManyToManyField('Person')",
        "Result.objects.create(run=run)",
        "OrganisationClosure.objects.all().delete()",
    ],
)
def test_each_way_around_the_writer_is_named(
    tmp_path: Path, statement: str, capsys: pytest.CaptureFixture[str]
) -> None:
    # Derived tables are let through in their own room only; this is another.
    body = f"async def f():\n    {statement}\n"
    plant(tmp_path, {"src/guatu/ledger/services.py": body})
    assert main([str(tmp_path)]) == 1
    assert capsys.readouterr().out.startswith("src/guatu/ledger/services.py:2: ")


@pytest.mark.parametrize(
    "statement",
    [
        "act.write(row)",
        "values.update({'a': 1})",
        "digest.update(b'x')",
        "document.save(path)",
        "cursor.execute('SELECT 1')",
        "Project.objects.filter(name='x')",
    ],
)
def test_what_only_looks_like_a_write_is_let_through(tmp_path: Path, statement: str) -> None:
    plant(tmp_path, {"src/guatu/ledger/services.py": f"{statement}\n"})
    assert problems(tmp_path) == []


def test_derived_tables_are_let_through_in_their_room(tmp_path: Path) -> None:
    for (place, model), reason in DERIVED.items():
        plant(tmp_path, {f"{place}made.py": f"{model}.objects.filter(a=1).delete()\n"})
        assert reason
    assert problems(tmp_path) == []


def test_a_variable_is_let_through_only_while_it_holds_derived_rows(tmp_path: Path) -> None:
    name = "src/guatu/assessment/services/runs.py"
    text = "same = Run.objects.filter(a=1)\nsame.delete()\n"
    assert problems(plant(tmp_path, {name: text})) == []
    text += "same = Snapshot.objects.filter(a=1)\n"
    assert len(problems(plant(tmp_path, {name: text}))) == 1


def test_every_exception_still_exists() -> None:
    for name in ALLOWED_FILES:
        assert (ROOT / name).exists(), f"{name} is let through and is not there"
    for place, model in DERIVED:
        texts = [path.read_text("utf-8") for path in (ROOT / place).rglob("*.py")]
        assert any(f"{model}.objects" in text for text in texts), model
