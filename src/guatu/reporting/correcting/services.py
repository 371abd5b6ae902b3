"""Asking for a correction of a locked round, answering it, taking it back (architecture §6)."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Q

from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, Fault, NotAllowed, NotFound
from guatu.core.ids import is_id
from guatu.journal import services as journal
from guatu.journal.services import require_version
from guatu.journal.types import Actor
from guatu.organisation import access as organisation
from guatu.organisation.access import current_assignments
from guatu.organisation.types import Right
from guatu.reporting.correcting.access import ASKERS, entries_to_ask_about, units_of
from guatu.reporting.correcting.models import CorrectionRequest
from guatu.reporting.correcting.types import AskCorrection, RequestState
from guatu.reporting.due.scope import expected_by
from guatu.reporting.models import Round
from guatu.reporting.types import RoundState

LONGEST_TEXT, LONGEST_ANSWER = 500, 300


def ask_for_correction(actor: Actor, command: AskCorrection) -> CorrectionRequest:
    """Ask the office to correct a project's figures of a locked round (申请更正).

    By whoever reports or reviews the project for a unit. Raises NotFound for a project that is
    not his, BadInput without words or for an open round, where the unit sends its report again,
    Conflict where a request of the project and round waits already.
    """
    the_round, unit = _asked_about(actor, command)
    text, right = command.text.strip(), command.right_figures.strip()
    faults = []
    if the_round.state != RoundState.CLOSED:
        what = f"{the_round.period}还没有锁定"
        faults.append(Fault("still-open", what, "请在“填报”里改正后重新报送，不用申请更正"))
    if not 0 < len(text) <= LONGEST_TEXT:
        remedy = f"请写明哪个数、错在哪里、什么原因，{LONGEST_TEXT}字以内"
        faults.append(Fault("no-text", "没有写明错在哪里" if not text else "写得太长", remedy))
    if not 0 < len(right) <= LONGEST_ANSWER:
        remedy = f"如：本年累计应为1200万元，{LONGEST_ANSWER}字以内"
        faults.append(Fault("no-figures", "没有写正确的数" if not right else "写得太长", remedy))
    if faults:
        raise BadInput(*faults)
    try:
        with transaction.atomic(), journal.act(actor, "correction.asked") as act:
            row = CorrectionRequest(
                round=the_round,
                project_id=command.project_id,
                organisation_id=unit,
                text=text,
                right_figures=right,
                by=actor.text,
                by_user_id=actor.user_id,
                at=act.at,
            )
            act.write(row)
    except IntegrityError as error:
        what = "本项目这一期已有一条更正申请待答复"
        raise Conflict(Fault("asked-already", what, "请等项目办答复，或先撤回那一条")) from error
    return row


def _asked_about(actor: Actor, command: AskCorrection) -> tuple[Round, int]:
    """The round, and the unit that the actor asks for."""
    nothing = NotFound(Fault("unknown-project", "没有这个您报送或审核的项目", "请从列表里选"))
    if not (is_id(command.round_id) and is_id(command.project_id)) or actor.user_id is None:
        raise nothing
    organisation.require_any(actor, *ASKERS)
    the_round = Round.objects.select_related("list", "period").filter(pk=command.round_id).first()
    if the_round is None:
        raise nothing
    here = Q(project_id=command.project_id) & expected_by(the_round.pk)
    held = current_assignments(actor.user_id, clock.today())
    found = entries_to_ask_about(held, [the_round], here)
    if not found:
        raise nothing
    return the_round, next(iter(found.values()))


def answer_request(
    actor: Actor, row: CorrectionRequest, version: int, *, is_taken: bool, answer: str
) -> CorrectionRequest:
    """Take a request up or refuse it with a reason; who takes it up makes the correction on the
    round's page. Raises BadInput without a reason, Conflict where somebody was faster."""
    organisation.require(actor, Right.CORRECT_ROUND)
    require_version(row, version, "这条申请")
    _require_open(row)
    answer = answer.strip()
    if len(answer) > LONGEST_ANSWER or not (answer or is_taken):
        remedy = f"请写明为什么不予更正，{LONGEST_ANSWER}字以内"
        raise BadInput(Fault("no-answer", "没有写理由" if not answer else "写得太长", remedy))
    with journal.act(actor, "correction.answered") as act:
        row.state = RequestState.TAKEN if is_taken else RequestState.REFUSED
        row.revision = Round.objects.values_list("revision", flat=True).get(pk=row.round_id)
        row.answer, row.answered_by, row.answered_at = answer, actor.text, act.at
        act.write(row)
    return row


def withdraw_request(actor: Actor, row: CorrectionRequest, version: int) -> CorrectionRequest:
    """Take a request back that nobody has answered, by somebody of the unit that asked. Raises
    NotAllowed for others, Conflict where it is answered."""
    organisation.require_any(actor, *ASKERS)
    held = current_assignments(actor.user_id or 0, clock.today())
    if row.organisation_id not in units_of(held):
        raise NotAllowed(Fault("not-own-request", "只有申请的单位能撤回", "不同意的请写明理由答复"))
    require_version(row, version, "这条申请")
    _require_open(row)
    with journal.act(actor, "correction.withdrawn") as act:
        row.state = RequestState.WITHDRAWN
        act.write(row)
    return row


def _require_open(row: CorrectionRequest) -> None:
    if row.state != RequestState.OPEN:
        told = RequestState(row.state).label
        raise Conflict(Fault("answered-already", f"这条申请{told}", "请刷新看现在的情况"))
