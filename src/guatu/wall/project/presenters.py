"""The context of a project's page, in the order of office.md 5."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.safestring import SafeString

from guatu.assessment.details import subject_of
from guatu.assessment.forecast.types import Reason
from guatu.assessment.forecast_page.words import group_sentence, sentence, tested_sentence
from guatu.assessment.forecasting import month_of
from guatu.assessment.models import Result
from guatu.assessment.presenters import gap_note
from guatu.assessment.queries import forecast_of
from guatu.assessment.sifting import rate_of
from guatu.assessment.types import Subject
from guatu.core import clock
from guatu.core.periods import month_end
from guatu.core.yuan import WAN, wan_text
from guatu.ledger.models import Project, Responsibility
from guatu.ledger.types import ProjectKind, ResponsibilityRole
from guatu.planning.days import shown_day
from guatu.planning.models import DateFact
from guatu.planning.presenters.plans import PaceShown, pace_shown
from guatu.planning.types import DateKind, Milestone, milestone_words
from guatu.reporting.basis.queries import AcrossYears, across_years
from guatu.reporting.models import Report
from guatu.reporting.quantities.rules import takes_money
from guatu.reporting.types import ReportState
from guatu.ui.charts import Series, bar, line_chart
from guatu.wall.project import figures, queries
from guatu.wall.project.queries import EntryPlans
from guatu.wall.project.statistics import beside
from guatu.wall.results.why import explained
from guatu.wall.standing import runs
from guatu.wall.standing.problems import last_problems
from guatu.wall.standing.runs import Standing
from guatu.wall.viewer import Viewer

_DUTIES = (
    (ResponsibilityRole.LEADER, "包联领导"),
    (ResponsibilityRole.LEAD, "责任单位"),
    (ResponsibilityRole.TERRITORY, "属地"),
    (ResponsibilityRole.OWNER, "业主"),
    (ResponsibilityRole.LIAISON, "联络员"),
    (ResponsibilityRole.ASSISTING, "配合单位"),
    (ResponsibilityRole.REPORTER, "填报单位"),
    (ResponsibilityRole.REVIEWER, "审核单位"),
)
_ALWAYS = 5
_CHANGES = 8
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Node:
    """A milestone: what was first promised, what is promised now, what came."""

    name: str
    first: str
    planned: str
    actual: str
    state: str
    is_late: bool
    moved: int


@dataclass(frozen=True, slots=True)
class Changed:
    """One line of the record of changes."""

    on: date
    what: str
    by: str = ""


def project_page(viewer: Viewer, project_id: int) -> dict[str, Any]:
    """Everything the page shows; NotFound where the user sees no such project."""
    project = viewer.project(project_id)
    entries = queries.entries(project.pk)
    current = entries[0] if entries else None
    plan_id = current.plans[-1].plan_id if current and current.plans else None
    found = queries.results(project.pk)
    duties = queries.duties(project.pk)
    dates = queries.dates(project.pk)
    reports = queries.reports(project.pk)
    slices = queries.slices(plan_id)
    plan_yuan = current.plans[-1].amount_yuan if current and current.plans else None
    is_programme = project.kind == ProjectKind.PROGRAMME
    takes = takes_money(is_programme=is_programme, plan_yuan=plan_yuan)
    return {
        "project": project,
        "region": project.__dict__["region_name"] or "",
        "entries": entries,
        "current": current,
        "plan_yuan": plan_yuan,
        "plan_versions": len(current.plans) if current else 0,
        **_judged(found, has_new_basis=project.__dict__["has_new_basis"]),
        "foretold": _foretold(found),
        "curve": _curve(found, current, slices) if takes else "",
        "takes_money": takes,
        "pace": _pace(found, current, slices),
        "reports": reports,
        "said": next((one for one in reports if one.progress_text), None),
        "problem": next((one for one in reports if one.problem_text), None)
        or last_problems([project.pk]).get(project.pk),
        "pending": _pending(reports, found),
        "nodes": nodes(dates),
        "duties": _in_force(duties),
        "relatives": _relatives(project, queries.relatives(project, viewer.projects)),
        "changes": _changes(entries, duties, dates)[:_CHANGES],
        "beside": beside(project),
        "today": clock.today(),
    }


def _judged(found: Sequence[Result], *, has_new_basis: bool) -> dict[str, Any]:
    """The newest locked round: light with reasons, money, and the lights before it."""
    if not found:
        return {"standing": None}
    result = found[0]
    standing = Standing(result.run)
    told = explained(result, standing)
    rate = standing.conventions.percent(
        "completion_rate", rate_of(result.numerator, result.denominator)
    )
    totals = runs.totals_text(runs.measured_of([result], standing), standing)
    words = f"完成年度计划{rate or '—'}%，时间进度{totals['time_progress'] or '—'}%"
    across = across_years(standing.period) if has_new_basis else AcrossYears()
    mark = float(totals["time_progress"]) / 100 if totals["time_progress"] else None
    return {
        "standing": standing,
        **told,
        "rate": rate,
        "gap": totals["gap_to_time_progress"],
        "gap_note": gap_note(totals),
        "issued": _as_issued(result, told["subject"], standing),
        "done_from": figures.address(result.project_id or 0, standing.period.as_of),
        "ago_from": figures.address(result.project_id or 0, standing.period.year_before.as_of),
        "time_progress": totals["time_progress"],
        "across": across,
        "year_on_year": "" if across.is_refused else totals["year_on_year"],
        "last_year_yuan": totals["last_year_yuan"],
        "bar": bar(float(rate) / 100 if rate else 0.0, mark=mark, label=words),
        "past": [
            (one, Standing(one.run))
            for one in found[:_MONTHS]
            if one.run.snapshot.round.list_id == standing.round.list_id
        ],
    }


def _as_issued(result: Result, subject: Subject, standing: Standing) -> dict[str, Any] | None:
    """The plan that was issued and the rate by it; None where it is the plan that was judged by.
    A project that an adjustment admitted was not issued (M-A10)."""
    issued = subject.issued
    if issued is None or issued.plan_yuan == result.denominator:
        return None
    rate = rate_of(result.numerator, issued.plan_yuan)
    return {
        "plan_yuan": issued.plan_yuan,
        "rate": standing.conventions.percent("completion_rate", rate),
    }


def _foretold(found: Sequence[Result]) -> dict[str, str] | None:
    """The year's end as the newest locked round foretells it, and what such words were worth."""
    if not found:
        return None
    standing = Standing(found[0].run)
    month = month_of(standing.period)
    told = forecast_of(found[0].run_id, found[0].project_id or 0, month or 0)
    if told is None or told[0].reason in (Reason.NO_PLAN, Reason.YEAR_END):
        return None
    one, tested = told
    is_told = one.p50_yuan is not None and not one.is_finished
    return {
        "sentence": sentence(one, found[0].denominator),
        "tested": (group_sentence(tested, one.group) or tested_sentence(tested)) if is_told else "",
    }


def _curve(
    found: Sequence[Result], current: EntryPlans | None, slices: dict[date, int]
) -> SafeString | str:
    """Plan and fact over the months of the list's year, from what the newest round froze.

    Where the plan has no slices its line goes straight to the year's amount.
    """
    if not found or current is None:
        return ""
    year = found[0].run.snapshot.round.list.year
    subject = subject_of(found[0])
    # Where the list's first round is January and February together, so is the first place.
    is_merged = any(_is_merged(one, year) for one in found)
    months = range(2 if is_merged else 1, _MONTHS + 1)
    days = [month_end(year, month) for month in months]
    told = {one.as_of: one.value for one in subject.investment}
    plan = subject.plan_yuan
    planned: list[float | None] = (
        [slices[day] / WAN if day in slices else None for day in days]
        if slices
        else [None if plan is None else plan * month / _MONTHS / WAN for month in months]
    )
    done = [None if day not in told else told[day] / WAN for day in days]
    before = [month_end(year - 1, month) for month in months]
    ago = [None if day not in told else told[day] / WAN for day in before]
    series = [
        Series("分期计划" if slices else "按月均匀", "chart-b", planned),
        Series("本年完成", "chart-a", done),
    ]
    most = max((one for one in (*planned, *done) if one is not None), default=0.0)
    # A last year many times this one would press this year's lines to the ground.
    if 0 < max((one for one in ago if one is not None), default=0.0) <= 2 * most:
        series.append(Series("上年完成", "chart-c", ago))
    return line_chart(
        f"{year}年计划与完成",
        ["1—2月" if is_merged and month == 2 else f"{month}月" for month in months],
        series,
        unit="万元",
        digits=0,
    )


def _pace(
    found: Sequence[Result], current: EntryPlans | None, slices: dict[date, int]
) -> PaceShown | None:
    """What the months left must bring, from the newest locked figure of the list's own year."""
    if not found or current is None or not current.plans:
        return None
    the_round = found[0].run.snapshot.round
    day = the_round.period.last_on
    if the_round.list_id != current.entry.list_id or day.year != current.entry.list.year:
        return None
    amount = current.plans[-1].amount_yuan
    return pace_shown(amount, slices, done_yuan=found[0].numerator, as_of=day)


def _is_merged(result: Result, year: int) -> bool:
    the_round = result.run.snapshot.round
    return the_round.list.year == year and the_round.period.key.endswith("01+02")


def _pending(reports: Sequence[Report], found: Sequence[Result]) -> str:
    """What has come since the newest locked round, said without its figures: it is not locked."""
    locked = found[0].run.snapshot.round.period.last_on if found else None
    newer = [one for one in reports if locked is None or one.period.last_on > locked]
    if not newer:
        return ""
    one = newer[0]
    return f"{one.period.label}月报：{ReportState(one.state).label}，尚未锁定"


def nodes(dates: dict[tuple[str, str], list[DateFact]]) -> list[Node]:
    """Start, completion and a programme's own: the first promise, the present one, the fact, and
    how it stands."""
    found = []
    for name in dict.fromkeys([*Milestone.values, *(milestone for milestone, _ in dates)]):
        planned = dates.get((name, DateKind.PLANNED), [])
        actual = dates.get((name, DateKind.ACTUAL), [])
        now, fact = (planned[-1] if planned else None), (actual[-1] if actual else None)
        is_dropped = name not in Milestone.values and now is not None and now.on is None
        if is_dropped or (not planned and not actual):
            continue
        words = milestone_words(name)
        done = f"已{words}" if name in Milestone.values else "已完成"
        state, is_late = _state(done, now, fact)
        first = shown_day(planned[0]) if planned else ""
        found.append(
            Node(
                words,
                first,
                shown_day(now),
                shown_day(fact),
                state,
                is_late,
                len({(one.on, one.precision) for one in planned}) - 1 if planned else 0,
            )
        )
    return found


def _state(done: str, planned: DateFact | None, actual: DateFact | None) -> tuple[str, bool]:
    due = planned.on if planned else None
    if actual is not None and actual.on is not None:
        if due is None or actual.on <= due:
            return done, False
        return f"{done}，晚{(actual.on - due).days}天", True
    if due is None:
        return "", False
    days = (due - clock.today()).days
    return (f"逾期{-days}天", True) if days < 0 else (f"还有{days}天", False)


def _in_force(duties: Sequence[Responsibility]) -> list[tuple[str, str]]:
    """Who answers today, by role, in the order of the sheet; the main roles stand even empty."""
    today = clock.today()
    names: dict[str, list[str]] = {}
    for duty in duties:
        if duty.valid_from <= today and (duty.valid_to is None or duty.valid_to >= today):
            names.setdefault(duty.role, []).append(queries.bearer(duty))
    return [
        (words, "、".join(names.get(role, [])))
        for place, (role, words) in enumerate(_DUTIES)
        if place < _ALWAYS or role in names
    ]


def _relatives(project: Project, kin: Sequence[Project]) -> list[tuple[str, list[Project]]]:
    """Package, parts and phases under their words."""
    groups = {
        "所属打包项目": [one for one in kin if one.pk == project.package_id],
        "子项目": [one for one in kin if one.package_id == project.pk],
        "前期项目": [one for one in kin if one.pk == project.phase_of_id],
        "后续各期": [one for one in kin if one.phase_of_id == project.pk],
        "同一项目的其他期": [
            one
            for one in kin
            if project.phase_of_id is not None and one.phase_of_id == project.phase_of_id
        ],
    }
    return [(words, found) for words, found in groups.items() if found]


def _changes(
    entries: Sequence[EntryPlans],
    duties: Sequence[Responsibility],
    dates: dict[tuple[str, str], list[DateFact]],
) -> list[Changed]:
    """The record of changes that the page's own rows tell, newest first."""
    found = []
    for one in entries:
        entry = one.entry
        found.append(Changed(entry.joined_on, f"列入{entry.list}第{entry.serial_no}号"))
        if entry.left_on:
            why = f"（{entry.reason}）" if entry.reason else ""
            found.append(Changed(entry.left_on, f"调出{entry.list}{why}"))
        for old, new in pairwise(one.plans):
            day = new.at.astimezone(clock.CHINA).date()
            moved_by = f"{_wan(old.amount_yuan)}→{_wan(new.amount_yuan)}"
            is_same = old.amount_yuan == new.amount_yuan
            what = f"{entry.list.year}年计划{'重新分期' if is_same else moved_by}"
            found.append(Changed(day, what, new.by))
    for (milestone, kind), facts in dates.items():
        words = f"{DateKind(kind).label}{milestone_words(milestone)}"
        for before, after in pairwise(facts):
            day = after.at.astimezone(clock.CHINA).date()
            then, now = shown_day(before) or "空", shown_day(after) or "撤回"
            if then == now:
                continue
            moved = f"{words}{then}→{now}"
            why = f"（{after.reason}）" if after.reason else ""
            found.append(Changed(day, moved + why, queries.by_of(after)))
    for duty in duties:
        if duty.valid_to is not None:
            role = ResponsibilityRole(duty.role).label
            found.append(Changed(duty.valid_to, f"{role}{queries.bearer(duty)}任期止"))
    return sorted(found, key=lambda one: one.on, reverse=True)


def _wan(yuan: int) -> str:
    return f"{Decimal(wan_text(yuan)):,}万元"
