"""The parts of an official document as values: what is said, never how it is drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from guatu.core.errors import BadInput, Fault


class GongwenError(BadInput):
    """The document cannot be set as GB/T 9704-2012 asks; nothing was written."""

    @classmethod
    def of_one(cls, code: str, what: str, remedy: str) -> GongwenError:
        """Refuse for one reason, with what to do about it."""
        return cls(Fault(code=code, what=what, remedy=remedy))


class Face(StrEnum):
    """The five faces of the standard, by the names that Word and WPS know."""

    TITLE = "方正小标宋简体"
    BODY = "仿宋_GB2312"
    KAI = "楷体_GB2312"
    HEI = "黑体"
    SONG = "宋体"


class Align(StrEnum):
    """How a table column is set. Figures are right-aligned so that their units stand below."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one face. `marked` puts it on yellow: the author still has to write here."""

    text: str
    face: Face = Face.BODY
    bold: bool = False
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; the engine numbers it (一、 （一） 1. （1）, clause 7.3.3) afresh below a parent.

    `level` is 1–4: 黑体, 楷体, 仿宋, 仿宋. `bold` is the house style of some offices for level 3.
    """

    level: int
    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A body paragraph, first line indented by two characters (clause 7.3.3)."""

    runs: tuple[Run, ...]

    @classmethod
    def of(cls, text: str) -> Paragraph:
        """A paragraph wholly in 仿宋."""
        return cls((Run(text),))

    @property
    def text(self) -> str:
        """The paragraph without its faces."""
        return "".join(run.text for run in self.runs)


type Block = Heading | Paragraph


@dataclass(frozen=True, slots=True)
class Number:
    """发文字号 `机关代字〔2026〕7号` (clause 7.2.5): full year in six-angle brackets, no 第.

    `serial` None leaves a gap before 号, to be typed in when the office system gives the number.
    """

    word: str
    year: int
    serial: int | None = None

    @property
    def text(self) -> str:
        """The line as printed."""
        return f"{self.word}〔{self.year}〕{'　　' if self.serial is None else self.serial}号"


@dataclass(frozen=True, slots=True)
class Signature:
    """署名 and 成文日期 (clause 7.3.5).

    `dated_on` None leaves 年 月 日 to be typed in. `sealed`: date four characters from the right,
    issuer centred over it; otherwise issuer two characters from the right, date below it.
    """

    issuer: str
    dated_on: date | None
    sealed: bool = True

    @property
    def date_text(self) -> str:
        """`2026年11月3日`: Arabic figures, no leading zeros (clause 7.3.5.4)."""
        day = self.dated_on
        return f"{day.year}年{day.month}月{day.day}日" if day else "　　　　年　　月　　日"


@dataclass(frozen=True, slots=True)
class Column:
    """A table column: its share of the text width (156 mm over the sum of shares) and alignment."""

    share: int
    align: Align = Align.CENTER


@dataclass(frozen=True, slots=True)
class HeadCell:
    """A head cell spanning `columns` × `rows`. Cells below a row span are not listed again."""

    text: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A table row, one text for each column; `bold` for totals."""

    cells: tuple[str, ...]
    bold: bool = False
    keeps_next: bool = False
    """Whether it stands on one page with the row below, as a group's head does."""


@dataclass(frozen=True, slots=True)
class Table:
    """A portrait table in 五号; the head is repeated on each page, rows are never split."""

    columns: tuple[Column, ...]
    head: tuple[tuple[HeadCell, ...], ...]
    rows: tuple[Row, ...]
    unit: str = ""
    """What stands right above the table, e.g. `单位：亿元`."""


@dataclass(frozen=True, slots=True)
class Annex:
    """附件 (clause 7.3.7): own page, 附件n on line 1, title on line 3, then table and notes."""

    title: str
    table: Table
    notes: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    """Words of the title that may not be split over two lines."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """版记 (clause 7.4) at the foot of the last page: 抄送, 印发机关, 印发日期.

    What is not known is left blank, to be typed in.
    """

    copied_to: str
    office: str
    printed_on: date | None = None

    @property
    def copies(self) -> str:
        """`抄送：…。`; nothing known: the label alone."""
        told = self.copied_to.strip().rstrip("。")
        return f"抄送：{told}。" if told else "抄送："

    @property
    def date_text(self) -> str:
        """`2026年11月3日印发`."""
        day = self.printed_on
        return f"{day.year}年{day.month}月{day.day}日印发" if day else "　　　　年　　月　　日印发"


@dataclass(frozen=True, slots=True)
class Document:
    """A downward document (通报 and the like) as it will be signed.

    `title` is one text (broken by the engine, never inside a word of `keep`) or the lines that
    the author chose, each of at most 20 characters. `logo` None leaves out the whole red head.
    """

    title: str | tuple[str, ...]
    addressee: str
    blocks: tuple[Block, ...]
    signature: Signature | None
    logo: str | None = None
    number: Number | None = None
    keep: tuple[str, ...] = ()
    annexes: tuple[Annex, ...] = field(default=())
    imprint: Imprint | None = None
