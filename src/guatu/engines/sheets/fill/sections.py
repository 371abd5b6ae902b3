"""The template's sections as a tree, and where a project that it does not have belongs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from guatu.engines.sheets.fill.labels import TRAITS, Labels
from guatu.engines.sheets.fill.matching import Matched
from guatu.engines.sheets.fill.template import TemplateSheet
from guatu.engines.sheets.fill.types import FillProject
from guatu.engines.sheets.types import Row, RowKind

PURE = 0.8
"""Of the projects below a head, this share must agree for an unread head to stand for a trait."""


@dataclass(slots=True, eq=False)
class Section:
    """A head and what stands below it; the root has no head."""

    head: Row | None = None
    path: tuple[str, ...] = ()
    rows: list[Row] = field(default_factory=list)
    children: list[Section] = field(default_factory=list)

    def everything(self) -> list[Row]:
        """All project rows below, sub-sections included."""
        return [*self.rows, *(row for child in self.children for row in child.everything())]

    def holds(self, other: Section) -> bool:
        """Whether another section is this one or lies within."""
        return other is self or any(child.holds(other) for child in self.children)


def is_head(row: Row) -> bool:
    """Whether a row opens the section it stands in."""
    is_kind = row.kind in (RowKind.SECTION, RowKind.SUBTOTAL)
    return is_kind and bool(row.section_path) and row.section_path[-1] == row.label


def tree_of(rows: list[Row]) -> tuple[Section, dict[int, Section]]:
    """The tree, and the section that each head opens and each project stands in, by row."""
    root = Section()
    open_sections = [root]
    by_row: dict[int, Section] = {}
    for row in rows:
        if is_head(row):
            depth = len(row.section_path)
            open_sections = [s for s in open_sections if len(s.path) < depth]
            section = Section(row, row.section_path)
            open_sections[-1].children.append(section)
            open_sections.append(section)
            by_row[row.number] = section
        elif row.kind is RowKind.DATA:
            fitting = [s for s in open_sections if s.path == row.section_path]
            section = fitting[-1] if fitting else root
            section.rows.append(row)
            by_row[row.number] = section
    return root, by_row


@dataclass(frozen=True, slots=True)
class Place:
    """Where a new row goes: its section, the project row it follows (None: the section's head),
    the line behind which it is inserted (from 0) and the row it is made after."""

    section: Section
    beside: Row | None
    after: int
    model: Row


class Placing:
    """Finds the place of projects in one sheet."""

    def __init__(self, template: TemplateSheet, matched: Matched, labels: Labels) -> None:
        self.template = template
        self.matched = matched
        self.labels = labels
        self.root, self.by_row = tree_of(template.table.rows)

    def place(self, project: FillProject) -> Place | str:
        """The place in the template's order, at the end of the project's group; or why none."""
        section = self.root
        while section.children:
            found = self._child_for(section, project)
            if isinstance(found, str):
                return found
            section = found
        beside = self._beside(section, project)
        model = self._model(section, beside)
        if model is None:
            return "表样里没有一行项目可以参照"
        if beside is not None:
            return Place(section, beside, self._last_line(beside), model)
        if section.head is None:
            return "表样里没有项目行"
        return Place(section, None, self.template.last_line(section.head), model)

    def _child_for(self, section: Section, project: FillProject) -> Section | str:
        """The sub-section of a project by the one trait that divides this level."""
        best: tuple[int, dict[str, Section], str] | None = None
        for trait in TRAITS:
            named, values = self._divided(section, trait)
            if len(values) == len(section.children) and (best is None or named > best[0]):
                best = (named, values, trait)
        if best is None:
            return "看不出表样按什么分组"
        value = project.traits.get(best[2], "")
        found = best[1].get(value)
        return found or f"表样里没有“{value or '（未注明）'}”这一组"

    def _divided(self, section: Section, trait: str) -> tuple[int, dict[str, Section]]:
        """Sub-sections by what they stand for, and how many say so in their heads."""
        named = 0
        values: dict[str, Section] = {}
        for child in section.children:
            value = self.labels.value(trait, child.head.label) if child.head else None
            named += value is not None
            value = value or self._majority(child, trait)
            if value is not None and value not in values:
                values[value] = child
        return named, values

    def _majority(self, section: Section, trait: str) -> str | None:
        known = [
            self.matched.projects[row.number].traits.get(trait, "")
            for row in section.everything()
            if row.number in self.matched.projects
        ]
        if not known:
            return None
        value, count = Counter(known).most_common(1)[0]
        return value if value and count >= PURE * len(known) else None

    def _beside(self, section: Section, project: FillProject) -> Row | None:
        """The last project of the section; in a plain list, of the same region's block."""
        if not section.rows:
            return None
        if "所属地区" in self.template.table.fields:
            regions = [(row, self._region(row)) for row in section.rows]
            runs = [r for i, (_, r) in enumerate(regions) if i == 0 or regions[i - 1][1] != r]
            own = project.traits.get("region", "")
            if own and len(runs) == len(set(runs)) > 1 and own in runs:
                return [row for row, region in regions if region == own][-1]
        return section.rows[-1]

    def _region(self, row: Row) -> str:
        project = self.matched.projects.get(row.number)
        if project is not None:
            return project.traits.get("region", "")
        text = row.parsed("所属地区")
        return (self.labels.value("region", text) or text) if isinstance(text, str) else ""

    def _last_line(self, row: Row) -> int:
        """The last line of a project, its sub-items included."""
        last = self.template.last_line(row)
        rows = self.template.table.rows
        for other in rows[rows.index(row) + 1 :]:
            if other.kind is not RowKind.SUB_ITEM:
                break
            last = max(last, self.template.last_line(other))
        return last

    def _model(self, section: Section, beside: Row | None) -> Row | None:
        """A project of one line, as near as there is one."""
        near = [beside] if beside is not None else []
        for row in (*near, *reversed(section.rows), *reversed(self.root.everything())):
            if self.template.last_line(row) == row.number:
                return row
        return beside
