"""Shapes of the forms of due days and reminders."""

from __future__ import annotations

from django import forms

from guatu.reporting.due.services import ChangeDays
from guatu.ui.forms import SiteForm, day, text


class DaysForm(SiteForm):
    """New days of an open round."""

    places = {
        "no-reason": "reason",
        "cut-off-outside": "cut_off_on",
        "due-too-early": "due_on",
        "due-too-late": "due_on",
        "short-deadline": "due_on",
        "rest-day": "due_on",
        "far-deadline": "due_on",
        "no-change": "due_on",
    }
    cut_off_on = day("数据截至")
    due_on = day("报送截止", help_text="当天报来的不算迟；提前须至少留两个工作日")
    reason = text("理由", 300, help_text="如：国庆放假，推迟三天")
    signed_by = text(
        "紧急情况签批人", 100, required=False, help_text="不足两个工作日或落在休息日时才填"
    )
    version = forms.CharField(required=False, max_length=9, widget=forms.HiddenInput())

    def command(self) -> ChangeDays:
        """What the form says, as one command."""
        told = self.cleaned_data
        return ChangeDays(
            told["cut_off_on"], told["due_on"], told["reason"].strip(), told["signed_by"].strip()
        )


class AddToRoundForm(SiteForm):
    """Projects that an open limited round shall expect besides."""

    places = {
        "no-reason": "reason",
        "nothing-chosen": "names",
        "names-wrong": "names",
        "not-listed": "names",
        "in-scope": "names",
    }
    names = forms.CharField(
        label="项目",
        max_length=100_000,
        widget=forms.Textarea({"rows": 5}),
        help_text="每行一个，写项目代码或名称，可从表格里粘贴",
        error_messages={"max_length": "项目写得太多，请分几次"},
    )
    reason = text("理由", 300, help_text="如：10月20日列入攻坚行动")

    def lines(self) -> list[str]:
        """What was typed of projects, line by line, each once."""
        told = (line.strip() for line in self.cleaned_data["names"].splitlines())
        return list(dict.fromkeys(line for line in told if line))


class RemindForm(SiteForm):
    """Until when missing reports are asked for."""

    places = {"short-deadline": "deadline", "rest-day": "deadline", "far-deadline": "deadline"}
    deadline = day("请于何日前报送")
