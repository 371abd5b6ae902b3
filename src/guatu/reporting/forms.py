"""Shapes of what the intake desk's forms bring; what it means is decided by the services."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import QueryDict

from guatu.core import clock
from guatu.core.errors import BadInput, Fault
from guatu.ledger.models import Project
from guatu.reporting.desk.asked import Asked
from guatu.reporting.intake.answers import FOR_GOOD, date_value
from guatu.reporting.intake.asking import yuan_of_wan
from guatu.reporting.intake.rows import LONGEST_TEXT
from guatu.reporting.services.answers import GiveAnswer
from guatu.reporting.services.proxy import SOURCES, EnterFor, Said
from guatu.reporting.types import AnswerKind, ReportSource
from guatu.ui.forms import day, plain_text

_NEVER = Fault("wrong-answer", "没有选怎样答复", "请选一项")


def answer_of(asked: Asked, posted: QueryDict) -> GiveAnswer:
    """The answer that a form gives: by the button pressed, else, after the enter key, by the one
    field that was typed in. Raises BadInput for one that is no answer."""
    pressed = posted.get("answer", "")[:100] or _typed(posted)
    reason, basis = (posted.get(name, "").strip() for name in ("reason", "basis"))
    match pressed.partition(":"):
        case ("choice", _, number) if number.isdecimal() and int(number[:6]) < len(asked.choices):
            choice = asked.choices[int(number[:6])]
            return GiveAnswer(AnswerKind(choice.kind), choice.value, reason)
        case ("project", _, number):
            chosen = number or posted.get("project", "")
            return GiveAnswer(AnswerKind.PROJECT, chosen[:20], reason)
        case ("region", _, _):
            return GiveAnswer(AnswerKind.REGION, posted.get("region", "")[:20], reason)
        case ("figure", _, _):
            return GiveAnswer(AnswerKind.CELL, str(_wan(posted.get("wan", ""))), basis)
        case ("day", _, _):
            return GiveAnswer(AnswerKind.CELL, _day(posted.get("day", "")), basis)
        case ("accept", _, _):
            return GiveAnswer(AnswerKind.ACCEPT, "", reason)
        case ("dismiss", _, how):
            value = FOR_GOOD if how == "for-good" else ""
            why = posted.get("why_not", "").strip()
            return GiveAnswer(AnswerKind.DISMISS, value, why)
    raise BadInput(_NEVER)


_FIELDS = (
    ("wan", "figure"),
    ("day", "day"),
    ("reason", "accept"),
    ("why_not", "dismiss"),
    ("project_text", "project"),
)


def _typed(posted: QueryDict) -> str:
    found = [answer for name, answer in _FIELDS if posted.get(name, "").strip()]
    return found[0] if len(found) == 1 else ""


def _wan(text: str) -> int:
    yuan = yuan_of_wan(text[:40])
    if yuan is None:
        raise BadInput(Fault("bad-figure", "填的不是金额", "请按万元填数，最多四位小数"))
    return yuan


def _day(text: str) -> str:
    try:
        return date_value(date.fromisoformat(text[:10]), "day")
    except ValueError as error:
        raise BadInput(Fault("bad-day", "填的不是日期", "请写成2026-01-31")) from error


class WanField(forms.CharField):
    """An amount in 万元, kept as whole yuan."""

    def __init__(self, **options: Any) -> None:
        told = {"max_length": "不能超过40个字符"}
        super().__init__(max_length=40, error_messages=told, **options)

    def clean(self, value: Any) -> Any:
        """The amount in yuan, None where nothing is typed."""
        text = super().clean(value)
        if not text:
            return None
        yuan = yuan_of_wan(text)
        if yuan is None:
            raise forms.ValidationError("请按万元填数，最多四位小数，不超过10万亿元")
        return yuan


_REQUIRED = {"required": "请填写"}


def _text(label: str, longest: int, *, empty: str = "", is_line: bool = True) -> forms.CharField:
    """Words that somebody types; `empty` is told where there must be some. A line has no signs
    that nobody sees."""
    return forms.CharField(
        label=label,
        required=bool(empty),
        max_length=longest,
        validators=[plain_text] if is_line else [],
        error_messages={"required": empty, "max_length": f"{label}不能超过{longest}字"},
    )


class SaidForm(forms.Form):
    """Who of a unit told or confirmed something, by which way and when."""

    source = forms.ChoiceField(
        label="来源",
        choices=[(one.value, one.label) for one in SOURCES],
        error_messages={**_REQUIRED, "invalid_choice": "请选电话、群消息或纸质"},
    )
    said_by = _text("报送人", 100, empty="请填写")
    said_at = forms.DateTimeField(
        label="报送时间",
        error_messages={**_REQUIRED, "invalid": "请写成2026-10-31 10:20"},
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )

    def said(self) -> Said:
        """Who said it."""
        held = self.cleaned_data
        return Said(ReportSource(held["source"]), held["said_by"], held["said_at"])


class ConfirmForm(SaidForm):
    """How the office knows that a unit confirmed what was entered for it."""

    text = _text("核实情况", 300, empty="请写明怎样核实的")


class EntryForm(forms.Form):
    """What a unit said of one project: one row of the page of entering for it."""

    year = WanField(label="本年累计完成投资", required=False)
    unchanged = forms.BooleanField(label="本期无变化", required=False)
    month = WanField(label="本月完成投资", required=False)
    life = WanField(label="自开工累计完成投资", required=False)
    progress = _text("形象进度", LONGEST_TEXT, is_line=False)
    problem = _text("存在问题", LONGEST_TEXT, is_line=False)
    started_on = day("实际开工时间", required=False)
    completed_on = day("实际竣工时间", required=False)
    reason = _text("核实情况", 300)
    seen = forms.CharField(
        max_length=200,
        error_messages=dict.fromkeys(("required", "max_length"), "表单不完整，请刷新后再填"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("started_on", "completed_on"):
            self.fields[name].widget.attrs["class"] = "form-control"

    @property
    def is_filled(self) -> bool:
        """Whether somebody said something in this row that does not stand there already."""
        typed = {name for name in self.fields if self[name].data and name != "seen"}
        return bool(typed) and bool(set(self.changed_data) - {"seen"})

    def command(self, project: Project) -> EnterFor:
        """What the row says, as one command."""
        held = self.cleaned_data
        return EnterFor(
            project,
            held["seen"],
            year_yuan=held["year"],
            is_unchanged=held["unchanged"],
            month_yuan=held["month"],
            life_yuan=held["life"],
            progress=held["progress"],
            problem=held["problem"],
            started_on=held["started_on"],
            completed_on=held["completed_on"],
            reason=held["reason"],
        )


MOST_ENTRIES = 50
"""Rows of one page of entering for a unit."""
_ENTRY = re.compile(r"p([1-9]\d{0,17})-seen", re.ASCII)


def prefix_of(project_id: int) -> str:
    """How the fields of a project's row are told from those of others."""
    return f"p{project_id}"


def entries_posted(posted: QueryDict) -> list[int]:
    """The projects whose rows a form brings."""
    found = [_ENTRY.fullmatch(name) for name in posted]
    return [int(one[1]) for one in found if one][:MOST_ENTRIES]


def reports_chosen(posted: QueryDict) -> set[int]:
    """The reports that are ticked in a list."""
    texts = posted.getlist("id")[:MOST_FIGURES]
    return {int(text) for text in texts if re.fullmatch(r"[1-9]\d{0,17}", text, re.ASCII)}


class NoteForm(forms.Form):
    """What a unit said when it was called."""

    text = _text("催报情况", 300, empty="请填写")
    promised_on = day("答应报送日期", required=False)


@dataclass(slots=True)
class QuickFigures:
    """Figures of the evening call by project: yuan of what can be read, and what cannot."""

    yuan: dict[int, int] = field(default_factory=dict)
    errors: dict[int, str] = field(default_factory=dict)
    typed: dict[int, str] = field(default_factory=dict)


MOST_FIGURES = 500


def quick_figures(posted: QueryDict) -> QuickFigures:
    """The rows of the form in which something is typed. Raises BadInput where nothing is."""
    found = QuickFigures()
    for name in list(posted)[: 2 * MOST_FIGURES]:
        number, text = name.removeprefix("value-"), posted.get(name, "").strip()
        if name == f"value-{number}" and text and number.isdecimal() and len(number) < 19:
            project_id = int(number)
            found.typed[project_id] = text[:40]
            try:
                found.yuan[project_id] = WanField().clean(text)
            except forms.ValidationError as error:
                found.errors[project_id] = "、".join(error.messages)
    if not found.typed:
        raise BadInput(Fault("no-figure", "没有填快报数", "请在要记的项目后面填数，再点保存"))
    return found


def now_text() -> str:
    """The present minute as a form shows it."""
    now: datetime = clock.now().astimezone(clock.CHINA)
    return now.strftime("%Y-%m-%dT%H:%M")
