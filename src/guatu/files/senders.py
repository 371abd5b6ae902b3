"""Who sent a workbook, and which version of it this is, from its name (office.md). Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from guatu.core.names import match_form

_DATE = re.compile(
    r"(?:20\d\d年?)?[-_.]?(?:1?\d[-—－~至到])?1?\d月(?:份|底|末)?(?:\d{1,2}日)?"
    r"|20\d\d(?:年|[-_.]?\d{0,4})"
)
_MARKS = (
    "最终",
    "最新",
    "定稿",
    "终稿",
    "修改",
    "修订",
    "更正",
    "重报",
    "补报",
    "补充",
    "副本",
    "改后",
    "已改",
    "新版",
    "v2",
    "v3",
)


@dataclass(frozen=True, slots=True)
class Sender:
    """The organisation named, where one is, else the name's own stem; and how late a version."""

    organisation_id: int | None
    label: str
    version: int
    name: str = ""
    """The organisation as the office calls it; empty where the file does not say."""


def sender_of(file_name: str, title: str, organisations: Mapping[str, int]) -> Sender:
    """Who a file is from. `organisations` maps match forms of names and aliases to ids.

    A longer name wins over a shorter one inside it. Version words (最终版, (2), 补报) only order
    files of the same sender.
    """
    stem = unicodedata.normalize("NFKC", file_name).rsplit(".", 1)[0]
    version = _version(stem)
    for text in (stem, title):
        form = match_form(text)
        named = [name for name in organisations if len(name) >= 2 and name in form]
        if named:
            best = max(named, key=len)
            return Sender(organisations[best], best, version)
    return Sender(None, _bare(stem), version)


def _version(stem: str) -> int:
    score = sum(10 for mark in _MARKS if mark in stem.casefold())
    numbers = re.findall(r"[(（第vV](\d{1,2})(?:[)）次版稿]|$)", stem)
    return score + sum(int(n) for n in numbers)


def _bare(stem: str) -> str:
    """The stem without dates and version words: what stays the same when a file is sent again."""
    text = _DATE.sub("", stem)
    for mark in sorted(_MARKS, key=len, reverse=True):
        text = text.replace(mark, "")
    # First what stands in the brackets: of 表（最终版） an empty pair is left.
    text = re.sub(r"[\s_\-—.]+|版|稿", "", text)
    text = re.sub(r"[(（]\d*[)）]", "", text)
    return match_form(text) or match_form(stem)
