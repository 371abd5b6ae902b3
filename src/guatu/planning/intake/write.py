"""Writing a checked batch: new projects in bulk, changes one by one, nothing for nothing new."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta

from guatu.core import clock
from guatu.core.names import match_form
from guatu.journal.models import Journalled, Versioned
from guatu.journal.services import Act
from guatu.ledger import queries as ledger
from guatu.ledger.matching import code_form
from guatu.ledger.models import (
    ListEntry,
    Project,
    ProjectAlias,
    ProjectList,
    Responsibility,
    Term,
)
from guatu.ledger.types import Nature, ProjectKind, ResponsibilityRole, Vocabulary
from guatu.organisation import queries as organisation
from guatu.organisation.models import Person
from guatu.organisation.services import (
    NewOrganisation,
    NewRegion,
    create_organisations,
    create_persons,
    create_regions,
)
from guatu.organisation.types import OrganisationKind, RegionKind
from guatu.planning import queries as planning
from guatu.planning.intake.check import Checked, Known
from guatu.planning.intake.rows import LedgerRow
from guatu.planning.models import AnnualPlan, DateFact
from guatu.planning.types import DateKind, PlanKind

_SPLIT = re.compile(r"[、，,；;\n]+")


@dataclass(slots=True)
class Outcome:
    """How many rows were new, changed and the same, and which were changed."""

    new: int = 0
    changed: int = 0
    same: int = 0
    changed_names: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Batch:
    """Rows to insert, table by table, and rows to change; written at the end in this order."""

    projects: list[Project] = field(default_factory=list)
    entries: list[ListEntry] = field(default_factory=list)
    facts: list[DateFact] = field(default_factory=list)
    plans: list[AnnualPlan] = field(default_factory=list)
    duties: list[Responsibility] = field(default_factory=list)
    aliases: list[ProjectAlias] = field(default_factory=list)
    changes: list[Versioned] = field(default_factory=list)


def create_missing(act: Act, checked: Checked, known: Known) -> Known:
    """Make the regions, organisations and sectors that the batch names and nobody knows yet."""
    zones = {match_form(z) for z in _zones()}
    regions = [
        NewRegion(name, kind=RegionKind.ZONE if match_form(name) in zones else RegionKind.COUNTY)
        for name in checked.new_regions
    ]
    create_regions(act, regions)
    create_organisations(
        act,
        [NewOrganisation(name, OrganisationKind.BUREAU) for name in checked.new_organisations]
        + [NewOrganisation(name, OrganisationKind.OWNER) for name in checked.new_owners],
    )
    terms = [
        Term(vocabulary=Vocabulary.SECTOR, code=name, name=name) for name in checked.new_sectors
    ]
    act.add_all(terms)
    return Known(
        index=known.index,
        regions=organisation.region_names(),
        organisations=organisation.organisation_names(),
        sectors={match_form(name): term.pk for name, term in ledger.sector_terms().items()},
        root_region_id=known.root_region_id,
    )


def _zones() -> list[str]:
    text = organisation.settings_in_force()["functional-zones"]
    return [part for part in _SPLIT.split(text) if part]


class Writer:
    """Writes one batch of ledger rows into one list within one act."""

    def __init__(self, act: Act, listing: ProjectList, known: Known) -> None:
        self.act = act
        self.listing = listing
        self.known = known
        self.outcome = Outcome()
        self._batch = _Batch()
        self._today = clock.today()
        self._projects: dict[int, Project] = {}
        self._entries = ledger.entries_of(listing.pk)
        self._serial = max((e.serial_no for e in self._entries.values()), default=0)
        self._plans = planning.plans_in_force(listing.pk)
        self._dates: dict[planning.DateKey, DateFact] = {}
        self._newest: dict[planning.DateKey, DateFact] = {}
        self._duties: dict[tuple[int, str], list[Responsibility]] = {}
        self._persons = dict(Person.objects.values_list("name", "pk"))

    def write(self, checked: Checked) -> Outcome:
        """Write all rows; returns how many were new, changed, same."""
        self._load({pk for _, pk in checked.rows if pk is not None})
        self._add_persons(checked)
        made = [(row, self._project(row, pk), pk is None) for row, pk in checked.rows]
        self.act.add_all(self._batch.projects)
        self._link_packages(made)
        for row, project, is_new in made:
            before = self._weight()
            touched = self._touched.pop(id(project), False)
            self._entry_plan_dates(row, project)
            if is_new:
                self.outcome.new += 1
            elif touched or self._weight() != before:
                self.outcome.changed += 1
                self.outcome.changed_names.append(project.name)
            else:
                self.outcome.same += 1
        self._flush()
        return self.outcome

    _touched: dict[int, bool]

    def _load(self, ids: set[int]) -> None:
        self._touched = {}
        if not ids:
            return
        self._projects = (
            {p.pk: p for p in Project.objects.filter(pk__in=ids)}
            if len(ids) < 500
            else {p.pk: p for p in Project.objects.all()}
        )
        self._newest = planning.dates_in_force()
        self._dates = {
            **{key: fact for key, fact in self._newest.items() if key[2] == DateKind.ACTUAL},
            **planning.planned_by_list(self.listing.pk),
        }
        for duty in Responsibility.objects.filter(valid_to__isnull=True):
            self._duties.setdefault((duty.project_id, duty.role), []).append(duty)

    def _weight(self) -> int:
        b = self._batch
        new = len(b.entries) + len(b.facts) + len(b.plans) + len(b.duties)
        return new + len(b.aliases) + len(b.changes)

    def _add_persons(self, checked: Checked) -> None:
        wanted: dict[str, None] = {}
        for row, _ in checked.rows:
            for text in (row.leader, row.liaison):
                for name in _SPLIT.split(text):
                    if name.strip() and name.strip() not in self._persons:
                        wanted[name.strip()] = None
        if wanted:
            self._persons.update(create_persons(self.act, list(wanted)))

    def _region_id(self, row: LedgerRow) -> int:
        found = self.known.regions.find(row.region) if row.region else None
        return found if found is not None else self.known.root_region_id

    def _project(self, row: LedgerRow, project_id: int | None) -> Project:
        if project_id is None:
            project = Project(
                uid=uuid.uuid4().hex,
                national_code=row.code,
                name=row.name,
                kind=row.kind or ProjectKind.CONSTRUCTION.value,
                region_id=self._region_id(row),
                sector_id=self.known.sector(row.sector),
                site=row.site[:300],
                content=row.content,
                is_package=bool(row.is_package) or (row.parts or 0) > 1,
                declared_parts=row.parts,
                total_yuan=row.total_yuan,
                stage=row.stage[:40],
            )
            self._batch.projects.append(project)
            return project
        project = self._projects[project_id]
        self._update(project, row)
        return project

    def _update(self, project: Project, row: LedgerRow) -> None:
        """Take over what the row states; an empty cell never erases, an alias never renames."""
        aliases = {match_form(name) for name in self.known.index.by_id[project.pk].aliases}
        is_same_code = code_form(row.code or "") == code_form(project.national_code or "")
        stated: dict[str, object] = {
            "name": "" if match_form(row.name) in aliases else row.name,
            "national_code": None if is_same_code else row.code,
            "kind": row.kind,
            "region_id": self._region_id(row) if row.region else None,
            "sector_id": self.known.sector(row.sector),
            "site": row.site[:300],
            "content": row.content,
            "is_package": row.is_package,
            "declared_parts": row.parts,
            "total_yuan": row.total_yuan,
            "stage": row.stage[:40],
        }
        old_name = project.name
        changed = False
        for name, value in stated.items():
            if value not in (None, "") and getattr(project, name) != value:
                setattr(project, name, value)
                changed = True
        if changed:
            self._batch.changes.append(project)
            self._touched[id(project)] = True
        if project.name != old_name and match_form(project.name) != match_form(old_name):
            self._batch.aliases.append(
                ProjectAlias(project=project, name=old_name, valid_from=self._today)
            )

    def _link_packages(self, made: list[tuple[LedgerRow, Project, bool]]) -> None:
        packages = {match_form(row.name): project for row, project, _ in made}
        linked = []
        packed = []
        for row, project, is_new in made:
            if not row.parent:
                continue
            form = match_form(row.parent)
            parent = packages.get(form)
            parent_id = parent.pk if parent else min(self.known.index.named(row.parent))
            if project.package_id != parent_id:
                project.package_id = parent_id
                if is_new:
                    linked.append(project)
                elif not self._touched.get(id(project)):
                    self._batch.changes.append(project)
                    self._touched[id(project)] = True
            if parent is not None and not parent.is_package:
                parent.is_package = True
                linked.append(parent)
                packed.append(parent)
        for project in {id(p): p for p in linked}.values():
            if not self._touched.get(id(project)):
                self.act.write(project)
        # Written above, yet to be counted as changed.
        self._touched.update({id(project): True for project in packed})

    def _entry_plan_dates(self, row: LedgerRow, project: Project) -> None:
        entry = self._entries.get(project.pk)
        if entry is None:
            self._serial += 1
            entry = ListEntry(
                list=self.listing,
                project=project,
                serial_no=self._serial,
                tier=row.tier[:40],
                nature=row.nature,
                joined_on=date(self.listing.year, 1, 1),
            )
            self._entries[project.pk] = entry
            self._batch.entries.append(entry)
        else:
            self._update_entry(entry, row)
        self._plan(row, entry)
        for milestone, kind in row.dates:
            self._date(project, entry, (milestone, kind), row)
        self._duty(project, ResponsibilityRole.LEAD, self._organisations(row.unit), person=False)
        self._duty(project, ResponsibilityRole.OWNER, self._organisations(row.owner), person=False)
        self._duty(project, ResponsibilityRole.LEADER, self._people(row.leader), person=True)
        self._duty(project, ResponsibilityRole.LIAISON, self._people(row.liaison), person=True)

    def _update_entry(self, entry: ListEntry, row: LedgerRow) -> None:
        nature = entry.nature if row.nature == Nature.UNKNOWN.value else row.nature
        tier = row.tier[:40] or entry.tier
        if (nature, tier) != (entry.nature, entry.tier):
            entry.nature, entry.tier = nature, tier
            self._batch.changes.append(entry)

    def _plan(self, row: LedgerRow, entry: ListEntry) -> None:
        if row.plan_yuan is None:
            return
        old = self._plans.get(entry.pk) if entry.pk else None
        if old is not None and old.amount_yuan == row.plan_yuan:
            return
        self._batch.plans.append(
            AnnualPlan(
                entry=entry,
                kind=PlanKind.ASSIGNED,
                plan_version=old.plan_version + 1 if old else 1,
                amount_yuan=row.plan_yuan,
                by=self.act.actor.text,
                at=self.act.at,
            )
        )

    def _date(
        self, project: Project, entry: ListEntry, what: tuple[str, str], row: LedgerRow
    ) -> None:
        given = row.dates[what]
        milestone, kind = what
        old = self._dates.get((project.pk, milestone, kind))
        newest = self._newest.get((project.pk, milestone, kind))
        if old is not None and old.on == given.on and old.precision == given.precision:
            return
        self._batch.facts.append(
            DateFact(
                project=project,
                entry=entry if kind == DateKind.PLANNED else None,
                milestone=milestone,
                kind=kind,
                on=given.on,
                precision=given.precision,
                raw_text=given.raw[:100],
                seq=newest.seq + 1 if newest else 1,
                by=self.act.actor.text,
                at=self.act.at,
            )
        )

    def _organisations(self, text: str) -> list[int]:
        if not text:
            return []
        found = self.known.organisations.find(text)
        return [found] if found is not None else []

    def _people(self, text: str) -> list[int]:
        named = [self._persons[n.strip()] for n in _SPLIT.split(text) if n.strip()]
        return list(dict.fromkeys(named))

    def _duty(
        self, project: Project, role: ResponsibilityRole, wanted: list[int], *, person: bool
    ) -> None:
        """Put the stated bearers in place of those in force; nothing stated changes nothing."""
        if not wanted:
            return
        held = self._duties.get((project.pk, role.value), [])
        holders = {(d.person_id if person else d.organisation_id): d for d in held}
        if set(holders) == set(wanted):
            return
        for bearer, duty in holders.items():
            if bearer not in wanted:
                duty.valid_to = max(duty.valid_from, self._today - timedelta(days=1))
                self._batch.changes.append(duty)
        start = self._today if held else min(self._today, date(self.listing.year, 1, 1))
        for bearer in wanted:
            if bearer not in holders:
                self._batch.duties.append(
                    Responsibility(
                        project=project,
                        role=role,
                        organisation_id=None if person else bearer,
                        person_id=bearer if person else None,
                        valid_from=start,
                    )
                )

    def _flush(self) -> None:
        b = self._batch
        inserts: list[Journalled] = [*b.entries]
        self.act.add_all(inserts)
        for plan in b.plans:
            plan.entry_id = plan.entry.pk
        for fact in b.facts:
            fact.entry_id = fact.entry.pk if fact.entry else None
        self.act.add_all([*b.plans, *b.facts, *b.duties, *b.aliases])
        for row in b.changes:
            self.act.write(row)
