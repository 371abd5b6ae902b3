"""Charts drawn by the server as SVG: no script, prints sharply, with its figures as a table.

Every chart is drawn twice, for a wide and for a narrow place, so that its words keep their size;
the style sheet shows one. Lines differ by dashes and points, bars by hatching and figures: a print
in black and white says the same. Every mark also stands in the table below the chart.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_TICKS = 4
"""About how many steps an axis has."""
_LOWEST_COUNTED = 15
"""A part of a bar must be this high for its figure to stand in it."""
_HATCHES = {
    "l-warning": '<path d="M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2" class="hatch-ink"/>',
    "l-notice": '<circle cx="3" cy="3" r="1.1" class="hatch-paper"/>',
    "l-no_data": '<path d="M0,0 L6,6 M6,0 L0,6" class="hatch-ink"/>',
}
"""What lies over the colour of a bar; red and green are plain, one dark and one light in grey."""


@dataclass(frozen=True, slots=True)
class Series:
    """One line or one colour of a bar; a value per place, None where there is no data.

    `marks` are words at some of its points: there the line does not tell what it seems to.
    """

    name: str
    style: str
    values: Sequence[float | None]
    marks: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A place to draw in: its size, what its margins hold, how large its letters are."""

    name: str
    width: int
    height: int
    left: int
    letter: int
    right: int = 12
    top: int = 28
    bottom: int = 28

    def step(self, count: int) -> float:
        return (self.width - self.left - self.right) / max(1, count)

    def x(self, place: int, count: int) -> float:
        return self.left + self.step(count) * (place + 0.5)

    def y(self, value: float, axis: _Axis) -> float:
        share = (value - axis.low) / (axis.high - axis.low)
        return self.top + (self.height - self.top - self.bottom) * (1 - share)


_WIDE = _Sheet("wide", 640, 260, 58, 13)
_NARROW = _Sheet("narrow", 360, 230, 46, 12)


@dataclass(frozen=True, slots=True)
class _Axis:
    """An axis from `low` to `high`, both whole multiples of its step."""

    low: float
    high: float
    step: float

    @property
    def ticks(self) -> list[float]:
        count = round((self.high - self.low) / self.step)
        return [self.low + self.step * n for n in range(count + 1)]

    @property
    def digits(self) -> int:
        return max(0, -math.floor(math.log10(self.step)))


def line_chart(
    title: str, places: Sequence[str], series: Sequence[Series], *, unit: str, digits: int = 1
) -> SafeString:
    """Curves over places (months). Where a value is missing the line is broken, never bridged."""
    axis = _axis([v for one in series for v in one.values if v is not None])
    drawn = [
        _svg(
            sheet,
            title,
            _frame(sheet, places, axis, unit)
            + "".join(_line(sheet, one, len(places), axis) for one in series),
        )
        for sheet in (_WIDE, _NARROW)
    ]
    legend = "".join(_line_key(one) for one in series)
    return _figure(title, legend, drawn, _table(places, series, digits), unit)


def stacked_bars(
    title: str, places: Sequence[str], series: Sequence[Series], *, unit: str
) -> SafeString:
    """Bars over places, one colour on another, e.g. lights over months."""
    sums = [sum(one.values[i] or 0 for one in series) for i in range(len(places))]
    axis = _axis(sums, least=1)
    # Two charts of a page may have the same parts: the patterns are each one's own.
    mark = f"h{zlib.crc32(repr((title, places)).encode()):08x}"
    drawn = []
    for sheet in (_WIDE, _NARROW):
        bars = _Bars(sheet, places, series, axis, unit, f"{mark}{sheet.name[0]}")
        drawn.append(_svg(sheet, title, bars.drawn()))
    return _figure(title, _bar_keys(series, f"{mark}k"), drawn, _table(places, series, 0), unit)


def bar(
    share: float, *, mark: float | None = None, style: str = "chart-a", label: str = ""
) -> SafeString:
    """A bar of one share (0 to 1), with a mark for what is due; it says its text to a reader."""
    width = max(0.0, min(share, 1.0)) * 120
    line = (
        f'<line class="chart-mark" x1="{mark * 120:.1f}" y1="0" x2="{mark * 120:.1f}" y2="12"/>'
        if mark is not None and 0 <= mark <= 1
        else ""
    )
    return mark_safe(
        f'<svg class="bar" viewBox="0 0 120 12" role="img" aria-label="{escape(label)}">'
        f'<rect class="chart-rest" width="120" height="12"/>'
        f'<rect class="{style}" width="{width:.1f}" height="12"/>{line}</svg>'
    )


def _figure(title: str, legend: str, drawn: Sequence[str], table: str, unit: str) -> SafeString:
    return mark_safe(
        f'<figure class="chart"><figcaption>{escape(title)}（{escape(unit)}）{legend}</figcaption>'
        f"{''.join(drawn)}{table}</figure>"
    )


def _svg(sheet: _Sheet, title: str, body: str) -> str:
    return (
        f'<svg class="chart-{sheet.name}" viewBox="0 0 {sheet.width} {sheet.height}" role="img"'
        f' aria-label="{escape(title)}">{body}</svg>'
    )


def _line_key(one: Series) -> str:
    return (
        '<span class="key"><svg class="key-line" viewBox="0 0 26 10" aria-hidden="true">'
        f'<line class="{one.style} line" x1="0" y1="5" x2="26" y2="5"/>'
        f"{_point(one.style, 13, 5)}</svg>{escape(one.name)}</span>"
    )


def _bar_keys(series: Sequence[Series], mark: str) -> str:
    return "".join(
        '<span class="key"><svg class="key-bar" viewBox="0 0 18 12" aria-hidden="true">'
        f"{_patterns([one], f'{mark}{n}')}"
        f'<rect class="{one.style}" width="18" height="12"/>'
        f"{_hatch(one.style, f'{mark}{n}', 0, 0, 18, 12)}</svg>{escape(one.name)}</span>"
        for n, one in enumerate(series)
    )


def _patterns(series: Sequence[Series], mark: str) -> str:
    drawn = "".join(
        f'<pattern id="{mark}-{one.style}" width="6" height="6" patternUnits="userSpaceOnUse">'
        f"{_HATCHES[one.style]}</pattern>"
        for one in series
        if one.style in _HATCHES
    )
    return f"<defs>{drawn}</defs>" if drawn else ""


def _hatch(style: str, mark: str, x: float, y: float, width: float, height: float) -> str:
    if style not in _HATCHES:
        return ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
        f' fill="url(#{mark}-{style})" pointer-events="none"/>'
    )


@dataclass(frozen=True, slots=True)
class _Bars:
    """The bars of one chart in one place; `mark` begins the names of its patterns."""

    sheet: _Sheet
    places: Sequence[str]
    series: Sequence[Series]
    axis: _Axis
    unit: str
    mark: str

    def drawn(self) -> str:
        bars = "".join(self._bar(i, place) for i, place in enumerate(self.places))
        frame = _frame(self.sheet, self.places, self.axis, self.unit)
        return _patterns(self.series, self.mark) + frame + bars

    def _bar(self, i: int, place: str) -> str:
        width = self.sheet.step(len(self.places)) * 0.6
        x = self.sheet.x(i, len(self.places)) - width / 2
        parts, base = [], 0.0
        for one in self.series:
            value = one.values[i] or 0
            if not value:
                continue
            y = self.sheet.y(base + value, self.axis)
            height = self.sheet.y(base, self.axis) - y
            text = _number(value, 0)
            parts.append(
                f'<rect class="{one.style}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}"'
                f' height="{height:.1f}"><title>{escape(place)} {escape(one.name)}'
                f" {text}{escape(self.unit)}</title></rect>"
                f"{_hatch(one.style, self.mark, x, y, width, height)}"
            )
            if height >= _LOWEST_COUNTED and width >= self.sheet.letter * 0.55 * len(text):
                parts.append(
                    f'<text class="chart-text chart-count" x="{x + width / 2:.1f}"'
                    f' y="{y + height / 2 + self.sheet.letter * 0.35:.1f}"'
                    f' text-anchor="middle">{text}</text>'
                )
            base += value
        return "".join(parts)


def _table(places: Sequence[str], series: Sequence[Series], digits: int) -> str:
    head = "".join(f'<th scope="col" class="num">{escape(one.name)}</th>' for one in series)
    rows = "".join(
        f'<tr><th scope="row">{escape(place)}</th>'
        + "".join(f'<td class="num">{_number(one.values[i], digits)}</td>' for one in series)
        + "</tr>"
        for i, place in enumerate(places)
    )
    return (
        f'<details class="chart-data"><summary>看数字</summary><table class="grid"><thead><tr>'
        f'<th scope="col">时间</th>{head}</tr></thead><tbody>{rows}</tbody></table></details>'
    )


def _frame(sheet: _Sheet, places: Sequence[str], axis: _Axis, unit: str) -> str:
    lines = [
        f'<text class="chart-text" x="{sheet.left - 6}" y="{sheet.letter}" text-anchor="end">'
        f"{escape(unit)}</text>"
    ]
    for value in axis.ticks:
        y = sheet.y(value, axis)
        lines.append(
            f'<line class="chart-grid" x1="{sheet.left}" y1="{y:.1f}"'
            f' x2="{sheet.width - sheet.right}" y2="{y:.1f}"/>'
            f'<text class="chart-text" x="{sheet.left - 6}" y="{y + 4:.1f}" text-anchor="end">'
            f"{_number(value, axis.digits)}</text>"
        )
    every = _every(places, sheet)
    for i, place in enumerate(places):
        # Counted from the newest, which always has its name.
        if (len(places) - 1 - i) % every == 0:
            lines.append(
                f'<text class="chart-text" x="{sheet.x(i, len(places)):.1f}"'
                f' y="{sheet.height - 8}" text-anchor="middle">{escape(place)}</text>'
            )
    return "".join(lines)


def _every(places: Sequence[str], sheet: _Sheet) -> int:
    """Which places have their names written, so that none runs into the next."""
    widths = [_ems(place) * sheet.letter for place in reversed(places)]
    for every in range(1, len(places)):
        shown = widths[::every]
        room = sheet.step(len(places)) * every
        if all((one + other) / 2 + 5 <= room for one, other in pairwise(shown)):
            return every
    return max(1, len(places))


def _line(sheet: _Sheet, one: Series, count: int, axis: _Axis) -> str:
    """The line up to each mark is whole, the stretch that leads to one is broken."""
    at = [
        None if value is None else (sheet.x(i, count), sheet.y(value, axis))
        for i, value in enumerate(one.values)
    ]
    runs: list[list[tuple[float, float]]] = [[]]
    parts = []
    for i, point in enumerate(at):
        if point is None:
            runs.append([])
            continue
        if i in one.marks and runs[-1]:
            parts.append(_stretch(one.style, [runs[-1][-1], point], "line doubtful"))
            runs.append([])
        runs[-1].append(point)
    parts += [_stretch(one.style, run, "line") for run in runs if run[1:]]
    for i, point in enumerate(at):
        if point is not None:
            parts.append(_point(one.style, *point, is_hollow=i in one.marks))
            parts.append(_words_at(sheet, one.marks.get(i, ""), *point))
    return "".join(parts)


def _stretch(style: str, points: Sequence[tuple[float, float]], kind: str) -> str:
    text = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline class="{style} {kind}" points="{text}"/>'


def _point(style: str, x: float, y: float, *, is_hollow: bool = False) -> str:
    kind = f"{style} dot{' hollow' if is_hollow else ''}"
    if style == "chart-c":
        return f'<rect class="{kind}" x="{x - 2.5:.1f}" y="{y - 2.5:.1f}" width="5" height="5"/>'
    # A plan is a line alone: nothing was measured at its points.
    if style == "chart-b":
        return ""
    radius = 4 if is_hollow else 3
    return f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{radius}"/>'


def _words_at(sheet: _Sheet, words: str, x: float, y: float) -> str:
    if not words:
        return ""
    below = y + sheet.letter + 8
    y = below if below < sheet.height - sheet.bottom else y - 8
    side = "end" if x > sheet.width / 2 else "start"
    x = min(x + 8, sheet.width - 2) if side == "end" else x
    return (
        f'<text class="chart-text chart-word" x="{x:.1f}" y="{y:.1f}" text-anchor="{side}">'
        f"{escape(words)}</text>"
    )


def _axis(values: Sequence[float], *, least: float = 0.0) -> _Axis:
    """From zero, or the lowest value below it, to above the highest, in steps of 1, 2 or 5."""
    high, low = max((*values, 0.0)), min((*values, 0.0))
    if high == low:
        high = low + 1
    step = max(_round_step((high - low) / _TICKS), least)
    slack = 1e-9
    first, last = math.floor(low / step + slack), math.ceil(high / step - slack)
    return _Axis(first * step, last * step, step)


def _round_step(value: float) -> float:
    """The next of 1, 2, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(power * n for n in (1, 2, 5, 10) if power * n >= value * (1 - 1e-9))


def _ems(words: str) -> float:
    """How wide words are, in letters of theirs; digits and Latin letters are half as wide."""
    return sum(0.56 if one.isascii() else 1.0 for one in words)


def _number(value: float | None, digits: int) -> str:
    return "—" if value is None else f"{value:,.{digits}f}"
