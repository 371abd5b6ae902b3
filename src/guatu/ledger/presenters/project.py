"""The contexts of a project's edit page, of its duties, and of a new project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from guatu.core import clock
from guatu.ledger import queries
from guatu.ledger.comparing import Rival
from guatu.ledger.models import ListEntry, Project, ProjectAlias, Responsibility
from guatu.ledger.types import ResponsibilityRole
from guatu.organisation import queries as organisation
from guatu.organisation.models import Person
from guatu.ui.tables import Column, Grid

_WIDE = frozenset({"name", "content", "site", "basis", "joins", "text"})


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form with the value that somebody else has saved meanwhile, if another."""

    bound: forms.BoundField
    theirs: Rival | None = None

    @property
    def is_wide(self) -> bool:
        """Whether it takes a whole line."""
        return self.bound.name in _WIDE

    @property
    def is_box(self) -> bool:
        """Whether it is a check box."""
        return isinstance(self.bound.field.widget, forms.CheckboxInput)


def fields_of(form: forms.Form, theirs: Mapping[str, Rival] | None = None) -> list[Field]:
    """The visible fields in order."""
    told = theirs or {}
    return [Field(bound, told.get(bound.name)) for bound in form.visible_fields()]


def edit_page(
    form: forms.Form, project: Project, theirs: Mapping[str, Rival] | None = None
) -> dict[str, Any]:
    """A project's form with what hangs on it: names, lists, parts, phases."""
    return {
        "form": form,
        "fields": fields_of(form, theirs),
        "theirs": theirs,
        "project": project,
        "packages": packages(),
        "aliases": list(
            ProjectAlias.objects.filter(project=project, withdrawal__isnull=True).order_by(
                "valid_from", "pk"
            )
        ),
        "entries": list(
            ListEntry.objects.filter(project=project)
            .select_related("list")
            .order_by("-list__year", "list_id")
        ),
        "parts": list(project.parts.filter(removed_on__isnull=True).order_by("pk")),
        "phases": list(project.phases.filter(removed_on__isnull=True).order_by("pk")),
    }


def packages() -> list[str]:
    """The packages there are, for choosing one."""
    rows = Project.objects.filter(is_package=True, removed_on__isnull=True)
    return list(rows.order_by("pk").values_list("name", flat=True)[:500])


def new_page(form: forms.Form, alike: Sequence[queries.LookAlike]) -> dict[str, Any]:
    """The form of a new project, and the projects that it may be."""
    return {
        "form": form,
        "fields": [one for one in fields_of(form) if one.bound.name != "is_other"],
        "alike": alike,
        "packages": packages(),
        "organisations": sorted(organisation.organisation_names().official.values()),
    }


def duties_page(form: forms.Form, project: Project) -> dict[str, Any]:
    """Who bears which role of a project, who bore it, and a form to change it."""
    rows = list(
        Responsibility.objects.filter(project=project)
        .select_related("person")
        .order_by("valid_from", "pk")
    )
    names = organisation.organisation_names().official
    order = {role.value: at for at, role in enumerate(ResponsibilityRole)}
    today = clock.today()
    rows.sort(key=lambda row: (order[row.role], -row.valid_from.toordinal(), row.pk))
    return {
        "form": form,
        "fields": fields_of(form),
        "project": project,
        "grid": Grid(
            [
                Column("role", "职责", lambda r: ResponsibilityRole(r.role).label, "tight"),
                Column("bearer", "责任主体", lambda r: queries.bearer_text(r, names), "wide"),
                Column("from", "自", lambda r: r.valid_from, "date"),
                Column("to", "至", lambda r: r.valid_to, "date"),
                Column("state", "状态", lambda r: _state(r, today), "tight"),
                Column("basis", "依据", lambda r: r.basis, "wide"),
            ],
            rows,
            row_class=lambda r: "" if _state(r, today) != "已结束" else "faint",
        )
        if rows
        else None,
        "organisations": sorted(names.values()),
        "persons": sorted(
            set(
                Person.objects.filter(organisation__isnull=True)
                .order_by("pk")
                .values_list("name", flat=True)[:1000]
            )
        ),
    }


def _state(duty: Responsibility, today: Any) -> str:
    if duty.valid_to is not None and duty.valid_to < today:
        return "已结束"
    return "未开始" if duty.valid_from > today else "在任"
