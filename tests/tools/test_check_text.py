from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.trees import plant
from tools.check_text import CLOCK, main, problems

ROOT = Path(__file__).parents[2]
# Put together, so that this file does not contain what it looks for.
BANNED_WORD = "不可" + "篡改"
SLASH = "/"


def test_the_project_is_clean() -> None:
    assert problems(ROOT) == []


@pytest.mark.parametrize(
    "code",
    [
        "import datetime\nday = datetime.date.today()\n",
        "from datetime import date\nday = date.today()\n",
        "from datetime import datetime\nat = datetime.now(UTC)\n",
        "from datetime import datetime\nat = datetime.utcnow()\n",
        "from django.utils import timezone\nat = timezone.now()\n",
        "from django.utils import timezone\ndefault = timezone.now\n",
        "import time\nat = time.time()\n",
    ],
)
def test_a_date_taken_past_the_clock_is_named(
    tmp_path: Path, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    plant(tmp_path, {"src/guatu/ledger/rules.py": code})
    assert main([str(tmp_path)]) == 1
    assert capsys.readouterr().out.startswith("src/guatu/ledger/rules.py:2: ")


def test_the_clock_itself_may_look(tmp_path: Path) -> None:
    plant(tmp_path, {CLOCK: "from datetime import datetime\nnow = datetime.now\n"})
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    "text",
    [
        f"本平台数据{BANNED_WORD}。",
        f"see {SLASH}root{SLASH}notes.txt",
        f"cd {SLASH}home{SLASH}someone{SLASH}src",
        f"files at {SLASH}opt{SLASH}wheels",
        "https://" + "pypi" + ".org/simple",
        "https://example.com/six-1.16.0-py3-none-any" + ".whl",
        "https://example.com/six-1.16.0.tar" + ".gz#sha256=0",
        "--extra-index" + "-url https://example.com/",
        "--find" + "-links wheels",
    ],
)
def test_a_forbidden_text_is_named_with_its_line(tmp_path: Path, text: str) -> None:
    plant(tmp_path, {"docs/page.md": f"# Page\n\n{text}\n"})
    found = problems(tmp_path)
    assert found
    # A pattern may begin at the white space before it.
    assert found[0].startswith(("docs/page.md:2: ", "docs/page.md:3: "))


@pytest.mark.parametrize(
    "text",
    [
        "防篡改可发现",
        "GUATU_HOME=./var",
        "https://example.com/work/page",
        "$HOME/work/guatu",
        "at work/farm",
        "https://example.com/archive.html",
    ],
)
def test_an_innocent_text_passes(tmp_path: Path, text: str) -> None:
    plant(tmp_path, {"docs/page.md": f"# Page\n\n{text}\n"})
    assert problems(tmp_path) == []


def test_pictures_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff\xfe")
    assert problems(tmp_path) == []
