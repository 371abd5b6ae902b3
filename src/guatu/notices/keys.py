"""Keys of robots: in files below GUATU_HOME/secrets that only the program's user reads.

The database keeps references. A lost or unreadable key is a fault of delivery with one line.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from secrets import token_hex

from django.conf import settings

from guatu.core.errors import Fault, GuatuError

_FILE = re.compile(r"file:([0-9a-f]{32})", re.ASCII)


def _folder() -> Path:
    return Path(settings.HOME) / "secrets"


def keep(secret: str) -> str:
    """Keep a key and return its reference; `env:NAME` is a reference already."""
    if secret.startswith("env:"):
        return secret
    name = token_hex(16)
    try:
        _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(_folder() / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise GuatuError(
            Fault("cannot-keep", "密钥没有存下", "请系统管理员检查GUATU_HOME目录的权限")
        ) from error
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(secret)
    return f"file:{name}"


def forget(reference: str) -> None:
    """Remove a key that was kept in a file; one that is gone already does no harm."""
    if found := _FILE.fullmatch(reference):
        (_folder() / found[1]).unlink(missing_ok=True)


def read(reference: str) -> str:
    """The key that a reference means, or empty where it is not there."""
    if reference.startswith("env:"):
        return os.environ.get(reference.removeprefix("env:"), "")
    found = _FILE.fullmatch(reference)
    try:
        return (_folder() / found[1]).read_text(encoding="utf-8") if found else ""
    except OSError:
        return ""
