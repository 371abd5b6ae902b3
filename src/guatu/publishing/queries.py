"""Reads for papers: words that stand beside a project and are not part of a snapshot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Prefetch, QuerySet

from guatu.core import clock
from guatu.core.periods import PeriodKey
from guatu.ledger.models import ProjectList, Responsibility
from guatu.ledger.queries import in_force, project_index
from guatu.ledger.types import ResponsibilityRole
from guatu.organisation import queries as organisation
from guatu.organisation.queries import NameIndex
from guatu.planning.days import GivenDays
from guatu.publishing.models import Paper, TableTemplate
from guatu.publishing.summary_table.figures import Words
from guatu.publishing.types import PaperKind, PaperState
from guatu.reporting.basis.queries import across_years
from guatu.reporting.models import IntakeQuestion, Round
from guatu.reporting.types import QuestionState, ReportState, RoundState

_DUTIES = {
    ResponsibilityRole.LEADER.value: "包联领导",
    ResponsibilityRole.LIAISON.value: "联络员",
    ResponsibilityRole.OWNER.value: "业主单位",
}


def table_words(listing: ProjectList, period: PeriodKey) -> Words:
    """Names and duties that a summary table needs beside the snapshot's figures."""
    regions, units = organisation.region_names(), organisation.organisation_names()
    known = project_index(listing.pk).by_id
    return Words(
        projects={one.id: one.aliases for one in known.values()},
        regions=_other_names(regions),
        units=_other_names(units),
        duties=_duties(listing, units.official),
        waiting=_waiting(listing, period),
        states={str(state.value): str(state.label) for state in ReportState},
        days=GivenDays().read(known),
        across=across_years(period),
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
            in_force(clock.today()), project__entries__list=listing, role__in=list(_DUTIES)
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


def circular_in_force(the_round: Round) -> Paper | None:
    """The round's circular that is drafted or issued, in one query."""
    return circulars(the_round)[0]


def circulars(the_round: Round) -> tuple[Paper | None, list[Paper]]:
    """The round's circular that is drafted or issued, and what was issued and withdrawn, the
    newest first; in one query."""
    rows = Paper.objects.filter(round=the_round, kind=PaperKind.CIRCULAR)
    every = list(rows.select_related("document", "scan", "snapshot").order_by("-pk"))
    withdrawn = [one for one in every if one.state == PaperState.WITHDRAWN]
    return next((one for one in every if one not in withdrawn), None), withdrawn


def template_in_use() -> TableTemplate | None:
    """The office's own summary table."""
    return TableTemplate.objects.select_related("blob").order_by("-pk").first()


def locked_rounds() -> QuerySet[Round]:
    """Every locked round with its list and period, the newest first, and its circular, if any.
    Limited rounds have none: no circular speaks of a part of the list as if it were all."""
    return (
        Round.objects.filter(state=RoundState.CLOSED, is_limited=False)
        .select_related("list", "period")
        .prefetch_related(
            Prefetch(
                "papers",
                Paper.objects.filter(kind=PaperKind.CIRCULAR)
                .exclude(state=PaperState.WITHDRAWN)
                .select_related("snapshot"),
                "in_force",
            )
        )
        .order_by("-period__last_on", "list_id")
    )
