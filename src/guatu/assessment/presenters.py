"""The JSON form of an assessment (architecture §7): keys are stable, percentages are strings."""

from __future__ import annotations

from typing import Any

from guatu.assessment.as_issued import Issued
from guatu.assessment.conventions import Conventions
from guatu.assessment.grouping import Group
from guatu.assessment.judging import Assessed
from guatu.assessment.measures import Measured, Totals, total_of
from guatu.assessment.models import Snapshot
from guatu.core.ratio import printed_difference
from guatu.engines.rulebook import Verdict
from guatu.organisation.models import Switch


def assessment_json(
    assessed: Assessed, snapshot: Snapshot, rankings: Switch | None = None
) -> dict[str, Any]:
    """The whole assessment as plain JSON values; `rankings` is the switch while it is on."""
    content, conventions = assessed.content, assessed.conventions
    return {
        "period": content.period,
        "as_of": content.as_of.isoformat(),
        "cut_off_on": content.cut_off_on.isoformat(),
        "list": f"{content.year}年{content.list_name}",
        "revision": content.revision,
        "rulebook": {
            "id": assessed.book.id,
            "version": assessed.book.version,
            "digest": assessed.book.digest,
        },
        "snapshot": {"digest": f"sm3:{snapshot.content_sm3}"},
        "settings": conventions.as_json(),
        "notices": list(assessed.notices),
        "rankings": _rankings(rankings),
        "total": total_json(assessed),
        "groups": {
            by: [group_json(group, conventions) for group in groups]
            for by, groups in assessed.groups.items()
        },
        "projects": [_project(assessed, one) for one in assessed.measured],
    }


def _rankings(switch: Switch | None) -> dict[str, str | None] | None:
    """On what basis the ranks stand; None while the switch is off."""
    if switch is None:
        return None
    until = switch.until.isoformat() if switch.until else None
    return {"basis": switch.basis, "scope": switch.scope, "until": until}


def figures(totals: Totals, conventions: Conventions) -> dict[str, Any]:
    """Counts, money and rates of a set of projects."""
    progress = totals.time_progress(conventions)
    rate = totals.completion_rate
    starts = totals.start_rate(conventions)
    return {
        "projects": totals.projects,
        "projects_unpacked": totals.projects_unpacked,
        "in_scope": totals.in_scope,
        "without_data": totals.without_data,
        "marked": totals.marked,
        "annual_plan_yuan": totals.annual_plan_yuan,
        "completed_yuan": totals.completed_yuan,
        "outside_scope_yuan": totals.outside_scope_yuan,
        "completion_rate": conventions.percent("completion_rate", rate),
        "time_progress": conventions.percent("time_progress", progress),
        # Of the projects' own plans: how many of those in scope have slices to tell it.
        "time_progress_projects": totals.sliced if conventions.is_paced_by_plans else None,
        "gap_to_time_progress": conventions.gap_points(rate, progress),
        "compared_projects": totals.compared,
        "compared_yuan": totals.compared_yuan,
        "last_year_yuan": totals.last_year_yuan,
        "year_on_year": conventions.percent("year_on_year", totals.year_on_year),
        "planned_starts": totals.planned_starts,
        "due_starts": totals.due_starts,
        "started": totals.started,
        "early_starts": totals.early_starts,
        "overdue_starts": totals.overdue_starts,
        "starts_of_unknown_nature": totals.starts_of_unknown_nature,
        "start_rate": conventions.percent("start_rate", starts),
        "start_rate_numerator": starts and starts.numerator,
        "start_rate_denominator": starts and starts.denominator,
        "lights": dict(totals.lights),
    }


_AS_ISSUED = (
    "projects", "in_scope", "without_data", "annual_plan_yuan", "completed_yuan",
    "completion_rate", "gap_to_time_progress", "planned_starts", "due_starts", "started",
    "start_rate", "start_rate_numerator", "start_rate_denominator",
)  # fmt: skip


def issued_json(totals: Totals | None, conventions: Conventions) -> dict[str, Any]:
    """The figures as issued under a key of their own; nothing where there are no others."""
    if totals is None:
        return {}
    told = figures(totals, conventions)
    return {"as_issued": {name: told[name] for name in _AS_ISSUED}}


def total_json(assessed: Assessed) -> dict[str, Any]:
    """The figures of all projects; as issued too, with the number of the issued version."""
    told = figures(assessed.total, assessed.conventions)
    return told | whole_issued_json(assessed.issued)


def whole_issued_json(issued: Issued | None) -> dict[str, Any]:
    """All projects as issued: beside the figures which version it is, and how many have left."""
    if issued is None:
        return {}
    told = issued_json(issued.total, issued.conventions)
    told["as_issued"] |= {"issue": issued.issue, "exited": len(issued.exited)}
    return told


def light_json(verdict: Verdict | None) -> dict[str, str] | None:
    """A light with severity, label and colour."""
    if verdict is None:
        return None
    return {
        "severity": verdict.overall.value,
        "label": verdict.label,
        "colour": verdict.colour,
    }


def group_json(group: Group, conventions: Conventions) -> dict[str, Any]:
    """A region, unit or sector with its figures."""
    return {
        "key": group.key,
        "code": group.code,
        "rank": group.rank,
        "ranked_by": group.ranked_by,
        "light": light_json(group.verdict),
        "said": list(group.said.sentences) if group.said else [],
        **figures(group.totals, conventions),
        **issued_json(group.issued, conventions),
    }


def _project(assessed: Assessed, one: Measured) -> dict[str, Any]:
    subject = one.subject
    issued = {"issued_plan_yuan": subject.issued.plan_yuan} if subject.issued else {}
    totals = total_of([one], assessed.content.period_key, assessed.conventions)
    return {
        "code": subject.code,
        "name": subject.name,
        "region": subject.region,
        "unit": subject.unit or None,
        "sector": subject.sector or None,
        "light": light_json(one.verdict),
        "mark": one.mark or None,
        **figures(totals, assessed.conventions),
        # Its own figures, in scope or not.
        "annual_plan_yuan": subject.plan_yuan,
        **issued,
        "completed_yuan": one.completed_yuan,
        "last_year_yuan": one.last_year_yuan,
        "dimensions": [
            {
                "dimension": light.dimension,
                "severity": light.severity.value,
                "label": light.label,
                "colour": light.colour,
                "rule": light.rule,
                "clause": light.clause,
            }
            for light in one.verdict.lights
        ],
        "reasons": [reason._asdict() for reason in assessed.reasons(one)],
    }


EXACT = "按未四舍五入的数计算"


def gap_note(told: dict[str, Any]) -> str:
    """Why a printed gap is not the difference of the two printed figures; empty where it is."""
    rate, time, gap = (
        told[name] for name in ("completion_rate", "time_progress", "gap_to_time_progress")
    )
    if None in (rate, time, gap) or printed_difference(rate, time) == gap:
        return ""
    return f"差额{EXACT}"
