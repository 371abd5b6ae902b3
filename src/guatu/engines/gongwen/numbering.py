"""Heading numbers 一、 （一） 1. （1） (clause 7.3.3), restarting under each parent."""

from __future__ import annotations

from collections.abc import Sequence

from guatu.engines.gongwen.types import Block, GongwenError, Heading

_DIGITS = "零一二三四五六七八九"


def chinese_number(value: int) -> str:
    """1–99 in characters: 一, 十, 十二, 二十, 二十三. Raises GongwenError beyond."""
    if not 1 <= value <= 99:
        raise GongwenError.of_one("too-many-headings", f"标题层次序号{value}超出99", "请合并段落")
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{_DIGITS[tens]}十")
    return head + (_DIGITS[ones] if ones else "")


def _number(level: int, value: int) -> str:
    if level == 1:
        return f"{chinese_number(value)}、"
    if level == 2:
        return f"（{chinese_number(value)}）"
    return f"{value}." if level == 3 else f"（{value}）"


def heading_texts(blocks: Sequence[Block]) -> dict[int, str]:
    """Position in `blocks` → the heading with its number."""
    counts = [0, 0, 0, 0]
    texts: dict[int, str] = {}
    for at, block in enumerate(blocks):
        if isinstance(block, Heading):
            counts[block.level - 1] += 1
            counts[block.level :] = [0] * (4 - block.level)
            texts[at] = _number(block.level, counts[block.level - 1]) + block.text
    return texts
