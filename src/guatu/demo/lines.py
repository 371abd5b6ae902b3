"""A unit's reports as lines of its own table: spelled as its layout does, with what they say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from guatu.demo.faults import Outcome
from guatu.demo.layouts import spelling
from guatu.demo.layouts.render import Line
from guatu.demo.layouts.sheet import Value
from guatu.demo.layouts.spec import MONEY_FIELDS, Layout
from guatu.demo.names import SHORT
from guatu.demo.types import City, Day, Entry, Nature, Organisation, Project, Report

_EXACT = ("iso", "dots", "slashes", "long", "long-full-width", "serial")


@dataclass(slots=True)
class Touch:
    """A planted fault on a field of a row, before the row has a place."""

    code: str
    field: str
    note: str


@dataclass(slots=True)
class Row:
    """A line and what it should bring in; `project` is None for one that no ledger knows."""

    line: Line
    project: Project | None
    yuan: int | None
    start: Day | None = None
    completion: Day | None = None
    outcome: Outcome = Outcome.IMPORTED
    touches: list[Touch] = field(default_factory=list)


def rows_of(
    city: City, unit: Organisation, layout: Layout, period: str, entries: tuple[Entry, ...]
) -> Iterator[Row]:
    """The unit's table for a period: one row per entry, sub-projects behind their package."""
    for index, entry in enumerate(entries):
        yield _row(city, unit, layout, period, entry, index)
        for part in city.parts.get(entry.project, ()):
            yield _part(city, layout, period, part, entry)


def _group(city: City, unit: Organisation, layout: Layout, project: Project) -> str:
    if layout.sections == "region" and city.region[unit.region].parent is None:
        return SHORT[project.region]
    return city.sector[project.sector].name


def _row(
    city: City, unit: Organisation, layout: Layout, period: str, entry: Entry, index: int
) -> Row:
    project = city.project[entry.project]
    report = city.report[period, entry.project]
    amounts = _amounts(city, project, entry, report)
    style = layout.names[index % len(layout.names)]
    region = city.region[project.region]
    values: dict[str, Value] = {
        "name": spelling.name(project.name, style, project.aliases),
        "code": project.code,
        "region": region.aliases[0] if index % 3 == 0 else region.name,
        "sector": city.sector[project.sector].name,
        "nature": entry.nature.value,
        "owner": project.owner,
        "lead": unit.aliases[0],
        "leader": project.leader,
        "parts": project.declared_parts or len(city.parts.get(project.key, ())) or None,
        "progress": report.progress,
        "problems": _problems(report),
        "remark": report.reason or None,
        "period": f"{entry.planned_start.on.year}-{entry.planned_completion.on.year}年",
        "planned_start": spelling.day(entry.planned_start, "month")[0],
        "rate": rate(amounts, layout),
    }
    for name in MONEY_FIELDS & amounts.keys():
        values[name] = spelling.money(amounts[name], layout.unit, layout.money)
    values["start"], start = _date(project.actual_start, report.actual_start, layout, index)
    values["finish"], completion = _date(
        project.actual_completion, report.actual_completion, layout, index
    )
    fields = {column.field for column in layout.columns}
    return Row(
        Line(
            project.key,
            values,
            amounts,
            group=_group(city, unit, layout, project),
            is_new=entry.nature is Nature.NEW,
            problems=tuple((problem.kind, problem.text) for problem in report.problems),
        ),
        project,
        report.completed_yuan,
        start if "start" in fields else None,
        completion if "finish" in fields else None,
    )


def _amounts(city: City, project: Project, entry: Entry, report: Report) -> dict[str, int]:
    done = report.completed_yuan or 0
    amounts = {"total": project.total_yuan, "plan": entry.plan_yuan, "cumulative": done}
    last = city.report.get((f"{entry.year - 1}-12", project.key))
    is_unknown = last is None and (entry.year - 1, project.key) in city.entry
    if not is_unknown:
        before = project.done_before_yuan + ((last.completed_yuan or 0) if last else 0)
        amounts["since_start"] = before + done
    earlier = city.report.get((f"{entry.year}-{int(report.period[-2:]) - 1:02d}", project.key))
    if earlier is not None and earlier.completed_yuan is not None:
        amounts["month"] = done - earlier.completed_yuan
    january = city.report.get((f"{entry.year}-01+02", project.key))
    if january is not None and january.completed_yuan is not None:
        amounts["jan_feb"] = january.completed_yuan
    if report.last_year_yuan is not None:
        amounts["last_year"] = report.last_year_yuan
    return amounts


def rate(amounts: dict[str, int], layout: Layout) -> Value:
    """The completion rate as the layout writes it; nothing where there is no plan."""
    if not amounts.get("plan") or "cumulative" not in amounts:
        return None
    return spelling.share(amounts["cumulative"], amounts["plan"], layout.percent)


def respell(row: Row, layout: Layout, yuan: int) -> None:
    """Let a row say another cumulative figure, with the rate that follows from it."""
    amounts = row.line.amounts
    if "month" in amounts:
        amounts["month"] += yuan - amounts["cumulative"]
        row.line.values["month"] = spelling.money(amounts["month"], layout.unit, layout.money)
    amounts["cumulative"] = yuan
    row.line.values["cumulative"] = spelling.money(yuan, layout.unit, layout.money)
    row.line.values["rate"] = rate(amounts, layout)


def copy_of(row: Row) -> Row:
    """A second row for the same project that can be changed on its own."""
    line = replace(row.line, values=dict(row.line.values), amounts=dict(row.line.amounts))
    return replace(row, line=line, touches=[])


def _problems(report: Report) -> str | None:
    texts = [problem.text for problem in report.problems]
    if len(texts) > 1:
        return "；".join(f"{n}.{text}" for n, text in enumerate(texts, 1)) + "。"
    return texts[0] if texts else None


def _date(
    truth: Day | None, fresh: Day | None, layout: Layout, index: int
) -> tuple[Value, Day | None]:
    """A date cell. Older dates are written as the ledger knows them, fresh ones as units like."""
    if truth is None or truth.on.year > 2026 or (fresh is None and _after_closed(truth)):
        return None, None
    exact = next((style for style in layout.days if style in _EXACT), "iso")
    if fresh is None:
        return spelling.day(truth, exact)[0], None
    return spelling.day(fresh, layout.days[index % len(layout.days)])


def _after_closed(day: Day) -> bool:
    return (day.on.year, day.on.month) >= (2026, 10)


def _part(city: City, layout: Layout, period: str, part: Project, entry: Entry) -> Row:
    package = city.project[entry.project]
    report = city.report[period, part.key]
    values: dict[str, Value] = {
        "name": spelling.name(part.name, "plain"),
        "region": city.region[part.region].name,
        "progress": report.progress,
        "nature": entry.nature.value,
    }
    group = _group(city, city.organisation[package.lead], layout, package)
    return Row(Line(part.key, values, {}, group=group, depth=1), part, None)
