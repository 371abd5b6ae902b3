"""Small facts kept beside the database, to be read also where the database is damaged."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path


def keep(path: Path, told: Mapping[str, object]) -> None:
    """Write JSON in one step: a reader finds the old or the new text, never a half."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
    fresh.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    os.replace(fresh, path)
