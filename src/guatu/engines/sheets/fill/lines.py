"""The lines of the filled table: projects in their final order, old rows and new ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from guatu.engines.sheets.fill.formulas import Shift
from guatu.engines.sheets.fill.matching import Matched
from guatu.engines.sheets.fill.sections import Place, Placing, Section
from guatu.engines.sheets.fill.template import TemplateSheet
from guatu.engines.sheets.fill.types import FillProject
from guatu.engines.sheets.grid import Merge
from guatu.engines.sheets.types import Row, RowKind


@dataclass(slots=True)
class Line:
    """A project's line. `row` is where it stands afterwards (from 0); `model` the template row
    whose cells it has: its own, or the one a new row is made after."""

    row: int
    model: Row
    project: FillProject | None = None
    place: Place | None = None

    @property
    def is_new(self) -> bool:
        """Whether the template did not have it."""
        return self.place is not None


@dataclass(slots=True)
class Lines:
    """All lines of a sheet, the insertions that make room for the new ones, and what found none."""

    lines: list[Line]
    shift: Shift
    insertions: list[tuple[int, int, int]]
    growing: set[tuple[int, int]]
    unplaced: list[tuple[FillProject, str]] = field(default_factory=list)

    def row(self, number: int) -> int:
        """Where a row of the template stands afterwards; both from 0."""
        return self.shift.row(number + 1) - 1

    def of_rows(self, rows: Iterable[Row], section: Section | None = None) -> list[Line]:
        """The lines of some template rows, with the new ones that stand beside them or within
        the section."""
        numbers = {row.number for row in rows}
        return [line for line in self.lines if _is_among(line, numbers, section)]


def _is_among(line: Line, numbers: set[int], section: Section | None) -> bool:
    if line.place is None:
        return line.model.number in numbers
    if section is not None and section.holds(line.place.section):
        return True
    return line.place.beside is not None and line.place.beside.number in numbers


def lines_of(
    template: TemplateSheet, matched: Matched, placing: Placing, newcomers: list[FillProject]
) -> Lines:
    """Place the newcomers, at most one insertion a spot, and put everything in order."""
    spots: dict[int, list[tuple[FillProject, Place]]] = defaultdict(list)
    unplaced: list[tuple[FillProject, str]] = []
    for project in newcomers:
        found = placing.place(project)
        if isinstance(found, str):
            unplaced.append((project, found))
        else:
            spots[found.after].append((project, found))
    insertions = [
        (after + 1, len(group), group[0][1].model.number + 1)
        for after, group in sorted(spots.items())
    ]
    shift = Shift(tuple((after, count) for after, count, _ in insertions))
    lines = [
        Line(shift.row(row.number + 1) - 1, row, matched.projects.get(row.number))
        for row in template.table.rows
        if row.kind in (RowKind.DATA, RowKind.SUB_ITEM)
    ]
    growing: set[tuple[int, int]] = set()
    for after, group in spots.items():
        first = shift.row(after + 1)
        lines += [
            Line(first + step, place.model, project, place)
            for step, (project, place) in enumerate(group)
        ]
        growing |= _growing(template, after, [project for project, _ in group], matched)
    lines.sort(key=lambda line: line.row)
    return Lines(lines, shift, insertions, growing, unplaced)


def _growing(
    template: TemplateSheet, after: int, projects: list[FillProject], matched: Matched
) -> set[tuple[int, int]]:
    """Cells merged over several projects that end here and say of the new ones what they say."""
    return {
        (merge.top + 1, merge.left + 1)
        for merge in template.sheet.merges
        if merge.bottom == after
        and merge.top > template.table.header[1]
        and _is_shared(template, merge)
        and _agrees(merge, projects, matched)
    }


def _is_shared(template: TemplateSheet, merge: Merge) -> bool:
    inside = [r for r in template.data_rows() if merge.top <= r.number <= merge.bottom]
    return len(inside) > 1


def _agrees(merge: Merge, projects: list[FillProject], matched: Matched) -> bool:
    """The new projects share with all that stand beside the merged cell one of their traits."""
    beside = [p for number, p in matched.projects.items() if merge.top <= number <= merge.bottom]
    traits = beside[0].traits if beside else {}
    return any(
        value and all(p.traits.get(trait) == value for p in (*beside, *projects))
        for trait, value in traits.items()
    )
