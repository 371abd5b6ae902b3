"""登记 of one project: what the book in force needs, what stands recorded, by whom, since when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from guatu.assessment.recordable import Recordable, book_now, recordables
from guatu.core import clock
from guatu.engines.rulebook.types import Kind, Measure
from guatu.ledger.access import may_record
from guatu.ledger.models import Project, RecordedValue
from guatu.ledger.queries import holding, values_of
from guatu.ledger.types import SubjectKind
from guatu.organisation.access import rights_of
from guatu.organisation.queries import names_of_organisations
from guatu.organisation.types import Right
from guatu.wall.project.people import name_behind, shown_name
from guatu.wall.records.forms import ValueForm, WithdrawForm
from guatu.wall.records.words import kind_text, shown, told_by
from guatu.wall.viewer import Viewer


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


class Recorder:
    """What one user may record; his organisation's name is read once, where a judgement asks."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._rights = rights_of(viewer.user, viewer.assignments)
        self._organisation: str | None = None

    def may(self, measure: Measure) -> bool:
        """Whether this measure is his to give."""
        return may_record(
            measure,
            rights=self._rights,
            roles=self._viewer.roles,
            organisation=self._own_name() if measure.judged_by else "",
        )

    @property
    def may_withdraw_all(self) -> bool:
        """Whether he may withdraw what the book in force no longer knows."""
        return Right.EDIT_PROJECTS in self._rights

    def _own_name(self) -> str:
        if self._organisation is None:
            pk = self._viewer.user.organisation_id
            names = names_of_organisations([pk]) if pk is not None else {}
            self._organisation = names.get(pk, "") if pk is not None else ""
        return self._organisation


def page(
    viewer: Viewer,
    project: Project,
    typed: Mapping[str, ValueForm] | None = None,
    withdrawal: tuple[int, WithdrawForm] | None = None,
) -> dict[str, Any]:
    """The context of the page and of its fragment; `typed` are forms that were refused."""
    book = book_now()
    wanted = [one for one in recordables(book) if one.kind == SubjectKind.PROJECT]
    rows = list(values_of(SubjectKind.PROJECT, [project.pk]).annotate(by_name=name_behind("by")))
    recorder = Recorder(viewer)
    blocks = [_block(one, rows, recorder, typed or {}, place) for place, one in enumerate(wanted)]
    known = {one.measure.name for one in wanted}
    others = [row for row in rows if row.measure not in known]
    return {
        "project": project,
        "book": book,
        "blocks": blocks,
        "others": _lines(others, None),
        "may_withdraw_others": recorder.may_withdraw_all,
        "withdrawal": withdrawal,
    }


def _block(
    asked: Recordable,
    rows: Sequence[RecordedValue],
    recorder: Recorder,
    typed: Mapping[str, ValueForm],
    place: int,
) -> Block:
    measure = asked.measure
    own = [row for row in rows if row.measure == measure.name]
    live = [one for one in own if _is_live(one)]
    form = typed.get(asked.key)
    if form is None and recorder.may(measure):
        form = ValueForm(asked=asked, auto_id=f"m{place}-%s")
    now, since = _now(live, measure)
    lines = _lines(reversed(own), measure)
    return Block(asked, now, since, lines, form, asked.key in typed)


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
