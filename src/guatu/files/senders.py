"""Who sent a workbook, and which version of it this is, from its name (office.md). Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

from guatu.core.names import match_form
from guatu.organisation.spoken import SpokenUnits

_DATE = re.compile(
    r"(?:20\d\d年?)?[-_.]?(?:1?\d[-—－~至到])?1?\d月(?:份|底|末)?(?:\d{1,2}日)?"
    r"|20\d\d(?:年|[-_.]?\d{0,4})"
    r"|(?<!\d)(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?!\d)"
)
_MENDED = re.compile(r"改(?=$|[)）\d])")
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


_COMMON = re.compile(
    r"(?:\d|重点|建设|项目|工程|进度|进展|情况|统计|月报|周报|旬报|快报|报表|报送|上报|报|表|台账|汇总|清单"
    r"|数据|投资|完成|新建|文本|文档|microsoft|excel|工作表|工作簿|sheet|book|wps|附件|模板|[()_#、,.+-])*"
)
_ADDRESSEE = re.compile(r"[(（]报[^()（）]*[)）]")


@dataclass(frozen=True, slots=True)
class Sender:
    """The organisation named, where one is, else the name's own stem; and how late a version."""

    organisation_id: int | None
    label: str
    version: int
    name: str = ""
    """The organisation as the office calls it; empty where the file does not say."""
    stem: str = ""
    """What stays the same of the file's name when it is sent again."""

    @property
    def labels(self) -> tuple[str, ...]:
        """What this sender was or is known by: his file's stem too, before anybody said who
        he is."""
        return tuple(dict.fromkeys(one for one in (self.label, self.stem) if one))

    def of(self, organisation_id: int, official: str) -> Sender:
        """The same file, now known to be from an organisation."""
        return replace(
            self, organisation_id=organisation_id, label=match_form(official), name=official
        )


def sender_of(
    file_name: str, title: str, spoken: SpokenUnits, official: Mapping[int, str]
) -> Sender:
    """Who a file is from, as its name or its title says; `official` are names by organisation.

    Only where exactly one unit fits. Version words (最终版, (2), 补报) only order files of the same
    sender.
    """
    stem = unicodedata.normalize("NFKC", file_name).rsplit(".", 1)[0]
    unknown = Sender(None, stem_of(file_name), _version(stem), stem=stem_of(file_name))
    told = [_ADDRESSEE.sub("", text) for text in (stem, title)]
    for look in (spoken.find, spoken.find_territory):
        for text in told:
            found = look(text)
            if found is not None and found in official:
                return unknown.of(found, official[found])
    return unknown


def stem_of(file_name: str) -> str:
    """A file's name without dates and version words."""
    return _bare(unicodedata.normalize("NFKC", file_name).rsplit(".", 1)[0])


def is_telling(stem: str) -> bool:
    """Whether a stem says more than that it is a table: 进度表 and 新建工作表 come from anybody."""
    return _COMMON.fullmatch(stem) is None


def _version(stem: str) -> int:
    score = sum(10 for mark in _MARKS if mark in stem.casefold())
    score += 10 * bool(_MENDED.search(stem))
    numbers = re.findall(r"[(（第vV](\d{1,2})(?:[)）次版稿]|$)", stem)
    return score + sum(int(n) for n in numbers)


def _bare(stem: str) -> str:
    """The stem without dates and version words: what stays the same when a file is sent again."""
    text = _DATE.sub("", stem)
    for mark in sorted(_MARKS, key=len, reverse=True):
        text = text.replace(mark, "")
    # First what stands in the brackets: of 表（最终版） an empty pair is left.
    text = re.sub(r"[\s_\-—.]+|版|稿", "", _MENDED.sub("", text))
    text = re.sub(r"[(（]\d*[)）]", "", text)
    return match_form(text) or match_form(stem)
