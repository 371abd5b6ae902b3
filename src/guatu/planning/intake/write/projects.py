"""The projects themselves: new ones, what changed of known ones, parts and their packages."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from guatu.core.names import match_form
from guatu.core.yuan import wan_words
from guatu.journal.services import Act
from guatu.ledger import queries as ledger
from guatu.ledger.matching import code_form
from guatu.ledger.models import Project, ProjectAlias
from guatu.ledger.types import ProjectKind
from guatu.planning.intake.check import Known
from guatu.planning.intake.rows import LedgerRow
from guatu.planning.types import Difference

ONE_BY_ONE = 500
LABELS = {
    "name": "项目名称",
    "national_code": "项目代码",
    "kind": "项目类型",
    "region_id": "所属地区",
    "sector_id": "行业领域",
    "site": "建设地点",
    "content": "建设内容",
    "is_package": "打包项目",
    "package_id": "所属打包项目",
    "declared_parts": "子项目数",
    "total_yuan": "总投资",
    "stage": "项目阶段",
}


class Projects:
    """Takes the rows one by one, then writes what is new and what changed."""

    def __init__(self, act: Act, known: Known, ids: set[int], today: date) -> None:
        self._act = act
        self._known = known
        self._today = today
        self._held = _projects(ids)
        self._new: list[Project] = []
        self._changed: dict[int, Project] = {}
        self._told: dict[int, list[Difference]] = defaultdict(list)
        self._sectors = {term.pk: term.name for term in ledger.sector_terms().values()}
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

    def differences(self, project: Project) -> list[Difference]:
        """What of the project itself will be written again."""
        return self._told.get(id(project), [])

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
            self._set(project, "package_id", package_id)
            if package is not None:
                self._set(package, "is_package", True)

    def write_changes(self) -> None:
        """Write the changed projects and the names they went by before."""
        self._act.add_all(self._aliases)
        for project in self._changed.values():
            self._act.write(project)

    def _set(self, project: Project, name: str, value: object) -> None:
        old = getattr(project, name)
        if old == value:
            return
        words = (self._words(name, old), self._words(name, value))
        self._told[id(project)].append(Difference(project.name, LABELS[name], *words))
        setattr(project, name, value)
        self._changed[id(project)] = project

    def _words(self, name: str, value: Any) -> str:
        if value is None:
            return ""
        match name:
            case "kind":
                return ProjectKind(value).label
            case "region_id":
                return self._known.regions.official.get(value, "")
            case "sector_id":
                return self._sectors.get(value, "")
            case "package_id":
                package = self._known.index.by_id.get(value)
                return package.name if package else ""
            case "total_yuan":
                return wan_words(value)
            case "is_package":
                return "是" if value else "否"
            case _:
                return str(value)

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
            if value not in (None, ""):
                self._set(project, name, value)
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
