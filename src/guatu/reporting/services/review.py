"""Reviewing what units sent in: accept, return, ask about, take an acceptance back (M-C1).

Who reviews and in how many levels says `review.rules`. A reviewer who disagrees asks the unit in
his own words, or returns the report; there is never a second row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import F

from guatu.core.errors import BadInput, Conflict, Fault, NotAllowed
from guatu.engines.chain import canonical, sm3
from guatu.journal import services as journal
from guatu.journal.services import Act
from guatu.journal.types import Actor
from guatu.organisation.access import is_same_person
from guatu.organisation.models import User
from guatu.reporting.asking.models import FigureQuestion
from guatu.reporting.intake.rows import LONGEST_REASON
from guatu.reporting.models import IntakeQuestion, Report
from guatu.reporting.review.access import Reviewed, reports_to_review
from guatu.reporting.review.models import ReviewNote
from guatu.reporting.review.queries import levels_in_force
from guatu.reporting.review.rules import (
    CHANGED,
    OFFICE_LEVEL,
    SKIPS,
    UNIT_LEVEL,
    Before,
    after,
    standing_fault,
)
from guatu.reporting.services.rounds import lock_rounds_holding, require_open
from guatu.reporting.types import (
    FigureQuestionKind,
    FigureQuestionState,
    QuestionState,
    ReportSource,
    ReportState,
    Verdict,
)

MOST_AT_ONCE = 500


def accept_reports(actor: Actor, chosen: Mapping[int, int], *, reason: str = "") -> list[Report]:
    """Accept what units sent in (审核通过), all of the batch or none: what the unit explained or
    the reviewer asked is settled by it. `chosen` are reports by id with the version that was shown.

    With two levels the reviewing unit's acceptance is the first, the office's makes it 已审核; the
    office may go first with a reason. Raises NotFound for what is not the actor's to review,
    Conflict where one has changed since or is not waiting for him, BadInput without that reason,
    RoundClosed, NotAllowed for what one's own account sent in.
    """
    with journal.act(actor, "reports.accepted") as act:
        return _decide(act, chosen, reason, Verdict.ACCEPTED)


def return_reports(actor: Actor, chosen: Mapping[int, int], *, reason: str) -> list[Report]:
    """Return reports to their units with what is asked (退回修改); also accepted ones, until the
    round is locked. What is returned does not count until it is sent again, and then the levels
    begin again. Raises as above, and BadInput without a reason."""
    with journal.act(actor, "reports.returned") as act:
        return _decide(act, chosen, reason, Verdict.RETURNED)


def reopen_reports(actor: Actor, chosen: Mapping[int, int], *, reason: str) -> list[Report]:
    """Take an acceptance back (撤回通过) before the round is locked: the report waits for review
    again, with its question where it had one. Raises as above."""
    with journal.act(actor, "reports.reopened") as act:
        return _decide(act, chosen, reason, Verdict.REOPENED)


def question_reports(actor: Actor, chosen: Mapping[int, int], *, reason: str) -> list[Report]:
    """Ask the units of reports in one's own words (提出疑问): each answers once on its page, and
    until then the report is 待核实 and counts with that mark. Raises as above."""
    with journal.act(actor, "reports.questioned") as act:
        return _decide(act, chosen, reason, Verdict.QUESTIONED)


def _decide(act: Act, chosen: Mapping[int, int], reason: str, verdict: Verdict) -> list[Report]:
    reason = " ".join(reason.split())
    _check(chosen, reason, needs_reason=verdict is not Verdict.ACCEPTED)
    levels = levels_in_force()
    found = reports_to_review(act.actor, chosen, levels)
    mine = {one.round_id for one in found}
    days = {one.report.period.last_on for one in found}
    locked = lock_rounds_holding([one.report.project_id for one in found], *days, also=mine)
    require_open(one for one in locked if one.pk in mine)
    # Read again under the lock: the first reading said which rounds to lock.
    found = reports_to_review(act.actor, chosen, levels)
    asked = _Asked.about([one.report for one in found])
    before = {one.report.pk: asked.before(one) for one in found}
    _require_standing(found, chosen, before, (verdict, levels, reason))
    _require_another_person(act.actor, [one.report for one in found])
    for one in found:
        then = after(verdict, before[one.report.pk], levels, is_office=one.is_office)
        one.report.state, one.report.review_level = then.state, then.level
        act.write(one.report)
    act.add_all(_notes(act, found, verdict, reason))
    if verdict is Verdict.QUESTIONED:
        act.add_all([_question(act, one, reason) for one in found])
    elif verdict is not Verdict.REOPENED:
        asked.settle(act, [one.report for one in found])
    return [one.report for one in found]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is open about some reports, by project and period, and which passed the first level."""

    by_hand: Mapping[tuple[int, int], list[FigureQuestion]]
    by_book: frozenset[tuple[int, int]]
    by_intake: Mapping[tuple[int, int], list[IntakeQuestion]]
    passed: frozenset[int]

    @classmethod
    def about(cls, reports: list[Report]) -> _Asked:
        """Three statements."""
        here = {
            "project__in": {one.project_id for one in reports},
            "period__in": {one.period_id for one in reports},
        }
        by_hand, by_book = defaultdict(list), set()
        for row in FigureQuestion.objects.filter(state=FigureQuestionState.OPEN, **here):
            if row.kind == FigureQuestionKind.REVIEWER:
                by_hand[row.project_id or 0, row.period_id].append(row)
            else:
                by_book.add((row.project_id or 0, row.period_id))
        by_intake = defaultdict(list)
        for one in IntakeQuestion.objects.filter(
            state=QuestionState.OPEN, is_waiting=False, **here
        ):
            by_intake[one.project_id or 0, one.period_id].append(one)
        notes = ReviewNote.objects.filter(report__in=reports, at__gte=F("report__at"))
        last: dict[int, str] = {}
        for note in notes.filter(level=UNIT_LEVEL).order_by("pk"):
            last[note.report_id] = note.verdict
        passed = {pk for pk, verdict in last.items() if verdict == Verdict.ACCEPTED}
        return cls(by_hand, frozenset(by_book), by_intake, frozenset(passed))

    def before(self, one: Reviewed) -> Before:
        """The report as the rules need it."""
        report = one.report
        key = (report.project_id, report.period_id)
        return Before(
            state=report.state,
            level=report.review_level,
            has_unit=one.unit is not None,
            is_asked=bool(report.asked) or key in self.by_book or key in self.by_intake,
            unit_passed=report.pk in self.passed,
        )

    def settle(self, act: Act, reports: list[Report]) -> None:
        """Close what a verdict has decided: what reviewers asked; and once a report is accepted,
        what was asked about its row when it was taken in."""
        for report in reports:
            key = (report.project_id, report.period_id)
            for question in self.by_hand.get(key, ()):
                question.state = FigureQuestionState.WITHDRAWN
                act.write(question)
            if report.state == ReportState.ACCEPTED:
                for asked in self.by_intake.get(key, ()):
                    asked.state = QuestionState.ANSWERED
                    act.write(asked)


def _question(act: Act, one: Reviewed, text: str) -> FigureQuestion:
    """A reviewer's question to the unit that reports; the same words about a newer state of the
    report are a new one."""
    report = one.report
    facts = {"report": report.pk, "version": report.version, "text": text}
    return FigureQuestion(
        project_id=report.project_id,
        organisation_id=one.reporting_unit,
        period_id=report.period_id,
        kind=FigureQuestionKind.REVIEWER,
        clause="",
        book_version=0,
        text=text,
        facts=canonical({"提出人": act.actor.text}),
        facts_key=sm3(canonical(facts).encode()),
        raised_at=act.at,
    )


def _check(chosen: Mapping[int, int], reason: str, *, needs_reason: bool) -> None:
    if not chosen:
        raise BadInput(Fault("nothing-chosen", "没有选月报", "请勾选要审核的月报"))
    if len(chosen) > MOST_AT_ONCE:
        raise BadInput(Fault("too-many", f"一次最多审核{MOST_AT_ONCE}个", "请分批办理"))
    if needs_reason and not reason:
        raise BadInput(Fault("no-reason", "没有写理由或疑问", "请写明要单位核实或修改什么"))
    if len(reason) > LONGEST_REASON:
        raise BadInput(Fault("reason-too-long", f"理由超过{LONGEST_REASON}字", "请写短一些"))


def _require_standing(
    found: list[Reviewed],
    chosen: Mapping[int, int],
    before: Mapping[int, Before],
    asked: tuple[Verdict, int, str],
) -> None:
    verdict, levels, reason = asked
    for one in found:
        report = one.report
        fault = standing_fault(
            verdict, before[report.pk], levels, is_office=one.is_office, reason=reason
        )
        if report.version != chosen[report.pk]:
            fault = CHANGED
        if fault is None:
            continue
        raised = BadInput if fault.code == SKIPS else Conflict
        now = f"（现为{report.get_state_display()}）" if fault is CHANGED else ""
        raise raised(Fault(fault.code, f"“{report.project}”{fault.what}{now}", fault.remedy))


def _require_another_person(actor: Actor, reports: list[Report]) -> None:
    """What an account sent in, nobody reviews with it, nor with another account of his."""
    logins = {one.by for one in reports if one.source == ReportSource.UNIT}
    senders = User.objects.filter(login__in=logins).values_list("pk", flat=True)
    if actor.user_id is None or not any(is_same_person(pk, actor.user_id) for pk in senders):
        return
    raise NotAllowed(Fault("own-report", "不能审核自己报送的月报", "请由另一名审核人员办理"))


def _notes(act: Act, found: list[Reviewed], verdict: Verdict, reason: str) -> list[ReviewNote]:
    return [
        ReviewNote(
            report=one.report,
            verdict=verdict,
            level=OFFICE_LEVEL if one.is_office else UNIT_LEVEL,
            organisation_id=one.as_unit,
            reason=reason,
            by=act.actor.text,
            at=act.at,
        )
        for one in found
    ]
