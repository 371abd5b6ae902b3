"""Changing the basis of an indicator from a day on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from guatu.core import clock
from guatu.core.errors import BadInput, Fault
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.organisation.access import require
from guatu.organisation.types import Right
from guatu.reporting.basis.access import get_indicator
from guatu.reporting.basis.models import IndicatorBasis
from guatu.reporting.basis.queries import Known, changes_of

_AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class ChangeBasis:
    """The basis that holds of a source's figures from a day on, and why it changed."""

    source: str
    coverage: str
    scope: str
    method: str
    valid_from: date
    reason: str


def change_basis(actor: Actor, indicator_id: int, command: ChangeBasis) -> IndicatorBasis:
    """Note another basis from a day on; what was before stays (M-C6).

    Raises BadInput without a reason, for a day more than a year ahead, or where nothing changes.
    """
    require(actor, Right.CHANGE_SETTINGS)
    indicator = get_indicator(indicator_id)
    with journal.act(actor, "basis.changed") as act:
        act.reserve_seq()  # of two equal changes one is written, the other finds it
        if faults := _faults(changes_of(indicator), command):
            raise BadInput(*faults)
        row = IndicatorBasis(
            indicator=indicator,
            source=command.source,
            coverage=command.coverage,
            scope=command.scope,
            method=command.method,
            valid_from=command.valid_from,
            reason=command.reason,
            by=actor.text,
            at=act.at,
        )
        act.write(row)
    return row


def _faults(known: Known, command: ChangeBasis) -> list[Fault]:
    faults = []
    if not command.reason.strip():
        faults.append(Fault("no-reason", "没有写理由", "请写明依据，如文件名称和文号"))
    if command.valid_from > clock.today() + _AHEAD:
        faults.append(Fault("far-future", "起始日期在一年以后", "请核对日期"))
    now = known.on(command.valid_from, command.source)
    if (now.coverage, now.scope, now.method) == (command.coverage, command.scope, command.method):
        faults.append(Fault("no-change", "与当天的口径相同", "请写新的范围或方法"))
    return faults
