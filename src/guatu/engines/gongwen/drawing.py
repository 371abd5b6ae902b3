"""Paragraphs, tables and page-number footers as WordprocessingML."""

from __future__ import annotations

from guatu.engines.gongwen.grid import CELL_MARGIN, CHARACTER, FOOT_OFFICE, TABLE_ROW, TEXT_WIDTH
from guatu.engines.gongwen.pieces import Foot, Part, Piece, Role
from guatu.engines.gongwen.tables import column_widths, head_positions
from guatu.engines.gongwen.types import Face, HeadCell, Imprint, Row, Table
from guatu.engines.gongwen.xml import Element, element, text_run


def draw(part: Part) -> Element:
    """The `w:p` or `w:tbl` of one part."""
    if isinstance(part, Foot):
        return _foot(part.imprint)
    return draw_table(part) if isinstance(part, Table) else _paragraph(part)


def _paragraph(piece: Piece) -> Element:
    made = element("p", _properties(piece))
    if piece.lines:
        made.extend(_title_runs(piece))
    else:
        made.extend(
            text_run(run.text, run.face, bold=run.bold, marked=run.marked) for run in piece.runs
        )
    return made


def _title_runs(piece: Piece) -> list[Element]:
    size = piece.size if piece.role is Role.LOGO else None
    runs: list[Element] = []
    for at, line in enumerate(piece.lines):
        if at:
            runs.append(element("r", element("br")))
        runs.append(text_run(line, Face.TITLE, size=size))
    return runs


def _properties(piece: Piece) -> Element:
    """Only what the style does not say, in the schema's order."""
    made = element("pPr", element("pStyle", val=piece.role))
    if piece.keep_next:
        made.append(element("keepNext"))
    if piece.keep_lines:
        made.append(element("keepLines"))
    if piece.new_page:
        made.append(element("pageBreakBefore"))
    if piece.role in (Role.LOGO, Role.SPACER):
        made.append(
            element(
                "spacing", before=piece.before, after=0, line=piece.line_height, lineRule="exact"
            )
        )
    if piece.role is Role.ANNEX_LIST:
        hanging = piece.indent - piece.first_indent
        made.append(
            element(
                "ind",
                leftChars=100 * (piece.indent // CHARACTER),
                left=piece.indent,
                hangingChars=100 * (hanging // CHARACTER),
                hanging=hanging,
            )
        )
    if piece.role is Role.SIGNATURE:
        made.append(_right_indent(piece.right_indent))
    return made


def _right_indent(twips: int) -> Element:
    if twips % CHARACTER:
        return element("ind", right=twips)
    return element("ind", rightChars=100 * (twips // CHARACTER), right=twips)


_BORDERS = ("top", "left", "bottom", "right", "insideH", "insideV")


def draw_table(table: Table, width: int = TEXT_WIDTH) -> Element:
    """The `w:tbl` of a table that fills `width` twips."""
    widths = column_widths(table, width)
    made = element(
        "tbl",
        element(
            "tblPr",
            element("tblW", w=width, type="dxa"),
            element("jc", val="center"),
            element(
                "tblBorders",
                *(element(side, val="single", sz=4, space=0, color="auto") for side in _BORDERS),
            ),
            element("tblLayout", type="fixed"),
            element(
                "tblCellMar",
                element("top", w=0, type="dxa"),
                element("left", w=CELL_MARGIN, type="dxa"),
                element("bottom", w=0, type="dxa"),
                element("right", w=CELL_MARGIN, type="dxa"),
            ),
        ),
        element("tblGrid", *(element("gridCol", w=width) for width in widths)),
    )
    made.extend(_head_rows(table, widths))
    made.extend(_body_row(row, table, widths) for row in table.rows)
    return made


def _row(*cells: Element, head: bool = False) -> Element:
    properties = element(
        "trPr", element("cantSplit"), element("trHeight", val=TABLE_ROW, hRule="atLeast")
    )
    if head:
        properties.append(element("tblHeader"))
    return element("tr", properties, *cells)


def _cell(
    text: str,
    width: int,
    *,
    align: str = "center",
    bold: bool = False,
    face: Face = Face.BODY,
    columns: int = 1,
    merge: str = "",
    keeps_next: bool = False,
) -> Element:
    properties = element("tcPr", element("tcW", w=width, type="dxa"))
    if columns > 1:
        properties.append(element("gridSpan", val=columns))
    if merge:
        properties.append(element("vMerge", val=merge))
    properties.append(element("vAlign", val="center"))
    paragraph = element("p", element("pPr", element("pStyle", val="GwCell")))
    if keeps_next:
        paragraph[0].append(element("keepNext"))
    if align != "center":
        paragraph[0].append(element("jc", val=align))
    if text:
        paragraph.append(text_run(text, face, bold=bold))
    return element("tc", properties, paragraph)


def _head_rows(table: Table, widths: tuple[int, ...]) -> list[Element]:
    """Head rows with their spans; a row span is a chain of vMerge cells."""
    grid: dict[tuple[int, int], tuple[HeadCell, bool]] = {}
    for y, x, cell in head_positions(table):
        for below in range(cell.rows):
            grid[(y + below, x)] = (cell, below == 0)
    rows = []
    for y in range(len(table.head)):
        cells = []
        for x in sorted(x for row, x in grid if row == y):
            cell, first = grid[(y, x)]
            merge = ("restart" if first else "continue") if cell.rows > 1 else ""
            cells.append(
                _cell(
                    cell.text if first else "",
                    sum(widths[x : x + cell.columns]),
                    face=Face.HEI,
                    columns=cell.columns,
                    merge=merge,
                )
            )
        rows.append(_row(*cells, head=True))
    return rows


def _body_row(row: Row, table: Table, widths: tuple[int, ...]) -> Element:
    return _row(
        *(
            _cell(text, width, align=column.align, bold=row.bold, keeps_next=row.keeps_next)
            for text, width, column in zip(row.cells, widths, table.columns, strict=True)
        )
    )


_THICK, _THIN = 8, 6
"""0.35 mm for the first and last rule of 版记, 0.25 mm between (clause 7.4.1)."""


def _foot(imprint: Imprint) -> Element:
    """版记: 抄送 over 印发机关 and 印发日期, one character in from both sides."""
    rule: dict[str, str | int] = {"val": "single", "space": 0, "color": "auto"}
    copies = _foot_cell(imprint.copies, TEXT_WIDTH, columns=2)
    copies[-1][0].append(
        element(
            "ind",
            leftChars=400,
            left=4 * CHARACTER,
            rightChars=100,
            right=CHARACTER,
            hangingChars=300,
            hanging=3 * CHARACTER,
        )
    )
    office = _foot_cell(imprint.office, FOOT_OFFICE)
    office[-1][0].append(element("ind", leftChars=100, left=CHARACTER))
    day = _foot_cell(imprint.date_text, TEXT_WIDTH - FOOT_OFFICE)
    day[-1][0].append(element("ind", rightChars=100, right=CHARACTER))
    day[-1][0].append(element("jc", val="right"))
    return element(
        "tbl",
        element(
            "tblPr",
            element("tblW", w=TEXT_WIDTH, type="dxa"),
            element("jc", val="center"),
            element(
                "tblBorders",
                element("top", sz=_THICK, **rule),
                element("bottom", sz=_THICK, **rule),
                element("insideH", sz=_THIN, **rule),
            ),
            element("tblLayout", type="fixed"),
            element(
                "tblCellMar",
                *(element(side, w=0, type="dxa") for side in ("top", "left", "bottom", "right")),
            ),
        ),
        element(
            "tblGrid",
            element("gridCol", w=FOOT_OFFICE),
            element("gridCol", w=TEXT_WIDTH - FOOT_OFFICE),
        ),
        element("tr", element("trPr", element("cantSplit")), copies),
        element("tr", element("trPr", element("cantSplit")), office, day),
    )  # fmt: skip


def _foot_cell(text: str, width: int, *, columns: int = 1) -> Element:
    properties = element("tcPr", element("tcW", w=width, type="dxa"))
    if columns > 1:
        properties.append(element("gridSpan", val=columns))
    style = element("pPr", element("pStyle", val="GwFoot"))
    return element("tc", properties, element("p", style, text_run(text, Face.BODY)))


def page_number(*, even: bool) -> Element:
    """`— 1 —` in 4号宋体: one character from the outer edge (clause 7.5)."""
    side = "left" if even else "right"
    indent = {f"{side}Chars": 100, side: CHARACTER}
    return element(
        "p",
        element(
            "pPr", element("pStyle", val="GwFooter"), element("ind", **indent),
            element("jc", val=side),
        ),
        text_run("— ", Face.SONG),
        element("fldSimple", text_run("1", Face.SONG), instr="PAGE"),
        text_run(" —", Face.SONG),
    )  # fmt: skip
