"""Corrections after closing: numbered, reasoned, approved by a second person, revision n+1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from django.db import transaction

from guatu.assessment import queries
from guatu.assessment.freezing import content_of
from guatu.assessment.models import Snapshot
from guatu.assessment.services.close import keep_snapshot
from guatu.assessment.types import Content
from guatu.core.errors import BadInput, Conflict, Fault
from guatu.core.periods import PeriodKey
from guatu.files.intake import read_files
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger.models import ProjectList
from guatu.organisation import access
from guatu.organisation.types import Right
from guatu.reporting import queries as reporting
from guatu.reporting.intake.write import Why
from guatu.reporting.models import Round
from guatu.reporting.services.intake import ReportsTaken, gather, store
from guatu.reporting.services.rounds import lock_rounds, lock_rounds_holding
from guatu.reporting.types import RoundState


@dataclass(slots=True)
class Corrected:
    """What a correction did: the new snapshot (None: nothing differed), and whom it touches."""

    snapshot: Snapshot | None
    changed: list[str] = field(default_factory=list)
    touched_rounds: list[str] = field(default_factory=list)
    taken: ReportsTaken = field(default_factory=ReportsTaken)


def correct_round(
    actor: Actor,
    listing: ProjectList,
    period: PeriodKey,
    paths: Sequence[Path],
    *,
    reason: str,
    approver: Actor | None = None,
) -> Corrected:
    """Correct a locked round from report workbooks; all or nothing (architecture §6).

    The new revision is the old snapshot with the corrected figures, nothing else: later changes
    of the ledger stay out. Issued papers keep their revision. Later rounds of this and next year
    that are locked are listed, not changed.
    """
    access.require(actor, Right.CORRECT_ROUND)
    approved_by = access.require_second_person(actor, approver, Right.CORRECT_ROUND)
    if not reason.strip():
        raise BadInput(Fault("no-reason", "更正须写明理由", "请用--reason写明"))
    found = reporting.find_round(listing, period)
    batch = gather(read_files(paths), listing, period, mapping=None)
    if batch.taken.refused:
        raise BadInput(*batch.taken.refused)
    with transaction.atomic(), journal.act(actor, "round.corrected") as act:
        the_round = lock_rounds([found.pk])[0]
        if the_round.state != RoundState.CLOSED:
            raise Conflict(
                Fault(
                    "not-closed",
                    f"{listing}{period.key}还没有锁定",
                    "请直接用guatu import reports重报",
                )
            )
        lock_rounds_holding([pk for _, pk in batch.matched], period.as_of)
        touched = store(act, batch, the_round, Why(reason.strip(), approved_by))
        if batch.taken.waiting:
            raise BadInput(*batch.taken.waiting)
        if not touched:
            transaction.set_rollback(True)
            return Corrected(None, taken=batch.taken)
        before = queries.snapshot_content(queries.newest_snapshot(the_round))
        after = replace(before, revision=the_round.revision + 1)
        changed = _overlay(after, the_round, touched)
        act.detail.update(
            {
                "list": str(listing),
                "period": period.key,
                "revision": after.revision,
                "reason": reason.strip(),
                "approved_by": approved_by,
            }
        )
        snapshot = keep_snapshot(act, the_round, after)
        the_round.revision = after.revision
        act.write(the_round)
    return Corrected(snapshot, changed, _later_rounds(the_round), batch.taken)


def _overlay(content: Content, the_round: Round, touched: set[int]) -> list[str]:
    """Put the corrected values of the touched projects into the frozen subjects."""
    now = {s.id: s for s in content_of(the_round, content.revision, only=touched).subjects}
    names = []
    for n, subject in enumerate(content.subjects):
        fresh = now.get(subject.id)
        if fresh is None:
            continue
        content.subjects[n] = replace(
            subject,
            investment=fresh.investment,
            investment_total=fresh.investment_total,
            actual_start=fresh.actual_start,
            actual_completion=fresh.actual_completion,
            report_state=fresh.report_state,
            progress=fresh.progress,
            problem=fresh.problem,
        )
        names.append(subject.name)
    return names


def _later_rounds(the_round: Round) -> list[str]:
    """Locked rounds whose snapshots hold figures of this day: later this year, and next year."""
    as_of = the_round.period.last_on
    later = (
        Round.objects.filter(
            list__owner_organisation=the_round.list.owner_organisation,
            state=RoundState.CLOSED,
            period__last_on__gt=as_of,
            period__last_on__lte=date(as_of.year + 1, 12, 31),
        )
        .exclude(pk=the_round.pk)
        .order_by("period__last_on")
        .select_related("list", "period")
    )
    return [f"{r.list}{r.period.key}" for r in later]
