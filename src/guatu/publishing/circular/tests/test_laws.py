"""What holds for every circular, whatever the figures."""

import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.core.ratio import Ratio, gap_text, percent_text, printed_difference
from guatu.engines.gongwen.layout import count_pages
from guatu.engines.gongwen.render import render
from guatu.engines.gongwen.types import Document
from guatu.engines.rulebook import Severity
from guatu.publishing.circular.compose import LONGEST, body_length, compose
from guatu.publishing.circular.tests.samples import RANKINGS, figures, project
from guatu.publishing.circular.types import (
    CircularFigures,
    GroupFigures,
    PreviousLights,
    RegionFigures,
    StartRate,
    Starts,
)

MONEY = st.one_of(st.just(0), st.integers(1, 10**5), st.integers(10**6, 10**13))
WORDS = st.one_of(
    st.sampled_from(
        ["", "无", "—", "None", "征地未完成。", "资金缺口。。", "（）电力迁改；；", "a b\nc，"]
    ),
    st.text(max_size=400),
)


@st.composite
def a_start(draw: Any, projects: int) -> Starts:
    planned = draw(st.integers(0, projects))
    due = draw(st.integers(0, planned))
    overdue, early = draw(st.integers(0, due)), draw(st.integers(0, planned - due))
    started = due - overdue + early
    rate = Ratio(started, planned) if planned else None
    unknown = draw(st.integers(0, projects - planned))
    return Starts(planned, due, started, early, overdue, rate, unknown)


@st.composite
def a_group(draw: Any, serious: int = 0, warning: int = 0) -> GroupFigures:
    projects = draw(st.integers(serious + warning, 600))
    plan = draw(MONEY) if projects else 0
    no_data = draw(st.one_of(st.just(0), st.integers(0, projects)))
    done = draw(st.one_of(MONEY, st.integers(-(10**9), -1)))
    if no_data == projects:
        done = None
    return GroupFigures(
        projects=projects,
        annual_plan_yuan=plan,
        completed_yuan=done,
        rate=Ratio(done, plan) if plan and done is not None else None,
        projects_unpacked=draw(st.one_of(st.none(), st.integers(projects, projects + 50))),
        without_plan=draw(st.integers(0, projects)),
        no_data=no_data,
        questioned=draw(st.integers(0, projects)),
        unconfirmed=draw(st.integers(0, projects)),
        year_on_year=draw(
            st.one_of(st.none(), st.builds(Ratio, st.integers(-99, 999), st.integers(100, 1000)))
        ),
        starts=draw(a_start(projects)),
        serious=serious,
        warning=warning,
    )


@st.composite
def a_circular(draw: Any) -> CircularFigures:
    serious, warning = draw(st.integers(0, 30)), draw(st.integers(0, 60))
    problem = draw(WORDS)
    lagging = tuple(
        project(
            f"第{at}产业园",
            serious=at < serious,
            problem=problem,
            reason=draw(WORDS) if at == 0 else "",
            completed_yuan=None if at % 7 == 3 else at * 10**7,
            rate=None if at % 7 == 3 else Ratio(at * 10**7, 5 * 10**8),
        )
        for at in range(serious + warning)
    )
    names = [f"第{at}片区" for at in range(draw(st.integers(0, 12)))]
    regions = []
    for at, name in enumerate(names):
        of = draw(a_group())
        regions.append(RegionFigures(name, of, at + 1 if of.rate is not None else None))
    units = [
        RegionFigures(f"第{at}局", draw(a_group()))
        for at in range(draw(st.sampled_from([0, 1, 5])))
    ]
    compared = st.one_of(st.none(), st.integers(0, 9))
    return figures(
        draw(a_group(serious, warning)),
        *regions,
        period=draw(st.sampled_from(["2026-01", "2026-01+02", "2026-10", "2026-12", "2026-Q3"])),
        lagging=lagging,
        units=tuple(units),
        previous=draw(
            st.one_of(
                st.none(),
                st.builds(PreviousLights, st.just("1—9月"), *[st.integers(0, 3)] * 2, compared),
            )
        ),
        style={
            "rankings": draw(st.sampled_from([None, RANKINGS])),
            "rate_digits": draw(st.integers(0, 2)),
            "gap_from_rounded": draw(st.booleans()),
            "start_rate": draw(st.sampled_from([StartRate.PLANNED, StartRate.DUE])),
            "named_projects": draw(st.integers(0, 40)),
        },
    )


FORBIDDEN = re.compile(
    r"None|nan|（[，。；：、]*）|高于-|低于-|增长-|下降-|高于0+(?:\.0+)?个|低于0+(?:\.0+)?个"
    r"|[，。；、：][，。；、：]|异常|造假|-0\.0+(?!\d)|(?<!\d)0个(?:项目|地区)|：$|分别为[。，]"
)


def whole(document: Document) -> str:
    return "\n".join(block.text for block in document.blocks)


@settings(max_examples=50, deadline=None)
@given(a_circular())
def test_no_sentence_is_empty_or_broken(of: CircularFigures) -> None:
    document = compose(of)
    own = whole(document)
    for reported in {text for one in of.lagging for text in (one.problem, one.reason)}:
        if len(reported) > 1:
            own = own.replace(reported, "某")
    for line in own.split("\n"):
        # What a unit wrote is its own; everything before it is ours.
        ours = re.split("存在问题：|预警依据：", line)[0]
        assert not FORBIDDEN.search(ours), line
    for row in (row for annex in document.annexes for row in annex.table.rows):
        assert all(row.cells)
        assert not any(re.search(r"None|高于-|低于-", cell) for cell in row.cells[2:-1])


@settings(max_examples=20, deadline=None)
@given(a_circular())
def test_the_body_keeps_its_length_and_the_document_can_be_set(of: CircularFigures) -> None:
    document = compose(of)
    assert body_length(document) <= LONGEST
    assert count_pages(document) >= 2
    assert compose(of) == document


@settings(max_examples=4, deadline=None)
@given(a_circular())
def test_the_same_figures_give_the_same_bytes(of: CircularFigures) -> None:
    assert render(compose(of)) == render(compose(of))


@settings(max_examples=40, deadline=None)
@given(a_circular())
def test_the_sign_word_follows_the_rounded_gap(of: CircularFigures) -> None:
    total = of.total
    first = compose(of).blocks[2].text
    if total.rate is None:
        assert "时间进度" not in first
        return
    style = of.style
    rates = (total.rate, of.time_progress)
    way = (style.rate_digits, style.rounding)
    printed = gap_text(*rates, *way)
    if style.gap_from_rounded:
        printed = printed_difference(*(percent_text(*rate, *way) for rate in rates))
    gap = float(printed)
    assert ("高于时间进度" in first) == (gap > 0)
    assert ("低于时间进度" in first) == (gap < 0)
    assert ("持平" in first.split("同比")[0]) == (gap == 0)


@settings(max_examples=40, deadline=None)
@given(a_circular())
def test_counts_agree_with_each_other(of: CircularFigures) -> None:
    text = whole(compose(of))
    for severity, word in ((Severity.SERIOUS, "红灯"), (Severity.WARNING, "黄灯")):
        listed = sum(one.severity is severity for one in of.lagging)
        assert (f"{word}项目{listed}个" if listed else f"无{word}项目") in text
        section = re.search(rf"\n{word}项目\n(.*?)(?=\n黄灯项目\n|\n下一步工作)", text, re.DOTALL)
        assert (section is None) == (listed == 0)
        if section:
            named = len(re.findall(r"^\d+\.第", section[1], re.MULTILINE))
            rest = re.search(rf"(\d+)个{word}项目的情况见附件[23]", section[1])
            assert named + (int(rest[1]) if rest else 0) == listed
    rated = [one for one in of.regions if one.figures.projects and one.figures.rate is not None]
    grouped = [int(n) for n in re.findall(r"时间进度(?:持平)?的地区(\d+)个：", text)]
    if grouped:
        assert sum(grouped) == len(rated)
    starts = of.total.starts
    if starts.planned:
        assert f"计划新开工项目{starts.planned}个" in text
