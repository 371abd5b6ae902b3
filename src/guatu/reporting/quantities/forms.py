"""Forms of indicators, of what projects report, and of programmes' milestones."""

from __future__ import annotations

from typing import Any

from django import forms

from guatu.reporting.models import Indicator
from guatu.reporting.quantities.models import Tracked
from guatu.reporting.quantities.promising import LONGEST_NAME, LONGEST_REASON
from guatu.reporting.quantities.rules import (
    MOST_DECIMALS,
    STATED_AS,
    typing_words,
    value_of,
    value_text,
)
from guatu.reporting.quantities.services import Aim, NewIndicator
from guatu.ui.forms import SiteForm, choice, day, text


class IndicatorForm(SiteForm):
    """A new indicator."""

    places = {
        "bad-code": "code",
        "code-in-use": "code",
        "no-name": "name",
        "field-held": "name",
        "bad-accumulates": "accumulates",
        "bad-decimals": "decimals",
    }

    name = text("名称", 60, help_text="如新建充电桩、管网长度、培训人次")
    code = text("代码", 40, help_text="小写字母、数字和横线，如charging-piles，以后不能改")
    unit_text = text("计量单位", 10, help_text="如个、公里、万人次，以后不能改")
    decimals = choice(
        "小数位数", [(str(n), f"{n}位") for n in range(MOST_DECIMALS + 1)], help_text="最小报到几位"
    )
    accumulates = choice(
        "单位怎样报",
        [(one.value, label) for one, label in STATED_AS.items()],
        help_text="累计的填到期末的累计数，本期的只填本期发生数",
    )
    scope = text("范围", 200, required=False, help_text="哪些算、哪些不算")
    method = text("取数方法", 300, required=False, help_text="从哪里取、谁认定")

    def command(self) -> NewIndicator:
        """What was typed, as a command."""
        held = self.cleaned_data
        return NewIndicator(**{**held, "decimals": int(held["decimals"])})


class AimForm(SiteForm):
    """What a project is to reach; of which indicator, where that is still to be chosen."""

    places = {
        "no-such-indicator": "indicator",
        "tracked-already": "indicator",
        "too-many": "indicator",
        "no-such-target": "target",
        "negative-target": "target",
    }

    indicator = choice("指标", empty="请选")
    target = text("目标", 40, required=False, help_text="到期要达到的数，按指标的计量单位；可不填")
    due_on = day("目标期限", required=False)
    note = text("依据或说明", 200, required=False)
    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=9)

    def __init__(
        self, *args: Any, indicators: list[Indicator], is_fixed: bool = False, **more: Any
    ) -> None:
        offered = [
            ("", "请选"),
            *((str(one.pk), f"{one}（{one.unit_text}）") for one in indicators),
        ]
        super().__init__(*args, options={"indicator": offered}, **more)
        self._decimals = {str(one.pk): one.decimals for one in indicators}
        self._fixed = indicators[0] if is_fixed else None
        if is_fixed:
            del self.fields["indicator"]

    def clean(self) -> dict[str, Any]:
        """Read the target in the steps of the indicator that was chosen."""
        held = super().clean() or self.cleaned_data
        typed = held.get("target", "")
        fixed = self._fixed
        decimals = fixed.decimals if fixed else self._decimals.get(held.get("indicator", ""), 0)
        held["target_value"] = value_of(typed, decimals) if typed else None
        if typed and held["target_value"] is None:
            self.add_error("target", typing_words(decimals))
        return held

    def aim(self) -> Aim:
        """What was typed."""
        held = self.cleaned_data
        return Aim(target_value=held["target_value"], due_on=held["due_on"], note=held["note"])


def aim_values(row: Tracked) -> dict[str, Any]:
    """What the form of a tracked indicator begins with."""
    target = row.target_value
    return {
        "target": "" if target is None else value_text(target, row.indicator.decimals),
        "due_on": row.due_on,
        "note": row.note,
        "version": row.version,
    }


class MilestoneForm(SiteForm):
    """A milestone of a programme."""

    places = {"bad-name": "name", "named-already": "name", "no-programme": "name"}

    name = text("节点名称", LONGEST_NAME, help_text="如完成招标、试运行，以后不能改")
    due_on = day("计划完成")


class MoveForm(SiteForm):
    """Another day for a milestone."""

    places = {"no-reason": "reason", "same-day": "due_on"}

    due_on = day("改到")
    reason = text("改期原因", LONGEST_REASON)
    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=9)


class DropForm(SiteForm):
    """Why a milestone is asked for no more."""

    places = {"no-reason": "why", "reached-already": "why"}

    why = text("取消原因", LONGEST_REASON)
    version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=9)
