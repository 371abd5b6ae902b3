"""What happened, when, and by whom: the events that clocks and workflows are moved by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time


@dataclass(frozen=True, slots=True)
class Event:
    """One dated event. Clocks by the hour need `at`; without it the day begins at 0:00."""

    name: str
    on: date
    at: time | None = None
    by: str = ""

    @property
    def moment(self) -> datetime:
        """Day and hour, in the office's own time."""
        return datetime.combine(self.on, self.at or time())
