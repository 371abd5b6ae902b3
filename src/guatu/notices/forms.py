"""Shapes of what the forms of channels bring."""

from __future__ import annotations

from django import forms

from guatu.notices.rules import LONGEST_SECRET
from guatu.notices.types import ChannelKind, SaveChannel
from guatu.ui.forms import SiteForm, choice, text


class ChannelForm(SiteForm):
    """A channel. Its key is never shown again: an empty field leaves it as it is."""

    places = {
        "name-empty": "name",
        "text-too-long": "name",
        "name-not-plain": "name",
        "name-taken": "name",
        "no-unit": "unit",
        "bad-address": "address",
        "bad-secret": "robot_key",
    }
    name = text("名称", 60, help_text="如：江北区发改局工作群")
    unit = choice("送到哪个单位")
    kind = choice("方式", ChannelKind.choices)
    address = text("邮箱地址", 254, required=False, help_text="只有邮件要填")
    robot_key = forms.CharField(
        label="机器人密钥或Webhook地址",
        max_length=LONGEST_SECRET,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=(
            "只有机器人要填，存下后不再显示；钉钉加签的写成“签名密钥@令牌”。"
            "也可以写服务器上的环境变量，如env:GUATU_ROBOT_1。修改时留空则不变"
        ),
        error_messages={"max_length": f"不能超过{LONGEST_SECRET}个字符"},
    )
    version = forms.CharField(required=False, max_length=9, widget=forms.HiddenInput())

    def command(self) -> SaveChannel:
        """What the form says, as one command."""
        told = self.cleaned_data
        return SaveChannel(
            told["name"],
            ChannelKind(told["kind"]),
            int(told["unit"]) if told["unit"] else 0,
            told["address"],
            told["robot_key"],
        )
