"""Who reviews a report, and what a verdict leads to. Pure (office.md 8, M-C1).

Two lines report one project, territory and sector: one reports, the other reviews. With two
levels (两审) the reviewing unit looks first and the office has the last word.
"""

from __future__ import annotations

from dataclasses import dataclass

from guatu.core.errors import Fault
from guatu.organisation.types import TWO_LEVELS
from guatu.reporting.rules import RETURNABLE, REVIEWABLE
from guatu.reporting.types import ReportSource, ReportState, Verdict

NOBODY, UNIT_LEVEL, OFFICE_LEVEL = 0, 1, 2
"""How far a review is: nobody, the reviewing unit, the office."""
FIRST_PASSED = "一审通过"
SKIPS = "skips-a-level"
CHANGED = Fault("changed-meanwhile", "刚被重报或别人审核过", "请核对后再办；这一批都没有保存")


def levels_of(setting: str) -> int:
    """How many levels the city's setting `review-levels` asks for."""
    return 2 if setting == TWO_LEVELS else 1


def reviewing_unit(
    *, named: int | None, territory: int | None, reporting: int | None, levels: int
) -> int | None:
    """Which organisation reviews a project before the office; None: the office alone.

    The one that is named for it. With two levels the territory stands in, unless it reports the
    project itself: the office still has the last word.
    """
    if named is not None:
        return named
    if levels == 2 and territory is not None and territory != reporting:
        return territory
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """A report as a reviewer finds it. `is_asked`: its figures raised questions that its unit
    explained; `unit_passed`: the reviewing unit let it pass since it was sent in."""

    state: str
    level: int
    has_unit: bool
    is_asked: bool = False
    unit_passed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """What becomes of it."""

    state: ReportState
    level: int


def settled_state(source: str, *, by_reviewer: bool) -> ReportState:
    """A report's state once nothing that was asked about it is open: what its unit sent in, or a
    reviewer asked about, waits for a reviewer; what the office took in stands."""
    is_for_reviewer = by_reviewer or source == ReportSource.UNIT
    return ReportState.SUBMITTED if is_for_reviewer else ReportState.ACCEPTED


def waits_for(one: Before, levels: int) -> int:
    """Whose turn it is: the reviewing unit's or the office's; NOBODY: nobody's."""
    if one.state not in REVIEWABLE:
        return NOBODY
    if not one.has_unit:
        return OFFICE_LEVEL
    return OFFICE_LEVEL if levels == 2 and one.level >= UNIT_LEVEL else UNIT_LEVEL


def skips_a_level(one: Before, levels: int, *, is_office: bool) -> bool:
    """Whether the office accepts before the reviewing unit looked (越级): that needs a reason."""
    return levels == 2 and is_office and one.has_unit and one.level < UNIT_LEVEL


def standing_fault(
    verdict: Verdict, one: Before, levels: int, *, is_office: bool, reason: str
) -> Fault | None:
    """Why a verdict cannot be given now, in words that follow the project's name; else None."""
    if not is_office and one.level == OFFICE_LEVEL:
        return Fault("office-decided", "项目办已审核", "确需修改，请项目办退回")
    if verdict is Verdict.ACCEPTED:
        if one.state not in REVIEWABLE:
            return CHANGED
        if not is_office and levels == 2 and one.level == UNIT_LEVEL:
            return Fault("passed-already", "已一审通过", "等项目办二审；有问题的可退回或提出疑问")
        if skips_a_level(one, levels, is_office=is_office) and not reason:
            what = "审核单位还没有一审"
            return Fault(SKIPS, what, "请等一审，或写明直接审核的理由（越级）")
        return None
    if verdict is Verdict.REOPENED:
        passed_here = one.level == UNIT_LEVEL and one.state in REVIEWABLE and not is_office
        return None if one.state == ReportState.ACCEPTED or passed_here else CHANGED
    return None if one.state in RETURNABLE else CHANGED


def after(verdict: Verdict, one: Before, levels: int, *, is_office: bool) -> After:
    """The report's state and level once a verdict that may be given is given.

    What is returned begins again at the first level when it is sent again; the office's own
    acceptance taken back leaves the unit's.
    """
    if verdict is Verdict.RETURNED:
        return After(state=ReportState.RETURNED, level=NOBODY)
    if verdict is Verdict.ACCEPTED:
        if is_office:
            return After(state=ReportState.ACCEPTED, level=OFFICE_LEVEL)
        done = ReportState(one.state) if levels == 2 else ReportState.ACCEPTED
        return After(state=done, level=UNIT_LEVEL)
    keeps = is_office and one.unit_passed and levels == 2
    level = UNIT_LEVEL if keeps else NOBODY
    if verdict is Verdict.QUESTIONED:
        level = one.level if one.state in REVIEWABLE else level
        return After(state=ReportState.QUESTIONED, level=level)
    waiting = ReportState.QUESTIONED if one.is_asked else ReportState.SUBMITTED
    return After(state=waiting, level=level)
