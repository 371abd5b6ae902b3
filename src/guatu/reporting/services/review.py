"""Reviewing what units sent in: accept, return with a reason, take an acceptance back (M-C1).

One organisation reviews a project (office.md 8): the one named for it, else the project office,
which may look at everything. A reviewer who disagrees returns the report with a question; there is
never a second row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guatu.core.errors import BadInput, Conflict, Fault, NotAllowed
from guatu.journal import services as journal
from guatu.journal.services import Act
from guatu.journal.types import Actor
from guatu.organisation.access import is_same_person
from guatu.organisation.models import User
from guatu.reporting.access import Reviewed, reports_to_review
from guatu.reporting.intake.rows import LONGEST_REASON
from guatu.reporting.models import Report, ReviewNote
from guatu.reporting.rules import RETURNABLE, REVIEWABLE
from guatu.reporting.services.rounds import lock_rounds_holding, require_open
from guatu.reporting.types import ReportState, Verdict

MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class _Step:
    """What a verdict needs and leads to."""

    verdict: Verdict
    from_states: tuple[str, ...]
    needs_reason: bool


_ACCEPT = _Step(Verdict.ACCEPTED, tuple(REVIEWABLE), False)
_RETURN = _Step(Verdict.RETURNED, tuple(RETURNABLE), True)
_REOPEN = _Step(Verdict.REOPENED, (ReportState.ACCEPTED,), True)


def accept_reports(actor: Actor, chosen: Mapping[int, int], *, reason: str = "") -> list[Report]:
    """Accept what units sent in (审核通过), all of the batch or none: a question that the unit
    explained is settled by it. `chosen` are reports by id with the version that was shown.

    Raises NotFound for what is not the actor's to review, Conflict where one has changed since or
    is not waiting, RoundClosed, NotAllowed for what one's own account sent in.
    """
    with journal.act(actor, "reports.accepted") as act:
        return _decide(act, chosen, reason, _ACCEPT)


def return_reports(actor: Actor, chosen: Mapping[int, int], *, reason: str) -> list[Report]:
    """Return reports to their units with what is asked (退回修改); also accepted ones, until the
    round is locked. What is returned does not count until it is sent again. Raises as above, and
    BadInput without a reason."""
    with journal.act(actor, "reports.returned") as act:
        return _decide(act, chosen, reason, _RETURN)


def reopen_reports(actor: Actor, chosen: Mapping[int, int], *, reason: str) -> list[Report]:
    """Take an acceptance back (撤回通过) before the round is locked: the report waits for review
    again, with its question where it had one. Raises as above."""
    with journal.act(actor, "reports.reopened") as act:
        return _decide(act, chosen, reason, _REOPEN)


def _decide(act: Act, chosen: Mapping[int, int], reason: str, step: _Step) -> list[Report]:
    reason = " ".join(reason.split())
    _check(chosen, reason, step)
    found = reports_to_review(act.actor, chosen)
    mine = {one.round_id for one in found}
    days = {one.report.period.last_on for one in found}
    locked = lock_rounds_holding([one.report.project_id for one in found], *days, also=mine)
    require_open(one for one in locked if one.pk in mine)
    # Read again under the lock: the first reading said which rounds to lock.
    found = reports_to_review(act.actor, chosen)
    _require_standing(found, chosen, step)
    _require_another_person(act.actor, [one.report for one in found])
    for one in found:
        one.report.state = _state_after(one.report, step.verdict)
        act.write(one.report)
    act.add_all(_notes(act, found, step.verdict, reason))
    return [one.report for one in found]


def _check(chosen: Mapping[int, int], reason: str, step: _Step) -> None:
    if not chosen:
        raise BadInput(Fault("nothing-chosen", "没有选月报", "请勾选要审核的月报"))
    if len(chosen) > MOST_AT_ONCE:
        raise BadInput(Fault("too-many", f"一次最多审核{MOST_AT_ONCE}个", "请分批办理"))
    if step.needs_reason and not reason:
        raise BadInput(Fault("no-reason", "没有写理由", "请写明要单位核实或修改什么"))
    if len(reason) > LONGEST_REASON:
        raise BadInput(Fault("reason-too-long", f"理由超过{LONGEST_REASON}字", "请写短一些"))


def _state_after(report: Report, verdict: Verdict) -> ReportState:
    if verdict is Verdict.ACCEPTED:
        return ReportState.ACCEPTED
    if verdict is Verdict.RETURNED:
        return ReportState.RETURNED
    return ReportState.QUESTIONED if report.asked else ReportState.SUBMITTED


def _require_standing(found: list[Reviewed], chosen: Mapping[int, int], step: _Step) -> None:
    for one in found:
        report = one.report
        if report.version != chosen[report.pk] or report.state not in step.from_states:
            raise Conflict(
                Fault(
                    "changed-meanwhile",
                    f"“{report.project}”刚被重报或别人审核过（现为{report.get_state_display()}）",
                    "请核对后再办；这一批都没有保存",
                )
            )


def _require_another_person(actor: Actor, reports: list[Report]) -> None:
    """What an account sent in, nobody reviews with it, nor with another account of his."""
    logins = {one.by for one in reports}
    senders = User.objects.filter(login__in=logins).values_list("pk", flat=True)
    if actor.user_id is None or not any(is_same_person(pk, actor.user_id) for pk in senders):
        return
    raise NotAllowed(Fault("own-report", "不能审核自己报送的月报", "请由另一名审核人员办理"))


def _notes(act: Act, found: list[Reviewed], verdict: Verdict, reason: str) -> list[ReviewNote]:
    return [
        ReviewNote(
            report=one.report,
            verdict=verdict,
            organisation_id=one.reviewing_unit,
            reason=reason,
            by=act.actor.text,
            at=act.at,
        )
        for one in found
    ]
