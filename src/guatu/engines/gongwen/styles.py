"""Styles, settings and font table: what makes text typed later follow the grid too."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from guatu.engines.gongwen.breaking import NO_END, NO_START
from guatu.engines.gongwen.grid import (
    CHARACTER,
    LINE,
    RED_LINE,
    SIZE_BODY,
    SIZE_FOOT,
    SIZE_TABLE,
    SIZE_TITLE,
    SPACING,
    TABLE_LINE,
    TITLE_LINE,
)
from guatu.engines.gongwen.pieces import Role
from guatu.engines.gongwen.types import Face

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
RED = "FF0000"


@dataclass(frozen=True, slots=True)
class _Style:
    role: str
    name: str
    face: Face = Face.BODY
    size: float = SIZE_BODY
    line: int = LINE
    align: str = "both"
    indent: str = ""
    outline: int | None = None
    colour: str = ""
    border: str = ""
    keep_next: bool = False
    spacing: int | None = None


_TWO = f'<w:ind w:firstLineChars="200" w:firstLine="{2 * CHARACTER}"/>'
_RED_BORDER = f'<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="0" w:color="{RED}"/></w:pBdr>'

_STYLES = (
    _Style(Role.BLANK, "公文空行"),
    _Style(Role.LOGO, "发文机关标志", Face.TITLE, 62, 1364, "center", colour=RED),
    _Style(Role.NUMBER, "发文字号", align="center"),
    _Style(Role.RED_LINE, "红色分隔线", line=RED_LINE, border=_RED_BORDER),
    _Style(Role.TITLE, "公文标题", Face.TITLE, SIZE_TITLE, TITLE_LINE, "center", keep_next=True),
    _Style(Role.ADDRESSEE, "主送机关"),
    _Style(Role.BODY, "公文正文", indent=_TWO),
    _Style(Role.HEADING_1, "heading 1", Face.HEI, indent=_TWO, outline=0, keep_next=True),
    _Style(Role.HEADING_2, "heading 2", Face.KAI, indent=_TWO, outline=1, keep_next=True),
    _Style(Role.HEADING_3, "heading 3", indent=_TWO, outline=2, keep_next=True),
    _Style(Role.HEADING_4, "heading 4", indent=_TWO, outline=3, keep_next=True),
    _Style(Role.ANNEX_LIST, "附件说明"),
    _Style(Role.SIGNATURE, "发文机关署名", align="right"),
    _Style(Role.ANNEX_MARK, "附件序号", Face.HEI),
    _Style(Role.UNIT, "表格单位", size=SIZE_TABLE, line=TABLE_LINE + 80, align="right"),
    _Style(Role.TABLE_NOTE, "表格附注", size=SIZE_TABLE, line=TABLE_LINE),
    _Style(Role.SPACER, "版记上方空白", line=TABLE_LINE),
    _Style("GwFoot", "版记", size=SIZE_FOOT, align="left"),
    _Style("GwCell", "表格文字", size=SIZE_TABLE, line=TABLE_LINE, align="center", spacing=0),
    _Style("GwFooter", "公文页码", Face.SONG, 14, 280, "left", spacing=0),
)


def _fonts(face: Face) -> str:
    return (
        f'<w:rFonts w:hint="eastAsia" w:ascii="{face}" w:hAnsi="{face}" '
        f'w:eastAsia="{face}" w:cs="{face}"/>'
    )


def _size(points: float) -> str:
    half = round(points * 2)
    return f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'


def _style_xml(style: _Style) -> str:
    # Exact heights other than the grid's must not be lifted to the next grid line.
    snap = "" if style.line == LINE else '<w:snapToGrid w:val="0"/>'
    outline = "" if style.outline is None else f'<w:outlineLvl w:val="{style.outline}"/>'
    colour = f'<w:color w:val="{style.colour}"/>' if style.colour else ""
    spacing = "" if style.spacing is None else f'<w:spacing w:val="{style.spacing}"/>'
    keep = "<w:keepNext/>" if style.keep_next else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{style.role}"><w:name w:val="{style.name}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{keep}{style.border}{snap}'
        f'<w:spacing w:before="0" w:after="0" w:line="{style.line}" w:lineRule="exact"/>'
        f'{style.indent}<w:jc w:val="{style.align}"/>{outline}</w:pPr>'
        f"<w:rPr>{_fonts(style.face)}{colour}{spacing}{_size(style.size)}</w:rPr></w:style>"
    )


def styles_xml() -> bytes:
    """styles.xml without theme fonts; the −0.25 pt live in Normal so that they are inherited."""
    # overflowPunct is Word's default; said aloud because LibreOffice 7.4 reads it the wrong way
    # round and without it loses the stop that should hang over the edge.
    language = '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    return (
        f"{_DECLARATION}<w:styles {_W}><w:docDefaults><w:rPrDefault><w:rPr>{_fonts(Face.BODY)}"
        f"{_size(SIZE_BODY)}{language}</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        '<w:qFormat/><w:pPr><w:widowControl w:val="0"/><w:overflowPunct w:val="1"/>'
        f'<w:spacing w:before="0" w:after="0" w:line="{LINE}" w:lineRule="exact"/>'
        f'<w:jc w:val="both"/></w:pPr><w:rPr>{_fonts(Face.BODY)}<w:spacing w:val="{SPACING}"/>'
        f'<w:kern w:val="0"/>{_size(SIZE_BODY)}{language}</w:rPr></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        "</w:tblPr></w:style>"
        f"{''.join(map(_style_xml, _STYLES))}</w:styles>"
    ).encode()


def settings_xml() -> bytes:
    """settings.xml: odd and even footers, no squeezed punctuation, our own 避头尾 lists."""
    before = quoteattr("".join(sorted(NO_START)))
    after = quoteattr("".join(sorted(NO_END)))
    return (
        f"{_DECLARATION}<w:settings {_W}>"
        '<w:zoom w:percent="100"/><w:defaultTabStop w:val="632"/><w:evenAndOddHeaders/>'
        '<w:drawingGridVerticalSpacing w:val="579"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/>'
        f'<w:noLineBreaksAfter w:lang="zh-CN" w:val={after}/>'
        f'<w:noLineBreaksBefore w:lang="zh-CN" w:val={before}/>'
        "<w:compat><w:doNotExpandShiftReturn/><w:useFELayout/>"
        '<w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>'
        "</w:settings>"
    ).encode()


_ALTERNATIVES = {
    Face.TITLE: "方正小标宋_GBK",
    Face.BODY: "仿宋",
    Face.KAI: "楷体",
    Face.HEI: "SimHei",
    Face.SONG: "SimSun",
}


def font_table_xml() -> bytes:
    """fontTable.xml: the name to take where the office's machine lacks the first."""
    entries = "".join(
        f'<w:font w:name="{face}"><w:altName w:val="{other}"/><w:charset w:val="86"/>'
        '<w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for face, other in _ALTERNATIVES.items()
    )
    return f"{_DECLARATION}<w:fonts {_W}>{entries}</w:fonts>".encode()
