from __future__ import annotations

import zlib
from copy import deepcopy
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.assessment.content import freeze, lines, thaw
from guatu.assessment.tests.subjects import a_content, a_subject, subjects_drawn
from guatu.assessment.types import (
    Content,
    FrozenEntry,
    FrozenFigure,
    IssuedPlan,
    Recorded,
    RegionRow,
    Subject,
)


def thawed(content: Content) -> Content:
    digest, stored = freeze(content)
    return thaw(stored, digest)


@given(subjects_drawn(), st.text(), st.text())
def test_what_is_frozen_comes_back_the_same(subjects: list[Subject], text: str, name: str) -> None:
    for subject in subjects:
        subject.problem, subject.name = text, name
        subject.judgements = {"有正当理由": True, "不可抗力": False}
    content = a_content(*subjects)
    content.list_name = name
    digest, stored = freeze(content)
    assert thaw(stored, digest) == content


def test_the_order_of_rows_in_memory_does_not_matter() -> None:
    content = a_content(a_subject(1), a_subject(2), a_subject(3))
    mixed = replace(content, subjects=content.subjects[::-1], regions=[*reversed(content.regions)])
    assert freeze(mixed)[0] == freeze(content)[0]
    assert [s.serial for s in thawed(mixed).subjects] == [1, 2, 3]


def _other(value: Any) -> Any:
    """A value of the same kind that differs."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return value + "另"
        case date():
            return value.replace(day=1)
        case dict():
            return {**value, "不可抗力": True}
        case list():
            return [*value, FrozenFigure(date(2026, 1, 31), 1, "")]
        case tuple():
            entry = FrozenEntry(date(2026, 1, 31), None, "true")
            return (*value, Recorded("不可抗力", "bool", (entry,)))
    return 1


_ISSUED = IssuedPlan(1, "江北区", "", "", "new", None)


@pytest.mark.parametrize("name", [field.name for field in fields(Subject)])
def test_every_value_of_a_subject_is_in_the_digest(name: str) -> None:
    content = a_content(a_subject(1, ago=5))
    changed = deepcopy(content)
    value = getattr(content.subjects[0], name)
    is_day = name.startswith(("planned", "actual"))
    other = date(2026, 5, 1) if is_day else _ISSUED if name == "issued" else _other(value)
    setattr(changed.subjects[0], name, other)
    assert freeze(changed)[0] != freeze(content)[0]


@pytest.mark.parametrize("name", ["list_name", "year", "period", "as_of", "cut_off_on", "revision"])
def test_every_value_of_the_head_is_in_the_digest(name: str) -> None:
    content = a_content(a_subject(1))
    changed = replace(content, **{name: _other(getattr(content, name))})
    assert freeze(changed)[0] != freeze(content)[0]


@pytest.mark.parametrize(
    "change",
    [
        {"id": 9}, {"name": "别名"}, {"code": "9"}, {"kind": "zone"},
    ],
)  # fmt: skip
def test_every_value_of_a_region_is_in_the_digest(change: dict[str, Any]) -> None:
    content = a_content(a_subject(1))
    values = {name: getattr(content.regions[1], name) for name in ("id", "name", "code", "kind")}
    regions = [content.regions[0], RegionRow(**{**values, **change}), *content.regions[2:]]
    assert freeze(replace(content, regions=regions))[0] != freeze(content)[0]


@pytest.mark.parametrize("part", ["as_of", "value", "mark"])
def test_every_part_of_a_figure_is_in_the_digest(part: str) -> None:
    content = a_content(a_subject(1))
    changed = deepcopy(content)
    figure = changed.subjects[0].investment[0]
    changed.subjects[0].investment[0] = figure._replace(**{part: _other(getattr(figure, part))})
    assert freeze(changed)[0] != freeze(content)[0]


def _stored() -> tuple[Content, str, bytes]:
    content = a_content(a_subject(1))
    return (content, *freeze(content))


@pytest.mark.parametrize(
    "damage",
    [
        lambda stored: b"",
        lambda stored: stored[:-7],
        lambda stored: b"\x00" + stored,
        lambda stored: b"not compressed at all",
        lambda stored: zlib.compress(zlib.decompress(stored).replace(b"12000", b"12001")),
        lambda stored: zlib.compress(b""),
    ],
)
def test_damaged_content_is_refused(damage: Any) -> None:
    _, digest, stored = _stored()
    with pytest.raises(ValueError, match="定版数据"):
        thaw(damage(stored), digest)


def test_the_same_content_compressed_otherwise_is_the_same_content() -> None:
    """The digest covers the lines, not the file (architecture §5.2)."""
    content, digest, stored = _stored()
    assert thaw(zlib.compress(zlib.decompress(stored), 9), digest) == content


def test_each_line_is_one_json_value_even_where_texts_have_line_breaks() -> None:
    subject = a_subject(1, problem="一\n二\r\n三\u2028四", progress='"引号"\\')
    content = a_content(subject)
    assert len(list(lines(content))) == 1 + len(content.regions) + 1
    assert "\n" not in "".join(lines(content))
    assert thawed(content).subjects == [subject]


def test_the_golden_digest_of_an_empty_content() -> None:
    content = replace(a_content(), regions=[])
    assert [*lines(content)] == [
        '{"as_of":"2026-09-30","cut_off_on":"2026-09-30","list":"重点项目","period":"2026-09",'
        '"revision":1,"schema":1,"year":2026}'
    ]
    assert freeze(content)[0].startswith("sm3:")
