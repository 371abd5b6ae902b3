"""One project in the statistics system: both figures by month, registration, materials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from guatu.ledger.models import Project
from guatu.ledger.request import Viewer
from guatu.organisation.types import Right
from guatu.reporting.access import rounds_seen
from guatu.reporting.basis.queries import basis_of
from guatu.reporting.basis.rules import comparable, words_beside
from guatu.reporting.models import Figure, Round
from guatu.reporting.statistics import queries
from guatu.reporting.statistics.forms import FigureForm, MaterialForm, RegistrationForm
from guatu.reporting.statistics.queries import MaterialLine, both_words
from guatu.reporting.statistics.rules import Pair
from guatu.reporting.types import INVESTMENT, FigureSource
from guatu.ui.forms import SiteForm


@dataclass(frozen=True, slots=True)
class Line:
    """A figure of the statistics system beside ours of the same day."""

    figure: Figure
    pair: Pair
    note: str

    @property
    def rate(self) -> str:
        """The gap rate in percent."""
        return self.pair.rate_text or "—"


def months_of(viewer: Viewer, project: Project) -> list[Round]:
    """The rounds of the project's lists, newest first."""
    rows = rounds_seen(viewer).filter(list__entries__project=project)
    return list(rows.order_by("-period__last_on", "list_id")[:36])


def lines_of(project: Project) -> list[Line]:
    """Every statistics figure with ours of its day and what is to be said of the comparison."""
    figures = queries.statistics_figures(project.pk)
    ours = queries.ours_on(project.pk, {one.as_of for one in figures})
    known = basis_of(INVESTMENT)
    found = []
    for one in figures:
        verdict = comparable(known.on(one.as_of), known.on(one.as_of, FigureSource.STATISTICS))
        pair = Pair(ours.get(one.as_of), one.value, verdict)
        found.append(Line(one, pair, words_beside(verdict)))
    return found


def page(viewer: Viewer, project: Project, **bound: SiteForm) -> dict[str, Any]:
    """The page; `bound` holds the form that was refused, under its name."""
    registration = queries.registration_of(project)
    may_enter = Right.IMPORT_REPORTS in viewer.rights
    lines = lines_of(project)
    known = basis_of(INVESTMENT)
    day = lines[0].figure.as_of if lines else None
    return {
        "project": project,
        "registration": registration,
        "lines": lines,
        "bases": both_words(known, day) if day else [],
        "may_enter": may_enter,
        "materials": _materials(project, bound.get("material_form"), may_enter=may_enter),
        "figure_form": bound.get("figure_form")
        or (figure_form(months_of(viewer, project)) if may_enter else None),
        "registration_form": bound.get("registration_form") or _registration_form(registration),
    }


def figure_form(rounds: list[Round], data: Any = None) -> FigureForm:
    """The form of one figure; its months are those of the project's lists."""
    told: dict[str, str] = {}
    for one in rounds:
        told.setdefault(one.period.key, one.period.label)
    return FigureForm(data, options={"round": list(told.items())})


def _registration_form(held: Any) -> RegistrationForm:
    if held is None:
        return RegistrationForm(initial={"is_counted": "no", "version": 0})
    return RegistrationForm(
        initial={
            "is_counted": "yes" if held.is_counted else "no",
            "counted_since": held.counted_since,
            "code": held.code,
            "note": held.note,
            "version": held.version,
        }
    )


def _materials(
    project: Project, refused: SiteForm | None, *, may_enter: bool
) -> list[tuple[MaterialLine, SiteForm | None]]:
    def form(line: MaterialLine) -> SiteForm | None:
        if not may_enter:
            return None
        if refused is not None and refused.data.get("kind") == str(line.kind_id):
            return refused
        held = line.held
        return MaterialForm(
            auto_id=f"m{line.kind_id}-%s",
            initial={
                "kind": line.kind_id,
                "state": held.state if held else "missing",
                "on": held.on if held else None,
                "reference": held.reference if held else "",
                "version": held.version if held else 0,
            },
        )

    return [(line, form(line)) for line in queries.materials_of(project.pk)]
