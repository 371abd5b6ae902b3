"""A book that speaks of projects and of the units that answer for them."""

from __future__ import annotations

UNIT_TASK = "单位任务完成"
UNIT_BOOK = f"""
[book]
id = "units-2026"
version = 1
from = 2020-01-01
subject = "项目"
compare = "unrounded"
title = "项目和单位办法"
source = "试验用"

[[measure]]
name = "{UNIT_TASK}"
kind = "是否"
subject = "单位"
meaning = "单位完成当月任务"
data = "督查室月报"

[[measure]]
name = "连续红灯"
kind = "个数"
unit = "次"
from = {{consecutive = {{of = "往期总灯", when = "值 == '红'", every = "月"}}}}

[[assume]]
measure = "往期总灯"
value = []
clause = "一"
interpretation = {{by = "市重点办", on = 2026-01-31, why = "没有往期就是没有亮过"}}

[[measure]]
name = "红灯项目数"
subject = "单位"
kind = "个数"
from = {{members = {{take = "个数", over = "项目", by = "责任单位", when = "进度灯 == '红'"}}}}

[[measure]]
name = "老红灯项目数"
subject = "单位"
kind = "个数"
from = {{members = {{take = "个数", over = "项目", by = "责任单位", when = "连续红灯 >= 1*次"}}}}

[[measure]]
name = "单位名次"
subject = "单位"
kind = "个数"
unit = "名"
from = {{rank = {{of = "年度计划完成率", ties = "并列跳号"}}}}

[[light]]
dimension = "进度"
clause = "一"
missing = "无数据"
cases = [
  {{when = "落后时间进度 > 20*百分点", give = {{severity = "serious"}}}},
  {{when = "落后时间进度 <= 20*百分点", give = {{severity = "ok"}}}},
]

[[light]]
dimension = "单位进度"
subject = "单位"
clause = "二"
missing = "无数据"
cases = [
  {{when = "落后时间进度 > 10*百分点", give = {{severity = "warning"}}}},
  {{when = "落后时间进度 <= 10*百分点", give = {{severity = "ok"}}}},
]

[[light]]
dimension = "单位任务"
subject = "单位"
clause = "三"
missing = "无数据"
cases = [
  {{when = "not {UNIT_TASK}", give = {{severity = "serious"}}}},
  {{when = "{UNIT_TASK}", give = {{severity = "ok"}}}},
]

[[list]]
name = "黑榜"
subject = "单位"
clause = "四"
when = "红灯项目数 >= 1*个 and 单位名次 >= 2*名"
missing = "待定"
do = [{{act = "约谈", of = "单位主要负责人"}}]

[[act]]
name = "再约谈"
subject = "单位"
clause = "五"
when = "老红灯项目数 >= 1*个"
do = [{{act = "建议问责", of = "单位主要负责人"}}]
"""
