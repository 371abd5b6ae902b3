"""Nine light rules over a province's projects: the bench's own book and the measures it adds."""

from __future__ import annotations

from functools import cache

from guatu.engines.rulebook import Book, parse_book

_TEXT = """
[book]
id = "bench-nine"
version = 1
from = 2025-01-01
subject = "项目"
compare = "unrounded"
title = "测速用九条亮灯规则"
source = "测速"

[[scope]]
clause = "一"
when = "年度计划投资 > 0"
missing = "不在范围"

[[assume]]
measure = "无正当理由"
value = true
clause = "四"
interpretation = {by = "测速", on = 2025-01-01, why = "没有登记就是没有认定"}

[labels]
ok = {label = "绿", colour = "green"}
notice = {label = "蓝", colour = "blue"}
warning = {label = "黄", colour = "yellow"}
serious = {label = "红", colour = "red"}

[[measure]]
name = "缺报次数"
kind = "个数"
meaning = "本年到期末没有报数的月份"
data = "月报"

[[measure]]
name = "连续缺报月数"
kind = "月数"
meaning = "到期末连续没有报数的月数"
data = "月报"

[[measure]]
name = "本月完成投资"
kind = "金额"
meaning = "本月累计减上月累计"
data = "月报"

[[measure]]
name = "上年同期完成投资"
kind = "金额"
meaning = "上年同期累计完成投资"
data = "月报"

[[measure]]
name = "为上年同期"
kind = "比率"
from = {ratio = ["本年累计完成投资", "上年同期完成投资"]}

[[light]]
dimension = "进度"
clause = "一"
missing = "无数据"
cases = [
  {when = "落后时间进度 <= 0", give = {severity = "ok"}},
  {when = "0 < 落后时间进度 < 10*百分点", give = {severity = "notice"}},
  {when = "10*百分点 <= 落后时间进度 <= 30*百分点", give = {severity = "warning"}},
  {when = "落后时间进度 > 30*百分点", give = {severity = "serious"}},
]

[[light]]
dimension = "序时"
clause = "二"
missing = "无数据"
cases = [
  {when = "序时短缺率 <= 0", give = {severity = "ok"}},
  {when = "0 < 序时短缺率 <= 50*百分比", give = {severity = "warning"}},
  {when = "序时短缺率 > 50*百分比", give = {severity = "serious"}},
]

[[light]]
dimension = "预警"
clause = "三"
missing = "无数据"
cases = [
  {when = "序时完成比 < 60*百分比", give = {severity = "serious"}},
  {when = "60*百分比 <= 序时完成比 < 80*百分比", give = {severity = "warning"}},
  {when = "序时完成比 >= 80*百分比", give = {severity = "ok"}},
]

[[light]]
dimension = "开工"
clause = "四"
missing = "无数据"
cases = [
  {when = "按计划开工", give = {severity = "ok"}},
  {when = "已开工", give = {severity = "ok"}},
  {when = "开工逾期月数 == 0", give = {severity = "not_due"}},
  {when = "开工逾期月数 >= 3*个月 and 无正当理由", give = {severity = "serious"}},
  {when = "开工逾期月数 >= 1*个月 and 无正当理由", give = {severity = "warning"}},
]

[[light]]
dimension = "资金"
clause = "五"
missing = "无数据"
cases = [
  {when = "资金支付率 >= 要求支付率", give = {severity = "ok"}},
  {when = "资金支付率 < 要求支付率", give = {severity = "serious"}},
]

[[light]]
dimension = "入库"
clause = "六"
missing = "无数据"
cases = [
  {when = "已入库", give = {severity = "ok"}},
  {when = "not 已开工", give = {severity = "not_due"}},
  {when = "开工后月数 < 1*个月", give = {severity = "not_due"}},
  {when = "开工后月数 > 2*个月 and 无正当理由", give = {severity = "serious"}},
  {when = "开工后月数 >= 1*个月 and 无正当理由", give = {severity = "warning"}},
]

[[light]]
dimension = "缺报"
clause = "七"
missing = "无数据"
cases = [
  {when = "缺报次数 >= 3", give = {severity = "serious"}},
  {when = "1 <= 缺报次数 < 3", give = {severity = "warning"}},
  {when = "缺报次数 == 0", give = {severity = "ok"}},
]

[[light]]
dimension = "连续缺报"
clause = "八"
missing = "无数据"
cases = [
  {when = "连续缺报月数 >= 3*个月", give = {severity = "serious"}},
  {when = "连续缺报月数 == 2*个月", give = {severity = "warning"}},
  {when = "本月完成投资 <= 0", give = {severity = "notice"}},
  {when = "连续缺报月数 < 2*个月", give = {severity = "ok"}},
]

[[light]]
dimension = "同比"
clause = "九"
missing = "无数据"
cases = [
  {when = "为上年同期 < 80*百分比", give = {severity = "serious"}},
  {when = "80*百分比 <= 为上年同期 < 100*百分比", give = {severity = "warning"}},
  {when = "行业领域 not in ('社会民生',) or 为上年同期 >= 100*百分比", give = {severity = "ok"}},
]
"""


@cache
def nine_rules() -> Book:
    """The book."""
    return parse_book(_TEXT, source="bench")
