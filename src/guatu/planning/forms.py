"""Forms of the planning room: taking a list in, plans and their cut, curves, targets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from guatu.journal.types import Actor
from guatu.ledger.forms import WanField
from guatu.ledger.models import ProjectList
from guatu.planning.cutting import EVEN, NONE, PASTED, CutOrder
from guatu.planning.models import DecreedCurve
from guatu.planning.pasting import count_of, curve_of, share_of, yuan_of
from guatu.planning.queries import Curve
from guatu.planning.services import SetTarget, StatePlan, TakeInList, decree_curve
from guatu.planning.services.targets import WHOLE
from guatu.planning.slices import Cut
from guatu.planning.types import PlanKind, TargetIndicator, TargetSubject
from guatu.ui.forms import SiteForm, choice, day
from guatu.ui.forms import text as line


class _ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class _Workbooks(forms.FileField):
    """Several files at once; what each of them holds is looked at when they are staged."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        return data or []


class ListImportForm(SiteForm):
    """The workbooks, the year and the list; the files themselves are checked when staged."""

    workbooks = _Workbooks(
        label="清单表格", required=False, widget=_ManyFiles({"accept": ".xlsx,.xls,.et,.ods,.csv"}),
        help_text="可以一次选几个；xlsx、xls、et、ods、csv",
    )  # fmt: skip
    year = forms.IntegerField(
        label="年度", min_value=2000, max_value=2100, error_messages={"invalid": "年度请写四位数字"}
    )
    list_name = line("清单名称", 100, required=False, help_text="当年只有一份清单时可以不写")
    creates_missing = forms.BooleanField(
        label="表中没见过的地区、单位、行业照表新增", required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["list_name"].widget.attrs["list"] = "lists"

    def options(self) -> dict[str, Any]:
        """What was chosen beside the files, as the session keeps it until the confirmation."""
        data = self.cleaned_data
        names = ("year", "list_name", "creates_missing")
        return {name: data[name] for name in names}


def command_of(options: dict[str, Any], *, dry_run: bool) -> TakeInList:
    """The command that the kept options mean; doubtful rows wait, the others enter."""
    return TakeInList(
        year=int(options["year"]),
        list_name=str(options["list_name"]),
        creates_missing=bool(options["creates_missing"]),
        dry_run=dry_run,
        skips_doubtful=True,
    )


CUTS = [("quarter", "按季"), ("month", "按月"), ("ten-day", "按旬")]
UNITS = [("万元", "万元"), ("亿元", "亿元"), ("元", "元")]
_PLACES = {
    "no-basis": "basis",
    "text-too-long": "basis",
    "bad-amount": "text",
    "wrong-count": "text",
    "too-few-cells": "text",
    "unknown-project": "text",
    "ambiguous-project": "text",
    "no-rows": "text",
    "row-twice": "text",
    "paste-too-long": "text",
    "slices-fall": "text",
    "slices-not-whole": "text",
    "bad-point": "text",
    "no-points": "text",
    "curve-falls": "text",
    "curve-not-whole": "text",
    "name-empty": "name",
    "name-not-plain": "name",
    "plan-below-zero": "amount",
    "target-below-zero": "amount",
    "no-body": "body",
    "body-ended": "body",
    "other-year": "due_on",
}


def _sheet(label: str, rows: int, help_text: str) -> forms.CharField:
    """Cells pasted from a sheet; how many there may be is told when they are read."""
    return forms.CharField(
        label=label,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": rows, "spellcheck": "false", "wrap": "off"}),
        help_text=help_text,
    )


class PlanForm(SiteForm):
    """What is promised or put on top for the year."""

    places = _PLACES
    kind = choice("计划", [("promised", "承诺"), ("stretch", "加码")])
    amount = WanField(label="全年金额（万元）")
    basis = line("依据", 300, help_text="文件名称和文号，或哪次会议")
    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def command(self) -> StatePlan:
        """What the service is to do."""
        data = self.cleaned_data
        kind = PlanKind(data["kind"])
        return StatePlan(kind, data["amount"], data["basis"], seen_of(data["seen"]).get(kind, 0))


def seen_of(told: str) -> dict[PlanKind, int]:
    """Which versions of which kinds a page showed: `assigned:2,promised:1`."""
    found = {}
    for part in told.split(","):
        kind, _, version = part.partition(":")
        if kind in PlanKind.values and version.isascii() and version.isdecimal():
            found[PlanKind(kind)] = int(version[:6])
    return found


class CutForm(SiteForm):
    """How a plan is to be cut into periods; the curves there are come with the options."""

    places = _PLACES
    kind = choice("计划", PlanKind.choices)
    cut = choice("分期", CUTS)
    how = choice("办法")
    unit = choice("单位", UNITS)
    sums = choice("数是", [("each", "各期当期数"), ("cumulative", "从年初起的累计数")])
    text = _sheet(
        "粘贴的数", 4, "从Excel里复制一行或一列各期的数；按均分、按曲线或取消分期时不用写"
    )
    basis = line("依据", 300, help_text="文件名称和文号，或哪次会议")
    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def order(self, curves: Sequence[Curve]) -> CutOrder:
        """What was asked for."""
        data = self.cleaned_data
        curve = next((one for one in curves if f"curve-{one.kept.pk}" == data["how"]), None)
        return CutOrder(
            Cut(data["cut"]),
            data["how"],
            data["unit"],
            data["sums"] == "cumulative",
            data["text"],
            curve.points if curve else None,
        )


class CutManyForm(CutForm):
    """The same for many projects of a list."""

    text = _sheet(
        "粘贴的表", 12, "每行一个项目：项目代码或全名，后面是各期的数；可以连表头一起从Excel复制"
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["seen"]


def ways_of(curves: Sequence[Curve], *, pastes: str, clears: bool) -> list[tuple[str, str]]:
    """The ways to cut a plan: pasted, evenly, by a curve, not at all."""
    ways = [(PASTED, pastes), (EVEN, "均分")]
    ways += [(f"curve-{one.kept.pk}", f"按“{one.kept.name}”") for one in curves]
    return [*ways, (NONE, "取消分期")] if clears else ways


class CurveForm(SiteForm):
    """A decreed curve: its name, its points, its paper."""

    places = {**_PLACES, "other-year": "text"}
    name = line("名称", 100, help_text="如“十月底前完成”；同名的算改版")
    text = _sheet("各点", 6, "每行一个日期和累计百分数，如“6月30日 50%”，最后一点须是100%")
    basis = line("依据", 300, help_text="文件名称和文号")

    def decree(self, actor: Actor, listing: ProjectList) -> DecreedCurve:
        """Keep what was typed."""
        data = self.cleaned_data
        return decree_curve(
            actor,
            listing.pk,
            name=data["name"],
            basis=data["basis"],
            points=curve_of(data["text"], listing.year),
        )


class TargetForm(SiteForm):
    """What a body is to reach by a day."""

    places = _PLACES
    body = choice("谁的目标", help_text="全部、某个地区或某个责任单位")
    indicator = choice("指标", TargetIndicator.choices)
    kind = choice("性质", PlanKind.choices)
    due_on = day("期限")
    amount = forms.CharField(
        label="目标", max_length=40, required=False,
        help_text="完成投资按万元，完成率按百分数（如75），开工竣工按个数；留空为撤回",
    )  # fmt: skip
    basis = line("依据", 300, help_text="文件名称和文号，或哪次会议")

    def clean_amount(self) -> int | None:
        """The amount in the unit of its indicator as it is kept."""
        typed, indicator = self.cleaned_data["amount"], self.cleaned_data.get("indicator")
        if not typed:
            return None
        if indicator == TargetIndicator.RATE:
            share = share_of(typed)
            kept = None if share is None else share.as_fraction() * WHOLE
            found = None if kept is None or kept.denominator != 1 else int(kept)
        elif indicator == TargetIndicator.INVESTMENT:
            found = yuan_of(typed, "万元")
        else:
            found = count_of(typed)
        if found is None:
            raise forms.ValidationError("读不出这个数，请按指标的单位写")
        return found

    def command(self) -> SetTarget:
        """What the service is to do."""
        data = self.cleaned_data
        subject, _, body = data["body"].partition("-")
        return SetTarget(
            TargetSubject(subject),
            int(body) if body else None,
            TargetIndicator(data["indicator"]),
            PlanKind(data["kind"]),
            data["due_on"],
            data["amount"],
            data["basis"],
        )
