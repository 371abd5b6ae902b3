"""Calls for a year's list: opened, changed, closed, opened again (M-A10)."""

from __future__ import annotations

from dataclasses import fields

from guatu.core.errors import BadInput, Conflict, Fault
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger.making import access
from guatu.ledger.making.models import ListCall
from guatu.ledger.making.types import CallState, CallWords
from guatu.organisation.queries import lock_root


def open_call(actor: Actor, words: CallWords) -> ListCall:
    """Call for a year's projects. One call for each list: its year and name."""
    access.require_office(actor)
    call = ListCall()
    _require_possible(words, call)
    _take(words, call)
    with journal.act(actor, "list_call.opened") as act:
        act.write(call)
    return call


def change_call(actor: Actor, call_id: int, words: CallWords, *, version: int) -> ListCall:
    """Change what a call says, e.g. until when units apply."""
    call = _held(actor, call_id, version)
    _require_possible(words, call)
    _take(words, call)
    with journal.act(actor, "list_call.changed") as act:
        act.write(call)
    return call


def close_call(actor: Actor, call_id: int, *, version: int) -> ListCall:
    """Take no more applications; what was returned may still come back."""
    return _put(actor, call_id, CallState.CLOSED, version)


def reopen_call(actor: Actor, call_id: int, *, version: int) -> ListCall:
    """Take applications again."""
    return _put(actor, call_id, CallState.OPEN, version)


def _put(actor: Actor, call_id: int, state: CallState, version: int) -> ListCall:
    call = _held(actor, call_id, version)
    if call.state == state:
        raise BadInput(Fault("same-state", f"{call}{state.label}", "不必再办"))
    call.state = state
    is_closed = state == CallState.CLOSED
    with journal.act(actor, "list_call.closed" if is_closed else "list_call.reopened") as act:
        act.write(call)
    return call


def _held(actor: Actor, call_id: int, version: int) -> ListCall:
    call = access.get_call(actor, call_id)
    access.require_office(actor)
    journal.require_version(call, version)
    require_not_issued(call)
    return call


def require_not_issued(call: ListCall) -> None:
    """Raise Conflict where the list that a call is for has been issued."""
    if call.state == CallState.ISSUED:
        raise Conflict(
            Fault("issued-already", f"{call}已经印发", "此后的增减请办清单调整，逐次编号")
        )


def lock_call(call: ListCall) -> ListCall:
    """The call as it is now, with writes of others waiting until the transaction ends."""
    lock_root()
    return ListCall.objects.get(pk=call.pk)


def _take(words: CallWords, call: ListCall) -> None:
    for one in fields(words):
        setattr(call, one.name, getattr(words, one.name))


def _require_possible(words: CallWords, call: ListCall) -> None:
    faults = []
    same = ListCall.objects.filter(year=words.year, name=words.name).exclude(pk=call.pk)
    if same.exists():
        what = f"{words.year}年“{words.name}”已有申报通知"
        faults.append(Fault("call-taken", what, "请换一个名称，或用原来的"))
    if words.closes_on < words.opens_on:
        faults.append(Fault("closes-before-opens", "截止日期早于开始日期", "请核对"))
    if call.pk and words.year != call.year and call.applications.exists():
        faults.append(Fault("year-of-call", "已有申报，不能改年度", "请另发一份通知"))
    if faults:
        raise BadInput(*faults)
