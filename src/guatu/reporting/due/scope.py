"""Which projects limited rounds expect, read (M-C1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db.models import Exists, OuterRef, Q, QuerySet

from guatu.ledger.models import ListEntry, ProjectList
from guatu.reporting.due.models import RoundScope
from guatu.reporting.models import Round

type Scopes = Mapping[int, frozenset[int]]
"""The projects of limited rounds, by id of the round; a round that is not in it expects its
whole list."""


def scopes_of_rounds(rounds: Iterable[Round]) -> Scopes:
    """The projects that the limited ones among some rounds expect; no query where none is."""
    limited = {one.pk for one in rounds if one.is_limited}
    if not limited:
        return {}
    found: dict[int, set[int]] = defaultdict(set)
    rows = RoundScope.objects.filter(round__in=limited)
    for round_id, project_id in rows.values_list("round_id", "project_id"):
        found[round_id].add(project_id)
    return {pk: frozenset(found[pk]) for pk in limited}


def is_expected(scopes: Scopes, round_id: int, project_id: int) -> bool:
    """Whether a round expects a project of its list."""
    return round_id not in scopes or project_id in scopes[round_id]


def within(entries: QuerySet[ListEntry], the_round: Round) -> QuerySet[ListEntry]:
    """Those entries of the round's list that the round expects."""
    if not the_round.is_limited:
        return entries
    return entries.filter(project__in=scope_of(the_round).values("project_id"))


def scope_of(the_round: Round) -> QuerySet[RoundScope]:
    """Why a limited round expects its projects."""
    return RoundScope.objects.filter(round=the_round)


def expected_by(round_id: int) -> Q:
    """Of entries: that a round expects their project, for whoever has but its id."""
    whole = Round.objects.filter(pk=round_id, is_limited=False)
    named = RoundScope.objects.filter(round_id=round_id, project_id=OuterRef("project_id"))
    return Q(Exists(whole)) | Q(Exists(named))


def expecting(project_ids: Collection[int]) -> Q:
    """Of rounds: that they expect one of some projects, where these stand on their lists."""
    named = RoundScope.objects.filter(round_id=OuterRef("pk"), project_id__in=project_ids)
    return Q(is_limited=False) | Q(Exists(named))


def projects_held(rounds: QuerySet[Round]) -> set[int]:
    """The projects that some rounds hold, whole or limited; one query."""
    whole = rounds.filter(is_limited=False).order_by().values_list("list__entries__project_id")
    limited = rounds.filter(is_limited=True).order_by().values("pk")
    named = RoundScope.objects.filter(round__in=limited).order_by().values_list("project_id")
    return {pk for (pk,) in whole.union(named) if pk is not None}


def expected_ids(listing: ProjectList, key: str) -> Collection[int] | None:
    """The projects that the round of a list and period expects; None: the whole list, or no such
    round yet."""
    found = Round.objects.filter(list=listing, period__key=key, is_limited=True).first()
    return None if found is None else scopes_of_rounds([found])[found.pk]
