"""Reads for papers: words that stand beside a project and are not part of a snapshot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from guatu.core.periods import PeriodKey
from guatu.ledger.models import ProjectList, Responsibility
from guatu.ledger.queries import project_index
from guatu.ledger.types import ResponsibilityRole
from guatu.organisation import queries as organisation
from guatu.organisation.queries import NameIndex
from guatu.publishing.summary_table.figures import Words
from guatu.reporting.models import IntakeQuestion
from guatu.reporting.types import QuestionState, ReportState

_DUTIES = {
    ResponsibilityRole.LEADER.value: "包联领导",
    ResponsibilityRole.LIAISON.value: "联络员",
    ResponsibilityRole.OWNER.value: "业主单位",
}


def table_words(listing: ProjectList, period: PeriodKey) -> Words:
    """Names and duties that a summary table needs beside the snapshot's figures."""
    regions, units = organisation.region_names(), organisation.organisation_names()
    return Words(
        projects={known.id: known.aliases for known in project_index(listing.pk).by_id.values()},
        regions=_other_names(regions),
        units=_other_names(units),
        duties=_duties(listing, units.official),
        waiting=_waiting(listing, period),
        states={str(state.value): str(state.label) for state in ReportState},
    )


def _waiting(listing: ProjectList, period: PeriodKey) -> frozenset[int]:
    """Projects of the list of which a row has come in but waits for an answer."""
    rows = IntakeQuestion.objects.filter(
        period__key=period.key,
        is_waiting=True,
        state=QuestionState.OPEN,
        project__entries__list=listing,
    )
    return frozenset(pk for pk in rows.values_list("project_id", flat=True) if pk is not None)


def _other_names(names: NameIndex) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for form, owner in names.by_form.items():
        if owner in names.official:
            found[names.official[owner]].append(form)
    return {name: tuple(forms) for name, forms in found.items()}


def _duties(listing: ProjectList, units: Mapping[int, str]) -> dict[int, dict[str, str]]:
    """包联领导, 联络员 and 业主单位 in force, by project; several of a kind in one text."""
    rows: Iterable[Responsibility] = (
        Responsibility.objects.filter(
            project__entries__list=listing, role__in=list(_DUTIES), valid_to__isnull=True
        )
        .select_related("person")
        .order_by("valid_from", "pk")
    )
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        name = row.person.name if row.person else units.get(row.organisation_id or 0, "")
        found[row.project_id][_DUTIES[row.role]].append(name)
    return {
        project: {word: "、".join(filter(None, names)) for word, names in by_word.items()}
        for project, by_word in found.items()
    }
