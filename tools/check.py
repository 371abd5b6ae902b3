"""`make check`: every rule of the house that a tool can check. All run; the first failure's code.

python -m tools.check [NAME…]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BIN = Path(sys.executable).parent
PYTHON = sys.executable
STEPS: dict[str, list[str]] = {
    "format": [str(BIN / "ruff"), "format", "--check", "--quiet", "."],
    "lint": [str(BIN / "ruff"), "check", "--quiet", "."],
    "imports": [str(BIN / "lint-imports"), "--no-logo"],
    "migrations": [
        str(BIN / "django-admin"), "makemigrations", "--check", "--dry-run",
        "--settings", "guatu.config.settings",
    ],
    "writes": [PYTHON, "-m", "tools.check_writes"],
    "text": [PYTHON, "-m", "tools.check_text"],
    "docs": [PYTHON, "-m", "tools.check_docs"],
    "books": [PYTHON, "-m", "tools.list_books", "--check"],
    "types": [str(BIN / "mypy"), "--no-error-summary"],
}  # fmt: skip


def main(names: list[str]) -> int:
    """Run the steps named, or all; print what a failing one said."""
    if unknown := set(names) - set(STEPS):
        print(f"no such check: {', '.join(sorted(unknown))}; there are: {', '.join(STEPS)}")
        return 2
    failed = []
    with tempfile.TemporaryDirectory(prefix="guatu-check-") as state:
        environment = {**os.environ, "GUATU_HOME": state, "PYTHONPATH": str(Path.cwd())}
        for name in names or STEPS:
            started = time.monotonic()
            done = subprocess.run(
                STEPS[name], env=environment, capture_output=True, text=True, check=False
            )
            verdict = "ok" if done.returncode == 0 else "FAILED"
            print(f"{name:<11}{verdict:<7}{time.monotonic() - started:5.1f} s", flush=True)
            if done.returncode:
                failed.append(name)
                print(done.stdout + done.stderr, flush=True)
    print(f"check: {'failed: ' + ', '.join(failed) if failed else 'all passed'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
