"""Two invented programmes on a small list of their own: one counts, the other reaches milestones.

The unit of the demo's reporter reports them; two months are locked, the third is half reported.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date

from guatu.assessment.services.assess import assess_for_record
from guatu.assessment.services.close import close_round
from guatu.core.periods import parse_period
from guatu.demo.city import OPEN_PERIOD
from guatu.demo.next_year import own_unit
from guatu.journal import services as journal
from guatu.journal.types import Actor
from guatu.ledger.models import ListEntry, Project, ProjectList, Responsibility
from guatu.ledger.services import ListWords, make_list
from guatu.ledger.types import ListState, ProjectKind, ResponsibilityRole
from guatu.organisation import access
from guatu.organisation.queries import root_organisation
from guatu.reporting.models import Report, Round
from guatu.reporting.quantities.promising import move_milestone, name_milestone
from guatu.reporting.quantities.services import Aim, NewIndicator, make_indicator, track
from guatu.reporting.queries import entry_versions
from guatu.reporting.services.review import accept_reports
from guatu.reporting.services.rounds import start_round
from guatu.reporting.services.submit import SubmitReport, submit_report
from guatu.reporting.types import Accumulates

LIST = ListWords(2026, "专项任务（虚构）", state=ListState.ISSUED)
LOCKED = ("2026-08", "2026-09")
_JOINED = date(2026, 7, 1)
_YEAR_END = date(2026, 12, 31)
_COUNTING = "便民充电行动（虚构）"
_REACHING = "政务服务一件事改革（虚构）"
_INDICATORS = (
    ("charging-piles", "新建充电桩", "个", 0, 600, (320, 395, 460)),
    ("parking-area", "改造停车场面积", "万平方米", 2, 800, (420, 515, 590)),
)
"""Code, name, unit, decimals, target, and what was reported month by month in smallest steps."""
_MILESTONES = (
    ("印发实施方案", date(2026, 7, 10), "2026-08", date(2026, 7, 8)),
    ("系统试运行", date(2026, 8, 31), "2026-09", date(2026, 9, 12)),
    ("全市推开", date(2026, 10, 31), "", None),
    ("评估总结", date(2026, 12, 20), "", None),
)
"""Name, day promised, the month that reported it, the day it was reached."""
_SAID = (
    ("中心城区点位基本建成", "方案已印发，系统开发过半"),
    ("转向乡镇点位，电力接入同步办理", "系统上线试运行，两个窗口试点"),
    ("乡镇点位建成过半", ""),
)
"""What the two said of each month; empty: not reported yet."""


def make_programmes(actor: Actor) -> ProjectList | None:
    """Put both on their list and report them as far as the open month."""
    unit = own_unit()
    if unit is None:
        return None
    listing = make_list(actor, LIST)
    counting, reaching = (_programme(actor, listing, name, unit) for name in (_COUNTING, _REACHING))
    indicators = _indicators(actor, counting)
    milestones = _milestones(actor, reaching)
    for at, key in enumerate((*LOCKED, OPEN_PERIOD)):
        the_round = start_round(actor, listing, parse_period(key))
        values = {pk: told[at] for pk, told in indicators.items()}
        sent = [_submit(the_round, counting, _SAID[at][0], quantities=values)]
        if _SAID[at][1]:
            reached = {pk: on for pk, (told_in, on) in milestones.items() if told_in == key}
            sent.append(_submit(the_round, reaching, _SAID[at][1], reached=reached))
        if key in LOCKED:
            office = access.actor_for_login("office")
            accept_reports(office, {one.pk: one.version for one in sent})
            assess_for_record(actor, close_round(actor, listing, parse_period(key)))
    return listing


def _programme(actor: Actor, listing: ProjectList, name: str, unit: int) -> Project:
    serial = listing.entries.count() + 1
    region = root_organisation().region
    assert region is not None, "the city's office has the city for its region"
    with journal.act(actor, "demo.programme") as act:
        made = Project(
            uid=uuid.uuid4().hex,
            name=name,
            kind=ProjectKind.PROGRAMME,
            region=region,
            content="演示用的虚构任务，不报投资。",
        )
        act.write(made)
        act.write(ListEntry(list=listing, project=made, serial_no=serial, joined_on=_JOINED))
        lead = ResponsibilityRole.LEAD
        act.write(Responsibility(project=made, role=lead, organisation_id=unit, valid_from=_JOINED))
    return made


def _indicators(actor: Actor, project: Project) -> dict[int, tuple[int, ...]]:
    """What the programme counts, with its values month by month."""
    found: dict[int, tuple[int, ...]] = {}
    for code, name, unit_text, decimals, target, values in _INDICATORS:
        new = NewIndicator(
            code=code,
            name=name,
            unit_text=unit_text,
            decimals=decimals,
            accumulates=Accumulates.YEAR,
        )
        indicator = make_indicator(actor, new)
        track(actor, project.pk, indicator.pk, Aim(target_value=target, due_on=_YEAR_END))
        found[indicator.pk] = values
    return found


def _milestones(actor: Actor, project: Project) -> dict[int, tuple[str, date | None]]:
    """What the programme is to reach; the third was put off by a month."""
    facts = [name_milestone(actor, project.pk, name, due) for name, due, _, _ in _MILESTONES]
    late = facts[2]
    reason = "两个县的窗口设备未到（虚构）"
    move_milestone(actor, late.pk, date(2026, 11, 30), reason=reason, seen=late.seq)
    return {
        fact.pk: (told_in, on) for fact, (_, _, told_in, on) in zip(facts, _MILESTONES, strict=True)
    }


def _submit(
    the_round: Round,
    project: Project,
    progress: str,
    *,
    quantities: Mapping[int, int] | None = None,
    reached: Mapping[int, date | None] | None = None,
) -> Report:
    seen = entry_versions(the_round, [project.pk])[project.pk]
    told = SubmitReport(
        round_id=the_round.pk,
        project_id=project.pk,
        seen=seen,
        progress=progress,
        quantities=quantities or {},
        reached=reached or {},
    )
    done = submit_report(access.actor_for_login("reporter"), told)
    if done.report is None:
        raise AssertionError(f"{project}: {[one.text for one in done.questions]}")
    return done.report
