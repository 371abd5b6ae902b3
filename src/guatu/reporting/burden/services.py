"""Registering and ending forms, complaining of what is asked twice, answering it (M-C5)."""

from __future__ import annotations

from datetime import timedelta

from guatu.core import clock
from guatu.core.errors import BadInput, Fault
from guatu.core.names import has_hidden_signs
from guatu.journal import services as journal
from guatu.journal.services import Act, require_version
from guatu.journal.types import Actor
from guatu.organisation import access
from guatu.organisation.models import Organisation
from guatu.organisation.rules import name_fault
from guatu.organisation.types import Right
from guatu.reporting.access import scopes_with
from guatu.reporting.burden.access import is_for
from guatu.reporting.burden.holders import held_faults, plain
from guatu.reporting.burden.models import Complaint, FormAddressee, FormRequest
from guatu.reporting.burden.types import (
    Complain,
    ComplaintState,
    ComplaintSubject,
    RegisterForm,
)

MOST_FIELDS = 40
LONGEST_FIELD = 60
LONGEST_TEXT = 500
LONGEST_DAYS = 366


def register_form(actor: Actor, command: RegisterForm) -> FormRequest:
    """Register a form that units may be asked for until its day.

    Raises BadInput with every field that the platform holds, each with who holds it, and for a
    form without basis, without end, or that runs for more than a year.
    """
    access.require(actor, Right.IMPORT_REPORTS)
    with journal.act(actor, "asked_form.registered") as act:
        act.reserve_seq()  # of two of the same name one is written, the other finds it
        if faults := _form_faults(command):
            raise BadInput(*faults)
        form = FormRequest(
            name=command.name.strip(),
            organisation_id=command.organisation_id,
            basis=command.basis.strip(),
            cadence=command.cadence,
            from_on=command.from_on,
            until_on=command.until_on,
            fields="\n".join(command.fields),
            is_for_all=not command.units,
            by=actor.text,
            at=act.at,
        )
        act.write(form)
        units = dict.fromkeys(command.units)
        act.add_all([FormAddressee(form=form, organisation_id=pk) for pk in units])
    return form


def _form_faults(command: RegisterForm) -> list[Fault]:
    name, today = command.name.strip(), clock.today()
    days = (command.until_on - command.from_on).days
    known = set(
        Organisation.objects.filter(pk__in=(command.organisation_id, *command.units)).values_list(
            "pk", flat=True
        )
    )
    found = [
        name_fault(name, 100),
        Fault("form-taken", "同一天起已登记了同名的表", "请换一个名称")
        if FormRequest.objects.filter(name=name, from_on=command.from_on).exists()
        else None,
        None if command.basis.strip() else Fault("no-basis", "没有写依据", "请写文件名称和文号"),
        None
        if command.organisation_id in known
        else Fault("no-asker", "没有选要表的部门", "请选一个在册的单位"),
        None
        if known.issuperset(command.units)
        else Fault("no-such-unit", "所选填报单位不在册", "请重新选"),
        Fault("days-wrong", "截止日期早于开始日期或超过一年", "一次最多登记一年，到期须重新登记")
        if not 0 <= days <= LONGEST_DAYS
        else None,
        Fault("days-over", "截止日期已经过去", "请写今天以后的日期")
        if command.until_on < today
        else None,
    ]
    return [*(one for one in found if one), *_field_faults(command.fields)]


def _field_faults(fields: tuple[str, ...]) -> list[Fault]:
    if not fields:
        return [Fault("no-fields", "没有写字段", "请一行写一个字段")]
    if len(fields) > MOST_FIELDS:
        told = f"请精简到{MOST_FIELDS}个以内"
        return [Fault("many-fields", f"有{len(fields)}个字段", told)]
    faults = [
        Fault("bad-field", f"“{one[:20]}”不是字段名", f"请写{LONGEST_FIELD}字以内的一行字")
        for one in fields
        if len(one) > LONGEST_FIELD or has_hidden_signs(one) or not plain(one)
    ]
    if len({plain(one) for one in fields}) < len(fields):
        faults.append(Fault("field-twice", "有字段写了两次", "请删去重复的"))
    return faults + held_faults(fields)


def end_form(actor: Actor, form: FormRequest, version: int, reason: str) -> None:
    """End a form before its day: from today on no unit fills it in. BadInput without a reason or
    where it is over, Conflict where somebody was faster."""
    access.require(actor, Right.IMPORT_REPORTS)
    require_version(form, version)
    reason = reason.strip()
    if not 0 < len(reason) <= 300:
        raise BadInput(Fault("no-reason", "没有写理由", "请写明为什么停用，300字以内"))
    if form.is_over(clock.today()):
        raise BadInput(Fault("form-over", "这张表已经停用", "不用再停"))
    with journal.act(actor, "asked_form.ended", detail={"reason": reason}) as act:
        _end(act, form, reason)


def _end(act: Act, form: FormRequest, reason: str) -> None:
    form.ended_on, form.end_reason = max(clock.today(), form.from_on), reason[:300]
    if clock.today() < form.from_on:
        form.ended_on = form.from_on - timedelta(days=1)
    act.write(form)


def complain(actor: Actor, command: Complain) -> Complaint:
    """Tell the office that a unit is asked for something twice (反映重复填报).

    Raises BadInput without words, for a form that is not the unit's, and while the same unit's
    complaint of the same form waits for an answer.
    """
    scopes = scopes_with(actor, Right.REPORT)
    if scopes is not None and command.organisation_id not in scopes:
        raise BadInput(Fault("not-your-unit", "没有选本单位", "请选您填报的单位"))
    form = (
        FormRequest.objects.filter(pk=command.form_id or 0).first()
        if command.subject is ComplaintSubject.FORM
        else None
    )
    is_other = command.subject is ComplaintSubject.OTHER
    with journal.act(actor, "complaint.made") as act:
        act.reserve_seq()  # of two presses one is written, the other finds it
        if faults := _complaint_faults(command, form):
            raise BadInput(*faults)
        row = Complaint(
            organisation_id=command.organisation_id,
            subject=command.subject,
            form=form,
            form_name=command.form_name.strip() if is_other else "",
            text=command.text.strip(),
            by=actor.text,
            at=act.at,
        )
        act.write(row)
    return row


def _complaint_faults(command: Complain, form: FormRequest | None) -> list[Fault]:
    text, name = command.text.strip(), command.form_name.strip()
    waiting = Complaint.objects.filter(
        organisation=command.organisation_id,
        state=ComplaintState.OPEN,
        subject=command.subject,
        form=form,
        form_name=name if command.subject is ComplaintSubject.OTHER else "",
    )
    found = [
        None
        if 0 < len(text) <= LONGEST_TEXT
        else Fault(
            "no-text", "没有写哪些内容重复", f"请写明哪几项已报过、报给谁，{LONGEST_TEXT}字以内"
        ),
        Fault("no-form", "没有选表", "请选您单位要填的表")
        if command.subject is ComplaintSubject.FORM
        and (form is None or not is_for(form, [command.organisation_id]))
        else None,
        name_fault(name, 100) if command.subject is ComplaintSubject.OTHER else None,
        Fault("told-already", "这张表您单位已反映过，正在等答复", "请等项目办答复")
        if waiting.exists()
        else None,
    ]
    return [one for one in found if one]


def answer_complaint(
    actor: Actor, complaint: Complaint, version: int, *, is_accepted: bool, answer: str
) -> Complaint:
    """Answer a complaint. Where it is accepted the registered form that it is about ends today.

    Raises BadInput without words or where it is answered, Conflict where somebody was faster.
    """
    access.require(actor, Right.IMPORT_REPORTS)
    require_version(complaint, version)
    answer = answer.strip()
    if complaint.state != ComplaintState.OPEN:
        raise BadInput(Fault("answered-already", "已经答复过", "不用再答"))
    if not 0 < len(answer) <= LONGEST_TEXT:
        raise BadInput(
            Fault("no-answer", "没有写答复", f"请写明怎么办或为什么不重复，{LONGEST_TEXT}字以内")
        )
    with journal.act(actor, "complaint.answered") as act:
        complaint.state = ComplaintState.ACCEPTED if is_accepted else ComplaintState.REFUSED
        complaint.answer, complaint.answered_by, complaint.answered_at = answer, actor.text, act.at
        act.write(complaint)
        form = complaint.form
        if is_accepted and form is not None and not form.is_over(clock.today()):
            _end(act, form, f"反映重复填报属实：{answer}")
    return complaint
