"""Storing bytes by their digest, and remembering column mappings."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from django.conf import settings

from guatu.core.errors import Conflict, Fault, NotFound
from guatu.engines.chain import sm3
from guatu.files.models import Blob, Mapping
from guatu.journal import services as journal
from guatu.journal.services import Act
from guatu.journal.types import Actor
from guatu.organisation import access
from guatu.organisation.types import Right


def blob_path(digest: str) -> Path:
    """Where the content with this digest lies."""
    return Path(settings.HOME) / "blobs" / digest[:2] / digest


def digest_of(content: bytes) -> str:
    """The address of a content."""
    return sm3(content)


def store_blob(act: Act, content: bytes, mime: str, *, is_trial: bool = False) -> Blob:
    """Keep content on disk (synced before the row is written) and its row; same bytes, one row.

    A trial writes the row only, which its transaction takes back.
    """
    digest = sm3(content)
    existing = Blob.objects.filter(sm3=digest).first()
    path = blob_path(digest)
    if not is_trial and not path.exists():
        _write_synced(path, content)
    if existing:
        return existing
    blob = Blob(sm3=digest, size=len(content), mime=mime)
    act.write(blob)
    return blob


def _write_synced(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    # The name is durable only once its folder is.
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read_blob(digest: str) -> bytes:
    """The stored bytes. Raises FileNotFoundError where the blob store lost them."""
    return blob_path(digest).read_bytes()


def remember_mapping(act: Act, *, sender: str, columns: str) -> Mapping:
    """Keep a sender's mapping (JSON text of the sheets engine); a newer one replaces it."""
    row = Mapping.objects.filter(sender=sender, header_sm3="").first() or Mapping(sender=sender)
    if row.pk and row.columns == columns:
        return row
    row.columns = columns
    act.write(row)
    return row


def forget_mapping(actor: Actor, mapping_id: int, *, version: int) -> Mapping:
    """Forget a sender's mapping; the journal keeps what it was.

    Conflict where it is not the one any more that was looked at.
    """
    access.require(actor, Right.IMPORT_REPORTS)
    row = Mapping.objects.filter(pk=mapping_id).first()
    if row is None:
        raise NotFound(Fault("not-found", "没有这条列对应关系", "请回到列表重新选"))
    if row.version != version:
        raise Conflict(Fault("changed-meanwhile", f"“{row}”刚被别人修改", "请重新打开后再办"))
    with journal.act(actor, "mapping.forgotten") as act:
        act.remove(row)
    return row
