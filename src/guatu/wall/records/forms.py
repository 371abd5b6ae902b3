"""What is typed to record one value, many, or to withdraw one."""

from __future__ import annotations

from typing import Any

from django import forms

from guatu.assessment.recordable import Recordable
from guatu.core import clock
from guatu.engines.rulebook.types import Kind
from guatu.ledger.services import Told
from guatu.ledger.services.values import LONGEST_BASIS
from guatu.ledger.values import LONGEST_TEXT, LONGEST_WHO, value_kind
from guatu.ui.forms import SiteForm, day, text
from guatu.wall.records.words import choices, example

_PLACES = {
    "future-day": "on",
    "early-day": "on",
    "term-before-day": "valid_to",
    "record-term": "valid_to",
    "no-basis": "basis",
    "basis-too-long": "basis",
    "basis-not-plain": "basis",
    "no-value": "value",
    "bad-value": "value",
    "value-too-long": "value",
    "value-too-large": "value",
    "not-plain": "value",
    "who-too-long": "who",
}


class ToldForm(SiteForm):
    """From when and until when values hold, and on what basis."""

    places = _PLACES
    on = day("日期")
    valid_to = day("有效至", required=False, help_text="不写为一直有效，直到有新的登记")
    who = text("给出者", LONGEST_WHO, required=False)
    basis = text("依据", LONGEST_BASIS, required=False)

    def __init__(self, *args: Any, asked: Recordable, **kwargs: Any) -> None:
        super().__init__(*args, initial={"on": clock.today()}, **kwargs)
        measure = asked.measure
        if measure.kind is Kind.RECORDS:
            del self.fields["valid_to"]
            self.fields["on"].label = "发生日期"
        else:
            del self.fields["who"]
        if measure.judged_by:
            self.fields["basis"].required = True
            self.fields["basis"].error_messages["required"] = "请填写依据"
            self.fields["basis"].help_text = measure.evidence

    def told(self) -> Told:
        """What was typed, for the service."""
        data = self.cleaned_data
        return Told(data["on"], data.get("valid_to"), data["basis"], data.get("who", ""))


class ValueForm(ToldForm):
    """One value of one measure."""

    field_order = ("value", "on", "valid_to", "who", "basis")
    value = text("值", LONGEST_TEXT, required=False)

    def __init__(self, *args: Any, asked: Recordable, **kwargs: Any) -> None:
        super().__init__(*args, asked=asked, **kwargs)
        measure = asked.measure
        offered = choices(measure)
        if value_kind(measure) is None:
            del self.fields["value"]
        elif offered:
            self.fields["value"] = forms.CharField(
                label="值",
                required=False,
                widget=forms.Select(
                    attrs={"class": "form-select"}, choices=[("", "请选"), *offered]
                ),
            )
        elif asked.compared:
            known = "、".join(f"“{one}”" for one in asked.compared)
            self.fields["value"].help_text = f"办法里写的值：{known}"
            self.fields["value"].widget.attrs["list"] = f"compared-{measure.name}"
        else:
            self.fields["value"].help_text = example(measure)
        self.order_fields(self.field_order)


class WithdrawForm(SiteForm):
    """Why a recorded value is taken back."""

    places = dict.fromkeys(("no-basis", "basis-too-long", "basis-not-plain"), "basis")
    basis = text("撤回的理由", LONGEST_BASIS)
