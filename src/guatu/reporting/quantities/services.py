"""Setting up what projects report besides money: indicators, and who reports which (M-A9)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, Fault
from guatu.journal import services as journal
from guatu.journal.services import require_version
from guatu.journal.types import Actor
from guatu.ledger.access import get_project
from guatu.ledger.models import Project
from guatu.ledger.types import ProjectKind
from guatu.organisation.access import require
from guatu.organisation.types import Right
from guatu.reporting.burden.holders import held_faults
from guatu.reporting.models import Indicator
from guatu.reporting.quantities.access import get_tracked
from guatu.reporting.quantities.models import Tracked
from guatu.reporting.quantities.queries import own_indicators
from guatu.reporting.quantities.rules import (
    MOST_DECIMALS,
    MOST_OF_CONSTRUCTION,
    MOST_OF_PROGRAMME,
    target_fault,
)
from guatu.reporting.types import BUILT_IN, Accumulates, IndicatorUnit

_CODE = re.compile(r"[a-z][a-z0-9-]{1,39}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewIndicator:
    """An indicator as the office describes it; a figure has `decimals` places of `unit_text`."""

    code: str
    name: str
    unit_text: str
    accumulates: str
    decimals: int = 0
    scope: str = ""
    method: str = ""


def make_indicator(actor: Actor, command: NewIndicator) -> Indicator:
    """Describe a new indicator. Its unit, decimals and way of adding up do not change afterwards:
    figures would mean something else. Raises BadInput, Conflict for a code that is in use."""
    require(actor, Right.EDIT_PROJECTS)
    faults = []
    if not _CODE.fullmatch(command.code) or command.code in BUILT_IN:
        what, remedy = "代码的写法不对", "用2到40个小写字母、数字和横线，以字母开头"
        faults.append(Fault("bad-code", what, remedy))
    if not command.name.strip() or not command.unit_text.strip():
        faults.append(Fault("no-name", "没有写名称或计量单位", "如新建充电桩，个"))
    if command.accumulates not in Accumulates.values:
        faults.append(Fault("bad-accumulates", "没有选怎样累计", "请从列表里选"))
    if not 0 <= command.decimals <= MOST_DECIMALS:
        faults.append(Fault("bad-decimals", "小数位数不对", f"0到{MOST_DECIMALS}位"))
    faults += held_faults([command.name])
    if faults:
        raise BadInput(*faults)
    row = Indicator(
        code=command.code,
        name=command.name.strip(),
        unit=IndicatorUnit.PHYSICAL,
        unit_text=command.unit_text.strip(),
        accumulates=command.accumulates,
        decimals=command.decimals,
        scope=command.scope.strip(),
        method=command.method.strip(),
    )
    try:
        with transaction.atomic(), journal.act(actor, "indicator.made") as act:
            act.write(row)
    except IntegrityError as error:
        what = f"代码{command.code}已经用过"
        raise Conflict(Fault("code-in-use", what, "请换一个代码，或用已有的指标")) from error
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What a project is to reach of an indicator, in smallest steps, and by when."""

    target_value: int | None = None
    due_on: date | None = None
    note: str = ""


def track(actor: Actor, project_id: int, indicator_id: int, aim: Aim) -> Tracked:
    """Have a project report an indicator. Raises NotFound, BadInput for a target that may not be,
    Conflict where it is reported already or the report would become too long."""
    require(actor, Right.EDIT_PROJECTS)
    project = get_project(actor, project_id)
    indicator = own_indicators().filter(pk=indicator_id).first()
    if indicator is None:
        raise BadInput(Fault("no-such-indicator", "没有这个指标", "请从列表里选，或先新建指标"))
    _check(indicator, aim)
    with journal.act(actor, "quantity.tracked") as act:
        list(Project.objects.select_for_update().filter(pk=project.pk))  # one at a time per project
        there = Tracked.objects.filter(project=project, ended_on__isnull=True)
        if there.filter(indicator=indicator).exists():
            raise Conflict(Fault("tracked-already", f"已经在报{indicator}", "可修改它的目标"))
        most = _most(project)
        if there.count() >= most:
            what = f"一个项目最多报{most}个指标"
            raise Conflict(Fault("too-many", what, "一次月报不超过十二项，请先停报一个"))
        row = Tracked(project=project, indicator=indicator, **_columns(aim))
        act.write(row)
    return row


def change_aim(actor: Actor, tracked_id: int, aim: Aim, *, seen: int) -> Tracked:
    """Change target, date or note. Raises NotFound, BadInput, Conflict on a race."""
    require(actor, Right.EDIT_PROJECTS)
    with journal.act(actor, "quantity.changed") as act:
        row = get_tracked(actor, tracked_id)
        require_version(row, seen, row.indicator)
        _check(row.indicator, aim)
        for name, value in _columns(aim).items():
            setattr(row, name, value)
        act.write(row)
    return row


def stop_tracking(actor: Actor, tracked_id: int, *, seen: int) -> Tracked:
    """Ask for an indicator no more; what was reported stays. Raises NotFound, Conflict."""
    require(actor, Right.EDIT_PROJECTS)
    with journal.act(actor, "quantity.ended") as act:
        row = get_tracked(actor, tracked_id)
        require_version(row, seen, row.indicator)
        row.ended_on = clock.today()
        act.write(row)
    return row


def _most(project: Project) -> int:
    is_programme = project.kind == ProjectKind.PROGRAMME
    return MOST_OF_PROGRAMME if is_programme else MOST_OF_CONSTRUCTION


def _check(indicator: Indicator, aim: Aim) -> None:
    if aim.target_value is None:
        return
    fault = target_fault(indicator.name)
    if fault is not None:
        raise BadInput(fault)
    if aim.target_value < 0:
        raise BadInput(Fault("negative-target", "目标不能是负数", "请核对"))


def _columns(aim: Aim) -> dict[str, object]:
    return {"target_value": aim.target_value, "due_on": aim.due_on, "note": aim.note.strip()}
