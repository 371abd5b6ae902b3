"""A list's version as the annex that goes out with its paper (M-A10): docx, landscape A4."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from guatu.engines.gongwen.landscape import WIDTH, WideAnnex, render_wide
from guatu.engines.gongwen.numbering import chinese_number
from guatu.engines.gongwen.types import Align, Column, HeadCell, Row, Table
from guatu.ledger.making import comparing, queries
from guatu.ledger.making.models import ListVersion
from guatu.ledger.making.presenters import UNIT
from guatu.ledger.making.types import ListedRow, VersionKind
from guatu.planning.making.presenters import GROUPS, listed_in
from guatu.ui.templatetags.guatu import wan

_UNKNOWN = "未注明"
_DRAFTS = (VersionKind.APPLIED, VersionKind.REVIEWED)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\ufffe\uffff\ud800-\udfff]+")
_DIGIT, _MARGIN = 145, 160
"""A half-width bold sign of a table and the margins of a cell, in twips."""


@dataclass(frozen=True, slots=True)
class _Head:
    """A column of the annex: its width in twips, and the grouping that tells the same.

    What is left of the width goes to the two columns of words, name and content.
    """

    text: str
    width: int
    align: Align = Align.CENTER
    group: str = ""


_HEADS = (
    _Head("序号", 740),
    _Head("项目名称", 9, Align.LEFT),
    _Head("所属地区", 1020, group="region"),
    _Head("行业领域", 1020, group="sector"),
    _Head("建设性质", 580, group="nature"),
    _Head("建设内容", 10, Align.LEFT),
    _Head("总投资", 900, Align.RIGHT),
    _Head("年度计划投资", 1370, Align.RIGHT),
    _Head("开工月份", 1000),
    _Head("竣工月份", 1000),
    _Head("责任单位", 1560, Align.LEFT, group="unit"),
)
_WORDS = (1, 5)


def annex_name(version: ListVersion) -> str:
    """What the annex is called; drafts say what they are."""
    draft = "" if version.kind == VersionKind.ISSUED else f"（{version}）"
    return f"{version.list or version.call}清单{draft}"


def annex_docx(version: ListVersion, group: str) -> bytes:
    """The version's projects grouped by region, sector, unit or nature, with sums of each group.

    The column that the groups tell already is left out. Drafts tell only what is decided to be
    listed, once anything is decided, and number it as it is printed.
    """
    rows = listed_in(queries.rows_in(version), version)
    label = GROUPS[group][0]
    shown = [at for at, head in enumerate(_HEADS) if head.group != group]
    lines = [
        Row(tuple(line.cells[at] for at in shown), line.bold, line.keeps_next)
        for line in _lines(rows, version, group)
    ]
    # The note below is not left alone on a page.
    lines[-1] = replace(lines[-1], keeps_next=True)
    heads = [_HEADS[at] for at in shown]
    table = Table(
        _columns(heads, lines),
        (tuple(HeadCell(head.text) for head in heads),),
        tuple(lines),
        unit=f"单位：{UNIT}",
    )
    notes = (f"注：按{label}排列，打包项目算一个。",) if rows else ("注：没有列入的项目。",)
    number = version.outside_number
    return render_wide(WideAnnex(annex_name(version), table, number=number, notes=notes))


def _columns(heads: Sequence[_Head], lines: Sequence[Row]) -> tuple[Column, ...]:
    """The columns in twips; those of figures as wide as their longest: no amount is broken."""
    words = {_HEADS[at].text for at in _WORDS}
    widths = [
        0
        if head.text in words
        else max(head.width, _longest(lines, at) * _DIGIT + _MARGIN)
        if head.align is Align.RIGHT
        else head.width
        for at, head in enumerate(heads)
    ]
    free, asked = WIDTH - sum(widths), sum(_HEADS[at].width for at in _WORDS)
    return tuple(
        Column(width or max(free, asked) * head.width // asked, head.align)
        for head, width in zip(heads, widths, strict=True)
    )


def _longest(lines: Sequence[Row], at: int) -> int:
    return max((len(line.cells[at]) for line in lines), default=0)


def _lines(rows: Sequence[ListedRow], version: ListVersion, group: str) -> Iterator[Row]:
    whole = queries.counted(rows)
    yield _sum(f"合计（{len(whole)}个）", "", whole)
    of = GROUPS[group][1]
    parts: dict[str, list[ListedRow]] = defaultdict(list)
    for row in rows:
        parts[of(row) or _UNKNOWN].append(row)
    kept = {id(row) for row in whole}
    serials = count(1)
    for at, (name, members) in enumerate(parts.items(), 1):
        own = [row for row in members if id(row) in kept]
        yield _sum(f"{name}（{len(own)}个）", chinese_number(at), own)
        for row in members:
            yield _line(row, next(serials) if version.kind in _DRAFTS else row.serial_no)


def _sum(label: str, serial: str, rows: Sequence[ListedRow]) -> Row:
    total = comparing.total_of(rows)
    sums = (wan(total.total_yuan), wan(total.plan_yuan))
    cells = (serial, _text(label), "", "", "", "", *map(str, sums), "", "", "")
    return Row(cells, bold=True, keeps_next=True)


def _line(row: ListedRow, serial: int) -> Row:
    amounts = ("" if yuan is None else wan(yuan) for yuan in (row.total_yuan, row.plan_yuan))
    texts = (str(serial), row.name, row.region, row.sector, row.nature, row.content)
    # A hyphen would be broken at; a full stop is not.
    ends = (row.starts_by.replace("-", "."), row.completes_by.replace("-", "."), row.unit)
    return Row(tuple(map(_text, (*texts, *amounts, *ends))))


def _text(value: str) -> str:
    """A cell's text on one paragraph: line ends of typed contents become blanks."""
    return _CONTROLS.sub(" ", value).strip()
