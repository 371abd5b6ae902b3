"""`from = {operator = …}`: the named operators by which a measure follows from others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from guatu.engines.rulebook.catalogue import Catalogue
from guatu.engines.rulebook.expression import ConditionError, parse_condition
from guatu.engines.rulebook.reading.context import KIND_WORDS_OF, NOBODY, Reading
from guatu.engines.rulebook.sections import Section
from guatu.engines.rulebook.types import (
    Choice,
    Choose,
    Conditions,
    Detail,
    Kind,
    Measure,
    Members,
    Panel,
    Peers,
    Ranking,
    Share,
    Stated,
    Value,
    Window,
)

type Derived = tuple[str, tuple[str, ...], Detail | None]

NUMBERS = (Kind.YUAN, Kind.COUNT, Kind.MONTHS, Kind.DAYS)
ANY_NUMBER = (*NUMBERS, Kind.RATIO, Kind.POINTS, Kind.QUANTITY)
NO_DATA = "无数据"
TAKES = {"和": "sum", "平均": "mean", "最高": "highest", "最低": "lowest", "个数": "count"}
ORDERS = {"高者在前": False, "低者在前": True}
TIES = {"并列跳号": "shared", "并列不跳号": "dense"}
PERIODS = ("周", "月", "季度", "半年", "年")
WINDOWS = ("本月", "本季度", "本半年", "本年", "全部")


@dataclass(frozen=True, slots=True)
class Plain:
    """An operator over a fixed list of measures: kinds it takes, kinds it may give."""

    least: int
    most: int
    takes: tuple[Kind, ...]
    gives: tuple[Kind, ...]
    alike: bool = True


PLAIN: Mapping[str, Plain] = {
    "ratio": Plain(2, 2, (*NUMBERS, Kind.POINTS, Kind.QUANTITY), (Kind.RATIO,)),
    "growth": Plain(2, 2, (*NUMBERS, Kind.POINTS, Kind.QUANTITY), (Kind.RATIO,)),
    "difference": Plain(2, 2, ANY_NUMBER, ANY_NUMBER),
    "sum": Plain(2, 30, ANY_NUMBER, ANY_NUMBER),
    "highest": Plain(2, 30, ANY_NUMBER, ANY_NUMBER),
    "lowest": Plain(2, 30, ANY_NUMBER, ANY_NUMBER),
    "quotient": Plain(2, 2, (Kind.RATIO,), (Kind.RATIO,)),
    "shortfall": Plain(2, 2, (Kind.RATIO,), (Kind.RATIO,)),
    "opposite": Plain(1, 1, (Kind.BOOL,), (Kind.BOOL,)),
    "months_since": Plain(1, 1, (Kind.DAY,), (Kind.MONTHS,)),
    "months_across": Plain(1, 1, (Kind.DAY,), (Kind.MONTHS,)),
    "months_until": Plain(1, 1, (Kind.DAY,), (Kind.MONTHS,)),
    "days_since": Plain(1, 1, (Kind.DAY,), (Kind.DAYS,)),
    "days_until": Plain(1, 1, (Kind.DAY,), (Kind.DAYS,)),
    "months_between": Plain(2, 2, (Kind.DAY,), (Kind.MONTHS,)),
    "days_between": Plain(2, 2, (Kind.DAY,), (Kind.DAYS,)),
    "earliest": Plain(2, 30, (Kind.DAY,), (Kind.DAY,)),
    "latest": Plain(2, 30, (Kind.DAY,), (Kind.DAY,)),
    "month_of": Plain(1, 1, (Kind.DAY,), (Kind.COUNT,)),
    "year_of": Plain(1, 1, (Kind.DAY,), (Kind.COUNT,)),
    "half_of": Plain(1, 1, (Kind.DAY,), (Kind.TEXT,)),
    "quarter_of": Plain(1, 1, (Kind.DAY,), (Kind.COUNT,)),
}
_SAME_KIND = ("difference", "sum", "highest", "lowest")


def read_operator(reading: Reading, section: Section, measure: Measure) -> Derived | None:
    """The one operator of a `from` table; None after a fault."""
    given = [key for key in OPERATORS if key in section]
    if len(given) != 1:
        what = "“from”里要写一个算法" if not given else f"“from”里写了{len(given)}个算法"
        section.fault(what, f"可写：{'、'.join(OPERATORS)}")
        return None
    name = given[0]
    if name in PLAIN:
        return _plain(reading, section, measure, name)
    return _READERS[name](reading, section, measure)


def _plain(reading: Reading, section: Section, measure: Measure, name: str) -> Derived | None:
    spec, raw = PLAIN[name], section.peek(name)
    words = raw if isinstance(raw, list) else [raw]
    if not spec.least <= len(words) <= spec.most or not all(isinstance(w, str) for w in words):
        many = f"{spec.least}个" if spec.least == spec.most else f"{spec.least}个以上"
        section.fault(f"“{name}”要写{many}量", f'写成{name} = ["甲", "乙"]')
        return None
    subject = measure.subjects[0]
    found = [reading.measure_of(str(word), section, subject, spec.takes) for word in words]
    sources = [one for one in found if one is not None]
    if len(sources) < len(words):
        return None
    if len({(one.kind, _unit_of(one)) for one in sources}) > 1:
        section.fault(f"“{name}”的几个量要同一种类、同一单位")
        return None
    gives = (sources[0].kind,) if name in _SAME_KIND else spec.gives
    if not _is_of(section, measure, gives, name):
        return None
    return name, tuple(one.name for one in sources), None


def _unit_of(measure: Measure) -> str:
    """The unit that must be the same: quantities are never converted."""
    return measure.unit if measure.kind is Kind.QUANTITY else ""


def _is_of(section: Section, measure: Measure, kinds: tuple[Kind, ...], name: str) -> bool:
    if measure.kind in kinds:
        return True
    words = "、".join(KIND_WORDS_OF[kind] for kind in kinds)
    section.fault(f"“{name}”得出的是{words}，kind写的是{KIND_WORDS_OF[measure.kind]}")
    return False


def _holds(reading: Reading, section: Section, measure: Measure) -> Derived | None:
    when, text = reading.condition(section, measure.subjects[0], "holds")
    if not _is_of(section, measure, (Kind.BOOL,), "holds"):
        return None
    return "holds", (), Conditions((Stated(when, text),))


def _how_many(reading: Reading, section: Section, measure: Measure) -> Derived | None:
    subject = measure.subjects[0]
    texts = section.texts("how_many")
    stated = tuple(Stated(reading.condition_of(text, section, subject), text) for text in texts)
    if not stated:
        section.fault("“how_many”要写几个条件", 'how_many = ["甲得分 < 60", "乙得分 < 60"]')
    if not _is_of(section, measure, (Kind.COUNT,), "how_many"):
        return None
    return "how_many", (), Conditions(stated)


def _choose(reading: Reading, section: Section, measure: Measure) -> Derived | None:
    tables = section.tables("choose")
    choices = [
        _choice(reading, Section(table, f"{section.place}第{number}行", reading.faults), measure)
        for number, table in enumerate(tables, 1)
    ]
    lines = [one for one in choices if one is not None]
    if not lines:
        section.fault("“choose”是空的", 'choose = [{when = "…", give = …}, {give = …}]')
    if any(one is None or one.stated is None for one in choices[:-1]):
        section.fault("没有when的一行是“其余”，只能写在最后")
    return "choose", (), Choose(tuple(lines), is_rest_missing=len(lines) < len(choices))


def _choice(reading: Reading, line: Section, measure: Measure) -> Choice | None:
    """One line; None where it says that the rest has no data."""
    subject = measure.subjects[0]
    stated = reading.stated(line, subject)
    value: Value | None = None
    named = ""
    if "named" in line:
        found = reading.measure(line, "named", subject, (measure.kind,))
        named = found.name if found else ""
    elif line.peek("give") == NO_DATA and NO_DATA not in measure.values:
        if stated is not None:
            line.fault(f"“{NO_DATA}”只能写在最后没有when的一行", "没有数的情形不另写，都归其余")
        line.finish()
        return None
    else:
        value = reading.literal(line, "give", measure)
    line.finish()
    return Choice(stated, value, named)


def _rank(reading: Reading, section: Section, measure: Measure) -> Derived | None:
    subject = measure.subjects[0]
    table = Section(section.peek("rank"), section.place, reading.faults)
    of = reading.measure(table, "of", subject, (*ANY_NUMBER, Kind.DAY))
    ranking = Ranking(
        within=_group(reading, table, subject),
        lowest_first=ORDERS[table.choice("order", ORDERS, default="高者在前")],
        ties=TIES[table.choice("ties", TIES)],
        from_last=table.flag("from_last"),
        among=reading.stated(table, subject, "among"),
    )
    table.finish()
    if of is None or not _is_of(section, measure, (Kind.COUNT,), "rank"):
        return None
    return "rank", (of.name,), ranking


def _group(reading: Reading, table: Section, subject: str) -> str:
    if "within" not in table:
        return ""
    found = reading.measure(table, "within", subject, (Kind.TEXT, Kind.COUNT, Kind.BOOL))
    return found.name if found else ""


def _take(
    reading: Reading, table: Section, subject: str, measure: Measure
) -> tuple[str, str, bool] | None:
    take = TAKES[table.choice("take", TAKES)]
    if take == "count":
        if measure.kind is not Kind.COUNT:
            table.fault("“个数”得出的是个数，kind要写个数")
        return take, "", True
    if "absent" not in table:
        table.fault(
            "没有写明有的对象缺数时怎么办",
            'absent = "不计入"（按有数的算）或absent = "无数据"',
            code="missing-missing",
        )
    skips = table.choice("absent", ("不计入", "无数据"), default="无数据") == "不计入"
    of = reading.measure(table, "of", subject, ANY_NUMBER)
    if of is None:
        return None
    allowed = (of.kind,)
    if take == "mean" and of.kind not in (Kind.RATIO, Kind.POINTS, Kind.QUANTITY):
        table.fault("“平均”只能用于比率和分数", "金额、个数先除成比率，或用和与个数另写ratio")
        return None
    if measure.kind not in allowed:
        table.fault(f"“{of.name}”是{KIND_WORDS_OF[of.kind]}，kind要与它相同")
        return None
    return take, of.name, skips


def _peers(reading: Reading, section: Section, measure: Measure) -> Derived | None:
    subject = measure.subjects[0]
    table = Section(section.peek("peers"), section.place, reading.faults)
    taken = _take(reading, table, subject, measure)
    peers_within = _group(reading, table, subject)
    among = reading.stated(table, subject, "among")
    table.finish()
    if taken is None:
        return None
    return "peers", (taken[1],) if taken[1] else (), Peers(taken[0], peers_within, among, taken[2])


def _members(reading: Reading, section: Section, measure: Measure) -> Derived | None:
    table = Section(section.peek("members"), section.place, reading.faults)
    over = table.choice("over", reading.subjects)
    taken = _take(reading, table, over, measure)
    by = reading.measure(table, "by", over, (Kind.TEXT,))
    among = reading.stated(table, over, "when")
    table.finish()
    if over == measure.subjects[0]:
        section.fault("“members”的over要写另一种对象", "同一种对象之间用peers")
        return None
    if taken is None or by is None:
        return None
    return (
        "members",
        (taken[1],) if taken[1] else (),
        (Members(taken[0], over, by.name, among, taken[2])),
    )


def _window(key: str, takes_when: bool, gives: tuple[Kind, ...] | None) -> _Reader:
    def read(reading: Reading, section: Section, measure: Measure) -> Derived | None:
        subject = measure.subjects[0]
        table = Section(section.peek(key), section.place, reading.faults)
        of = reading.measure(table, "of", subject)
        within, months, back = "全部", 0, 0
        if key == "previous":
            back = table.whole("back") if "back" in table else 1
        elif key != "consecutive":
            within, months = read_within(table)
        every = _every(table) if key == "consecutive" else ""
        stated = _record_condition(table, of) if takes_when else None
        table.finish()
        if of is None:
            return None
        value_kind = of.record_kind if of.kind is Kind.RECORDS else of.kind
        wanted = gives or ((value_kind,) if value_kind else ())
        if key not in ("count_in", "consecutive") and value_kind is None:
            section.fault(f"“{of.name}”的记录没有值", '给它写上value，例如value = "分数"')
            return None
        if not _is_of(section, measure, wanted, key):
            return None
        allowed = WINDOWED.get(key)
        if allowed is not None and value_kind not in allowed:
            words = "、".join(KIND_WORDS_OF[kind] for kind in allowed)
            section.fault(f"“{key}”只能用于{words}的记录")
            return None
        return key, (of.name,), Window(within, months, stated, back, every)

    return read


WINDOWED = {
    "sum_in": ANY_NUMBER,
    "mean_in": (Kind.RATIO, Kind.POINTS, Kind.QUANTITY),
    "highest_in": ANY_NUMBER,
    "lowest_in": ANY_NUMBER,
}
"""The kinds of values that operators over records take; the others take any."""


def _every(table: Section) -> str:
    """What period each record stands for; a period without one breaks a run."""
    if "every" not in table:
        remedy = 'every = "月"：中间缺一个月就断；按次数不按时间的写every = "次"'
        table.fault("没有写多久一条记录", remedy, code="missing-interpretation")
        return ""
    word = table.choice("every", ("次", *PERIODS))
    return "" if word == "次" else word


def read_within(table: Section) -> tuple[str, int]:
    """The window records count in, and its months where it is so many (`12个月`)."""
    word = table.text("within")
    if word.endswith("个月") and word[:-2].isdigit() and 0 < int(word[:-2]) <= 120:
        return "近几个月", int(word[:-2])
    if word and word not in WINDOWS:
        table.fault(f"“within”不能是“{word}”", f"可写：{'、'.join(WINDOWS)}，或“12个月”")
    return (word if word in WINDOWS else "全部"), 0


def _record_condition(table: Section, of: Measure | None) -> Stated | None:
    if "when" not in table:
        return None
    text = table.text("when")
    kind = None if of is None else (of.record_kind if of.kind is Kind.RECORDS else of.kind)
    if of is None or kind is None:
        if of is not None:
            table.fault(f"“{of.name}”的记录没有值，不能写when")
        return None
    unit = of.unit if of.kind is not Kind.RECORDS else _RECORD_UNIT.get(kind, "")
    value = Measure(NOBODY, kind, unit, "记录的值", "", True, ("记录",), values=of.values)
    try:
        return Stated(parse_condition(text, Catalogue((value,)), "记录"), text)
    except ConditionError as error:
        table.fault(error.what, error.remedy, code="bad-condition")
        return None


_RECORD_UNIT = {Kind.RATIO: "%", Kind.DAYS: "天"}


def _panel(reading: Reading, section: Section, measure: Measure) -> Derived | None:
    table = Section(section.peek("panel"), section.place, reading.faults)
    of = reading.measure(table, "of", measure.subjects[0], (Kind.RECORDS,))
    raw = table.peek("weights")
    weights = []
    if isinstance(raw, dict):
        inner = Section(raw, f"{section.place}的weights", reading.faults)
        weights = [(who, reading.share(inner, who)) for who in raw]
        if weights and sum(Fraction(*pair) for _, pair in weights) != 1:
            inner.fault("各组权重之和不是100%")
    drop = table.whole("drop") if "drop" in table else 0
    within, months = read_within(table) if "within" in table else ("全部", 0)
    table.finish()
    if of is None or not _is_of(section, measure, (Kind.POINTS,), "panel"):
        return None
    return "panel", (of.name,), Panel(tuple(weights), drop, Window(within, months, None))


def _share_of(reading: Reading, section: Section, measure: Measure) -> Derived | None:
    table = Section(section.peek("share_of"), section.place, reading.faults)
    of = reading.measure(table, "of", measure.subjects[0], (Kind.YUAN,))
    share = reading.share(table, "share")
    table.finish()
    if of is None or not _is_of(section, measure, (Kind.YUAN,), "share_of"):
        return None
    return "share_of", (of.name,), Share(share)


type _Reader = Callable[[Reading, Section, Measure], Derived | None]
_READERS: Mapping[str, _Reader] = {
    "holds": _holds,
    "how_many": _how_many,
    "choose": _choose,
    "rank": _rank,
    "peers": _peers,
    "members": _members,
    "panel": _panel,
    "share_of": _share_of,
    "count_in": _window("count_in", True, (Kind.COUNT,)),
    "consecutive": _window("consecutive", True, (Kind.COUNT,)),
    "sum_in": _window("sum_in", True, None),
    "mean_in": _window("mean_in", True, None),
    "highest_in": _window("highest_in", True, None),
    "lowest_in": _window("lowest_in", True, None),
    "newest_in": _window("newest_in", True, None),
    "previous": _window("previous", False, None),
}
OPERATORS = (*PLAIN, *_READERS)
"""All operators a measure may follow by, as written in `from`."""
