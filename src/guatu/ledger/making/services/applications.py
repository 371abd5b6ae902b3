"""Applications of units: kept, submitted, withdrawn, returned; which project one is (M-A10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from django.db import transaction

from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, Fault
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger import access as ledger_access
from guatu.ledger.making import access, queries, rules
from guatu.ledger.making.models import Application, ListCall
from guatu.ledger.making.services.calls import lock_call, require_not_issued
from guatu.ledger.making.types import ApplicationState, ApplicationWords, CallState


@dataclass(frozen=True, slots=True)
class SaveApplication:
    """What a unit writes; `application_id` and `version` name the one that is changed."""

    call_id: int
    organisation_id: int
    words: ApplicationWords
    application_id: int | None = None
    version: int = 0


def save_application(actor: Actor, command: SaveApplication) -> Application:
    """Keep a unit's application as a draft; what is missing may be missing still."""
    return _save(actor, command, submits=False)


def submit_application(actor: Actor, command: SaveApplication) -> Application:
    """Hand a unit's application in. Raises BadInput with everything that must be answered."""
    return _save(actor, command, submits=True)


@transaction.atomic
def _save(actor: Actor, command: SaveApplication, *, submits: bool) -> Application:
    one = _held(actor, command)
    words = command.words
    judge = rules.submit_faults if submits else rules.word_faults
    if faults := judge(words, year=one.call.year):
        raise BadInput(*faults)
    if words.project_id is not None and words.project_id != one.project_id:
        ledger_access.get_project(actor, words.project_id)
    for part in fields(words):
        setattr(one, part.name, getattr(words, part.name))
    one.by = actor.text
    if submits:
        one.state, one.state_reason, one.submitted_at = (
            ApplicationState.SUBMITTED, "", clock.now(),
        )  # fmt: skip
        one.is_confirmed_new = False
    with journal.act(
        actor, "list_application.submitted" if submits else "list_application.saved"
    ) as act:
        act.write(one)
    return one


def _held(actor: Actor, command: SaveApplication) -> Application:
    """The application to be written, a new one where none is named."""
    if command.application_id is None:
        call = lock_call(access.get_call(actor, command.call_id))
        access.require_unit(actor, command.organisation_id)
        require_open(call)
        return Application(call=call, organisation_id=command.organisation_id)
    one = access.get_application(actor, command.application_id)
    access.require_unit(actor, one.organisation_id)
    journal.require_version(one, command.version)
    one.call = lock_call(one.call)
    require_not_issued(one.call)
    if one.state not in rules.EDITABLE:
        label = ApplicationState(one.state).label
        raise Conflict(
            Fault("not-editable", f"“{one.name}”{label}，不能再改", "请项目办退回后再改")
        )
    if one.state != ApplicationState.RETURNED:
        require_open(one.call)
    return one


def require_open(call: ListCall) -> None:
    """Raise Conflict while a call takes no applications."""
    require_not_issued(call)
    today = clock.today()
    if call.state != CallState.OPEN or today > call.closes_on:
        what = f"{call}已于{call.closes_on.isoformat()}截止申报"
        raise Conflict(Fault("call-closed", what, "请与项目办联系"))
    if today < call.opens_on:
        raise Conflict(Fault("call-not-open", f"{call}自{call.opens_on.isoformat()}起申报"))


def withdraw_application(
    actor: Actor, application_id: int, *, reason: str, version: int
) -> Application:
    """Take a unit's own application back; one that is decided on is the office's to release."""
    one = access.get_application(actor, application_id)
    access.require_unit(actor, one.organisation_id)
    journal.require_version(one, version)
    require_not_issued(one.call)
    if one.state == ApplicationState.WITHDRAWN:
        raise BadInput(Fault("withdrawn-already", "已经撤回", "不必再办"))
    if one.decision:
        what = f"“{one.name}”已审定为{one.get_decision_display()}"
        raise Conflict(Fault("decided-already", what, "请先由项目办改为未定"))
    one.state, one.state_reason = ApplicationState.WITHDRAWN, reason.strip()
    with journal.act(actor, "list_application.withdrawn") as act:
        act.write(one)
    return one


@transaction.atomic
def return_applications(
    actor: Actor, call_id: int, picked: Mapping[int, int], *, reason: str
) -> list[Application]:
    """Give submitted applications back with the reason, all or none; `picked`: version by id."""
    call, rows = picked_of(actor, call_id, picked)
    faults = [
        Fault("not-submitted", f"“{one.name}”{one.get_state_display()}", "只能退回已申报的项目")
        for one in rows
        if one.state != ApplicationState.SUBMITTED
    ]
    if not reason.strip():
        faults.append(Fault("no-reason", "没有写退回的原因", "请写要补什么"))
    if faults:
        raise BadInput(*faults)
    with journal.act(actor, "list_applications.returned", detail={"list": str(call)}) as act:
        for one in rows:
            one.state, one.state_reason = ApplicationState.RETURNED, reason.strip()
            one.decision = one.decision_reason = one.decided_by = ""
            one.decided_at = None
            act.write(one)
    return rows


def picked_of(
    actor: Actor, call_id: int, picked: Mapping[int, int]
) -> tuple[ListCall, list[Application]]:
    """Some applications of a call for an act of the office, as they were seen; else it raises."""
    call = access.get_call(actor, call_id)
    access.require_office(actor)
    call = lock_call(call)
    require_not_issued(call)
    if not picked:
        raise BadInput(Fault("nobody-picked", "没有选项目", "请先在表里勾选"))
    rows = {one.pk: one for one in queries.applications_of(call.pk)}
    for pk, version in picked.items():
        if pk not in rows:
            raise BadInput(Fault("unknown-application", "所选的申报已撤回或不在这里", "请重新选"))
        journal.require_version(rows[pk], version)
    return call, [rows[pk] for pk in picked]


def settle_identity(
    actor: Actor, application_id: int, *, project_id: int | None, version: int
) -> Application:
    """Say which project of the ledger an application is, or (None) that it is a new one (M-A8)."""
    one = access.get_application(actor, application_id)
    access.require_office(actor)
    journal.require_version(one, version)
    require_not_issued(one.call)
    if project_id is not None:
        ledger_access.get_project(actor, project_id)
    one.project_id, one.is_confirmed_new = project_id, project_id is None
    with journal.act(actor, "list_application.identified") as act:
        act.write(one)
    return one
