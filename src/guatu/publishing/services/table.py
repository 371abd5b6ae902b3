"""The office's own summary table of a locked round (汇总表, M-I2): last month's file, filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from guatu.assessment import queries as assessment
from guatu.assessment.judging import Assessed
from guatu.assessment.models import Snapshot
from guatu.assessment.services.assess import assessment_for_papers
from guatu.core.errors import Fault
from guatu.core.periods import PeriodKey
from guatu.engines.sheets.fill import AddedRow, FieldValue, fill_template
from guatu.journal.types import Actor
from guatu.ledger.models import ProjectList
from guatu.publishing.queries import table_words
from guatu.publishing.summary_table.figures import scope_notices, summary_figures
from guatu.reporting import queries as reporting


@dataclass(frozen=True, slots=True)
class FilledTable:
    """A filled table: the workbook, how many cells got a value and how many of these are other
    than in the template, how many lost theirs (or got a sign such as —), rows added and rows whose
    project has left, what wants a person's eye."""

    content: bytes
    filled: int
    changed: int
    emptied: int
    added: tuple[AddedRow, ...]
    departed: tuple[AddedRow, ...]
    unfilled: tuple[Fault, ...]
    notices: tuple[Fault, ...]
    snapshot: Snapshot


def fill_summary_table(
    actor: Actor, listing: ProjectList, period: PeriodKey, template: Path
) -> FilledTable:
    """Fill the office's template from the newest revision of a locked round.

    Raises NotFound for an unknown or open round, NotAllowed without the right to issue papers,
    SheetsError for a template that cannot be used (see `fill_template`).
    """
    snapshot = assessment.newest_snapshot(reporting.find_round(listing, period))
    assessed = assessment_for_papers(actor, snapshot)
    figures = summary_figures(assessed, period, table_words(listing, period))
    rows: list[frozenset[int]] = []

    def total_of(keys: Sequence[int]) -> Mapping[str, FieldValue]:
        rows.append(frozenset(keys))
        return figures.total_of(keys)

    made = fill_template(template, replace(figures, total_of=total_of))
    written = {(cell.sheet, cell.cell): cell for cell in made.written}.values()
    return FilledTable(
        content=made.content,
        filled=sum(cell.is_filled for cell in written),
        changed=sum(cell.is_changed and cell.is_filled for cell in written),
        emptied=sum(cell.is_changed and not cell.is_filled for cell in written),
        added=made.added,
        departed=made.departed,
        unfilled=made.unfilled,
        notices=(*made.notices, *scope_notices(assessed, rows), *_run_notices(assessed)),
        snapshot=snapshot,
    )


def _run_notices(assessed: Assessed) -> list[Fault]:
    return [Fault("run-notice", text.rstrip("。")) for text in assessed.notices]
