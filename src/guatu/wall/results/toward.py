"""还差多少: what a project still lacks for a better light, in the terms of the locked round."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from guatu.assessment.models import Result
from guatu.engines.rulebook import Severity
from guatu.engines.rulebook.toward import Way
from guatu.wall.standing import books
from guatu.wall.standing.runs import Standing

_WORSE = {Severity.SERIOUS.value, Severity.WARNING.value, Severity.NOTICE.value}


def toward(result: Result, standing: Standing) -> list[str]:
    """One line a dimension and figure, or one that says why there is none; nothing where the
    light is green or rests on no data."""
    if result.verdict not in _WORSE:
        return []
    if not books.stands_alone(standing):
        return ["办法按名次或同类比较亮灯，还差多少随其他项目变，不单独算"]
    found = books.ways_of(result, standing)
    if not found:
        return ["没有能算出的差额，请看理由里的数和界线"]
    many = len({way.dimension for way in found}) > 1
    groups = groupby(found, key=lambda way: (way.dimension, way.measure))
    return [_line(list(same), result.label, is_named=many) for _, same in groups]


def _line(same: Sequence[Way], now: str, *, is_named: bool) -> str:
    """`进度：本年累计完成投资还差546万元可转黄，还差1046万元可转绿`."""
    first, *rest = same
    told = [_turned(first.text, first.label)]
    told += [_turned(way.text.removeprefix(way.measure), way.label) for way in rest]
    last = same[-1]
    if last.overall == now:
        told.append(f"总灯仍为{now}，还要看其他项")
    return (f"{first.dimension}：" if is_named else "") + "，".join(told)


def _turned(text: str, label: str) -> str:
    return f"{text}可转{label}" if len(label) == 1 else f"{text}可转为{label}"
