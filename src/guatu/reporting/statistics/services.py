"""Entering what the statistics system says: figures, registrations, materials, statisticians."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, Fault, NotFound
from guatu.core.yuan import LIMIT
from guatu.journal import services as journal
from guatu.journal.services import Act, require_version
from guatu.journal.types import Actor
from guatu.ledger import access as ledger
from guatu.ledger.models import Term
from guatu.ledger.types import Vocabulary
from guatu.organisation.access import require
from guatu.organisation.models import Organisation
from guatu.organisation.types import Right
from guatu.reporting.models import Figure, Indicator
from guatu.reporting.services.rounds import ensure_indicators
from guatu.reporting.statistics import queries
from guatu.reporting.statistics.access import get_statistician
from guatu.reporting.statistics.models import Material, Registration, Statistician
from guatu.reporting.statistics.types import MaterialState
from guatu.reporting.types import INVESTMENT, FigureSource


@dataclass(frozen=True, slots=True)
class Told:
    """What the statistics system says of one project on a day: the year's cumulative yuan, and
    whether it is counted; None: nothing is said of it."""

    project_id: int
    value_yuan: int | None = None
    is_counted: bool | None = None
    counted_since: date | None = None
    raw_text: str = ""


@dataclass(slots=True)
class Recorded:
    """What became of what was told: figures that are new, corrected or the same; registrations."""

    new: int = 0
    corrected: int = 0
    same: int = 0
    registered: int = 0


def record_statistics(
    actor: Actor, as_of: date, told: Sequence[Told], *, reason: str = "", seen: str | None = None
) -> Recorded:
    """Take in figures of the statistics system for one day (M-C3).

    A figure that is there and differs is superseded, which needs a reason; the old one stays.
    `seen` is the state that a preview showed. Raises BadInput, NotFound for a project that the
    actor does not see, Conflict where somebody was faster than the confirmation.
    """
    require(actor, Right.IMPORT_REPORTS)
    ids = {one.project_id for one in told}
    visible = set(ledger.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True))
    if ids - visible:
        raise NotFound(Fault("unknown-project", "没有这个项目", "请从统计对照进入"))
    if faults := _faults(as_of, told):
        raise BadInput(*faults)
    done = Recorded()
    with journal.act(actor, "statistics.recorded", detail={"reason": reason}) as act:
        act.reserve_seq()  # nobody else writes between the comparison and the writing
        if seen is not None and seen != queries.state_key(ids, as_of):
            raise Conflict(Fault("changed-meanwhile", "预览以后有人改过这些数", "请重新预览"))
        _write_figures(act, as_of, told, reason.strip(), done)
        _write_registrations(act, told, done)
    return done


def _faults(as_of: date, told: Sequence[Told]) -> list[Fault]:
    faults = []
    if not told:
        faults.append(Fault("no-rows", "没有可以记下的行", "请粘贴至少一行"))
    if as_of > clock.today():
        faults.append(Fault("future", f"{as_of}还没有到", "请选已经到期的月份"))
    for one in told:
        if one.value_yuan is not None and not 0 <= one.value_yuan <= LIMIT:
            faults.append(Fault("bad-amount", "统计数不能为负，也不能超过10万亿元", "请核对单位"))
        if one.counted_since is not None and one.counted_since > clock.today():
            faults.append(Fault("future-since", "纳统日期在今天以后", "请核对日期"))
    return faults


def _write_figures(
    act: Act, as_of: date, told: Sequence[Told], reason: str, done: Recorded
) -> None:
    indicator = ensure_indicators(act)[INVESTMENT]
    held = queries.current_figures({one.project_id for one in told}, as_of)
    retired, new = [], []
    for one in told:
        if one.value_yuan is None:
            continue
        old = held.get(one.project_id)
        if old is not None and old.value == one.value_yuan:
            done.same += 1
            continue
        if old is not None:
            old.is_current = False
            retired.append(old)
        new.append(_figure(act, indicator, as_of, one, old, reason))
    if retired and not reason:
        what = f"其中{len(retired)}个数与已有的不同"
        raise BadInput(Fault("no-reason", what, "更正须写理由，如统计部门核减及文号"))
    done.new, done.corrected = len(new) - len(retired), len(retired)
    act.change_all(retired, ["is_current"])
    act.add_all(new)


def _figure(
    act: Act, indicator: Indicator, as_of: date, one: Told, old: Figure | None, reason: str
) -> Figure:
    return Figure(
        project_id=one.project_id,
        indicator=indicator,
        as_of=as_of,
        source=FigureSource.STATISTICS,
        value=one.value_yuan,
        raw_text=one.raw_text[:200],
        supersedes=old,
        reason=reason if old is not None else "",
        by=act.actor.text,
        at=act.at,
    )


def _write_registrations(act: Act, told: Sequence[Told], done: Recorded) -> None:
    held = queries.registrations({one.project_id for one in told})
    for one in told:
        if one.is_counted is None:
            continue
        row = held.get(one.project_id)
        if row is not None and (row.is_counted, row.counted_since) == (
            one.is_counted,
            one.counted_since,
        ):
            continue
        row = row or Registration(project_id=one.project_id)
        row.is_counted, row.counted_since = one.is_counted, one.counted_since
        row.by, row.at = act.actor.text, act.at
        act.write(row)
        done.registered += 1


@dataclass(frozen=True, slots=True)
class Register:
    """Whether a project is counted, since when, under which code; `version` 0: not known yet."""

    is_counted: bool
    counted_since: date | None
    code: str = ""
    note: str = ""
    version: int = 0


def register(actor: Actor, project_id: int, command: Register) -> Registration:
    """Note whether the statistics system counts a project (纳统). Raises BadInput, NotFound, or
    Conflict where somebody changed it since the page was opened."""
    require(actor, Right.IMPORT_REPORTS)
    project = ledger.get_project(actor, project_id)
    if command.is_counted and command.counted_since is None:
        raise BadInput(Fault("no-since", "没有写纳统日期", "请写哪一天起纳入统计"))
    if command.counted_since is not None and command.counted_since > clock.today():
        raise BadInput(Fault("future-since", "纳统日期在今天以后", "请核对日期"))
    with journal.act(actor, "statistics.registered") as act:
        act.reserve_seq()  # of two first notes one is written, the other finds it
        row = Registration.objects.filter(project=project).first()
        require_version(row, command.version, f"{project}的纳统情况")
        row = row or Registration(project=project)
        row.is_counted = command.is_counted
        row.counted_since = command.counted_since if command.is_counted else None
        row.code, row.note = command.code, command.note
        row.by, row.at = actor.text, act.at
        act.write(row)
    return row


@dataclass(frozen=True, slots=True)
class KeepMaterial:
    """How one paper of the list stands: when it was there, where it is."""

    kind_id: int
    state: MaterialState
    on: date | None = None
    reference: str = ""
    version: int = 0


def keep_material(actor: Actor, project_id: int, command: KeepMaterial) -> Material:
    """Note how one paper of a project's list of materials stands (材料清单)."""
    require(actor, Right.IMPORT_REPORTS)
    project = ledger.get_project(actor, project_id)
    kind = Term.objects.filter(pk=command.kind_id, vocabulary=Vocabulary.MATERIAL).first()
    if kind is None:
        raise BadInput(Fault("unknown-material", "没有这种材料", "请从清单里选"))
    if command.on is not None and command.on > clock.today():
        raise BadInput(Fault("future", "材料日期在今天以后", "请核对日期"))
    with journal.act(actor, "statistics.material_kept") as act:
        act.reserve_seq()  # as above
        row = Material.objects.filter(project=project, kind=kind).first()
        require_version(row, command.version, kind)
        row = row or Material(project=project, kind=kind)
        row.state, row.on, row.reference = command.state, command.on, command.reference
        row.by, row.at = actor.text, act.at
        act.write(row)
    return row


@dataclass(frozen=True, slots=True)
class NameStatistician:
    """Who answers for a unit's figures in the statistics system from a day on."""

    organisation_id: int
    name: str
    phone: str
    valid_from: date


def name_statistician(actor: Actor, command: NameStatistician) -> Statistician:
    """Name a unit's statistician; the one before ends the day before (M-C3).

    Raises BadInput for an unknown unit, or a day not after the one on which the last began.
    """
    require(actor, Right.IMPORT_REPORTS)
    unit = Organisation.objects.filter(pk=command.organisation_id).first()
    if unit is None:
        raise BadInput(Fault("unknown-unit", "没有这个单位", "请从列表里选"))
    with journal.act(actor, "statistician.named") as act:
        act.reserve_seq()  # as above
        rows = Statistician.objects.filter(organisation=unit).order_by("valid_from", "pk")
        last = rows.last()
        if last is not None and last.valid_from >= command.valid_from:
            what = f"现任统计员从{last.valid_from}起，新任须晚于这一天"
            raise BadInput(Fault("too-early", what, "请核对日期"))
        until = command.valid_from - timedelta(days=1)
        if last is not None and (last.valid_to is None or last.valid_to > until):
            last.valid_to, last.by, last.at = until, actor.text, act.at
            act.write(last)
        row = Statistician(
            organisation=unit,
            name=command.name,
            phone=command.phone,
            valid_from=command.valid_from,
            salt=secrets.token_hex(16),
            by=actor.text,
            at=act.at,
        )
        act.write(row)
    return row


def end_statistician(actor: Actor, statistician_id: int, until: date, version: int) -> Statistician:
    """End a statistician's term on a day. Raises BadInput, NotFound, Conflict."""
    with journal.act(actor, "statistician.ended") as act:
        row = get_statistician(actor, statistician_id)
        require_version(row, version)
        if until < row.valid_from:
            raise BadInput(Fault("too-early", f"止于{until}早于起始日", "请核对日期"))
        row.valid_to, row.by, row.at = until, actor.text, act.at
        act.write(row)
    return row
