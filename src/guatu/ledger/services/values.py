"""Recording what a rule book's own measures need (登记): added, corrected and withdrawn by new
rows; nothing is overwritten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from guatu.core import clock
from guatu.core.clock import FIRST_DAY
from guatu.core.errors import BadInput, Conflict, Fault, GuatuError
from guatu.core.names import has_hidden_signs
from guatu.engines.rulebook.types import Kind, Measure
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger import access
from guatu.ledger.models import RecordedValue
from guatu.ledger.queries import values_in_force
from guatu.ledger.types import SubjectKind
from guatu.ledger.values import form_of, read_value, stored
from guatu.organisation.access import require
from guatu.organisation.types import Right

LONGEST_BASIS = 300


@dataclass(frozen=True, slots=True)
class Told:
    """When a value holds and on what basis. `who` is whoever gave a record's entry."""

    on: date
    valid_to: date | None = None
    basis: str = ""
    who: str = ""


type Subject = tuple[SubjectKind, int]
"""A kind and the row it stands for."""


class RowsRefused(BadInput):
    """Some of many values cannot be recorded: the faults by the row they belong to."""

    def __init__(self, rows: Mapping[int, tuple[Fault, ...]]) -> None:
        super().__init__(*(fault for faults in rows.values() for fault in faults))
        self.rows = rows


def record_value(
    actor: Actor, subject: Subject, measure: Measure, text: str, told: Told
) -> RecordedValue:
    """Record one value of a measure of the book in force.

    The same measure on the same day is corrected; a record gets one more entry. NotFound where
    the actor sees no such subject, NotAllowed where the measure is not his to give, BadInput.
    """
    kind, pk = subject
    access.require_subject(actor, kind, [pk])
    access.require_recorder(actor, measure)
    faults = told_faults(measure, told)
    try:
        row = _row(actor.text, subject, measure, text, told)
    except BadInput as error:
        raise BadInput(*error.faults, *faults) from error
    if faults:
        raise BadInput(*faults)
    _write(actor, measure, kind, [row])
    return row


def record_values(
    actor: Actor, kind: SubjectKind, measure: Measure, texts: Mapping[int, str], told: Told
) -> int:
    """Record one measure for many subjects of a kind: all of them, or nothing where one row is
    wrong (RowsRefused). Returns how many are new; what says the same already is left alone."""
    access.require_subject(actor, kind, list(texts))
    access.require_recorder(actor, measure)
    faults = told_faults(measure, told)
    if faults:
        raise BadInput(*faults)
    rows: list[RecordedValue] = []
    refused: dict[int, tuple[Fault, ...]] = {}
    for pk, text in texts.items():
        try:
            rows.append(_row(actor.text, (kind, pk), measure, text, told))
        except GuatuError as error:
            refused[pk] = error.faults
    if refused:
        raise RowsRefused(refused)
    return _write(actor, measure, kind, rows)


def withdraw_value(
    actor: Actor, value: RecordedValue, measure: Measure | None, *, basis: str
) -> RecordedValue:
    """Take a recorded value back, with the reason. Conflict where it is no longer in force.

    `measure` None: the book in force no longer has it, and the withdrawal is the office's.
    """
    kind = SubjectKind(value.subject)
    access.require_subject(actor, kind, [subject_id(value)])
    if measure is None:
        require(actor, Right.EDIT_PROJECTS)
    else:
        access.require_recorder(actor, measure)
    if not basis.strip():
        raise BadInput(Fault("no-basis", "没有写撤回的理由", "请写明为什么撤回"))
    faults = basis_faults(basis)
    if faults:
        raise BadInput(*faults)
    row = RecordedValue(
        subject=value.subject,
        project_id=value.project_id,
        organisation_id=value.organisation_id,
        region_id=value.region_id,
        measure=value.measure,
        form=value.form,
        on=value.on,
        basis=basis.strip(),
        replaces=value,
        is_withdrawal=True,
        by=actor.text,
        at=clock.now(),
    )
    if value.is_withdrawal or RecordedValue.objects.filter(replaces=value).exists():
        raise _replaced()
    try:
        with transaction.atomic(), journal.act(actor, "value.withdrawn") as act:
            act.reserve_seq()
            act.detail.update({"measure": value.measure, "reason": basis.strip()})
            act.write(row)
    except IntegrityError as error:
        raise _replaced() from error
    return row


def told_faults(measure: Measure, told: Told) -> list[Fault]:
    """What is wrong with the day, the term or the basis."""
    faults = []
    if told.on > clock.today():
        faults.append(Fault("future-day", "日期在今天以后", "请写已经到了的日期"))
    if told.on < FIRST_DAY:
        faults.append(Fault("early-day", f"日期早于{FIRST_DAY}", "请核对年份"))
    if told.valid_to is not None and measure.kind is Kind.RECORDS:
        faults.append(Fault("record-term", "一次次的记录没有有效期", "请不写有效至"))
    elif told.valid_to is not None and told.valid_to < told.on:
        faults.append(Fault("term-before-day", "有效至早于日期", "请核对两个日期"))
    if measure.judged_by and not told.basis.strip():
        wanted = f"这项认定须有：{measure.evidence}" if measure.evidence else "请写文件名称和文号"
        faults.append(Fault("no-basis", "没有写依据", wanted))
    return faults + basis_faults(told.basis)


def basis_faults(basis: str) -> list[Fault]:
    """What is wrong with a basis or reason."""
    if len(basis.strip()) > LONGEST_BASIS:
        return [Fault("basis-too-long", f"依据超过{LONGEST_BASIS}字", "请写文件名称和文号")]
    if has_hidden_signs(basis.strip()):
        return [Fault("basis-not-plain", "依据里有看不见的字符或换行", "请重新输入，不要粘贴")]
    return []


def subject_id(value: RecordedValue) -> int:
    """The row of the project, unit or region that a value speaks of."""
    return value.project_id or value.organisation_id or value.region_id or 0


def _row(by: str, subject: Subject, measure: Measure, text: str, told: Told) -> RecordedValue:
    kind, pk = subject
    fact = read_value(text, measure, on=told.on, who=told.who)
    return RecordedValue(
        subject=kind,
        **{f"{kind.value}_id": pk},
        measure=measure.name,
        form=form_of(measure),
        value=stored(fact),
        on=told.on,
        valid_to=told.valid_to,
        basis=told.basis.strip(),
        by=by,
        at=clock.now(),
    )


def _write(actor: Actor, measure: Measure, kind: SubjectKind, rows: list[RecordedValue]) -> int:
    """Write what is new; a value of the same day names the one that it corrects."""
    is_record = measure.kind is Kind.RECORDS
    try:
        with transaction.atomic(), journal.act(actor, "value.recorded") as act:
            # Of two who record the same day at once the second corrects what the first wrote; the
            # head is locked before any row, here and where a value is withdrawn.
            act.reserve_seq()
            standing = _standing(measure, kind, rows)
            fresh = []
            for row in rows:
                held = standing.get((subject_id(row), row.on), [])
                if any(_says_the_same(one, row) for one in held):
                    continue
                row.at = act.at
                if held and not is_record:
                    row.replaces = held[-1]
                fresh.append(row)
            if not fresh:
                raise BadInput(
                    Fault("recorded-already", "已经登记过同样的内容", "没有变化，不必再登记")
                )
            act.detail["measure"] = measure.name
            act.add_all(fresh)
    except IntegrityError as error:
        raise _replaced() from error
    return len(fresh)


def _standing(
    measure: Measure, kind: SubjectKind, rows: Iterable[RecordedValue]
) -> dict[tuple[int, date], list[RecordedValue]]:
    """What stands already on the same days, by subject and day; one query."""
    wanted = list(rows)
    ids = {subject_id(row) for row in wanted}
    found: dict[tuple[int, date], list[RecordedValue]] = {}
    held = values_in_force().filter(
        subject=kind, measure=measure.name, on__in={row.on for row in wanted}
    )
    if len(ids) <= 500:
        held = held.filter(**{f"{kind.value}_id__in": ids})
    for one in held.order_by("pk"):
        found.setdefault((subject_id(one), one.on), []).append(one)
    return found


def _says_the_same(one: RecordedValue, other: RecordedValue) -> bool:
    return (one.form, one.value, one.valid_to, one.basis) == (
        other.form,
        other.value,
        other.valid_to,
        other.basis,
    )


def _replaced() -> Conflict:
    return Conflict(Fault("value-replaced", "这次登记刚被更正或撤回", "请核对后再办"))
