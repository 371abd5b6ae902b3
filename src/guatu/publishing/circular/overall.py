"""Sections 一 and 三 of the circular: the whole picture, and the starts."""

from __future__ import annotations

from collections.abc import Sequence

from guatu.publishing.circular.printing import (
    against_progress,
    day_text,
    growth,
    joined,
    money_unit,
    named_progress,
    one_line,
    percent,
    progress_of,
)
from guatu.publishing.circular.types import CircularFigures, GroupFigures, StartRate, Starts


def overall(figures: CircularFigures) -> list[str]:
    """一、总体情况 as paragraphs: projects, plan, done, rate, what the sums do not hold (M-I2)."""
    total, style = figures.total, figures.style
    if not total.projects:
        return [f"本期{style.scope_word}{style.subject}清单内没有项目。"]
    money = money_unit((total.annual_plan_yuan, total.completed_yuan), style)
    unpacked = total.projects_unpacked or total.projects
    packages = f"（打包项目拆分后{unpacked}个）" if unpacked != total.projects else ""
    listed = (
        f"{figures.period.year}年，{style.scope_word}列入清单的{style.subject}"
        f"{total.projects}个{packages}，"
    )
    if total.annual_plan_yuan:
        if total.outside_scope:
            judged = total.projects - total.without_plan - total.outside_scope
            listed += f"其中列入评定范围的{judged}个项目"
        listed += f"年度计划投资{money.text(total.annual_plan_yuan)}。"
    else:
        listed += "均未安排年度计划投资，不计算完成率。"
    basis = "".join([*_as_issued(figures), *_basis(figures)])
    return [listed + _done(figures), *([basis] if basis else [])]


def _has_data(figures: CircularFigures) -> bool:
    total = figures.total
    return total.completed_yuan is not None and total.no_data < total.projects


def _done(figures: CircularFigures) -> str:
    total, style = figures.total, figures.style
    cut_off = day_text(figures.cut_off_on, figures.period.year)
    done = total.completed_yuan
    if done is None or not _has_data(figures):
        tail = "，暂不计算完成率" if total.annual_plan_yuan else ""
        return f"截至{cut_off}，尚无项目报送投资完成数据{tail}。"
    money = money_unit((total.annual_plan_yuan, done), style)
    # A negative sum can only come from amounts taken back (核减).
    parts = [f"{'核减后' if done < 0 else ''}累计完成投资{money.text(done)}"]
    if total.rate is not None:
        progress = progress_of(total, figures.time_progress)
        parts.append(f"年度计划完成率{percent(total.rate, style)}")
        named = named_progress(total.rate, progress, style)
        parts.append(against_progress(total.rate, progress, style, named))
    if total.year_on_year is not None and done >= 0:
        parts.append(_growth(figures))
    return f"截至{cut_off}，{'，'.join(parts)}。"


def _as_issued(figures: CircularFigures) -> list[str]:
    """The rate against the plans of the list as issued, where they are others (M-A10)."""
    total, style = figures.total, figures.style
    issued = total.issued
    if issued is None or issued.rate is None or total.rate is None or not _has_data(figures):
        return []
    if issued.rate == total.rate and issued.annual_plan_yuan == total.annual_plan_yuan:
        return []
    plan = money_unit((issued.annual_plan_yuan,), style).text(issued.annual_plan_yuan)
    return [
        f"以上按调整稿计算；按印发稿的年度计划投资{plan}计算，"
        f"年度计划完成率{percent(issued.rate, style)}。"
    ]


def _growth(figures: CircularFigures) -> str:
    """The growth, labelled where the basis changed, or why there is none to tell (M-C6)."""
    if not figures.is_compared:
        return f"与上年同期{figures.other_basis}"
    told, rests = growth_told(figures), _compared(figures.total)
    if not rests:
        return told
    return f"{told}，{rests}" if figures.other_basis else f"{told}（{rests}）"


def growth_told(figures: CircularFigures) -> str:
    """`同比增长5.3%`, with the label of another basis in brackets; empty where none is told."""
    change = figures.total.year_on_year
    if change is None or not figures.is_compared:
        return ""
    label = f"（两年{figures.other_basis}）" if figures.other_basis else ""
    return growth(change, figures.style) + label


def _compared(total: GroupFigures) -> str:
    """What the growth rests on, where not every project with data had some a year ago."""
    with_data = total.projects - total.without_plan - total.outside_scope - total.no_data
    if total.compared is None or total.compared >= with_data:
        return ""
    return f"按两年同期均有数据的{total.compared}个项目计算"


def _basis(figures: CircularFigures) -> list[str]:
    """What the reader must know about the sums: no plan, no data, figures still in question."""
    total = figures.total
    said: list[str] = []
    if total.annual_plan_yuan and total.without_plan:
        said.append(f"{total.without_plan}个项目未安排年度计划投资，不计入完成率。")
    if total.outside_scope:
        said.append(f"{total.outside_scope}个项目不在评定范围，其计划和完成投资均未计入。")
    if not _has_data(figures):
        return said
    said.append(_below_last_time(figures))
    if total.no_data:
        said.append(f"{total.no_data}个项目本期无数据，其完成投资未计入，计划投资仍计入。")
    marked = []
    if total.questioned:
        marked.append(f"{total.questioned}个项目的数据待核实")
    if total.unconfirmed:
        marked.append(f"{total.unconfirmed}个项目的数据为代报待确认")
    if total.unreviewed:
        marked.append(f"{total.unreviewed}个项目的数据未审核")
    if marked:
        said.append(f"已计入的数据中，{'，'.join(marked)}。")
    return said


def _below_last_time(figures: CircularFigures) -> str:
    """A year's sum that fell since the round before, with its reasons."""
    fall, done = figures.shortfall, figures.total.completed_yuan
    if fall is None or done is None:
        return ""
    reasons = (
        (fall.silent, f"{fall.silent}个{fall.title}有数据的项目本期无数据"),
        (fall.left, f"{fall.left}个项目退出清单或不再计入完成率"),
        (fall.reduced, f"{fall.reduced}个项目的累计数减少"),
    )
    why = "、".join(said for count, said in reasons if count)
    money = money_unit((figures.total.annual_plan_yuan, done, fall.completed_yuan), figures.style)
    before = money.text(fall.completed_yuan)
    text = f"累计完成投资低于{fall.title}的{before}"
    if before == money.text(done):
        less = fall.completed_yuan - done
        text = f"累计完成投资比{fall.title}少{money_unit((less,), figures.style).text(less)}"
    return f"因{why}，{text}。" if why else f"{text}。"


_NAMED_OVERDUE = 5


def starts(figures: CircularFigures) -> list[str]:
    """三、开工情况: planned, due, started, early, overdue, and the rate with its denominator."""
    group = figures.total.starts
    day = day_text(figures.period.as_of, figures.period.year)
    if group.planned:
        text = _planned_starts(group, day, figures.overdue)
        if group.unknown_nature:
            text += f"另有{group.unknown_nature}个计划本年度开工的项目未注明建设性质，未计入。"
    elif group.unknown_nature:
        text = f"{group.unknown_nature}个计划本年度开工的项目未注明建设性质，开工情况暂不统计。"
    elif figures.total.projects:
        text = "本年度没有计划新开工项目。"
    else:
        text = "清单内没有项目，无开工情况。"
    return [text + _rate(figures, day) + _rate_as_issued(figures)]


def _planned_starts(group: Starts, day: str, overdue: Sequence[str]) -> str:
    parts = [f"本年度计划新开工项目{group.planned}个"]
    parts.append(f"截至{day}应开工{group.due}个" if group.due else f"截至{day}均未到计划开工时间")
    if not group.started:
        parts.append("尚无项目开工")
    else:
        started = "已全部开工" if group.started == group.planned else f"已开工{group.started}个"
        if group.early == group.started:
            started += "（均为提前开工）"
        elif group.early:
            started += f"（其中提前开工{group.early}个）"
        parts.append(started)
    if group.overdue:
        names = joined([one_line(name) for name in overdue], _NAMED_OVERDUE, "项目")
        # Brackets do not stand within brackets.
        named = f"：{names}" if names.count("（本期") else f"（{names}）" if names else ""
        parts.append(f"逾期未开工{group.overdue}个{named}")
    elif group.due and group.started != group.planned:
        parts.append("无逾期未开工项目")
    return f"{'，'.join(parts)}。"


RATE_WORDS = {
    StartRate.PLANNED: "开工率=已开工项目数÷年度计划新开工项目数",
    StartRate.DUE: "开工率=已开工项目数÷应开工项目数",
    StartRate.ALL: "开工率=已开工项目数（含续建）÷全部项目数",
    StartRate.UNDERWAY: "开工率=在建和已完工项目数÷全部项目数",
    StartRate.RESUMED: "开复工率=已开工新建项目和已复工续建项目数÷全部项目数",
}


def _rate_as_issued(figures: CircularFigures) -> str:
    """The start rate of the projects of the list as issued, where it is another one as printed."""
    style, total = figures.style, figures.total
    if total.issued is None or total.issued.start_rate is None or total.starts.rate is None:
        return ""
    issued, now = (
        percent(one, style, "start_rate") for one in (total.issued.start_rate, total.starts.rate)
    )
    return "" if issued == now else f"按印发稿计算，{style.start_word}{issued}。"


def _rate(figures: CircularFigures, day: str) -> str:
    style, ratio = figures.style, figures.total.starts.rate
    if ratio is None:
        return ""
    printed = percent(ratio, style, "start_rate")
    done, of = ratio
    sentences = {
        StartRate.PLANNED: f"开工率{printed}（占年度计划新开工项目的比重）。",
        StartRate.DUE: f"开工率{printed}（已开工项目数与截至{day}应开工项目数之比）。",
        StartRate.ALL: f"已开工项目（含续建）{done}个，占全部{of}个项目的{printed}。",
        StartRate.UNDERWAY: f"在建和已完工项目{done}个，占全部{of}个项目的{printed}。",
        StartRate.RESUMED: (
            f"已开工新建项目和已复工续建项目{done}个，占全部{of}个项目的{printed}（开复工率）。"
        ),
    }
    return sentences[style.start_rate]
