"""The page of the year's assignment: the form, and what the paste would do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from guatu.core import clock
from guatu.engines import chain
from guatu.ledger.models import ListEntry, ProjectList
from guatu.ledger.services.assigning import AssignTogether
from guatu.planning.pasting import MOST_CHARACTERS
from guatu.ui.forms import SiteForm, choice, day, text
from guatu.ui.tables import Column, Grid
from guatu.wall.assigning.pasted import ROLES, Line, lines_of
from guatu.wall.viewer import Viewer

_MOST_SHOWN = 1_000


class AssignForm(SiteForm):
    """The list, the paper, the day, and the pasted table."""

    places = {
        "no-basis": "basis",
        "far-future": "valid_from",
        "empty-paste": "table",
        "strange-head": "table",
        "paste-too-long": "table",
        "unknown-person": "creates_persons",
    }
    list = choice("清单")
    valid_from = day("从哪天起")
    basis = text("依据", 300, help_text="文件名称和文号，如印发分工的通知")
    table = forms.CharField(
        label="分工表",
        max_length=MOST_CHARACTERS,
        strip=False,
        widget=forms.Textarea({"rows": 12}),
        help_text=f"从表格里复制粘贴。第一行写表头：项目、{'、'.join(one.label for one in ROLES)}，"
        "要哪几列写哪几列；只有两列时可以不写表头，就是项目和包联领导。项目写名称或代码，空格不动",
    )
    creates_persons = forms.BooleanField(label="台账里还没有的人照表新增", required=False)

    def __init__(self, viewer: Viewer, data: Any = None) -> None:
        lists = [(str(one.pk), str(one)) for one in viewer.lists]
        super().__init__(data, options={"list": lists}, initial={"valid_from": clock.today()})
        self.viewer = viewer
        self.lines: Sequence[Line] = ()

    @property
    def listing(self) -> ProjectList:
        """The chosen list."""
        chosen = self.cleaned_data["list"]
        return next(one for one in self.viewer.lists if str(one.pk) == chosen)

    def read(self) -> Sequence[Line]:
        """What the paste means today."""
        entries = ListEntry.objects.filter(
            list=self.listing, left_on__isnull=True, project__in=self.viewer.projects
        )
        self.lines = lines_of(
            self.listing, entries.select_related("project"), self.cleaned_data["table"]
        )
        return self.lines

    @property
    def command(self) -> AssignTogether:
        """What is to be done, once read."""
        data = self.cleaned_data
        return AssignTogether(
            data["valid_from"],
            data["basis"],
            [one.bearer for one in self.lines if one.bearer is not None],
            creates_persons=data["creates_persons"],
        )

    @property
    def digest(self) -> str:
        """What was seen, old and new: the confirmation must find the same."""
        told = [[one.number, one.name, one.role, one.old, one.new, one.state] for one in self.lines]
        return chain.sm3(chain.canonical(told).encode())

    @property
    def lacks_persons(self) -> bool:
        """Whether people are named who are not known, and nobody allowed to add them."""
        is_lacking = any(one.is_new_person for one in self.lines)
        return is_lacking and not self.cleaned_data.get("creates_persons")


def assign_page(form: AssignForm) -> dict[str, Any]:
    """The page with its preview, where something was pasted."""
    lines = form.lines
    faults = [one for one in lines if one.fault]
    changed = [one for one in lines if one.bearer]
    return {
        "form": form,
        "has_lists": bool(form.viewer.lists),
        "lines": lines,
        "faults": Grid(_COLUMNS, faults[:_MOST_SHOWN]) if faults else None,
        "fault_count": len(faults),
        "changed": Grid(_COLUMNS, changed[:_MOST_SHOWN]) if changed else None,
        "count": len(changed),
        "projects": len({one.bearer.project_id for one in changed if one.bearer}),
        "same": sum(one.bearer is None and not one.fault for one in lines),
        "can_apply": bool(changed) and not faults and not form.lacks_persons and not form.errors,
        "typed": [(name, form.data.get(name, "")) for name in form.fields if name in form.data],
    }


_COLUMNS: list[Column[Line]] = [
    Column("number", "行", lambda r: r.number, "num"),
    Column("name", "项目名称", lambda r: r.name, "wide"),
    Column("role", "责任", lambda r: r.role, "tight"),
    Column("old", "现在", lambda r: r.old or "（空）"),
    Column("new", "改为", lambda r: r.new),
    Column("state", "结果", lambda r: r.state),
]
