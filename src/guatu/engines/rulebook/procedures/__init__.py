"""Procedures of the rule language: calendars, clocks, ladders, checklists, items (M-E1, M-E4).

Read from TOML tables into frozen values; pure `next(state, event, facts, now)`, no database.
Not here: lights, scores, performing the acts. The book's reader and the acting rooms depend on it.
"""

from guatu.engines.rulebook.procedures.acts import Act, ActDue, due_acts, read_acts
from guatu.engines.rulebook.procedures.calendars import Calendar, Shift
from guatu.engines.rulebook.procedures.checklist_verdict import (
    ChecklistVerdict,
    Gap,
    Outcome,
    Paper,
    judge_checklist,
)
from guatu.engines.rulebook.procedures.checklists import Checklist
from guatu.engines.rulebook.procedures.clock_state import ClockState, ClockStatus, clock_state
from guatu.engines.rulebook.procedures.clocks import Clock
from guatu.engines.rulebook.procedures.due_dates import (
    Due,
    Plan,
    Session,
    due_dates,
    plan_all,
    sessions,
)
from guatu.engines.rulebook.procedures.durations import Span, Unit, parse_span
from guatu.engines.rulebook.procedures.duties import (
    Deed,
    Duty,
    DutyStatus,
    DutyVerdict,
    judge_duty,
)
from guatu.engines.rulebook.procedures.events import Event
from guatu.engines.rulebook.procedures.item_paths import (
    ItemPath,
    item_path,
    order_violations,
    ready_items,
)
from guatu.engines.rulebook.procedures.items import Item, Precedence, TotalLimit, Waiver
from guatu.engines.rulebook.procedures.ladder_state import (
    LadderEvent,
    LadderState,
    begin,
    fold,
    next_state,
)
from guatu.engines.rulebook.procedures.ladders import Ladder
from guatu.engines.rulebook.procedures.reading import Holds, ReadCondition, When, nothing_known
from guatu.engines.rulebook.procedures.tables import TABLES, Procedures, read_procedures
from guatu.engines.rulebook.procedures.verbs import VERBS, Effect, Verb
from guatu.engines.rulebook.procedures.workflows import (
    Workflow,
    WorkState,
    begin_work,
    next_step,
)

__all__ = [
    "TABLES",
    "VERBS",
    "Act",
    "ActDue",
    "Calendar",
    "Checklist",
    "ChecklistVerdict",
    "Clock",
    "ClockState",
    "ClockStatus",
    "Deed",
    "Due",
    "Duty",
    "DutyStatus",
    "DutyVerdict",
    "Effect",
    "Event",
    "Gap",
    "Holds",
    "Item",
    "ItemPath",
    "Ladder",
    "LadderEvent",
    "LadderState",
    "Outcome",
    "Paper",
    "Plan",
    "Precedence",
    "Procedures",
    "ReadCondition",
    "Session",
    "Shift",
    "Span",
    "TotalLimit",
    "Unit",
    "Verb",
    "Waiver",
    "When",
    "WorkState",
    "Workflow",
    "begin",
    "begin_work",
    "clock_state",
    "due_acts",
    "due_dates",
    "fold",
    "item_path",
    "judge_checklist",
    "judge_duty",
    "next_state",
    "next_step",
    "nothing_known",
    "order_violations",
    "parse_span",
    "plan_all",
    "read_acts",
    "read_procedures",
    "ready_items",
    "sessions",
]
