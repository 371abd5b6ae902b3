"""The order in which a batch is written, and the count of what came of each row."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from guatu.core import clock
from guatu.core.errors import Fault
from guatu.journal.services import Act
from guatu.ledger.models import ProjectList
from guatu.planning.intake.check import Checked, Known
from guatu.planning.intake.write.duties import Duties
from guatu.planning.intake.write.entries import Entries
from guatu.planning.intake.write.projects import Projects
from guatu.planning.intake.write.promises import Dates, Plans
from guatu.planning.types import Difference, NewProject


@dataclass(slots=True)
class Outcome:
    """How many rows were new, changed and the same, what exactly, and what to tell."""

    new: int = 0
    changed: int = 0
    same: int = 0
    added: list[NewProject] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    notices: list[Fault] = field(default_factory=list)


class Writer:
    """Writes one batch of ledger rows into one list within one act."""

    def __init__(self, act: Act, listing: ProjectList, known: Known) -> None:
        self._act = act
        self._listing = listing
        self._known = known
        self._today = clock.today()

    def write(self, checked: Checked) -> Outcome:
        """Write all rows; returns how many were new, changed, same."""
        ids = {pk for _, pk in checked.rows if pk is not None}
        projects = Projects(self._act, self._known, ids, self._today)
        entries = Entries(self._act, self._listing)
        plans = Plans(self._act, self._listing, self._known)
        dates = Dates(self._act, self._listing, is_first=not ids)
        duties = Duties(
            self._act,
            self._known,
            first_day=date(self._listing.year, 1, 1),
            today=self._today,
            is_first=not ids,
        )
        duties.add_persons(row for row, _ in checked.rows)
        made = [(row, projects.take(row, pk), pk is None) for row, pk in checked.rows]
        projects.write_new()
        projects.link_packages([(row, project) for row, project, _ in made])
        outcome = Outcome()
        for row, project, is_new in made:
            entry, told = entries.take(row, project)
            # Every part is asked: what one finds unchanged another may not.
            told += projects.differences(project)
            told += plans.take(row, entry)
            told += dates.take(row, project, entry)
            told += duties.take(row, project)
            if is_new:
                outcome.new += 1
                outcome.added.append(NewProject(project.name, row.region, row.unit, row.plan_yuan))
            elif told:
                outcome.changed += 1
                outcome.differences += [replace(one, project=project.name) for one in told]
            else:
                outcome.same += 1
        outcome.notices = [
            row.place.fault("rejoined", f"“{row.name}”曾于{left_on}退出清单，本次重新列入")
            for row, left_on in entries.rejoined
        ]
        entries.write_new()
        plans.write()
        dates.write()
        duties.write()
        projects.write_changes()
        entries.write_changes()
        return outcome
