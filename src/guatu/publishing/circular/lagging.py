"""Section 四 of the circular: projects with lights, what is behind, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from guatu.core.ratio import Ratio
from guatu.engines.gongwen.types import Block, Heading, Paragraph, Run
from guatu.engines.rulebook import Severity
from guatu.publishing.circular.printing import (
    against_progress,
    day_text,
    gap,
    money_unit,
    one_line,
    percent,
    reported,
    shortened,
    sign_of,
)
from guatu.publishing.circular.types import LIGHTS, CircularFigures, LaggingProject

_NAMED_REST = 3


@dataclass(frozen=True, slots=True)
class Shortening:
    """How much is said of each thing, so that the circular stays within 4,000 characters."""

    projects: int
    problem: int
    regions: int


def worst_first(projects: Sequence[LaggingProject], general: Ratio) -> tuple[LaggingProject, ...]:
    """By distance behind time progress, then by the money behind; without a rate at the end.

    Exact figures decide, never printed ones; equal projects keep the ledger's order.
    """

    def place(one: LaggingProject) -> tuple[bool, Fraction, Fraction]:
        plan = one.annual_plan_yuan or 0
        if one.rate is None:
            return True, Fraction(0), Fraction(-plan)
        ahead = one.rate.as_fraction() - (one.time_progress or general).as_fraction()
        return False, ahead, ahead * plan

    return tuple(sorted(projects, key=place))


def light_word(figures: CircularFigures, severity: Severity) -> str:
    """The rule book's word for a light, e.g. 红灯."""
    style = figures.style
    return style.serious_word if severity is Severity.SERIOUS else style.warning_word


def leaves_out(figures: CircularFigures, shortening: Shortening) -> bool:
    """Whether the body does not hold everything, so that the list must be annexed."""
    for severity in LIGHTS:
        projects = [one for one in figures.lagging if one.severity is severity]
        if len(projects) > shortening.projects:
            return True
    return any(
        len(reported(text)) > shortening.problem
        for one in figures.lagging
        for text in (one.problem, one.reason)
    )


def lagging(figures: CircularFigures, shortening: Shortening, annex: str) -> list[Block]:
    """四、滞后项目及原因 as blocks; `annex` is where the rest stands, e.g. `附件2`."""
    blocks: list[Block] = [Paragraph.of(_summary(figures))]
    for severity in LIGHTS:
        projects = [one for one in figures.lagging if one.severity is severity]
        if projects:
            blocks.append(Heading(2, f"{light_word(figures, severity)}项目"))
            blocks += _described(figures, projects, shortening, annex)
    return blocks


def _summary(figures: CircularFigures) -> str:
    counts = {
        Severity.SERIOUS: figures.total.serious,
        Severity.WARNING: figures.total.warning,
    }
    parts = []
    for severity, count in counts.items():
        word = light_word(figures, severity)
        parts.append(f"{word}项目{count}个" if count else f"无{word}项目")
    day = day_text(figures.cut_off_on, figures.period.year)
    text = f"截至{day}，{'，'.join(parts)}。"
    return text + _against_last_time(figures, counts) + _order(figures)


def _order(figures: CircularFigures) -> str:
    """What the order of the named projects means, where there is one."""
    rated = [one for one in figures.lagging if one.rate is not None]
    if not rated or len({one.severity for one in figures.lagging}) == len(figures.lagging):
        return ""
    last = "，没有完成率的列后" if len(rated) < len(figures.lagging) else ""
    return f"以下按落后{figures.style.progress_word}的幅度由大到小排列{last}。"


def _against_last_time(figures: CircularFigures, counts: Mapping[Severity, int]) -> str:
    """More or fewer lights than in the round before, among projects judged in both."""
    before = figures.previous
    if before is None:
        return ""
    now = counts
    if before.compared is not None:
        now = {Severity.SERIOUS: before.serious_now, Severity.WARNING: before.warning_now}
    old = {Severity.SERIOUS: before.serious, Severity.WARNING: before.warning}
    if not any((*counts.values(), *now.values(), *old.values())):
        return ""
    if before.compared == 0:
        return f"没有本期和{before.title}均有数据的项目，不作比较。"
    # 按…比较 has not named the round before: the first light does.
    since = "" if before.compared is None else before.title
    changes = []
    for severity in LIGHTS:
        if counts[severity] or now[severity] or old[severity]:
            change = _change(now[severity] - old[severity], since)
            changes.append(f"{light_word(figures, severity)}项目{change}")
            since = ""
    if before.compared is None:
        return f"与{before.title}相比，{'，'.join(changes)}。"
    return f"按两期均有数据的{before.compared}个项目比较，{'，'.join(changes)}。"


def _change(difference: int, since: str) -> str:
    """`减少4个`, `个数持平`; with the round before: `比1—9月减少4个`, `个数与1—9月持平`."""
    if not difference:
        return f"个数与{since}持平" if since else "个数持平"
    more = "增加" if difference > 0 else "减少"
    return f"{f'比{since}' if since else ''}{more}{abs(difference)}个"


def _described(
    figures: CircularFigures, projects: Sequence[LaggingProject], shortening: Shortening, annex: str
) -> list[Block]:
    named, rest = projects[: shortening.projects], projects[shortening.projects :]
    blocks: list[Block] = [
        Paragraph(
            (
                Run(f"{at}.{one_line(project.name)}", bold=True),
                Run(_sentence(figures, project, shortening.problem)),
            )
        )
        for at, project in enumerate(named, start=1)
    ]
    if rest:
        word = light_word(figures, projects[0].severity)
        blocks.append(Paragraph.of(_rest(rest, word, bool(named), annex)))
    return blocks


def _rest(rest: Sequence[LaggingProject], word: str, some_named: bool, annex: str) -> str:
    if not some_named:
        return f"{len(rest)}个{word}项目的情况见{annex}。"
    names = "、".join(one_line(project.name) for project in rest[:_NAMED_REST])
    more = "等" if len(rest) > _NAMED_REST else ""
    return f"其余{names}{more}{len(rest)}个{word}项目的情况见{annex}。"


def _sentence(figures: CircularFigures, project: LaggingProject, limit: int) -> str:
    """`（江北区，责任单位：市工信局）：年度计划投资…；存在问题：…。`"""
    region, unit = one_line(project.region), one_line(project.unit)
    inside = "，".join(part for part in (region, f"责任单位：{unit}" if unit else "") if part)
    parts = [_figures(figures, project)]
    reason, problem = reported(project.reason), reported(project.problem)
    if reason and limit:
        parts.append(f"预警依据：{shortened(reason, limit)}")
    elif not _is_behind(figures, project):
        # The figures alone would not explain the light.
        parts.append(f"按规则评定为{light_word(figures, project.severity)}")
    if problem and limit:
        parts.append(f"存在问题：{shortened(problem, limit)}")
    return f"{f'（{inside}）' if inside else ''}：{'；'.join(parts)}。"


def _is_behind(figures: CircularFigures, project: LaggingProject) -> bool:
    if project.rate is None:
        return False
    progress = project.time_progress or figures.time_progress
    return sign_of(gap(project.rate, progress, figures.style)) < 0


def _figures(figures: CircularFigures, project: LaggingProject) -> str:
    style = figures.style
    plan, done = project.annual_plan_yuan, project.completed_yuan
    money = money_unit((plan, done), style)
    parts = [f"年度计划投资{money.text(plan)}" if plan else "未安排年度计划投资"]
    if done is None:
        parts.append("本期无数据")
        return "，".join(parts)
    parts.append(f"{'核减后' if done < 0 else ''}累计完成{money.text(done)}")
    if project.rate is not None:
        progress = project.time_progress or figures.time_progress
        parts.append(f"完成率{percent(project.rate, style)}")
        parts.append(against_progress(project.rate, progress, style))
    return "，".join(parts)
