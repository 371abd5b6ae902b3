"""Two versions tried on past rounds: the lights under each, how many differ (试算，不入通报)."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from guatu.assessment.books import queries
from guatu.assessment.books.chosen import DRAFT, chosen_version
from guatu.assessment.books.effect import (
    Light,
    conventions_now,
    effect,
    read_frozen,
)
from guatu.assessment.books.effect_page import SHOWN
from guatu.assessment.books.queries import Version
from guatu.assessment.conventions import Conventions
from guatu.assessment.judging import has_lights
from guatu.assessment.models import RuleBookDraft, Snapshot
from guatu.core.errors import BadInput, Fault, GuatuError
from guatu.engines.rulebook import Book
from guatu.ui.export import Sheet, workbook
from guatu.ui.tables import Column, without

BUDGET_S = 1.5
"""How long one answer goes on; what is left is computed by the next."""

MOST_ROUNDS = 36
_KEPT, _NAMED = 1_000, 200_000
"""How many rounds are kept, and how many names in all of them."""


@dataclass(frozen=True, slots=True)
class Turned:
    """One project whose light differs, by itself: what is kept does not hold on to its round."""

    pk: int
    serial: int
    name: str
    region: str
    unit: str
    old: Light
    new: Light
    how: str


@dataclass(frozen=True, slots=True)
class Tally:
    """One round under both books; `renamed` are lights that are merely called otherwise."""

    count: int
    old: Mapping[Light, int]
    new: Mapping[Light, int]
    turned: tuple[Turned, ...]
    renamed: int
    hows: tuple[tuple[str, int], ...] = ()

    @property
    def changed(self) -> int:
        """How many get better, worse, or are judged at all or no more."""
        return len(self.turned)

    @property
    def first(self) -> tuple[Turned, ...]:
        """The projects that stand on the page."""
        return self.turned[:SHOWN]

    @property
    def more(self) -> int:
        """How many more there are."""
        return max(0, len(self.turned) - SHOWN)


@dataclass(frozen=True, slots=True)
class Row:
    """One round; `tally` None is not computed yet, `fault` says why it cannot be."""

    snapshot: Snapshot
    tally: Tally | None
    fault: str = ""

    @property
    def label(self) -> str:
        """`2026年9月` with the revision where there are several."""
        revision = f"（第{self.snapshot.revision}版）" if self.snapshot.revision > 1 else ""
        return f"{self.snapshot.round.period.label}{revision}"


_tallies: OrderedDict[tuple[object, ...], Tally] = OrderedDict()


def page(query: QueryDict) -> dict[str, Any]:
    """The context of the page and of its fragment. Counts nothing until two books are chosen."""
    drafts = queries.open_drafts()
    old, new = query.get("old", ""), query.get("new", "")
    lists = queries.lists_with_locked_rounds()
    asked = query.get("list", "")
    chosen = next((one for one in lists if str(one.pk) == asked), lists[0] if lists else None)
    snapshots = queries.newest_snapshots(chosen.pk, MOST_ROUNDS) if chosen else []
    picked = {one for one in query.getlist("round") if one}
    wanted = [one for one in snapshots if not picked or str(one.round_id) in picked]
    faults: list[Fault] = []
    context: dict[str, Any] = {
        "books": list(_choices(drafts)),
        "old": old,
        "new": new,
        "lists": lists,
        "chosen": chosen,
        "rounds": [(one, one in wanted) for one in snapshots],
        "faults": faults,
    }
    if not (old and new):
        return context
    before, after = (_side(one, drafts, faults) for one in (old, new))
    if faults or before is None or after is None:
        return context
    return {**context, **_tried(before, after, wanted, query)}


def _side(choice: str, drafts: list[RuleBookDraft], faults: list[Fault]) -> Version | None:
    found = chosen_version(choice, drafts, faults)
    if found is not None and not has_lights(found.book):
        faults.append(Fault("no-lights", f"{found.name}没有给项目亮灯", "请选有亮灯的办法"))
    return found


def _tried(
    before: Version, after: Version, wanted: list[Snapshot], query: QueryDict
) -> dict[str, Any]:
    """The rows as far as one answer gets, and how far that is."""
    rows = list(rows_of(before.book, after.book, wanted, conventions_now(), budget_s=BUDGET_S))
    done = sum(one.tally is not None or bool(one.fault) for one in rows)
    return {
        "before": before,
        "after": after,
        "rows": rows,
        "done": done,
        "wanted": len(rows),
        "is_done": done == len(rows),
        "again": f"{reverse('rulebooks-simulate')}?{query.urlencode()}",
        "export": f"{reverse('rulebooks-simulate-export')}?{without(query, 'page')}",
    }


def exported(query: QueryDict) -> tuple[str, bytes]:
    """Title and workbook: the rounds, and on a second sheet the projects that differ; the whole
    of it, however long it takes."""
    context = page(query)
    if "rows" not in context:
        raise BadInput(*(context["faults"] or [Fault("no-choice", "没有选好两个版本", "请先试算")]))
    before, after = context["before"], context["after"]
    snapshots = [one.snapshot for one in context["rows"]]
    rows = list(rows_of(before.book, after.book, snapshots, conventions_now()))
    notes = [f"甲：{before.name}；乙：{after.name}", "试算，不入通报"]
    projects = [(row, one) for row in rows if row.tally for one in row.tally.turned]
    more = [Sheet("灯不同的项目", project_columns(), projects)]
    return "办法试算", workbook("办法试算", columns(), rows, notes=notes, more=more)


def columns() -> list[Column[Row]]:
    """The table of rounds."""
    return [
        Column("round", "期", lambda r: r.label, "tight"),
        Column("count", "项目数", lambda r: r.tally.count if r.tally else None, "num"),
        Column("old", "甲的灯", lambda r: _told(r.tally.old) if r.tally else r.fault, "wide"),
        Column("new", "乙的灯", lambda r: _told(r.tally.new) if r.tally else r.fault, "wide"),
        Column("renamed", "只是叫法不同", lambda r: r.tally.renamed if r.tally else None, "num"),
        Column("changed", "变化", lambda r: r.tally.changed if r.tally else None, "num"),
    ]


def project_columns() -> list[Column[tuple[Row, Turned]]]:
    """The projects whose light differs, round by round."""
    return [
        Column("round", "期", lambda r: r[0].label, "tight"),
        Column("serial", "序号", lambda r: r[1].serial, "num"),
        Column("name", "项目名称", lambda r: r[1].name, "wide"),
        Column("region", "地区", lambda r: r[1].region, "tight"),
        Column("unit", "责任单位", lambda r: r[1].unit, "minor"),
        Column("old", "甲的灯", lambda r: r[1].old[1], "tight"),
        Column("new", "乙的灯", lambda r: r[1].new[1], "tight"),
        Column("how", "怎样变", lambda r: r[1].how, "tight"),
    ]


def _told(lights: Mapping[Light, int]) -> str:
    return "，".join(f"{label}{number}" for (_, label), number in lights.items())


def rows_of(
    old: Book,
    new: Book,
    snapshots: list[Snapshot],
    conventions: Conventions,
    *,
    budget_s: float | None = None,
) -> Iterator[Row]:
    """A row for each round; where the budget is spent, what this process knows already.

    At least one new round is computed, so that repeating the question comes to an end.
    """
    started = time.monotonic()
    is_spent = False
    # Books may look back at the lights of the runs of record: a new run makes them anew.
    newest = queries.newest_run_id(snapshots[0].round.list_id) if snapshots else 0
    for snapshot in snapshots:
        key = (snapshot.content_sm3, old.digest, new.digest, conventions, newest)
        tally = _tallies.get(key)
        if tally is None and not is_spent:
            try:
                tally = _tally(old, new, snapshot, conventions)
            except GuatuError as error:
                yield Row(snapshot, None, error.faults[0].what)
                continue
            _keep(key, tally)
            is_spent = budget_s is not None and time.monotonic() - started > budget_s
        yield Row(snapshot, tally)


def _tally(old: Book, new: Book, snapshot: Snapshot, conventions: Conventions) -> Tally:
    found = effect(old, new, read_frozen(snapshot, conventions), conventions)
    turned = (
        Turned(
            one.subject.id, one.subject.serial, one.subject.name, one.subject.region,
            one.subject.unit, one.old, one.new, one.how,
        )
        for one in found.turned
    )  # fmt: skip
    return Tally(
        found.count, found.old, found.new, tuple(turned), len(found.renamed), tuple(found.hows)
    )


def _keep(key: tuple[object, ...], tally: Tally) -> None:
    _tallies[key] = tally
    named = sum(one.changed for one in _tallies.values())
    while len(_tallies) > _KEPT or (named > _NAMED and len(_tallies) > 1):
        named -= _tallies.popitem(last=False)[1].changed


def _choices(drafts: list[RuleBookDraft]) -> Iterator[tuple[str, str]]:
    """What can be picked; a book that cannot be read is left out (the list of books names it)."""
    own = queries.own_versions()
    kept = queries.readable_books(own)
    for draft in drafts:
        yield f"{draft.book}:{DRAFT}", f"《{queries.draft_title(draft)}》第{draft.number}版草稿"
    for row in reversed(own):
        if isinstance(book := kept[row.digest], Book):
            yield f"{row.book}:{row.book_version}", f"《{book.title}》第{row.book_version}版"
    for book_id, found in queries.shelf_books(without={one.book for one in own}):
        if isinstance(found, Book) and has_lights(found):
            yield f"{book_id}:0", f"《{found.title}》（随程序）"
