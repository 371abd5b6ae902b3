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
)
from guatu.assessment.books.queries import Version
from guatu.assessment.judging import has_lights
from guatu.assessment.models import Snapshot
from guatu.core.errors import Fault, GuatuError
from guatu.engines.rulebook import Book
from guatu.ui.tables import Column
from guatu.ui.templatetags.guatu import light

SHOWN = 50
"""How many projects stand on the page; all of them stand in the export."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The book that another is compared with, and what it is here."""

    book: Book
    what: str

    @property
    def name(self) -> str:
        """`《…办法》第1版（本办法已发布的最新一版）`."""
        return f"《{self.book.title}》第{self.book.version}版（{self.what}）"


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
        return self.found.turned[:SHOWN] if self.found else ()

    @property
    def more(self) -> int:
        """How many more there are."""
        return max(0, len(self.found.turned) - SHOWN) if self.found else 0

    @property
    def unknown(self) -> list[str]:
        """What the book reads and nobody has: `节点逾期天数：320个项目都没有数，须登记`."""
        if self.found is None:
            return []
        told = f"{self.found.appraised}个项目都没有数"
        return [
            f"{one.name}：{told}，{'请核对填报' if one.carried else '须登记'}"
            for one in self.found.unknown
        ]


def effect_of(book: Book | None, last: Snapshot | None, before: Version | None = None) -> Shown:
    """What a book would change on the last locked round (`last`), against its baseline
    (`baseline_of`).

    Four queries, and no reading of the round where this process has read it before.
    """
    if book is None:
        return Shown(none="规则改到没有错，才能看影响")
    if not has_lights(book):
        return Shown(none="本办法没有给项目亮灯，采用以后项目都记“不亮灯”")
    if last is None:
        return Shown(none="还没有锁定的期，锁定以后才能看影响")
    try:
        old = baseline_of(before)
        if not has_lights(old.book):
            return Shown(none=f"{old.name}没有给项目亮灯，没有可比的灯")
        conventions = conventions_now()
        found = effect(old.book, book, frozen_round(last, conventions), conventions)
    except GuatuError as error:
        return Shown(none="没有算出影响", faults=error.faults)
    return Shown(snapshot=last, against=old.name, found=found)


def baseline_of(before: Version | None) -> Baseline:
    """What a book is compared with: the draft of a next version with the newest one published of
    the same book (`before`), whatever the city judges by; any other with the book in force now."""
    if before is not None and before.is_own:
        return Baseline(before.book, "本办法已发布的最新一版")
    return Baseline(queries.book_now(), "现在测算用的办法")


def columns() -> list[Column[Change]]:
    """The projects whose light changes."""
    return [
        Column("serial", "序号", lambda c: c.subject.serial, "num"),
        Column("name", "项目名称", lambda c: c.subject.name, "wide"),
        Column("region", "地区", lambda c: c.subject.region, "tight"),
        Column("unit", "责任单位", lambda c: c.subject.unit, "minor"),
        Column("old", "原来", lambda c: lamp(c.old), "tight", value=lambda c: c.old[1]),
        Column("new", "改为", lambda c: lamp(c.new), "tight", value=lambda c: c.new[1]),
        Column("how", "怎样变", lambda c: c.how, "tight"),
    ]


def told_count(found: Effect) -> str:
    """`18个灯会变（变重12个，变轻6个），另有219个只是叫法不同`."""
    turned, renamed = len(found.turned), len(found.renamed)
    hows = "，".join(f"{how}{number}个" for how, number in found.hows)
    told = f"{turned}个灯会变（{hows}）" if turned else "没有灯会变"
    return f"{told}，另有{renamed}个只是叫法不同" if renamed else told


def lamp(one: Light) -> object:
    """A light as pages show it."""
    return light(one[0].value, one[1])
