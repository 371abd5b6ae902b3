"""Forms of the administrators' pages: parse and shape-check, nothing more."""

from __future__ import annotations

from typing import Any

from django import forms

from guatu.organisation.listed import parts_of, value_label
from guatu.organisation.types import (
    DECREED,
    MEASURES,
    SWITCHES_IN_USE,
    OrganisationKind,
    RegionKind,
    Role,
    SettingSpec,
    UserKind,
)
from guatu.ui.forms import SiteForm, choice, day, text

_NAMES = {
    "name-empty": "name",
    "text-too-long": "name",
    "name-not-plain": "name",
    "name-taken": "name",
    "one-name-a-day": "valid_from",
    "moves-later": "valid_from",
    "own-parent": "parent",
    "ended": "parent",
    "root-does-not-move": "parent",
    "scope-widens": "parent",
    "own-successor": "successor",
    "person-there": "name",
}


class UnitForm(SiteForm):
    """A new organisation."""

    places = _NAMES
    name = text("名称", 200)
    kind = choice("类别", OrganisationKind.choices)
    parent = choice("上级单位")
    region = choice("所属地区", required=False)
    aliases = text("其他写法", 500, required=False, help_text="表格里常见的简称，用顿号分开")


class UnitRenameForm(SiteForm):
    """A name from a day on, and the unit above it."""

    places = _NAMES
    name = text("新名称", 200)
    valid_from = day("从哪天起", help_text="以前各期仍用旧名称")
    parent = choice("上级单位", required=False, help_text="换上级只能从今天或以前起")


class AliasForm(SiteForm):
    """Another spelling."""

    places = _NAMES
    name = text("写法", 200, help_text="导入表格时按它认单位，不改正式名称")


class EndForm(SiteForm):
    """The day it ended, and what took its place."""

    places = _NAMES
    on = day("撤销日期")
    successor = choice("承接单位", required=False)


class RegionForm(SiteForm):
    """A new region."""

    places = _NAMES
    name = text("名称", 100)
    kind = choice("类别", [one for one in RegionKind.choices if one[0] != RegionKind.ROOT])
    code = text("代码", 20, required=False, help_text="行政区划代码，没有可不写")
    aliases = text("其他写法", 500, required=False, help_text="用顿号分开")


class RegionRenameForm(SiteForm):
    """A name and code from a day on."""

    places = _NAMES
    name = text("新名称", 100)
    code = text("代码", 20, required=False)
    valid_from = day("从哪天起", help_text="以前各期仍用旧名称")


class PersonForm(SiteForm):
    """A person's name, unit and number."""

    places = {**_NAMES, "bad-phone": "phone"}
    name = text("姓名", 100)
    unit = choice("单位", required=False)
    phone = text("办公电话", 40, required=False, help_text="写了电话的是本单位的联系人，催报时列出")


class AccountForm(SiteForm):
    """A new account."""

    places = {"login-taken": "login", "login-form": "login"}
    login = text("登录名", 60, help_text="文字、数字和._@-；以后不能再给别人用")
    kind = choice("类别", UserKind.choices, help_text="管理员须由安全管理员确认后生效")
    unit = choice("单位")
    person = choice("本人", required=False, help_text="领导和联络员按本人看到所联系的项目")


class AccountChangeForm(SiteForm):
    """To which unit and person an account belongs."""

    unit = choice("单位")
    person = choice("本人", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class KindForm(SiteForm):
    """What an account is to become."""

    places = {"same-kind": "kind", "has-roles": "kind", "last-of-kind": "kind"}
    kind = choice("改为", UserKind.choices, help_text="由安全管理员在24小时内确认")


class RoleForm(SiteForm):
    """A role, its scope and its first day."""

    places = {"has-role": "role", "administrator-has-no-role": "role"}
    role = choice("角色", Role.choices)
    scope = choice("范围", help_text="包括这个单位和它的下级")
    valid_from = day("从哪天起")


class RoleEndForm(SiteForm):
    """The day from which a role is gone."""

    places = {"ends-before": "on"}
    on = day("从哪天起没有")


class SettingForm(SiteForm):
    """One city setting with the basis of its change."""

    places = {"bad-setting": "value", "unknown-setting": "value", "no-basis": "basis"}
    basis = text("依据", 500, required=False, help_text="文件名称和文号，或谁的决定")

    def __init__(self, *args: Any, spec: SettingSpec, value: str, **kwargs: Any) -> None:
        common, own = parts_of(value)
        super().__init__(*args, initial={"value": common or spec.default, **own}, **kwargs)
        self.spec = spec
        choices = spec.answers
        if DECREED in spec.offered:
            self.fields[DECREED] = text(
                "规定的百分数", 6, required=False, help_text="算法选“规定百分数”时填，如25"
            )
        self.fields["value"] = (
            choice("值", [(one, value_label(one)) for one in choices])
            if choices
            else text("值", 500, required=False, help_text=spec.hint)
        )
        if spec.by_measure:
            usual = [("", "同上"), *((one, value_label(one)) for one in choices)]
            for measure, label in MEASURES.items():
                self.fields[measure] = choice(label, usual, required=False)
        for field in self.fields.values():
            is_choice = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if is_choice else "form-control"
        self.order_fields(["value", DECREED, *MEASURES, "basis"])

    def clean(self) -> dict[str, Any]:
        """The value as it is stored, put together from its parts."""
        told = super().clean() or {}
        common = told.get("value", "")
        own = {name: told[name] for name in MEASURES if told.get(name)}
        if own:
            told["value"] = ",".join(f"{name}={own.get(name, common)}" for name in MEASURES)
        elif common == DECREED:
            told["value"] = f"{DECREED}:{told.get(DECREED, '').strip().rstrip('%％')}"
        return told


class SwitchForm(SiteForm):
    """What it takes to switch something on."""

    places = {
        "switch-without-basis": "basis",
        "switch-without-scope": "scope",
        "switch-in-the-past": "until",
    }
    name = choice("开关", [(one.value, one.label) for one in SWITCHES_IN_USE])
    basis = text("依据", 500, help_text="文件名称和文号")
    scope = text("范围", 200, help_text="适用的清单或单位")
    until = day("到哪天止", help_text="过了这天自动关闭")


class HolidayForm(SiteForm):
    """One day of the office's calendar."""

    day = day("日期")
    is_workday = choice("安排", [("no", "放假"), ("yes", "上班")])
    note = text("说明", 100, required=False, help_text="如国庆节、调休")


class CheckpointForm(SiteForm):
    """Where a checkpoint goes."""

    places = {"no-place": "kept_at"}
    kept_at = text("保存地点", 200, help_text="不管服务器的人或地方，如市纪委办公室、打印存档")


class VerificationForm(SiteForm):
    """Checkpoints from outside that the journal must agree with."""

    marks = forms.CharField(
        label="库外检查点",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="每行一个，写成序号:摘要；不写也能核对",
    )


class SetUpForm(SiteForm):
    """First set-up of an administrator: one-time code and a password of one's own."""

    places = {"weak-password": "new"}
    login = text("管理员账号", 60)
    code = forms.CharField(
        label="一次性口令", max_length=200, widget=forms.PasswordInput, strip=True
    )
    new = forms.CharField(label="新密码", max_length=200, widget=forms.PasswordInput, strip=False)
    again = forms.CharField(
        label="再写一遍", max_length=200, widget=forms.PasswordInput, strip=False
    )

    def clean(self) -> dict[str, Any]:
        """Both new ones are the same."""
        values = super().clean() or {}
        if values.get("new") != values.get("again"):
            self.add_error("again", "两次写的不一样")
        return values
