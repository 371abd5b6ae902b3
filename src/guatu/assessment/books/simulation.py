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
    has_lights,
    read_frozen,
)
from guatu.assessment.conventions import Conventions
from guatu.assessment.models import RuleBookDraft, Snapshot
from guatu.core.errors import BadInput, Fault, GuatuError
from guatu.engines.rulebook import Book, installed_books
from guatu.ledger.models import ProjectList
from guatu.reporting.types import RoundState
from guatu.ui.tables import Column, without

BUDGET_S = 1.5
"""How long one answer goes on; what is left is computed by the next."""

MOST_ROUNDS = 36
_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class Tally:
    """One round under both books."""

    count: int
    old: Mapping[Light, int]
    new: Mapping[Light, int]
    changed: int


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
    books = list(_choices(drafts))
    old, new = query.get("old", ""), query.get("new", "")
    lists = list(
        ProjectList.objects.filter(rounds__state=RoundState.CLOSED)
        .distinct()
        .order_by("-year", "pk")
    )
    asked = query.get("list", "")
    chosen = next((one for one in lists if str(one.pk) == asked), lists[0] if lists else None)
    snapshots = _snapshots(chosen.pk) if chosen else []
    picked = {one for one in query.getlist("round") if one}
    wanted = [one for one in snapshots if not picked or str(one.round_id) in picked]
    context: dict[str, Any] = {
        "books": books,
        "old": old,
        "new": new,
        "lists": lists,
        "chosen": chosen,
        "rounds": [(one, not picked or str(one.round_id) in picked) for one in snapshots],
        "faults": [],
    }
    if not (old and new):
        return context
    faults: list[Fault] = []
    sides = [chosen_version(one, drafts, faults) for one in (old, new)]
    for side in sides:
        if side is not None and not has_lights(side.book):
            faults.append(Fault("no-lights", f"{side.name}没有给项目亮灯", "请选有亮灯的办法"))
    context["faults"] = faults
    before, after = sides
    if faults or before is None or after is None:
        return context
    rows = list(rows_of(before.book, after.book, wanted, conventions_now(), budget_s=BUDGET_S))
    done = sum(one.tally is not None or bool(one.fault) for one in rows)
    return {
        **context,
        "before": before,
        "after": after,
        "rows": rows,
        "done": done,
        "wanted": len(rows),
        "is_done": done == len(rows),
        "again": f"{reverse('rulebooks-simulate')}?{query.urlencode()}",
        "export": f"{reverse('rulebooks-simulate-export')}?{without(query, 'page')}",
    }


def exported(query: QueryDict) -> tuple[str, list[str], list[Column[Row]], list[Row]]:
    """Title, notes, columns and rows; the whole of it, however long it takes."""
    context = page(query)
    if "rows" not in context:
        raise BadInput(*(context["faults"] or [Fault("no-choice", "没有选好两个版本", "请先试算")]))
    before, after = context["before"], context["after"]
    snapshots = [one.snapshot for one in context["rows"]]
    rows = list(rows_of(before.book, after.book, snapshots, conventions_now()))
    notes = [f"甲：{before.name}；乙：{after.name}", "试算，不入通报"]
    return "办法试算", notes, columns(), rows


def columns() -> list[Column[Row]]:
    """The table of rounds."""
    return [
        Column("round", "期", lambda r: r.label, "tight"),
        Column("count", "项目数", lambda r: r.tally.count if r.tally else None, "num"),
        Column("old", "甲的灯", lambda r: _told(r.tally.old) if r.tally else r.fault, "wide"),
        Column("new", "乙的灯", lambda r: _told(r.tally.new) if r.tally else r.fault, "wide"),
        Column("changed", "变化", lambda r: r.tally.changed if r.tally else None, "num"),
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
    for snapshot in snapshots:
        key = (snapshot.content_sm3, old.digest, new.digest, conventions)
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
    return Tally(found.count, found.old, found.new, len(found.changes))


def _keep(key: tuple[object, ...], tally: Tally) -> None:
    _tallies[key] = tally
    while len(_tallies) > _KEPT:
        _tallies.popitem(last=False)


def _choices(drafts: list[RuleBookDraft]) -> Iterator[tuple[str, str]]:
    own = queries.own_versions()
    for draft in drafts:
        yield f"{draft.book}:{DRAFT}", f"{draft.book} 第{draft.number}版草稿"
    for row in reversed(own):
        yield f"{row.book}:{row.book_version}", f"{row.book} 第{row.book_version}版"
    taken = {one.book.casefold() for one in own}
    for book_id in installed_books():
        if book_id.casefold() not in taken and has_lights(queries.shelf_version(book_id).book):
            yield f"{book_id}:0", f"{book_id}（随程序）"


def _snapshots(list_id: int) -> list[Snapshot]:
    """The newest revision of each locked round of a list, the newest round first."""
    rows = (
        Snapshot.objects.filter(round__list_id=list_id, round__state=RoundState.CLOSED)
        .select_related("blob", "round__period", "round__list")
        .order_by("-round__period__last_on", "-round_id", "-revision")
    )
    found: dict[int, Snapshot] = {}
    for one in rows:
        found.setdefault(one.round_id, one)
    return list(found.values())[:MOST_ROUNDS]
