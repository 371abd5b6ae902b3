"""The circular's tables: by region, by responsible unit, and 滞后项目清单 when the body is cut."""

from __future__ import annotations

from guatu.core.ratio import Ratio, percent_text
from guatu.engines.gongwen.tables import fitted_shares, lowest_heads
from guatu.engines.gongwen.types import Align, Annex, Column, HeadCell, Row, Table
from guatu.publishing.circular.lagging import light_word
from guatu.publishing.circular.overall import RATE_WORDS
from guatu.publishing.circular.printing import (
    MoneyUnit,
    full_day,
    money_unit,
    one_line,
    period_name,
    progress_of,
    rank_basis,
    reported,
    short_gap,
)
from guatu.publishing.circular.regions import listed_regions
from guatu.publishing.circular.types import (
    CircularFigures,
    CircularStyle,
    GroupFigures,
)

_NONE = "—"


def region_annex(figures: CircularFigures) -> Annex:
    """分地区完成情况表: totals first, then the regions in the order of the text (M-I2)."""
    style = figures.style
    present = listed_regions(figures)
    groups = [figures.total, *(region.figures for region in present)]
    money = money_unit(
        (yuan for one in groups for yuan in (one.annual_plan_yuan, one.completed_yuan)), style
    )
    rows = [Row(("合计", *_place(style, None), *_cells(figures, figures.total, money)), bold=True)]
    rows += [
        Row((one_line(r.name), *_place(style, r.rank), *_cells(figures, r.figures, money)))
        for r in present
    ]
    table = _fitted(
        _head(figures), rows, aligned=[Align.CENTER], unit=f"单位：个、{money.unit}、%、百分点"
    )
    return Annex(
        f"{period_name(figures.period)}{style.subject}分地区完成情况表",
        table,
        notes=_notes(figures),
        keep=(style.subject, "分地区", "完成情况表"),
    )


def unit_annex(figures: CircularFigures) -> Annex:
    """分责任单位完成情况表: totals first, then the units in the ledger's order; never by rank."""
    style = figures.style
    groups = [figures.total, *(unit.figures for unit in figures.units)]
    money = money_unit(
        (yuan for one in groups for yuan in (one.annual_plan_yuan, one.completed_yuan)), style
    )

    def cells(name: str, group: GroupFigures) -> tuple[str, ...]:
        told = _cells(figures, group, money)
        return (name, *told[: 7 if has_issued(figures) else 6], *told[-2:])

    rows = [Row(cells("合计", figures.total), bold=True)]
    rows += [Row(cells(one_line(unit.name), unit.figures)) for unit in figures.units]
    heads = (
        "责任单位", "项目数", "无数据", "年度计划", "累计完成", "完成率", *_issued_head(figures),
        f"与{style.progress_word}相比", style.serious_word, style.warning_word,
    )  # fmt: skip
    return Annex(
        f"{period_name(figures.period)}{style.subject}分责任单位完成情况表",
        _fitted(
            (tuple(map(HeadCell, heads)),), rows, aligned=[Align.LEFT],
            unit=f"单位：个、{money.unit}、%、百分点",
        ),
        notes=(
            f"注：{_exact(style)}{_two_lists(figures)}“—”表示无数据或不适用。"
            "按台账顺序排列，不表示排名。",
        ),
        keep=(style.subject, "分责任单位", "完成情况表"),
    )  # fmt: skip


def _fitted(
    head: tuple[tuple[HeadCell, ...], ...], rows: list[Row], *, aligned: list[Align], unit: str
) -> Table:
    """A table whose columns are as wide as what stands in them asks; figures to the right."""
    shares = fitted_shares([row.cells for row in rows], lowest_heads(head))
    aligns = [*aligned, *[Align.RIGHT] * (len(shares) - len(aligned))]
    columns = tuple(Column(share, align) for share, align in zip(shares, aligns, strict=True))
    return Table(columns, head, tuple(rows), unit=unit)


def _place(style: CircularStyle, rank: int | None) -> tuple[str, ...]:
    """The cell 名次, which is there only while the switch `rankings` is on."""
    if not style.rankings:
        return ()
    return (_NONE if rank is None else str(rank),)


def _head(figures: CircularFigures) -> tuple[tuple[HeadCell, ...], ...]:
    style = figures.style
    return (
        (
            HeadCell("地区", rows=2),
            *([HeadCell("名次", rows=2)] if style.rankings else []),
            HeadCell("项目数", rows=2),
            HeadCell("无数据", rows=2),
            HeadCell("投资完成情况", columns=4 + len(_issued_head(figures))),
            HeadCell("新开工情况", columns=3),
            HeadCell("预警项目", columns=2),
        ),
        (
            HeadCell("年度计划"),
            HeadCell("累计完成"),
            HeadCell("完成率"),
            *map(HeadCell, _issued_head(figures)),
            HeadCell(f"与{style.progress_word}相比"),
            HeadCell("计划开工"),
            HeadCell("已开工"),
            HeadCell(style.start_word),
            HeadCell(style.serious_word),
            HeadCell(style.warning_word),
        ),
    )


def has_issued(figures: CircularFigures) -> bool:
    """Whether the list was adjusted since it was issued, so that rates stand twice (M-A10)."""
    return figures.total.issued is not None


def _issued_head(figures: CircularFigures) -> tuple[str, ...]:
    return ("印发稿完成率",) if has_issued(figures) else ()


def _two_lists(figures: CircularFigures) -> str:
    """By which list each of the two rates is."""
    if not has_issued(figures):
        return ""
    return "印发稿完成率按清单印发稿的项目和年度计划计算，其他各列按调整稿计算。"


def _percent(
    ratio: Ratio | None, figures: CircularFigures, measure: str = "completion_rate"
) -> str:
    style = figures.style
    if ratio is None:
        return _NONE
    return percent_text(*ratio, style.digits_for(measure), style.rounding_for(measure))


def _cells(figures: CircularFigures, group: GroupFigures, money: MoneyUnit) -> tuple[str, ...]:
    progress = progress_of(group, figures.time_progress)
    done = group.completed_yuan if group.no_data < group.projects else None
    issued = group.issued
    return (
        str(group.projects),
        str(group.no_data),
        money.bare(group.annual_plan_yuan) if group.annual_plan_yuan else _NONE,
        _NONE if done is None else money.bare(done),
        _percent(group.rate, figures),
        *([_percent(issued.rate, figures)] if issued else [_NONE] * has_issued(figures)),
        _NONE if group.rate is None else short_gap(group.rate, progress, figures.style),
        str(group.starts.planned),
        str(group.starts.started),
        _percent(group.starts.rate, figures, "start_rate"),
        str(group.serious),
        str(group.warning),
    )


def _notes(figures: CircularFigures) -> tuple[str, ...]:
    said = [
        "完成率=累计完成投资÷年度计划投资，按未取整的数据计算；无数据项目的计划投资计入分母。"
        + _exact(figures.style)
        + _two_lists(figures),
        f"{RATE_WORDS[figures.style.start_rate]}。“—”表示无数据或不适用。",
    ]
    said += _about_ranks(figures)
    if figures.total.starts.unknown_nature:
        said.append(
            f"{figures.total.starts.unknown_nature}个计划本年度开工的项目未注明建设性质，"
            "未计入新开工情况。"
        )
    difference = figures.total.projects - sum(r.figures.projects for r in figures.regions)
    if figures.regions and difference > 0:
        said.append(f"合计含未分列到地区的项目{difference}个。")
    elif figures.regions and difference < 0:
        said.append("部分项目涉及多个地区，分地区数相加大于合计数。")
    return tuple(f"{'注：' if at == 1 else ''}{at}.{text}" for at, text in enumerate(said, 1))


def _exact(style: CircularStyle) -> str:
    """That a gap is of exact figures: it may be other than the difference of printed ones."""
    if style.gap_from_rounded:
        return ""
    return f"与{style.progress_word}相比按未取整的数据计算，可能与印出的数相减差一个末位。"


def _about_ranks(figures: CircularFigures) -> list[str]:
    """By what the ranks are made, and who answers for them: the switch's basis, scope and end."""
    terms = figures.style.rankings
    if terms is None:
        return ["按台账顺序排列，不表示排名。"]
    basis = rank_basis(figures.style, figures.regions)
    classes = _ranked_classes(figures)
    apart = f"，{'、'.join(classes)}分别排列" if len(classes) > 1 else ""
    until = f"，有效期至{full_day(terms.until)}" if terms.until else ""
    return [
        f"名次按{basis}排列{apart}；"
        f"排名依据：{one_line(terms.basis)}，适用范围：{one_line(terms.scope)}{until}。"
    ]


def _ranked_classes(figures: CircularFigures) -> list[str]:
    return list(dict.fromkeys(r.rank_class for r in figures.regions if r.rank and r.rank_class))


def lagging_annex(figures: CircularFigures) -> Annex:
    """滞后项目清单: every project with a light, with what the unit reported in full."""
    style = figures.style
    money = money_unit(
        (yuan for one in figures.lagging for yuan in (one.annual_plan_yuan, one.completed_yuan)),
        style,
    )
    aligned = [
        Align.CENTER, Align.LEFT, Align.LEFT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.CENTER,
        Align.LEFT,
    ]  # fmt: skip
    heads = (
        "序号", "项目名称", "责任单位", "年度计划", "累计完成", "完成率", "预警", "存在问题",
    )  # fmt: skip
    rows = []
    for at, one in enumerate(figures.lagging, start=1):
        plan, done = one.annual_plan_yuan, one.completed_yuan
        rows.append(
            Row(
                (
                    str(at),
                    one_line(one.name),
                    one_line(one.unit) or _NONE,
                    money.bare(plan) if plan else _NONE,
                    _NONE if done is None else money.bare(done),
                    _percent(one.rate, figures),
                    light_word(figures, one.severity),
                    "；".join(filter(None, (reported(one.reason), reported(one.problem)))) or _NONE,
                )
            )
        )
    return Annex(
        f"{period_name(figures.period)}{style.subject}滞后项目清单",
        _fitted(
            (tuple(map(HeadCell, heads)),), rows, aligned=aligned, unit=f"单位：{money.unit}、%"
        ),
        notes=("注：“—”表示无数据或不适用。",),
        keep=(style.subject, "滞后项目清单"),
    )
