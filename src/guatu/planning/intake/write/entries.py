"""A project's place on the list: joined, joined again, its class and nature there."""

from __future__ import annotations

from datetime import date

from guatu.journal.services import Act
from guatu.ledger import queries as ledger
from guatu.ledger.models import ListEntry, Project, ProjectList
from guatu.ledger.types import Nature
from guatu.planning.intake.rows import LedgerRow


class Entries:
    """The entries of one list."""

    def __init__(self, act: Act, listing: ProjectList) -> None:
        self._act = act
        self._listing = listing
        self._held = ledger.entries_of(listing.pk)
        self._serial = max((e.serial_no for e in self._held.values()), default=0)
        self._new: list[ListEntry] = []
        self._changed: list[ListEntry] = []
        self.rejoined: list[tuple[LedgerRow, date]] = []
        """Rows of projects that had left the list, and the day they had left it."""

    def take(self, row: LedgerRow, project: Project) -> tuple[ListEntry, bool]:
        """The entry of a row's project, and whether anything of it is new."""
        entry = self._held.get(project.pk)
        if entry is not None:
            return entry, self._update(entry, row)
        self._serial += 1
        entry = ListEntry(
            list=self._listing,
            project=project,
            serial_no=self._serial,
            tier=row.tier,
            nature=row.nature,
            joined_on=date(self._listing.year, 1, 1),
        )
        self._held[project.pk] = entry
        self._new.append(entry)
        return entry, True

    def _update(self, entry: ListEntry, row: LedgerRow) -> bool:
        nature = entry.nature if row.nature == Nature.UNKNOWN.value else row.nature
        tier = row.tier or entry.tier
        if (nature, tier, None) == (entry.nature, entry.tier, entry.left_on):
            return False
        if entry.left_on is not None:
            # One entry for each project of a list: it stands there again, under its old number.
            self.rejoined.append((row, entry.left_on))
            entry.left_on, entry.reason = None, ""
        entry.nature, entry.tier = nature, tier
        self._changed.append(entry)
        return True

    def write_new(self) -> None:
        """Insert the new entries; their keys are known from then on."""
        self._act.add_all(self._new)

    def write_changes(self) -> None:
        """Write the changed entries."""
        for entry in self._changed:
            self._act.write(entry)
