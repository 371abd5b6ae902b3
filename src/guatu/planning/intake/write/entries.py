"""A project's place on the list: joined, joined again, its class and nature there."""

from __future__ import annotations

from datetime import date

from guatu.core.errors import Conflict
from guatu.journal.services import Act
from guatu.ledger import queries as ledger
from guatu.ledger.making.queries import is_numbered, numbered_fault
from guatu.ledger.models import ListEntry, Project, ProjectList
from guatu.ledger.types import Nature
from guatu.planning.intake.rows import LedgerRow
from guatu.planning.types import Difference


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

    def take(self, row: LedgerRow, project: Project) -> tuple[ListEntry, list[Difference]]:
        """The entry of a row's project, and what of it is new."""
        entry = self._held.get(project.pk)
        if entry is not None:
            return entry, self._update(entry, row, project.name)
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
        return entry, [Difference(project.name, "列入清单", "", str(self._listing))]

    def _update(self, entry: ListEntry, row: LedgerRow, name: str) -> list[Difference]:
        nature = entry.nature if row.nature == Nature.UNKNOWN.value else row.nature
        tier = row.tier or entry.tier
        told = [
            Difference(name, field, old, new)
            for field, old, new in (
                ("建设性质", Nature(entry.nature).label, Nature(nature).label),
                ("项目层级", entry.tier, tier),
            )
            if old != new
        ]
        if entry.left_on is not None:
            # One entry for each project of a list: it stands there again, under its old number.
            told.append(Difference(name, "列入清单", f"{entry.left_on}退出", "重新列入"))
            self.rejoined.append((row, entry.left_on))
            entry.left_on, entry.reason = None, ""
        entry.nature, entry.tier = nature, tier
        if told:
            self._changed.append(entry)
        return told

    def write_new(self) -> None:
        """Insert the new entries; their keys are known from then on. Raises Conflict where the
        list was issued by number, so that only an adjustment adds to it."""
        if (self._new or self.rejoined) and is_numbered(self._listing.pk):
            raise Conflict(numbered_fault(self._listing))
        self._act.add_all(self._new)

    def write_changes(self) -> None:
        """Write the changed entries."""
        for entry in self._changed:
            self._act.write(entry)
