"""Rounds that expect a part of their list: opening one, and adding projects to it (M-C1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from guatu.core import clock
from guatu.core.errors import BadInput, Conflict, Fault
from guatu.core.periods import Grain, PeriodKey
from guatu.journal import services as journal
from guatu.journal.services import Act
from guatu.journal.types import Actor
from guatu.ledger.models import ListEntry, Project, ProjectList
from guatu.organisation import access
from guatu.organisation.types import Right
from guatu.reporting.due.models import RoundScope
from guatu.reporting.due.scope import scope_of
from guatu.reporting.due.types import InScope, ScopeReason
from guatu.reporting.models import Round
from guatu.reporting.queries import expected_entries
from guatu.reporting.services.rounds import (
    clock_fault,
    lock_rounds,
    open_round,
    require_begun,
    require_open,
)
from guatu.reporting.types import RoundState

SHORT_GRAINS = frozenset({Grain.WEEK, Grain.TEN_DAY, Grain.HALF_MONTH})
"""Periods between the monthly reports: asked of everybody only where the office says so."""
LONGEST_REASON = 300
MOST_ADDED = 500


def is_short(period: PeriodKey) -> bool:
    """Whether a round of the period may be limited to some projects."""
    return period.grain in SHORT_GRAINS


def counted(scope: Sequence[InScope], expected: Iterable[int]) -> list[InScope]:
    """The same projects as their list is reported, of which the projects `expected` are: a part
    of a listed package by its package, each once, without those that do not stand on the list.
    One query at most."""
    expected = set(expected)
    parts = Project.objects.filter(pk__in={one.project_id for one in scope} - expected)
    packages = dict(parts.values_list("pk", "package_id"))
    found: dict[int, InScope] = {}
    for one in scope:
        pk = packages.get(one.project_id) or one.project_id
        if pk in expected:
            found.setdefault(pk, InScope(pk, one.why, one.basis))
    return list(found.values())


def start_limited_round(
    actor: Actor, listing: ProjectList, period: PeriodKey, scope: Sequence[InScope]
) -> Round:
    """Open a round of a short period that expects these projects alone (M-C1).

    Who works them out stands above this room. Raises BadInput for a longer period, a period that
    has not begun, and a set without a project of the list; Conflict where the round is open
    already: what it expects is changed by adding.
    """
    access.require(actor, Right.IMPORT_REPORTS)
    require_begun(period)
    if not is_short(period):
        what = f"{period.label}收整份清单，不能只收一部分"
        raise BadInput(Fault("whole-grain", what, "只有周、旬、半月可以只收部分项目"))
    with journal.act(actor, "round.opened") as act:
        chosen = counted(scope, _listed(listing))
        if not chosen:
            what = "按所选条件没有项目，没有开始收报"
            raise BadInput(Fault("empty-scope", what, "请换一种范围，或对整份清单收报"))
        if Round.objects.filter(list=listing, period__key=period.key).exists():
            what = f"{listing} · {period.label}已经开始收报"
            raise Conflict(Fault("round-there", what, "要加项目请在收报范围里增补"))
        opened = open_round(act, listing, period, is_limited=True)
        _keep(act, opened, chosen)
    return opened


def _listed(listing: ProjectList) -> QuerySet[ListEntry, int]:
    return expected_entries([listing.pk]).values_list("project_id", flat=True)


def _keep(act: Act, the_round: Round, scope: Sequence[InScope]) -> None:
    act.add_all(
        [
            RoundScope(
                round=the_round,
                project_id=one.project_id,
                cause=one.why,
                basis=one.basis[:LONGEST_REASON],
                by=act.actor.text,
                at=act.at,
            )
            for one in scope
        ]
    )


def add_to_round(
    actor: Actor, the_round: Round, project_ids: Sequence[int], reason: str
) -> list[int]:
    """Let an open limited round expect further projects of its list, with the reason (增补).

    Raises BadInput where one stands not on the list or is expected already, or without a reason;
    RoundClosed after locking. Gives the projects added.
    """
    access.require(actor, Right.IMPORT_REPORTS)
    reason = " ".join(reason.split())
    if not 0 < len(reason) <= LONGEST_REASON:
        what = f"理由超过{LONGEST_REASON}字" if reason else "没有写理由"
        raise BadInput(Fault("no-reason", what, "请写明为什么增补，如：新列入攻坚行动"))
    if not 0 < len(set(project_ids)) <= MOST_ADDED:
        what = f"一次超过{MOST_ADDED}个项目" if project_ids else "没有选项目"
        raise BadInput(Fault("nothing-chosen", what, "请写要增补的项目"))
    with journal.act(actor, "round.scope_added", detail={"reason": reason}) as act:
        (held,) = lock_rounds([the_round.pk])
        require_open([held])
        if not held.is_limited:
            raise BadInput(Fault("whole-round", "本期收整份清单，不用增补", "请刷新页面"))
        wanted = [InScope(pk, ScopeReason.ADDED, reason) for pk in dict.fromkeys(project_ids)]
        chosen = counted(wanted, _listed(held.list))
        if len(chosen) < len(wanted):
            raise BadInput(Fault("not-listed", "有的项目不在清单里，或随打包项目统计", "请核对"))
        there = set(scope_of(held).values_list("project_id", flat=True))
        if again := [one.project_id for one in chosen if one.project_id in there]:
            names = Project.objects.filter(pk__in=again).values_list("name", flat=True)
            what = f"已在本期收报范围内：{'、'.join(names[:5])}"
            raise BadInput(Fault("in-scope", what, "请去掉后再增补"))
        _keep(act, held, chosen)
    return [one.project_id for one in chosen]


def opening_notices(the_round: Round) -> list[str]:
    """What whoever opened a round should know: an earlier one of its kind is open, or its due day
    is over already (clock, late opening). One query."""
    earlier = Round.objects.select_related("period").filter(
        list_id=the_round.list_id,
        period__grain=the_round.period.grain,
        period__last_on__lt=the_round.period.last_on,
        state=RoundState.OPEN,
    )
    told = []
    labels = [one.period.label for one in earlier.order_by("period__last_on")]
    if labels:
        told.append(f"前面的{'、'.join(labels)}还没有锁定；本期可以先收报，锁定要按先后顺序")
    if the_round.due_on < clock.today():
        told.append(f"报送截止{the_round.due_on}已过，请在“改报送截止”里写新的日期")
    if (fault := clock_fault()) is not None:
        told.append(f"{fault.what}，{fault.remedy}")
    return told
