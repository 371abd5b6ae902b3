"""A book whose lights rest on what somebody records: given figures, a judgement, records."""

from __future__ import annotations

from datetime import date

from guatu.assessment.books.queries import book_now
from guatu.assessment.models import RuleBookVersion
from guatu.assessment.recordable import Recordable, recordable
from guatu.core import clock
from guatu.engines.rulebook import parse_book
from guatu.engines.rulebook.types import Measure
from guatu.journal import services as journal
from guatu.organisation.services.policy import change_settings
from tests.factories import Cast

OWN_BOOK = "recorded-2026"
RATE, CAUSE, MISSED, TASK = "月任务完成率", "不可抗力", "月任务未完成", "地区月任务完成"
TEXT = f"""
[book]
id = "{OWN_BOOK}"
version = 1
from = 2020-01-01
subject = "项目"
compare = "unrounded"
title = "月任务办法"
source = "试验用"

[labels]
ok = {{label = "绿", colour = "green"}}
warning = {{label = "黄", colour = "yellow"}}
serious = {{label = "红", colour = "red"}}

[[measure]]
name = "{RATE}"
kind = "比率"
meaning = "当月完成任务÷当月任务"
data = "督查室月报"

[[measure]]
name = "{CAUSE}"
kind = "是否"
meaning = "未完成的原因经认定属不可抗力"
judged_by = "市自然资源和规划局"
evidence = "认定文件"

[[measure]]
name = "{MISSED}"
kind = "记录"
value = "分数"
meaning = "没有完成月任务的每一次"
data = "督查室登记"

[[measure]]
name = "连续未完成"
kind = "个数"
unit = "次"
from = {{consecutive = {{of = "{MISSED}", when = "值 < 60*分", every = "月"}}}}

[[measure]]
name = "{TASK}"
kind = "是否"
subject = "地区"
meaning = "地区完成月任务"
data = "督查室月报"

[[assume]]
measure = "{CAUSE}"
value = false
clause = "一"
interpretation = {{by = "市重点办", on = 2026-01-31, why = "没有认定的按没有"}}

[[light]]
dimension = "任务"
clause = "一"
missing = "无数据"
overlap = "先者为准"
cases = [
  {{when = "{CAUSE}", give = {{severity = "ok"}}}},
  {{when = "{RATE} >= 100*百分比", give = {{severity = "ok"}}}},
  {{when = "{RATE} < 100*百分比", give = {{severity = "warning"}}}},
]

[[light]]
dimension = "连续"
clause = "二"
missing = "无数据"
cases = [
  {{when = "连续未完成 < 2*次", give = {{severity = "ok"}}}},
  {{when = "连续未完成 >= 2*次", give = {{severity = "serious"}}}},
]

[[light]]
dimension = "地区任务"
subject = "地区"
clause = "三"
missing = "无数据"
cases = [
  {{when = "{TASK}", give = {{severity = "ok"}}}},
  {{when = "not {TASK}", give = {{severity = "warning"}}}},
]
"""


def adopt(people: Cast, text: str = TEXT, *, number: int = 1) -> None:
    """The city judges by a book of its own."""
    text = text.replace("version = 1", f"version = {number}", 1)
    book = parse_book(text, source="own")
    row = RuleBookVersion(
        book=book.id,
        book_version=number,
        toml=text,
        digest=book.digest,
        published_by="office",
        is_own=True,
        at=clock.now(),
        valid_from=date(2020, 1, 1),
    )
    with journal.act(people.console, "test.published") as act:
        act.write(row)
    change_settings(people.console, {"rulebook": book.id}, books=[book.id])


def asked(name: str, kind: str = "project") -> Recordable:
    """A measure that the book in force wants."""
    return recordable(book_now(), kind, name)


def measure(name: str, kind: str = "project") -> Measure:
    return asked(name, kind).measure
