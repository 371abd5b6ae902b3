"""`text.md` as HTML: paragraphs, lists, tables, bold, fences; whatever else it holds is text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
_CODE = re.compile(r"`([^`\n]+)`")
_ITEM = re.compile(r"\s*[-*+]\s+(.*)")
_NUMBERED = re.compile(r"\s*\d{1,3}[.、)]\s+(.*)")
_RULER = re.compile(r"\|?[\s:|-]*-[\s:|-]*\|?")
_FENCE = "```"
_HEADING = re.compile(r"#{1,6}\s+(.*)")


def rendered(markdown: str) -> SafeString:
    """The HTML of a clause. Nothing of the text is taken as markup but what is named above."""
    return mark_safe("".join(_blocks(markdown.splitlines())))


def _inline(text: str) -> str:
    told = _CODE.sub(r"<code>\1</code>", str(escape(text.strip())))
    return _BOLD.sub(r"<strong>\1</strong>", told)


def _blocks(lines: list[str]) -> Iterator[str]:
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip():
            at += 1
        elif line.startswith(_FENCE):
            end = next((n for n in range(at + 1, len(lines)) if lines[n] == _FENCE), len(lines))
            yield f"<pre>{escape(chr(10).join(lines[at + 1 : end]))}</pre>"
            at = end + 1
        elif line.lstrip().startswith("|"):
            end = _until(lines, at, lambda one: one.lstrip().startswith("|"))
            yield _table(lines[at:end])
            at = end
        elif _ITEM.fullmatch(line):
            at, found = _items(lines, at, _ITEM)
            yield f"<ul>{found}</ul>"
        elif _NUMBERED.fullmatch(line):
            at, found = _items(lines, at, _NUMBERED)
            yield f"<ol>{found}</ol>"
        elif heading := _HEADING.fullmatch(line):
            yield f"<p><strong>{_inline(heading[1])}</strong></p>"
            at += 1
        else:
            end = _until(lines, at, _is_plain)
            yield f"<p>{'<br>'.join(map(_inline, lines[at:end]))}</p>"
            at = end


def _is_plain(line: str) -> bool:
    if not line.strip() or line.startswith(_FENCE) or line.lstrip().startswith("|"):
        return False
    return not any(form.fullmatch(line) for form in (_ITEM, _NUMBERED, _HEADING))


def _until(lines: list[str], at: int, goes_on: Callable[[str], bool]) -> int:
    end = at + 1
    while end < len(lines) and goes_on(lines[end]):
        end += 1
    return end


def _items(lines: list[str], at: int, form: re.Pattern[str]) -> tuple[int, str]:
    """The items of a list; an indented line goes on with the item before it."""
    items: list[str] = []
    while at < len(lines):
        line = lines[at]
        if match := form.fullmatch(line):
            items.append(match[1])
        elif items and line.startswith("  ") and line.strip() and _is_plain(line):
            items[-1] += line.strip()
        else:
            break
        at += 1
    return at, "".join(f"<li>{_inline(one)}</li>" for one in items)


def _table(lines: list[str]) -> str:
    rows = [_cells(line) for line in lines]
    has_head = len(lines) > 1 and bool(_RULER.fullmatch(lines[1].strip()))
    head = rows[0] if has_head else []
    body = rows[2:] if has_head else rows
    out = ['<div class="scroll"><table class="grid">']
    if head:
        cells = "".join(f'<th scope="col">{_inline(one)}</th>' for one in head)
        out.append(f"<thead><tr>{cells}</tr></thead>")
    out.append("<tbody>")
    out += [f"<tr>{''.join(f'<td>{_inline(one)}</td>' for one in row)}</tr>" for row in body]
    return "".join([*out, "</tbody></table></div>"])


def _cells(line: str) -> list[str]:
    return line.strip().strip("|").split("|")
