"""Django settings. State lives in GUATU_HOME; DATABASE_URL selects PostgreSQL.

Every environment variable read here has its line in docs/settings.md (a test compares them).
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url

HOME = Path(os.environ.get("GUATU_HOME", "./var")).resolve()


def _secret_key() -> str:
    """The installation's own key, made on first use, readable by its owner only."""
    given = os.environ.get("GUATU_SECRET_KEY")
    if given:
        return given
    path = HOME / "secret_key"
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        key = secrets.token_urlsafe(50)
        if not HOME.is_dir():
            # A slip in GUATU_HOME must not leave a folder behind: only `init` and `demo` make it.
            return key
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key)
        return key


def _database() -> dict[str, Any]:
    """PostgreSQL by DATABASE_URL, else SQLite with the durable settings of architecture §5.4."""
    if url := os.environ.get("DATABASE_URL"):
        return {**dj_database_url.parse(url, conn_max_age=60)}
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": HOME / "guatu.sqlite3",
        "OPTIONS": {
            "timeout": 30,
            "transaction_mode": "IMMEDIATE",
            # WAL can lose commits before SQLite 3.51.3; FULL may drop the last one on power loss.
            # Without recursive_triggers a REPLACE would pass by the append-only guards.
            "init_command": (
                "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA;"
                " PRAGMA recursive_triggers=ON;"
            ),
        },
        "TEST": {"NAME": os.environ.get("GUATU_TEST_DATABASE", ":memory:")},
    }


SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS: list[str] = []
DATABASES = {"default": _database()}
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "guatu.journal",
    "guatu.organisation",
    "guatu.files",
    "guatu.ledger",
    "guatu.planning",
    "guatu.reporting",
    "guatu.assessment",
]
AUTH_USER_MODEL = "organisation.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
USE_I18N = False
LANGUAGE_CODE = "zh-hans"
SILENCED_SYSTEM_CHECKS: list[str] = []
