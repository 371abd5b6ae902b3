"""Regions, organisations and sectors that a batch names and nobody knows yet."""

from __future__ import annotations

from dataclasses import replace

from guatu.core.names import match_form
from guatu.journal.services import Act
from guatu.ledger import queries as ledger
from guatu.ledger.models import Term
from guatu.ledger.types import Vocabulary
from guatu.organisation import queries as organisation
from guatu.organisation.services import (
    NewOrganisation,
    NewRegion,
    create_organisations,
    create_regions,
)
from guatu.organisation.types import OrganisationKind, RegionKind
from guatu.planning.intake.check import Checked, Known
from guatu.planning.intake.rows import names_in


def create_missing(act: Act, checked: Checked, known: Known) -> Known:
    """Make what the batch names and nobody knows yet; returns what is known then."""
    zones = {match_form(z) for z in names_in(organisation.settings_in_force()["functional-zones"])}
    regions = [
        NewRegion(name, kind=RegionKind.ZONE if match_form(name) in zones else RegionKind.COUNTY)
        for name in checked.new_regions
    ]
    create_regions(act, regions)
    create_organisations(
        act,
        [NewOrganisation(name, OrganisationKind.BUREAU) for name in checked.new_organisations]
        + [NewOrganisation(name, OrganisationKind.OWNER) for name in checked.new_owners],
    )
    terms = [
        Term(vocabulary=Vocabulary.SECTOR, code=name, name=name) for name in checked.new_sectors
    ]
    act.add_all(terms)
    return replace(
        known,
        regions=organisation.region_names(),
        organisations=organisation.organisation_names(),
        sectors={match_form(name): term.pk for name, term in ledger.sector_terms().items()},
    )
