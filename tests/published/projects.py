"""From printed totals to a list of projects: a fixed split whose whole-yuan amounts sum exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from zlib import crc32

from guatu.core.periods import parse_period
from tests.published.table import Bulletin, ListSpec, Part

RATE_ALONE_YUAN = 10**10
"""The plan where only a rate is printed: 100 亿元. A hundredth of a percent is whole yuan."""

REST = "其他"

Share = tuple[Part, int, int | None, int | None]
"""A part with its number of projects, its plan and what is done of it in yuan."""


@dataclass(frozen=True)
class Project:
    """One row of the list and of the report. Money in yuan."""

    name: str
    sector: str = ""
    region: str = ""
    unit: str = ""
    nature: str = "续建"
    parts: int = 1
    plan: int | None = None
    done: int | None = None
    last_year: int | None = None
    planned_start: date | None = None
    actual_start: date | None = None


def projects_of(bulletin: Bulletin, spec: ListSpec) -> list[Project]:
    """The projects of a list, always the same ones."""
    rows = [row for part in _parts(bulletin, spec) for row in _rows(bulletin, spec, part)]
    if spec.last_year:
        total = _yuan(bulletin.value(spec.last_year))
        shares = split(total, len(rows), f"{spec.name}上年")
        rows = [replace(row, last_year=y) for row, y in zip(rows, shares, strict=True)]
    if spec.unpacked:
        rows = _packed(rows, int(bulletin.value(spec.unpacked)))
    as_of = parse_period(spec.period).as_of
    if spec.starts:
        rows = _with_starts(rows, bulletin, spec, as_of)
    if spec.begun:
        rows = _begun(rows, int(bulletin.value(spec.begun)), as_of)
    return rows


def split(total: int, count: int, key: str) -> list[int]:
    """A total in `count` uneven whole amounts that sum to it; equal keys give equal splits."""
    weights = [1 + crc32(f"{key}{n}".encode()) % 97 for n in range(count)]
    whole = sum(weights)
    amounts = [total * weight // whole for weight in weights]
    amounts[-1] += total - sum(amounts)
    return amounts


def _yuan(value: Fraction) -> int:
    """Whole yuan; a plan that follows from a printed rate is rounded to one."""
    return round(value)


def _count(key: str) -> int:
    """How many projects a total is split into where no number is printed: 3 to 12."""
    return 3 + crc32(key.encode()) % 10


def _money(bulletin: Bulletin, part: Part) -> tuple[int | None, int | None]:
    if part.rate:
        rate = bulletin.value(part.rate)
        return RATE_ALONE_YUAN, int(RATE_ALONE_YUAN * rate / 100)
    if not part.plan:
        return None, None
    return _yuan(bulletin.value(part.plan)), _yuan(bulletin.value(part.done))


def _parts(bulletin: Bulletin, spec: ListSpec) -> Iterator[Share]:
    """Each part with its number of projects, plan and done; what is left over as one more."""
    plan, done = _money(bulletin, spec.whole)
    left = int(bulletin.value(spec.whole.projects)) if spec.whole.projects else 0
    if not left and spec.starts:
        left = int(bulletin.value(spec.starts["planned"])) + _count(spec.name)
    for part in spec.parts:
        own_plan, own_done = _money(bulletin, part)
        if part.resumed:
            count = part.resumed[1]
        elif part.projects:
            count = int(bulletin.value(part.projects))
        else:
            count = _count(f"{spec.bulletin}{spec.name}{part.sector}{part.region}{part.unit}")
        left -= count
        if plan is not None and done is not None:
            plan, done = plan - (own_plan or 0), done - (own_done or 0)
        yield part, count, own_plan, own_done
    if not spec.parts:
        yield Part(), left or _count(f"{spec.bulletin}{spec.name}"), plan, done
    elif plan or done:
        yield Part(sector=REST), max(left, 1), plan, done


def _rows(bulletin: Bulletin, spec: ListSpec, share: Share) -> Iterator[Project]:
    part, count, plan, done = share
    key = f"{spec.bulletin}{spec.name}{part.sector}{part.region}{part.unit}{part.name}"
    plans = [None] * count if plan is None else split(plan, count, f"{key}计划")
    dones = [None] * count if done is None else split(done, count, f"{key}完成")
    as_of = parse_period(spec.period).as_of
    for n, (own_plan, own_done) in enumerate(zip(plans, dones, strict=True)):
        name = part.name or f"{part.region}{part.unit}{part.sector}第{n + 1:04}号"
        row = Project(
            f"{spec.bulletin}{spec.name}{name}",
            part.sector,
            part.region,
            part.unit,
            plan=own_plan,
            done=own_done,
        )
        yield row if part.resumed is None else _resumed(row, n, part.resumed[0], as_of)


def _resumed(row: Project, n: int, some: int, as_of: date) -> Project:
    """The first `some` are under way: every other one newly started, the rest investing again."""
    is_under_way = n < some
    if n % 2:
        return replace(row, done=1_000_000 if is_under_way else 0)
    return replace(
        row,
        nature="新建",
        planned_start=_early(as_of, n),
        actual_start=_early(as_of, n) if is_under_way else None,
    )


def _packed(rows: list[Project], unpacked: int) -> list[Project]:
    """Every seventh project a package, so that all unfold to the printed number."""
    packages = list(range(0, len(rows), 7))
    extra = unpacked - len(rows)
    made = list(rows)
    for order, n in enumerate(packages):
        share = extra // len(packages) + (order < extra % len(packages))
        made[n] = replace(rows[n], parts=1 + share)
    return made


def _early(as_of: date, n: int) -> date:
    """A day within the year, up to the as-of day."""
    return date(as_of.year, 1 + n % as_of.month, 10)


def _late(as_of: date) -> date:
    """A day within the year, after the as-of day."""
    return date(as_of.year, 12, 20)


def _with_starts(
    rows: list[Project], bulletin: Bulletin, spec: ListSpec, as_of: date
) -> list[Project]:
    """The first projects are new ones. Where no due number is printed, those started were due."""
    counts = {key: int(bulletin.value(text)) for key, text in spec.starts.items()}
    planned, started, early = counts["planned"], counts["started"], counts.get("early", 0)
    due = counts.get("due", planned if as_of.month == 12 else started)
    overdue = due - (started - early)
    assert 0 <= overdue <= planned - started, spec
    made = list(rows)
    for n in range(planned):
        is_started = n < started
        is_due = n < started - early or started <= n < started + overdue
        made[n] = replace(
            rows[n],
            nature="新建",
            planned_start=_early(as_of, n) if is_due else _late(as_of),
            actual_start=_early(as_of, n) if is_started else None,
        )
    return made


def _begun(rows: list[Project], begun: int, as_of: date) -> list[Project]:
    """The first `begun` projects have a start, every other one of them in the year before."""
    made = []
    for n, row in enumerate(rows):
        if n >= begun:
            made.append(replace(row, nature="新建", planned_start=_late(as_of)))
        elif n % 2:
            made.append(replace(row, actual_start=date(as_of.year - 1, 6, 1)))
        else:
            day = _early(as_of, n)
            made.append(replace(row, nature="新建", planned_start=day, actual_start=day))
    return made
