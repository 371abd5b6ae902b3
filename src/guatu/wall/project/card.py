"""One project as a picture for the phone: an SVG that stands alone, drawn as the page is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.html import escape

from guatu.ui.templatetags.guatu import SHAPES, money

WIDTH = 720
_PAD = 36
_FONT = (
    '"Microsoft YaHei","PingFang SC","HarmonyOS Sans SC","Source Han Sans SC",'
    '"Noto Sans CJK SC","WenQuanYi Zen Hei",sans-serif'
)
_COLOURS = {
    "serious": "#C00000",
    "warning": "#9A6700",
    "notice": "#1F6FD6",
    "ok": "#1A7F37",
}
_INK, _SOFT, _LINE = "#1c2733", "#57606a", "#d5dbe1"


class _Sheet:
    """A picture being drawn from top to bottom."""

    def __init__(self) -> None:
        self.y = 0.0
        self.parts: list[str] = []

    def text(
        self, words: str, size: int, *, colour: str = _INK, weight: int = 400, most: int = 3
    ) -> None:
        """Some lines of text; what does not fit ends in an ellipsis."""
        for line in wrapped(words, (WIDTH - 2 * _PAD) / size, most):
            self.y += size * 1.45
            self.parts.append(
                f'<text x="{_PAD}" y="{self.y:.0f}" font-size="{size}" fill="{colour}"'
                f' font-weight="{weight}">{escape(line)}</text>'
            )

    def rule(self) -> None:
        """A thin line between parts."""
        self.y += 18
        self.parts.append(
            f'<line x1="{_PAD}" y1="{self.y:.0f}" x2="{WIDTH - _PAD}" y2="{self.y:.0f}"'
            f' stroke="{_LINE}"/>'
        )

    def pairs(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Words and values in two columns."""
        for at, (name, value) in enumerate(pairs):
            x = _PAD + (at % 2) * (WIDTH - 2 * _PAD) / 2
            if at % 2 == 0:
                self.y += 64
            self.parts.append(
                f'<text x="{x:.0f}" y="{self.y - 30:.0f}" font-size="20" fill="{_SOFT}">'
                f"{escape(name)}</text>"
                f'<text x="{x:.0f}" y="{self.y:.0f}" font-size="28" fill="{_INK}"'
                f' font-weight="600">{escape(value)}</text>'
            )

    def gap(self, height: float) -> None:
        """Some room."""
        self.y += height

    def svg(self, title: str) -> str:
        """The picture."""
        height = self.y + _PAD
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0f}"'
            f' viewBox="0 0 {WIDTH} {height:.0f}" font-family="{escape(_FONT)}">'
            f"<title>{escape(title)}</title>"
            f'<rect width="{WIDTH}" height="{height:.0f}" fill="#ffffff"/>'
            f'<rect width="{WIDTH}" height="8" fill="#1f4e8c"/>{"".join(self.parts)}</svg>'
        )


def wrapped(words: str, ems: float, most: int) -> list[str]:
    """Lines of at most `ems` Chinese characters; Latin letters and digits are half as wide."""
    lines, line, width = [], "", 0.0
    for letter in " ".join(_printable(words).split()):
        step = 0.56 if letter.isascii() else 1.0
        if width + step > ems:
            lines.append(line)
            line, width = "", 0.0
            if len(lines) == most:
                lines[-1] = lines[-1][:-1] + "…"
                return lines
        line += letter
        width += step
    return [*lines, line] if line else lines


def _printable(words: str) -> str:
    """Without the characters that no XML may hold."""
    return "".join(one if one >= " " and one not in "\ufffe\uffff" else " " for one in words)


def card(context: dict[str, Any]) -> str:
    """The picture of a project, from the context of its page."""
    project, sheet = context["project"], _Sheet()
    sheet.gap(28)
    sheet.text(project.name, 34, weight=700, most=3)
    place = " · ".join(
        one
        for one in (
            context["region"],
            project.sector.name if project.sector else "",
        )
        if one
    )
    sheet.text(place, 20, colour=_SOFT, most=1)
    if project.national_code:
        sheet.text(f"项目代码{project.national_code}", 20, colour=_SOFT, most=2)
    if context["standing"]:
        _judged(sheet, context)
    for name, period, words in _said(context):
        sheet.rule()
        sheet.gap(6)
        sheet.text(f"{name}（{period}）", 20, colour=_SOFT)
        sheet.text(words, 24, most=4)
    sheet.rule()
    sheet.gap(6)
    for node in context["nodes"]:
        parts = [f"计划{node.planned}" if node.planned else "", node.state]
        sheet.text(f"{node.name}：{'，'.join(one for one in parts if one)}", 22, most=1)
    for role, names in context["duties"]:
        if names:
            sheet.text(f"{role}：{names}", 22, most=2)
    sheet.gap(12)
    told = context["standing"].basis if context["standing"] else "还没有锁定的数"
    sheet.text(told, 18, colour=_SOFT, most=2)
    return sheet.svg(project.name)


def _said(context: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What is said beside the figures: of their own round; before any, of the newest report."""
    if context["standing"]:
        subject, label = context["subject"], context["standing"].round.period.label
        told = [("形象进度", label, subject.progress), ("存在问题", label, subject.problem)]
    else:
        told = [
            (name, f"{report.period.label}月报，尚未锁定", getattr(report, field))
            for name, report, field in (
                ("形象进度", context["said"], "progress_text"),
                ("存在问题", context["problem"], "problem_text"),
            )
            if report
        ]
    return [one for one in told if one[2]]


def _judged(sheet: _Sheet, context: dict[str, Any]) -> None:
    result = context["result"]
    shape = SHAPES.get(result.verdict, "")
    colour = _COLOURS.get(result.verdict, _SOFT)
    sheet.gap(10)
    sheet.text(f"{shape} {result.label}", 30, colour=colour, weight=700, most=1)
    for reason in context["reasons"][:1]:
        sheet.text(reason.text, 22, colour=_INK, most=2)
    sheet.rule()
    sheet.pairs(
        [
            ("年度计划（万元）", money(result.denominator, "万元")),
            (f"{context['standing'].title}完成（万元）", money(result.numerator, "万元")),
            ("完成率", f"{context['rate']}%" if context["rate"] else "—"),
            ("时间进度", f"{context['time_progress']}%" if context["time_progress"] else "—"),
        ]
    )
