"""Editing what two may edit at once: shown, saved, or refused without losing a typed word."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest, QueryDict

from guatu.core.errors import BadInput, Conflict
from guatu.ledger import comparing
from guatu.ledger import request as seen
from guatu.ledger.comparing import Rival
from guatu.ledger.forms import LedgerForm
from guatu.ledger.models import Project, ProjectList


@dataclass(frozen=True, slots=True)
class Edited[T: (Project, ProjectList)]:
    """A form that is shown. `theirs`: fields that somebody else has saved otherwise meanwhile."""

    thing: T
    form: LedgerForm
    status: int
    theirs: Mapping[str, Rival] = field(default_factory=dict)

    @property
    def is_conflict(self) -> bool:
        """Whether somebody else has saved since the form was opened."""
        return self.status == 409


def edit[T: (Project, ProjectList), F: LedgerForm](
    request: HttpRequest,
    find: Callable[[], T],
    form_of: Callable[[T, QueryDict | None], F],
    values: Callable[[T], Mapping[str, object]],
    save: Callable[[F], object],
) -> Edited[T] | None:
    """Show the form of a thing, or save it: then None.

    `values` are the thing as its form shows it; `save` gets a valid form and raises Conflict
    where its version is not the newest.
    """
    thing = find()
    seen.require(request)

    def opened(data: QueryDict | None) -> F:
        form = form_of(thing, data)
        comparing.remember_opening(form)
        return form

    if request.method != "POST":
        return Edited(thing, opened(None), 200)
    form = opened(request.POST)
    settled = comparing.settled(form, request.POST, values(thing))
    meant = form if settled is None else opened(settled)
    status = 422
    if meant.is_valid():
        try:
            save(meant)
        except Conflict:
            thing, status = find(), 409
            form.put(version=str(thing.version))
        except BadInput as error:
            meant.take_faults(error)
        else:
            messages.success(request, "已保存")
            return None
    form.take_errors(meant)
    has_rival = status == 409 or settled is not None
    return Edited(thing, form, status, comparing.rivals(form, values(thing)) if has_rival else {})
