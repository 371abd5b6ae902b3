"""Shapes of the forms about the statistics system."""

from __future__ import annotations

from django import forms

from guatu.ledger.forms import WanField
from guatu.reporting.statistics.services import KeepMaterial, NameStatistician, Register
from guatu.reporting.statistics.types import MaterialState
from guatu.ui.forms import SiteForm, choice, day, version_of
from guatu.ui.forms import text as line

UNITS = [("万元", "万元"), ("亿元", "亿元"), ("元", "元")]
_PLACES = {
    "no-reason": "reason",
    "bad-amount": "text",
    "bad-day": "text",
    "no-rows": "text",
    "row-twice": "text",
    "unknown-project": "text",
    "ambiguous-project": "text",
    "paste-too-long": "text",
    "no-since": "counted_since",
    "future-since": "counted_since",
    "unknown-unit": "organisation",
    "too-early": "valid_from",
}


def _hidden(longest: int) -> forms.CharField:
    return forms.CharField(required=False, max_length=longest, widget=forms.HiddenInput())


class PasteForm(SiteForm):
    """A table of the statistics system for a whole month."""

    places = _PLACES
    unit = choice("金额单位", UNITS)
    text = forms.CharField(
        label="粘贴三列：代码或名称、统计数、纳统日期",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "wrap": "off"}),
        help_text="从表格里复制；统计数是本年累计。没有的格留空；没有纳统写“未纳统”",
    )
    reason = line("更正理由", 300, required=False, help_text="与已有的统计数不同时才要写")
    seen = _hidden(64)


class FigureForm(SiteForm):
    """One figure of the statistics system for one month."""

    places = {**_PLACES, "bad-amount": "amount", "future": "round"}
    round = choice("期别")
    amount = WanField(label="统计数（万元，本年累计）")
    reason = line("更正理由", 300, required=False, help_text="改已有的统计数时才要写")


class RegistrationForm(SiteForm):
    """Whether a project is counted."""

    places = _PLACES
    is_counted = choice("纳统", [("yes", "已纳统"), ("no", "未纳统")])
    counted_since = day("纳统日期", required=False)
    code = line("统计系统里的代码", 40, required=False)
    note = line("说明", 300, required=False, help_text="未纳统的写卡在哪里")
    version = _hidden(9)

    def command(self) -> Register:
        """What the service is to do."""
        told = self.cleaned_data
        return Register(
            told["is_counted"] == "yes",
            told["counted_since"],
            told["code"].strip(),
            told["note"].strip(),
            version_of(told["version"]),
        )


class MaterialForm(SiteForm):
    """How one paper stands."""

    places = {"future": "on"}
    kind = forms.IntegerField(min_value=1, max_value=2**31, widget=forms.HiddenInput())
    state = choice("情况", MaterialState.choices)
    on = day("日期", required=False)
    reference = line("文号或存放处", 200, required=False)
    version = _hidden(9)

    def command(self) -> KeepMaterial:
        """What the service is to do."""
        told = self.cleaned_data
        return KeepMaterial(
            told["kind"],
            MaterialState(told["state"]),
            told["on"],
            told["reference"].strip(),
            version_of(told["version"]),
        )


class StatisticianForm(SiteForm):
    """A unit's statistician from a day on."""

    places = _PLACES
    organisation = choice("单位")
    name = line("姓名", 100)
    phone = line("办公电话", 40, required=False)
    valid_from = day("起始日期", help_text="前任自动止于前一天")

    def command(self) -> NameStatistician:
        """What the service is to do."""
        told = self.cleaned_data
        return NameStatistician(
            int(told["organisation"]), told["name"].strip(), told["phone"].strip(),
            told["valid_from"],
        )  # fmt: skip


class EndForm(SiteForm):
    """Until when a statistician is one."""

    places = {"too-early": "until"}
    until = day("止于")
    version = _hidden(9)
