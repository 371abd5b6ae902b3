"""Forms of the ledger: parse and shape-check what is typed; each has only the fields it names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from guatu.core.yuan import wan_text
from guatu.engines.sheets.flags import FRACTION_OF_YUAN
from guatu.engines.sheets.money import read_money
from guatu.ledger import queries
from guatu.ledger.models import Project, ProjectList, Term
from guatu.ledger.services import AssignDuty, ListWords, NewProject, ProjectWords
from guatu.ledger.types import (
    PERSON_ROLES,
    Bearing,
    ListState,
    Nature,
    ResponsibilityRole,
)
from guatu.organisation import queries as organisation
from guatu.ui.forms import SiteForm, day, plain_text

FIELD_OF_FAULT = {
    "code-taken": "national_code",
    "own-package": "package",
    "no-package": "package",
    "package-in-package": "package",
    "has-parts": "is_package",
    "money-on-part": "total",
    "phase-circle": "phase_of",
    "future-leaving": "left_on",
    "left-before-joined": "left_on",
    "no-reason": "reason",
    "no-basis": "basis",
    "list-taken": "name",
    "year-of-list": "year",
    "list-circle": "parent",
    "other-year": "parent",
    "not-on-parent": "parent",
    "no-person": "person",
    "unknown-person": "person",
    "no-organisation": "organisation",
    "takeover-too-early": "valid_from",
    "far-future": "valid_from",
    "sub-list": "list",
    "no-name": "alias",
    "alias-known": "alias",
    "alias-of-other": "alias",
}
"""Where on a form a service's fault is shown; the rest stands above the form."""


class LineField(forms.CharField):
    """Text on one line: breaks and runs of blanks become one blank; no signs that nobody sees."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validators=[plain_text], **options)

    def to_python(self, value: Any) -> str:
        return " ".join(str(super().to_python(value) or "").split())


def exact_yuan(text: str) -> int | None:
    """A typed amount in 万元 as exact yuan; a unit that is written with it wins. None for what is
    no number, or no whole number of yuan."""
    amount = read_money(text, "万元")
    return None if FRACTION_OF_YUAN in amount.flags else amount.yuan


class WanField(LineField):
    """An amount in 万元 as exact yuan; None where empty."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=30, **options)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        yuan = exact_yuan(text)
        if yuan is None:
            raise forms.ValidationError("写成数字，如12000或1.2亿元，不到一元的不写")
        return yuan


def project_named(seen: QuerySet[Project], text: str) -> int | None:
    """The project that a typed name or code means; None where nothing is typed."""
    if not text:
        return None
    found = queries.named_projects(seen, text)
    if len(found) != 1:
        told = "有几个项目叫这个名称，请写项目代码" if found else "没有这个项目，请核对"
        raise forms.ValidationError(told)
    return found[0].pk


class LedgerForm(SiteForm):
    """A form of this room: its faults find their fields."""

    places = FIELD_OF_FAULT

    def take_errors(self, other: LedgerForm) -> None:
        """Show what is wrong with the values of a form that stands for this one."""
        self._errors = other.errors

    def put(self, **values: str) -> None:
        """Change what the form shows as typed: a newer version, what was asked meanwhile."""
        self.data = {**{name: self.data.get(name) for name in self.data}, **values}


class ProjectForm(LedgerForm):
    """Everything of a project that the office writes by hand."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    name = LineField(label="项目名称", max_length=300)
    national_code = LineField(label="项目代码", max_length=40, required=False)
    region = forms.TypedChoiceField(label="所属地区", coerce=int)
    sector = forms.TypedChoiceField(label="行业领域", coerce=int, empty_value=None, required=False)
    stage = LineField(label="项目阶段", max_length=40, required=False)
    site = LineField(label="建设地点", max_length=300, required=False)
    content = forms.CharField(
        label="建设内容", max_length=5000, required=False, widget=forms.Textarea({"rows": 4})
    )
    total = WanField(label="总投资（万元）", required=False)
    is_package = forms.BooleanField(label="打包项目", required=False)
    declared_parts = forms.IntegerField(
        label="子项目数", required=False, min_value=0, max_value=10_000,
        error_messages={"invalid": "子项目数请写整数"},
    )  # fmt: skip
    package = LineField(
        label="所属打包项目", max_length=300, required=False, help_text="写名称或代码；不属于则留空"
    )
    phase_of = LineField(
        label="前期项目（本项目是它的后期）",
        max_length=300,
        required=False,
        help_text="写名称或代码；不分期则留空",
    )

    def __init__(
        self, *args: Any, seen: QuerySet[Project], terms: Iterable[Term], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.seen = seen
        region, sector = self.fields["region"], self.fields["sector"]
        assert isinstance(region, forms.ChoiceField)
        assert isinstance(sector, forms.ChoiceField)
        region.choices = sorted(organisation.region_names().official.items())
        sector.choices = [("", "未注明"), *((term.pk, term.name) for term in terms)]
        self.fields["package"].widget.attrs["list"] = "packages"

    def clean_total(self) -> int | None:
        yuan: int | None = self.cleaned_data["total"]
        if yuan is not None and yuan < 0:
            raise forms.ValidationError("总投资不能为负")
        return yuan

    def clean_package(self) -> int | None:
        return project_named(self.seen, self.cleaned_data["package"])

    def clean_phase_of(self) -> int | None:
        return project_named(self.seen, self.cleaned_data["phase_of"])

    def words(self) -> ProjectWords:
        """What was typed, ready for the service."""
        data = self.cleaned_data
        return ProjectWords(
            name=data["name"],
            national_code=data["national_code"] or None,
            region_id=data["region"],
            sector_id=data["sector"],
            site=data["site"],
            content=data["content"],
            total_yuan=data["total"],
            stage=data["stage"],
            is_package=data["is_package"],
            declared_parts=data["declared_parts"],
            package_id=data["package"],
            phase_of_id=data["phase_of"],
        )


def project_values(project: Project) -> dict[str, object]:
    """A project as its form shows it."""
    return {
        "version": project.version,
        "name": project.name,
        "national_code": project.national_code or "",
        "region": project.region_id,
        "sector": project.sector_id or "",
        "stage": project.stage,
        "site": project.site,
        "content": project.content,
        "total": "" if project.total_yuan is None else wan_text(project.total_yuan),
        "is_package": project.is_package,
        "declared_parts": project.declared_parts if project.declared_parts is not None else "",
        "package": _reference(project.package),
        "phase_of": _reference(project.phase_of),
    }


def _reference(project: Project | None) -> str:
    return "" if project is None else project.national_code or project.name


class NewProjectForm(ProjectForm):
    """A new project and its place on a list."""

    list = forms.TypedChoiceField(label="列入清单", coerce=int)
    nature = forms.ChoiceField(
        label="建设性质", required=False, choices=[("", "未注明"), *Nature.choices[:2]]
    )
    tier = LineField(label="项目层级", max_length=40, required=False)
    project_class = LineField(label="项目类别", max_length=40, required=False)
    lead = LineField(label="责任单位", max_length=200, required=False)
    owner = LineField(label="业主", max_length=200, required=False)
    basis = LineField(label="列入依据", max_length=200, help_text="文件名称和文号，或哪次会议")
    seen_ids = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput)
    is_other = forms.BooleanField(label="已核对，不是上面这些项目", required=False)

    field_order = ["list", "name", "national_code", "region", "sector", "nature"]

    def __init__(self, *args: Any, lists: Iterable[ProjectList], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["version"]
        listing, region = self.fields["list"], self.fields["region"]
        assert isinstance(region, forms.ChoiceField)
        region.choices = [("", "请选择"), *region.widget.choices]
        assert isinstance(listing, forms.ChoiceField)
        listing.choices = [(one.pk, str(one)) for one in lists]
        for name in ("lead", "owner"):
            self.fields[name].widget.attrs["list"] = "organisations"

    def clean_lead(self) -> int | None:
        return organisation_named(self.cleaned_data["lead"])

    def clean_owner(self) -> int | None:
        return organisation_named(self.cleaned_data["owner"])

    def new_project(self) -> NewProject:
        """What was typed, ready for the service; look-alikes count as seen once confirmed."""
        data = self.cleaned_data
        ids = [part for part in data["seen_ids"].split(",") if part.isdecimal()]
        return NewProject(
            words=self.words(),
            list_id=data["list"],
            nature=data["nature"],
            tier=data["tier"],
            project_class=data["project_class"],
            basis=data["basis"],
            lead_id=data["lead"],
            owner_id=data["owner"],
            seen=frozenset(int(one) for one in ids) if data["is_other"] else frozenset(),
        )


def organisation_named(text: str) -> int | None:
    """The organisation that a typed name or alias means; None where nothing is typed."""
    if not text:
        return None
    names = organisation.organisation_names()
    found = names.find(text)
    if found is None:
        near = names.suggest(text)
        raise forms.ValidationError(
            f"没有“{text}”这个单位" + (f"，是不是{near}" if near else "，请先由项目办登记单位")
        )
    return found


class AliasForm(LedgerForm):
    """Another name of a project."""

    alias = LineField(label="别名", max_length=300)


class LeaveForm(LedgerForm):
    """When and why a project leaves a list."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    left_on = day("退出日期")
    reason = LineField(label="原因和依据", max_length=300)


class RejoinForm(LedgerForm):
    """On what basis a project stands on a list again."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    basis = LineField(label="重新列入的依据", max_length=200)


class ListForm(LedgerForm):
    """A list's words."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)
    year = forms.IntegerField(
        label="年度", min_value=2000, max_value=2100, error_messages={"invalid": "年度请写四位数字"}
    )
    name = LineField(label="清单名称", max_length=100)
    level = LineField(label="层级", max_length=20, required=False, help_text="如省级、市级、县级")
    state = forms.ChoiceField(label="状态", choices=ListState.choices)
    parent = forms.TypedChoiceField(label="上级清单", coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, lists: Iterable[ProjectList], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent = self.fields["parent"]
        assert isinstance(parent, forms.ChoiceField)
        parent.choices = [("", "无（单独一份）"), *((one.pk, str(one)) for one in lists)]

    def words(self) -> ListWords:
        """What was typed, ready for the service."""
        data = self.cleaned_data
        return ListWords(data["year"], data["name"], data["level"], data["state"], data["parent"])


def list_values(listing: ProjectList) -> dict[str, object]:
    """A list as its form shows it."""
    names = ("version", "year", "name", "level", "state")
    return {name: getattr(listing, name) for name in names} | {"parent": listing.parent_id or ""}


class AddToListForm(LedgerForm):
    """Projects to be put on a list, one code or name per line."""

    names = forms.CharField(
        label="项目", max_length=100_000, widget=forms.Textarea({"rows": 8}),
        help_text="每行一个，写项目代码或名称",
    )  # fmt: skip
    basis = LineField(label="依据", max_length=200)

    def __init__(self, *args: Any, seen: QuerySet[Project], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seen = seen

    def clean_names(self) -> list[Project]:
        """Each line's one project; every line that means none or several is told."""
        found, wrong = [], []
        lines = [line.strip() for line in self.cleaned_data["names"].splitlines() if line.strip()]
        if len(lines) > 500:
            raise forms.ValidationError("一次最多500个，请分几次")
        for line in lines:
            meant = queries.named_projects(self.seen, line)
            if len(meant) == 1:
                found.append(meant[0])
            else:
                wrong.append(f"“{line[:60]}”" + ("有几个，请写代码" if meant else "没有这个项目"))
        if wrong:
            raise forms.ValidationError(wrong)
        return found


class DutyForm(LedgerForm):
    """Who bears a role from a day on."""

    role = forms.ChoiceField(label="职责", choices=ResponsibilityRole.choices)
    bearing = forms.ChoiceField(label="登记方式", choices=Bearing.choices)
    organisation = LineField(label="单位", max_length=200, required=False)
    person = LineField(
        label="姓名", max_length=100, required=False, help_text="包联领导和联络员写姓名"
    )
    is_new_person = forms.BooleanField(label="新增此人", required=False)
    valid_from = day("从哪天起")
    basis = LineField(label="依据", max_length=300, help_text="文件名称和文号，或哪次会议")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].widget.attrs["list"] = "organisations"
        self.fields["person"].widget.attrs["list"] = "persons"

    def clean_organisation(self) -> int | None:
        return organisation_named(self.cleaned_data["organisation"])

    def duty(self) -> AssignDuty:
        """What was typed, ready for the service."""
        data = self.cleaned_data
        role = ResponsibilityRole(data["role"])
        return AssignDuty(
            role=role,
            valid_from=data["valid_from"],
            basis=data["basis"],
            organisation_id=None if role in PERSON_ROLES else data["organisation"],
            person_name=data["person"] if role in PERSON_ROLES else "",
            bearing=Bearing(data["bearing"]),
            creates_person=data["is_new_person"],
        )


class TermForm(LedgerForm):
    """A word's name."""

    name = LineField(label="名称", max_length=100)


class MergeForm(LedgerForm):
    """The word that another is merged into."""

    into = forms.TypedChoiceField(label="并入", coerce=int)

    def __init__(self, *args: Any, terms: Iterable[Term], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into = self.fields["into"]
        assert isinstance(into, forms.ChoiceField)
        into.choices = [("", "请选择"), *((term.pk, term.name) for term in terms)]


class ViewForm(LedgerForm):
    """A saved view's name."""

    name = LineField(label="视图名称", max_length=40)
    is_shared = forms.BooleanField(label="共享给看得到这份清单的人", required=False)
