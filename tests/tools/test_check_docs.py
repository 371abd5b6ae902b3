from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from guatu.cli.parser import build_parser
from guatu.organisation.types import MEASURES, SETTINGS, Role, SwitchName, UserKind
from tests.tools.trees import plant
from tools import check_docs

ROOT = Path(__file__).parents[2]


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="guatu")
    commands = made.add_subparsers()
    commands.add_parser("doctor")
    importing = commands.add_parser("import").add_subparsers()
    importing.add_parser("ledger").add_argument("--year")
    return made


def documented() -> dict[str, str]:
    """A tiny project in which everything has its entry."""
    keys = "\n".join(
        f"- `{key}`" for key in [*SETTINGS, *MEASURES, *(name.value for name in SwitchName)]
    )
    roles = "\n".join(
        f"- `{name}`" for name in [*(r.value for r in Role), *(k.value for k in UserKind)]
    )
    return {
        "src/guatu/config/settings.py": 'import os\nhome = os.environ.get("GUATU_HOME")\n',
        "Makefile": ".PHONY: test clean\n",
        "requirements/runtime.in": "django>=6.1,<6.2\npsycopg[binary]\n",
        "requirements/dev.in": "-r runtime.in\npytest\n",
        "docs/settings.md": f"# Settings\n\n- `GUATU_HOME`\n{keys}\n",
        "docs/glossary.md": f"# Words\n\n{roles}\n",
        "docs/development.md": "# Work\n\n`make test`, `make clean`\n",
        "docs/dependencies.md": "# Why\n\n`django`, `psycopg[binary]`, `pytest`\n",
        "docs/cli.md": ("# 命令\n\n`guatu doctor`, `guatu import ledger FILE`\n\n`--year`\n"),
        "README.md": "# 挂图\n\n[命令](docs/cli.md#命令)\n",
    }


def test_the_projects_documents_are_complete() -> None:
    assert check_docs.problems(ROOT, build_parser()) == []


def test_a_complete_tiny_project_passes(tmp_path: Path) -> None:
    assert check_docs.problems(plant(tmp_path, documented()), parser()) == []


@pytest.mark.parametrize(
    ("document", "entry", "kind"),
    [
        ("docs/settings.md", "`GUATU_HOME`", "environment variable"),
        ("docs/settings.md", "`digits`", "setting"),
        ("docs/settings.md", "`year_on_year`", "measure"),
        ("docs/settings.md", "`rankings`", "switch"),
        ("docs/glossary.md", "`reporter`", "role"),
        ("docs/glossary.md", "`audit`", "kind of account"),
        ("docs/development.md", "`make clean`", "target"),
        ("docs/dependencies.md", "`psycopg[binary]`", "dependency"),
        ("docs/cli.md", "`guatu doctor`", "command"),
        ("docs/cli.md", "`guatu import ledger FILE`", "command"),
        ("docs/cli.md", "`--year`", "option"),
    ],
)
def test_a_missing_entry_is_named(tmp_path: Path, document: str, entry: str, kind: str) -> None:
    files = documented()
    files[document] = files[document].replace(entry, "")
    found = check_docs.problems(plant(tmp_path, files), parser())
    assert len(found) == 1
    assert found[0].startswith(f"{document}: no entry for the {kind} `")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("`guatu fly`", "there is no command `guatu fly`"),
        ("`guatu doctor --fast`", "there is no option `--fast`"),
        ("[x](docs/none.md)", "the link leads nowhere: docs/none.md"),
        ("[x](docs/cli.md#nowhere)", "there is no such heading: docs/cli.md#nowhere"),
    ],
)
def test_what_the_documents_invent_is_named(tmp_path: Path, text: str, problem: str) -> None:
    files = documented()
    files["README.md"] += f"\n{text}\n"
    found = check_docs.problems(plant(tmp_path, files), parser())
    assert found == [f"README.md:5: {problem}"]
