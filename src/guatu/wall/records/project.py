"""登记 of one project, unit or region: what the book in force needs, what stands recorded, by whom,
since when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from guatu.assessment.books.queries import book_now
from guatu.assessment.recordable import Recordable, recordables
from guatu.core import clock
from guatu.core.errors import Fault, NotFound
from guatu.engines.rulebook.types import Kind, Measure
from guatu.ledger.models import Project, RecordedValue
from guatu.ledger.queries import holding, values_of
from guatu.ledger.types import SubjectKind
from guatu.organisation import queries as organisation
from guatu.wall.project.people import name_behind, shown_name
from guatu.wall.records.access import Recorder
from guatu.wall.records.forms import ValueForm, WithdrawForm
from guatu.wall.records.words import kind_text, shown, told_by
from guatu.wall.viewer import Viewer

UNIT = SubjectKind.ORGANISATION
type Withdrawal = tuple[int, WithdrawForm]
"""A value whose withdrawal was refused, and what was typed."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the history of a measure. `state` is empty where it still counts."""

    value: RecordedValue
    text: str
    by: str
    state: str


@dataclass(slots=True)
class Block:
    """One measure with its value now, its history and its form."""

    asked: Recordable
    now: str
    since: date | None
    lines: list[Line]
    may_withdraw: bool
    form: ValueForm | None
    is_typed: bool

    @property
    def kind(self) -> str:
        """What kind of value it takes."""
        return kind_text(self.asked.measure)

    @property
    def who(self) -> str:
        """Who gives it."""
        return told_by(self.asked.measure)


def page(
    viewer: Viewer,
    project: Project,
    typed: Mapping[str, ValueForm] | None = None,
    withdrawal: Withdrawal | None = None,
) -> dict[str, Any]:
    """The context of the page and of its fragment; `typed` are forms that were refused."""
    context = _told(viewer, SubjectKind.PROJECT, project.pk, withdrawal)
    for place, block in enumerate(context["blocks"]):
        block.form = (typed or {}).get(block.asked.key)
        block.is_typed = block.form is not None
        if block.form is None and block.may_withdraw:
            block.form = ValueForm(asked=block.asked, auto_id=f"m{place}-%s")
    return {**context, "project": project}


def page_of_other(
    viewer: Viewer, kind: SubjectKind, pk: int, withdrawal: Withdrawal | None = None
) -> dict[str, Any]:
    """The context for a unit or a region: what stands recorded of it; it is recorded at the desk.

    NotFound unless the viewer sees everything: they are nobody's own.
    """
    names = organisation.organisation_names() if kind == UNIT else organisation.region_names()
    name = names.official.get(pk) if viewer.sees_everything else None
    if name is None:
        raise NotFound(Fault("unknown-subject", f"没有这个{kind.label}", "请回到登记台重新选"))
    context = _told(viewer, kind, pk, withdrawal)
    first = next((one.asked.key for one in context["blocks"]), "")
    return {**context, "name": name, "kind": kind, "first": first}


def _told(
    viewer: Viewer, kind: SubjectKind, pk: int, withdrawal: Withdrawal | None
) -> dict[str, Any]:
    book = book_now()
    wanted = [one for one in recordables(book) if one.kind == kind]
    rows = list(values_of(kind, [pk]).annotate(by_name=name_behind("by")))
    recorder = Recorder(viewer)
    known = {one.measure.name for one in wanted}
    others = [row for row in rows if row.measure not in known]
    return {
        "book": book,
        "blocks": [_block(one, rows, recorder) for one in wanted],
        "others": _lines(others, None),
        "may_withdraw_others": recorder.may_withdraw_all,
        "withdrawal": withdrawal,
    }


def _block(asked: Recordable, rows: Sequence[RecordedValue], recorder: Recorder) -> Block:
    measure = asked.measure
    own = [row for row in rows if row.measure == measure.name]
    now, since = _now([one for one in own if _is_live(one)], measure)
    lines = _lines(reversed(own), measure)
    return Block(asked, now, since, lines, recorder.may(measure), None, is_typed=False)


def _now(live: Sequence[RecordedValue], measure: Measure) -> tuple[str, date | None]:
    if measure.kind is Kind.RECORDS:
        return (f"{len(live)}次", live[-1].on) if live else ("", None)
    held = holding(live, clock.today())
    return (shown(held, measure), held.on) if held is not None else ("", None)


def _lines(rows: Any, measure: Measure | None) -> list[Line]:
    return [
        Line(
            row,
            shown(row, measure),
            shown_name(row.by, row.__dict__.get("by_name")),
            _state(row),
        )
        for row in rows
    ]


def _is_live(row: RecordedValue) -> bool:
    return not _state(row)


def _state(row: RecordedValue) -> str:
    if row.is_withdrawal:
        return "撤回"
    later = getattr(row, "replaced_by", None)
    if later is None:
        return ""
    return "已撤回" if later.is_withdrawal else "已更正"
