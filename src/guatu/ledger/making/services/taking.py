"""Applications that come in a workbook: looked at first, then taken, all or none (M-A10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace

from django.db import transaction
from django.db.models import QuerySet

from guatu.core.errors import BadInput, Fault
from guatu.core.names import match_form
from guatu.files.intake import ReadFile
from guatu.files.services import store_blob
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger import access as ledger_access
from guatu.ledger.making import access, queries
from guatu.ledger.making.access import Maker
from guatu.ledger.making.models import Application, ListCall
from guatu.ledger.making.rules import EDITABLE
from guatu.ledger.making.services.applications import require_open
from guatu.ledger.making.services.calls import lock_call
from guatu.ledger.making.types import ApplicationState, ApplicationWords
from guatu.ledger.making.workbook.judging import Choices, Sent, judged
from guatu.ledger.making.workbook.reading import read_rows
from guatu.ledger.models import Project


@dataclass(slots=True)
class Looked:
    """What a workbook would do: new applications, changed ones, those that say the same."""

    call: ListCall
    new: list[Sent] = field(default_factory=list)
    changed: list[tuple[Sent, Application]] = field(default_factory=list)
    same: list[Sent] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    units: dict[int, str] = field(default_factory=dict)
    """Today's names of all organisations."""
    there: list[Application] = field(default_factory=list)
    """What was applied for before, but what was withdrawn."""

    @property
    def counts(self) -> str:
        """In one word: the confirmation must find the same ones."""
        return f"{len(self.new)}/{len(self.changed)}/{len(self.same)}"


def look_at(who: Maker, call: ListCall, read: ReadFile, *, seen: QuerySet[Project]) -> Looked:
    """What becomes of a workbook's lines; nothing is written.

    Raises BadInput for what is no workbook of the call, Conflict while the call takes none.
    """
    require_open(call)
    rows, faults = read_rows(read, call)
    choices = Choices.read()
    sent, wrong = judged(rows, call, who, choices, seen=seen)
    rest = Application.objects.filter(call=call).exclude(state=ApplicationState.WITHDRAWN)
    there = list(rest.order_by("pk"))
    told = {fault.cell for fault in faults}
    faults += [fault for fault in wrong if not fault.cell or fault.cell not in told]
    looked = Looked(call, faults=faults, units=choices.units.official, there=there)
    held = _held(there)
    for one in sent:
        _place(one, held, looked)
    return looked


@transaction.atomic
def take_applications(actor: Actor, call_id: int, read: ReadFile) -> Looked:
    """Take every line of a workbook as a submitted application, none where one is at fault.

    A unit sends its own, the office those of any unit. A draft or a returned one of the same unit
    and code or name is changed and submitted; one that waits already and says the same stays.
    The workbook itself is kept.
    """
    call = lock_call(access.get_call(actor, call_id))
    who = access.maker_of(actor)
    looked = look_at(who, call, read, seen=ledger_access.visible_to(actor))
    if looked.faults:
        raise BadInput(*looked.faults)
    if not looked.new and not looked.changed:
        what = "表里的申报都已收到，没有不同"
        raise BadInput(Fault("nothing-new", what, "不必再上传", read.name))
    detail = {"list": str(call), "file": read.name}
    with journal.act(actor, "list_applications.taken_in", detail=detail) as act:
        store_blob(act, read.bytes, read.mime)
        for sent in looked.new:
            one = Application(call=call, organisation_id=sent.organisation_id)
            act.write(_filled(one, sent.words, act))
        for sent, one in looked.changed:
            act.write(_filled(one, sent.words, act))
    return looked


def _filled(one: Application, words: ApplicationWords, act: journal.Act) -> Application:
    for part in fields(words):
        setattr(one, part.name, getattr(words, part.name))
    one.by = act.actor.text
    one.state, one.state_reason = ApplicationState.SUBMITTED, ""
    one.submitted_at, one.is_confirmed_new = act.at, False
    return one


def _held(there: Sequence[Application]) -> dict[tuple[int, str], Application]:
    """What units applied for, by unit with code and with name."""
    found: dict[tuple[int, str], Application] = {}
    for one in there:
        found.setdefault((one.organisation_id, match_form(one.name)), one)
        if one.national_code:
            found[one.organisation_id, f"#{one.national_code}"] = one
    return found


def _place(sent: Sent, held: dict[tuple[int, str], Application], looked: Looked) -> None:
    unit, words = sent.organisation_id, sent.words
    one = held.get((unit, f"#{words.national_code}")) if words.national_code else None
    one = one or held.get((unit, match_form(words.name)))
    if one is None:
        looked.new.append(sent)
    elif one.state in EDITABLE and one.pk not in {other.pk for _, other in looked.changed}:
        looked.changed.append((sent, one))
    elif one.pk in {other.pk for _, other in looked.changed}:
        what = f"表里有两行都是“{one.name}”"
        looked.faults.append(sent.row.fault("twice-in-file", what, "请只留一行"))
    elif _says(one, words):
        looked.same.append(sent)
    else:
        what = f"“{one.name}”已经申报，内容与表中不同"
        looked.faults.append(
            sent.row.fault("submitted-already", what, "要改的请项目办退回，再上传；不改的删去这行")
        )


def _says(one: Application, words: ApplicationWords) -> bool:
    """Whether an application says what a line says; a project that the office has found for it is
    no difference."""
    told = queries.words_of(one)
    return (replace(told, project_id=None) if words.project_id is None else told) == words
