"""The contexts of a bulk change: which projects, what becomes of each, the last one made."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from guatu.core import clock
from guatu.core.errors import BadInput, Fault, NotFound
from guatu.ledger import queries as ledger
from guatu.ledger.models import BulkChange, ListEntry, ProjectList
from guatu.ledger.types import BulkField
from guatu.organisation import queries as organisation
from guatu.wall.library.bulk_forms import BulkForm
from guatu.wall.library.presenters import Library
from guatu.wall.viewer import Viewer

MOST = 20_000
MOST_SHOWN = 1_000
_LONGEST_QUERY = 4_000
KEPT = "bulk_change"
"""Where the session keeps the last change that its user made."""


@dataclass(slots=True)
class Chosen:
    """Entries of one list that a bulk change is to touch, and which field of them."""

    listing: ProjectList
    field: BulkField
    entries: list[ListEntry]

    @property
    def ids(self) -> str:
        """The ids as the page carries them."""
        return ",".join(str(one.pk) for one in self.entries)

    def before(self) -> dict[int, tuple[str, str]]:
        """What each entry has now, as compared and as shown."""
        return ledger.states_of(self.field, self.entries)


def chosen_in_library(viewer: Viewer, asked: QueryDict) -> Chosen:
    """What the library's page sent: the rows checked, or all that its filters leave."""
    listing, chosen = picked_in_library(viewer, asked)
    return Chosen(listing, _field(asked.get("field", "")), chosen)


def picked_in_library(viewer: Viewer, asked: QueryDict) -> tuple[ProjectList, list[ListEntry]]:
    """The list that the library showed, and its entries that were checked or filtered there."""
    listing = _listing(viewer, asked.get("list", ""))
    if asked.get("scope") == "all":
        filters = QueryDict(asked.get("filters", "")[:_LONGEST_QUERY], mutable=True)
        filters["list"] = str(listing.pk)
        ids: Iterable[int] = Library.of(viewer, filters).entries().values_list("pk", flat=True)
    else:
        # One field for a whole list of checked rows, where the page can write it.
        ids = _numbers([*asked.getlist("id"), *asked.get("ids", "").split(",")])
    chosen = _entries(viewer, listing, set(ids))
    if not chosen:
        raise BadInput(Fault("nothing-chosen", "所选的项目不在清单里了", "请回到项目库重新选择"))
    return listing, chosen


def chosen_by_form(viewer: Viewer, posted: QueryDict) -> Chosen:
    """What the page before has carried along."""
    listing, field = _listing(viewer, posted.get("list", "")), _field(posted.get("field", ""))
    ids = set(_numbers(posted.get("ids", "").split(",")))
    return Chosen(listing, field, _entries(viewer, listing, ids))


def seen_before(posted: QueryDict) -> dict[int, str]:
    """The values that the confirmation page showed, by entry."""
    try:
        told = json.loads(posted.get("before", ""))
        return {int(key): str(value) for key, value in told.items()}
    except (ValueError, AttributeError, RecursionError) as error:
        raise BadInput(Fault("bad-form", "表单不完整", "请回到项目库重新选择")) from error


def told(change: BulkChange) -> dict[str, Any]:
    """A bulk change that can be taken back, in words."""
    field = BulkField(change.field).label
    on = clock.minute(change.at)
    text = f"{change.by}于{on}把{change.count}个项目的{field}改为“{change.new_text or '（空）'}”"
    return {"id": change.pk, "text": text}


def form_page(chosen: Chosen, form: BulkForm, filters: str) -> dict[str, Any]:
    """The page that asks for the new value."""
    last = ledger.last_bulk_change()
    return {
        "chosen": chosen,
        "form": form,
        "last": told(last) if last else None,
        "count": len(chosen.entries),
        "names": [one.project.name for one in chosen.entries[:20]],
        "offered": _offered(chosen.field),
        "filters": filters,
        "back": back_to(chosen.listing, filters),
    }


def _offered(field: BulkField) -> list[str]:
    """The names that a field's value is chosen from."""
    match field:
        case BulkField.LEAD:
            return sorted(organisation.organisation_names().official.values())
        case BulkField.LEADER:
            return organisation.own_person_names()
    return []


def filters_of(asked: QueryDict) -> str:
    """The library's own query, carried along so that its filters stand again afterwards."""
    kept = QueryDict(asked.get("filters", "")[:_LONGEST_QUERY], mutable=True)
    for name in ("list", "page", "filters"):
        kept.pop(name, None)
    return kept.urlencode()


def back_to(listing: ProjectList, filters: str) -> str:
    """The library as it was filtered when the projects were chosen."""
    return f"{reverse('library')}?list={listing.pk}{f'&{filters}' if filters else ''}"


def confirm_page(chosen: Chosen, form: BulkForm, posted: QueryDict) -> dict[str, Any]:
    """The page that names the count, and for each project the old and the new value."""
    before, new = chosen.before(), form.new_text()
    filters = filters_of(posted)
    data = form.cleaned_data
    changed = [one for one in chosen.entries if before[one.pk][1] != new]
    return {
        "chosen": chosen,
        "new": new or "（空）",
        "count": len(changed),
        "same": len(chosen.entries) - len(changed),
        "rows": [(one, before[one.pk][1] or "（空）") for one in changed[:MOST_SHOWN]],
        "more": max(0, len(changed) - MOST_SHOWN),
        "filters": filters,
        "back": back_to(chosen.listing, filters),
        "valid_from": data.get("valid_from"),
        "basis": data.get("basis", ""),
        "is_new_person": data.get("is_new_person", False),
        "typed": [(name, posted[name]) for name in form.fields if name in posted],
        "before": json.dumps({one.pk: before[one.pk][0] for one in changed}, ensure_ascii=False),
    }


def _listing(viewer: Viewer, asked: str) -> ProjectList:
    found = next((one for one in viewer.lists if str(one.pk) == asked), None)
    if found is None:
        raise NotFound(Fault("unknown-list", "没有这份清单", "请从项目库重新选择"))
    return found


def _field(asked: str) -> BulkField:
    if asked not in BulkField.values:
        raise BadInput(Fault("no-field", "没有选改什么", "请在项目库选好要改的一项"))
    return BulkField(asked)


def _numbers(texts: Iterable[str]) -> list[int]:
    found = [int(one) for one in texts if one.isascii() and one.isdecimal() and len(one) < 19]
    return found[: MOST + 1]


def _entries(viewer: Viewer, listing: ProjectList, ids: set[int]) -> list[ListEntry]:
    if not ids:
        raise BadInput(Fault("nothing-chosen", "没有选项目", "请先在项目库勾选项目"))
    if len(ids) > MOST:
        raise BadInput(Fault("too-many", f"一次最多改{MOST}个项目", "请用筛选分几次办"))
    entries = ListEntry.objects.filter(list_id=listing.pk, left_on__isnull=True)
    found = entries.filter(project__in=viewer.projects).select_related("project")
    return [one for one in found.order_by("serial_no", "pk") if one.pk in ids]
