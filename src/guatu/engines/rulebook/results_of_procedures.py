"""What procedures say, as plain values for JSON and examples."""

from __future__ import annotations

from datetime import date
from typing import Any

from guatu.engines.rulebook.procedures import ChecklistVerdict, Due, Outcome
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
        "ladders": [
            {
                "name": name,
                "state": one.state,
                "since": _day(one.since),
                "count": one.count,
                "deadline": _day(one.deadline),
                "outlook": list(one.outlook),
            }
            for name, one in proceedings.ladders.items()
        ],
        "clocks": [
            {
                "name": name,
                "status": CLOCK_WORDS[one.status],
                "due_on": _day(one.due_on),
                "promised_on": _day(one.promised_on),
                "earliest_on": _day(one.earliest_on),
                "used": one.used,
                "left": one.left,
                "over": one.over,
                "unit": one.unit,
                "why": one.why,
            }
            for name, one in proceedings.clocks.items()
        ],
        "checklists": [
            {
                "name": name,
                "outcome": checklist_word(one),
                "gaps": [gap.what for gap in one.gaps],
                "mend_by": _day(one.mend_by),
                "why": list(one.sentences),
            }
            for name, one in proceedings.checklists.items()
        ],
        "duties": [
            {
                "name": duty,
                "who": one.who,
                "period": one.period,
                "done": one.done,
                "needed": one.needed,
                "status": DUTY_WORDS[one.status],
                "why": one.why,
            }
            for duty, verdicts in proceedings.duties.items()
            for one in verdicts
        ],
        "works": [
            {
                "name": name,
                "step": one.step or None,
                "since": _day(one.since),
                "due_on": _day(one.due_on),
                "is_done": one.is_done,
            }
            for name, one in proceedings.works.items()
        ],
        "violations": list(proceedings.violations),
        "doubts": list(proceedings.doubts),
    }
    path = proceedings.path
    if path is not None:
        found["path"] = {
            "takes": path.takes,
            "critical": list(path.critical),
            "items": [
                {"name": one.name, "begins": one.begins, "ends": one.ends} for one in path.items
            ],
            "dropped": dict(path.dropped),
            "totals": [
                {"name": one.name, "limit": one.limit, "fits": one.fits} for one in path.totals
            ],
        }
    return {key: value for key, value in found.items() if value}
