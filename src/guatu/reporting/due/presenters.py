"""The contexts of the pages of due days and reminders."""

from __future__ import annotations

from typing import Any

from guatu.ledger.request import Viewer
from guatu.notices.queries import channels_of
from guatu.organisation import queries as organisation
from guatu.reporting.desk.presenters import awaited, default_deadline, head, reminder
from guatu.reporting.due.forms import DaysForm, RemindForm
from guatu.reporting.due.models import Reminder
from guatu.reporting.due.services import Missing
from guatu.reporting.models import Round
from guatu.ui.tables import Column

REMINDER_COLUMNS: list[Column[tuple[Reminder, str]]] = [
    Column("at", "时间", lambda row: row[0].at),
    Column("unit", "单位", lambda row: row[1]),
    Column("projects", "未报项目数", lambda row: row[0].projects, "num"),
    Column("deadline", "请于何日前报送", lambda row: row[0].deadline_on, "date"),
    Column("ways", "渠道", lambda row: row[0].ways or "复制文字"),
    Column("by", "办理人", lambda row: row[0].by),
]


def days_page(the_round: Round, form: DaysForm | None = None) -> dict[str, Any]:
    """The page on which the days of a round are changed, with every change before."""
    initial = {
        "cut_off_on": the_round.cut_off_on,
        "due_on": the_round.due_on,
        "version": the_round.version,
    }
    return {
        **head(the_round),
        "form": form or DaysForm(initial=initial),
        "changes": the_round.days_changed.order_by("-pk"),
    }


def reminder_rows(the_round: Round) -> list[tuple[Reminder, str]]:
    """Reminders of a round, newest first, with the names of their units."""
    names = organisation.organisation_names().official
    rows = Reminder.objects.filter(round=the_round).order_by("-pk")
    return [(one, names.get(one.organisation_id, "")) for one in rows]


def reminders_page(
    viewer: Viewer, the_round: Round, form: RemindForm | None = None
) -> dict[str, Any]:
    """The log of reminders, what is missing now, and the form that reminds."""
    missing = [unit for unit in awaited(viewer, the_round).units if unit.missing]
    ways = channels_of([unit.key for unit in missing])
    initial = {"deadline": default_deadline(the_round)}
    return {
        **head(the_round),
        "rows": reminder_rows(the_round),
        "missing": [(unit, ways.get(unit.key, [])) for unit in missing],
        "form": form or RemindForm(initial=initial),
    }


def missing_of(viewer: Viewer, the_round: Round, form: RemindForm, only: str) -> list[Missing]:
    """What each unit owes, with the words that ask for it; `only` is one unit's id, or empty.

    Projects without a unit that answers for them are nobody's to be reminded of.
    """
    deadline = form.cleaned_data["deadline"]
    return [
        Missing(unit.organisation_id, len(unit.missing), reminder(the_round, [unit], deadline))
        for unit in awaited(viewer, the_round).units
        if unit.missing and unit.organisation_id and only in ("", str(unit.organisation_id))
    ]
