"""The act itself: open the round, lock, judge, store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.db import transaction

from guatu.core.errors import BadInput, Fault
from guatu.files import services as files
from guatu.files.intake import ReadFile, read_contents, read_files
from guatu.files.models import Import
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger import queries as ledger
from guatu.ledger.models import ProjectList
from guatu.organisation import access
from guatu.organisation.types import Right
from guatu.reporting.intake.write import Why
from guatu.reporting.models import Round
from guatu.reporting.services.intake.batch import Batch, Places, ReportsTaken, TakeInReports
from guatu.reporting.services.intake.gather import gather
from guatu.reporting.services.intake.store import store
from guatu.reporting.services.rounds import lock_rounds_holding, open_round, require_open


def take_in_reports(
    actor: Actor, given: Sequence[Path | tuple[str, bytes]], command: TakeInReports
) -> ReportsTaken:
    """Take report workbooks in for one period: good rows enter, doubtful rows wait.

    Files are given as paths, or as names with their contents. Opens the round on first use.
    Raises RoundClosed where the round is locked, BadInput where no file can be read at all. A
    re-sent file replaces its own rows only; the same content twice changes nothing. With
    `dry_run` everything is computed and nothing kept.
    """
    access.require(actor, Right.IMPORT_REPORTS)
    if command.save_mapping_for and command.mapping is None:
        raise BadInput(Fault("no-mapping", "没有可记住的列对应", "请同时给出列对应文件"))
    listing = ledger.find_list(command.period.year, command.list_name or None)
    read = [
        *read_files([one for one in given if isinstance(one, Path)]),
        *read_contents([one for one in given if isinstance(one, tuple)]),
    ]
    batch = gather(read, listing, command.period, mapping=command.mapping)
    if read and len({f.file for f in batch.taken.refused}) == len(read):
        raise BadInput(*batch.taken.refused)
    return _take_in(actor, batch, listing, command)


def take_in_read(actor: Actor, the_round: Round, read: list[ReadFile]) -> ReportsTaken:
    """Take files that were read already into a round; files that are no tables are told apart.

    Raises RoundClosed where the round is locked.
    """
    access.require(actor, Right.IMPORT_REPORTS)
    period = the_round.period.parsed
    batch = gather(read, the_round.list, period, mapping=None)
    return _take_in(actor, batch, the_round.list, TakeInReports(period))


def take_in_again(actor: Actor, the_round: Round, imported: Import, places: Places) -> ReportsTaken:
    """Take rows that waited in from the stored file, after somebody answered.

    Only the rows at `places` may enter: the others of this file are in already, and what was
    said of them since (a later file, a phone call) stands.
    """
    access.require(actor, Right.IMPORT_REPORTS)
    content = files.read_blob(imported.blob.sm3)
    period = the_round.period.parsed
    batch = gather(read_contents([(imported.name, content)]), the_round.list, period, mapping=None)
    batch.matched = [one for one in batch.matched if places.hold(one[0].place)]
    batch.parts = [one for one in batch.parts if places.hold(one[0].place)]
    return _take_in(actor, batch, the_round.list, TakeInReports(period))


def _take_in(
    actor: Actor, batch: Batch, listing: ProjectList, command: TakeInReports
) -> ReportsTaken:
    with transaction.atomic(), journal.act(actor, "reports.taken_in") as act:
        the_round = open_round(act, listing, command.period)
        # Lock before anything is judged: a close that is under way wins or waits for us.
        days = command.period.as_of, command.period.year_before.as_of
        locked = lock_rounds_holding(
            [pk for _, pk in [*batch.matched, *batch.parts]], *days, also=[the_round.pk]
        )
        # Last year's rounds are locked too: where one is closed, judging asks and takes nothing.
        require_open(one for one in locked if one.pk == the_round.pk)
        if command.save_mapping_for and command.mapping:
            files.remember_mapping(
                act, sender=command.save_mapping_for, columns=command.mapping.to_json()
            )
        stored = store(act, batch, the_round, Why(), is_trial=command.dry_run)
        batch.taken.written = stored
        if command.dry_run:
            transaction.set_rollback(True)
    return batch.taken
