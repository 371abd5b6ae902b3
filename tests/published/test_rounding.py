"""The rounding library gives every printed figure that its inputs give (figures.md 1-4, 11)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conftest import Say
from tests.published.library import (
    SETTINGS,
    can_come_from_unrounded_inputs,
    misses,
    printed,
    rounded_twice,
)
from tests.published.table import Figure, bulletins, figures

AGREEING = [figure for figure in figures() if figure.agrees]
DISAGREEING = [figure for figure in figures() if not figure.agrees]

WHY = {
    "TRUNCATION": "去尾",
    "ROUNDED_GAP": "先各自取舍再相减",
    "UNROUNDED_INPUTS": "按舍入前的原数算出，公布的投入已舍入，反推不回",
    "DOUBLE_ROUNDING": "先多取一位再舍入一次，平台只舍入一次",
    "UNEXPLAINED": "任何算法都得不出，原文有误",
}


def test_the_table_holds_all_that_was_collected() -> None:
    assert len(bulletins()) == 52
    assert (len(AGREEING), len(DISAGREEING)) == (162, 32)


def test_every_figure_has_one_path_and_says_why() -> None:
    for figure in figures():
        assert figure.path in ("assess", "library", "none"), figure.name
        assert bool(figure.because) == (figure.path == "library"), figure.name
        assert bool(figure.list and figure.measure) == (figure.path == "assess"), figure.name
        assert (figure.path == "none") == (not figure.agrees and not figure.setting), figure.name
        assert bool(figure.reason) == (not figure.agrees), figure.name


def test_every_figure_that_goes_through_the_platform_has_its_list() -> None:
    for bulletin in bulletins():
        lists = [spec.name for spec in bulletin.lists]
        assert len(set(lists)) == len(lists)
        for figure in bulletin.figures:
            assert (figure.path == "assess") == (figure.list in lists), figure.name


def test_no_text_of_others_is_carried() -> None:
    for bulletin in bulletins():
        for figure in bulletin.figures:
            for text in (figure.label, figure.because, figure.note):
                assert len(text) <= 30, text


def test_the_library_gives_every_agreeing_figure(say: Say) -> None:
    found = misses(AGREEING)
    say(f"published: library: {len(AGREEING) - len(found)} of {len(AGREEING)}")
    assert found == []


@pytest.mark.parametrize("position", range(0, len(AGREEING), 9))
def test_a_wrong_digit_in_the_table_is_reported(position: int) -> None:
    figure = AGREEING[position]
    if figure.kind == "ranking":
        values = (figure.values[-1], *figure.values[1:-1], figure.values[0])
        wrong = replace(figure, values=values)
    else:
        last = str((int(figure.published[-1]) + 1) % 10)
        wrong = replace(figure, published=figure.published[:-1] + last)
    [line] = misses([wrong])
    assert figure.name in line


def test_cutting_off_instead_of_rounding_loses_figures() -> None:
    assert 50 < len(misses(AGREEING, {"rounding": "truncate"})) < len(AGREEING)


def test_subtracting_rounded_numbers_loses_gaps() -> None:
    gaps = [figure for figure in AGREEING if figure.kind == "gap"]
    assert misses(gaps, {"gap": "rounded"})


@pytest.mark.parametrize(
    "figure", [f for f in DISAGREEING if f.setting], ids=lambda f: f"{f.bulletin}-{f.label}"
)
def test_the_named_setting_gives_the_figure(figure: Figure) -> None:
    assert printed(figure, {}) != figure.published
    assert printed(figure, figure.setting) == figure.published


@pytest.mark.parametrize(
    "figure", [f for f in DISAGREEING if not f.setting], ids=lambda f: f"{f.bulletin}-{f.label}"
)
def test_no_setting_gives_what_is_called_not_reproducible(figure: Figure) -> None:
    for setting in SETTINGS:
        assert printed(figure, setting) != figure.published, setting
    if figure.reason == "DOUBLE_ROUNDING":
        assert rounded_twice(figure) == figure.published
    else:
        unrounded = figure.reason == "UNROUNDED_INPUTS"
        assert can_come_from_unrounded_inputs(figure) == unrounded


def test_the_rest_is_listed_with_its_reasons(say: Say) -> None:
    rest = [figure for figure in DISAGREEING if not figure.setting]
    say(f"published: rest: {len(DISAGREEING) - len(rest)} by a setting, {len(rest)} not at all")
    for reason, why in WHY.items():
        named = [
            f"{figure.name}{figure.published}"
            + (f"（{figure.note}）" if figure.note else "")
            + "".join(f" {key}={value}" for key, value in figure.setting.items())
            for figure in DISAGREEING
            if figure.reason == reason
        ]
        say(f"published: rest: {why}：{'、'.join(named)}")
