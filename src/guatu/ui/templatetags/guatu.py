"""One component for each thing: light, money, percentage, date, form token, empty state.

Written in Python, not as includes: a table of 50 rows is twice as fast (house.md 6).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.middleware.csrf import get_token
from django.template import RequestContext
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from guatu.core.yuan import in_unit, wan_text
from guatu.ui.tables import Column, Grid, Page
from guatu.ui.tokens import TOKEN_FIELD, new_token

register = template.Library()

SHAPES = {
    "serious": "◆",
    "warning": "▲",
    "notice": "●",
    "ok": "■",
    "no_data": "○",
    "not_due": "·",
    "not_in_scope": "–",
    "undecided": "?",
}
DIGITS = {"亿元": 2, "万元": 0}
WORDS = {
    "no_data": "无数据",
    "not_due": "未到期",
    "not_in_scope": "不在范围",
    "undecided": "未判定",
}


@register.simple_tag(takes_context=True)
def form_token(context: RequestContext) -> SafeString:
    """The two hidden fields of every form that acts: CSRF token and form token (trust D-8)."""
    request = context["request"]
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<input type="hidden" name="{}" value="{}">',
        get_token(request),
        TOKEN_FIELD,
        new_token(request.user.pk or 0),
    )


@register.simple_tag
def light(severity: str | None, label: str = "") -> SafeString:
    """A light: word, shape and colour, so that none of them carries the meaning alone."""
    if not severity:
        return mark_safe('<span class="faint">—</span>')
    return format_html(
        '<span class="light light-{}"><span aria-hidden="true">{}</span>{}</span>',
        severity,
        SHAPES.get(severity, "?"),
        label or WORDS.get(severity, severity),
    )


@register.filter
def money(yuan: int | None, unit: str = "亿元") -> str:
    """Yuan as a number of 亿元 or 万元, thousands apart; the unit stands in the head."""
    if yuan is None:
        return "—"
    return f"{Decimal(in_unit(yuan, unit, DIGITS[unit])):,}"


@register.filter
def wan(yuan: int | None) -> str:
    """Exactly in 万元, thousands apart: for a paper of record, whose figures must add up."""
    return "—" if yuan is None else f"{Decimal(wan_text(yuan)):,}"


@register.filter
def percent(text: str | None) -> str:
    """A percentage that was rounded already, with its sign; a dash where there is none."""
    return "—" if text in (None, "") else f"{text}%"


@register.filter
def points(text: str | None) -> SafeString:
    """A gap in percentage points with its word, as papers say it."""
    if text in (None, ""):
        return mark_safe('<span class="faint">—</span>')
    value = str(text)
    if value.strip("-0.") == "":
        return mark_safe("持平")
    word, kind = ("低", "below") if value.startswith("-") else ("高", "above")
    return format_html('<span class="{}">{}{}</span>', kind, word, value.lstrip("-"))


@register.filter
def day(value: date | None) -> str:
    """A date as 2026-10-31; a dash where there is none."""
    return value.isoformat()[:10] if value else "—"


@register.filter
def dash(value: object) -> object:
    """The value, or a dash where it is empty."""
    return value if value not in (None, "") else "—"


@register.simple_tag
def grid(table: Grid[Any]) -> SafeString:
    """A whole table: heads with their order, rows, and a last row of totals where there is one."""
    out = ['<table class="grid is-wide">' if table.is_wide else '<table class="grid">']
    lead = table.lead
    kinds = {
        column.key: " ".join(filter(None, (column.kind, "names" if column is lead else "")))
        for column in table.columns
    }
    if table.caption:
        out.append(f"<caption>{escape(table.caption)}</caption>")
    out.append("<thead><tr>")
    if table.select:
        out.append(
            '<th class="pick no-print">'
            '<input type="checkbox" data-check-all aria-label="全选"></th>'
        )
    for column in table.columns:
        out.append(_head(column, table, kinds[column.key]))
    out.append("</tr></thead><tbody>")
    for row in table.rows:
        kind = table.row_class(row) if table.row_class else ""
        out.append(f'<tr class="{kind}">' if kind else "<tr>")
        if table.select:
            chosen = table.select(row)
            out.append(
                '<td class="pick no-print"><input type="checkbox" name="id"'
                f' value="{escape(chosen)}"{" checked" if chosen in table.picked else ""}'
                ' aria-label="选中本行"></td>'
            )
        for column in table.columns:
            value = column.shown(row)
            shown = "—" if value is None or value == "" else _safe(value)
            told = kinds[column.key]
            out.append(f'<td class="{told}">{shown}</td>' if told else f"<td>{shown}</td>")
        out.append("</tr>")
    out.append("</tbody>")
    if table.total:
        out.append('<tfoot><tr class="total">')
        if table.select:
            out.append('<td class="pick no-print"></td>')
        for column in table.columns:
            value = table.total.get(column.key, "")
            out.append(f'<td class="{kinds[column.key]}">{_safe(value)}</td>')
        out.append("</tr></tfoot>")
    out.append("</table>")
    return mark_safe("".join(out))


def _safe(value: object) -> str:
    """What a component made stays; everything else is escaped."""
    return str(value) if isinstance(value, SafeString) else escape(str(value))


def _head(column: Column[Any], table: Grid[Any], told: str) -> str:
    kind = f' class="{told}"' if told else ""
    # A head is broken before its unit and nowhere else.
    label = escape(column.label).replace("（", "<wbr>（")
    if not column.is_sortable:
        return f'<th scope="col"{kind}>{label}</th>'
    here = table.sort.removeprefix("-") == column.key
    descending = here and table.sort.startswith("-")
    order = f' aria-sort="{"descending" if descending else "ascending"}"' if here else ""
    next_sort = column.key if descending or not here else f"-{column.key}"
    href = escape(f"?{table.query}sort={next_sort}")
    return f'<th scope="col"{kind}{order}><a href="{href}">{label}</a></th>'


@register.inclusion_tag("ui/_pager.html")
def pager(page: Page, address: str = "") -> dict[str, object]:
    """Which rows are shown, and the way to the other pages of the list at `address` (empty: the
    page that is shown)."""
    return {"page": page, "address": address}
