"""Who answers for a project: what a row states takes the place of what was in force (M-A6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from guatu.journal.services import Act
from guatu.ledger.models import Project, Responsibility
from guatu.ledger.types import ResponsibilityRole
from guatu.organisation.queries import person_ids
from guatu.organisation.services import create_persons
from guatu.planning.intake.check import Known
from guatu.planning.intake.rows import LedgerRow, names_in


class Duties:
    """Responsibilities of organisations and persons, each from a day to a day."""

    def __init__(
        self, act: Act, known: Known, *, first_day: date, today: date, is_first: bool
    ) -> None:
        self._act = act
        self._known = known
        self._today = today
        self._first_day = min(today, first_day)
        # A leader and his liaison are the city's; who is known in a unit is somebody else.
        self._persons = {name: pk for (name, unit), pk in person_ids().items() if unit is None}
        self._held: dict[tuple[int, str], list[Responsibility]] = defaultdict(list)
        if not is_first:
            for duty in Responsibility.objects.filter(valid_to__isnull=True):
                self._held[duty.project_id, duty.role].append(duty)
        self._new: list[Responsibility] = []
        self._ended: list[Responsibility] = []

    def add_persons(self, rows: Iterable[LedgerRow]) -> None:
        """Make the persons that rows name and nobody knows yet."""
        named = dict.fromkeys(
            name for row in rows for text in (row.leader, row.liaison) for name in names_in(text)
        )
        wanted = [name for name in named if name not in self._persons]
        if wanted:
            self._persons.update(create_persons(self._act, wanted))

    def take(self, row: LedgerRow, project: Project) -> bool:
        """Put the stated bearers in place of those in force; nothing stated changes nothing."""
        before = len(self._new) + len(self._ended)
        self._replace(project, ResponsibilityRole.LEAD, self._units(row.unit), is_person=False)
        self._replace(project, ResponsibilityRole.OWNER, self._units(row.owner), is_person=False)
        self._replace(project, ResponsibilityRole.LEADER, self._people(row.leader), is_person=True)
        self._replace(
            project, ResponsibilityRole.LIAISON, self._people(row.liaison), is_person=True
        )
        return len(self._new) + len(self._ended) > before

    def write(self) -> None:
        """Write the new responsibilities and the end of those they replace."""
        self._act.add_all(self._new)
        for duty in self._ended:
            self._act.write(duty)

    def _units(self, text: str) -> list[int]:
        found = self._known.organisations.find(text) if text else None
        return [found] if found is not None else []

    def _people(self, text: str) -> list[int]:
        return list(dict.fromkeys(self._persons[name] for name in names_in(text)))

    def _replace(
        self, project: Project, role: ResponsibilityRole, wanted: list[int], *, is_person: bool
    ) -> None:
        held = self._held.get((project.pk, role.value), [])
        holders = {(d.person_id if is_person else d.organisation_id): d for d in held}
        if not wanted or set(holders) == set(wanted):
            return
        for bearer, duty in holders.items():
            if bearer not in wanted:
                duty.valid_to = max(duty.valid_from, self._today - timedelta(days=1))
                self._ended.append(duty)
        self._new += [
            Responsibility(
                project=project,
                role=role,
                organisation_id=None if is_person else bearer,
                person_id=bearer if is_person else None,
                valid_from=self._today if held else self._first_day,
            )
            for bearer in wanted
            if bearer not in holders
        ]
