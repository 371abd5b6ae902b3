"""What the audit administrator does: verify the journal, keep a checkpoint outside."""

from __future__ import annotations

from collections.abc import Sequence

from guatu.core.errors import BadInput, Fault
from guatu.engines.chain import Mark
from guatu.journal import services as journal
from guatu.journal import verification
from guatu.journal.types import Actor
from guatu.organisation import access
from guatu.organisation.types import Right

LONGEST_PLACE = 200


def save_checkpoint(actor: Actor, *, kept_at: str) -> Mark:
    """Note that count and head of the journal leave the database, and where they go."""
    access.require(actor, Right.READ_JOURNAL)
    kept_at = kept_at.strip()
    if not kept_at:
        raise BadInput(Fault("no-place", "没有写检查点的保存地点", "请写保管人或地点，如市纪委"))
    return journal.record_checkpoint(actor, kept_at=kept_at[:LONGEST_PLACE])


def start_verification(actor: Actor, marks: Sequence[Mark]) -> None:
    """Begin to check the journal in the background; Conflict where it is being checked."""
    access.require(actor, Right.READ_JOURNAL)
    verification.start(actor, marks)
