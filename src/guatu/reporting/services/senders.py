"""Saying who sent a file whose name does not tell."""

from __future__ import annotations

from django.db import transaction

from guatu.core.errors import BadInput, Fault
from guatu.files.models import Import
from guatu.files.senders import is_telling, stem_of
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.organisation import access
from guatu.organisation import queries as organisation
from guatu.organisation.types import Right
from guatu.reporting.models import DeliveredFile, IntakeAnswer, IntakeQuestion, Round
from guatu.reporting.services.intake import Places, take_in_again
from guatu.reporting.services.rounds import lock_rounds, require_open
from guatu.reporting.types import AnswerKind, FileState, QuestionState


def assign_sender(actor: Actor, the_round: Round, file: DeliveredFile, organisation_id: int) -> int:
    """Say which unit sent a file; remembered for later files of the same name but for its dates.

    A name that any table may have (进度表.xlsx) is remembered for this content alone. The files of
    this round that went by the same unknown sender follow, and rows that waited are judged again:
    the unit's columns may be known. Returns how many rows entered. Raises BadInput for a unit that
    does not exist, RoundClosed.
    """
    access.require(actor, Right.IMPORT_REPORTS)
    root = organisation.root_organisation().pk
    official = organisation.organisation_names().official
    if organisation_id == root or organisation_id not in official:
        raise BadInput(Fault("no-unit", "没有选发送单位", "请从列表里选一个单位"))
    if file.blob is None or file.state not in (FileState.TAKEN, FileState.WAITING):
        raise BadInput(Fault("not-taken", "这个文件没有入库", "只有入库的文件才需要发送单位"))
    name, stem = official[organisation_id], stem_of(file.name)
    with transaction.atomic(), journal.act(actor, "file.sender_assigned") as act:
        require_open(lock_rounds([the_round.pk]))
        act.detail.update({"file": file.name, "sender": name})
        act.write(
            IntakeAnswer(
                round=the_round,
                kind=AnswerKind.FILE,
                subject=stem if is_telling(stem) else file.blob.sm3,
                value=str(organisation_id),
                by=actor.text,
                at=act.at,
            )
        )
        imports = _imports(the_round, file, stem)
        blobs = {file.blob.pk, *(one.blob_id for one in imports)}
        for row in DeliveredFile.objects.filter(delivery__round=the_round, blob_id__in=blobs):
            row.sender = name
            act.write(row)
        return sum(_taken_again(actor, the_round, one) for one in imports)


def _imports(the_round: Round, file: DeliveredFile, stem: str) -> list[Import]:
    """The file's own record, and those of its stem where that says whose they are."""
    rows = Import.objects.select_related("blob").filter(
        target=f"{the_round.list_id}:{the_round.period.key}"
    )
    return [
        one
        for one in rows.order_by("pk")
        if one.blob_id == file.blob_id or (is_telling(stem) and stem_of(one.name) == stem)
    ]


def _taken_again(actor: Actor, the_round: Round, imported: Import) -> int:
    waiting = IntakeQuestion.objects.filter(
        imported=imported, is_waiting=True, state=QuestionState.OPEN
    )
    places = frozenset(waiting.values_list("sheet", "row_no"))
    if not places:
        return 0
    return take_in_again(actor, the_round, imported, Places(places)).stored
