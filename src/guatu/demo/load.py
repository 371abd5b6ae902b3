"""Loading the invented city into an empty installation through the same services as real data."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Collection
from pathlib import Path

from guatu.assessment.services.assess import assess_for_record
from guatu.assessment.services.close import close_round
from guatu.core.periods import parse_period
from guatu.demo.appraised import appraise
from guatu.demo.city import generate
from guatu.demo.faults import Planted, write_json
from guatu.demo.forty import write_forty
from guatu.demo.statistics import count
from guatu.demo.summary_table import last_month_table
from guatu.demo.types import City
from guatu.demo.workbooks import ledger_workbook, report_workbook
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger.matching import ProjectIndex
from guatu.ledger.models import Project, ProjectAlias
from guatu.ledger.queries import find_list, project_index
from guatu.organisation import services as organisation
from guatu.organisation.services import NewOrganisation, NewRegion
from guatu.organisation.types import OrganisationKind, RegionKind
from guatu.planning.services import TakeInList, take_in_list
from guatu.reporting.services.intake import TakeInReports, take_in_reports
from guatu.reporting.services.rounds import open_round

Progress = Callable[[str], None]


def load_demo(
    actor: Actor, folder: Path, progress: Progress, *, rounds: Collection[str] | None = None
) -> Planted:
    """Fill an empty installation: two years' lists, closed rounds; write the open month's files.

    `folder` gets the forty workbooks, the list of what was planted in them (planted.json) and
    last month's summary table. `rounds` limits the closed periods to some, for tests.
    """
    city = generate()
    organisation.install(actor, city=city.name)
    organisation.change_settings(actor, {"city": city.name})
    _structure(actor, city)
    years = sorted({entry.year for entry in city.entries})
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        for year in years:
            path = scratch / f"{year}年重点项目清单.xlsx"
            ledger_workbook(city, year, path)
            take_in_list(actor, [path], TakeInList(year=year, creates_missing=True))
            progress(f"{year}年清单")
            for period in city.closed_periods:
                if period.startswith(str(year)) and (rounds is None or period in rounds):
                    _round(actor, city, period, scratch)
                    progress(f"{period}已锁定")
    if rounds is None:
        key = parse_period(city.open_period)
        with journal.act(actor, "round.opened") as act:
            open_round(act, find_list(key.year, None), key)
        progress(f"{city.open_period}开始收报")
        appraise(actor)
    _aliases(actor, city)
    if rounds is None:
        count(actor, city)
    return write_files(city, folder)


def write_files(city: City, folder: Path) -> Planted:
    """Write what lies on the clerk's desk in the open month."""
    files = folder / f"{city.open_period}月报"
    shutil.rmtree(files, ignore_errors=True)
    files.mkdir(parents=True)
    planted = write_forty(city, files)
    write_json(planted, folder / "planted.json")
    last_month_table(city, folder / "上月汇总表.xlsx")
    return planted


def _structure(actor: Actor, city: City) -> None:
    """Regions and organisations with the other names that files use."""
    districts = [region for region in city.regions if region.parent is not None]
    with journal.act(actor, "demo.structure") as act:
        ids = organisation.create_regions(
            act,
            [
                NewRegion(
                    region.name,
                    region.code,
                    RegionKind.ZONE if region.kind == "zone" else RegionKind.COUNTY,
                    region.aliases,
                )
                for region in districts
            ],
        )
        codes = {region.code: ids[region.name] for region in districts}
        units = organisation.create_organisations(
            act,
            [
                NewOrganisation(
                    one.name,
                    _KINDS.get(one.kind, OrganisationKind.BUREAU),
                    codes.get(one.region),
                    one.aliases,
                )
                for one in city.organisations
            ],
        )
    for one in city.organisations:
        organisation.create_person(
            actor, one.contact, organisation_id=units[one.name], phone=one.phone
        )


_KINDS = {"company": OrganisationKind.COMPANY, "park": OrganisationKind.PARK}


def _round(actor: Actor, city: City, period: str, scratch: Path) -> None:
    path = scratch / f"{period}.xlsx"
    report_workbook(city, period, path)
    key = parse_period(period)
    take_in_reports(actor, [path], TakeInReports(period=key))
    assess_for_record(actor, close_round(actor, find_list(key.year, None), key))


def _aliases(actor: Actor, city: City) -> None:
    """Other names of projects that the office has learned."""
    index: ProjectIndex = project_index()
    rows = []
    for project in city.projects:
        if not project.aliases:
            continue
        found = index.find(code=project.code, name=project.name, region_id=None).project_id
        if found is not None:
            start = Project.objects.get(pk=found).entries.order_by("joined_on")[0].joined_on
            rows += [
                ProjectAlias(project_id=found, name=alias, valid_from=start)
                for alias in project.aliases
            ]
    with journal.act(actor, "demo.aliases") as act:
        act.add_all(rows)
