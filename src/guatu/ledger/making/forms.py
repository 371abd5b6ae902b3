"""Forms of making a list: calls, applications, opinions, acts on several applications."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from guatu.core.clock import FIRST_DAY, LAST_DAY
from guatu.core.ids import LARGEST_ID
from guatu.core.periods import month_end
from guatu.core.yuan import wan_text
from guatu.ledger.forms import LineField, WanField, organisation_named, project_named
from guatu.ledger.making.models import Application, ListCall
from guatu.ledger.making.rules import CONDITIONS
from guatu.ledger.making.types import (
    ApplicationWords,
    CallWords,
    Decision,
    Readiness,
    Stance,
    VersionKind,
)
from guatu.ledger.models import Project, Term
from guatu.ledger.types import Nature
from guatu.organisation import queries as organisation
from guatu.organisation.queries import NameIndex
from guatu.ui.forms import Options, SiteForm, choice, day

PLACES = {
    "call-taken": "name",
    "closes-before-opens": "closes_on",
    "year-of-call": "year",
    "negative-total": "total",
    "large-total": "total",
    "no-total": "total",
    "negative-plan": "plan",
    "large-plan": "plan",
    "no-plan": "plan",
    "plan-above-total": "plan",
    "completes-before-start": "completes_by",
    "completed-in-past": "completes_by",
    "start-in-past": "starts_by",
    "no-nature": "nature",
    "no-land": "land",
    "no-money": "money",
    "no-approvals": "approvals",
    "no-stance": "stance",
    "no-opinion-text": "text",
    "no-reason": "reason",
    "nobody-asked": "departments",
}
_MONTH = re.compile(r"(\d{4})-(\d{1,2})", re.ASCII)


class MakingForm(SiteForm):
    """A form of making a list: its faults find their fields."""

    places = PLACES


class MonthField(LineField):
    """A month as its last day; None where empty."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput({"type": "month", "placeholder": "2027-03"})
        super().__init__(max_length=10, required=False, widget=widget, **options)

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        found = _MONTH.fullmatch(text)
        year, month = (int(found[1]), int(found[2])) if found else (0, 0)
        if not (FIRST_DAY.year <= year <= LAST_DAY.year and 1 <= month <= 12):
            raise forms.ValidationError("月份请写成2027-03")
        return month_end(year, month)


class CallForm(MakingForm):
    """What a call says."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)
    year = forms.IntegerField(
        label="清单年度",
        min_value=2000,
        max_value=2100,
        error_messages={"invalid": "年度请写四位数字"},
    )
    name = LineField(label="清单名称", max_length=100)
    opens_on = day("申报开始")
    closes_on = day("申报截止")
    text = forms.CharField(
        label="申报要求", max_length=5000, required=False, widget=forms.Textarea({"rows": 4})
    )

    def words(self) -> CallWords:
        """What was typed, ready for the service."""
        data = self.cleaned_data
        return CallWords(
            data["year"], data["name"], data["opens_on"], data["closes_on"], data["text"]
        )


def call_values(call: ListCall) -> dict[str, object]:
    """A call as its form shows it."""
    names = ("version", "year", "name", "opens_on", "closes_on", "text")
    return {name: getattr(call, name) for name in names}


class ApplicationForm(MakingForm):
    """What a unit writes of a project."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)
    act = forms.ChoiceField(choices=[("save", "暂存"), ("submit", "申报")], required=False)
    organisation = forms.TypedChoiceField(label="申报单位", coerce=int)
    project = LineField(
        label="台账中的项目",
        max_length=300,
        required=False,
        help_text="续建等已在台账里的，写名称或代码；新项目留空",
    )
    name = LineField(label="项目名称", max_length=300)
    national_code = LineField(label="项目代码", max_length=40, required=False)
    region = forms.TypedChoiceField(label="所属地区", coerce=int)
    sector = forms.TypedChoiceField(label="行业领域", coerce=int, empty_value=None, required=False)
    nature = forms.ChoiceField(
        label="建设性质", required=False, choices=[("", "请选择"), *Nature.choices[:2]]
    )
    owner = LineField(label="业主", max_length=200, required=False)
    site = LineField(label="建设地点", max_length=300, required=False)
    total = WanField(label="总投资（万元）", required=False)
    plan = WanField(label="年度计划投资（万元）", required=False)
    starts_by = MonthField(label="开工月份")
    completes_by = MonthField(label="竣工月份")
    land = choice("土地", Readiness.choices[1:], required=False, empty="请选择")
    land_note = LineField(label="土地说明", max_length=200, required=False)
    money = choice("资金", Readiness.choices[1:], required=False, empty="请选择")
    money_note = LineField(label="资金说明", max_length=200, required=False)
    approvals = choice("审批", Readiness.choices[1:], required=False, empty="请选择")
    approvals_note = LineField(label="审批说明", max_length=200, required=False)
    content = forms.CharField(
        label="建设内容", max_length=5000, required=False, widget=forms.Textarea({"rows": 3})
    )

    def __init__(
        self,
        *args: Any,
        seen: QuerySet[Project],
        units: Iterable[tuple[int, str]],
        terms: Iterable[Term],
        regions: NameIndex | None = None,
        **kwargs: Any,
    ) -> None:
        places = (regions or organisation.region_names()).official
        options: Options = {
            "organisation": list(units),
            "region": [("", "请选择"), *sorted(places.items())],
            "sector": [("", "未注明"), *((term.pk, term.name) for term in terms)],
        }
        super().__init__(*args, options=options, **kwargs)
        self.seen = seen
        self.fields["act"].widget = forms.HiddenInput()

    def clean_project(self) -> int | None:
        return project_named(self.seen, self.cleaned_data["project"])

    @property
    def submits(self) -> bool:
        """Whether the draft is to be handed in."""
        return self.cleaned_data.get("act") == "submit"

    def words(self) -> ApplicationWords:
        """What was typed, ready for the service."""
        data = self.cleaned_data
        answers = {name: data[name] for name in CONDITIONS}
        notes = {f"{name}_note": data[f"{name}_note"] for name in CONDITIONS}
        return ApplicationWords(
            name=data["name"],
            region_id=data["region"],
            nature=data["nature"],
            national_code=data["national_code"],
            project_id=data["project"],
            sector_id=data["sector"],
            site=data["site"],
            content=data["content"],
            owner=data["owner"],
            total_yuan=data["total"],
            plan_yuan=data["plan"],
            starts_by=data["starts_by"],
            completes_by=data["completes_by"],
            **answers,
            **notes,
        )


def application_values(one: Application) -> dict[str, object]:
    """An application as its form shows it."""
    same = ("version", "name", "national_code", "nature", "owner", "site", "content", *CONDITIONS)
    return {
        **{name: getattr(one, name) for name in same},
        **{f"{name}_note": getattr(one, f"{name}_note") for name in CONDITIONS},
        "organisation": one.organisation_id,
        "project": "" if one.project is None else one.project.national_code or one.project.name,
        "region": one.region_id,
        "sector": one.sector_id or "",
        "total": "" if one.total_yuan is None else wan_text(one.total_yuan),
        "plan": "" if one.plan_yuan is None else wan_text(one.plan_yuan),
        "starts_by": f"{one.starts_by:%Y-%m}" if one.starts_by else "",
        "completes_by": f"{one.completes_by:%Y-%m}" if one.completes_by else "",
    }


class WithdrawForm(MakingForm):
    """Why an application is taken back."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    reason = LineField(label="撤回原因", max_length=300, required=False)


class IdentityForm(MakingForm):
    """Which project an application is; none: a new one."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    project_id = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)


class OpinionForm(MakingForm):
    """What a department thinks."""

    organisation = forms.TypedChoiceField(label="意见单位", coerce=int)
    stance = choice("意见", Stance.choices, empty="请选择")
    text = LineField(
        label="条件或理由", max_length=500, required=False, help_text="不是单纯同意的，要写明"
    )


class BatchForm(MakingForm):
    """What is done with the ticked applications: decided, sent round, given back."""

    decision = choice("审定为", Decision.choices[1:], required=False, empty="未定（取消审定）")
    reason = LineField(label="原因", max_length=300, required=False)
    departments = LineField(
        label="征求意见的部门", max_length=500, required=False, help_text="几个部门用顿号隔开"
    )

    def clean_departments(self) -> list[int]:
        """Organisations by name; every name that nobody knows is told."""
        names = [part.strip() for part in re.split(r"[、,，;；]", self.cleaned_data["departments"])]
        return [pk for name in names if name and (pk := organisation_named(name)) is not None]


def picked(posted: QueryDict) -> dict[int, int]:
    """The ticked rows: versions by id, from `id.version`; what is not of that form is left out."""
    found = {}
    for text in posted.getlist("id")[:5000]:
        if re.fullmatch(r"\d{1,18}\.\d{1,9}", text, re.ASCII):
            pk, version = text.split(".")
            found[int(pk)] = int(version)
    return found


class VersionForm(MakingForm):
    """Which draft is frozen."""

    kind = choice("版本", VersionKind.choices[:2])
    basis = LineField(label="说明", max_length=300, required=False, help_text="如送哪次会议")
