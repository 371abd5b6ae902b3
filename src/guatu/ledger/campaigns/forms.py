"""Shapes of the forms of campaigns."""

from __future__ import annotations

from typing import Any

from django import forms

from guatu.ledger.campaigns.types import Cadence, SaveCampaign
from guatu.ui.forms import SiteForm, choice, day, text


class CampaignForm(SiteForm):
    """A campaign."""

    places = {
        "name-empty": "name",
        "text-too-long": "name",
        "name-not-plain": "name",
        "name-taken": "name",
        "days-wrong": "until_on",
        "no-paper": "plan_paper",
        "no-list": "list",
        "no-body": "body",
    }
    name = text("名称", 100, help_text="如：百日攻坚行动")
    list = choice(
        "清单", help_text="只管部分项目的，在项目库勾选后点“建专项行动”；数字就是该清单各期月报的"
    )
    from_on = day("开始")
    until_on = day("截止", help_text="过了这一天自动结束")
    plan_paper = text("方案文件", 200)
    plan_number = text("文号", 60, required=False)
    body = choice("议事协调机构", required=False)
    unit = choice("牵头单位", required=False)
    cadence = choice("调度频次", Cadence.choices)
    version = forms.CharField(required=False, max_length=9, widget=forms.HiddenInput())

    def command(self) -> SaveCampaign:
        """What the form says, as one command."""
        told = self.cleaned_data
        return SaveCampaign(
            told["name"],
            int(told.get("list") or 0),
            told["from_on"],
            told["until_on"],
            told["plan_paper"],
            told["plan_number"],
            int(told["body"]) if told["body"] else None,
            int(told["unit"]) if told["unit"] else None,
            Cadence(told["cadence"]),
        )


class PickedCampaignForm(CampaignForm):
    """A campaign over projects that were picked in the library: its sub-list is made with it."""

    places = {**CampaignForm.places, "list-taken": "name", "on-list": "name"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["list"]
