"""What a book would change on the last locked round, as pages and exports show it."""

from __future__ import annotations

from dataclasses import dataclass

from guatu.assessment.books import queries
from guatu.assessment.books.effect import (
    Change,
    Effect,
    Light,
    conventions_now,
    effect,
    frozen_round,
    has_lights,
)
from guatu.assessment.models import Run, Snapshot
from guatu.assessment.queries import kept_book
from guatu.core.errors import Fault, GuatuError
from guatu.engines.rulebook import Book
from guatu.organisation import queries as organisation
from guatu.ui.tables import Column
from guatu.ui.templatetags.guatu import light

SHOWN = 50
"""How many projects stand on the page; all of them stand in the export."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The effect of a book on the last locked round; `none` says why there is nothing to show."""

    none: str = ""
    faults: tuple[Fault, ...] = ()
    snapshot: Snapshot | None = None
    against: str = ""
    found: Effect | None = None

    @property
    def first(self) -> tuple[Change, ...]:
        """The projects that stand on the page."""
        return self.found.changes[:SHOWN] if self.found else ()

    @property
    def more(self) -> int:
        """How many more there are."""
        return max(0, len(self.found.changes) - SHOWN) if self.found else 0


def effect_of(book: Book | None) -> Shown:
    """What a book would change against the run that the last locked round shows.

    Four queries, and no reading of the round where this process has read it before.
    """
    if book is None:
        return Shown(none="规则改到没有错，才能看影响")
    if not has_lights(book):
        return Shown(none="本办法没有亮灯，不影响项目的灯")
    snapshot = queries.last_snapshot()
    if snapshot is None:
        return Shown(none="还没有锁定的期，锁定以后才能看影响")
    try:
        old = book_of_record(snapshot)
        if not has_lights(old):
            return Shown(none="现用办法没有亮灯，没有可比的灯")
        conventions = conventions_now()
        found = effect(old, book, frozen_round(snapshot, conventions), conventions)
    except GuatuError as error:
        return Shown(none="没有算出影响", faults=error.faults)
    return Shown(snapshot=snapshot, against=f"《{old.title}》第{old.version}版", found=found)


def book_of_record(snapshot: Snapshot) -> Book:
    """The book of the run that a round shows; where it has none, the one in use."""
    run = (
        Run.objects.filter(snapshot=snapshot, is_of_record=True)
        .select_related("rulebook_version")
        .order_by("-at")
        .first()
    )
    if run is not None:
        return kept_book(run.rulebook_version.digest)
    word = organisation.settings_in_force()["rulebook"]
    return queries.book_in_force(word, snapshot.round.period.last_on)


def columns() -> list[Column[Change]]:
    """The projects whose light changes."""
    return [
        Column("serial", "序号", lambda c: c.subject.serial, "num"),
        Column("name", "项目名称", lambda c: c.subject.name, "wide"),
        Column("region", "地区", lambda c: c.subject.region, "tight"),
        Column("unit", "责任单位", lambda c: c.subject.unit, "minor"),
        Column("old", "原来", lambda c: lamp(c.old), "tight", value=lambda c: c.old[1]),
        Column("new", "改为", lambda c: lamp(c.new), "tight", value=lambda c: c.new[1]),
    ]


def lamp(one: Light) -> object:
    """A light as pages show it."""
    return light(one[0].value, one[1])
