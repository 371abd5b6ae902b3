"""The context of the pages of one round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.urls import NoReverseMatch, reverse

from guatu.assessment import details, queries
from guatu.assessment.access import RoundViewer
from guatu.assessment.comparing import Difference
from guatu.assessment.content import digest_of
from guatu.assessment.falls import Fall, Silence, fall_of, silence_of
from guatu.assessment.freezing import content_of
from guatu.assessment.judging import Assessed
from guatu.assessment.models import Result, RoundRequest, Run, Snapshot
from guatu.assessment.round_page.figures import (
    Light,
    RoundFigures,
    figures_of,
    light_changes,
    narrowed,
    total_changes,
)
from guatu.assessment.services.assess import assess_unkept, live_judge
from guatu.assessment.services.close import earlier_open
from guatu.assessment.sifting import WORST_FIRST
from guatu.assessment.types import Content, RequestEnd, RequestKind
from guatu.core.errors import BadInput, Fault, GuatuError, NotFound
from guatu.core.periods import title_of
from guatu.journal.queries import details_of
from guatu.organisation.access import is_same_person, is_small_office
from guatu.organisation.types import Right
from guatu.reporting.queries import standings, unconfirmed
from guatu.reporting.types import RoundState

LONGEST_COMPARISON = 500
"""Rows of one comparison on a page."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that waits for its second person."""

    by: str
    at: datetime
    until: datetime
    is_mine: bool
    digest: str
    reason: str = ""
    workbook: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """A request that was returned or withdrawn, until there is another."""

    asked_by: str
    by: str
    at: datetime
    is_returned: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Revision:
    """One row of the list of revisions."""

    number: int
    digest: str
    at: datetime
    who: str
    reason: str
    seq: int


def head(viewer: RoundViewer) -> dict[str, Any]:
    """What every page of a round shows in its head."""
    the_round = viewer.round
    return {
        "round": the_round,
        "title": title_of(the_round.period.parsed),
        "is_open": the_round.state == RoundState.OPEN,
        "may_close": Right.CLOSE_ROUND in viewer.rights,
        "may_correct": Right.CORRECT_ROUND in viewer.rights,
        "is_whole": viewer.sees_everything,
    }


def page(viewer: RoundViewer) -> dict[str, Any]:
    """The round page: how an open round stands, without what takes long (see `preview`); the
    frozen figures and revisions of a locked one."""
    context = head(viewer)
    if context["is_open"]:
        return {**context, **_standing(viewer)}
    return {**context, **_closed(viewer)}


def preview(viewer: RoundViewer) -> dict[str, Any]:
    """The open round's page with what would be frozen now, its lights, and the lock.

    Everything is read and judged as at closing: its queries are those of a closing, however many
    projects there are."""
    return {**head(viewer), **_standing(viewer), **_preview(viewer)}


def _standing(viewer: RoundViewer) -> dict[str, Any]:
    the_round, seen = viewer.round, viewer.project_ids
    return {
        "standing": standings([the_round], seen)[the_round.pk],
        "unconfirmed": unconfirmed(the_round, seen).count(),
    }


def _preview(viewer: RoundViewer) -> dict[str, Any]:
    the_round = viewer.round
    content = content_of(the_round, 1)
    context: dict[str, Any] = {
        "digest": digest_of(content),
        "earlier": earlier_open(the_round),
        "is_small": is_small_office(),
    }
    try:
        assessed = assess_unkept(narrowed(content, viewer.project_ids), the_round.list_id)
        behind = reverse("round-rows", args=[the_round.pk])
        context |= {"figures": figures_of(assessed), "behind": behind, **_falls(viewer, assessed)}
    except GuatuError as error:
        context["faults"] = error.faults
    context |= _request(viewer, RequestKind.CLOSE)
    asked = context.get("waiting")
    if asked is not None and asked.content_sm3 != context["digest"]:
        context["changes"] = queries.told_differences(queries.request_content(asked), content)
    return context


def _request(viewer: RoundViewer, kind: RequestKind) -> dict[str, Any]:
    """The newest request for the round: as it waits, or how it ended."""
    found = queries.newest_request(viewer.round, kind) if viewer.sees_everything else None
    if found is None:
        return {}
    end = queries.end_of(found)
    if end is None:
        return {"waiting": found, "asked": _asked(found, viewer)}
    is_returned = end.how == RequestEnd.RETURNED
    return {"ended": Ended(found.by, end.by, end.at, is_returned, end.reason)}


def _falls(viewer: RoundViewer, assessed: Assessed) -> dict[str, Fall | Silence | None]:
    """What locking now would leave out of the sum, and why there would be less than before."""
    run = queries.run_before(viewer.round)
    if run is None:
        return {}
    seen = viewer.project_ids
    told = queries.completed_of(run)[0]
    before = {pk: yuan for pk, yuan in told.items() if seen is None or pk in seen}
    now = {one.subject.id: one.completed_yuan for one in assessed.measured if one.is_in_scope}
    return {"fall": fall_of(before, now), "silence": silence_of(before, now)}


def _asked(asked: RoundRequest, viewer: RoundViewer) -> Asked:
    return Asked(
        asked.by,
        asked.at,
        asked.at + queries.REQUEST_HOLDS,
        is_same_person(asked.by_user_id, viewer.user.pk),
        asked.content_sm3,
        asked.reason,
        asked.workbook_name,
    )


def _closed(viewer: RoundViewer) -> dict[str, Any]:
    the_round = viewer.round
    snapshots = queries.revisions(the_round)
    context: dict[str, Any] = {"revisions": revision_rows(snapshots)}
    run = queries.run_of_record(the_round.list_id, the_round.pk)
    try:
        context["figures"] = _frozen_figures(viewer, snapshots[0], run)
        if run is not None and run.snapshot_id == snapshots[0].pk:
            context["behind"] = _locked_rows(the_round.pk)
    except GuatuError as error:
        context["faults"] = error.faults
    return context | _request(viewer, RequestKind.CORRECT)


def _locked_rows(round_id: int) -> str:
    """Where the rows of a locked round stand: a page of a room above; empty where there is none."""
    try:
        return reverse("results-rows", args=[round_id])
    except NoReverseMatch:
        return ""


def _frozen_figures(viewer: RoundViewer, newest: Snapshot, run: Run | None) -> RoundFigures:
    """The stored figures; judged again over his own projects for who does not see them all."""
    if run is None or run.snapshot_id != newest.pk or not viewer.sees_everything:
        content = queries.snapshot_content(newest)
        seen = narrowed(content, viewer.project_ids)
        return figures_of(assess_unkept(seen, viewer.round.list_id))
    results = Result.objects.filter(run=run)
    total = details.figures_of(results.get(subject_kind="total"))
    counted = results.filter(subject_kind="project").values_list("verdict", "label")
    found = {verdict: (label, n) for verdict, label, n in counted.annotate(n=Count("pk"))}
    lights = tuple(
        Light(one.value, found[one.value][0], found[one.value][1])
        for one in WORST_FIRST
        if one.value in found
    )
    return RoundFigures(total, lights)


def revision_rows(snapshots: list[Snapshot]) -> list[Revision]:
    """The revisions with who made them and why, from the journal."""
    told = details_of(one.journal_seq for one in snapshots)
    rows = []
    for one in snapshots:
        act = told.get(one.journal_seq, {})
        names = [str(act.get(key, "")) for key in ("asked_by", "approved_by")]
        who = "；".join(name for name in names if name) or str(act.get("actor", ""))
        reason = str(act.get("reason", ""))
        rows.append(Revision(one.revision, one.content_sm3, one.at, who, reason, one.journal_seq))
    return rows


def correction(viewer: RoundViewer) -> dict[str, Any]:
    """The page of corrections: the form, and a request that waits with what it would change."""
    if viewer.round.state == RoundState.OPEN:
        what = f"{viewer.round}还没有锁定"
        raise BadInput(Fault("not-closed", what, "请在收表台直接重收，锁定后才用更正"))
    context = {**head(viewer), "is_small": is_small_office()}
    context |= _request(viewer, RequestKind.CORRECT)
    asked = context.get("waiting")
    if asked is not None:
        before = queries.snapshot_content(queries.newest_snapshot(viewer.round))
        context |= comparison_of(viewer, before, queries.request_content(asked))
    return context


def comparison(viewer: RoundViewer, old: str, new: str) -> dict[str, Any]:
    """Two revisions side by side; by default the newest and the one before."""
    snapshots = queries.revisions(viewer.round)
    if not snapshots:
        raise NotFound(Fault("round-open", "本期还没有锁定，没有定版数据", "锁定后才有版本可比"))
    rows = revision_rows(snapshots)
    context = {**head(viewer), "revisions": rows}
    if len(snapshots) < 2:
        return context
    by_number = {str(one.revision): one for one in snapshots}
    after = by_number.get(new, snapshots[0])
    before = by_number.get(old) or by_number.get(str(after.revision - 1)) or snapshots[-1]
    context |= {"old": before.revision, "new": after.revision}
    return context | comparison_of(
        viewer, queries.snapshot_content(before), queries.snapshot_content(after)
    )


def comparison_of(viewer: RoundViewer, before: Content, after: Content) -> dict[str, Any]:
    """What two contents differ in, of the projects that the viewer sees."""
    seen = viewer.project_ids
    before, after = narrowed(before, seen), narrowed(after, seen)
    found = queries.told_differences(before, after)
    context: dict[str, Any] = {
        "changes": found[:LONGEST_COMPARISON],
        "more_changes": max(0, len(found) - LONGEST_COMPARISON),
        "changed_projects": _count(found),
    }
    try:
        judge = live_judge(viewer.round.list_id)
        old, new = judge(before), judge(after)
    except GuatuError as error:
        return {**context, "faults": error.faults}
    return {
        **context,
        "totals": total_changes(figures_of(old), figures_of(new)),
        "lights": light_changes(old, new)[:LONGEST_COMPARISON],
    }


def _count(found: list[Difference]) -> int:
    return len({one.project_id for one in found})
