"""What the statistics system says of the invented city: figures, registrations, statisticians."""

from __future__ import annotations

from datetime import date
from random import Random

from guatu.core.periods import parse_period
from guatu.demo.types import City
from guatu.journal.types import Actor
from guatu.ledger.queries import find_list
from guatu.organisation.queries import organisation_names
from guatu.reporting.models import Figure
from guatu.reporting.statistics.services import (
    NameStatistician,
    Told,
    name_statistician,
    record_statistics,
)
from guatu.reporting.types import INVESTMENT, FigureSource

_FIRST = date(2025, 1, 1)


def count(actor: Actor, city: City, seed: int = 7) -> None:
    """The last closed month: most projects counted with nearly our figure, some far from it, some
    not counted; every tenth is unknown."""
    rng, period = Random(seed), parse_period(city.closed_periods[-1])
    ours = Figure.objects.filter(
        project__entries__list=find_list(period.year, None),
        indicator__code=INVESTMENT,
        as_of=period.as_of,
        source=FigureSource.UNIT,
        is_current=True,
        value__isnull=False,
    )
    told = []
    for project_id, value in ours.order_by("project_id").values_list("project_id", "value"):
        drawn = rng.random()
        if drawn < 0.1:
            continue
        if drawn < 0.2:
            told.append(Told(project_id, None, is_counted=False))
            continue
        share = rng.randrange(55, 80) if drawn < 0.3 else rng.randrange(93, 101)
        since = date(period.year - 1, rng.randrange(1, 13), 1)
        told.append(Told(project_id, (value or 0) * share // 100, True, since))
    record_statistics(actor, period.as_of, told)
    units = organisation_names()
    for one in city.organisations:
        unit = units.find(one.name)
        if unit is not None and rng.random() < 0.8:
            name_statistician(actor, NameStatistician(unit, one.contact, one.phone or "", _FIRST))
