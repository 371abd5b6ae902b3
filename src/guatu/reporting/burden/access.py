"""Who sees the burden: the office of all units, a unit its own."""

from __future__ import annotations

from guatu.core.errors import Fault, NotFound
from guatu.core.ids import is_id
from guatu.ledger.request import Viewer
from guatu.organisation.queries import names_of_organisations
from guatu.organisation.types import Right
from guatu.reporting.access import scopes_of
from guatu.reporting.burden.models import Complaint, FormAddressee, FormRequest

READERS = (Right.IMPORT_REPORTS, Right.REPORT)


def units_seen(viewer: Viewer) -> list[int] | None:
    """The units whose burden somebody sees; None: all (the office)."""
    if Right.IMPORT_REPORTS in viewer.rights:
        return None
    return scopes_of(viewer.assignments, Right.REPORT)


def require_unit(viewer: Viewer, organisation_id: int) -> None:
    """NotFound unless there is such a unit and its burden exists for the viewer."""
    seen = units_seen(viewer)
    is_there = is_id(organisation_id) and bool(names_of_organisations([organisation_id]))
    if not is_there or (seen is not None and organisation_id not in seen):
        raise NotFound(Fault("unknown-unit", "没有这个单位", "请从填报负担进入"))


def get_form(viewer: Viewer, form_id: int) -> FormRequest:
    """One registered form that is for the viewer's unit, or any for the office; else NotFound."""
    found = FormRequest.objects.filter(pk=form_id).first() if is_id(form_id) else None
    seen = units_seen(viewer)
    if found is None or not (seen is None or is_for(found, seen)):
        raise NotFound(Fault("unknown-form", "没有这张登记的表", "请从登记的表进入"))
    return found


def is_for(form: FormRequest, units: list[int]) -> bool:
    """Whether one of some units has to fill a form in, as long as it runs."""
    addressed = FormAddressee.objects.filter(form=form, organisation__in=units)
    return form.is_for_all or addressed.exists()


def get_complaint(viewer: Viewer, complaint_id: int) -> Complaint:
    """One complaint: a unit's own, or any for the office; else NotFound."""
    rows = Complaint.objects.select_related("form")
    found = rows.filter(pk=complaint_id).first() if is_id(complaint_id) else None
    seen = units_seen(viewer)
    if found is None or not (seen is None or found.organisation_id in seen):
        raise NotFound(Fault("unknown-complaint", "没有这条反映", "请从反映重复填报进入"))
    return found
