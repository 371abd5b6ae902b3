"""Storing bytes by their digest, and remembering column mappings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from django.conf import settings

from guatu.core.errors import Fault, NotFound
from guatu.core.kept import replacing
from guatu.engines.chain import sm3
from guatu.engines.sheets import ColumnMapping
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
        with replacing(path) as file:
            file.write(content)
    if existing:
        return existing
    blob = Blob(sm3=digest, size=len(content), mime=mime)
    act.write(blob)
    return blob


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


def unlearn_mapping(act: Act, *, sender: str, learned: str, before: str) -> None:
    """Put a sender's mapping back to what it was before something was learned; empty: there was
    none. What somebody decided since stands: of a mapping that was changed only the columns that
    were learned then and are still the same go."""
    row = Mapping.objects.filter(sender=sender, header_sm3="").first()
    if row is None:
        return
    now, then = ColumnMapping.from_json(row.columns), ColumnMapping.from_json(learned)
    old = ColumnMapping.from_json(before).columns if before else {}
    new = {head for head, one in then.columns.items() if old.get(head) != one}
    columns = {
        head: old.get(head, one) if head in new and one == then.columns[head] else one
        for head, one in now.columns.items()
        if head not in new or head in old or one != then.columns[head]
    }
    if columns:
        row.columns = replace(now, columns=columns).to_json()
        act.write(row)
    else:
        act.remove(row)


def forget_mapping(actor: Actor, mapping_id: int, *, version: int) -> Mapping:
    """Forget a sender's mapping; the journal keeps what it was.

    Conflict where it is not the one any more that was looked at.
    """
    access.require(actor, Right.IMPORT_REPORTS)
    row = Mapping.objects.filter(pk=mapping_id).first()
    if row is None:
        raise NotFound(Fault("not-found", "没有这条列对应关系", "请回到列表重新选"))
    journal.require_version(row, version)
    with journal.act(actor, "mapping.forgotten") as act:
        act.remove(row)
    return row
