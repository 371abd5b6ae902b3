"""The cast made once for a module instead of once for a test.

A room's conftest makes two fixtures of it: `ground` for the module, `people` for each test, whose
changes are undone. For modules whose tests do not use threads.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import fields
from pathlib import Path
from typing import Any

from django.db import transaction
from pytest_django import DjangoDbBlocker, Settings

from guatu.files.models import Blob
from guatu.files.services import blob_path, read_blob
from guatu.organisation.models import User
from tests.factories import Cast, make_cast


def module_cast(blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """The body of `ground`: the transaction of each test is a savepoint in this one."""
    with blocker.unblock(), transaction.atomic():
        yield make_cast()
        transaction.set_rollback(True)


def own_users(cast: Cast) -> Cast:
    """The cast with user objects that a test may change."""
    held: dict[str, Any] = {f.name: getattr(cast, f.name) for f in fields(cast)}
    own: dict[str, Any] = {
        name: copy(one) if isinstance(one, User) else one for name, one in held.items()
    }
    return Cast(**own)


def own_store(settings: Settings, home: Path) -> None:
    """Give a test a blob store of its own with what the database knows of: to damage, to count.

    The usual one is shared by the processes of a run.
    """
    stored = {digest: read_blob(digest) for digest in Blob.objects.values_list("sm3", flat=True)}
    settings.HOME = home
    for digest, content in stored.items():
        path = blob_path(digest)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
