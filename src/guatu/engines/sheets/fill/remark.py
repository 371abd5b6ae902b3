"""The note line below the table (注：…): what the sums' rates are of, written anew each month."""

from __future__ import annotations

import re

from guatu.engines.sheets.fill.labels import is_everything
from guatu.engines.sheets.fill.template import TemplateSheet
from guatu.engines.sheets.types import RowKind

OPENING = "合计按表中全部项目计算"
AS_ISSUED = "表中计划为调整稿"
OTHER_BASIS = "表中同比两年"
"""How the sentences begin, so that next month finds them."""
_OWN = re.compile(rf"(?:{OPENING}|{AS_ISSUED}|{OTHER_BASIS})[^。]*。?")
_NOTES = re.compile(r"(?:备?注|说明|附注|填报说明|填表说明)\s*[\d①-⑳]?\s*[:：、.]")


def note_cell(template: TemplateSheet) -> tuple[int, int] | None:
    """The template's last note below the table (from 0); None without one."""
    table = template.table
    for row in reversed(table.rows):
        if row.kind is RowKind.NOTE and row.number > table.header[1]:
            for column in range(template.last_column() + 1):
                raw = template.raw(row.number, column)
                if isinstance(raw, str) and _NOTES.match(raw.strip()):
                    return row.number, column
    return None


def has_whole_sum(template: TemplateSheet) -> bool:
    """Whether the table has a row that adds up everything."""
    sums = (RowKind.SUBTOTAL, RowKind.SECTION)
    return any(row.kind in sums and is_everything(row.label) for row in template.table.rows)


def with_remark(text: str, remark: str) -> str:
    """A note with this month's remark at its end, in place of last month's."""
    kept = without_remark(text).rstrip()
    if remark and kept[-1:] not in ("", "。", ":", "："):
        kept = f"{kept.rstrip('；;，,')}。"
    return kept + remark


def without_remark(text: str) -> str:
    """A note without the sentences that are written anew each month."""
    return _OWN.sub("", text)
