"""Guard: dates come from the one clock, and some things are never written down.

    python -m tools.check_text [ROOT]

Looks for dates and instants taken elsewhere than in core/clock.py, for words that promise what a
journal cannot, and for paths of somebody's machine and addresses of package registries.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.sources import project_files, source_files

CLOCK = "src/guatu/core/clock.py"
_READS_A_CLOCK = {
    ("date", "today"),
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("timezone", "now"),
    ("timezone", "localdate"),
    ("timezone", "localtime"),
    ("time", "time"),
}
# Written with escapes, so that this file does not contain what it forbids.
_FORBIDDEN: tuple[tuple[str, str], ...] = (
    ("\u4e0d\u53ef\u7be1\u6539", "a journal makes tampering evident, not impossible: 防篡改可发现"),
    (r"(?<![A-Za-z0-9_.$}>-])/(?:work|farm|root|opt|home|Users)/", "a path of one machine"),
    (
        r"\b(?:pypi\.org|pythonhosted\.org|registry\.npmjs\.org|deb\.debian\.org)",
        "a registry's address",
    ),
    (r"https?://[^\s\"'<>)]+\.(?:whl|tgz|tar\.gz|deb|zip)(?![A-Za-z])", "a download address"),
    (r"(?m)^\s*--(?:find-links|index-url|extra-index-url)", "a registry option in a lock"),
)
FORBIDDEN = tuple((re.compile(pattern), why) for pattern, why in _FORBIDDEN)
EXEMPT = {"LICENSE"}


def problems(root: Path) -> list[str]:
    """One line for each place."""
    return [*_clock_readings(root), *_forbidden_texts(root)]


def _clock_readings(root: Path) -> Iterator[str]:
    for path in source_files(root):
        name = path.relative_to(root).as_posix()
        if name == CLOCK:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"), filename=name)):
            if isinstance(node, ast.Attribute) and (_last(node.value), node.attr) in _READS_A_CLOCK:
                told = f"{_last(node.value)}.{node.attr}"
                yield f"{name}:{node.lineno}: {told} — dates come from guatu.core.clock"


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def _forbidden_texts(root: Path) -> Iterator[str]:
    for path in project_files(root):
        name = path.relative_to(root).as_posix()
        if name in EXEMPT:
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a workbook
        for pattern, why in FORBIDDEN:
            for match in pattern.finditer(text):
                line = text.count("\n", 0, match.start()) + 1
                yield f"{name}:{line}: {match.group().strip()!r} — {why}"


def main(arguments: list[str]) -> int:
    """Print the problems; 1 when there are any."""
    found = problems(Path(arguments[0] if arguments else "."))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
