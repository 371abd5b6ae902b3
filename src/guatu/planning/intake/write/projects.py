"""The projects themselves: new ones, what changed of known ones, parts and their packages."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date

from guatu.core.names import match_form
from guatu.journal.services import Act
from guatu.ledger.matching import code_form
from guatu.ledger.models import Project, ProjectAlias
from guatu.ledger.types import ProjectKind
from guatu.planning.intake.check import Known
from guatu.planning.intake.rows import LedgerRow

ONE_BY_ONE = 500


class Projects:
    """Takes the rows one by one, then writes what is new and what changed."""

    def __init__(self, act: Act, known: Known, ids: set[int], today: date) -> None:
        self._act = act
        self._known = known
        self._today = today
        self._held = _projects(ids)
        self._new: list[Project] = []
        self._changed: dict[int, Project] = {}
        self._aliases: list[ProjectAlias] = []

    def take(self, row: LedgerRow, project_id: int | None) -> Project:
        """The project of a row, made or brought up to date."""
        if project_id is None:
            project = self._made(row)
            self._new.append(project)
        else:
            project = self._held[project_id]
            self._update(project, row)
        return project

    def has_changed(self, project: Project) -> bool:
        """Whether anything of the project itself will be written again."""
        return id(project) in self._changed

    def write_new(self) -> None:
        """Insert the new projects; their keys are known from then on."""
        self._act.add_all(self._new)

    def link_packages(self, made: Iterable[tuple[LedgerRow, Project]]) -> None:
        """Let each part name its package, which is one from now on."""
        made = list(made)
        packages = {match_form(row.name): project for row, project in made}
        for row, project in made:
            if not row.parent:
                continue
            package = packages.get(match_form(row.parent))
            package_id = package.pk if package else min(self._known.index.named(row.parent))
            if project.package_id != package_id:
                project.package_id = package_id
                self._mark(project)
            if package is not None and not package.is_package:
                package.is_package = True
                self._mark(package)

    def write_changes(self) -> None:
        """Write the changed projects and the names they went by before."""
        self._act.add_all(self._aliases)
        for project in self._changed.values():
            self._act.write(project)

    def _mark(self, project: Project) -> None:
        self._changed[id(project)] = project

    def _region_id(self, row: LedgerRow) -> int:
        found = self._known.regions.find(row.region) if row.region else None
        return found if found is not None else self._known.root_region_id

    def _made(self, row: LedgerRow) -> Project:
        return Project(
            uid=uuid.uuid4().hex,
            national_code=row.code,
            name=row.name,
            kind=row.kind or ProjectKind.CONSTRUCTION.value,
            region_id=self._region_id(row),
            sector_id=self._known.sector(row.sector),
            site=row.site,
            content=row.content,
            is_package=bool(row.is_package) or (row.parts or 0) > 1,
            declared_parts=row.parts,
            total_yuan=row.total_yuan,
            stage=row.stage,
        )

    def _update(self, project: Project, row: LedgerRow) -> None:
        """Take over what the row states; an empty cell never erases, an alias never renames."""
        aliases = {match_form(name) for name in self._known.index.by_id[project.pk].aliases}
        is_same_code = code_form(row.code or "") == code_form(project.national_code or "")
        stated: dict[str, object] = {
            "name": "" if match_form(row.name) in aliases else row.name,
            "national_code": None if is_same_code else row.code,
            "kind": row.kind,
            "region_id": self._region_id(row) if row.region else None,
            "sector_id": self._known.sector(row.sector),
            "site": row.site,
            "content": row.content,
            "is_package": row.is_package,
            "declared_parts": row.parts,
            "total_yuan": row.total_yuan,
            "stage": row.stage,
        }
        old_name = project.name
        for name, value in stated.items():
            if value not in (None, "") and getattr(project, name) != value:
                setattr(project, name, value)
                self._mark(project)
        if match_form(project.name) != match_form(old_name):
            self._aliases.append(
                ProjectAlias(project=project, name=old_name, valid_from=self._today)
            )


def _projects(ids: set[int]) -> dict[int, Project]:
    if not ids:
        return {}
    rows: Sequence[Project] = list(
        Project.objects.filter(pk__in=ids) if len(ids) < ONE_BY_ONE else Project.objects.all()
    )
    return {project.pk: project for project in rows}
