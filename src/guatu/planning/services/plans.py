"""What a year's plan becomes by hand: promises beside it, and its cut into periods (M-B1, M-B9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from guatu.core.errors import BadInput, Conflict, Fault
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger import access as ledger
from guatu.ledger.models import ListEntry
from guatu.organisation.access import require
from guatu.organisation.queries import lock_root
from guatu.organisation.types import Right
from guatu.planning import queries
from guatu.planning.models import AnnualPlan, PlanSlice
from guatu.planning.slices import slice_faults
from guatu.planning.types import PlanKind

_LONGEST = 300


@dataclass(frozen=True, slots=True)
class StatePlan:
    """An amount for the year that somebody promises or puts on top, in yuan, with its paper.

    `seen_version` is the version that the person saw, 0 where there was none.
    """

    kind: PlanKind
    amount_yuan: int
    basis: str
    seen_version: int


@dataclass(frozen=True, slots=True)
class CutPlan:
    """How an entry's plan of a kind is to be cut, cumulative yuan by day; nothing takes the cut
    back. `seen_version` is the plan's version that the person saw."""

    entry_id: int
    slices: Mapping[date, int]
    seen_version: int
    kind: PlanKind = PlanKind.ASSIGNED


def state_plan(actor: Actor, entry_id: int, command: StatePlan) -> AnnualPlan:
    """State what is promised (承诺) or put on top (加码) for a year, beside what was assigned.

    What was assigned changes by the list or by a numbered adjustment alone: BadInput. Conflict
    where somebody stated another amount meanwhile.
    """
    entry = ledger.get_entry(actor, entry_id)
    require(actor, Right.EDIT_PROJECTS)
    faults = _basis_faults(command.basis)
    if command.kind == PlanKind.ASSIGNED:
        remedy = "请重新导入清单，或办理调整并写明文号"
        faults.append(Fault("assigned-by-list", "下达的年度计划不能在这里改", remedy))
    if command.amount_yuan < 0:
        faults.append(Fault("plan-below-zero", "金额不能是负数", "请核对"))
    if entry.left_on is not None:
        faults.append(Fault("left-list", f"已于{entry.left_on}退出清单", "不必再报计划"))
    if faults:
        raise BadInput(*faults)
    with transaction.atomic():
        lock_root()
        held = _held(entry, command.kind, command.seen_version)
        if held is not None and held.amount_yuan == command.amount_yuan:
            raise BadInput(Fault("nothing-to-change", "金额和现在的一样", "不必再报"))
        with journal.act(actor, "plan.stated") as act:
            plan = next_plan(act, entry, command.kind, held, command.amount_yuan, command.basis)
            act.write(plan)
    return plan


def cut_plans(actor: Actor, cuts: Sequence[CutPlan], *, basis: str) -> list[AnnualPlan]:
    """Cut the year's plans of some entries into periods, all or none.

    Each cut never falls and sums to its plan exactly, or BadInput tells the difference in 万元,
    each under its project's name. A changed cut is a new version of the plan with its basis; what
    is cut so already stays as it is. Conflict where a plan is not the one that was seen.
    """
    require(actor, Right.EDIT_PROJECTS)
    if faults := _basis_faults(basis):
        raise BadInput(*faults)
    with transaction.atomic():
        lock_root()
        entries = {one.pk: one for one in _entries(actor, cuts)}
        held = {
            (plan.entry_id, plan.kind): plan
            for plan in AnnualPlan.objects.filter(entry__in=entries).order_by("plan_version")
        }
        old = queries.slices_of_plans([plan.pk for plan in held.values()])
        faults, wanted = [], []
        for cut in cuts:
            entry, plan = entries[cut.entry_id], held.get((cut.entry_id, cut.kind))
            found = _cut_faults(entry, plan, cut)
            faults += [_named(entry, fault) for fault in found] if len(cuts) > 1 else found
            if plan is not None and not found and old.get(plan.pk, {}) != cut.slices:
                wanted.append((entry, plan, cut))
        if faults:
            raise BadInput(*faults)
        if not wanted:
            raise BadInput(Fault("nothing-to-change", "和现在的分期计划一样", "不必再改"))
        with journal.act(actor, "plans.cut") as act:
            plans = [
                next_plan(act, entry, cut.kind, plan, plan.amount_yuan, basis)
                for entry, plan, cut in wanted
            ]
            act.add_all(plans)
            act.add_all(
                [
                    PlanSlice(plan=plan, indicator=queries.SLICED, as_of=day, cumulative=yuan)
                    for plan, (_, _, cut) in zip(plans, wanted, strict=True)
                    for day, yuan in sorted(cut.slices.items())
                ]
            )
    return plans


def _entries(actor: Actor, cuts: Iterable[CutPlan]) -> list[ListEntry]:
    """The entries meant, each with its project and list; NotFound where one is not visible."""
    ids = [cut.entry_id for cut in cuts]
    if len(set(ids)) != len(ids):
        raise BadInput(Fault("row-twice", "有项目写了两行", "请删去重复的行"))
    if len(ids) == 1:
        return [ledger.get_entry(actor, ids[0])]
    rows = ListEntry.objects.filter(pk__in=ids, project__in=ledger.visible_to(actor))
    found = list(rows.select_related("project", "list"))
    if len(found) != len(ids):
        raise Conflict(Fault("left-meanwhile", "有项目已不在清单上", "请重新粘贴"))
    return found


def _cut_faults(entry: ListEntry, plan: AnnualPlan | None, cut: CutPlan) -> list[Fault]:
    if plan is None:
        return [Fault("no-plan", "还没有年度计划", "请先导入清单或报计划")]
    if plan.plan_version != cut.seen_version:
        raise Conflict(
            Fault("changed-meanwhile", f"“{entry.project.name}”的年度计划刚变过", "请看过再改")
        )
    strange = [day for day in cut.slices if day.year != entry.list.year]
    if strange:
        what = f"{strange[0]}不在{entry.list.year}年"
        return [Fault("other-year", what, "分期须在清单的年度之内")]
    return slice_faults(plan.amount_yuan, cut.slices)


def _named(entry: ListEntry, fault: Fault) -> Fault:
    return Fault(fault.code, f"“{entry.project.name}”：{fault.what}", fault.remedy)


def _held(entry: ListEntry, kind: PlanKind, seen_version: int) -> AnnualPlan | None:
    rows = AnnualPlan.objects.filter(entry=entry, kind=kind).order_by("-plan_version")
    held = rows.first()
    if (held.plan_version if held else 0) != seen_version:
        raise Conflict(Fault("changed-meanwhile", "这项计划刚变过", "请看过再改"))
    return held


def next_plan(
    act: journal.Act,
    entry: ListEntry,
    kind: PlanKind,
    held: AnnualPlan | None,
    amount_yuan: int,
    basis: str,
) -> AnnualPlan:
    """The version after `held`, to be written within the act."""
    return AnnualPlan(
        entry=entry,
        kind=kind,
        plan_version=held.plan_version + 1 if held else 1,
        amount_yuan=amount_yuan,
        basis=basis.strip(),
        by=act.actor.text,
        at=act.at,
    )


def _basis_faults(basis: str) -> list[Fault]:
    if not basis.strip():
        return [Fault("no-basis", "没有写依据", "请写文件名称和文号，或写明哪次会议")]
    if len(basis.strip()) > _LONGEST:
        return [Fault("text-too-long", f"依据超过{_LONGEST}字", "请写短一些")]
    return []
