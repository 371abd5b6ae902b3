"""Schemes, criteria, how they stand, and their evidence: everything that is written (M-G8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from guatu.appraisal.access import require_fill
from guatu.appraisal.models import Criterion, CriterionValue, Evidence, Scheme
from guatu.appraisal.rules import state_by_numbers, word_faults
from guatu.appraisal.types import CriterionState, SaveCriterion, SaveScheme, SaveValue
from guatu.core import clock
from guatu.core.errors import BadInput, Fault
from guatu.files.services import store_blob
from guatu.journal import services as journal
from guatu.journal.services import require_version
from guatu.journal.types import Actor
from guatu.organisation import access
from guatu.organisation.models import Organisation, Person
from guatu.organisation.rules import name_fault
from guatu.organisation.types import Right

EVIDENCE_BYTES = 20 * 1024 * 1024
_FILES = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
"""What evidence may be, told by its first bytes: PDF, pictures, workbooks and documents."""


def save_scheme(
    actor: Actor, command: SaveScheme, scheme: Scheme | None = None, version: int = 0
) -> Scheme:
    """Enter or change a scheme. Raises BadInput, or Conflict where somebody was faster."""
    access.require(actor, Right.EDIT_PROJECTS)
    if scheme is not None:
        require_version(scheme, version)
    if faults := _scheme_faults(command, scheme):
        raise BadInput(*faults)
    row = scheme or Scheme()
    row.year, row.name, row.issuer = command.year, command.name.strip(), command.issuer.strip()
    row.outside_number = command.outside_number.strip()
    row.stake_text, row.stake_yuan = command.stake_text.strip(), command.stake_yuan
    row.from_on, row.until_on = command.from_on, command.until_on
    with journal.act(actor, "scheme.changed" if scheme else "scheme.added") as act:
        act.write(row)
    return row


def _scheme_faults(command: SaveScheme, scheme: Scheme | None) -> list[Fault]:
    same = Scheme.objects.filter(year=command.year, name=command.name.strip())
    found = [
        name_fault(command.name, 100),
        Fault("scheme-taken", "这一年已有同名的方案", "请换一个名称")
        if same.exclude(pk=scheme.pk if scheme else 0).exists()
        else None,
        None if command.issuer.strip() else Fault("no-issuer", "没有写考核单位", "请写谁考核我们"),
        Fault("days-wrong", "截止日期早于开始日期", "请核对两个日期")
        if command.until_on < command.from_on
        else None,
        Fault("negative-stake", "奖补资金是负数", "请写零以上的数")
        if command.stake_yuan is not None and command.stake_yuan < 0
        else None,
    ]
    return [one for one in found if one]


def save_criterion(
    actor: Actor,
    scheme: Scheme,
    command: SaveCriterion,
    criterion: Criterion | None = None,
    version: int = 0,
) -> Criterion:
    """Enter or change a criterion of a scheme. Raises BadInput, Conflict."""
    access.require(actor, Right.EDIT_PROJECTS)
    if criterion is not None:
        require_version(criterion, version)
    if faults := _criterion_faults(scheme, command, criterion):
        raise BadInput(*faults)
    row = criterion or Criterion(scheme=scheme)
    _take(row, command)
    with journal.act(actor, "criterion.changed" if criterion else "criterion.added") as act:
        act.write(row)
    return row


_FIELDS = (
    "number", "name", "group", "full_points_milli", "target_text", "unit", "organisation_id",
    "person_id", "target_milli", "is_lower_better", "basis",
)  # fmt: skip


def _take(row: Criterion, command: SaveCriterion) -> None:
    for name in _FIELDS:
        setattr(row, name, getattr(command, name))


def _criterion_faults(
    scheme: Scheme, command: SaveCriterion, criterion: Criterion | None
) -> list[Fault]:
    same = scheme.criteria.filter(number=command.number).exclude(
        pk=criterion.pk if criterion else 0
    )
    people = Person.objects.filter(pk=command.person_id or 0)
    found = word_faults(command)
    if same.exists():
        found.append(Fault("number-taken", f"序号{command.number}已有指标", "请核对序号"))
    if _unknown_units([command]):
        found.append(Fault("no-such-unit", "所选责任单位不在册", "请重新选"))
    if command.person_id is not None and not people.exists():
        found.append(Fault("no-such-person", "所选责任领导不在册", "请重新选"))
    return found


def _unknown_units(commands: Sequence[SaveCriterion]) -> set[int]:
    """Units that are named and are not there; one query."""
    named = {one.organisation_id for one in commands if one.organisation_id is not None}
    return named - set(Organisation.objects.filter(pk__in=named).values_list("pk", flat=True))


def take_criteria(actor: Actor, scheme: Scheme, lines: Sequence[SaveCriterion]) -> tuple[int, int]:
    """Take in pasted criteria: a number that the scheme has is changed, others are added.

    Returns how many were added and changed. What a paste does not carry (person) stays. Raises
    BadInput with every line that cannot be, and then nothing is taken.
    """
    access.require(actor, Right.EDIT_PROJECTS)
    if faults := _paste_faults(lines):
        raise BadInput(*faults)
    known = {one.number: one for one in scheme.criteria.all()}
    added = changed = 0
    with journal.act(actor, "scheme.criteria_pasted") as act:
        for one in lines:
            row = known.get(one.number)
            if row is None:
                row = Criterion(scheme=scheme)
                _take(row, one)
                act.write(row)
                added += 1
                continue
            before = [getattr(row, name) for name in _FIELDS]
            _take(row, replace(one, person_id=row.person_id))
            if [getattr(row, name) for name in _FIELDS] != before:
                act.write(row)
                changed += 1
    return added, changed


def _paste_faults(lines: Sequence[SaveCriterion]) -> list[Fault]:
    if not lines:
        return [Fault("no-lines", "没有粘贴内容", "请从表格复制后粘贴")]
    unknown = _unknown_units(lines)
    wrong = [(one, fault.what) for one in lines for fault in word_faults(one)]
    wrong += [(one, "责任单位不在册") for one in lines if one.organisation_id in unknown]
    faults = [Fault("bad-line", f"序号{one.number}：{what}", "请改好再粘贴") for one, what in wrong]
    counts = Counter(one.number for one in lines)
    return faults + [
        Fault("bad-line", f"序号{number}写了{count}次", "请只留一行")
        for number, count in counts.items()
        if count > 1
    ]


def fill_criterion(actor: Actor, criterion: Criterion, command: SaveValue) -> CriterionValue:
    """Write how a criterion stands on a day; the newest holds, older ones stay.

    Raises BadInput for a day to come, points beyond the full ones, a state that the numbers
    contradict without a word why; NotAllowed for who does not answer for it.
    """
    require_fill(actor, criterion)
    told = state_by_numbers(
        command.value_milli, criterion.target_milli, is_lower_better=criterion.is_lower_better
    )
    if faults := _value_faults(criterion, command, told):
        raise BadInput(*faults)
    state = command.state or told or CriterionState.NO_DATA
    with journal.act(actor, "criterion.valued") as act:
        row = CriterionValue(
            criterion=criterion,
            as_of=command.as_of,
            value_milli=command.value_milli,
            points_milli=command.points_milli,
            state=state,
            note=command.note.strip(),
            by=actor.text,
            at=act.at,
        )
        act.write(row)
    return row


def _value_faults(
    criterion: Criterion, command: SaveValue, told: CriterionState | None
) -> list[Fault]:
    note = command.note.strip()
    newest = criterion.values.order_by("-pk").first()
    found = [
        Fault("day-to-come", "截至日期在今天以后", "请写已经到的日期")
        if command.as_of > clock.today()
        else None,
        Fault("older-day", f"已有截至{newest.as_of}的数", "请写那一天或以后；要改旧数的写明同一天")
        if newest is not None and command.as_of < newest.as_of
        else None,
        Fault("bad-points", "预计得分不在零和满分之间", "请核对得分")
        if command.points_milli is not None
        and not 0 <= command.points_milli <= criterion.full_points_milli
        else None,
        Fault("state-differs", f"按数判定是{told.label}，所选状态不同", "请在说明里写明为什么")
        if told and command.state and command.state != told and not note
        else None,
        Fault("no-state", "没有目标值，判不出状态", "请选状态")
        if not command.state and told is None and command.value_milli is not None
        else None,
        Fault("nothing-told", "什么也没有填", "请填现值、得分、状态或说明")
        if command.value_milli is None
        and command.points_milli is None
        and not command.state
        and not note
        else None,
        Fault("note-too-long", "说明超过500字", "请写短一些") if len(note) > 500 else None,
    ]
    return [one for one in found if one]


def add_evidence(
    actor: Actor,
    criterion: Criterion,
    *,
    title: str,
    reference: str,
    file: tuple[str, bytes] | None,
) -> Evidence:
    """Put a paper in a criterion's folder: a file, or where the paper is kept.

    What a file is is told by its first bytes, never by its name (trust C-12).
    """
    require_fill(actor, criterion)
    title, reference = title.strip(), reference.strip()
    fault = name_fault(title, 200)
    if fault is None and file is None and not reference:
        fault = Fault("no-evidence", "没有选文件，也没有写文号", "请选文件或写明存在哪里")
    mime = _mime_of(file[1]) if file else ""
    if fault is None and file and not mime:
        what = "文件不是PDF、图片或办公文档"
        fault = Fault("not-evidence", what, "请另存为PDF或扫描后再传")
    if fault is None and file and len(file[1]) > EVIDENCE_BYTES:
        fault = Fault("file-too-large", "文件超过20MB", "请拆开或降低扫描精度后再传")
    if fault is not None:
        raise BadInput(fault)
    with journal.act(actor, "evidence.put_in") as act:
        row = Evidence(
            criterion=criterion,
            title=title,
            blob=store_blob(act, file[1], mime) if file else None,
            file_name=file[0][-200:] if file else "",
            reference=reference,
            on=clock.today(),
            by=actor.text,
            at=act.at,
        )
        act.write(row)
    return row


def _mime_of(content: bytes) -> str:
    return next((mime for start, mime in _FILES if content.startswith(start)), "")


def remove_evidence(actor: Actor, evidence: Evidence, version: int, reason: str) -> None:
    """Take a paper out of the folder for a reason; it stays on record."""
    require_fill(actor, evidence.criterion)
    require_version(evidence, version)
    reason = reason.strip()
    if not 0 < len(reason) <= 300:
        raise BadInput(Fault("no-reason", "没有写撤下的理由", "请写300字以内的理由"))
    if evidence.removed_reason:
        raise BadInput(Fault("removed-already", "这份材料已撤下", "不用再撤"))
    evidence.removed_reason = reason
    with journal.act(actor, "evidence.taken_out") as act:
        act.write(evidence)
