"""The act itself: open the round, lock, judge, store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.db import transaction

from guatu.core.errors import BadInput, Fault
from guatu.files import services as files
from guatu.files.intake import read_files
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger import queries as ledger
from guatu.organisation import access
from guatu.organisation.types import Right
from guatu.reporting.intake.write import Why
from guatu.reporting.services.intake.batch import ReportsTaken, TakeInReports
from guatu.reporting.services.intake.gather import gather
from guatu.reporting.services.intake.store import store
from guatu.reporting.services.rounds import lock_rounds_holding, open_round, require_open


def take_in_reports(actor: Actor, paths: Sequence[Path], command: TakeInReports) -> ReportsTaken:
    """Take report workbooks in for one period: good rows enter, doubtful rows wait.

    Opens the round on first use. Raises RoundClosed where the round is locked, BadInput where no
    file can be read at all. A re-sent file replaces its own rows only; the same content twice
    changes nothing. With `dry_run` everything is computed and nothing kept.
    """
    access.require(actor, Right.IMPORT_REPORTS)
    if command.save_mapping_for and command.mapping is None:
        raise BadInput(Fault("no-mapping", "没有可记住的列对应", "请同时用--mapping写明列对应文件"))
    listing = ledger.find_list(command.period.year, command.list_name or None)
    read = read_files(paths)
    batch = gather(read, listing, command.period, mapping=command.mapping)
    if read and len({f.file for f in batch.taken.refused}) == len(read):
        raise BadInput(*batch.taken.refused)
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
        store(act, batch, the_round, Why(), is_trial=command.dry_run)
        if command.dry_run:
            transaction.set_rollback(True)
    return batch.taken
