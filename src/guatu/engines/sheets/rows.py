"""What each row below the header is: project, sub-item, sum, head of a section, or a note."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from guatu.engines.sheets.types import Column, Kind
from guatu.engines.sheets.wording import normal_form

SERIAL, NAME, CODE = "序号", "项目名称", "项目代码"

_TOTAL_WORD = r"(?:总\s*计|合\s*计|小\s*计|共\s*计|总合计|累\s*计|总\s*和)"
TOTAL = re.compile(
    rf"^.{{0,16}}?{_TOTAL_WORD}\s*[:：]?\s*(?:[(（\[]?\s*共?\s*(?P<n>\d+)\s*(?:个|项|宗)?(?:项目)?\s*[)）\]]?)?$"
)
AMONG = re.compile(r"^其\s*中\s*[:：]?\s*(?P<rest>.*)$", re.DOTALL)
COUNTED = re.compile(r"[(（]\s*共?\s*(\d+)\s*(?:个|项|宗)(?:项目)?\s*[)）]\s*$")
NOTE = re.compile(
    r"^(?:备?注|说明|填报说明|填表说明|附注|填报人|填报单位|制表人?|审核人?|审签|联系人|联系电话|填表人|单位负责人"
    r"|统计人|数据来源|报送单位|分管领导|主要领导|填报时间|填报日期)\s*[\d①-⑳]?\s*(?:[(（][^)）]*[)）])?\s*[:：、.]"
)
_CN = "一二三四五六七八九十百"
HEAD_STYLES = (
    ("part", re.compile(r"^第[一二三四五六七八九十\d]+(?:部分|类|篇|章|批)[、:：\s]*")),
    ("cn", re.compile(rf"^[{_CN}]+\s*[、.．,，](?!\d)\s*|^[{_CN}]+$")),
    ("cn-bracket", re.compile(rf"^[(（]\s*[{_CN}]+\s*[)）]\s*[、.．]?\s*")),
)
LEVELS = {"part": 0, "cn": 1, "cn-bracket": 2, "plain": 3, "name": 9}
PLAIN_SERIAL = re.compile(r"^\d+\s*[.、．]?(?:0)?$")
NUMBERED_WORDS = re.compile(r"^(\d{1,4})\s*[.、．]\s*(?!\d)(\S.*)$", re.DOTALL)
DOTTED_SERIAL = re.compile(r"^\d+[.\-—–．]\d+(?:[.\-—–．]\d+)?$")
PAREN_SERIAL = re.compile(r"^(?:[(（]\d+[)）]|\d+[)）]|[①-⑳])$")
_TRIGGER = re.compile(r"计|其|注|说|填|^[一二三四五六七八九十(（第附审联统制数报备主分单]|[)）\]]$")
_NUMBERING_ROW = re.compile(r"^(?:[(（]?\d{1,3}[)）]?|[甲乙丙丁戊己庚辛壬癸]|[A-Za-z]|[-—]|)$")


@dataclass(slots=True)
class Line:
    """A row reduced to what decides its kind."""

    number: int
    serial: str
    name: str
    texts: list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Shape:
    """Where the telling columns are. `attributes` describe a project, `sums` may be added up."""

    serial: int | None
    name: int | None
    attributes: tuple[int, ...]
    sums: tuple[int, ...]
    subtotal_names: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, columns: tuple[Column, ...], subtotals: tuple[str, ...]) -> Shape:
        """The shape of a header's columns."""
        by_field = {column.field: column.index for column in columns if column.field}
        told = (SERIAL, NAME, "备注", "形象进度")
        attributes = tuple(
            column.index
            for column in columns
            if column.field not in (None, *told)
            and column.kind in (Kind.TEXT, Kind.CODE, Kind.CHOICE, Kind.BOOL, Kind.DATE)
        )
        sums = tuple(
            column.index
            for column in columns
            if column.kind in (Kind.MONEY, Kind.INT, Kind.PERCENT)
        )
        named = frozenset(map(normal_form, subtotals))
        return cls(by_field.get(SERIAL), by_field.get(NAME), attributes, sums, named)


def is_ordinary(serial: str, name: str) -> bool:
    """Whether a row is a plainly numbered project; most rows of most tables end here."""
    return bool(name) and PLAIN_SERIAL.match(serial) is not None and not _TRIGGER.search(name)


def is_numbering_row(texts: list[tuple[int, str]]) -> bool:
    """A row 1 2 3 4 … or 甲 乙 1 2 under the header that numbers the columns."""
    words = [text for _, text in texts]
    if len(words) < 3 or not all(_NUMBERING_ROW.match(word) for word in words):
        return False
    numbers = [int(word.strip("()（）")) for word in words if word.strip("()（）").isdigit()]
    return len(numbers) * 2 >= len(words) and numbers == list(
        range(numbers[0], numbers[0] + len(numbers))
    )


def head_style(text: str) -> tuple[str, str] | None:
    """The numbering of a head and its words: `（一）交通类` is `("cn-bracket", "交通类")`."""
    for style, pattern in HEAD_STYLES:
        if match := pattern.match(text):
            return style, text[match.end() :].strip()
    return None


def head_of(line: Line) -> tuple[str, str] | None:
    """The same for a row, whose numbering may stand in the column of serial numbers."""
    if line.serial and (found := head_style(line.serial)):
        return found[0], found[1] or line.name
    if line.name and not line.serial and (found := head_style(line.name)) and found[1]:
        return found
    return None


def running_numbers(lines: list[Line]) -> dict[int, str]:
    """Rows whose only text is a number and words (2、乙路) and whose number runs on.

    Their words by row. The number follows that of the row above, and the next one follows it up
    to a row with a serial number of its own: so projects are numbered, but neither heads (theirs do
    not run on with the projects below) nor the remarks at the end.
    """
    numbers: list[tuple[int, int, str]] = []
    for line in lines:
        if PLAIN_SERIAL.match(line.serial):
            numbers.append((line.number, _number(line.serial), ""))
        elif len(line.texts) == 1 and (match := NUMBERED_WORDS.match(line.texts[0][1])):
            numbers.append((line.number, int(match[1]), match[2].strip()))
    found: dict[int, str] = {}
    runs_on = 0  # the number that the row above must bear, 0 where the run is broken
    for index in range(len(numbers) - 1, -1, -1):
        row, number, words = numbers[index]
        before = numbers[index - 1][1] if index else 0
        if not words:
            runs_on = number - 1
        elif (runs_on, before) == (number, number - 1):
            found[row] = words
            runs_on = before
        else:
            runs_on = 0
    return found


def _number(serial: str) -> int:
    digits = re.match(r"\d+", serial)
    return int(digits[0]) if digits else 0


def total_of(line: Line) -> re.Match[str] | None:
    """Whether the row calls itself a sum: 总计, 合计（3个）, 交通类小计, 合 计."""
    for text in (line.name, line.serial, f"{line.serial}{line.name}"):
        if text and len(text) <= 30 and (match := TOTAL.match(text)):
            return match
    if not line.name and line.texts and (match := TOTAL.match(line.texts[0][1])):
        return match
    return None


def among_of(line: Line) -> str | None:
    """What follows 其中：, when the row begins so; the name where 其中 stands before it."""
    if match := AMONG.match(line.name):
        return match["rest"].strip()
    if line.serial and (match := AMONG.match(line.serial)):
        return match["rest"].strip() or line.name
    return None


def is_note(line: Line) -> bool:
    """Remarks and signatures: 注：…, 填报人：…, or one long sentence."""
    first = line.texts[0][1]
    if NOTE.match(first):
        return True
    return len(line.texts) == 1 and (len(first) > 40 or "。" in first)


def count_in(text: str) -> int | None:
    """The number a head or sum prints: 市政类（12个）."""
    match = COUNTED.search(text)
    return int(match[1]) if match else None
