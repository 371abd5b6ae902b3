"""Who answers for a project: what a row states takes the place of what was in force (M-A6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from guatu.journal.services import Act
from guatu.ledger.models import Project, Responsibility
from guatu.ledger.queries import bearer_text
from guatu.ledger.types import PERSON_ROLES, ResponsibilityRole
from guatu.organisation.queries import person_ids
from guatu.organisation.services import create_persons
from guatu.planning.intake.check import Known
from guatu.planning.intake.rows import LedgerRow, names_in
from guatu.planning.types import Difference


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
        open_duties = Responsibility.objects.filter(valid_to__isnull=True).select_related("person")
        if not is_first:
            for duty in open_duties.order_by("pk"):
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

    def take(self, row: LedgerRow, project: Project) -> list[Difference]:
        """Put the stated bearers in place of those in force; nothing stated changes nothing."""
        found = []
        for role, label, text, wanted in (
            (ResponsibilityRole.LEAD, "责任单位", row.unit, self._units(row.unit)),
            (ResponsibilityRole.OWNER, "业主单位", row.owner, self._units(row.owner)),
            (ResponsibilityRole.LEADER, "包联领导", row.leader, self._people(row.leader)),
            (ResponsibilityRole.LIAISON, "联络员", row.liaison, self._people(row.liaison)),
        ):
            old = self._replace(project, role, wanted, is_person=role in PERSON_ROLES)
            if old is not None:
                found.append(Difference(project.name, label, old, text))
        return found

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
    ) -> str | None:
        """Who bore it until now, in words; None where nothing changes."""
        held = self._held.get((project.pk, role.value), [])
        holders = {(d.person_id if is_person else d.organisation_id): d for d in held}
        if not wanted or set(holders) == set(wanted):
            return None
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
        return "、".join(bearer_text(duty, self._known.organisations.official) for duty in held)
