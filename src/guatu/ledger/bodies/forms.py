"""Shapes of the forms of bodies."""

from __future__ import annotations

from django import forms

from guatu.ledger.bodies.types import BodyKind, MemberRole, SaveBody
from guatu.ui.forms import SiteForm, choice, day, text


class BodyForm(SiteForm):
    """A body."""

    places = {
        "name-empty": "name",
        "text-too-long": "name",
        "name-not-plain": "name",
        "name-taken": "name",
        "no-paper": "founding_paper",
        "term-too-early": "term_to",
    }
    name = text("名称", 100, help_text="如：市重点项目建设工作领导小组")
    kind = choice("类别", BodyKind.choices)
    founding_paper = text("成立文件", 200)
    founding_number = text("文号", 60, required=False)
    unit = choice("办公室设在", required=False)
    from_on = day("成立日期")
    term_to = day("期限", required=False, help_text="文件写明任务完成后自行撤销的，写预计日期")
    version = forms.CharField(required=False, max_length=9, widget=forms.HiddenInput())

    def command(self) -> SaveBody:
        """What the form says, as one command."""
        told = self.cleaned_data
        return SaveBody(
            told["name"],
            BodyKind(told["kind"]),
            told["founding_paper"],
            told["founding_number"],
            int(told["unit"]) if told["unit"] else None,
            told["from_on"],
            told["term_to"],
        )


class EndForm(SiteForm):
    """A day and the paper that ends something."""

    places = {"no-reason": "reason", "day-outside": "on"}
    on = day("日期")
    reason = text("依据", 300, help_text="文件名称或会议")
    version = forms.CharField(required=False, max_length=9, widget=forms.HiddenInput())


class LeaveForm(SiteForm):
    """From which day a member is one no more."""

    places = {"day-outside": "on", "left-already": "on"}
    on = day("退出日期")
    version = forms.CharField(required=False, max_length=9, widget=forms.HiddenInput())


class MemberForm(SiteForm):
    """A new member."""

    places = {"no-person": "person", "member-there": "person", "day-outside": "from_on"}
    person = choice("人员", help_text="没有的先在系统›人员里新增")
    role = choice("职务", MemberRole.choices, required=True)
    from_on = day("从哪天起")
