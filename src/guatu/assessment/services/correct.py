"""Corrections after closing: numbered, reasoned, approved by a second person, revision n+1."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import batched
from pathlib import Path

from django.db import transaction

from guatu.assessment import queries
from guatu.assessment.content import digest_of
from guatu.assessment.freezing import mark_of
from guatu.assessment.models import Snapshot
from guatu.assessment.services.close import keep_snapshot
from guatu.assessment.types import Content, FrozenFigure
from guatu.core.errors import BadInput, Conflict, Fault
from guatu.core.periods import PeriodKey
from guatu.files.intake import ReadFile, read_files
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger.models import ProjectList
from guatu.organisation import access
from guatu.organisation.types import Right
from guatu.planning.types import Milestone
from guatu.reporting import queries as reporting
from guatu.reporting.intake.write import Stored, Why
from guatu.reporting.models import Round
from guatu.reporting.services.intake import Batch, ReportsTaken, gather, store
from guatu.reporting.services.rounds import lock_rounds_holding
from guatu.reporting.types import INVESTMENT, INVESTMENT_TOTAL, RoundState


@dataclass(slots=True)
class Corrected:
    """What a correction did: the new snapshot (None: nothing differed, or a trial), whom it
    touches, and the content that it makes."""

    snapshot: Snapshot | None
    changed: list[str] = field(default_factory=list)
    touched_rounds: list[str] = field(default_factory=list)
    taken: ReportsTaken = field(default_factory=ReportsTaken)
    content: Content | None = None


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
    found = reporting.find_round(listing, period)
    command = Correction(reason, asked_by=actor.text, approved_by=approved_by)
    return apply_correction(actor, found, lambda: read_files(paths), command)


@dataclass(frozen=True, slots=True)
class Correction:
    """Why a round is corrected, and who answers for it. With `seen`, the digest of the outcome
    that somebody looked at, any other outcome is refused; a trial changes nothing."""

    reason: str
    asked_by: str
    approved_by: str
    seen: str = ""
    is_trial: bool = False


def apply_correction(
    actor: Actor, found: Round, read: Callable[[], list[ReadFile]], command: Correction
) -> Corrected:
    """The act of correcting; whoever calls has asked for the rights of those named."""
    reason = command.reason.strip()
    if not reason:
        raise BadInput(Fault("no-reason", "更正须写明理由", "请写明理由"))
    listing, period = found.list, found.period.parsed
    batch = gather(read(), listing, period, mapping=None)
    if batch.taken.refused:
        raise BadInput(*batch.taken.refused)
    with transaction.atomic(), journal.act(actor, "round.corrected") as act:
        ids = [pk for _, pk in batch.matched]
        days = period.as_of, period.year_before.as_of
        locked = lock_rounds_holding(ids, *days, also=[found.pk])
        the_round = next(one for one in locked if one.pk == found.pk)
        if the_round.state != RoundState.CLOSED:
            raise Conflict(
                Fault(
                    "not-closed",
                    f"{listing} · {period.label}还没有锁定",
                    "请直接重报",
                )
            )
        before = queries.snapshot_content(queries.newest_snapshot(the_round))
        _require_frozen(batch, before)
        why = Why(reason, command.approved_by)
        stored = store(act, batch, the_round, why, is_trial=command.is_trial)
        if batch.taken.waiting:
            raise BadInput(*batch.taken.waiting)
        after = _overlaid(before, the_round, stored)
        changed = [s for s, old in zip(after.subjects, before.subjects, strict=True) if s != old]
        touched = _later_rounds(the_round, {subject.id for subject in changed})
        names = [subject.name for subject in changed]
        if not changed or command.is_trial:
            transaction.set_rollback(True)
            return Corrected(None, names, touched, batch.taken, after)
        if command.seen and digest_of(after) != command.seen:
            raise Conflict(_changed_fault())
        act.detail.update(
            {
                "list": str(listing),
                "period": period.key,
                "revision": after.revision,
                "reason": reason,
                "asked_by": command.asked_by,
                "approved_by": command.approved_by,
            }
        )
        snapshot = keep_snapshot(act, the_round, after)
        the_round.revision = after.revision
        act.write(the_round)
    return Corrected(snapshot, names, touched, batch.taken, after)


def _changed_fault() -> Fault:
    return Fault(
        "content-changed",
        "更正的结果与申请时核对的不同，没有更正",
        "请重新上传更正表，看清结果后再申请",
    )


def _require_frozen(batch: Batch, content: Content) -> None:
    """A project that the snapshot does not hold cannot be corrected in it."""
    frozen = {subject.id for subject in content.subjects}
    strange = [
        row.place.fault(
            "not-in-snapshot", f"定版数据里没有“{row.name}”", "更正只能改已锁定时在清单上的项目"
        )
        for row, project_id in batch.matched
        if project_id not in frozen
    ]
    if strange:
        raise BadInput(*strange)


def _overlaid(content: Content, the_round: Round, stored: Stored) -> Content:
    """The frozen content with what the correction wrote, and nothing else that changed since."""
    after = replace(content, revision=the_round.revision + 1)
    after.subjects = [replace(subject) for subject in content.subjects]
    by_id = {subject.id: subject for subject in after.subjects}
    for figure in stored.figures:
        subject = by_id[figure.project_id]
        state = figure.report.state if figure.report else ""
        frozen = FrozenFigure(figure.as_of, figure.value or 0, mark_of(state))
        if figure.indicator.code == INVESTMENT:
            subject.investment = _with_figure(subject.investment, frozen)
        elif figure.indicator.code == INVESTMENT_TOTAL:
            subject.investment_total = _with_figure(subject.investment_total, frozen)
    for fact in stored.dates:
        subject = by_id[fact.project_id]
        if fact.milestone == Milestone.START:
            subject.actual_start = fact.on
        else:
            subject.actual_completion = fact.on
    for report in stored.reports:
        subject = by_id[report.project_id]
        subject.report_state = report.state
        subject.progress, subject.problem = report.progress_text, report.problem_text
        mark = mark_of(report.state)
        for name in ("investment", "investment_total"):
            marked = [
                one._replace(mark=mark) if one.as_of == content.as_of else one
                for one in getattr(subject, name)
            ]
            setattr(subject, name, marked)
    return after


def _with_figure(figures: list[FrozenFigure], new: FrozenFigure) -> list[FrozenFigure]:
    return sorted([*(one for one in figures if one.as_of != new.as_of), new])


def _later_rounds(the_round: Round, project_ids: set[int]) -> list[str]:
    """Other locked rounds whose snapshots hold a corrected figure: of the same day on another
    list, later this year, and next year.
    """
    later = Round.objects.filter(
        state=RoundState.CLOSED,
        period__last_on__gte=the_round.period.last_on,
        list__year__lte=the_round.list.year + 1,
    ).exclude(pk=the_round.pk)
    holding = {
        pk
        for some in batched(sorted(project_ids), 500)
        for pk in later.filter(list__entries__project_id__in=some).values_list("pk", flat=True)
    }
    named = later.filter(pk__in=holding).order_by("period__last_on", "list_id")
    return [str(r) for r in named.select_related("list", "period")]
