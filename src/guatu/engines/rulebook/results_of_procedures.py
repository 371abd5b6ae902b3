"""What procedures say, as plain values for JSON and examples."""

from __future__ import annotations

from datetime import date
from typing import Any

from guatu.engines.rulebook.procedures import (
    ChecklistVerdict,
    ClockState,
    Due,
    DutyVerdict,
    ItemPath,
    LadderState,
    Outcome,
    WorkState,
)
from guatu.engines.rulebook.procedures.clock_state import LABELS as CLOCK_WORDS
from guatu.engines.rulebook.proceeding import Proceedings

CHECKLIST_WORDS = {
    "passed": "齐全",
    "gaps": "可补正",
    "refused": "不予受理",
    "undecided": "不能判断",
    "not_applicable": "不适用",
}


def checklist_word(verdict: ChecklistVerdict) -> str:
    """What becomes of a submission: 不予受理 or 不予纳入 as the checklist says."""
    if verdict.outcome is Outcome.REFUSED and verdict.refusal:
        return verdict.refusal
    return CHECKLIST_WORDS[verdict.outcome]


DUTY_WORDS = {"met": "做到", "missed": "没做到", "open": "未到期"}


def next_dues(proceedings: Proceedings) -> tuple[Due, ...]:
    """Of each act the next due day, in order."""
    found: dict[str, Due] = {}
    for due in proceedings.dues:
        found.setdefault(due.act, due)
    return tuple(found.values())


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def due_json(due: Due) -> dict[str, Any]:
    """One due day; `moved_from` is the day it would be but for a holiday."""
    return {
        "act": due.act,
        "on": due.on.isoformat(),
        "at": due.at.isoformat("minutes") if due.at else due.half or None,
        "period": due.period,
        "moved_from": _day(due.moved_from),
        "by": "、".join(due.by) or None,
        "to": "、".join(due.to) or None,
    }


def proceedings_json(proceedings: Proceedings) -> dict[str, Any]:
    """Ladders, clocks, checklists, duties, the path of items, works; empty kinds left out."""
    found: dict[str, Any] = {
        "ladders": [_ladder_json(name, one) for name, one in proceedings.ladders.items()],
        "clocks": [_clock_json(name, one) for name, one in proceedings.clocks.items()],
        "checklists": [_checklist_json(name, one) for name, one in proceedings.checklists.items()],
        "duties": [
            _duty_json(name, one)
            for name, verdicts in proceedings.duties.items()
            for one in verdicts
        ],
        "works": [_work_json(name, one) for name, one in proceedings.works.items()],
        "violations": list(proceedings.violations),
        "doubts": list(proceedings.doubts),
        "path": None if proceedings.path is None else _path_json(proceedings.path),
    }
    return {key: value for key, value in found.items() if value}


def _ladder_json(name: str, state: LadderState) -> dict[str, Any]:
    return {
        "name": name,
        "state": state.state,
        "since": _day(state.since),
        "count": state.count,
        "deadline": _day(state.deadline),
        "outlook": list(state.outlook),
    }


def _clock_json(name: str, state: ClockState) -> dict[str, Any]:
    return {
        "name": name,
        "status": CLOCK_WORDS[state.status],
        "due_on": _day(state.due_on),
        "promised_on": _day(state.promised_on),
        "earliest_on": _day(state.earliest_on),
        "used": state.used,
        "left": state.left,
        "over": state.over,
        "unit": state.unit,
        "why": state.why,
    }


def _checklist_json(name: str, verdict: ChecklistVerdict) -> dict[str, Any]:
    return {
        "name": name,
        "outcome": checklist_word(verdict),
        "gaps": [gap.what for gap in verdict.gaps],
        "mend_by": _day(verdict.mend_by),
        "why": list(verdict.sentences),
    }


def _duty_json(name: str, verdict: DutyVerdict) -> dict[str, Any]:
    return {
        "name": name,
        "who": verdict.who,
        "period": verdict.period,
        "done": verdict.done,
        "needed": verdict.needed,
        "status": DUTY_WORDS[verdict.status],
        "why": verdict.why,
    }


def _work_json(name: str, state: WorkState) -> dict[str, Any]:
    return {
        "name": name,
        "step": state.step or None,
        "since": _day(state.since),
        "due_on": _day(state.due_on),
        "is_done": state.is_done,
    }


def _path_json(path: ItemPath) -> dict[str, Any]:
    items = [{"name": one.name, "begins": one.begins, "ends": one.ends} for one in path.items]
    totals = [{"name": one.name, "limit": one.limit, "fits": one.fits} for one in path.totals]
    return {
        "takes": path.takes,
        "critical": list(path.critical),
        "items": items,
        "dropped": dict(path.dropped),
        "totals": totals,
    }
