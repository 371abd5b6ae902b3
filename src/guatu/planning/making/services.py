"""Issuing a year's list and adjusting it afterwards: projects, plans, dates, versions (M-A10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.db import transaction
from django.db.models import Max

from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, Fault
from guatu.journal import services as journal
from guatu.journal.services import Act
from guatu.journal.types import Actor
from guatu.ledger import access as ledger_access
from guatu.ledger import queries as ledger
from guatu.ledger.making import access, comparing, queries, rules
from guatu.ledger.making.models import (
    Adjustment,
    AdjustmentLine,
    Application,
    ListCall,
    ListVersion,
)
from guatu.ledger.making.services import freeze
from guatu.ledger.making.services.calls import lock_call, require_not_issued
from guatu.ledger.making.services.placing import (
    Placing,
    list_of,
    mark_issued,
    place,
    take_off,
    waiting_lists,
)
from guatu.ledger.making.types import AdjustmentKind, Decision, ListedRow, VersionKind
from guatu.ledger.models import ListEntry, ProjectList
from guatu.ledger.types import ListState
from guatu.organisation.queries import lock_root
from guatu.planning import queries as planning
from guatu.planning.making.writing import with_months, write_dates, write_plans


@dataclass(frozen=True, slots=True)
class IssueList:
    """Under which number of the office's own papers a list goes out, and on which day."""

    outside_number: str
    on: date
    version: int
    """The call's version as it was shown."""
    basis: str = ""
    """What the list rests on, e.g. the meeting that passed it."""
    replaces: int | None = None
    """The provisional list of another name that it takes over: its id, 0 for none of them."""


@transaction.atomic
def issue_list(actor: Actor, call_id: int, command: IssueList) -> ListVersion:
    """Issue the list that a call was for: once, and only what a 送审稿 has shown (M-A10).

    Makes the projects that are new, the list (or takes the year's provisional one over), its
    entries, assigned plans and planned dates, and freezes the 印发稿. What stood on the
    provisional list and was not listed leaves it. Raises Conflict where it is issued already,
    BadInput for what the rules forbid.
    """
    call = access.get_call(actor, call_id)
    access.require_office(actor)
    call = lock_call(call)
    require_not_issued(call)
    journal.require_version(call, command.version)
    listed = _listed(call)
    rows = queries.rows_of(listed, queries.names())
    drafts = ListVersion.objects.filter(call=call, kind=VersionKind.REVIEWED)
    reviewed = drafts.order_by("-number").first()
    faults = rules.issue_faults(rows, has_reviewed=reviewed is not None)
    faults += _issue_faults(call, command, reviewed, rows)
    waiting = {one.pk: one for one in waiting_lists(call)}
    if (waiting or command.replaces) and command.replaces not in {0, *waiting}:
        names = "、".join(f"“{one.name}”" for one in waiting.values()) or "这一份"
        what = f"{call.year}年暂用的清单{names}与申报通知的名称“{call.name}”不同"
        faults.append(Fault("other-provisional", what, "请写明由它接替，还是另建一份"))
    if faults:
        raise BadInput(*faults)
    detail = {"number": command.outside_number.strip(), "list": str(call)}
    with journal.act(actor, "list.issued", detail=detail) as act:
        return _issue(act, call, command, listed, waiting.get(command.replaces or 0))


def _listed(call: ListCall) -> list[Application]:
    applied = queries.applications_of(call.pk)
    return queries.in_list_order(one for one in applied if one.decision == Decision.IN)


def _issue_faults(
    call: ListCall,
    command: IssueList,
    reviewed: ListVersion | None,
    rows: Sequence[ListedRow],
) -> list[Fault]:
    faults = []
    if not command.outside_number.strip():
        faults.append(Fault("no-number", "没有写文号", "请写印发文件的文号"))
    elif used := _used_elsewhere(call, command.outside_number.strip()):
        faults.append(Fault("number-taken", used, "请核对文号"))
    if command.on > clock.today():
        faults.append(Fault("future-issue", "印发日期在今天之后", "请到那天再办，或改日期"))
    if abs(command.on.year - call.year) > 1:
        faults.append(Fault("other-year", f"印发日期离{call.year}年太远", "请核对日期"))
    if reviewed is not None:
        shown = [row for row in queries.rows_in(reviewed) if row.decision == Decision.IN]
        if changes := comparing.compared_versions(shown, rows):
            names = "、".join(f"“{one.name}”" for one in changes[:3])
            what = f"送审稿之后又有{len(changes)}处变动，如{names}"
            faults.append(Fault("changed-since-review", what, "请重新生成送审稿，核对后再印发"))
    return faults


def _used_elsewhere(call: ListCall, number: str) -> str:
    """Who bears a number already: a paper of another year, or an adjustment."""
    other = ListVersion.objects.filter(kind=VersionKind.ISSUED, outside_number=number)
    for one in other.exclude(list__year=call.year).select_related("list", "call"):
        return f"{number}是{one.list or one.call}的文号"
    for change in Adjustment.objects.filter(outside_number=number).select_related("list"):
        return f"{number}是{change.list}{change}的文号"
    return ""


def _issue(
    act: Act,
    call: ListCall,
    command: IssueList,
    listed: Sequence[Application],
    taken: ProjectList | None,
) -> ListVersion:
    listing = list_of(call, taken)
    act.write(listing)
    number = command.outside_number.strip()
    standing = {entry.pk for entry in queries.standing_on(listing.pk)}
    placing = Placing(basis=number[:200], joined_on=date(call.year, 1, 1), renumbers=True)
    placed = place(act, listing, listed, placing)
    kept = {entry.pk for entry in placed.values()}
    gone = [entry for entry in ledger.entries_of(listing.pk).values() if entry.pk not in kept]
    for serial, entry in enumerate(sorted(gone, key=lambda one: one.serial_no), len(placed) + 1):
        entry.serial_no = serial
        if entry.pk in standing:
            _require_off_sub_lists(entry)
            take_off(act, entry, on=command.on, reason=f"未列入{number}")
        else:
            act.write(entry)
    write_plans(act, listing, {placed[one.pk]: one.plan_yuan or 0 for one in listed}, basis=number)
    write_dates(act, listing, [(placed[one.pk], one) for one in listed])
    mark_issued(act, call, listing)
    rows = [
        replace(
            row,
            serial_no=placed[one.pk].serial_no,
            project_id=placed[one.pk].project_id,
        )
        for one, row in zip(listed, queries.rows_of(listed, queries.names()), strict=True)
    ]
    rows.sort(key=lambda row: row.serial_no)
    return freeze(
        act,
        VersionKind.ISSUED,
        rows,
        call=call,
        listing=listing,
        outside_number=number,
        basis=command.basis[:300],
    )


def _require_off_sub_lists(entry: ListEntry) -> None:
    if names := ledger.sub_lists_holding(entry):
        what = f"“{entry.project.name}”还在子清单{'、'.join(names)}上"
        raise BadInput(Fault("on-sub-list", what, "请先从子清单退出"))


@dataclass(frozen=True, slots=True)
class AdjustList:
    """A numbered change of an issued list; money in yuan.

    `admits` are application ids, `joins` projects of the ledger with their plans, `exits` entry
    ids, `plans` new plans by entry id.
    """

    outside_number: str
    on: date
    reason: str
    admits: Sequence[int] = ()
    joins: Mapping[int, int] = field(default_factory=dict)
    exits: Sequence[int] = ()
    plans: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Adjusted:
    """What an adjustment made; `unsliced` are projects whose slices no longer fit their plan."""

    adjustment: Adjustment
    version: ListVersion
    unsliced: list[str]


@transaction.atomic
def adjust_list(actor: Actor, list_id: int, command: AdjustList) -> Adjusted:
    """Admit, let go and re-plan projects of an issued list under one number (M-A10).

    The list as issued stays in its 印发稿 (one that was imported gets it now, as it stands before
    this change); what stands afterwards is frozen as the next 调整稿. All or nothing.
    """
    listing = ledger_access.get_list(actor, list_id)
    access.require_office(actor)
    lock_root()
    listing.refresh_from_db()
    standing = {entry.pk: entry for entry in queries.standing_on(listing.pk)}
    plans = _plans(listing)
    admits = [
        one for one in queries.admissible(listing.year, listing.pk) if one.pk in command.admits
    ]
    if faults := _adjustment_faults(listing, command, standing, plans, admits):
        raise BadInput(*faults)
    number = command.outside_number.strip()
    last = Adjustment.objects.filter(list=listing).aggregate(last=Max("number"))["last"] or 0
    detail = {"number": number, "list": str(listing), "reason": command.reason.strip()}
    with journal.act(actor, "list.adjusted", detail=detail) as act:
        if queries.issued_version(listing.pk) is None:
            _freeze_standing(act, listing, VersionKind.ISSUED, basis="首次调整前的清单")
        adjustment = Adjustment(
            list=listing,
            number=last + 1,
            outside_number=number,
            on=command.on,
            reason=command.reason.strip(),
            by=actor.text,
            at=act.at,
        )
        act.write(adjustment)
        unsliced = _write_lines(act, adjustment, command, standing, plans, admits)
        version = _freeze_standing(
            act, listing, VersionKind.ADJUSTED, basis=str(adjustment), outside_number=number
        )
    return Adjusted(adjustment, version, unsliced)


def _plans(listing: ProjectList) -> dict[int, int]:
    return {pk: plan.amount_yuan for pk, plan in planning.plans_in_force(listing.pk).items()}


def _adjustment_faults(
    listing: ProjectList,
    command: AdjustList,
    standing: Mapping[int, ListEntry],
    plans: Mapping[int, int],
    admits: Sequence[Application],
) -> list[Fault]:
    if listing.state != ListState.ISSUED:
        raise Conflict(Fault("not-issued", f"{listing}还没有印发", "请先印发，再办调整"))
    if listing.parent_id is not None:
        raise BadInput(Fault("sub-list", f"{listing}是子清单", "请在上级清单办调整"))
    faults = []
    if not command.outside_number.strip():
        faults.append(Fault("no-number", "没有写文号", "请写调整文件的文号"))
    elif Adjustment.objects.filter(
        list=listing, outside_number=command.outside_number.strip()
    ).exists():
        what = f"{command.outside_number.strip()}已经办过调整"
        faults.append(Fault("adjusted-already", what, "请核对文号；一个文件办一次"))
    elif ListVersion.objects.filter(
        kind=VersionKind.ISSUED, outside_number=command.outside_number.strip()
    ).exists():
        what = f"{command.outside_number.strip()}是印发清单的文号"
        faults.append(Fault("number-taken", what, "请写调整文件的文号"))
    if not command.reason.strip():
        faults.append(Fault("no-reason", "没有写调整原因", "请写原因"))
    if not (command.admits or command.joins or command.exits or command.plans):
        faults.append(Fault("nothing-adjusted", "没有要调整的项目", "请选增列、退出或改计划的项目"))
    if len(admits) != len(set(command.admits)):
        faults.append(Fault("not-admissible", "所选的申报不能增列", "只增列已审定为列入或储备的"))
    for pk in {*command.exits, *command.plans} - set(standing):
        faults.append(Fault("not-on-list", f"清单上没有编号为{pk}的项", "请重新打开页面再选"))
    if both := set(command.exits) & set(command.plans):
        name = standing[min(both)].project.name if min(both) in standing else ""
        faults.append(Fault("both", f"“{name}”既退出又改计划", "请只选一项"))
    return faults + _line_faults(listing, command, standing, plans, admits)


def _line_faults(
    listing: ProjectList,
    command: AdjustList,
    standing: Mapping[int, ListEntry],
    plans: Mapping[int, int],
    admits: Sequence[Application],
) -> list[Fault]:
    def facts(pk: int) -> rules.Standing:
        entry = standing[pk]
        held = ledger.sub_lists_holding(entry) if pk in command.exits else ()
        return rules.Standing(
            entry.project.name, entry.joined_on, plan_yuan=plans.get(pk), sub_lists=held
        )

    faults = rules.adjustment_faults(
        exits=[facts(pk) for pk in command.exits if pk in standing],
        plans=[(facts(pk), amount) for pk, amount in command.plans.items() if pk in standing],
        on=command.on,
        today=clock.today(),
        year=listing.year,
    )
    on_list = {entry.project_id: entry.project.name for entry in standing.values()}
    for pk, amount in command.joins.items():
        if pk in on_list:
            faults.append(Fault("on-list", f"“{on_list[pk]}”已在清单上", "不必再增列"))
        faults += rules.plan_faults("增列项目", amount)
    for one in admits:
        if one.plan_yuan is None:
            faults.append(Fault("no-plan", f"“{one.name}”没有年度计划投资", "请退回补上"))
    return faults


def _write_lines(
    act: Act,
    adjustment: Adjustment,
    command: AdjustList,
    standing: Mapping[int, ListEntry],
    plans: Mapping[int, int],
    admits: Sequence[Application],
) -> list[str]:
    listing = adjustment.list
    basis = f"{adjustment} {adjustment.outside_number}"
    for pk in command.exits:
        reason = f"{basis}：{adjustment.reason}"
        take_off(act, standing[pk], on=adjustment.on, reason=reason)
        _line(act, adjustment, standing[pk], AdjustmentKind.EXITED, plans.get(pk), None)
    placing = Placing(basis=basis[:200], joined_on=adjustment.on)
    placed = place(act, listing, admits, placing)
    wanted = {placed[one.pk]: one.plan_yuan or 0 for one in admits}
    wanted |= _join(act, listing, command.joins, placing)
    for entry, amount in wanted.items():
        _line(act, adjustment, entry, AdjustmentKind.ADMITTED, None, amount)
    for pk, amount in command.plans.items():
        wanted[standing[pk]] = amount
        _line(act, adjustment, standing[pk], AdjustmentKind.REPLANNED, plans.get(pk), amount)
    unsliced = write_plans(act, listing, wanted, basis=basis)
    write_dates(act, listing, [(placed[one.pk], one) for one in admits])
    return unsliced


def _join(
    act: Act, listing: ProjectList, joins: Mapping[int, int], placing: Placing
) -> dict[ListEntry, int]:
    """Put projects of the ledger on the list, those that left it under their old number."""
    held = ledger.entries_of(listing.pk)
    serial = ledger.next_serial(listing.pk)
    found: dict[ListEntry, int] = {}
    for pk, amount in joins.items():
        project = ledger_access.get_project(act.actor, pk)
        entry = held.get(pk) or ListEntry(
            list=listing, project=project, serial_no=serial, joined_on=placing.joined_on
        )
        serial += int(entry.pk is None)
        entry.left_on, entry.reason, entry.joined_by = None, "", placing.basis
        act.write(entry)
        found[entry] = amount
    return found


def _line(
    act: Act,
    adjustment: Adjustment,
    entry: ListEntry,
    kind: AdjustmentKind,
    before: int | None,
    after: int | None,
) -> None:
    act.write(
        AdjustmentLine(
            adjustment=adjustment,
            entry=entry,
            kind=kind,
            plan_before=before,
            plan_after=after,
            reason=adjustment.reason,
        )
    )


def _freeze_standing(
    act: Act, listing: ProjectList, kind: VersionKind, *, basis: str, outside_number: str = ""
) -> ListVersion:
    rows = queries.rows_of_entries(
        queries.standing_on(listing.pk), queries.names(), _plans(listing)
    )
    rows = with_months(rows, planning.planned_by_list(listing.pk))
    return freeze(act, kind, rows, listing=listing, basis=basis, outside_number=outside_number)
