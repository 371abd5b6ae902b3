"""材料: the locked rounds with their papers."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guatu.core.clock import CHINA
from guatu.core.periods import title_of
from guatu.publishing import queries
from guatu.publishing.models import Paper
from guatu.publishing.types import PaperKind, PaperState
from guatu.reporting.models import Round
from guatu.ui.tables import Column, Grid, Page, listing, without

STATES = (("none", "没有通报"), *((one.value, one.label) for one in PaperState))


def _paper(the_round: Round) -> Paper | None:
    found: list[Paper] = getattr(the_round, "in_force")  # noqa: B009 (a prefetch)
    return found[0] if found else None


def _state(the_round: Round) -> str:
    paper = _paper(the_round)
    return PaperState(paper.state).label if paper else "没有通报"


def _number(the_round: Round) -> str:
    paper = _paper(the_round)
    return paper.outside_number if paper else ""


def _revision(the_round: Round) -> str:
    """The revision in force; with the one that an issued paper was made from, where it is older."""
    paper = _paper(the_round)
    now = f"第{the_round.revision}版"
    if paper is None or paper.snapshot is None or paper.snapshot.revision == the_round.revision:
        return now
    return f"通报按第{paper.snapshot.revision}版，现为{now}"


def _issued_on(the_round: Round) -> object:
    paper = _paper(the_round)
    return paper.issued_at.astimezone(CHINA).date() if paper and paper.issued_at else None


def columns(*, may_issue: bool) -> list[Column[Round]]:
    """What the list shows; the table is the office's own work."""

    def circular(one: Round) -> SafeString:
        return format_html('<a href="{}">通报</a>', reverse("circular", args=[one.pk]))

    def table(one: Round) -> SafeString:
        return format_html('<a href="{}">汇总表</a>', reverse("table", args=[one.pk]))

    def title(one: Round) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("round", args=[one.pk]), title_of(one.period.parsed)
        )

    shown: list[Column[Round]] = [
        Column("period", "期别", title, "tight", True, value=lambda one: one.period.label),
        Column("list", "清单", lambda one: str(one.list), is_sortable=True),
        Column("revision", "定版数据", _revision, "tight"),
        Column("circular", "通报", _state, "tight"),
        Column("number", "文号", _number),
        Column("issued", "印发日期", _issued_on, "date"),
        Column("open", "查看", circular, "tight no-print", value=lambda one: ""),
    ]
    if may_issue:
        shown.append(Column("table", "汇总表", table, "tight no-print", value=lambda one: ""))
    return shown


_ORDER = {"period": "period__last_on", "list": "list__name"}


def page(query: QueryDict, list_ids: frozenset[int], *, may_issue: bool) -> dict[str, Any]:
    """The context of the page: filters, order and pages from the address."""
    shown = columns(may_issue=may_issue)
    asked = listing(query, shown, default_sort="-period")
    rounds, chosen = narrowed(query, list_ids)
    order = ("-" if asked.is_descending else "") + _ORDER[asked.sort]
    place = Page.of(query, rounds.count())
    ordered = rounds.order_by(order, "pk")[place.start : place.start + place.size]
    return {
        "grid": Grid(shown, list(ordered), sort=asked.sort_text,
                     query=without(query, "sort", "page")),
        "page": place,
        "states": STATES,
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "export": f"{reverse('papers-export')}?{without(query, 'page')}",
    }  # fmt: skip


def narrowed(query: QueryDict, list_ids: frozenset[int]) -> tuple[Any, dict[str, str]]:
    """The rounds under the filters of an address, and the filters as read."""
    rounds = queries.locked_rounds().filter(list_id__in=list_ids)
    year, state = query.get("year", "")[:4], query.get("state", "")
    words = query.get("q", "")[:100].strip()
    if year.isascii() and year.isdigit():
        rounds = rounds.filter(list__year=int(year))
    else:
        year = ""
    if state not in dict(STATES):
        state = ""
    circulars = Paper.objects.filter(kind=PaperKind.CIRCULAR)
    in_force = circulars.exclude(state=PaperState.WITHDRAWN)
    if state == "none":
        rounds = rounds.exclude(pk__in=in_force.values("round_id"))
    elif state:
        rounds = rounds.filter(pk__in=circulars.filter(state=state).values("round_id"))
    if words:
        rounds = rounds.filter(
            pk__in=rounds.filter(period__key__contains=words).values("pk")
        ) | rounds.filter(pk__in=in_force.filter(outside_number__contains=words).values("round_id"))
    return rounds, {"year": year, "state": state, "q": words}


def exported(
    query: QueryDict, list_ids: frozenset[int], *, may_issue: bool
) -> tuple[list[Column[Round]], list[Round]]:
    """Columns and all rows of an export under the same filters."""
    kept = [one for one in columns(may_issue=may_issue) if one.key not in ("open", "table")]
    rounds, _ = narrowed(query, list_ids)
    return kept, list(rounds.order_by("-period__last_on", "pk"))
