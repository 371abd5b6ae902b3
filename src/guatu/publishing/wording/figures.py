"""The dictionary of live figures: every name that a wording may hold, and what it says now."""

from __future__ import annotations

from collections import Counter

from guatu.publishing.circular.compose import UNITS_ANNEX, names_units
from guatu.publishing.circular.lagging import light_word
from guatu.publishing.circular.overall import growth_told, overall, starts
from guatu.publishing.circular.printing import (
    against_progress,
    day_text,
    money_unit,
    named_progress,
    one_line,
    percent,
    period_name,
    progress_of,
    short_gap,
)
from guatu.publishing.circular.regions import regions, units
from guatu.publishing.circular.types import LIGHTS, CircularFigures, LaggingProject

LONGEST_LIST = 200
UNITS = "分单位情况"
_BRACES = str.maketrans("{}", "｛｝")


_MEANINGS = {
    "期别": "通报的这一期",
    "截至日": "投资数据的截止日",
    "期末日": "本期最后一天，开工情况算到这一天",
    "项目数": "清单内全部项目",
    "无数据项目数": "计入完成率而本期没有投资数的项目",
    "待核实项目数": "数已计入、还待核实的项目",
    "代报待确认项目数": "项目办代报、单位还没有确认的项目",
    "未审核项目数": "单位已报送、还没有审核的项目",
    "年度计划投资": "计入完成率的项目年度计划之和",
    "累计完成投资": "计入完成率的项目本年累计完成之和",
    "计划开工数": "计划本年度新开工的项目",
    "应开工数": "计划在期末日以前开工的项目",
    "已开工数": "计划本年度新开工、已经开工的项目",
    "提前开工数": "还没到计划开工时间、已经开工的项目",
    "逾期未开工数": "到了计划开工时间、还没有开工的项目",
    "数据版本": "本期锁定日期，更正过的写第几版",
    "完成率": "累计完成÷年度计划，按未取整的数算",
    "与进度相比": "完成率减时间进度，含高于、低于、持平的字样",
    "同比": "比上年同期，含增长、下降的字样；两年口径不同的注明",
    "时间进度": "本期应达到的进度",
    "计划进度": "项目自身计划应达到的进度",
    "规定进度": "规定曲线要求达到的进度",
    "印发稿完成率": "累计完成÷清单印发稿的年度计划；清单没有调整过就没有",
    "开工率": "口径见附件的注",
    "开复工率": "口径见附件的注",
    "总体情况": "“总体情况”整段文字",
    "分地区情况": "“分地区情况”整段文字",
    "开工情况": "“开工情况”整段文字",
    UNITS: "按责任单位统计的整段文字",
}


def meaning_of(name: str) -> str:
    """What a live figure is, for who has to choose one; figures of a region or project by part."""
    if name in _MEANINGS:
        return _MEANINGS[name]
    for part in ("完成率", "与进度相比", "年度计划投资", "累计完成"):
        if name.endswith(part):
            return "该项目的数" if "：" in name else "该地区的数"
    return "亮这种灯的项目" if name.endswith("项目数") else ""


def inert(text: str) -> str:
    """The text with its braces made harmless: data never becomes a placeholder."""
    return text.translate(_BRACES)


def live_figures(figures: CircularFigures) -> dict[str, str]:
    """Every live figure by name, as it is printed now."""
    return {
        **_totals(figures),
        **_regions(figures),
        **_projects(figures),
        "总体情况": "".join(overall(figures)),
        "分地区情况": "".join(regions(figures, LONGEST_LIST)),
        "开工情况": "".join(starts(figures)),
        **({UNITS: units(figures, UNITS_ANNEX)} if names_units(figures) else {}),
    }


def _totals(figures: CircularFigures) -> dict[str, str]:
    total, style, year = figures.total, figures.style, figures.period.year
    money = money_unit((total.annual_plan_yuan, total.completed_yuan), style)
    begun = total.starts
    told = {
        "期别": period_name(figures.period),
        "截至日": day_text(figures.cut_off_on, year),
        "期末日": day_text(figures.period.as_of, year),
        "项目数": f"{total.projects}个",
        "无数据项目数": f"{total.no_data}个",
        "待核实项目数": f"{total.questioned}个",
        "代报待确认项目数": f"{total.unconfirmed}个",
        "未审核项目数": f"{total.unreviewed}个",
        "年度计划投资": money.text(total.annual_plan_yuan),
        "计划开工数": f"{begun.planned}个",
        "应开工数": f"{begun.due}个",
        "已开工数": f"{begun.started}个",
        "提前开工数": f"{begun.early}个",
        "逾期未开工数": f"{begun.overdue}个",
    }
    if figures.locked_on is not None:
        version = f"第{figures.revision}版" if figures.revision > 1 else ""
        told["数据版本"] = f"{day_text(figures.locked_on, year)}锁定的{version}定版数据"
    counts = dict(zip(LIGHTS, (total.serious, total.warning), strict=True))
    told |= {f"{light_word(figures, light)}项目数": f"{n}个" for light, n in counts.items()}
    progress = progress_of(total, figures.time_progress)
    told[style.progress_word] = percent(progress, style, "time_progress")
    if total.completed_yuan is not None:
        told["累计完成投资"] = money.text(total.completed_yuan)
    if total.rate is not None:
        told["完成率"] = percent(total.rate, style)
        if total.issued is not None and total.issued.rate is not None:
            told["印发稿完成率"] = percent(total.issued.rate, style)
        named = named_progress(total.rate, progress, style)
        told["与进度相比"] = against_progress(total.rate, progress, style, named)
    if compared := growth_told(figures):
        told["同比"] = compared
    if begun.rate is not None:
        told[style.start_word] = percent(begun.rate, style, "start_rate")
    return told


def _regions(figures: CircularFigures) -> dict[str, str]:
    told = {}
    for region in figures.regions:
        rate = region.figures.rate
        if rate is None:
            continue
        name = inert(region.name)
        progress = progress_of(region.figures, figures.time_progress)
        told[f"{name}完成率"] = percent(rate, figures.style)
        told[f"{name}与进度相比"] = short_gap(rate, progress, figures.style)
    return told


def _projects(figures: CircularFigures) -> dict[str, str]:
    """Figures of the projects with lights; of two of one name none can be told."""
    often = Counter(project_name(one) for one in figures.lagging)
    told: dict[str, str] = {}
    for one in figures.lagging:
        if often[project_name(one)] == 1:
            told |= {f"{project_name(one)}：{what}": text for what, text in parts_of(one, figures)}
    return told


def project_name(project: LaggingProject) -> str:
    """The name under which a project's figures stand in the dictionary."""
    return inert(one_line(project.name))


def parts_of(project: LaggingProject, figures: CircularFigures) -> list[tuple[str, str]]:
    """The figures of a project with a light, in the order in which its sentence says them."""
    style = figures.style
    plan, done = project.annual_plan_yuan, project.completed_yuan
    money = money_unit((plan, done), style)
    told = []
    if plan:
        told.append(("年度计划投资", money.text(plan)))
    if done is not None:
        told.append(("累计完成", money.text(done)))
    if done is not None and project.rate is not None:
        progress = project.time_progress or figures.time_progress
        told.append(("完成率", percent(project.rate, style)))
        told.append(("与进度相比", against_progress(project.rate, progress, style)))
    return told
