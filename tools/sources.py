"""Which files the guards look at."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

SKIPPED = {".git", ".venv", "var", "build", "__pycache__"}


def project_files(root: Path) -> Iterator[Path]:
    """Files of the project: what git tracks or would add; in a folder without git, all."""
    if (root / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=root,
            capture_output=True,
            check=True,
        ).stdout.decode()
        found = (root / name for name in listed.split("\0") if name)
    else:
        found = (
            path for path in root.rglob("*") if not SKIPPED & set(path.relative_to(root).parts)
        )
    yield from sorted(path for path in found if path.is_file())


def source_files(root: Path) -> Iterator[Path]:
    """Python files of the package, without tests and migrations."""
    for path in sorted((root / "src").rglob("*.py")):
        if not {"tests", "migrations"} & set(path.relative_to(root).parts):
            yield path
