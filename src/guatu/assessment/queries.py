"""Reads of the assessment room: snapshots and their content."""

from __future__ import annotations

from datetime import timedelta

from guatu.assessment.content import thaw
from guatu.assessment.models import RoundRequest, Run, Snapshot
from guatu.assessment.types import Content, RequestKind
from guatu.core import clock
from guatu.core.errors import BadInput, Fault, NotFound
from guatu.files.services import read_blob
from guatu.reporting.models import Round

REQUEST_HOLDS = timedelta(hours=24)
"""A second person confirms within this time, or the request lapses."""


def newest_snapshot(the_round: Round) -> Snapshot:
    """The newest revision of a locked round, or NotFound while it is open."""
    found = (
        Snapshot.objects.filter(round=the_round)
        .select_related("blob")
        .order_by("-revision")
        .first()
    )
    if found is None:
        raise NotFound(
            Fault(
                "round-open",
                f"{the_round.list}{the_round.period.key}还没有锁定，没有定版数据",
                "请先用guatu close锁定本期",
            )
        )
    return found


def snapshot_of(the_round: Round, revision: int | None) -> Snapshot:
    """A given revision of a round, or the newest one."""
    newest = newest_snapshot(the_round)
    if revision is None or revision == newest.revision:
        return newest
    found = Snapshot.objects.filter(round=the_round, revision=revision).first()
    if found is None:
        raise NotFound(
            Fault(
                "unknown-revision",
                f"{the_round.period.key}没有第{revision}版",
                f"现有第1到第{newest.revision}版",
            )
        )
    return found


def snapshot_content(snapshot: Snapshot) -> Content:
    """The frozen content, checked against its digest. BadInput where the store was changed."""
    return _thawed(snapshot.blob.sm3, snapshot.content_sm3, snapshot)


def _thawed(address: str, digest: str, named: Snapshot | RoundRequest) -> Content:
    try:
        return thaw(read_blob(address), f"sm3:{digest}")
    except (OSError, ValueError) as error:
        raise BadInput(
            Fault(
                "snapshot-damaged",
                f"{named}的定版数据缺失或被改动",
                "请从备份恢复blobs目录，并运行guatu verify",
            )
        ) from error


def run_of_record(list_id: int, round_id: int | None = None) -> Run | None:
    """The run that pages show: of a round, or of a list's newest locked round; in one query."""
    runs = Run.objects.filter(is_of_record=True, snapshot__round__list_id=list_id)
    if round_id is not None:
        runs = runs.filter(snapshot__round_id=round_id)
    return (
        runs.select_related("snapshot__round__period", "snapshot__round__list", "rulebook_version")
        .order_by("-snapshot__round__period__last_on", "-snapshot__revision", "-at")
        .first()
    )


def request_in_force(the_round: Round, kind: RequestKind) -> RoundRequest | None:
    """The newest request for a round as it stands, unless it has lapsed; in one query."""
    return (
        RoundRequest.objects.filter(
            round=the_round,
            kind=kind,
            base_revision=the_round.revision,
            at__gt=clock.now() - REQUEST_HOLDS,
        )
        .select_related("content", "workbook")
        .order_by("-pk")
        .first()
    )


def request_content(asked: RoundRequest) -> Content:
    """What somebody asked to have frozen. BadInput where the store was changed."""
    return _thawed(asked.content.sm3, asked.content_sm3, asked)


def revisions(the_round: Round) -> list[Snapshot]:
    """All revisions of a round, the newest first."""
    rows = Snapshot.objects.filter(round=the_round).select_related("blob")
    return list(rows.order_by("-revision"))
