"""What the platform must print, computed from the generator's own data and nothing else.

Definitions: architecture §7 and figures.md. All ratios are `Fraction`; each is rounded once, half
up on the magnitude, to one digit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from guatu.demo.faults import Planted
from guatu.demo.types import City, Entry, Nature

AS_OF = date(2026, 10, 31)
TIME_PROGRESS = Fraction(10, 12)
SEVERITIES = (
    "ok", "notice", "warning", "serious", "no_data", "not_due", "not_in_scope", "undecided",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """A listed project as it stands after the forty files: None is no data."""

    entry: Entry
    code: str | None
    name: str
    region: str
    sector: str
    unit: str
    parts: int
    completed: int | None
    last_year: int | None
    started_on: date | None

    @property
    def light(self) -> str:
        """The severity of the default book: the unrounded gap to 10/12."""
        if not self.entry.plan_yuan:
            return "not_in_scope"
        if self.completed is None:
            return "no_data"
        gap = Fraction(self.completed, self.entry.plan_yuan) - TIME_PROGRESS
        if gap >= 0:
            return "ok"
        if gap > Fraction(-10, 100):
            return "notice"
        return "warning" if gap >= Fraction(-30, 100) else "serious"


def percent(value: Fraction | None) -> str | None:
    """A ratio as a percentage with one digit, half up on the magnitude; zero has no sign."""
    if value is None:
        return None
    tenths = int(abs(value) * 1000 + Fraction(1, 2))
    sign = "-" if value < 0 and tenths else ""
    return f"{sign}{tenths // 10}.{tenths % 10}"


def facts(city: City, planted: Planted) -> list[Fact]:
    """One fact a listed project of 2026: closed starts, and what the accepted rows bring."""
    accepted = planted.accepted()
    result = []
    for entry in city.listed(2026):
        project = city.project[entry.project]
        row = accepted.get(project.key)
        known = project.actual_start.on if project.actual_start else None
        if known is not None and known > date(2026, 9, 30):
            known = row.start.on if row is not None and row.start is not None else None
        last = city.report.get(("2025-10", project.key))
        result.append(
            Fact(
                entry, project.code, project.name,
                region=city.region[project.region].name,
                sector=city.sector[project.sector].name,
                unit=city.organisation[project.lead].name,
                parts=max(1, project.declared_parts or len(city.parts.get(project.key, ()))),
                completed=row.yuan if row is not None else None,
                last_year=last.completed_yuan if last is not None else None,
                started_on=known,
            )
        )  # fmt: skip
    return result


def _starts(chosen: list[Fact]) -> dict[str, Any]:
    planned = [
        fact
        for fact in chosen
        if fact.entry.nature is Nature.NEW and fact.entry.planned_start.on.year == AS_OF.year
    ]
    due = [fact for fact in planned if fact.entry.planned_start.on <= AS_OF]
    started = [fact for fact in planned if fact.started_on and fact.started_on <= AS_OF]
    return {
        "planned_starts": len(planned),
        "due_starts": len(due),
        "started": len(started),
        "early_starts": sum(fact not in due for fact in started),
        "overdue_starts": sum(fact not in started for fact in due),
        "start_rate": percent(Fraction(len(started), len(planned)) if planned else None),
    }


def _growth(pairs: list[tuple[int | None, int | None]]) -> str | None:
    """This year against last year, of the projects that have both figures."""
    both = [(now, then) for now, then in pairs if now is not None and then is not None]
    before = sum(then for _, then in both)
    return percent(Fraction(sum(now for now, _ in both) - before, before)) if before else None


def summary(chosen: list[Fact]) -> dict[str, Any]:
    """The figures of one group, under the keys of `guatu assess --json` and a few more.

    `year_on_year` compares projects that have both figures. Nothing known is None, not 0.
    """
    scope = [fact for fact in chosen if fact.entry.plan_yuan]
    plan = sum(fact.entry.plan_yuan for fact in scope)
    known = [fact.completed for fact in scope if fact.completed is not None]
    done = sum(known) if known else None
    rate = Fraction(done, plan) if plan and done is not None else None
    lights = Counter(fact.light for fact in chosen)
    pairs = [(fact.completed, fact.last_year) for fact in scope]
    return {
        "projects": len(chosen),
        "projects_unpacked": sum(fact.parts for fact in chosen),
        "annual_plan_yuan": plan,
        "completed_yuan": done,
        "without_data": lights["no_data"],
        "completion_rate": percent(rate),
        "time_progress": percent(TIME_PROGRESS),
        "gap_to_time_progress": percent(rate - TIME_PROGRESS if rate is not None else None),
        "year_on_year": _growth(pairs),
        **_starts(chosen),
        "lights": {severity: lights[severity] for severity in SEVERITIES},
    }


def _groups(every: list[Fact], key: Callable[[Fact], str]) -> list[dict[str, Any]]:
    names = dict.fromkeys(key(fact) for fact in every)
    return [
        {"key": name, **summary([fact for fact in every if key(fact) == name])} for name in names
    ]


def expected(city: City, planted: Planted) -> dict[str, Any]:
    """Totals, groups and lights after importing the good rows of all forty files in order."""
    every = facts(city, planted)
    return {
        "period": planted.period,
        "as_of": AS_OF.isoformat(),
        "total": summary(every),
        "groups": {
            "region": _groups(every, lambda fact: fact.region),
            "unit": _groups(every, lambda fact: fact.unit),
            "sector": _groups(every, lambda fact: fact.sector),
        },
        "projects": [_project(fact) for fact in every],
    }


def _project(fact: Fact) -> dict[str, Any]:
    plan, done = fact.entry.plan_yuan, fact.completed
    rate = Fraction(done, plan) if plan and done is not None else None
    return {
        "code": fact.code,
        "name": fact.name,
        "region": fact.region,
        "unit": fact.unit,
        "sector": fact.sector,
        "annual_plan_yuan": plan,
        "completed_yuan": done,
        "completion_rate": percent(rate),
        "gap_to_time_progress": percent(rate - TIME_PROGRESS if rate is not None else None),
        "started": fact.started_on is not None,
        "light": fact.light,
    }
