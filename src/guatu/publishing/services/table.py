"""The office's own summary table of a locked round (汇总表, M-I2): last month's file, filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from guatu.assessment import queries as assessment
from guatu.assessment.judging import Assessed
from guatu.assessment.models import Snapshot
from guatu.assessment.services.assess import assess_unkept, assessment_for_papers
from guatu.core.errors import Fault
from guatu.core.periods import PeriodKey
from guatu.engines.sheets.fill import (
    AddedRow,
    FieldValue,
    TemplateColumns,
    fill_workbook,
    template_columns,
)
from guatu.files import services as files
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger.models import ProjectList
from guatu.organisation import access
from guatu.organisation.types import Right
from guatu.publishing.models import TableTemplate
from guatu.publishing.queries import table_words
from guatu.publishing.summary_table.figures import summary_figures
from guatu.publishing.summary_table.scope import basis_notices, scope_notices
from guatu.reporting import queries as reporting
from guatu.reporting.models import Round
from guatu.ui.export import XLSX


@dataclass(frozen=True, slots=True)
class HandedInTemplate:
    """A template as it came: its name and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class FilledTable:
    """A filled table: the workbook, how many cells got a value and how many of these are other
    than in the template, how many lost theirs (or got a sign such as —), rows added and rows whose
    project has left, what wants a person's eye."""

    content: bytes
    filled: int
    changed: int
    emptied: int
    changed_cells: frozenset[tuple[str, str]]
    added: tuple[AddedRow, ...]
    departed: tuple[AddedRow, ...]
    unfilled: tuple[Fault, ...]
    notices: tuple[Fault, ...]
    snapshot: Snapshot


def fill_summary_table(
    actor: Actor, listing: ProjectList, period: PeriodKey, template: HandedInTemplate
) -> FilledTable:
    """Fill the office's template from the newest revision of a locked round.

    Raises NotFound for an unknown or open round, NotAllowed without the right to issue papers,
    SheetsError for a template that cannot be used (see `fill_workbook`).
    """
    snapshot = assessment.newest_snapshot(reporting.find_round(listing, period))
    return _filled(snapshot, assessment_for_papers(actor, snapshot), listing, period, template)


def fill_for_page(actor: Actor, the_round: Round, template: HandedInTemplate) -> FilledTable:
    """The same for a page that only looks or hands out the file: no run is kept."""
    access.require(actor, Right.ISSUE_PAPERS)
    snapshot = assessment.newest_snapshot(the_round)
    assessed = assess_unkept(assessment.snapshot_content(snapshot), the_round.list_id)
    return _filled(snapshot, assessed, the_round.list, the_round.period.parsed, template)


def keep_template(
    actor: Actor, period: PeriodKey, template: HandedInTemplate
) -> tuple[TableTemplate, list[TemplateColumns]]:
    """Remember a workbook as the office's own summary table, and tell how it is read.

    Raises SheetsError for a file that is no summary table; then nothing is kept.
    """
    access.require(actor, Right.ISSUE_PAPERS)
    found = template_columns(template.content, period, name=template.name)
    with journal.act(actor, "table_template.kept") as act:
        row = TableTemplate(
            name=template.name[:255],
            blob=files.store_blob(act, template.content, XLSX),
            by=actor.text,
            at=act.at,
        )
        act.write(row)
    return row, found


def _filled(
    snapshot: Snapshot,
    assessed: Assessed,
    listing: ProjectList,
    period: PeriodKey,
    template: HandedInTemplate,
) -> FilledTable:
    words = table_words(listing, period)
    figures = summary_figures(assessed, period, words)
    rows: list[frozenset[int]] = []

    def total_of(keys: Sequence[int]) -> Mapping[str, FieldValue]:
        rows.append(frozenset(keys))
        return figures.total_of(keys)

    made = fill_workbook(template.content, replace(figures, total_of=total_of), name=template.name)
    written = {(cell.sheet, cell.cell): cell for cell in made.written}.values()
    return FilledTable(
        content=made.content,
        filled=sum(cell.is_filled for cell in written),
        changed=sum(cell.is_changed and cell.is_filled for cell in written),
        emptied=sum(cell.is_changed and not cell.is_filled for cell in written),
        changed_cells=frozenset(
            (made.retitled.get(one.sheet, one.sheet), one.cell) for one in written if one.is_changed
        ),
        added=made.added,
        departed=made.departed,
        unfilled=made.unfilled,
        notices=(
            *made.notices,
            *scope_notices(assessed, rows),
            *basis_notices(words.across),
            *_run_notices(assessed),
        ),
        snapshot=snapshot,
    )


def _run_notices(assessed: Assessed) -> list[Fault]:
    return [Fault("run-notice", text.rstrip("。")) for text in assessed.notices]
