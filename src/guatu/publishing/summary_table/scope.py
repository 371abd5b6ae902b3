"""What the sums of a summary table are of, in words: scope, list as issued, basis (M-I2, M-C6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from guatu.assessment.grouping import Group
from guatu.assessment.judging import Assessed
from guatu.assessment.measures import Measured, Totals, add_slice
from guatu.core.errors import Fault
from guatu.core.periods import PeriodKey
from guatu.core.yuan import wan_text
from guatu.engines.sheets.fill.remark import AS_ISSUED, OPENING, OTHER_BASIS
from guatu.reporting.basis.queries import AcrossYears


def row_totals(members: Iterable[Measured], period: PeriodKey) -> Totals:
    """The money of a sum row, of all its projects in the rule book's scope or not: so that the
    rate beside plan and done is their quotient."""
    totals = Totals(period)
    for one in members:
        subject, done = one.subject, one.completed_yuan
        totals.annual_plan_yuan += subject.plan_yuan or 0
        add_slice(totals, subject)
        if done is None:
            continue
        totals.completed_yuan = (totals.completed_yuan or 0) + done
        if one.last_year_yuan is not None:
            totals.compared += 1
            totals.compared_yuan += done
            totals.last_year_yuan = (totals.last_year_yuan or 0) + one.last_year_yuan
    return totals


def scope_notices(assessed: Assessed, rows: Iterable[frozenset[int]] = ()) -> list[Fault]:
    """Where the table's sums and the circular's differ: the table adds up every row it has.

    `rows` are the projects of the sum rows that the table has; of those that the assessment
    knows as a group, a rate that differs is named.
    """
    outside = [one for one in assessed.measured if not one.is_in_scope]
    done = sum(one.completed_yuan or 0 for one in outside)
    plan = sum(one.subject.plan_yuan or 0 for one in outside)
    if not done and not plan:
        return []
    what = (
        f"{len(outside)}个项目不计入完成率（计划{wan_text(plan)}万元、完成{wan_text(done)}万元），"
        "表中各级合计和合计行的完成率包含它们，通报不包含"
    )
    told = [Fault("outside-scope", what)]
    for name, members, totals in _sums_of(assessed, rows):
        told += _other_rate(assessed, name, row_totals(members, totals.period), totals)
    return told


def _sums_of(
    assessed: Assessed, rows: Iterable[frozenset[int]]
) -> Iterator[tuple[str, list[Measured], Totals]]:
    """The whole, then the assessment's groups that stand in the table as a sum row."""
    everything = frozenset(one.subject.id for one in assessed.measured)
    yield "合计", assessed.measured, assessed.total
    known = groups_by_members(assessed)
    for keys in dict.fromkeys(rows):
        group = known.get(keys)
        if group is not None and keys != everything:
            yield group.key, group.members, group.totals


def groups_by_members(assessed: Assessed) -> dict[frozenset[int], Group]:
    """The assessment's groups by their projects' ids; of groups of the same projects the region,
    then the unit."""
    found: dict[frozenset[int], Group] = {}
    for groups in assessed.groups.values():
        for group in groups:
            found.setdefault(frozenset(one.subject.id for one in group.members), group)
    return found


def _other_rate(assessed: Assessed, name: str, row: Totals, run: Totals) -> list[Fault]:
    rates = _two_rates(assessed, row, run)
    if rates is None:
        return []
    what = f"“{name}”按表中全部项目{rates[0]}，按计入完成率的{run.in_scope}个项目{rates[1]}"
    return [Fault("rate-of-scope", what, "表中用前者，通报和排名用后者")]


def _two_rates(assessed: Assessed, row: Totals, run: Totals) -> tuple[str, str] | None:
    """The rate of a sum row and the run's, as printed; None where they are the same."""
    whole, inside = (
        assessed.conventions.percent("completion_rate", one.completion_rate) for one in (row, run)
    )
    if whole == inside:
        return None
    of_all, of_scope = ("没有完成率" if p is None else f"完成率{p}%" for p in (whole, inside))
    return of_all, of_scope


def remark(assessed: Assessed, across: AcrossYears) -> str:
    """For the table's note line: what the rate of its sum is of, where the circular's differs, the
    rate by the list as issued, and what to know of the growth."""
    return _of_scope(assessed) + _as_issued(assessed) + _across(across)


def _of_scope(assessed: Assessed) -> str:
    run = assessed.total
    rates = _two_rates(assessed, row_totals(assessed.measured, run.period), run)
    if rates is None:
        return ""
    return f"{OPENING}，{rates[0]}；计入完成率的{run.in_scope}个项目{rates[1]}，通报用后者。"


def _across(across: AcrossYears) -> str:
    return f"{OTHER_BASIS}{across.reason}。" if across.reason else ""


def basis_notices(across: AcrossYears) -> list[Fault]:
    """What wants to be known of the growth where the two years rest on different bases (M-C6)."""
    if not across.reason:
        return []
    remedy = "“同比”列空着" if across.is_refused else "表注已写明，没有表注的请自己注明"
    return [Fault("other-basis", across.words, remedy)]


def _as_issued(assessed: Assessed) -> str:
    """The rate of the list as issued (M-A10), where the list was adjusted since."""
    issued = assessed.issued.total if assessed.issued else None
    if issued is None or issued.completion_rate is None:
        return ""
    percent = assessed.conventions.percent("completion_rate", issued.completion_rate)
    plan = wan_text(issued.annual_plan_yuan)
    return f"{AS_ISSUED}；按印发稿的年度计划{plan}万元，完成率{percent}%。"
