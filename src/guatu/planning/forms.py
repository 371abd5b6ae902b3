"""The form that takes a year's list in."""

from __future__ import annotations

from typing import Any

from django import forms

from guatu.planning.services import TakeInList
from guatu.ui.forms import SiteForm, text


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
    list_name = text("清单名称", 100, required=False, help_text="当年只有一份清单时可以不写")
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
