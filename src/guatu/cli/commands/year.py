"""`guatu year open | issue | adjust`."""

from __future__ import annotations

from argparse import Namespace

from guatu.cli.session import actor_of
from guatu.core import clock
from guatu.core.errors import Conflict, Fault
from guatu.core.yuan import wan_words
from guatu.ledger import queries as ledger
from guatu.ledger.making import comparing, queries
from guatu.ledger.making.models import ListCall, ListVersion
from guatu.ledger.making.types import CallState
from guatu.ledger.models import ProjectList
from guatu.planning.making.named import NamedAdjustment, adjustment_of
from guatu.planning.making.services import IssueList, adjust_list, issue_list
from guatu.reporting.desk.year import opened_words
from guatu.reporting.services import roll_over

NONE = "无"
"""As a name of a list: none of those that are there."""


def open_year(arguments: Namespace) -> int:
    """Make the new year's lists out of those of the year before."""
    command = roll_over.OpenYear(
        arguments.year, arguments.from_year, is_provisional=arguments.provisional
    )
    for words in opened_words(roll_over.open_year(actor_of(arguments), command)):
        print(f"{words}。")
    print("本年完成自零起算，自开工累计和责任关系不变；年度计划下达后请导入清单。")
    return 0


def issue(arguments: Namespace) -> int:
    """Issue the list that a year's call was for."""
    actor = actor_of(arguments)
    call = queries.find_call(arguments.year, arguments.list_name)
    command = IssueList(
        arguments.number,
        arguments.on or clock.today(),
        call.version,
        basis=arguments.basis,
        replaces=_replaced(call, arguments.replaces),
    )
    version = issue_list(actor, call.pk, command)
    print(f"已印发{version.list}（{version.outside_number}），{_told(version)}。")
    return 0


def _replaced(call: ListCall, name: str | None) -> int | None:
    """The provisional list that is to be taken over: its id, 0 where none shall be."""
    if name is None:
        return None
    if name == NONE:
        return 0
    return ledger.find_list(call.year, name).pk


def adjust(arguments: Namespace) -> int:
    """Adjust an issued list under one number."""
    actor = actor_of(arguments)
    listing = _list(arguments.year, arguments.list_name)
    command = adjustment_of(
        actor,
        listing,
        NamedAdjustment(arguments.exits, arguments.plans, arguments.joins, arguments.admits),
        outside_number=arguments.number,
        on=arguments.on or clock.today(),
        reason=arguments.reason,
    )
    done = adjust_list(actor, listing.pk, command)
    lines = done.adjustment.lines.count()
    print(
        f"{listing}{done.adjustment}（{done.version.outside_number}）已记下{lines}个项目，"
        f"调整后{_told(done.version)}。"
    )
    if done.unsliced:
        print(f"分期计划超过了新的年度计划，须重新下达：{'、'.join(done.unsliced)}。")
    return 0


def _list(year: int, name: str | None) -> ProjectList:
    """The list to be adjusted; where only a call is there it is not issued yet."""
    waits = ListCall.objects.filter(year=year).exclude(state=CallState.ISSUED)
    if not ProjectList.objects.filter(year=year).exists() and (call := waits.first()):
        raise Conflict(Fault("not-issued", f"{call}还没有印发", "请先办guatu year issue，再调整"))
    return ledger.find_list(year, name)


def _told(version: ListVersion) -> str:
    total = comparing.total_of(queries.rows_in(version))
    return f"{total.count}个项目，年度计划{wan_words(total.plan_yuan)}，摘要sm3:{version.sm3}"
