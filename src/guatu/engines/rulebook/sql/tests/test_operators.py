"""Every operator that SQL says, against the scalar one; what it does not say is refused."""

from __future__ import annotations

import random
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from guatu.engines.rulebook import parse_book
from guatu.engines.rulebook.evaluate import Evaluator
from guatu.engines.rulebook.run import Subject
from guatu.engines.rulebook.sql import DUCKDB, NotInSql, Relation, RowReader, compile_sql
from guatu.engines.rulebook.sql.tests.databases import Database
from guatu.engines.rulebook.sql.tests.invented import row_of, schema_of
from guatu.engines.rulebook.types import Book, Settings

GIVEN = {
    "甲额": "金额", "乙额": "金额", "甲率": "比率", "乙率": "比率", "甲日": "日期", "乙日": "日期",
    "甲是": "是否", "甲类": "文字", "甲数": "个数",
}  # fmt: skip
DERIVED = {
    "比": ("比率", '{ratio = ["甲额", "乙额"]}', "{} > 50*百分比"),
    "率比": ("比率", '{quotient = ["甲率", "乙率"]}', "{} > 50*百分比"),
    "短缺": ("比率", '{shortfall = ["甲率", "乙率"]}', "{} > 0"),
    "增": ("比率", '{growth = ["甲额", "乙额"]}', "{} > 0"),
    "率差": ("比率", '{difference = ["甲率", "乙率"]}', "{} > 0"),
    "额差": ("金额", '{difference = ["甲额", "乙额"]}', "{} > 0"),
    "率和": ("比率", '{sum = ["甲率", "乙率", "率差"]}', "{} > 0"),
    "额和": ("金额", '{sum = ["甲额", "乙额", "额差"]}', "{} > 0"),
    "最大率": ("比率", '{highest = ["甲率", "乙率", "率差"]}', "{} > 60*百分比"),
    "最小额": ("金额", '{lowest = ["甲额", "乙额", "额差"]}', "{} > 5*元"),
    "早日": ("日期", '{earliest = ["甲日", "乙日"]}', "{} > '2025-03-31'"),
    "晚日": ("日期", '{latest = ["甲日", "乙日"]}', "{} > '2025-03-31'"),
    "非是": ("是否", '{opposite = "甲是"}', "{}"),
    "满月": ("月数", '{months_since = "甲日"}', "{} > 2*个月"),
    "跨月": ("月数", '{months_across = "甲日"}', "{} > 2*个月"),
    "已过": ("天数", '{days_since = "甲日"}', "{} > 20*天"),
    "差月": ("月数", '{months_until = "甲日"}', "{} > 2*个月"),
    "差日": ("天数", '{days_until = "乙日"}', "{} > 20*天"),
    "隔月": ("月数", '{months_between = ["甲日", "乙日"]}', "{} > 2*个月"),
    "隔日": ("天数", '{days_between = ["甲日", "乙日"]}', "{} > 20*天"),
    "月": ("个数", '{month_of = "甲日"}', "{} > 6"),
    "季": ("个数", '{quarter_of = "甲日"}', "{} in (1, 3)"),
    "年份": ("个数", '{year_of = "甲日"}', "{} > 2024"),
    "半年": ("文字", '{half_of = "甲日"}', "{} == '上半年'"),
    "成立": ("是否", '{holds = "甲是 and 甲额 > 0 or 甲类 == \'a\'"}', "{}"),
    "几个": ("个数", '{how_many = ["甲是", "甲额 > 5*元", "甲类 in (\'a\', \'b\')"]}', "{} > 1"),
    "选额": (
        "金额",
        '{choose = [{when = "甲是", give = "7元"}, '
        '{when = "甲额 > 3*元", named = "乙额"}]}',
        "{} > 2*元",
    ),
    "选率": (
        "比率",
        '{choose = [{when = "甲类 == \'a\'", give = "70%"}, {named = "比"}]}',
        "{} > 65*百分比",
    ),
    "七成": ("金额", '{share_of = {of = "甲额", share = "70%"}}', "{} > 3*元"),
    "额名次": (
        "个数",
        '{rank = {of = "甲额", within = "甲类", order = "高者在前", '
        'ties = "并列跳号"}}',
        "{} > 3",
    ),
    "率名次": (
        "个数",
        '{rank = {of = "甲率", within = "甲类", order = "低者在前", '
        'ties = "并列不跳号"}}',
        "{} > 3",
    ),
    "末名次": (
        "个数",
        '{rank = {of = "率差", order = "高者在前", '
        'ties = "并列跳号", from_last = true, among = "甲是"}}',
        "{} > 3",
    ),
    "同组数": ("个数", '{peers = {take = "个数", within = "甲类", among = "甲是"}}', "{} > 3"),
    "同组和": (
        "金额",
        '{peers = {take = "和", of = "甲额", within = "甲类", absent = "不计入"}}',
        "{} > 30*元",
    ),
    "同组高": (
        "个数",
        '{peers = {take = "最高", of = "甲数", within = "甲类", among = "甲是",'
        ' absent = "无数据"}}',
        "{} > 3",
    ),
    "全体低": (
        "金额",
        '{peers = {take = "最低", of = "甲额", absent = "不计入"}}',
        "{} > 0",
    ),
}  # fmt: skip
AS_OF = date(2025, 2, 28)


def book_of(derived: dict[str, tuple[str, str, str]]) -> Book:
    lines = [
        '[book]\nid = "x"\nversion = 1\nfrom = 2025-01-01\nsubject = "项目"\n'
        'compare = "unrounded"\ntitle = "x"\nsource = "x"\n'
    ]
    for name, kind in GIVEN.items():
        lines.append(f'[[measure]]\nname = "{name}"\nkind = "{kind}"\nmeaning = "x"\ndata = "x"\n')
    for name, (kind, how, _) in derived.items():
        lines.append(
            f'[[measure]]\nname = "{name}"\nkind = "{kind}"\nfrom = {how}\nmeaning = "x"\n'
        )
    for name, (_, _, condition) in derived.items():
        when = condition.format(name)
        lines.append(
            f'[[light]]\ndimension = "{name}"\nclause = "一"\nmissing = "无数据"\n'
            f'[[light.cases]]\nwhen = "{when}"\n'
            'give = {severity = "warning", label = "黄", colour = "yellow"}\n'
        )
    return parse_book("\n".join(lines), source="x")


def subject(number: int) -> Subject:
    chance = random.Random(number)

    def mostly(value: Any) -> Any:
        return None if chance.random() < 0.08 else value

    def day() -> date:
        ends = (date(2025, 1, 31), date(2024, 2, 29), date(2025, 2, 28), date(2024, 8, 31))
        return chance.choice((*ends, date(2024, 6, 1) + timedelta(days=chance.randrange(500))))

    return Subject(
        str(number),
        "项目",
        {
            "甲额": mostly(chance.randrange(-5, 12)),
            "乙额": mostly(chance.randrange(-2, 12)),
            "甲率": mostly((chance.randrange(-3, 9), chance.choice((0, 2, 4, 8)))),
            "乙率": mostly((chance.randrange(-3, 9), chance.choice((-1, 3, 6, 12)))),
            "甲日": mostly(day()),
            "乙日": mostly(day()),
            "甲是": mostly(chance.random() < 0.6),
            "甲类": mostly("abc"[number % 3]),
            # Only class a lacks some of them.
            "甲数": number % 5 if number % 6 else None,
            "期末": AS_OF,
        },
    )


def plain(value: Any) -> Any:
    """A pair as a value: a sum or a mean may stand unreduced in SQL."""
    return Fraction(*value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("name", DERIVED)
def test_an_operator_is_the_scalar_one(database: Database, name: str) -> None:
    needed = {key: DERIVED[key] for key in ("比", "额差", "率差", name)}
    book = book_of(needed)
    bounds = dict.fromkeys(GIVEN, 10**6)
    plan = compile_sql(book, dialect=database.dialect, relation=Relation(bounds=bounds))
    evaluator = Evaluator(book, Settings(), "项目")
    subjects = [subject(number) for number in range(300)]
    frames = evaluator.frames([one.facts for one in subjects])
    rows = [row_of(key, dict(one.facts), plan.columns) for key, one in enumerate(subjects)]
    source = database.load(schema_of(plan.columns), rows)
    reader = RowReader(plan)
    said = set()
    for row in sorted(database.rows(plan.sql(source))):
        frame = frames[row[0]]
        assert reader.verdict(row) == evaluator.verdict_of(frame)
        value = plain(reader.values(row)[name])
        assert value == plain(frame[evaluator.plan.slots[name]]), subjects[row[0]].facts
        said.add(value)
    assert len(said) > 1 or name == "全体低"


@pytest.mark.parametrize(
    "how",
    [
        ("天数", '{days_since = "甲日"}\nunit = "工作日"', "{} > 2*工作日"),
        (
            "比率",
            '{peers = {take = "平均", of = "甲率", within = "甲类", absent = "不计入"}}',
            "{} > 0",
        ),
        ("个数", '{consecutive = {of = "甲额", when = "值 > 0", every = "月"}}', "{} > 1"),
    ],
)
def test_what_sql_cannot_say_is_refused_and_given_instead(how: tuple[str, str, str]) -> None:
    book = book_of({"难": how})
    with pytest.raises(NotInSql):
        compile_sql(book, dialect=DUCKDB)
    plan = compile_sql(book, dialect=DUCKDB, relation=Relation(given=("难",)))
    assert "难" in {column.measure for column in plan.columns}
