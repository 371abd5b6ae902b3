"""Make `guatu` of this checkout runnable in the environment that runs this file."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = """#!{python}
from guatu.cli.main import run

run()
"""


def link() -> None:
    """Put the sources on the path and the command beside the interpreter."""
    path = Path(sysconfig.get_path("purelib")) / "guatu-checkout.pth"
    path.write_text(f"{ROOT / 'src'}\n", encoding="utf-8")
    script = Path(sysconfig.get_path("scripts")) / "guatu"
    script.write_text(SCRIPT.format(python=sys.executable), encoding="utf-8")
    script.chmod(0o755)


if __name__ == "__main__":
    link()
