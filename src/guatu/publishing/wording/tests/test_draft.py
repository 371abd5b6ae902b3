"""A wording with live figures: what is named, what stays text, what data cannot do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from guatu.core.ratio import Ratio
from guatu.engines.gongwen.types import Paragraph
from guatu.publishing.circular.compose import compose
from guatu.publishing.circular.tests.samples import YI, figures, group, project, region
from guatu.publishing.circular.types import CircularFigures, Starts
from guatu.publishing.wording.draft import (
    Draft,
    Piece,
    default_draft,
    filled,
    originals,
    printed,
)
from guatu.publishing.wording.figures import live_figures

PAYLOADS = (
    "{{7*7}}",
    "{% debug %}",
    "${jndi:ldap://x}",
    "#{7*7}",
    "{0.__class__}",
    "{完成率}",
    "{{event.__init__.__code__.co_filename}}",
    "{本项目完成率}",
    "【{年度计划投资}】",
    "=1+1",
    "{",
    "}",
)


def some(**more: object) -> CircularFigures:
    starts = Starts(6, 5, 4, early=1, overdue=2, rate=Ratio(4, 6))
    lagging = (project("一号产业园"), project("二号桥", serious=False))
    told = {"lagging": lagging, **more}
    total = group(projects=12, no_data=2, serious=1, warning=1, starts=starts)
    return figures(total, region("江北区"), region("临江区", done=5 * YI), **told)  # type: ignore[arg-type]


def draft_of(told: CircularFigures) -> Draft:
    return default_draft(compose(told), told, live_figures(told))


def texts(draft: Draft, told: CircularFigures) -> list[str]:
    return [block.text for block in printed(draft, compose(told), live_figures(told)).blocks]


def test_the_default_draft_prints_what_was_composed() -> None:
    told = some()
    assert texts(draft_of(told), told) == [block.text for block in compose(told).blocks]


@pytest.mark.parametrize(
    "name",
    ["期别", "项目数", "年度计划投资", "累计完成投资", "完成率", "无数据项目数", "已开工数",
     "江北区完成率", "临江区与进度相比", "红灯项目数", "本项目完成率"],
)  # fmt: skip
def test_figures_stand_as_names(name: str) -> None:
    told = "\n".join(one.text for one in draft_of(some()).pieces)
    assert f"{{{name}}}" in told


def test_a_corrected_run_changes_the_figures_and_not_the_words() -> None:
    draft = draft_of(some())
    draft = Draft(tuple(replace(p, text=p.text.replace("截至{", "到{")) for p in draft.pieces))
    better = replace(
        some(), total=replace(some().total, completed_yuan=95 * YI, rate=Ratio(95, 100))
    )
    said = "".join(texts(draft, better))
    assert "到10月31日，累计完成投资95.00亿元，年度计划完成率95.0%" in said


def test_a_project_without_a_light_any_more_is_marked_not_invented() -> None:
    draft = draft_of(some())
    now = some(lagging=(project("二号桥", serious=False),))
    now = replace(now, total=replace(now.total, serious=0))
    document = printed(draft, compose(now), live_figures(now))
    marked = [
        run.text for block in document.blocks if isinstance(block, Paragraph)
        for run in block.runs if run.marked
    ]  # fmt: skip
    assert "【本项目完成率】" in marked
    assert draft.unknown(live_figures(now))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_data_is_never_read_as_a_placeholder(payload: str) -> None:
    """As a project's name, a region's name and a unit's words."""
    told = some(
        lagging=(project(f"甲{payload}", problem=payload), project("二号桥", serious=False))
    )
    told = replace(told, regions=(region(f"区{payload}"), *told.regions))
    live = live_figures(told)
    draft = draft_of(told)
    assert draft.unknown(live) == []
    inert = payload.translate(str.maketrans("{}", "｛｝"))
    assert any(inert in text for text in texts(draft, told))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_values_are_put_in_once_and_never_read_again(payload: str) -> None:
    live = {"甲": payload, "完成率": "90.0%", "年度计划投资": "1亿元"}
    assert filled("{甲}说", live) == f"{payload}说"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_typed_payload_is_text_or_an_unknown_name(payload: str) -> None:
    live = live_figures(some())
    text = filled(payload, live)
    for leaked in ("class", "code", "guatu"):
        assert (leaked in text) <= (leaked in payload)
    assert "49" not in text


def test_a_draft_is_stored_and_read_as_it_was() -> None:
    draft = Draft((Piece("heading", "一", 1), Piece("text", '文{完成率}"\\', lead="1.甲")))
    assert Draft.from_json(draft.to_json()) == draft


def test_own_titles_are_printed_and_stored() -> None:
    told = some()
    document = compose(told)
    annex = document.annexes[0].title
    draft = replace(
        draft_of(told),
        title="关于重点项目的通报",
        addressee="各县",
        annex_titles=((annex, "情况表"),),
    )
    assert Draft.from_json(draft.to_json()) == draft
    made = printed(draft, document, live_figures(told))
    assert (made.title, made.addressee, made.annexes[0].title) == (
        "关于重点项目的通报", "各县", "情况表",
    )  # fmt: skip


def test_a_title_that_only_repeats_the_composed_one_stays_the_run_s() -> None:
    document = compose(some())
    annex = document.annexes[0].title
    draft = replace(
        draft_of(some()),
        title="".join(document.title),
        addressee=document.addressee,
        annex_titles=((annex, annex), ("没有的附件", "改名")),
    )
    assert draft.own_words(document) == draft_of(some())


def test_a_draft_of_an_older_kind_is_read() -> None:
    stored = '[["heading","一",1,""],["text","文",0,"1.甲"]]'
    assert Draft.from_json(stored).pieces == (
        Piece("heading", "一", 1),
        Piece("text", "文", lead="1.甲"),
    )


def test_each_paragraph_knows_what_was_composed_in_its_place() -> None:
    composed = draft_of(some())
    assert originals(composed, composed) == [
        "" if one.kind == "heading" else one.text for one in composed.pieces
    ]
    at = next(n for n, one in enumerate(composed.pieces) if one.lead)
    changed = replace(composed.pieces[at], text="改写了。")
    added = Piece("text", "另加的一段话，与原来的都不像。")
    mine = Draft((*composed.pieces[:at], changed, *composed.pieces[at + 1 :], added))
    told = originals(mine, composed)
    assert told[at] == composed.pieces[at].text
    assert told[-1] == ""


def test_the_units_are_one_live_figure() -> None:
    told = replace(some(), units=(region("市水利局"), region("市交通局", done=YI)))
    draft = draft_of(told)
    assert any(one.text == "{分单位情况}" for one in draft.pieces)
    assert texts(draft, told) == [block.text for block in compose(told).blocks]
