"""Charts drawn by the server as SVG: no script, prints sharply, with its figures as a table.

Colours and shapes are those of the lights; every mark also stands in the table below the chart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 16, 28


@dataclass(frozen=True, slots=True)
class Series:
    """One line or one colour of a bar; a value per place, None where there is no data."""

    name: str
    style: str
    values: Sequence[float | None]


def line_chart(
    title: str, places: Sequence[str], series: Sequence[Series], *, unit: str, digits: int = 1
) -> SafeString:
    """Curves over places (months). Where a value is missing the line is broken, never bridged."""
    top = _ceiling([v for one in series for v in one.values if v is not None])
    parts = [_frame(title, places, top, unit, digits)]
    for one in series:
        parts.append(_polyline(one, len(places), top))
    return _figure(title, "".join(parts), places, series, unit, digits)


def stacked_bars(
    title: str, places: Sequence[str], series: Sequence[Series], *, unit: str
) -> SafeString:
    """Bars over places, one colour on another, e.g. lights over months."""
    sums = [sum(one.values[i] or 0 for one in series) for i in range(len(places))]
    top = _ceiling(sums)
    parts = [_frame(title, places, top, unit, 0)]
    step = _step(len(places))
    for i in range(len(places)):
        base = 0.0
        for one in series:
            value = one.values[i] or 0
            if not value:
                continue
            y, height = _y(base + value, top), _y(base, top) - _y(base + value, top)
            x = LEFT + step * i + step * 0.2
            parts.append(
                f'<rect class="{one.style}" x="{x:.1f}" y="{y:.1f}" width="{step * 0.6:.1f}"'
                f' height="{height:.1f}"><title>{escape(places[i])} {escape(one.name)}'
                f" {_number(value, 0)}{escape(unit)}</title></rect>"
            )
            base += value
    return _figure(title, "".join(parts), places, series, unit, 0)


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


def _figure(
    title: str, body: str, places: Sequence[str], series: Sequence[Series], unit: str, digits: int
) -> SafeString:
    legend = "".join(
        f'<span class="key"><svg viewBox="0 0 14 10" aria-hidden="true">'
        f'<rect class="{one.style} swatch" width="14" height="10"/></svg>{escape(one.name)}</span>'
        for one in series
    )
    return mark_safe(
        f'<figure class="chart"><figcaption>{escape(title)}（{escape(unit)}）{legend}</figcaption>'
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">{body}</svg>'
        f"{_table(places, series, digits)}</figure>"
    )


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


def _frame(title: str, places: Sequence[str], top: float, unit: str, digits: int) -> str:
    lines = []
    for part in range(5):
        value = top * part / 4
        y = _y(value, top)
        lines.append(
            f'<line class="chart-grid" x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}"/>'
            f'<text class="chart-text" x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">'
            f"{_number(value, digits if top < 10 else 0)}</text>"
        )
    step = _step(len(places))
    every = max(1, -(-len(places) // 14))
    for i, place in enumerate(places):
        if i % every == 0:
            lines.append(
                f'<text class="chart-text" x="{LEFT + step * (i + 0.5):.1f}" y="{HEIGHT - 8}"'
                f' text-anchor="middle">{escape(place)}</text>'
            )
    return "".join(lines)


def _polyline(one: Series, count: int, top: float) -> str:
    step = _step(count)
    runs: list[list[str]] = [[]]
    dots = []
    for i, value in enumerate(one.values):
        if value is None:
            runs.append([])
            continue
        x, y = LEFT + step * (i + 0.5), _y(value, top)
        runs[-1].append(f"{x:.1f},{y:.1f}")
        dots.append(f'<circle class="{one.style} dot" cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>')
    lines = "".join(
        f'<polyline class="{one.style} line" points="{" ".join(run)}"/>' for run in runs if run[1:]
    )
    return lines + "".join(dots)


def _step(count: int) -> float:
    return (WIDTH - LEFT - RIGHT) / max(1, count)


def _y(value: float, top: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top)


def _ceiling(values: Sequence[float]) -> float:
    """A round number above the highest value: 1, 2, 2.5, 4 or 5 times a power of ten."""
    highest = max(values, default=0.0)
    if highest <= 0:
        return 1.0
    power = 1.0
    while power * 10 <= highest:
        power *= 10
    while power > highest:
        power /= 10
    return next(power * n for n in (1, 2, 2.5, 4, 5, 8, 10) if power * n >= highest)


def _number(value: float | None, digits: int) -> str:
    return "—" if value is None else f"{value:,.{digits}f}"
