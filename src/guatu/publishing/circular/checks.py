"""Figures that contradict each other are refused before a sentence is written."""

from __future__ import annotations

from collections.abc import Iterator

from guatu.core.errors import BadInput, Fault
from guatu.engines.rulebook import Severity
from guatu.publishing.circular.types import CircularFigures, GroupFigures


def require_consistent(figures: CircularFigures) -> None:
    """Raise BadInput with every contradiction between the circular's figures (M-I2)."""
    faults = tuple(_faults(figures))
    if faults:
        raise BadInput(*faults)


def _fault(where: str, what: str) -> Fault:
    return Fault("circular-contradiction", f"{where}{what}", "请把这一行告诉维护人员")


def _faults(figures: CircularFigures) -> Iterator[Fault]:
    yield from _group_faults("合计", figures.total)
    for region in figures.regions:
        yield from _group_faults(region.name, region.figures)
    for unit in figures.units:
        yield from _group_faults(unit.name, unit.figures)
    for groups, word in ((figures.regions, "地区"), (figures.units, "责任单位")):
        names = [group.name for group in groups]
        if len(set(names)) != len(names):
            yield _fault("", f"有同名{word}")
    # A package counted unpacked is one name.
    if len(figures.overdue) > figures.total.starts.overdue:
        yield _fault("", "列出的逾期未开工项目与合计的个数不一致")
    for severity, count in (
        (Severity.SERIOUS, figures.total.serious),
        (Severity.WARNING, figures.total.warning),
    ):
        listed = sum(project.severity is severity for project in figures.lagging)
        if listed != count:
            yield _fault("", f"列出的预警项目{listed}个与合计{count}个不一致")


def _group_faults(where: str, group: GroupFigures) -> Iterator[Fault]:
    starts = group.starts
    counts = (
        group.projects, group.without_plan, group.no_data, group.questioned, group.unconfirmed,
        group.unreviewed,
        group.serious, group.warning, starts.planned, starts.due, starts.started, starts.early,
        starts.overdue, starts.unknown_nature, group.annual_plan_yuan,
    )  # fmt: skip
    if min(counts) < 0:
        yield _fault(where, "有负的个数或计划投资")
    if starts.started != starts.due - starts.overdue + starts.early:
        yield _fault(where, "已开工数不等于应开工数减逾期数加提前数")
    if starts.overdue > starts.due or starts.due > starts.planned:
        yield _fault(where, "应开工、逾期未开工与计划开工个数不一致")
    if starts.early > starts.planned - starts.due:
        yield _fault(where, "提前开工数超过尚未到期的计划开工数")
    parts = (
        group.without_plan, group.no_data, group.questioned, group.unconfirmed,
        group.unreviewed,
        group.serious + group.warning,
    )  # fmt: skip
    # Starts may be counted with packages unpacked.
    most = max(group.projects, group.projects_unpacked or 0)
    if max(parts) > group.projects or starts.planned + starts.unknown_nature > most:
        yield _fault(where, "分项个数超过项目总数")
    if group.projects_unpacked is not None and group.projects_unpacked < group.projects:
        yield _fault(where, "拆分后项目数少于项目数")
    if group.rate is not None and (group.completed_yuan is None or not group.annual_plan_yuan):
        yield _fault(where, "没有计划或没有数据却有完成率")
