from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.core.names import match_form
from guatu.ledger.matching import KnownProject, Match, ProjectIndex, stem_form

NORTH, RIVER, ROOT = 1, 2, 9
BRIDGE = KnownProject(1, "2401-990102-04-01-000001", "跨江大桥工程", NORTH)
PLANT_NORTH = KnownProject(2, None, "污水处理厂", NORTH)
PLANT_RIVER = KnownProject(3, None, "污水处理厂", RIVER)
PARK = KnownProject(4, "2401-A7", "新材料产业园（一期）", NORTH, aliases=("新材园",))
ROAD = KnownProject(5, None, "滨江路改造", RIVER, aliases=("沿江大道改造", "新材园配套路"))
INDEX = ProjectIndex.of([BRIDGE, PLANT_NORTH, PLANT_RIVER, PARK, ROAD])


def find(name: str = "", code: str | None = None, region: int | None = None) -> Match:
    return INDEX.find(code=code, name=name, region_id=region)


@pytest.mark.parametrize(
    ("name", "code", "region", "meant"),
    [
        ("跨江大桥工程", "2401-990102-04-01-000001", None, BRIDGE),
        ("", "2401-990102-04-01-000001", None, BRIDGE),
        ("跨 江 大 桥 工 程", None, None, BRIDGE),
        ("“跨江大桥”工程", None, NORTH, BRIDGE),
        ("跨江大桥工程", "２４０１－990102－04－01－000001", None, BRIDGE),
        ("新材料产业园[一期]", "2401-a7", RIVER, PARK),
        ("新材园", None, None, PARK),
        ("新材园", None, RIVER, PARK),
        ("沿江大道改造", None, NORTH, ROAD),
        ("污水处理厂", None, NORTH, PLANT_NORTH),
        ("污水处理厂", None, RIVER, PLANT_RIVER),
        ("污水处理厂", "2401-NEW", NORTH, PLANT_NORTH),
        ("跨江大桥建设项目", "2401-990102-04-01-000001", None, BRIDGE),
    ],
)
def test_a_row_is_matched_by_code_then_alias_then_name_and_place(
    name: str, code: str | None, region: int | None, meant: KnownProject
) -> None:
    match = find(name, code, region)
    assert (match.project_id, match.question) == (meant.id, "")


@pytest.mark.parametrize(
    ("name", "code", "region", "question"),
    [
        ("污水处理厂", None, None, "ambiguous-project"),
        ("污水处理厂", None, ROOT, "other-place"),
        ("跨江大桥工程", None, RIVER, "other-place"),
        ("跨江大桥工程", "2401-990102-04-01-000002", None, "code-and-name-disagree"),
        ("滨江路改造", "2401-A7", None, "code-and-name-disagree"),
        ("新材料产业园（二期）", None, NORTH, "unknown-project"),
        ("没有的项目", "no-such-code", None, "unknown-project"),
        ("", None, None, "no-name"),
        ("", "no-such-code", None, "no-name"),
    ],
)
def test_what_is_not_certain_is_asked(
    name: str, code: str | None, region: int | None, question: str
) -> None:
    match = find(name, code, region)
    assert (match.project_id, match.code) == (None, question)
    assert match.question


@pytest.mark.parametrize("name", ["滨湖新城综合体", "新材料产业园（二期）", "新材料产业园二期"])
def test_a_code_whose_project_has_another_name_is_matched_and_asked_about(name: str) -> None:
    match = find(name, "2401-A7", NORTH)
    assert (match.project_id, match.code) == (PARK.id, "renamed-with-code")
    assert PARK.name in match.question


@pytest.mark.parametrize("name", ["新材料产业园1期", "新材料产业园（1期）", "新材料产业园一期工程"])
def test_phases_are_the_same_in_both_kinds_of_numerals(name: str) -> None:
    assert find(name, "2401-A7", NORTH) == Match(PARK.id)


def test_an_unknown_name_is_asked_with_its_look_alikes() -> None:
    match = find("跨江大桥二号桥工程")
    assert match.project_id is None
    assert f"“{BRIDGE.name}”" in match.question


def test_look_alikes_come_nearest_first() -> None:
    near = INDEX.look_alikes("滨江路改造工程")
    assert near
    assert near[0] == ROAD


def test_a_stem_leaves_the_tail_out_and_keeps_the_phase() -> None:
    assert stem_form("江北水厂建设工程") == stem_form("江北水厂项目") == "江北水厂"
    assert stem_form("江北水厂一期工程") != stem_form("江北水厂二期工程")


def test_a_project_added_later_is_found() -> None:
    index = ProjectIndex.of([BRIDGE])
    assert index.find(code=None, name=PARK.name, region_id=None).project_id is None
    index.add(PARK)
    assert index.find(code=None, name=PARK.name, region_id=None).project_id == PARK.id


NAMES = st.sampled_from(["甲厂", "甲 厂", "乙路", "乙路（一期）", "乙路（二期）", "丙园"])
CODES = st.none() | st.sampled_from(["A-1", "a-1", "Ａ－１", "B-2", "C-3"])
REGIONS = st.sampled_from([NORTH, RIVER])
PROJECTS = st.lists(
    st.tuples(NAMES, CODES, REGIONS, st.lists(NAMES, max_size=2)), min_size=1, max_size=6
)


def _known(drawn: list[tuple[str, str | None, int, list[str]]]) -> list[KnownProject]:
    """Projects as the ledger holds them: no code twice."""
    codes: set[str] = set()
    known = []
    for number, (name, code, region, aliases) in enumerate(drawn, start=1):
        form = match_form(code or "")
        known.append(
            KnownProject(
                number, None if form in codes else code, name, region, aliases=tuple(aliases)
            )
        )
        codes.add(form)
    return known


@given(PROJECTS, st.just("") | NAMES, CODES, st.none() | REGIONS)
def test_a_row_that_could_mean_two_projects_is_never_matched_silently(
    drawn: list[tuple[str, str | None, int, list[str]]],
    name: str,
    code: str | None,
    region: int | None,
) -> None:
    known = _known(drawn)
    match = ProjectIndex.of(known).find(code=code, name=name, region_id=region)
    assert (match.project_id is None) <= bool(match.question)
    if match.project_id is None or match.question:
        return
    chosen = next(one for one in known if one.id == match.project_id)
    form, code_form = match_form(name), match_form(code or "")
    by_code = [p for p in known if p.code and code and match_form(p.code) == code_form]
    by_name = [
        p
        for p in known
        if form and form in (match_form(p.name), *(match_form(a) for a in p.aliases))
    ]
    if by_code:
        assert chosen == by_code[0]
        return
    assert chosen in by_name
    rivals = [p for p in by_name if p != chosen]
    # A silent match without a code: the only bearer of the name, or the only one in that place.
    assert (
        not rivals
        or (
            region is not None
            and chosen.region_id == region
            and all(p.region_id != region for p in rivals)
        )
        or (
            region is not None
            and all(p.region_id != region for p in by_name)
            and form in {match_form(a) for a in chosen.aliases}
            and all(form not in {match_form(a) for a in p.aliases} for p in rivals)
        )
    )
