"""From one year to the next: the new year's lists out of what goes on (跨年结转, M-B11).

It stands in this room because a year is over only when its rounds are locked. Nothing is reset:
the year's figures are told by their day, so the new year begins at zero; what was done since the
start of a project and who answers for it are the project's own and stay.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, Fault, NotFound
from guatu.journal import services as journal
from guatu.journal.queries import told_of
from guatu.journal.types import Actor
from guatu.ledger.models import ListEntry, Project, ProjectList, Responsibility
from guatu.ledger.queries import in_force
from guatu.ledger.types import ListState, Nature, ResponsibilityRole
from guatu.organisation.access import require
from guatu.organisation.queries import lock_root
from guatu.organisation.types import Right
from guatu.planning import queries as planning
from guatu.planning.types import DateKind, Milestone
from guatu.reporting.models import Round
from guatu.reporting.types import RoundState

COMPLETED = "竣工"
"""The stage of a project whose completion was told."""
_MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class OpenYear:
    """Which year is to be opened out of which; a provisional list waits for being issued."""

    year: int
    from_year: int
    is_provisional: bool = True


@dataclass(slots=True)
class Carried:
    """What became of one list, in numbers of projects."""

    listing: ProjectList
    continuing: int = 0
    not_started: int = 0
    completed: int = 0
    past_due: int = 0
    """Carried ones whose first promised year of completion is over."""
    without_lead: int = 0
    is_kept: bool = False
    """The new year's list was issued before: nothing is carried to it."""
    not_listed: int = 0
    """What goes on and does not stand on a list that was issued before."""

    @property
    def carried(self) -> int:
        """How many stand on the new list."""
        return self.continuing + self.not_started


@dataclass(slots=True)
class YearOpened:
    """The new year's lists, in the order of the old ones."""

    year: int
    lists: list[Carried] = field(default_factory=list)


def open_year(actor: Actor, command: OpenYear) -> YearOpened:
    """Make the year's lists out of those of the year before, all or none.

    What was completed by the 31st of December stays behind and is called 竣工; what left or was
    removed stays behind; the rest is carried with its class, under new numbers in the old order.
    What has started is 续建; what has not keeps its nature, or it would count as under way.

    A list that was issued for the new year already (made from a call, or imported) stays as it is:
    no second one is made, the completed ones are closed, and what goes on without standing on it
    is counted. Raises BadInput where the year was opened before, before it is over, while rounds of
    it are open (named), where a draft of the new year is there already, NotFound where the old
    year has no list.
    """
    require(actor, Right.MAKE_LISTS)
    with transaction.atomic():
        lock_root()
        old = list(ProjectList.objects.filter(year=command.from_year).order_by("pk"))
        _require_possible(command, old)
        opened = YearOpened(command.year)
        detail = {"from": str(command.from_year), "to": str(command.year)}
        with journal.act(actor, "year.opened", detail=detail) as act:
            made: dict[int, ProjectList] = {}
            issued = {_name_of(one): one for one in _issued_for(command.year)}
            for one in _parents_first(old):
                held = issued.get(_name_of(one))
                made[one.pk] = held or _new_list(one, command, made)
                if held is None:
                    act.write(made[one.pk])
            told: set[int] = set()
            for one in old:
                is_kept = _name_of(one) in issued
                opened.lists.append(_carry(act, one, made[one.pk], told, is_kept=is_kept))
    return opened


def _issued_for(year: int) -> list[ProjectList]:
    return list(ProjectList.objects.filter(year=year, state=ListState.ISSUED).order_by("pk"))


def _name_of(one: ProjectList) -> tuple[int, str]:
    """Which list of a year it is: its owner and its name."""
    return one.owner_organisation_id, one.name


def _require_possible(command: OpenYear, old: list[ProjectList]) -> None:
    if command.year != command.from_year + 1:
        what = f"{command.year}年不是{command.from_year}年的下一年"
        raise BadInput(Fault("not-next-year", what, "一次只结转到下一年"))
    if not old:
        what = f"{command.from_year}年还没有清单"
        raise NotFound(Fault("unknown-list", what, "请核对年份，或先导入清单"))
    if fault := _opened_before(command.year):
        raise BadInput(fault)
    faults = []
    if clock.today() < date(command.from_year, 12, 31):
        what = f"{command.from_year}年还没有过完"
        faults.append(Fault("year-not-over", what, "请在12月31日以后结转"))
    open_rounds = Round.objects.filter(list__in=old, state=RoundState.OPEN)
    named = [str(one) for one in open_rounds.select_related("list", "period").order_by("pk")]
    if named:
        more = f"等{len(named)}期" if len(named) > _MOST_NAMED else ""
        what = f"{command.from_year}年还有没锁定的期：{'、'.join(named[:_MOST_NAMED])}{more}"
        faults.append(Fault("rounds-open", what, "请先锁定，全年数定了再结转"))
    names = {_name_of(one) for one in old}
    drafts = ProjectList.objects.filter(year=command.year).exclude(state=ListState.ISSUED)
    there = [
        f"{one}（{ListState(one.state).label}）"
        for one in drafts.order_by("pk")
        if _name_of(one) in names
    ]
    if there:
        remedy = "请先把它改名或办完印发；不另建同名的清单"
        faults.append(Fault("list-taken", f"已有{'、'.join(there)}", remedy))
    if faults:
        raise BadInput(*faults)


def _opened_before(year: int) -> Fault | None:
    """By whom and when a year was opened before."""
    for one in told_of("year.opened"):
        at = one["at"]
        if one.get("to") == str(year) and isinstance(at, datetime):
            what = f"{year}年已由{one['actor']}于{clock.minute(at)}结转"
            remedy = "一年只结转一次；要增减项目，请在清单页或清单调整中办理"
            return Fault("opened-already", what, remedy)
    return None


def years_opened() -> set[int]:
    """The years that were opened out of the one before."""
    return {int(str(one["to"])) for one in told_of("year.opened") if "to" in one}


def _parents_first(old: Iterable[ProjectList]) -> list[ProjectList]:
    """Lists after the ones that they lie in."""
    waiting, placed = list(old), list[ProjectList]()
    known = {one.pk for one in waiting}
    while waiting:
        done = {one.pk for one in placed}
        ready = [one for one in waiting if one.parent_id not in known or one.parent_id in done]
        if not ready:
            raise Conflict(Fault("list-circle", "清单互相包含", "请先修改清单的上级"))
        placed += ready
        waiting = [one for one in waiting if one not in ready]
    return placed


def _new_list(one: ProjectList, command: OpenYear, made: dict[int, ProjectList]) -> ProjectList:
    return ProjectList(
        owner_organisation_id=one.owner_organisation_id,
        year=command.year,
        name=one.name,
        level=one.level,
        state=ListState.DRAFT if command.is_provisional else ListState.APPROVED,
        parent=made.get(one.parent_id or 0),
    )


def _carry(
    act: journal.Act, old: ProjectList, new: ProjectList, told: set[int], *, is_kept: bool
) -> Carried:
    """The entries of one list; `told` are projects that were called completed already."""
    last = date(old.year, 12, 31)
    standing = list(
        ListEntry.objects.filter(list=old, left_on__isnull=True, project__removed_on__isnull=True)
        .select_related("project")
        .order_by("serial_no", "pk")
    )
    ids = [entry.project_id for entry in standing]
    dates = planning.dates_in_force(ids)

    def has(project_id: int, milestone: Milestone) -> bool:
        fact = dates.get((project_id, milestone, DateKind.ACTUAL))
        return fact is not None and fact.on is not None and fact.on <= last

    completed = {pk for pk in ids if has(pk, Milestone.COMPLETION)}
    # Money stands on the package: its parts are done with it.
    going_on = [
        entry
        for entry in standing
        if entry.project_id not in completed and entry.project.package_id not in completed
    ]
    result = Carried(new, completed=len(standing) - len(going_on), is_kept=is_kept)
    if is_kept:
        listed = set(new.entries.filter(left_on__isnull=True).values_list("project_id", flat=True))
        result.not_listed = sum(entry.project_id not in listed for entry in going_on)
        going_on = [entry for entry in going_on if entry.project_id in listed]
    rows = []
    for serial, entry in enumerate(going_on, 1):
        started = entry.nature == Nature.CONTINUING or has(entry.project_id, Milestone.START)
        result.continuing += started
        result.not_started += not started
        rows.append(_entry(entry, new, serial, started=started))
    if not is_kept:
        act.add_all(rows)
    kept = [entry.project_id for entry in going_on]
    result.past_due = len(planning.years_past_completion(kept, new.year))
    result.without_lead = len(set(kept) - _led(kept, date(new.year, 1, 1)))
    for entry in standing:
        if entry.project_id in completed and entry.project_id not in told:
            told.add(entry.project_id)
            _complete(act, entry.project)
    return result


def _entry(old: ListEntry, new: ProjectList, serial: int, *, started: bool) -> ListEntry:
    return ListEntry(
        list=new,
        project_id=old.project_id,
        serial_no=serial,
        tier=old.tier,
        project_class=old.project_class,
        nature=Nature.CONTINUING if started else old.nature,
        is_appraised=old.is_appraised,
        joined_on=date(new.year, 1, 1),
        joined_by=f"由{old.list}第{old.serial_no}号结转",
    )


def _complete(act: journal.Act, project: Project) -> None:
    if project.stage != COMPLETED:
        project.stage = COMPLETED
        act.write(project)


def _led(project_ids: list[int], on: date) -> set[int]:
    """Which of some projects have a lead unit on a day."""
    rows = Responsibility.objects.filter(
        in_force(on), role=ResponsibilityRole.LEAD, project__in=project_ids
    )
    return set(rows.values_list("project_id", flat=True))
