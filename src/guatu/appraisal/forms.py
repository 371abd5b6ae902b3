"""Shapes of the forms: a scheme, a criterion, pasted criteria, how one stands, evidence."""

from __future__ import annotations

from typing import Any

from django import forms

from guatu.appraisal.rules import milli_of
from guatu.appraisal.services import EVIDENCE_BYTES
from guatu.appraisal.types import (
    CriterionState,
    SaveCriterion,
    SaveScheme,
    SaveValue,
)
from guatu.core.errors import BadInput, Fault
from guatu.ledger.forms import WanField
from guatu.organisation.queries import NameIndex
from guatu.planning.pasting import rows_of
from guatu.ui.forms import SiteForm, choice, day, text

PASTED = ("序号", "指标", "分组", "满分", "目标", "单位", "责任单位", "目标值", "方向", "依据")
"""The columns of a paste, in this order; what is behind the fourth may be missing."""
_LOWER = frozenset({"越低越好", "不高于", "低", "是", "↓"})
_HIGHER = frozenset({"", "越高越好", "不低于", "高", "否", "↑"})
_LONGEST = {"序号": 20, "指标": 200, "分组": 100, "目标": 300, "单位": 20, "依据": 300}


class MilliField(forms.CharField):
    """A number of at most three decimals as thousandths; None where empty."""

    def __init__(self, label: str, *, is_signed: bool = False, **options: Any) -> None:
        options.setdefault("required", False)
        super().__init__(label=label, max_length=20, **options)
        self.is_signed = is_signed

    def clean(self, value: Any) -> int | None:
        told = super().clean(value).strip()
        if not told:
            return None
        milli = milli_of(told)
        if milli is None or (milli < 0 and not self.is_signed):
            raise forms.ValidationError(f"{self.label}写成数字，最多三位小数")
        return milli


def _version() -> Any:
    return forms.CharField(required=False, max_length=9, widget=forms.HiddenInput())


class SchemeForm(SiteForm):
    """A scheme."""

    places = {
        "name-empty": "name",
        "text-too-long": "name",
        "name-not-plain": "name",
        "scheme-taken": "name",
        "no-issuer": "issuer",
        "days-wrong": "until_on",
        "negative-stake": "stake_yuan",
    }
    year = forms.IntegerField(
        label="年度",
        min_value=2000,
        max_value=2100,
        error_messages={"invalid": "年度请写四位数字"},
    )
    name = text("方案名称", 100, help_text="如：重点项目建设考核")
    issuer = text("考核单位", 100, help_text="谁考核我们")
    outside_number = text("文号", 100, required=False)
    stake_text = text("与什么挂钩", 300, required=False, help_text="如：前三名奖励土地指标")
    stake_yuan = WanField(label="挂钩资金（万元）", required=False)
    from_on = day("考核期开始")
    until_on = day("考核期截止")
    version = _version()

    def command(self) -> SaveScheme:
        """What the form says, as one command."""
        told = self.cleaned_data
        return SaveScheme(
            **{name: told[name] for name in SaveScheme.__dataclass_fields__}  # the same names
        )


class CriterionForm(SiteForm):
    """One criterion of a scheme."""

    places = {
        "no-number": "number",
        "number-taken": "number",
        "name-empty": "name",
        "text-too-long": "name",
        "name-not-plain": "name",
        "bad-points": "full_points",
        "no-such-unit": "unit_id",
        "no-such-person": "person_id",
    }
    number = text("序号", 20, help_text="方案里的序号，如1.2")
    name = text("指标", 200)
    group = text("分组", 100, required=False)
    full_points = MilliField("满分", required=True)
    target_text = text("目标要求", 300, required=False)
    unit = text("计量单位", 20, required=False, help_text="如：%、个、亿元")
    target = MilliField("目标值", is_signed=True, help_text="有数的才写；没有数的由责任单位定状态")
    is_lower_better = forms.BooleanField(label="越低越好", required=False)
    unit_id = choice("责任单位", required=False)
    person_id = choice("责任领导", required=False)
    basis = text("依据", 300, required=False, help_text="方案的哪一条")
    version = _version()

    def command(self) -> SaveCriterion:
        """What the form says, as one command."""
        told = self.cleaned_data
        return SaveCriterion(
            told["number"].strip(),
            told["name"].strip(),
            told["group"].strip(),
            told["full_points"],
            told["target_text"].strip(),
            told["unit"].strip(),
            int(told["unit_id"]) if told["unit_id"] else None,
            int(told["person_id"]) if told["person_id"] else None,
            told["target"],
            told["is_lower_better"],
            told["basis"].strip(),
        )


class PasteForm(SiteForm):
    """Criteria copied from a sheet."""

    places = {"bad-line": "lines", "no-lines": "lines", "paste-too-long": "lines"}
    lines = forms.CharField(
        label="从表格复制后粘贴",
        strip=False,
        widget=forms.Textarea({"rows": 12}),
        help_text="列依次为：" + "、".join(PASTED) + "；有表头也可以一起粘贴",
    )


def pasted_criteria(told: str, units: NameIndex) -> list[SaveCriterion]:
    """The criteria of a paste. BadInput with every line that cannot be read."""
    rows = rows_of(told)
    if rows and rows[0].cells[0] in ("序号", "编号"):
        rows = rows[1:]
    found, faults = [], []
    for row in rows:
        cells = dict(zip(PASTED, (*row.cells, *([""] * len(PASTED))), strict=False))
        if wrong := _line_faults(cells, units):
            faults += [Fault("bad-line", f"第{row.number}行{one}", "请改好再粘贴") for one in wrong]
            continue
        found.append(_criterion(cells, units))
    if faults:
        raise BadInput(*faults[:20])
    return found


def _line_faults(cells: dict[str, str], units: NameIndex) -> list[str]:
    points, target = milli_of(cells["满分"]), cells["目标值"]
    wrong = [f"{name}超过{most}字" for name, most in _LONGEST.items() if len(cells[name]) > most]
    if not cells["序号"] or not cells["指标"]:
        wrong.append("没有序号或指标")
    if points is None:
        wrong.append(f"满分“{cells['满分'][:20]}”不是数字")
    if target and milli_of(target) is None:
        wrong.append(f"目标值“{target[:20]}”不是数字，文字请写在“目标”一列")
    if cells["责任单位"] and units.find(cells["责任单位"]) is None:
        near = units.suggest(cells["责任单位"])
        wrong.append(f"没有单位“{cells['责任单位'][:40]}”" + (f"，是不是{near}" if near else ""))
    if cells["方向"] not in _LOWER | _HIGHER:
        wrong.append(f"方向“{cells['方向'][:20]}”请写越高越好或越低越好")
    return wrong


def _criterion(cells: dict[str, str], units: NameIndex) -> SaveCriterion:
    return SaveCriterion(
        cells["序号"],
        cells["指标"],
        cells["分组"],
        milli_of(cells["满分"]) or 0,
        cells["目标"],
        cells["单位"],
        units.find(cells["责任单位"]) if cells["责任单位"] else None,
        None,
        milli_of(cells["目标值"]),
        cells["方向"] in _LOWER,
        cells["依据"],
    )


class ValueForm(SiteForm):
    """How a criterion stands."""

    places = {
        "day-to-come": "as_of",
        "older-day": "as_of",
        "bad-points": "points",
        "state-differs": "note",
        "no-state": "state",
        "nothing-told": "value",
        "note-too-long": "note",
    }
    as_of = day("截至")
    value = MilliField("现值", is_signed=True)
    points = MilliField("预计得分", help_text="不写的，达标按满分计")
    state = choice("状态", CriterionState.choices, required=False, empty="按数判定")
    note = text("说明", 500, required=False, help_text="差在哪里、怎么补")

    def command(self) -> SaveValue:
        """What the form says, as one command."""
        told = self.cleaned_data
        return SaveValue(told["as_of"], told["value"], told["points"], told["state"], told["note"])


class EvidenceForm(SiteForm):
    """A paper for a criterion's folder."""

    places = {
        "name-empty": "title",
        "text-too-long": "title",
        "name-not-plain": "title",
        "no-evidence": "file",
        "not-evidence": "file",
        "file-too-large": "file",
    }
    title = text("材料名称", 200)
    reference = text("文号或存放处", 200, required=False, help_text="纸质材料写存在哪里")
    file = forms.FileField(
        label="文件",
        required=False,
        allow_empty_file=False,
        help_text="PDF、图片或办公文档，20MB以内",
        error_messages={"empty": "文件是空的，请重新选"},
    )

    def clean_file(self) -> Any:
        """Refuse what is too large before it is read."""
        file = self.cleaned_data["file"]
        if file is not None and file.size > EVIDENCE_BYTES:
            raise forms.ValidationError("文件超过20MB，请拆开或降低扫描精度后再传")
        return file


class RemoveForm(SiteForm):
    """Why a paper is taken out."""

    places = {"no-reason": "reason", "removed-already": "reason"}
    reason = text("撤下的理由", 300)
    version = _version()
