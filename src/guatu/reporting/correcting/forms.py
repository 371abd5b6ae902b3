"""Shapes of a request for a correction and of its answer."""

from __future__ import annotations

from django import forms

from guatu.reporting.correcting.services import LONGEST_ANSWER, LONGEST_TEXT
from guatu.reporting.correcting.types import AskCorrection
from guatu.ui.forms import SiteForm, choice, paragraph


class AskForm(SiteForm):
    """What a unit wants corrected."""

    places = {
        "still-open": "round",
        "unknown-project": "project",
        "asked-already": "project",
        "no-text": "text",
        "no-figures": "right_figures",
    }
    round = choice("已锁定的一期")
    project = choice("项目")
    text = paragraph("错在哪里", LONGEST_TEXT, rows=4, help_text="哪个数、错在哪里、什么原因和依据")
    right_figures = paragraph(
        "正确的数", LONGEST_ANSWER, rows=2, help_text="如：本年累计应为1200万元，形象节点不变"
    )

    def command(self) -> AskCorrection:
        """What was typed, as a command."""
        held = self.cleaned_data
        return AskCorrection(
            round_id=int(held["round"]),
            project_id=int(held["project"]),
            text=held["text"],
            right_figures=held["right_figures"],
        )


class AnswerForm(SiteForm):
    """What the office answers."""

    places = {"no-answer": "answer"}
    verdict = choice("结论", [("taken", "受理，由项目办办理更正"), ("refused", "不予更正")])
    answer = paragraph(
        "答复", LONGEST_ANSWER, rows=3, required=False, help_text="不予更正的写明理由，单位看得到"
    )
    version = forms.CharField(required=False, max_length=9, widget=forms.HiddenInput())
