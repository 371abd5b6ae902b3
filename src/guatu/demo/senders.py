"""Who sends what in October 2026: forty files of thirty-four units, in order of arrival."""

from __future__ import annotations

from dataclasses import dataclass, replace

from guatu.demo.layouts import catalogue as c
from guatu.demo.layouts.spec import Layout
from guatu.demo.names import ENERGY, GREEN, INDUSTRY, SERVICE, SOCIAL, TRAFFIC, URBAN, WATER


@dataclass(frozen=True, slots=True)
class Sending:
    """A file: its name, sender, layout, which of the sender's projects, and what is planted.

    `sectors` empty means all; `first`/`last` cut the sender's list (last=-2: without the last
    two). A planted code may carry its text after a colon. `kind` is table, empty, contacts or
    last-month (a table of the wrong period).
    """

    file: str
    unit: str
    layout: Layout
    faults: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    first: int | None = None
    last: int | None = None
    kind: str = "table"
    superseded_by: str = ""


MISSING = ("swj", "zrj", "mzj", "gdjt", "nfjt", "bljy")
_RESENT = "10月进度(最终版2) 市交通局.xlsx"
_ROADS = (TRAFFIC, ENERGY, WATER, URBAN, SOCIAL, GREEN)
SENDINGS: tuple[Sending, ...] = (
    Sending("发改委牵头项目10月进展.xlsx", "fgw", c.FORMULAS),
    Sending("10月进度 市交通局.xlsx", "jtj", c.THREE_ROWS, ("superseded-figure",),
            last=-1, superseded_by=_RESENT),
    Sending("水利局重点项目进展（10月）.xlsx", "slj", c.UNIT_RIGHT, ("late-completion",)),
    Sending("市住建局2026年10月重点项目.xlsx", "zjj", c.PACKAGES, ("negative-month",)),
    Sending("工信局10月报表.xlsx", "gxj", c.UNMERGED, ("month-ambiguous",)),
    Sending("农业农村局10月进展.ods", "nyj", c.ODS),
    Sending("卫健委-项目进度1030.xlsx", "wjw", c.TEXT_NUMBERS,
            ("unreadable-money:三成", "rate-contradicts")),
    Sending("教育项目10月.xlsx", "jyj", c.PLAIN, ("above-total-investment", "equals-plan")),
    Sending("文旅局 重点项目 10月.xlsx", "wlj", c.FULL_WIDTH),
    Sending("生态环境局10月进度.csv", "hbj", c.CSV),
    Sending("城管局上报.xlsx", "cgj", c.UNIT_IN_CELL, ("phone-no-figure",)),
    Sending("能源局10月统计表.xlsx", "nengyj", c.SINCE_START),
    Sending("临江区10月重点项目进度表.xlsx", "ljfg", c.LAST_YEAR, ("last-year-differs",), last=-2),
    Sending("望溪区重点项目进展情况表10月.xlsx", "wxfg", c.THREE_ROWS,
            ("wrong-total", "repeated-start")),
    Sending("松岭区10月.xlsx", "slfg", c.SPREAD, ("unreadable-money:约5000", "renamed-project")),
    Sending("云渡县（工业和服务业）10月.xlsx", "ydfg", c.UNIT_RIGHT, sectors=(INDUSTRY, SERVICE)),
    Sending("云渡县（基础设施）10月.xlsx", "ydfg", c.UNMERGED, ("ambiguous-project",),
            sectors=_ROADS),
    Sending("白鹭县2026年重点项目台账.xlsx", "blfg", c.MANY_SHEETS,
            ("early-next-year", "last-month-sheet")),
    Sending("桐荫县发改局10月报送.xlsx", "tyfg", c.YUAN, ("below-last-month",)),
    Sending("新建 Microsoft Excel 工作表.xlsx", "fdfg", c.PLAIN, kind="empty"),
    Sending("枫渡县10月.xlsx", "fdfg", c.UNMERGED, ("unreadable-money:停工",)),
    Sending("杏林县重点项目10月进度（报市重点办）.xlsx", "xlfg", c.TEXT_NUMBERS, ("code-ruined",)),
    Sending("经开区产业项目10月.xlsx", "jkq", c.LAST_YEAR,
            ("unknown-project:经开区五里零碳产业园项目", "early-start"),
            sectors=(INDUSTRY,)),
    Sending("经开区基础设施10月.xlsx", "jkq", c.SPREAD, sectors=(TRAFFIC, URBAN)),
    Sending("经开区社会事业和服务业10月.xlsx", "jkq", c.PLAIN,
            sectors=(ENERGY, WATER, SERVICE, SOCIAL, GREEN)),
    Sending("高新区10月（含打包）.xlsx", "gxq", c.PACKAGES, ("duplicate-row", "renamed-with-code")),
    Sending("澄湖新区项目进展.xlsx", "chxq", c.FULL_WIDTH),
    Sending("交投集团10月投资进度.xlsx", "jtjt", c.SINCE_START, ("below-last-month",)),
    Sending("水务集团10月.xlsx", "swjt", replace(c.YUAN, total="none"),
            ("fraction-of-yuan",)),
    Sending("城投集团重点项目10月.xlsx", "ctjt", c.SPREAD,
            ("unknown-project:望溪区智慧水厂提标工程",)),
    Sending("能投10月快报.xlsx", "ntjt", c.FORMULAS,
            ("formula-without-value", "formula-without-value")),
    Sending("文旅投.xlsx", "wltjt", c.NO_UNIT, ("missing-unit",)),
    Sending("产投集团项目情况.xlsx", "cyjt", c.UNIT_IN_CELL, ("unreadable-money:正在统计",)),
    Sending("环境集团通讯录.xlsx", "hjjt", c.PLAIN, kind="contacts"),
    Sending("临江住建局10月.csv", "ljzj", c.CSV, ("phone-no-figure",)),
    Sending("望溪区水务局.ods", "wxsl", c.ODS),
    Sending("云渡交通10月.xlsx", "ydjt", c.PLAIN, ("code-ruined",)),
    Sending("桐荫县文旅局重点项目.xlsx", "tywl", c.UNIT_RIGHT, ("wrong-period",),
            kind="last-month"),
    Sending(_RESENT, "jtj", c.THREE_ROWS),
    Sending("临江区补报（2个项目）.xlsx", "ljfg", c.PLAIN, first=-2),
)  # fmt: skip
