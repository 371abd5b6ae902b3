"""Shapes of the forms of the burden: a new form, a complaint, an answer."""

from __future__ import annotations

from django import forms

from guatu.reporting.burden.services import LONGEST_TEXT
from guatu.reporting.burden.types import Complain, ComplaintSubject, FormCadence, RegisterForm
from guatu.ui.forms import SiteForm, choice, day, paragraph, text


class AskedForm(SiteForm):
    """A form that somebody wants units to fill in."""

    places = {
        "name-empty": "name",
        "text-too-long": "name",
        "name-not-plain": "name",
        "form-taken": "name",
        "no-asker": "unit",
        "no-basis": "basis",
        "days-wrong": "until_on",
        "days-over": "until_on",
        "no-fields": "fields_text",
        "many-fields": "fields_text",
        "bad-field": "fields_text",
        "field-twice": "fields_text",
        "field-held": "fields_text",
        "no-such-unit": "units",
    }
    name = text("表名", 100)
    unit = choice("要表的部门")
    basis = text("依据", 200, help_text="文件名称和文号；没有依据的不登记")
    cadence = choice("频次", FormCadence.choices)
    from_on = day("开始")
    until_on = day("截止", help_text="过了这一天自动停用，最长一年")
    fields_text = paragraph("字段", 4_000, rows=8, help_text="一行一个；平台已有的不能再要")
    units = forms.MultipleChoiceField(
        label="填报单位",
        required=False,
        help_text="不选就是全部填报单位；按住Ctrl可选几个",
        error_messages={"invalid_choice": "填报单位请从列表里选"},
        widget=forms.SelectMultiple({"size": 6}),
    )

    @property
    def field_names(self) -> tuple[str, ...]:
        """The fields as they are typed."""
        lines = str(self.data.get("fields_text", ""))[:4_000].splitlines()
        return tuple(line.strip() for line in lines if line.strip())

    def command(self) -> RegisterForm:
        """What the form says, as one command."""
        told = self.cleaned_data
        return RegisterForm(
            told["name"],
            int(told["unit"]) if told["unit"] else 0,
            told["basis"],
            FormCadence(told["cadence"]),
            told["from_on"],
            told["until_on"],
            self.field_names,
            tuple(int(one) for one in told["units"]),
        )


class ComplaintForm(SiteForm):
    """What a unit is asked for twice."""

    places = {
        "not-your-unit": "unit",
        "no-text": "text",
        "no-form": "about",
        "told-already": "about",
        "name-empty": "form_name",
        "text-too-long": "form_name",
        "name-not-plain": "form_name",
    }
    unit = choice("反映单位")
    about = choice("哪张表")
    form_name = text("表名", 100, required=False, help_text="选“没有登记的表”时写：谁要的、叫什么")
    text = paragraph("哪些内容重复", LONGEST_TEXT, rows=4, help_text="写明哪几项已经报过，报给了谁")

    def command(self) -> Complain:
        """What the form says, as one command."""
        told = self.cleaned_data
        kind, _, number = told["about"].partition(":")
        return Complain(
            int(told["unit"]),
            ComplaintSubject(kind),
            told["text"],
            int(number) if number else None,
            told["form_name"],
        )


class AnswerForm(SiteForm):
    """What the office answers."""

    places = {"no-answer": "answer", "answered-already": "answer"}
    answer = paragraph("答复", LONGEST_TEXT, help_text="属实的写怎么处理；不属实的写为什么不重复")
    verdict = choice(
        "结论", [("accepted", "属实，登记的表即日停用"), ("refused", "不属实，继续填报")]
    )
    version = forms.CharField(required=False, max_length=9, widget=forms.HiddenInput())


class EndForm(SiteForm):
    """Why a form ends."""

    places = {"no-reason": "reason", "form-over": "reason"}
    reason = text("停用理由", 300)
    version = forms.CharField(required=False, max_length=9, widget=forms.HiddenInput())
