"""Forms that issue and adjust a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from guatu.ledger import queries as ledger
from guatu.ledger.forms import LineField, exact_yuan
from guatu.ledger.making.forms import MakingForm
from guatu.ledger.models import Project, ProjectList
from guatu.planning.making.services import AdjustList, IssueList
from guatu.ui.forms import day

_MOST = 500


class IssueForm(MakingForm):
    """The paper that a list goes out with."""

    places = {
        "no-number": "outside_number",
        "number-taken": "outside_number",
        "future-issue": "on",
        "other-year": "on",
        "other-provisional": "replaces",
    }
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    outside_number = LineField(label="文号", max_length=100, help_text="如江重办〔2027〕3号")
    on = day("印发日期")
    basis = LineField(
        label="依据", max_length=300, required=False, help_text="如市政府第3次常务会议审定"
    )
    replaces = forms.ChoiceField(
        label="暂用的清单",
        required=False,
        help_text="名称与申报通知不同。接替的，各期月报和计划接着用，名称改成申报通知的",
    )
    is_checked = forms.BooleanField(
        label="已与印发的文件逐项核对",
        error_messages={"required": "请核对后勾选"},
    )

    def __init__(self, *args: Any, waiting: Sequence[ProjectList] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not waiting:
            del self.fields["replaces"]
            return
        offered = [(str(one.pk), f"由它接替：{one}") for one in waiting]
        chosen = self.fields["replaces"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [("", "请选"), *offered, ("0", "不接替，另建一份")]

    def command(self) -> IssueList:
        """What was typed, ready for the service."""
        data = self.cleaned_data
        replaces = data.get("replaces")
        return IssueList(
            data["outside_number"],
            data["on"],
            data["version"],
            basis=data["basis"],
            replaces=int(replaces) if replaces else None,
        )


class AdjustForm(MakingForm):
    """The paper of an adjustment; which projects it speaks of stands in the rows of the page.

    Ticks are `exit` (entries) and `admit` (applications); `plan-<entry>` is a new plan in 万元;
    `joins` has a line for each project of the ledger: code or name, a blank or tab, its plan.
    """

    places = {
        "no-number": "outside_number",
        "number-taken": "outside_number",
        "adjusted-already": "outside_number",
        "future-adjustment": "on",
        "other-year": "on",
        "no-reason": "reason",
        "on-list": "joins",
        "unknown-project": "joins",
    }
    outside_number = LineField(label="调整文件文号", max_length=100)
    on = day("调整日期")
    reason = LineField(label="调整原因", max_length=300)
    joins = forms.CharField(
        label="增列台账中的项目",
        max_length=20_000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="每行一个：代码或名称，空一格，写年度计划（万元）",
    )
    is_checked = forms.BooleanField(
        label="已与调整文件逐项核对", error_messages={"required": "请核对后勾选"}
    )

    def __init__(self, *args: Any, seen: QuerySet[Project], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seen = seen

    def clean_joins(self) -> dict[int, int]:
        """Plans in yuan by project id; every line that cannot be read is told."""
        lines = [line.strip() for line in self.cleaned_data["joins"].splitlines() if line.strip()]
        if len(lines) > _MOST:
            raise forms.ValidationError(f"一次最多{_MOST}个，请分几次")
        found: dict[int, int] = {}
        wrong = []
        for line in lines:
            name, _, amount = line.replace("\t", " ").rpartition(" ")
            yuan = exact_yuan(amount)
            meant = ledger.named_projects(self.seen, name) if name.strip() else []
            if yuan is None or len(meant) != 1:
                told = "年度计划不是数" if yuan is None else "没有这个项目，或不止一个"
                wrong.append(f"“{line[:60]}”{told}")
            elif meant[0].pk in found:
                wrong.append(f"“{line[:60]}”写了两行")
            else:
                found[meant[0].pk] = yuan
        if wrong:
            raise forms.ValidationError(wrong)
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        plans, wrong = {}, []
        for key in self.data:
            if not (found := re.fullmatch(r"plan-(\d{1,18})", str(key), re.ASCII)):
                continue
            text = str(self.data.get(key, "")).strip()
            if not text:
                continue
            yuan = exact_yuan(text[:40])
            if yuan is None:
                wrong.append(f"调整后计划“{text[:40]}”写成数字，如12000或1.2亿元")
            else:
                plans[int(found[1])] = yuan
        if wrong:
            raise forms.ValidationError(wrong)
        return {**data, "plans": plans}

    def command(self) -> AdjustList:
        """What was typed and ticked, ready for the service."""
        data = self.cleaned_data
        return AdjustList(
            outside_number=data["outside_number"],
            on=data["on"],
            reason=data["reason"],
            admits=self.ticked("admit"),
            joins=data["joins"],
            exits=self.ticked("exit"),
            plans=data["plans"],
        )

    def ticked(self, name: str) -> tuple[int, ...]:
        """The ids that are ticked under a name."""
        given = self.data.getlist(name) if isinstance(self.data, QueryDict) else []
        return tuple(
            dict.fromkeys(
                int(text) for text in given[:5000] if re.fullmatch(r"\d{1,18}", text, re.ASCII)
            )
        )
