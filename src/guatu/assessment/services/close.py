"""Closing a round (锁定本期): one transaction from the tables to a frozen snapshot."""

from __future__ import annotations

from django.db import transaction

from guatu.assessment.content import digest_of, freeze
from guatu.assessment.freezing import content_of
from guatu.assessment.models import Snapshot
from guatu.assessment.types import Content
from guatu.core.errors import Conflict, Fault
from guatu.core.periods import PeriodKey
from guatu.files import services as files
from guatu.journal import services as journal
from guatu.journal.services import Act
from guatu.journal.types import Actor
from guatu.ledger.models import ProjectList
from guatu.organisation import access
from guatu.organisation import queries as organisation
from guatu.organisation.types import Right
from guatu.reporting import queries as reporting
from guatu.reporting.models import Round
from guatu.reporting.services.rounds import lock_rounds
from guatu.reporting.types import RoundState

SNAPSHOT_MIME = "application/vnd.guatu.snapshot+zlib"


def close_round(
    actor: Actor, listing: ProjectList, period: PeriodKey, *, approver: Actor | None = None
) -> Snapshot:
    """Lock a round and freeze what stands (architecture §6). Missing reports are no data.

    Refused while an earlier round of the same list, year and grain is open, and for a round
    that is locked already (Conflict): of two people closing at once one wins.
    """
    access.require(actor, Right.CLOSE_ROUND)
    approved_by = access.require_second_person(actor, approver, Right.CLOSE_ROUND)
    found = reporting.find_round(listing, period)
    return freeze_round(actor, found, asked_by=actor.text, approved_by=approved_by)


def freeze_round(
    actor: Actor, found: Round, *, asked_by: str, approved_by: str, seen: str = ""
) -> Snapshot:
    """The act of closing; whoever calls has asked for the rights of those named.

    `seen` is the digest of the content that they looked at: any other content is refused
    (Conflict `content-changed`), so that nothing is locked unseen.
    """
    with transaction.atomic(), journal.act(actor, "round.closed") as act:
        # A list being taken in must not change between the tables that are read here.
        organisation.lock_root()
        the_round = lock_rounds([found.pk])[0]
        require_closable(the_round)
        # Content is many reads, and between them PostgreSQL lets others commit. No act commits
        # past the head of the journal: from here on the tables stand still.
        act.reserve_seq()
        act.detail.update(
            {
                "list": str(the_round.list),
                "period": the_round.period.key,
                "asked_by": asked_by,
                "approved_by": approved_by,
            }
        )
        content = content_of(the_round, 1)
        if seen and digest_of(content) != seen:
            raise Conflict(changed_fault())
        snapshot = keep_snapshot(act, the_round, content)
        the_round.state = RoundState.CLOSED
        the_round.revision = 1
        the_round.closed_by = f"{asked_by}；{approved_by}"[:200]
        act.write(the_round)
    return snapshot


def changed_fault() -> Fault:
    """What somebody looked at is no longer what would be frozen."""
    return Fault(
        "content-changed",
        "您核对之后，本期的数据又有变化，没有锁定",
        "请返回本期页面，看清变化后重新申请",
    )


def require_closable(the_round: Round) -> None:
    """Raise Conflict for a locked round, or where an earlier one of its kind is open."""
    if the_round.state == RoundState.CLOSED:
        raise Conflict(
            Fault(
                "already-closed",
                f"{the_round}已经锁定",
                "需要改数请办理更正",
            )
        )
    waiting = earlier_open(the_round)
    if waiting:
        raise Conflict(
            Fault(
                "earlier-round-open",
                f"前面的{'、'.join(waiting)}还没有锁定",
                "请按先后顺序锁定",
            )
        )


def earlier_open(the_round: Round) -> list[str]:
    """Periods before this one, of the same list, year and grain, that are still open."""
    earlier = Round.objects.filter(
        list=the_round.list,
        period__grain=the_round.period.grain,
        period__last_on__lt=the_round.period.last_on,
        state=RoundState.OPEN,
    )
    rows = earlier.select_related("period").order_by("period__last_on")
    return [one.period.label for one in rows]


def keep_snapshot(act: Act, the_round: Round, content: Content) -> Snapshot:
    """Store a content as the round's snapshot of its revision."""
    digest, stored = freeze(content)
    snapshot = Snapshot(
        round=the_round,
        revision=content.revision,
        schema_version=content.schema,
        content_sm3=digest.removeprefix("sm3:"),
        subject_count=len(content.subjects),
        blob=files.store_blob(act, stored, SNAPSHOT_MIME),
        journal_seq=act.reserve_seq(),
        at=act.at,
    )
    act.write(snapshot)
    return snapshot
