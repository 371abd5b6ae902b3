"""Pasting a month of the statistics system: what is told, and what it would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from guatu.ledger.models import Project
from guatu.ledger.request import Viewer
from guatu.reporting.access import projects_of
from guatu.reporting.models import Figure, Round
from guatu.reporting.statistics import queries
from guatu.reporting.statistics.forms import PasteForm
from guatu.reporting.statistics.models import Registration
from guatu.reporting.statistics.pasting import Index, told_of
from guatu.reporting.statistics.services import Told


@dataclass(frozen=True, slots=True)
class Previewed:
    """One pasted row beside what is there."""

    project: Project
    told: Told
    figure: Figure | None
    registration: Registration | None

    @property
    def change(self) -> str:
        """What the row does to the figure."""
        if self.told.value_yuan is None:
            return "不改"
        if self.figure is None:
            return "新增"
        return "不变" if self.figure.value == self.told.value_yuan else "更正"

    @property
    def counted(self) -> str:
        """What the row says of its being counted."""
        if self.told.is_counted is None:
            return "不改"
        return f"{self.told.counted_since}起纳统" if self.told.is_counted else "未纳统"


def told_by(viewer: Viewer, the_round: Round, form: PasteForm) -> list[Told]:
    """What a form's paste says of the projects of a round's list. Raises BadInput."""
    index = Index.of(projects_of(viewer, the_round))
    told = form.cleaned_data
    return told_of(told["text"], index, the_round.period.parsed.year, told["unit"])


def paste_page(the_round: Round, form: PasteForm | None = None) -> dict[str, Any]:
    """The form."""
    return {"round": the_round, "form": form or PasteForm(initial={"unit": "万元"})}


def preview_page(the_round: Round, form: PasteForm, told: Sequence[Told]) -> dict[str, Any]:
    """What the paste would do, with the state that it was compared with; five queries."""
    ids = [one.project_id for one in told]
    as_of = the_round.period.last_on
    projects = Project.objects.in_bulk(ids)
    figures = queries.current_figures(ids, as_of)
    held = queries.registrations(ids)
    rows = [
        Previewed(projects[pk], one, figures.get(pk), held.get(pk))
        for one in told
        for pk in (one.project_id,)
    ]
    corrections = sum(one.change == "更正" for one in rows)
    return {
        "round": the_round,
        "form": form,
        "rows": rows,
        "corrections": corrections,
        "seen": queries.state_key(ids, as_of),
    }
