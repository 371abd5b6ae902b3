"""The layouts that units use, as data. Heads are written as paths; `_` is a space in a word."""

from __future__ import annotations

from dataclasses import replace

from guatu.demo.layouts.spec import Layout, columns

_CONTACT = ("填报人：{contact}    联系电话：{phone}",)
_NOTE = Layout("", ()).notes

PLAIN = Layout(
    "L01-plain",
    columns("""
    number 序号 6
    name 项目名称 36
    code 项目代码 28
    plan 年度计划投资
    cumulative 1—10月累计完成投资 14
    rate 投资完成率
    start 实际开工时间 14
    progress 形象进度 34
    problems 存在问题 34
    """),
    title="",
    unit_place="header",
    notes=("注：项目和数字均为虚构。",),
    days=("iso", "slashes", "long"),
)
THREE_ROWS = Layout(
    "L02-three-row-merged",
    columns("""
    number 序号 6
    name 项目基本情况/项目名称 36
    nature 项目基本情况/建设性质
    total 项目基本情况/总投资
    plan 2026年投资完成情况/年度投资计划
    month 2026年投资完成情况/完成投资/10月当月
    cumulative 2026年投资完成情况/完成投资/1-10月累计
    rate 2026年投资完成情况/完成率（%） 9
    start 开工情况/实际开工时间 14
    progress 形象进度 34
    problems 存在问题 34
    lead 责任单位 20
    leader 包联领导 16
    """),
    title="江源市（虚构）2026年重点项目进展情况表（单位：万元）",
    unit_place="title",
    sections="region",
    subtotals="heading",
    total="top",
    numbering="restart",
    percent="points",
    days=("dots", "month", "long"),
    names=("plain", "half-brackets"),
    blank="—",
)
UNIT_RIGHT = Layout(
    "L03-yi-unit-line",
    columns("""
    number 序号 6
    name 项目名称 36
    region 隶_属 12
    total 投资情况/计划总投资
    plan 投资情况/2026年度目标
    cumulative 投资情况/年度累计完成投资 14
    planned_start 开工时间/计划 12
    start 开工时间/实际 14
    finish 实际竣工时间 14
    progress 工程形象进度 34
    problems 存在的主要问题 34
    """),
    unit="亿元",
    sections="sector",
    section_mark="（一）",
    subtotals="row",
    total="bottom",
    numbering="restart",
    days=("month", "ten-day", "dots"),
    notes=_NOTE + _CONTACT,
)
UNMERGED = Layout(
    "L04-unmerged-offset",
    columns("""
    number 序_号 6
    name 项_目_名_称 36
    region 建设地点
    total 投资/总投资
    plan 投资/本年计划投资
    cumulative 投资/本年累计完成投资 16
    rate 投资/完成比例
    planned_start 时间/计划开工 12
    start 时间/实际开工 14
    progress 进展/形象进度 34
    problems 进展/需协调解决的问题 34
    """),
    merged=False,
    top=2,
    left=1,
    percent="points",
    days=("long", "month-end", "dots"),
    names=("plain", "spaces"),
    total="bottom",
)
YUAN = Layout(
    "L05-yuan-thousands",
    columns("""
    number 序号 6
    code 项目代码 28
    name 项目名称 36
    owner 项目业主 20
    plan 年度投资计划 18
    cumulative 截至10月底累计完成投资额 22
    start 实际开工日期 14
    progress 形象进度 34
    problems 存在问题 34
    remark 备注 20
    """),
    unit="元",
    money="thousands",
    days=("iso", "serial"),
    blank="/",
    total="bottom",
    notes=_CONTACT + _NOTE,
    sheet="进度",
)
UNIT_IN_CELL = Layout(
    "L06-unit-in-cell",
    columns("""
    name 项目名称 36
    total 总投资 14
    plan 年度任务 14
    cumulative 今年以来完成投资 16
    progress 目前进展 36
    problems 问题及建议 34
    start 开工时间（实际） 14
    """),
    unit_place="cell",
    money="with-unit",
    numbering="none",
    days=("month", "long", "dots"),
    names=("line-break", "plain"),
    blank="—",
)
SPREAD = Layout(
    "L07-problems-spread",
    columns("""
    number 序号 6
    name 项目名称 36
    plan 投资完成情况/年度计划
    cumulative 投资完成情况/1—10月完成
    rate 投资完成情况/完成率
    start 实际开工时间 14
    progress 形象进度 34
    problem_number 存在问题/序号 6
    problems 存在问题/内容 36
    problem_kind 存在问题/类别 10
    leader 包联领导 16
    """),
    unit_place="header",
    spread_problems=True,
    days=("dots", "ten-day"),
    percent="text",
    names=("plain", "half-brackets"),
    sections="sector",
)
PACKAGES = Layout(
    "L08-packages-dotted",
    columns("""
    number 序号 7
    name 项目名称 38
    code 项目代码 28
    parts 子项目数 9
    total 总投资
    plan 当年计划投资 13
    month 本月完成
    cumulative 年度累计完成投资 14
    rate 投资完成率
    start 实际开工时间 14
    finish 实际竣工时间 14
    progress 形象进度 34
    problems 存在问题 30
    remark 备注 22
    """),
    numbering="dotted",
    blank="/",
    of_which=True,
    total="top",
    days=("long", "dot-month"),
    title="重点项目（含打包项目）10月进展表（江源市·虚构）",
)
CSV = Layout(
    "L09-csv-gb18030",
    columns("""
    number 序号
    name 项目名称
    code 项目代码
    plan 年度计划投资
    cumulative 1-10月累计完成投资
    progress 形象进度
    problems 存在问题
    start 实际开工时间
    """),
    unit_place="title",
    title="重点项目进展（江源市·虚构） 单位：万元",
    money="thousands",
    notes=(),
    days=("dots", "iso"),
    suffix=".csv",
    sheet="",
    merged=False,
)
ODS = Layout(
    "L10-ods",
    columns("""
    number 序号 6
    name 项目名称 36
    region 所属辖区
    plan 投资（万元）/年度计划投资
    cumulative 投资（万元）/本年累计完成投资
    start 实际开工时间
    progress 形象进度 30
    problems 存在问题 30
    """),
    unit_place="none",
    days=("iso", "serial", "month"),
    suffix=".ods",
    total="bottom",
)
MANY_SHEETS = Layout(
    "L11-many-sheets",
    columns("""
    number 序号 6
    name 项目名称 36
    code 项目代码 28
    nature 性质 8
    total 总投资
    plan 年度计划
    cumulative 1—10月累计完成投资 14
    rate 完成率
    planned_start 计划开工 12
    start 实际开工时间 14
    progress 形象进度 34
    problems 存在问题 34
    """),
    sections="sector",
    total="top",
    formulas=True,
    days=("iso", "long"),
    sheet="10月",
    extras=("cover", "last-month", "contacts", "dictionary"),
)
FULL_WIDTH = Layout(
    "L12-full-width",
    columns("""
    number 序_号 6
    name 项_目_名_称 38
    sector 行业领域 12
    plan 年_度_计_划_投_资 14
    cumulative 本_年_累_计_完_成_投_资 16
    start 实_际_开_工_时_间 16
    progress 形_象_进_度 34
    problems 存_在_问_题 34
    """),
    money="full-width",
    days=("long-full-width", "long"),
    names=("spaces", "plain"),
    top=1,
    section_mark="（一）",
    notes=("联系人：{contact}，电话：{phone}",),
)
LAST_YEAR = Layout(
    "L13-last-year",
    columns("""
    number 序号 6
    name 项目名称 36
    code 项目代码 28
    plan 2026年/年度计划投资
    jan_feb 2026年/1—2月完成
    month 2026年/10月完成
    cumulative 2026年/1—10月累计完成投资 14
    rate 2026年/完成率
    last_year 2025年/上年同期累计完成投资 14
    start 实际开工时间 14
    progress 形象进度 34
    problems 存在问题 34
    """),
    sections="sector",
    subtotals="row",
    total="top",
    days=("dots", "iso"),
    blank="—",
)
TEXT_NUMBERS = Layout(
    "L14-text-numbers",
    columns("""
    number 序号 6
    name 项目名称 36
    code 项目代码 28
    total 概算总投资 14
    plan 年度投资计划 14
    cumulative 年度累计完成投资 16
    rate 投资完成率 10
    planned_start 计划开工时间 14
    start 实际开工时间 14
    progress 形象进度 34
    problems 存在问题 34
    """),
    money="text",
    percent="text",
    blank="—",
    days=("dots", "month-end", "long"),
    top=1,
)
SINCE_START = Layout(
    "L15-since-start",
    columns("""
    number 序号 6
    name 项目名称 36
    period 建设起止年限 14
    total 总投资
    since_start 自开工累计完成投资 14
    plan 2026年年度计划投资 14
    cumulative 2026年1-10月累计完成投资 16
    start 实际开工时间 14
    progress 形象进度 34
    problems 存在问题 34
    """),
    unit_place="header",
    names=("plain", "alias"),
    days=("slashes", "long"),
    title="江源市（虚构）重点项目投资进度统计表",
    notes=_NOTE,
)
FORMULAS = Layout(
    "L16-formulas",
    columns("""
    number 序号 6
    name 项目名称 36
    plan 年度计划投资
    month 10月份完成
    cumulative 本年累计完成投资 14
    rate 完成率
    start 实际开工时间 14
    progress 形象进度 34
    problems 存在问题 34
    leader 包联领导 16
    """),
    formulas=True,
    total="bottom",
    days=("serial", "iso"),
    top=1,
    left=1,
    sheet="10月份",
)
NO_UNIT = replace(
    PLAIN, id="L17-no-unit", unit_place="none", title="重点项目10月进展（江源市·虚构）"
)
LAYOUTS: tuple[Layout, ...] = (
    PLAIN, THREE_ROWS, UNIT_RIGHT, UNMERGED, YUAN, UNIT_IN_CELL, SPREAD, PACKAGES, CSV, ODS,
    MANY_SHEETS, FULL_WIDTH, LAST_YEAR, TEXT_NUMBERS, SINCE_START, FORMULAS, NO_UNIT,
)  # fmt: skip
