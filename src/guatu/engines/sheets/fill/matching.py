"""Which project of the run each row of the template is: by code, then by name and place."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from guatu.core.errors import Fault
from guatu.core.names import match_form
from guatu.engines.sheets.fill.labels import clean_label
from guatu.engines.sheets.fill.template import NAME, TemplateSheet
from guatu.engines.sheets.fill.types import FillProject, SummaryFigures
from guatu.engines.sheets.grid import cell_name
from guatu.engines.sheets.types import Row, RowKind


@dataclass(slots=True)
class Matched:
    """Rows by number with their projects; `departed` rows have none any more, `doubled` repeat
    one, `parts` are sub-items of packages without figures of their own."""

    projects: dict[int, FillProject] = field(default_factory=dict)
    departed: list[Row] = field(default_factory=list)
    doubled: list[Row] = field(default_factory=list)
    parts: list[Row] = field(default_factory=list)
    ambiguous: list[Row] = field(default_factory=list)
    notices: list[Fault] = field(default_factory=list)

    @property
    def without(self) -> list[Row]:
        """Rows whose figures must go because no project of the run stands behind them."""
        return [*self.departed, *self.doubled, *self.ambiguous, *self.parts]


def match_rows(template: TemplateSheet, figures: SummaryFigures) -> Matched:
    """Match every project row and sub-item; each project at most once."""
    by_code = {p.code: p for p in figures.projects if p.code}
    by_name: dict[str, list[FillProject]] = defaultdict(list)
    for project in figures.projects:
        for form in {match_form(name) for name in (project.name, *project.other_names)}:
            by_name[form].append(project)
    found = Matched()
    taken: set[int] = set()
    rows = template.table.data_rows
    for row in rows:
        code = row.parsed("项目代码")
        coded = by_code.get(code) if isinstance(code, str) else None
        if coded is not None and coded.key not in taken:
            _take(found, taken, row, coded, template)
    for row in rows:
        if row.number not in found.projects:
            _match_name(found, taken, row, by_name, template)
    return found


def name_of(row: Row) -> str:
    """A row's project name as it stands."""
    name = row.parsed(NAME)
    return name if isinstance(name, str) else row.label


def _take(
    found: Matched, taken: set[int], row: Row, project: FillProject, template: TemplateSheet
) -> None:
    found.projects[row.number] = project
    taken.add(project.key)
    name = name_of(row)
    if match_form(name) != match_form(project.name):
        what = f"表样写作“{name}”，清单里是“{project.name}”，表中名称未改"
        column = template.table.fields.get(NAME)
        cell = cell_name(row.number, column.index if column is not None else 0)
        place = (template.table.file, template.name, cell)
        found.notices.append(Fault("name-differs", what, "", *place))


def _match_name(
    found: Matched,
    taken: set[int],
    row: Row,
    by_name: dict[str, list[FillProject]],
    template: TemplateSheet,
) -> None:
    known = by_name.get(match_form(name_of(row)), [])
    free = [project for project in known if project.key not in taken]
    if len(free) > 1:
        place = {match_form(text) for text in _places(row)}
        free = [p for p in free if match_form(p.traits.get("region", "")) in place] or free
    if len(free) == 1:
        _take(found, taken, row, free[0], template)
    elif row.kind is RowKind.SUB_ITEM:
        found.parts.append(row)
    elif free:
        found.ambiguous.append(row)
    elif known:
        found.doubled.append(row)
    else:
        found.departed.append(row)


def _places(row: Row) -> list[str]:
    region = row.parsed("所属地区")
    own = [region] if isinstance(region, str) else []
    return [*own, *(clean_label(label) for label in row.section_path)]
